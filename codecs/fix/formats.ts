import kinds from './tables/types.json' with { type: 'json' };

/** How the text of a type is read; several of the standard's types share one. */
export type ValueKind = 'text' | 'data' | 'integer' | 'decimal' | 'char' | 'boolean' | 'words' | ClockKind;
type ClockKind = 'timestamp' | 'time' | 'date' | 'month';

/** The kind of a type of the standard; a type that nobody knows is text. */
export function kindOf(type: string): ValueKind {
  const kind = Object.hasOwn(kinds, type) ? kinds[type as keyof typeof kinds] : 'text';
  return kind as ValueKind;
}

/**
 * True when the bytes from `from` to `to` have the form of a kind. Source: FIX 4.4, Volume 1, "Data types". A
 * timestamp may have up to twelve fraction digits (later versions do) and a leap second.
 */
export function formOk(kind: ValueKind, bytes: Uint8Array, from: number, to: number): boolean {
  switch (kind) {
    case 'text':
    case 'data':
    case 'words':
      return true;
    case 'char':
      return to - from === 1;
    case 'boolean':
      return to - from === 1 && (bytes[from] === 0x59 || bytes[from] === 0x4e);
    case 'integer':
      return integerOk(bytes, from, to);
    case 'decimal':
      return decimalOk(bytes, from, to);
    case 'date':
      return to - from === 8 && dateOk(bytes, from);
    case 'time':
      return timeOk(bytes, from, to);
    case 'timestamp':
      return (
        to - from >= 17 && bytes[from + 8] === 0x2d && dateOk(bytes, from) && timeOk(bytes, from + 9, to)
      );
    case 'month':
      return monthOk(bytes, from, to);
  }
}

function integerOk(bytes: Uint8Array, from: number, to: number): boolean {
  let at = bytes[from] === 0x2d ? from + 1 : from;
  if (at >= to || to - from > 20) return false;
  for (; at < to; at++) if (!digit(bytes[at])) return false;
  return true;
}

/** A sign, digits, one point at most, at least one digit, and no exponent. */
function decimalOk(bytes: Uint8Array, from: number, to: number): boolean {
  let digits = 0;
  let points = 0;
  for (let at = bytes[from] === 0x2d ? from + 1 : from; at < to; at++) {
    const byte = bytes[at];
    if (digit(byte)) digits++;
    else if (byte === 0x2e && points === 0) points = 1;
    else return false;
  }
  return digits > 0 && digits <= 60;
}

function dateOk(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < from + 8; at++) if (!digit(bytes[at])) return false;
  const month = two(bytes, from + 4);
  const day = two(bytes, from + 6);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/** `HH:MM:SS` and up to twelve fraction digits. */
function timeOk(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 8 || bytes[from + 2] !== 0x3a || bytes[from + 5] !== 0x3a) return false;
  for (const at of [from, from + 1, from + 3, from + 4, from + 6, from + 7])
    if (!digit(bytes[at])) return false;
  if (two(bytes, from) > 23 || two(bytes, from + 3) > 59 || two(bytes, from + 6) > 60) return false;
  if (to - from === 8) return true;
  if (bytes[from + 8] !== 0x2e || to - from === 9 || to - from > 21) return false;
  for (let at = from + 9; at < to; at++) if (!digit(bytes[at])) return false;
  return true;
}

/** `YYYYMM`, `YYYYMMDD` or `YYYYMMWn`. */
function monthOk(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from !== 6 && to - from !== 8) return false;
  for (let at = from; at < from + 6; at++) if (!digit(bytes[at])) return false;
  const month = two(bytes, from + 4);
  if (month < 1 || month > 12) return false;
  if (to - from === 6) return true;
  const last = bytes[from + 7] ?? 0;
  if (bytes[from + 6] === 0x77) return last >= 0x31 && last <= 0x35;
  return dateOk(bytes, from);
}

function digit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function two(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) - 0x30) * 10 + ((bytes[at + 1] ?? 0) - 0x30);
}
