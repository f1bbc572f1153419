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
/** Room is made for so many more fields at a time. */
const fieldsAhead = 256;
const soh = Buffer.of(SOH);

/** By the tag of a length field: the tag of the data field that it measures. The standard's; a dialect may have more. */
export const standardDataOf = new Int32Array(4096);
for (const [length, data] of Object.entries(pairs)) standardDataOf[Number(length)] = data;

/**
 * Takes messages apart. The fields of the last one stand in `slab.ints` from `slab.free` on, {@link tokenStride} numbers a field, in
 * wire order, until `slab.take` gives them to somebody. A piece that does not begin with a number and an equals sign has tag 0,
 * and its range is the whole piece.
 */
export class Tokenizer {
  readonly slab = new Slab();
  /** How many fields there are. */
  count = 0;
  /** The sum of all bytes of the message; CheckSum(10) is what is left of it modulo 256 without the trailer. */
  sum = 0;
  /** Field number of the first data field whose length does not lead to its end, or -1. */
  badData = -1;
  /** There are more fields than the limit; the rest is not read, and `sum` is without it. */
  overflow = false;

  /**
   * Never fails. A data field is read by the length field before it, where that leads to a separator; else it ends at the next
   * separator, like all others. `dataOf` has, by the tag of a length field, the tag of the data field that it measures.
   */
  read(bytes: Uint8Array, dataOf: Int32Array, fieldsMax: number): void {
    const to = bytes.length;
    // Behind the last separator no loop below has to ask where the message ends.
    const closed = to > 0 && bytes[to - 1] === SOH;
    this.#fields(closed ? bytes : Buffer.concat([bytes, soh]), to, dataOf, fieldsMax);
    if (!closed) this.sum -= SOH;
  }

  /** The bytes end with a separator, at or behind `to`. */
  #fields(bytes: Uint8Array, to: number, dataOf: Int32Array, fieldsMax: number): void {
    const { slab } = this;
    let { ints, free: place } = slab;
    let count = 0;
    let sum = 0;
    let at = 0;
    let dataTag = 0;
    let dataLength = 0;
    this.badData = -1;
    while (at < to && count < fieldsMax) {
      if (place + tokenStride > ints.length) {
        slab.reserve((count + fieldsAhead) * tokenStride, count * tokenStride);
        ints = slab.ints;
        place = slab.free + count * tokenStride;
      }
      let tag = 0;
      let next = at;
      let byte = bytes[at] as number;
      const tagEnd = at + digitsMax;
      while (byte >= ZERO && byte <= 0x39 && next < tagEnd) {
        tag = tag * 10 + byte - ZERO;
        sum += byte;
        byte = bytes[++next] as number;
      }
      if (byte === EQUALS && tag !== 0 && bytes[at] !== ZERO) {
        sum += EQUALS;
        byte = bytes[++next] as number;
        at = next;
      } else {
        tag = 0;
      }
      if (dataTag !== 0) {
        if (tag === dataTag) {
          const measured = at + dataLength;
          if (dataLength >= 0 && measured < to && bytes[measured] === SOH) {
            sum += sumOf(bytes, next, measured);
            next = measured;
            byte = SOH;
          } else if (this.badData < 0) this.badData = count;
        }
        dataTag = 0;
      }
      while (byte !== SOH) {
        sum += byte;
        byte = bytes[++next] as number;
      }
      sum += SOH;
      ints[place] = tag;
      ints[place + 1] = at;
      ints[place + 2] = next;
      place += tokenStride;
      count++;
      if (tag < dataOf.length && dataOf[tag] !== 0) {
        dataTag = dataOf[tag] as number;
        dataLength = wholeNumber(bytes, at, next);
      }
      at = next + 1;
    }
    this.count = count;
    this.sum = sum;
    this.overflow = at < to;
  }
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
