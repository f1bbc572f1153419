import { Buffer } from 'node:buffer';
import { decimalDigitsMax } from '../../src/core/decimal.ts';
import type { EventWriter } from '../../src/events/event-writer.ts';
import { isCalendarDay, listedWord } from './reading.ts';
import meaning from './tables/meaning.json' with { type: 'json' };

const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const dash = 0x2d;

/**
 * Writes a decimal field in its canonical text: `canonicalText` of `reading.ts`, byte by byte. False, and nothing is
 * written, where the bytes are no decimal.
 */
export function writeDecimal(
  writer: EventWriter,
  tag: number,
  wire: Uint8Array,
  from: number,
  to: number,
): boolean {
  const first = wire[from] === minus ? from + 1 : from;
  let pointAt = -1;
  for (let at = first; at < to; at++) {
    const byte = wire[at] as number;
    if (byte === point && pointAt < 0) pointAt = at;
    else if (byte < zero || byte > 0x39) return false;
  }
  if (to - first - (pointAt < 0 ? 0 : 1) < 1 || to - from > decimalDigitsMax) return false;
  let begin = first;
  while (begin < to && wire[begin] === zero) begin++;
  let end = to;
  if (pointAt >= 0) {
    while (wire[end - 1] === zero) end--;
    if (end === pointAt + 1) end = pointAt;
  }
  writeDigits(writer, tag, wire, begin, end, first > from);
  return true;
}

function writeDigits(
  writer: EventWriter,
  tag: number,
  wire: Uint8Array,
  from: number,
  to: number,
  negative: boolean,
): void {
  const place = writer.open(tag, 0);
  const { bytes } = writer;
  let { at } = writer;
  if (from >= to) bytes[at++] = zero;
  else {
    if (negative) bytes[at++] = minus;
    if (wire[from] === point) bytes[at++] = zero;
    for (let next = from; next < to; next++) bytes[at++] = wire[next] as number;
  }
  writer.at = at;
  writer.close(place);
}

/** True where the bytes are a `YYYYMMDD` of the calendar. */
export function isDate(wire: Uint8Array, from: number, to: number): boolean {
  if (to - from !== 8) return false;
  for (let at = from; at < to; at++) {
    const byte = wire[at] as number;
    if (byte < zero || byte > 0x39) return false;
  }
  const year = two(wire, from) * 100 + two(wire, from + 2);
  return isCalendarDay(year, two(wire, from + 4), two(wire, from + 6));
}

function two(wire: Uint8Array, at: number): number {
  return ((wire[at] as number) - zero) * 10 + (wire[at + 1] as number) - zero;
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
  tag: number,
  wire: Uint8Array,
  from: number,
  to: number,
): boolean {
  if (!isDate(wire, from, to)) return false;
  const place = writer.open(tag, 0);
  putDate(writer.bytes, writer.at, wire, from);
  writer.at += 10;
  writer.close(place);
  return true;
}

/** Writes a UTCTimestamp with its own precision, as `timeIn` of `reading.ts` reads it; false where the bytes are none. */
export function writeTime(
  writer: EventWriter,
  tag: number,
  wire: Uint8Array,
  from: number,
  to: number,
): boolean {
  if (
    to - from < 17 ||
    wire[from + 8] !== dash ||
    !isDate(wire, from, from + 8) ||
    !isClock(wire, from + 9, to)
  )
    return false;
  const place = writer.open(tag, 0);
  const { bytes } = writer;
  let { at } = writer;
  putDate(bytes, at, wire, from);
  bytes[at + 10] = 0x54;
  at += 11;
  for (let next = from + 9; next < to; next++) bytes[at++] = wire[next] as number;
  bytes[at++] = 0x5a;
  writer.at = at;
  writer.close(place);
  return true;
}

/** `HH:MM:SS` with up to twelve fraction digits. */
function isClock(wire: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length !== 8 && (length < 10 || length > 21 || wire[from + 8] !== point)) return false;
  if (wire[from + 2] !== 0x3a || wire[from + 5] !== 0x3a) return false;
  for (let at = from; at < to; at++) {
    const byte = wire[at] as number;
    const kept = at - from;
    if (kept !== 2 && kept !== 5 && kept !== 8 && (byte < zero || byte > 0x39)) return false;
  }
  return true;
}

/** The catalogue's words for the values of one table of `meaning.json`, as bytes. */
export class WordTable {
  readonly #table: keyof typeof meaning;
  /** By the code of a value of one character. */
  readonly #letters: Words = new Array(256).fill(undefined);
  /** By both codes of a value of two characters. */
  readonly #pairs: (Words | undefined)[] = new Array(256).fill(undefined);

  constructor(table: keyof typeof meaning) {
    this.#table = table;
    for (const [value, word] of Object.entries(meaning[table])) {
      const [first, second] = [value.charCodeAt(0), value.charCodeAt(1)];
      if (value.length === 1) this.#letters[first] = Buffer.from(word);
      if (value.length === 2) this.#pairOf(first)[second] = Buffer.from(word);
    }
  }

  /** The word of a value; undefined where the table does not list it. */
  word(wire: Uint8Array, from: number, to: number): Buffer | undefined {
    const first = wire[from] as number;
    if (to - from === 1) return this.#letters[first];
    if (to - from === 2) return this.#pairs[first]?.[wire[from + 1] as number];
    const word = listedWord(this.#table, Buffer.from(wire.subarray(from, to)).toString('latin1'));
    return word === undefined ? undefined : Buffer.from(word);
  }

  #pairOf(first: number): Words {
    const pair: Words = this.#pairs[first] ?? new Array(256).fill(undefined);
    this.#pairs[first] = pair;
    return pair;
  }
}

type Words = (Buffer | undefined)[];
