import { describe, expect, test } from 'vitest';
import { type FixField, fixCodec, rejectReasonOf, writeFix } from './index.ts';
import { quickfixSwitches, type Switches, switchesOf } from './switches.ts';

/** A NewOrderSingle(D) of FIX 4.4 with everything that is required. */
const order: readonly FixField[] = [
  [35, 'D'],
  [49, 'TW'],
  [56, 'ISLD'],
  [34, '2'],
  [52, '20261110-14:30:00'],
  [11, 'ID'],
  [54, '1'],
  [60, '20261110-14:30:00'],
  [40, '1'],
  [38, '100'],
  [55, 'ACME'],
];

function reasons(
  fields: readonly FixField[],
  switches: Partial<Switches> = {},
  policy: 'strict' | 'lenient' = 'strict',
) {
  const { issues } = fixCodec({ policy, switches }).decode({ bytes: writeFix('FIX.4.4', fields) });
  return issues.map((issue) => {
    const said = rejectReasonOf(issue);
    return `${said?.reason} ${said?.tag ?? ''}`;
  });
}

const parties = (...order: readonly FixField[]): readonly FixField[] => [[453, '1'], ...order];

describe('a switch', () => {
  test.each<[string, readonly FixField[], string, Partial<Switches>]>([
    [
      'takes header fields behind the body',
      [...order, [50, 'SUB']],
      '14 50',
      { validateFieldsOutOfOrder: false },
    ],
    ['takes empty values', [...order, [58, '']], '4 58', { validateFieldsHaveValues: false }],
    ['takes tags of the users', [...order, [5001, 'x']], '0 5001', { validateUserDefinedFields: false }],
    ['takes tags of no version', [...order, [4999, 'x']], '0 4999', { allowUnknownMsgFields: true }],
    ['takes tags of other messages', [...order, [150, '0']], '2 150', { allowUnknownMsgFields: true }],
    [
      'takes values of no list',
      order.map(([tag, value]) => [tag, tag === 40 ? '?' : value]),
      '5 40',
      { allowUnknownEnumValues: true },
    ],
  ])('%s', (_, fields, told, off) => {
    expect(reasons(fields)).toEqual([told]);
    expect(reasons(fields, off)).toEqual([]);
  });

  test('that takes unknown tags does not take those of the users, and the other way round', () => {
    expect(reasons([...order, [5001, 'x']], { allowUnknownMsgFields: true })).toEqual(['0 5001']);
    expect(reasons([...order, [4999, 'x']], { validateUserDefinedFields: false })).toEqual(['0 4999']);
  });

  test('tells the order inside of an entry, and no switch that of its first field', () => {
    const mixed = [...order, ...parties([448, 'P'], [452, '1'], [447, 'D'])];
    expect(reasons(mixed)).toEqual([]);
    expect(reasons(mixed, { validateUnorderedGroupFields: true })).toEqual(['15 447']);
    const late = [...order, ...parties([452, '1'], [448, 'P'])];
    expect(reasons(late)).toEqual(['15 452']);
    const right = [
      ...order,
      ...parties([448, 'P'], [447, 'D'], [452, '1'], [802, '1'], [523, 'S'], [803, '1']),
    ];
    expect(reasons(right, { validateUnorderedGroupFields: true })).toEqual([]);
  });

  test('leaves nothing to the dictionary but what events need', () => {
    const wrong = [
      ...order.filter(([tag]) => tag !== 11),
      [150, '?'],
      [5001, 'x'],
      [453, '3'],
      [38, 'x'],
    ] as FixField[];
    expect(reasons(wrong).length).toBeGreaterThan(4);
    expect(reasons(wrong, { validateIncomingMessage: false })).toEqual([]);
  });

  test('that is not given is as QuickFIX has it; a copy takes what its venue adds', () => {
    expect(switchesOf('strict')).toEqual(quickfixSwitches);
    expect(switchesOf('lenient')).toEqual({ ...quickfixSwitches, validateUserDefinedFields: false });
    expect(switchesOf('lenient', { validateUserDefinedFields: true })).toEqual(quickfixSwitches);
    expect(reasons([...order, [5001, 'x']], {}, 'lenient')).toEqual([]);
  });
});

describe('a reject reason', () => {
  test.each([
    ['0', '0 0'],
    ['-1', '0 -1'],
    ['5000', '0 5000'],
    ['999', '0 999'],
  ])('names the tag %s', (tag, told) => {
    const text = Buffer.from(writeFix('FIX.4.4', [...order, [Number(tag), 'HI']])).toString('latin1');
    expect(text).toContain(`\u0001${tag}=HI\u0001`);
    expect(reasons([...order, [Number(tag), 'HI']])).toEqual([told]);
  });

  test('is none for a group that has no entries and says so', () => {
    expect(reasons([...order, [453, '0']])).toEqual([]);
    expect(reasons([...order, [453, '1']])).toEqual(['16 453']);
  });

  test('speaks of what an entry of a group lacks, in any depth', () => {
    const capture: readonly FixField[] = [
      [35, 'AE'],
      ...order.slice(1, 5),
      [571, 'T'],
      [570, 'N'],
      [55, 'ACME'],
      [32, '1'],
      [31, '1'],
      [75, '20261110'],
      [60, '20261110-14:30:00'],
      [552, '1'],
      [54, '1'],
    ];
    expect(reasons(capture)).toEqual(['1 37']);
  });
});
