import {
  addDecimals,
  type Decimal,
  decimalText,
  multiplyDecimals,
  readDecimal,
} from '../../src/core/decimal.ts';
import type { FixLevel } from './message.ts';
import meaning from './tables/meaning.json' with { type: 'json' };

/** The catalogue's word for a value of the standard; the value itself where the catalogue has none. */
export function wordFor(table: keyof typeof meaning, value: string | undefined): string | undefined {
  return value === undefined ? undefined : (listedWord(table, value) ?? value);
}

/** The catalogue's word for a value of the standard; undefined where it has none. */
export function listedWord(table: keyof typeof meaning, value: string | undefined): string | undefined {
  const words: Readonly<Record<string, string>> = meaning[table];
  return value !== undefined && Object.hasOwn(words, value) ? words[value] : undefined;
}

/** The tags and words of a table whose keys are tags. */
export function taggedWords(table: keyof typeof meaning): readonly (readonly [tag: number, word: string])[] {
  return Object.entries(meaning[table]).map(([tag, word]) => [Number(tag), word]);
}

/** The canonical text of a decimal field; undefined where it is absent or no decimal, which decode has told. */
export function decimalIn(level: FixLevel, tag: number): string | undefined {
  const value = exactIn(level, tag);
  return value === undefined ? undefined : decimalText(value);
}

/** The value of a decimal field; undefined where it is absent or no decimal. The wire has no plus sign. */
export function exactIn(level: FixLevel, tag: number): Decimal | undefined {
  const text = level.get(tag);
  if (text === undefined || text.startsWith('+')) return undefined;
  const read = readDecimal(text);
  return read.ok ? read.value : undefined;
}

/** `YYYY-MM-DD` of a `YYYYMMDD` field; undefined where it is absent or no date of the calendar. */
export function dateIn(level: FixLevel, tag: number): string | undefined {
  return isoDate(level.get(tag));
}

export function isoDate(text: string | undefined): string | undefined {
  const match = text === undefined ? null : /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day] = match;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const real = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return real ? `${year}-${month}-${day}` : undefined;
}

/**
 * `2026-11-10T14:30:00.123Z` of a UTCTimestamp, its precision kept; undefined where it is absent or none. Source:
 * FIX 4.4, Volume 1, "UTCTimestamp": the time is UTC.
 */
export function timeIn(level: FixLevel, tag: number): string | undefined {
  const match = /^(\d{8})-(\d\d:\d\d:\d\d(?:\.\d{1,12})?)$/.exec(level.get(tag) ?? '');
  const date = isoDate(match?.[1]);
  return match === null || date === undefined ? undefined : `${date}T${match[2]}Z`;
}

/** Sum of decimals, as text; undefined of none. */
export function sumText(values: readonly Decimal[]): string | undefined {
  const [first, ...rest] = values;
  return first === undefined ? undefined : decimalText(rest.reduce(addDecimals, first));
}

/** Product of decimals, as text. */
export function productText(...values: readonly Decimal[]): string {
  return decimalText(values.reduce(multiplyDecimals, { units: 1n, scale: 0 }));
}
