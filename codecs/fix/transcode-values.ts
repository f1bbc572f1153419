import { decimalDigitsMax } from '../../src/core/decimal.ts';
import type { EventWriter } from '../../src/events/event-writer.ts';
import { canonicalText, isCalendarDay } from './reading.ts';

const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const dash = 0x2d;

/**
 * Writes a decimal field in its canonical text: `canonicalText` of `reading.ts`, byte by byte. False, and nothing is
 * written, where the bytes are no decimal.
 */
export function writeDecimal(
  writer: EventWriter,
  member: number,
  wire: Uint8Array,
  from: number,
  to: number,
): boolean {
  if (to - from > decimalDigitsMax) return false;
  const first = wire[from] as number;
  // A zero in front stays where the point follows, or nothing.
  const plain = first === zero ? to - from === 1 || wire[from + 1] === point : first > zero && first <= nine;
  if (!plain) return writeOddDecimal(writer, member, wire, from, to);
  const before = writer.size;
  writer.tag(member, to - from);
  const { bytes } = writer;
  const start = writer.at + 1;
  let at = start;
  let pointAt = 0;
  for (let next = from; next < to; next++) {
    const byte = wire[next] as number;
    if (byte === point && pointAt === 0) pointAt = at;
    else if (byte < zero || byte > nine) {
      writer.shorten(before);
      return false;
    }
    bytes[at++] = byte;
  }
  if (pointAt !== 0) {
    while (bytes[at - 1] === zero) at--;
    if (at === pointAt + 1) at--;
  }
  bytes[start - 1] = at - start;
  writer.at = at;
  return true;
}

/** A decimal that has a sign, or begins with a zero too many or with its point. */
function writeOddDecimal(
  writer: EventWriter,
  member: number,
  wire: Uint8Array,
  from: number,
  to: number,
): boolean {
  const text = canonicalText(String.fromCharCode(...wire.subarray(from, to)));
  if (text !== undefined) writer.text(member, text);
  return text !== undefined;
}

/** True where the bytes are a `YYYYMMDD` of the calendar. */
export function isDate(wire: Uint8Array, from: number, to: number): boolean {
  return dayOf(wire, from, to) > 0;
}

/** The number of a `YYYYMMDD` of the calendar, as it is read; 0 for anything else. */
export function dayOf(wire: Uint8Array, from: number, to: number): number {
  if (to - from !== 8) return 0;
  const [century, short] = [pairAt(wire, from), pairAt(wire, from + 2)];
  const [month, day] = [pairAt(wire, from + 4), pairAt(wire, from + 6)];
  if ((century | short | month | day) < 0) return 0;
  const year = (century * 100 + short) | 0;
  return isCalendarDay(year, month, day) ? (year * 10_000 + month * 100 + day) | 0 : 0;
}

/** The number of two digits; below 0 for anything else. Whole numbers all along: a remainder of others is slow to find. */
function pairAt(wire: Uint8Array, at: number): number {
  const tens = (wire[at] as number) - zero;
  const ones = (wire[at + 1] as number) - zero;
  return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? -1 : (tens * 10 + ones) | 0;
}

/** `YYYY-MM-DD` of a `YYYYMMDD`, to `at` of `bytes`: ten bytes. */
export function putDate(bytes: Uint8Array, at: number, wire: Uint8Array, from: number): void {
  for (let next = 0; next < 4; next++) bytes[at + next] = wire[from + next] as number;
  bytes[at + 4] = dash;
  bytes[at + 5] = wire[from + 4] as number;
  bytes[at + 6] = wire[from + 5] as number;
  bytes[at + 7] = dash;
  bytes[at + 8] = wire[from + 6] as number;
  bytes[at + 9] = wire[from + 7] as number;
}

/** Writes a date field; false, and nothing is written, where the bytes are none. */
export function writeDate(
  writer: EventWriter,
  member: number,
  wire: Uint8Array,
  from: number,
  to: number,
): boolean {
  if (!isDate(wire, from, to)) return false;
  writer.tag(member, dateBytes + 1);
  const { bytes, at } = writer;
  bytes[at] = dateBytes;
  putDate(bytes, at + 1, wire, from);
  writer.at = at + 1 + dateBytes;
  return true;
}

const dateBytes = 10;

/** Writes a UTCTimestamp with its own precision, as `timeIn` of `reading.ts` reads it; false where the bytes are none. */
export function writeTime(
  writer: EventWriter,
  member: number,
  wire: Uint8Array,
  from: number,
  to: number,
): boolean {
  if (!isTime(wire, from, to)) return false;
  writer.tag(member, to - from + 4);
  const { bytes, at } = writer;
  // Two dashes and the Z are more than the wire has.
  bytes[at] = to - from + 3;
  putDate(bytes, at + 1, wire, from);
  bytes[at + 11] = 0x54;
  let end = at + 12;
  for (let next = from + 9; next < to; next++) bytes[end++] = wire[next] as number;
  bytes[end] = 0x5a;
  writer.at = end + 1;
  return true;
}

/** True where the bytes are a UTCTimestamp: `timeIn` of `reading.ts` reads it. */
export function isTime(wire: Uint8Array, from: number, to: number): boolean {
  return (
    to - from >= 17 && wire[from + 8] === dash && isDate(wire, from, from + 8) && isClock(wire, from + 9, to)
  );
}

/** `HH:MM:SS` with up to twelve fraction digits. */
function isClock(wire: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length !== 8 && (length < 10 || length > 21 || wire[from + 8] !== point)) return false;
  if (wire[from + 2] !== colon || wire[from + 5] !== colon) return false;
  if (!isPair(wire, from) || !isPair(wire, from + 3) || !isPair(wire, from + 6)) return false;
  for (let at = from + 9; at < to; at++) if (!isDigit(wire[at] as number)) return false;
  return true;
}

const colon = 0x3a;

function isPair(wire: Uint8Array, at: number): boolean {
  return isDigit(wire[at] as number) && isDigit(wire[at + 1] as number);
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine;
}
