import { describe, expect, test } from 'vitest';
import type { FrameContext } from '../../src/contract/frame.ts';
import type { Issue } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import {
  type FixField,
  type FixLevel,
  fix,
  fixCodec,
  fixLogFramer,
  rejectReasonOf,
  writeFix,
} from './index.ts';

const strict = fixCodec({ policy: 'strict' });
const logout: readonly FixField[] = [
  [35, '5'],
  [49, 'A'],
  [56, 'B'],
  [34, '2'],
  [52, '20261110-14:30:00'],
];
const fill: readonly FixField[] = [
  ...logout.map(([tag, value]): FixField => (tag === 35 ? [35, '8'] : [tag, value])),
  [37, 'O'],
  [17, 'E'],
  [150, 'F'],
  [39, '2'],
  [55, 'ACME'],
  [54, '1'],
  [32, '10'],
  [31, '5'],
  [151, '0'],
  [14, '10'],
  [6, '5'],
];

function issuesOf(fields: readonly FixField[], begin = 'FIX.4.4', codec = fix): readonly Issue[] {
  return codec.decode({ bytes: writeFix(begin, fields) }).issues;
}

const codes = (issues: readonly Issue[]): string[] =>
  issues.map(({ code, severity }) => `${severity} ${code}`);

describe('what is wrong, with the reason that a session rejects it for', () => {
  test.each<[string, FixField[], string, number, number | undefined]>([
    ['a required field', fill.filter(([tag]) => tag !== 151), 'FIX_REQUIRED_MISSING', 1, 151],
    ['a tag of another message', [...fill, [112, 'x']], 'FIX_TAG_NOT_IN_MESSAGE', 2, 112],
    ['a tag of no version', [...fill, [999, 'x']], 'FIX_TAG_UNKNOWN', 0, 999],
    ['no value', [...fill, [58, '']], 'FIX_VALUE_EMPTY', 4, 58],
    ['a value that is not listed', [...fill, [63, 'Q']], 'FIX_VALUE_ENUM', 5, 63],
    ['a value that is no date', [...fill, [75, '20261340']], 'FIX_VALUE_FORMAT', 6, 75],
    ['a type of no version', [[35, 'ZZ'], ...logout.slice(1)], 'FIX_MSG_TYPE_UNKNOWN', 11, 35],
    ['a tag twice', [...fill, [58, 'a'], [58, 'b']], 'FIX_TAG_REPEATED', 13, 58],
    ['a header field behind the body', [...fill, [50, 'SUB']], 'FIX_TAG_ORDER', 14, 50],
    [
      'an entry that begins otherwise',
      [...fill, [453, '1'], [447, 'D'], [448, 'X'], [452, '1']],
      'FIX_GROUP_ORDER',
      15,
      447,
    ],
    [
      'a count that is too high',
      [...fill, [453, '2'], [448, 'X'], [447, 'D'], [452, '1']],
      'FIX_GROUP_COUNT',
      16,
      453,
    ],
    ['a count without entries', [...fill, [453, '2'], [58, 'x']], 'FIX_GROUP_COUNT', 16, 453],
  ])('%s', (_, fields, code, reason, tag) => {
    const issue = issuesOf(fields).find((found) => found.code === code);
    expect(issue?.severity).not.toBe('error');
    expect(issue && rejectReasonOf(issue)).toEqual({ reason, ...(tag !== undefined && { tag }) });
    const judged = issuesOf(fields, 'FIX.4.4', strict).find((found) => found.code === code);
    expect(judged?.severity).toBe('error');
  });

  test('a sound message has none', () => {
    expect(issuesOf(fill)).toEqual([]);
    expect(issuesOf(logout, 'FIX.4.2', strict)).toEqual([]);
  });

  test('a tag that is no number is told with its place', () => {
    const bytes = writeFix('FIX.4.4', [...logout, [58, 'a\u0001b']]);
    const [issue] = fix.decode({ bytes }).issues;
    expect(issue).toMatchObject({ code: 'FIX_TAG_INVALID', at: { offset: bytes.length - 9, length: 1 } });
  });

  test('an error finds its place behind thirty-two warnings', () => {
    const empty = Array.from({ length: 60 }, (_, number): FixField => [6000 + number, '']);
    const issues = issuesOf([...fill.filter(([tag]) => tag !== 31), ...empty]);
    expect(issues.length).toBe(limits.issuesPerFrameMax);
    expect(codes(issues)).toContain('error FIX_VALUE_NEEDED');
  });

  test('a secret is not shown', () => {
    const { message } = fix.decode({
      bytes: writeFix('FIX.4.4', [
        ...logout.map(([tag, value]): FixField => (tag === 35 ? [35, 'A'] : [tag, value])),
        [98, '0'],
        [108, '30'],
        [95, '6'],
        [96, 'canary'],
        [554, 'canary'],
      ]),
    });
    expect(JSON.stringify(message?.view())).not.toContain('canary');
    expect(JSON.stringify(message?.view())).toContain('***(6)');
  });
});

