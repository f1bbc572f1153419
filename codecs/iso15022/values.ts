import { canonicalDecimal } from '../../src/core/decimal.ts';

/**
 * The canonical decimal of `2510,5`; undefined for anything else. The comma is mandatory in the standard; one that is left
 * out behind a whole number is read all the same (its format issue says so), two are not.
 */
export function decimalOf(text: string): string | undefined {
  if (!/^\d{1,30}(,\d{0,30})?$/.test(text)) return undefined;
  const read = canonicalDecimal(text.replace(',', '.'));
  return read.ok ? read.value : undefined;
}

/** `YYYY-MM-DD` of the first eight digits; undefined where they are no date of the calendar. */
export function dateOf(text: string): string | undefined {
  if (!/^\d{8}/.test(text)) return undefined;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(4, 6));
  const day = Number(text.slice(6, 8));
  if (day < 1 || day > daysOf(year, month)) return undefined;
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
}

const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days of a month of the Gregorian calendar; 0 for what is no month. */
function daysOf(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return (days[month - 1] ?? 0) + (leap ? 1 : 0);
}

/**
 * ISO 8601 of a date and time (98C, 98E), with the zone that it says: `Z` for `/00`. A date alone is no time. Source: ISO
 * 15022, field 98a.
 */
export function timeOf(text: string): string | undefined {
  const match = /^\d{8}(\d\d)(\d\d)(\d\d)(?:,(\d{1,3}))?(?:\/(N?)(\d\d)(\d\d)?)?$/.exec(text);
  const date = dateOf(text);
  if (match === null || date === undefined) return undefined;
  const [, hour = '', minute = '', second = '', fraction, minus, zoneHour, zoneMinute = '00'] = match;
  if (hour > '23' || minute > '59' || second > '59') return undefined;
  if (zoneHour !== undefined && (zoneHour > '14' || zoneMinute > '59')) return undefined;
  const zoned = zoneHour === undefined ? '' : `${minus === 'N' ? '-' : '+'}${zoneHour}:${zoneMinute}`;
  const zone = /^[+-]00:00$/.test(zoned) ? 'Z' : zoned;
  return `${date}T${hour}:${minute}:${second}${fraction === undefined ? '' : `.${fraction}`}${zone}`;
}

/** Narrative without its line ends. */
export function narrativeOf(text: string): string {
  return text.split(/\r?\n/).join(' ').trim();
}
