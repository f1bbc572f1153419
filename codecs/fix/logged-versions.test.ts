import { expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { fix, fixLogFramer, writeFix } from './index.ts';
import type { FixField } from './message.ts';

function line(sender: string, fields: readonly FixField[]): string {
  const header: readonly FixField[] = [
    [49, sender],
    [56, sender === 'A' ? 'B' : 'A'],
    [34, '1'],
    [52, '20261110-14:30:00'],
  ];
  const [type, ...body] = fields;
  const bytes = writeFix('FIXT.1.1', [...(type === undefined ? [] : [type]), ...header, ...body]);
  return Buffer.from(bytes).toString('latin1');
}

const logon = (sender: string, version: string): string =>
  line(sender, [
    [35, 'A'],
    [98, '0'],
    [108, '30'],
    [1137, version],
  ]);
const news = (sender: string, more: readonly FixField[] = []): string =>
  line(sender, [[35, 'B'], ...more, [148, 'x']]);

/** The application versions that the messages of a log are read by. */
function read(text: string, separator = '\u0001', chunk = text.length): readonly (string | undefined)[] {
  const bytes = Buffer.from(text.replaceAll('\u0001', separator), 'latin1');
  const state = fixLogFramer.open(limits);
  const cuts = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, at) =>
    state.feed(bytes.subarray(at * chunk, (at + 1) * chunk), false),
  ).flat();
  return [...cuts, ...state.feed(new Uint8Array(), true)].flatMap((cut) =>
    cut.kind === 'frame' ? [fix.decode(cut).message?.dictionary.application] : [],
  );
}

const log = [
  `in  ${news('A')}\n`,
  `in  ${logon('A', '7')}\n`,
  `out ${logon('B', '8')}\n`,
  `in  ${news('A')}\n`,
  `out ${news('B')}\n`,
  `in  ${news('A', [[1128, '6']])}\n`,
  `in  ${logon('A', '9')}\n`,
  `in  ${news('A')}\n`,
].join('');
const versions = [
  'FIX.5.0SP2',
  'FIX.5.0',
  'FIX.5.0SP1',
  'FIX.5.0',
  'FIX.5.0SP1',
  'FIX.4.4',
  'FIX.5.0SP2',
  'FIX.5.0SP2',
];

test.each([
  '\u0001',
  '|',
  '^A',
])('messages of a FIXT log are read by what the Logon before them said, with %j', (separator) => {
  expect(read(log, separator)).toEqual(versions);
  expect(read(log, separator, 7)).toEqual(versions);
});

test('a Logon that a message wraps is none of its sender s', () => {
  const wrapped = Buffer.from(logon('A', '7')).toString('latin1');
  const carrier = news('A', [
    [95, String(wrapped.length)],
    [96, wrapped],
  ]);
  expect(read(`${logon('A', '6')}\n${carrier}\n${news('A')}\n`)).toEqual(['FIX.4.4', 'FIX.4.4', 'FIX.4.4']);
});
