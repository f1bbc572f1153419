import { Buffer } from 'node:buffer';
import { type Dictionary, type LevelFact, role } from '../../codecs/fix/dictionary.ts';
import { formOk, type ValueKind } from '../../codecs/fix/formats.ts';
import type { FixField } from '../../codecs/fix/message.ts';
import { standardDataOf } from '../../codecs/fix/tokens.ts';
import { below, oneOf, type Random } from '../mutation.ts';

/** Tags that `writeFix` writes itself, and the type, which comes first. */
const written = new Set([8, 9, 10, 35]);
const applVerIdTag = 1128;

/**
 * A message of a type with everything that its dictionary requires and some of what it allows, in the dictionary's order, and values
 * of the right form from the right lists: nothing is wrong with it. The same random numbers give the same message.
 */
export function anyMessage(
  dictionary: Dictionary,
  type: string,
  random: Random,
  applVerId?: string,
): readonly FixField[] {
  const fact = dictionary.message(type);
  if (fact === undefined) throw new Error(`${dictionary.application} has no ${type}`);
  const body = fields({ dictionary, random, applVerId }, fact.level, 0.15, 0);
  return [[35, type], ...body.filter(([tag]) => !written.has(tag))];
}

interface Making {
  readonly dictionary: Dictionary;
  readonly random: Random;
  readonly applVerId: string | undefined;
}

function fields(making: Making, level: LevelFact, chance: number, depth: number): FixField[] {
  const { dictionary, random, applVerId } = making;
  const dataOf = dictionary.dataOf ?? standardDataOf;
  const measured = new Set(level.members.map((tag) => dataOf[tag] ?? 0));
  const made: FixField[] = [];
  for (const tag of level.members) {
    const needed = tag === level.first || ((level.roles[tag] ?? 0) & role.required) !== 0;
    const wanted = needed || (tag === applVerIdTag && applVerId !== undefined) || random() < chance;
    if (!wanted || measured.has(tag)) continue;
    if (tag === applVerIdTag && applVerId !== undefined) made.push([tag, applVerId]);
    else if (level.groups.has(tag)) made.push(...group(making, level, tag, chance, depth));
    else if (level.members.includes(dataOf[tag] ?? 0)) made.push(...dataField(random, tag, dataOf[tag] ?? 0));
    else made.push([tag, anyValue(dictionary, tag, random)]);
  }
  return made;
}

function group(making: Making, level: LevelFact, tag: number, chance: number, depth: number): FixField[] {
  const inner = level.groups.get(tag) as LevelFact;
  const listed = [...(making.dictionary.field(tag)?.values?.keys() ?? [])].map(Number);
  const free = depth === 3 ? 0 : below(making.random, 4);
  // NoSides(552) may only be what its list says.
  const entries = listed.length === 0 ? free : (oneOf(making.random, listed) ?? 1);
  const made: FixField[] = [[tag, String(entries)]];
  for (let entry = 0; entry < entries; entry++) made.push(...fields(making, inner, chance / 2, depth + 1));
  return made;
}

/** Data holds whatever it likes, separators too. */
function dataField(random: Random, length: number, data: number): FixField[] {
  const bytes = Buffer.from(
    oneOf(random, ['a\u00018=FIX.4.4\u000110=000\u0001', '\u0001', 'plain', '\u00ff\u0000']) ?? '',
    'latin1',
  );
  return [
    [length, String(bytes.length)],
    [data, bytes],
  ];
}

function anyValue(dictionary: Dictionary, tag: number, random: Random): string {
  const fact = dictionary.field(tag);
  const kind = fact?.kind ?? 'text';
  const listed = [...(fact?.values?.keys() ?? [])].filter((value) => {
    const bytes = Buffer.from(value, 'latin1');
    return formOk(kind, bytes, 0, bytes.length);
  });
  if (listed.length === 0) return oneOf(random, examples[kind]) ?? '1';
  const first = oneOf(random, listed) ?? '1';
  return kind === 'words' && random() < 0.5 ? `${first} ${oneOf(random, listed)}` : first;
}

/** Of each kind, what is right and easily taken for wrong. */
const examples: Readonly<Record<ValueKind, readonly string[]>> = {
  text: ['x', 'two words', 'a=b', 'caf\u00e9 \u00a7', '=', '12'],
  data: ['x'],
  words: ['A', 'A B'],
  char: ['x', '=', '\u00e9'],
  boolean: ['Y', 'N'],
  integer: ['0', '1', '-7', '007', '20261110'],
  decimal: ['0', '1.5', '-0.25', '.5', '5.', '000.10', '123456789.123456789'],
  date: ['20261110', '00010101'],
  time: ['00:00:00', '23:59:60', '12:30:00.123', '12:30:00.123456789'],
  timestamp: ['20261110-14:30:00', '20261110-14:30:00.123', '20261110-23:59:60.000000001'],
  month: ['202611', '20261130', '202611w5'],
};
