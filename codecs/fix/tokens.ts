import { Buffer } from 'node:buffer';
import { sumOf } from './checksum.ts';
import { Slab } from './slab.ts';
import pairs from './tables/data-fields.json' with { type: 'json' };

/** Numbers that one field has in an index: its tag, where its value begins, and where it ends. */
export const tokenStride = 3;

const SOH = 1;
const EQUALS = 0x3d;
const ZERO = 0x30;
/** Tags and lengths are read up to nine digits, so that they fit their place in the index. */
const digitsMax = 9;
/** A tag of nine digits is not read on. */
const tagMax = 100_000_000;
/** Room is made for so many more fields at a time. */
const fieldsAhead = 256;
/** Of FNV, a well-known hash: an odd number that spreads what it multiplies. */
const hashFactor = 0x0100_0193;
const soh = Buffer.of(SOH);

/** By the tag of a length field: the tag of the data field that it measures. The standard's; a dialect may have more. */
export const standardDataOf = new Int32Array(4096);
for (const [length, data] of Object.entries(pairs)) standardDataOf[Number(length)] = data;

/** By the last twelve bits of a tag: 1 where it may be that of a length field of anybody. */
const mayMeasure = new Uint8Array(4096);
const lengthMask = 4095;

/** Says that messages will be read by these lengths: see {@link Tokenizer.read}. */
export function announceLengths(dataOf: Int32Array): Int32Array {
  for (const [tag, data] of dataOf.entries()) if (data !== 0) mayMeasure[tag & lengthMask] = 1;
  return dataOf;
}

announceLengths(standardDataOf);

/**
 * Takes messages apart. The fields of the last one stand in `slab.ints` from `slab.free` on, {@link tokenStride} numbers a field, in
 * wire order, until `slab.take` gives them to somebody. A piece that does not begin with a number and an equals sign has tag 0,
 * and its range is the whole piece.
 */
export class Tokenizer {
  readonly slab = new Slab();
  /** How many fields there are. */
  count = 0;
  /** Of the tags in their order: two messages of one sequence have the same. */
  hash = 0;
  /** The sum of all bytes of the message; CheckSum(10) is what is left of it modulo 256 without the trailer. */
  sum = 0;
  /** Field number of the first data field whose length does not lead to its end, or -1. */
  badData = -1;
  /** There are more fields than the limit; the rest is not read, and `sum` is without it. */
  overflow = false;

  /**
   * Never fails. A data field is read by the length field before it, where that leads to a separator; else it ends at the next
   * separator, like all others. `dataOf` has, by the tag of a length field, the tag of the data field that it measures, and was
   * announced.
   */
  read(bytes: Uint8Array, dataOf: Int32Array, fieldsMax: number): void {
    const to = bytes.length;
    // Behind the last separator no loop below has to ask where the message ends.
    const closed = to > 0 && bytes[to - 1] === SOH;
    this.#fields(closed ? bytes : Buffer.concat([bytes, soh]), to, dataOf, fieldsMax);
    if (!closed) this.sum -= SOH;
  }

  /**
   * The bytes end with a separator, at or behind `to`. Most of the time of decoding is spent in the two inner loops: `| 0` says that
   * their numbers have 32 bits, and nothing has to look after each step whether they still do.
   */
  #fields(bytes: Uint8Array, to: number, dataOf: Int32Array, fieldsMax: number): void {
    const { slab } = this;
    let { ints, free } = slab;
    let place = free;
    let room = Math.min(free + fieldsMax * tokenStride, ints.length - 2 * tokenStride);
    let sum = 0;
    let hash = 0;
    let at = 0;
    this.badData = -1;
    while (at < to) {
      if (place >= room) {
        const count = (place - free) / tokenStride;
        if (count >= fieldsMax) break;
        slab.reserve((count + fieldsAhead) * tokenStride, count * tokenStride);
        ({ ints, free } = slab);
        place = free + count * tokenStride;
        room = Math.min(free + fieldsMax * tokenStride, ints.length - 2 * tokenStride);
      }
      let next = at;
      let byte = bytes[at] as number;
      let tag = (byte - ZERO) | 0;
      if (tag >= 1 && tag <= 9) {
        sum = (sum + byte) | 0;
        next = (next + 1) | 0;
        byte = bytes[next] as number;
        for (let digit = byte - ZERO; digit >= 0 && digit <= 9 && tag < tagMax; digit = byte - ZERO) {
          tag = (Math.imul(tag, 10) + digit) | 0;
          sum = (sum + byte) | 0;
          next = (next + 1) | 0;
          byte = bytes[next] as number;
        }
        if (byte === EQUALS) {
          sum = (sum + EQUALS) | 0;
          next = (next + 1) | 0;
          byte = bytes[next] as number;
          at = next;
        } else tag = 0;
      } else tag = 0;
      while (byte !== SOH) {
        sum = (sum + byte) | 0;
        next = (next + 1) | 0;
        byte = bytes[next] as number;
      }
      sum = (sum + SOH) | 0;
      ints[place] = tag;
      ints[place + 1] = at;
      ints[place + 2] = next;
      hash = Math.imul(hash ^ tag, hashFactor);
      place = (place + tokenStride) | 0;
      at = (next + 1) | 0;
      if (mayMeasure[tag & lengthMask] === 1 && tag < dataOf.length && dataOf[tag] !== 0) {
        const end = this.#measured(bytes, to, place, at, dataOf[tag] as number);
        if (end < 0) continue;
        sum = (sum + sumOf(bytes, at, end + 1)) | 0;
        hash = Math.imul(hash ^ (ints[place] as number), hashFactor);
        place = (place + tokenStride) | 0;
        at = end + 1;
      }
    }
    this.count = (place - free) / tokenStride;
    this.sum = sum;
    this.hash = hash;
    this.overflow = at < to;
  }

  /**
   * Writes the data field at `at`, of which the field before `place` says how long it is, and returns where it ends; -1, and nothing is
   * written, where another field stands there or the length leads to no separator.
   */
  #measured(bytes: Uint8Array, to: number, place: number, at: number, data: number): number {
    const { ints, free } = this.slab;
    const value = valueBehind(bytes, at, data);
    if (value < 0) return -1;
    const end = value + wholeNumber(bytes, ints[place - 2] as number, ints[place - 1] as number);
    if (end < value || end >= to || bytes[end] !== SOH) {
      if (this.badData < 0) this.badData = (place - free) / tokenStride;
      return -1;
    }
    ints[place] = data;
    ints[place + 1] = value;
    ints[place + 2] = end;
    return end;
  }
}

/** Where the value of the field at `at` begins, if it has this tag; -1 where it is another one. */
function valueBehind(bytes: Uint8Array, at: number, tag: number): number {
  let said = 0;
  let next = at;
  for (let digit = (bytes[at] ?? 0) - ZERO; digit >= 0 && digit <= 9 && said < tagMax; ) {
    said = said * 10 + digit;
    digit = (bytes[++next] ?? 0) - ZERO;
  }
  return said === tag && bytes[at] !== ZERO && bytes[next] === EQUALS ? next + 1 : -1;
}

/** The number that a field of an index holds; -1 where its value is none, or is longer than nine digits. */
export function numberIn(bytes: Uint8Array, index: Int32Array, field: number): number {
  return wholeNumber(bytes, index[field * tokenStride + 1] ?? 0, index[field * tokenStride + 2] ?? 0);
}

/** The whole number that these bytes are, without a sign; -1 where they are none, or more than nine digits. */
export function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  if (to === from || to - from > digitsMax) return -1;
  let number = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > 0x39) return -1;
    number = number * 10 + byte - ZERO;
  }
  return number;
}
