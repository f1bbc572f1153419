import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { fixCodec } from './codec.ts';
import type { FixField } from './message.ts';
import { writeFix } from './write.ts';

type Codec = ReturnType<typeof fixCodec>;

const head: readonly FixField[] = [
  [35, 'AE'],
  [49, 'BRKR'],
  [56, 'OPS'],
  [34, '7'],
  [52, '20261110-14:30:00'],
  [571, 'R-1'],
  [570, 'N'],
  [55, 'ACME'],
  [32, '100'],
  [31, '9.5'],
  [75, '20261110'],
  [60, '20261110-14:29:59'],
];

function side(name: string, parties: number): readonly FixField[] {
  const told = Array.from({ length: parties }, (_, at): FixField[] => [
    [448, `P${at}`],
    [447, 'D'],
    [452, '1'],
  ]);
  return [[54, name], [37, 'O-1'], [453, String(parties)], ...told.flat()];
}

function wire(...fields: readonly (readonly FixField[])[]): Buffer {
  return Buffer.from(writeFix('FIX.4.4', [...head, ...fields.flat()]));
}

/** True where the message was read by the shape of earlier ones. */
function byShape(codec: Codec, bytes: Buffer): boolean {
  const { message } = codec.decode({ bytes });
  return message !== undefined && message.flat.entries !== message.flat.index;
}

function codes(codec: Codec, bytes: Buffer): readonly string[] {
  return codec.decode({ bytes }).issues.map(({ code }) => code);
}

/** A codec that has met a message often enough to know its shape. */
function acquainted(bytes: Buffer): Codec {
  const codec = fixCodec();
  expect([0, 1, 2].map(() => byShape(codec, bytes))).toEqual([false, false, true]);
  return codec;
}

const report = wire([[552, '2']], side('1', 2), side('2', 1));

