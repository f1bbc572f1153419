import { takeInts } from './slab.ts';
import dataFields from './tables/data-fields.json' with { type: 'json' };

/**
 * The index of a message: for each field, in wire order, its tag and where its value begins and ends. A field that
 * does not begin with a number and an equals sign has tag 0, and its range is the whole piece.
 */
export interface Tokens {
  readonly index: Int32Array;
  readonly count: number;
  /** Field number of the first data field whose length does not lead to its end, or -1. */
  readonly badData: number;
  /** There are more fields than the limit; the rest is not read. */
  readonly overflow: boolean;
}

/** Numbers that one field has in the index. */
export const tokenStride = 3;

const SOH = 1;
const EQUALS = 0x3d;
/** Tags are read up to nine digits, so that they fit their place in the index. */
const tagDigitsMax = 9;

/** By tag of a length field: the tag of the data field that it measures. Data fields may hold separators. */
const standardPairs = new Int32Array(4096);
for (const [length, data] of Object.entries(dataFields)) standardPairs[Number(length)] = data;

let scratch = new Int32Array(tokenStride * 256);

/**
 * The fields of the bytes from `from` to `to`. Never fails: what is no field is told as one with tag 0. A data field
 * is read by the length field before it; where that does not lead to a separator, by the next separator. `dataOf` pairs
 * lengths and data, as a dialect may have more of them than the standard.
 */
export function tokenize(
  bytes: Uint8Array,
  from: number,
  to: number,
  fieldsMax: number,
  dataOf: Int32Array = standardPairs,
): Tokens {
  let count = 0;
  let at = from;
  let badData = -1;
  let dataTag = 0;
  let dataLength = 0;
  while (at < to && count < fieldsMax) {
    if ((count + 1) * tokenStride > scratch.length) grow();
    let tag = 0;
    let next = at;
    let byte = bytes[next] as number;
    while (byte >= 0x30 && byte <= 0x39 && next - at < tagDigitsMax) {
      tag = tag * 10 + byte - 0x30;
      byte = bytes[++next] as number;
    }
    if (byte !== EQUALS || tag === 0 || bytes[at] === 0x30 || next >= to) tag = 0;
    const value = tag === 0 ? at : next + 1;
    let end = value;
    if (dataTag !== 0 && tag === dataTag) {
      const measured = value + dataLength;
      if (measured < to && bytes[measured] === SOH) end = measured;
      else if (badData < 0) badData = count;
    }
    while (end < to && bytes[end] !== SOH) end++;
    scratch[count * 3] = tag;
    scratch[count * 3 + 1] = value;
    scratch[count * 3 + 2] = end;
    count++;
    at = end + 1;
    dataTag = tag < dataOf.length ? (dataOf[tag] as number) : 0;
    if (dataTag !== 0) dataLength = lengthAt(bytes, value, end);
  }
  const index = takeInts(count * tokenStride);
  for (let number = 0; number < index.length; number++) index[number] = scratch[number] as number;
  return { index, count, badData, overflow: at < to };
}

/** The number that a field of an index holds; -1 where its value is none, or is longer than nine digits. */
export function numberIn(bytes: Uint8Array, index: Int32Array, field: number): number {
  return lengthAt(bytes, index[field * tokenStride + 1] ?? 0, index[field * tokenStride + 2] ?? 0);
}

/** A length field's value; -1 where it is no number, which leads nowhere. */
function lengthAt(bytes: Uint8Array, from: number, to: number): number {
  if (to === from || to - from > tagDigitsMax) return -1;
  let length = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte < 0x30 || byte > 0x39) return -1;
    length = length * 10 + byte - 0x30;
  }
  return length;
}

function grow(): void {
  const grown = new Int32Array(scratch.length * 2);
  grown.set(scratch);
  scratch = grown;
}
