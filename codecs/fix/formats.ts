import kinds from './tables/types.json' with { type: 'json' };

/** How the text of a type is read; several of the standard's types share one. */
export type ValueKind = 'text' | 'data' | 'integer' | 'decimal' | 'char' | 'boolean' | 'words' | ClockKind;
type ClockKind = 'timestamp' | 'time' | 'date' | 'month';

/** The kind of a type of the standard; a type that nobody knows is text. */
export function kindOf(type: string): ValueKind {
  const kind = Object.hasOwn(kinds, type) ? kinds[type as keyof typeof kinds] : 'text';
  return kind as ValueKind;
}

/** What is asked of the bytes of each kind, as a small number; 0: nothing. Below 16, so that it fits a plan. */
export const form: Readonly<Record<ValueKind, number>> = {
  text: 0,
  data: 0,
  words: 0,
  char: 1,
  boolean: 2,
  integer: 3,
  decimal: 4,
  date: 5,
  time: 6,
  timestamp: 7,
  month: 8,
};

/**
 * True when the bytes from `from` to `to` have the form of a kind. Source: FIX 4.4, Volume 1, "Data types". A
 * timestamp may have up to twelve fraction digits (later versions do) and a leap second.
 */
export function formOk(kind: ValueKind, bytes: Uint8Array, from: number, to: number): boolean {
  return hasForm(form[kind], bytes, from, to);
}

/** {@link formOk} by the number that {@link form} has for a kind: written out here, so that one jump finds it. */
export function hasForm(asked: number, bytes: Uint8Array, from: number, to: number): boolean {
  switch (asked) {
    case 1: // char
      return to - from === 1;
    case 2: // boolean
      return to - from === 1 && (bytes[from] === 0x59 || bytes[from] === 0x4e);
    case 3: // integer
      return integerOk(bytes, from, to);
    case 4: // decimal
      return decimalOk(bytes, from, to);
    case 5: // date
      return to - from === 8 && dateOk(bytes, from);
    case 6: // time
      return timeOk(bytes, from, to);
    case 7: // timestamp
      return timestampOk(bytes, from, to);
    case 8: // month
      return monthOk(bytes, from, to);
    default:
      return true;
  }
}

/** A sign, and up to twenty characters with it; at least one digit. */
export function integerOk(bytes: Uint8Array, from: number, to: number): boolean {
  let at = bytes[from] === minus ? from + 1 : from;
  if (at >= to || to - from > 20) return false;
  for (; at < to; at++) if (!digit(bytes[at] as number)) return false;
  return true;
}

/** A sign, digits, one point at most, at least one digit, and no exponent. */
export function decimalOk(bytes: Uint8Array, from: number, to: number): boolean {
  let at = bytes[from] === minus ? from + 1 : from;
  let others = at;
  let points = 0;
  for (; at < to; at++) {
    const byte = bytes[at] as number;
    if (digit(byte)) continue;
    if (byte !== point || points !== 0) return false;
    points = 1;
    others++;
  }
  return to > others && to - others <= 60;
}

export function timestampOk(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from >= 17 && bytes[from + 8] === minus && dateOk(bytes, from) && timeOk(bytes, from + 9, to);
}

const minus = 0x2d;
const point = 0x2e;
const colon = 0x3a;

function dateOk(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < from + 8; at++) if (!digit(bytes[at] as number)) return false;
  const month = two(bytes, from + 4);
  const day = two(bytes, from + 6);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/** `HH:MM:SS` and up to twelve fraction digits. */
function timeOk(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 8 || bytes[from + 2] !== colon || bytes[from + 5] !== colon) return false;
  if (!twoDigits(bytes, from) || !twoDigits(bytes, from + 3) || !twoDigits(bytes, from + 6)) return false;
  if (two(bytes, from) > 23 || two(bytes, from + 3) > 59 || two(bytes, from + 6) > 60) return false;
  if (to - from === 8) return true;
  if (bytes[from + 8] !== point || to - from === 9 || to - from > 21) return false;
  for (let at = from + 9; at < to; at++) if (!digit(bytes[at] as number)) return false;
  return true;
}

/** `YYYYMM`, `YYYYMMDD` or `YYYYMMWn`. */
function monthOk(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from !== 6 && to - from !== 8) return false;
  for (let at = from; at < from + 6; at++) if (!digit(bytes[at] as number)) return false;
  const month = two(bytes, from + 4);
  if (month < 1 || month > 12) return false;
  if (to - from === 6) return true;
  const last = bytes[from + 7] as number;
  if (bytes[from + 6] === 0x77) return last >= 0x31 && last <= 0x35;
  return dateOk(bytes, from);
}

function digit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function twoDigits(bytes: Uint8Array, at: number): boolean {
  return digit(bytes[at] as number) && digit(bytes[at + 1] as number);
}

function two(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) - 0x30) * 10 + (bytes[at + 1] as number) - 0x30;
}
