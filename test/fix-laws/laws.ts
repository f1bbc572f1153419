import { Buffer } from 'node:buffer';
import { expect } from 'vitest';
import { fixCodec } from '../../codecs/fix/codec.ts';
import type { FixTable } from '../../codecs/fix/dictionary.ts';
import { loadDictionary, overTransport, standardTable } from '../../codecs/fix/load-dictionary.ts';
import type { FixField } from '../../codecs/fix/message.ts';
import { writeFix } from '../../codecs/fix/write.ts';
import { limits } from '../../src/core/limits.ts';
import { below, oneOf, type Random } from '../mutation.ts';
import { anyMessage } from './any-message.ts';
import { type Fault, plainVerdict } from './plain-validator.ts';

/** A version: what its messages begin with, and the table that they are judged by. */
export interface Version {
  readonly name: string;
  readonly beginString: string;
  readonly applVerId: string | undefined;
  readonly table: FixTable;
}

const transport = 'FIXT.1.1';

/** Every version of the standard. */
export const versions: readonly Version[] = [
  ...['FIX.4.0', 'FIX.4.1', 'FIX.4.2', 'FIX.4.3', 'FIX.4.4'].map((name) => ({
    name,
    beginString: name,
    applVerId: undefined,
    table: standardTable(name),
  })),
  ...(['FIX.5.0', 'FIX.5.0SP1', 'FIX.5.0SP2'] as const).map((name, at) => ({
    name,
    beginString: transport,
    applVerId: String(7 + at),
    table: overTransport(standardTable(transport), standardTable(name)),
  })),
];

const lenient = fixCodec();
const strict = fixCodec({ policy: 'strict' });

/** Codes that are not the dictionary's: of sums, and of what events need. */
const others = new Set(['FIX_VALUE_NEEDED', 'FIX_INNER_MESSAGE', 'FIX_VERSION_FALLBACK']);

/**
 * Holds the codec against the plain validator on one message of a type, sound where `changes` is 0; and once more when it knows the
 * shape of the sound one, which may lead it to take the other for it.
 */
export function expectTruth(version: Version, type: string, random: Random, changes: number): void {
  const { beginString, applVerId, table } = version;
  const dictionary = loadDictionary(beginString, applVerId);
  const sound = anyMessage(dictionary, type, random, applVerId);
  let fields = sound;
  for (let change = 0; change < changes; change++) fields = changed(fields, dictionary.tags, random);
  const bytes = Buffer.from(writeFix(beginString, fields));
  expectVerdict(table, bytes, changes === 0);
  const first = Buffer.from(writeFix(beginString, sound));
  for (const codec of [lenient, strict]) for (let met = 0; met < 2; met++) codec.decode({ bytes: first });
  expectVerdict(table, bytes, changes === 0);
}

function expectVerdict(table: FixTable, bytes: Buffer, isSound: boolean): void {
  const wire = bytes.toString('latin1');
  for (const codec of [lenient, strict]) {
    const { message, issues } = codec.decode({ bytes });
    const { faults, owners } = plainVerdict(table, wire, codec === strict);
    const told = issues.filter(({ code }) => !(others.has(code) || (swallowed(faults) && sums.has(code))));
    if (swallowed(faults)) expect(issues.map(({ code }) => code)).toEqual(expect.arrayContaining([...sums]));
    const said = told.map(({ code, at }) => `${code} ${tagIn(at?.field)} ${at?.offset ?? ''}`).sort();
    const expected = faults.map((fault) => faultText(fault, message?.flat.index)).sort();
    const shown = { wire: wire.replaceAll('\u0001', '|'), said };
    if (issues.length < limits.issuesPerFrameMax) expect(shown).toEqual({ ...shown, said: expected });
    else expect(expected).toEqual(expect.arrayContaining([...new Set(said)]));
    expect(Array.from(message?.flat.structure.owners ?? [])).toEqual(owners);
    if (isSound) expect(shown).toEqual({ ...shown, said: [] });
  }
}

/** A changed length leads over the trailer: CheckSum(10) is data, and there is none to judge length and sum by. */
function swallowed(faults: readonly Fault[]): boolean {
  return faults.some(([code, tag]) => code === 'FIX_REQUIRED_MISSING' && tag === 10);
}

const sums = new Set(['FIX_BODY_LENGTH', 'FIX_CHECKSUM']);

function tagIn(field: string | undefined): string {
  return /(?:\(|^tag )(-?\d+)\)?$/.exec(field ?? '')?.[1] ?? 'NaN';
}

function faultText([code, tag, field]: Fault, index: Int32Array | undefined): string {
  return `${code} ${tag} ${field < 0 ? '' : (index?.[field * 3 + 1] ?? '')}`;
}

type Change = (
  fields: readonly FixField[],
  at: number,
  random: Random,
  tags: readonly number[],
) => readonly FixField[];

/** One change to the fields of a message; the type stays where it is. */
function changed(fields: readonly FixField[], tags: readonly number[], random: Random): readonly FixField[] {
  const at = 1 + below(random, Math.max(1, fields.length - 1));
  const other = oneOf(random, changes)?.(fields, at, random, tags) ?? fields;
  // By another version it would be another message.
  return applVerIdOf(other) === applVerIdOf(fields) ? other : fields;
}

/** Tags that do not say where a message begins and ends. */
function beside(tag: number): boolean {
  return tag < 8 || tag > 10;
}

function applVerIdOf(fields: readonly FixField[]): string | Uint8Array | undefined {
  return fields.find(([tag, value]) => tag === 1128 && value.length > 0)?.[1];
}

const changes: readonly Change[] = [
  // Left out, doubled, moved.
  (fields, at) => fields.filter((_, place) => place !== at),
  (fields, at) => fields.flatMap((field, place) => (place === at ? [field, field] : [field])),
  (fields, at, random) => {
    const field = fields[at];
    const rest = fields.filter((_, place) => place !== at);
    return field === undefined ? fields : rest.toSpliced(1 + below(random, rest.length), 0, field);
  },
  // A tag of another message, of none, of the users, of nobody.
  (fields, at, random, tags) => fields.toSpliced(at, 0, [oneOf(random, tags.filter(beside)) ?? 58, 'x']),
  (fields, at, random) =>
    fields.toSpliced(at, 0, [oneOf(random, [3999, 4999, 5000, 9999, 99_999, 123_456_789]) ?? 1, 'x']),
  (fields, at, random) => fields.toSpliced(at, 0, [oneOf(random, [0, -1]) ?? 0, 'x']),
  // Another value.
  (fields, at, random) => {
    const value = oneOf(random, [
      '',
      'x',
      '0',
      '1',
      '2',
      '-',
      '.',
      '1e5',
      '+1',
      'Y',
      '20261340',
      'a\u0001b',
      '24:00:00',
      ' ',
      '\u00e9',
    ]);
    return fields.map((field, place) => (place === at ? [field[0], value ?? ''] : field));
  },
];