describe('what events need', () => {
  test.each<[string, FixField[]]>([
    ['the price', fill.filter(([tag]) => tag !== 31)],
    [
      'a quantity without a sign',
      fill.map(([tag, value]): FixField => (tag === 32 ? [32, '-10'] : [tag, value])),
    ],
    ['a side that is listed', fill.map(([tag, value]): FixField => (tag === 54 ? [54, 'Z'] : [tag, value]))],
    ['a trade date that is a date', [...fill, [75, '20260230']]],
    [
      'ExecRefID(19) of a bust',
      fill.map(([tag, value]): FixField => (tag === 150 ? [150, 'H'] : [tag, value])),
    ],
    ['a kind of execution', fill.filter(([tag]) => tag !== 150)],
    [
      'a time, where there is no trade date',
      fill.map(([tag, value]): FixField => (tag === 52 ? [52, 'noon'] : [tag, value])),
    ],
  ])('%s', (_, fields) => {
    expect(codes(issuesOf(fields))).toContain('error FIX_VALUE_NEEDED');
  });
});

describe('the message', () => {
  const nested: readonly FixField[] = [
    [35, 'AE'],
    ...logout.slice(1),
    [571, 'T'],
    [570, 'N'],
    [55, 'ACME'],
    [32, '1'],
    [31, '1'],
    [75, '20261110'],
    [60, '20261110-14:30:00'],
    [552, '2'],
    [54, '1'],
    [37, 'O1'],
    [453, '2'],
    [448, 'P1'],
    [9999, 'own'],
    [452, '1'],
    [802, '1'],
    [523, 'S'],
    [803, '1'],
    [448, 'P2'],
    [452, '4'],
    [1, 'A1'],
    [54, '2'],
    [37, 'O2'],
    [58, 'side text'],
  ];
  const { message } = fix.decode({ bytes: writeFix('FIX.4.4', nested) });
  const root = message?.root as FixLevel;

  test('has its groups nested, with a tag of the venue inside its entry', () => {
    const sides = root.group(552);
    expect(sides.map((side) => side.get(54))).toEqual(['1', '2']);
    expect(sides[0]?.group(453).map((party) => [party.get(448), party.get(452), party.get(9999)])).toEqual([
      ['P1', '1', 'own'],
      ['P2', '4', undefined],
    ]);
    expect(sides[0]?.group(453)[0]?.group(802)[0]?.get(523)).toBe('S');
    expect(sides[0]?.get(1)).toBe('A1');
    expect(sides[1]?.get(58)).toBe('side text');
    expect(root.has(54)).toBe(false);
  });

  test('has its fields in wire order, anywhere and on its own level', () => {
    expect(message?.fields().map(([tag]) => tag)).toEqual([8, 9, ...nested.map(([tag]) => tag), 10]);
    expect(message?.get(54)).toBe('1');
    expect(message?.number(34)).toBe(2);
    expect(message?.number(55)).toBeUndefined();
    expect(message?.has(9999)).toBe(true);
    expect(message?.get(7)).toBeUndefined();
    expect([message?.beginString, message?.type, message?.name]).toEqual([
      'FIX.4.4',
      'AE',
      'TradeCaptureReport',
    ]);
  });

  test('reads data by its length, separators and all', () => {
    const data = Buffer.from('a\u000110=999\u0001b', 'latin1');
    const decoded = fix.decode({
      bytes: writeFix('FIX.4.4', [...logout, [95, String(data.length)], [96, data], [58, 'end']]),
    });
    expect(Buffer.from(decoded.message?.raw(96) ?? []).equals(data)).toBe(true);
    expect(decoded.message?.get(58)).toBe('end');
  });

  test.each([
    'FIX.4.0',
    'FIX.4.1',
    'FIX.4.2',
    'FIX.4.3',
    'FIX.4.4',
    'FIXT.1.1',
  ])('of %s is read by its own table', (begin) => {
    const decoded = fix.decode({ bytes: writeFix(begin, logout) });
    expect(decoded.message?.dictionary.version).toBe(begin);
    expect(decoded.issues).toEqual([]);
  });

  test('of no version is read by the table of FIX 4.4, and it is said', () => {
    const decoded = fix.decode({ bytes: writeFix('FIX.9.9', logout) });
    expect(decoded.message?.dictionary.version).toBe('FIX.4.4');
    expect(codes(decoded.issues)).toEqual(['info FIX_VERSION_FALLBACK']);
  });

  test('over FIXT is read by its own ApplVerID(1128), else by what its session said', () => {
    const applicationOf = (fields: readonly FixField[], context?: FrameContext): string | undefined =>
      fix.decode({ bytes: writeFix('FIXT.1.1', fields), ...(context && { context }) }).message?.dictionary
        .application;
    const said = logout.toSpliced(3, 0, [1128, '6']);
    expect(applicationOf(said)).toBe('FIX.4.4');
    expect(applicationOf(said, { applVerId: '7' })).toBe('FIX.4.4');
    expect(applicationOf(logout, { applVerId: '7' })).toBe('FIX.5.0');
    expect(applicationOf(logout)).toBe('FIX.5.0SP2');
  });

  test('has the same digest when it is sent again, and another one when anything else changes', () => {
    const digestOf = (fields: readonly FixField[]): string => {
      const again = fix.decode({ bytes: writeFix('FIX.4.4', fields) }).message;
      return again === undefined ? '' : fix.digest(again);
    };
    const resent = fill.flatMap(([tag, value]): FixField[] =>
      tag === 52
        ? [
            [43, 'Y'],
            [97, 'Y'],
            [52, '20261110-15:00:00'],
            [122, '20261110-14:30:00'],
            [369, '7'],
          ]
        : [[tag, value]],
    );
    expect(digestOf(resent)).toBe(digestOf(fill));
    for (const changed of [31, 34, 49]) {
      expect(
        digestOf(fill.map(([tag, value]): FixField => (tag === changed ? [tag, `${value}1`] : [tag, value]))),
      ).not.toBe(digestOf(fill));
    }
  });
});