describe('the shape of messages', () => {
  test('is known from the third one on, whatever its values are', () => {
    const codec = acquainted(report);
    const other = Buffer.from(report.toString('latin1').replace('ACME', 'ZETA'), 'latin1');
    const sum = other.subarray(0, other.lastIndexOf('10=')).reduce((total, byte) => (total + byte) & 0xff, 0);
    other.write(String(sum).padStart(3, '0'), other.length - 4);
    expect(codes(codec, other)).toEqual([]);
    expect(byShape(codec, other)).toBe(true);
  });

  test('gives fields, entries, view and events as a codec has them that meets a message for the first time', () => {
    const { message } = acquainted(report).decode({ bytes: report });
    const { message: first } = fixCodec().decode({ bytes: report });
    expect(message?.view()).toEqual(first?.view());
    const digests = [message, message, first].map((one) => (one === undefined ? '' : fixCodec().digest(one)));
    expect(new Set(digests).size).toBe(1);
    expect(message?.flat.structure).toEqual(first?.flat.structure);
    expect(message?.root.group(552).map((entry) => entry.group(453).length)).toEqual([2, 1]);
    for (const field of Array.from({ length: message?.fieldCount ?? 0 }).keys())
      expect(message?.flat.groupAround(field)).toBe(first?.flat.groupAround(field));
    for (const tag of [8, 10, 32, 54, 448, 552, 5001])
      expect(message?.root.fieldOf(tag)).toBe(first?.root.fieldOf(tag));
  });

  test.each<[string, Buffer, readonly string[]]>([
    ['another count', wire([[552, '3']], side('1', 2), side('2', 1)), ['FIX_VALUE_ENUM', 'FIX_GROUP_COUNT']],
    [
      'a count that is no number',
      wire([[552, 'x']], side('1', 2), side('2', 1)),
      ['FIX_VALUE_FORMAT', 'FIX_GROUP_COUNT'],
    ],
    [
      'a value that is not listed',
      wire([[552, '2']], side('1', 2), side('?', 1)),
      ['FIX_VALUE_ENUM', 'FIX_VALUE_NEEDED'],
    ],
    [
      'an empty value',
      wire([[552, '2']], side('1', 2), side('', 1)),
      ['FIX_VALUE_EMPTY', 'FIX_VALUE_NEEDED'],
    ],
    ['another order of its entries', wire([[552, '2']], side('1', 1), side('2', 2)), []],
  ])('is no excuse for %s', (_, bytes, told) => {
    const codec = acquainted(report);
    expect(codes(codec, bytes)).toEqual(told);
    expect(byShape(codec, bytes)).toBe(false);
    expect(byShape(codec, report)).toBe(true);
  });

  test('says nothing of bytes: length and sum are taken each time', () => {
    const bent = Buffer.from(report);
    bent[bent.length - 2] = bent[bent.length - 2] === 0x30 ? 0x31 : 0x30;
    expect(codes(acquainted(report), bent)).toEqual(['FIX_CHECKSUM']);
  });

  test('is not learnt from a message of which something is told', () => {
    const codec = fixCodec();
    const told = wire([[552, '1']], side('1', 1), [[9999, 'x']], [[9999, 'y']]);
    expect([0, 1, 2, 3].map(() => byShape(codec, told))).toEqual([false, false, false, false]);
    expect(codes(codec, told)).not.toEqual([]);
  });

  test('one of another type with the same tags is another one', () => {
    const session = (type: string): Buffer =>
      Buffer.from(
        writeFix('FIX.4.4', [
          [35, type],
          [49, 'A'],
          [56, 'B'],
          [34, '2'],
          [52, '20261110-14:30:00'],
        ]),
      );
    const codec = acquainted(session('0'));
    // A TestRequest(1) needs its TestReqID(112).
    expect([0, 1, 2].map(() => codes(codec, session('1')))).toEqual(
      [...Array(3)].map(() => ['FIX_REQUIRED_MISSING']),
    );
    expect(codes(codec, session('0'))).toEqual([]);
  });

  test('is forgotten where there is no room for all, and learnt anew', () => {
    const codec = acquainted(report);
    const first = 30;
    // More than four million numbers; there is room for one.
    for (let parties = 0; parties < 2470; parties++) {
      const bytes = wire(
        [[552, '2']],
        side('1', first + (parties % 65)),
        side('2', first + Math.floor(parties / 65)),
      );
      for (let met = 0; met < 2; met++) codec.decode({ bytes });
    }
    expect([0, 1, 2].map(() => byShape(codec, report))).toEqual([false, true, true]);
  });

  test('is learnt no more where there are too many to keep, until those that are known have earned it', () => {
    const codec = fixCodec();
    const meet = (one: number, other: number): void => {
      const bytes = wire([[552, '2']], side('1', one), side('2', other));
      for (let met = 0; met < 2; met++) codec.decode({ bytes });
    };
    const between = (from: number, to: number): number[] =>
      Array.from({ length: to - from }, (_, at) => from + at);
    // More than is learnt on trust: twice, because each time the last ones drive the first ones out, and some hundred more.
    for (const from of [1, 1])
      for (const one of between(from, 65)) for (const other of between(1, 65)) meet(one, other);
    for (const one of between(65, 81)) for (const other of between(65, 81)) meet(one, other);
    const known = wire([[552, '2']], side('1', 64), side('2', 64));
    const stranger = wire([[552, '2']], side('1', 90), side('2', 1));
    const met = (): boolean[] => [0, 1, 2].map(() => byShape(codec, stranger));
    expect(met()).toEqual([false, false, false]);
    for (let earned = 0; earned < 64; earned++) expect(byShape(codec, known)).toBe(true);
    expect(met()).toEqual([false, true, true]);
  });

  test('has needs for each of the values that decide what a report is', () => {
    /** A report that this one tag decides over; its settlement date is none of the calendar. */
    const saying = (tag: number, value: string): Buffer => {
      const fields: readonly FixField[] = [...head, [64, '20260230'], [572, 'R-0'], [tag, value]];
      return Buffer.from(writeFix('FIX.4.4', [...fields, [552, '1'], [54, '1'], [37, 'O-1']]));
    };
    const values: readonly [number, readonly string[]][] = [
      [856, ['6', '0', '1', '2', '3', '4', '5', '7']],
      [487, ['1', '0', '2', '3', '4']],
      [150, ['H', 'F', 'G', '0']],
      [939, ['1', '0', '3']],
    ];
    for (const [tag, said] of values) {
      const codec = fixCodec();
      for (const value of [...said, ...said, ...said]) {
        const bytes = saying(tag, value);
        expect([tag, value, codes(codec, bytes)]).toEqual([tag, value, codes(fixCodec(), bytes)]);
      }
    }
    expect(byShape(acquainted(saying(856, '6')), saying(856, '6'))).toBe(true);
  });

  test('of what is said every day is learnt again, however many odd ones have used up what may be learnt', () => {
    const codec = acquainted(report);
    // Each time round, the last ones have driven the first ones out.
    for (let odd = 0; odd < 8450; odd++) {
      const [one, other] = [1 + (odd % 65), 1 + (Math.floor(odd / 65) % 65)];
      const bytes = wire([[552, '2']], side('1', one), side('2', other));
      for (let met = 0; met < 2; met++) codec.decode({ bytes });
    }
    for (let met = 0; met < 300; met++) codec.decode({ bytes: report });
    expect(byShape(codec, report)).toBe(true);
  });

  test('is not kept of a message of more than 512 fields', () => {
    const codec = fixCodec();
    const [most, more] = [164, 165].map((parties) => wire([[552, '1']], side('1', parties)));
    const known = [most, more].map((bytes = report) => [0, 1, 2].map(() => byShape(codec, bytes)));
    expect(known).toEqual([
      [false, false, true],
      [false, false, false],
    ]);
  });
});
