import { expect, test } from 'vitest';
import { sampleContext } from '../../test/sample-context.ts';
import { type FixField, fix, writeFix } from './index.ts';

const head: readonly FixField[] = [
  [35, 'AE'],
  [49, 'VENUE'],
  [56, 'US'],
  [34, '1'],
  [52, '20261110-14:30:00'],
  [571, 'R1'],
  [487, '0'],
  [570, 'N'],
  [55, 'SPREAD'],
  [32, '1'],
  [31, '1'],
  [75, '20261110'],
  [60, '20261110-14:30:00'],
];

/** A report of so many sides, each of which would tell so many legs. */
function report(sides: number, legs: number): Uint8Array {
  const legFields = Array.from({ length: legs }, (_, number): FixField[] => [
    [600, `LEG${number}`],
    [624, '1'],
    [637, '1'],
    [687, '2'],
  ]);
  const sideFields = Array.from({ length: sides }, (_, number): FixField[] => [
    [54, number % 2 === 0 ? '1' : '2'],
    [37, `O${number}`],
  ]);
  const legCount: FixField[] = legs === 0 ? [] : [[555, `${legs}`]];
  return writeFix('FIX.4.4', [
    ...head,
    ...legCount,
    ...legFields.flat(),
    [552, `${sides}`],
    ...sideFields.flat(),
  ]);
}

function eventsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const { message } = fix.decode({ bytes });
  return message === undefined ? [] : (fix.transcode?.(message, sampleContext) ?? []);
}

const codesOf = (bytes: Uint8Array): string[] => fix.decode({ bytes }).issues.map(({ code }) => code);

test('sides times legs are bounded: a message of thousands of both is told, and makes no event', () => {
  expect(eventsOf(report(100, 100))).toHaveLength(10_000);
  expect(codesOf(report(101, 100))).toContain('FIX_TOO_MANY_EVENTS');
  expect(eventsOf(report(101, 100))).toEqual([]);
  expect(codesOf(report(4000, 4000))).toContain('FIX_TOO_MANY_EVENTS');
});

test('so are sides times parties of the report, which each of its events names', () => {
  const crowd = (sides: number, parties: number): Uint8Array =>
    writeFix('FIXT.1.1', [
      ...head,
      [1128, '9'],
      [1116, `${parties}`],
      ...Array.from({ length: parties }, (_, number): FixField => [1117, `P${number}`]),
      [552, `${sides}`],
      ...Array.from({ length: sides }, (_, number): FixField[] => [
        [54, '1'],
        [37, `O${number}`],
      ]).flat(),
    ]);
  expect(codesOf(crowd(100, 1000))).not.toContain('FIX_TOO_MANY_EVENTS');
  expect(codesOf(crowd(101, 1000))).toContain('FIX_TOO_MANY_EVENTS');
});

test('sides alone are as many as there are, each with a slot of its own', () => {
  const { message } = fix.decode({ bytes: report(1001, 0) });
  const events = message === undefined ? [] : fix.normalize(message, sampleContext);
  expect(new Set(events.map(({ slot }) => slot)).size).toBe(1001);
  expect(events[1000]?.slot).toBe('side-buy-O1000');
});

test('a group of the message is looked for once, however many sides ask for it', () => {
  const root = fix.decode({ bytes: report(3, 0) }).message?.root;
  expect(root?.group(552)).toHaveLength(3);
  expect(root?.group(552)).toBe(root?.group(552));
});
