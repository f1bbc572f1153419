import {
  type Decimal,
  decimalDigitsMax,
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
  return value === undefined ? undefined : words.get(table)?.get(value);
}

const words = new Map(
  Object.entries(meaning).map(([table, values]) => [table, new Map<string, string>(Object.entries(values))]),
);

/** The tags and words of a table whose keys are tags. */
export function taggedWords(table: keyof typeof meaning): readonly (readonly [tag: number, word: string])[] {
  return Object.entries(meaning[table]).map(([tag, word]) => [Number(tag), word]);
}

/** The canonical text of a decimal field; undefined where it is absent or no decimal, which decode has told. */
export function decimalIn(level: Pick<FixLevel, 'get'>, tag: number): string | undefined {
  const text = level.get(tag);
  return text === undefined ? undefined : canonicalText(text);
}

/**
 * What `canonicalDecimal` gives, without computing: decimals of messages are mostly canonical already. The wire has no
 * plus sign.
 */
export function canonicalText(text: string): string | undefined {
  const negative = text.charCodeAt(0) === 0x2d;
  let point = -1;
  for (let at = negative ? 1 : 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x2e && point < 0) point = at;
    else if (char < 0x30 || char > 0x39) return undefined;
  }
  const first = negative ? 1 : 0;
  if (text.length - first - (point < 0 ? 0 : 1) < 1 || text.length > decimalDigitsMax) return undefined;
  let from = first;
  while (text.charCodeAt(from) === 0x30) from++;
  let to = text.length;
  if (point >= 0) {
    while (text.charCodeAt(to - 1) === 0x30) to--;
    if (to === point + 1) to = point;
  }
  const digits = text.slice(from, to);
  if (digits === '') return '0';
  const whole = digits.startsWith('.') ? `0${digits}` : digits;
  return negative ? `-${whole}` : whole;
}

/** The value of a decimal field; undefined where it is absent or no decimal. */
export function exactIn(level: Pick<FixLevel, 'get'>, tag: number): Decimal | undefined {
  const text = decimalIn(level, tag);
  const read = text === undefined ? undefined : readDecimal(text);
  return read?.ok ? read.value : undefined;
}

/** `YYYY-MM-DD` of a `YYYYMMDD` field; undefined where it is absent or no date of the calendar. */
export function dateIn(level: Pick<FixLevel, 'get'>, tag: number): string | undefined {
  return isoDate(level.get(tag));
}

export function isoDate(text: string | undefined): string | undefined {
  if (text?.length !== 8) return undefined;
  const known = dates.get(text);
  if (known !== undefined) return known;
  if (!/^\d{8}$/.test(text)) return undefined;
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6)];
  if (!isCalendarDay(Number(year), Number(month), Number(day))) return undefined;
  if (dates.size >= datesMax) dates.clear();
  const iso = `${year}-${month}-${day}`;
  dates.set(text, iso);
  return iso;
}

/** A feed speaks of a few days, over and over. */
const dates = new Map<string, string>();
const datesMax = 1024;

/** True for a day of the Gregorian calendar. */
export function isCalendarDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  if (month !== 2) return day <= 30 || long[month] === 1;
  return day <= 28 || (day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

/** By month: 1 where it has 31 days. */
const long = [0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1];

/**
 * `2026-11-10T14:30:00.123Z` of a UTCTimestamp, its precision kept; undefined where it is absent or none. Source:
 * FIX 4.4, Volume 1, "UTCTimestamp": the time is UTC.
 */
export function timeIn(level: Pick<FixLevel, 'get'>, tag: number): string | undefined {
  const text = level.get(tag);
  if (text === undefined || text.charCodeAt(8) !== 0x2d) return undefined;
  const date = isoDate(text.slice(0, 8));
  const time = text.slice(9);
  return date === undefined || !/^\d\d:\d\d:\d\d(?:\.\d{1,12})?$/.test(time) ? undefined : `${date}T${time}Z`;
}

/** Product of decimals, as text. */
export function productText(...values: readonly Decimal[]): string {
  return decimalText(values.reduce(multiplyDecimals, { units: 1n, scale: 0 }));
}