describe('a line of a log', () => {
  const fields: readonly FixField[] = [...logout, [58, 'left|right']];
  const text = Buffer.from(writeFix('FIX.4.4', fields)).toString('latin1');

  test.each([
    ['SOH', `10:00 in: ${text} tail\n`],
    ['|', `10:00 in: ${text.replaceAll('\u0001', '|')}\n`],
    ['^A', `10:00 in: ${text.replaceAll('\u0001', '^A')}\n`],
  ])('with %s gives the message, and encodes to itself', (_, line) => {
    const bytes = Buffer.from(line, 'latin1');
    const [cut] = fixLogFramer.open(limits).feed(bytes, true);
    if (cut?.kind !== 'frame') throw new Error('no frame');
    const { message, issues } = fix.decode(cut);
    expect(issues).toEqual([]);
    expect(message?.get(58)).toBe('left|right');
    expect(message && Buffer.from(fix.encode(message)).toString('latin1')).toBe(line);
  });

  test('places its issues in the line', () => {
    const line = Buffer.from(`in: ${text.replace('B', '').replaceAll('\u0001', '^A')}\n`, 'latin1');
    const context: FrameContext = { start: '4', soh: '^A' };
    const issue = fix.decode({ bytes: line, context }).issues.find(({ code }) => code === 'FIX_VALUE_EMPTY');
    expect(issue?.at).toEqual({ offset: line.indexOf('56=') + 3, length: 0, field: 'TargetCompID(56)' });
  });

  test('with more than one message is told', () => {
    const bytes = Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from('tail')]);
    expect(codes(fix.decode({ bytes }).issues)).toEqual(['warning FIX_TRAILING_BYTES']);
    expect(
      codes(fix.decode({ bytes: Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from('\r\n')]) }).issues),
    ).toEqual([]);
  });
});
