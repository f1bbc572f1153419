import { decimalDigitsMax } from '../../src/core/decimal.ts';
import { decimalOk } from './formats.ts';
import { isDate, isTime } from './transcode-values.ts';
import { WordTable } from './word-table.ts';

/** How an event needs a value to be readable, by the words of `tables/needed.json`; `time` is a UTCTimestamp. */
export const readableAs = { text: 0, date: 1, side: 2, unsigned: 3, decimal: 4, time: 5 } as const;

const { date, side, unsigned, decimal, time } = readableAs;

/** True where a value that is not empty can be read so. */
export function readable(kind: number, wire: Uint8Array, from: number, to: number): boolean {
  switch (kind) {
    case date:
      return isDate(wire, from, to);
    case side:
      return sides.word(wire, from, to) !== undefined;
    case unsigned:
      return wire[from] !== minus && to - from <= decimalDigitsMax && decimalOk(wire, from, to);
    case decimal:
      return to - from <= decimalDigitsMax && decimalOk(wire, from, to);
    case time:
      return isTime(wire, from, to);
    default:
      return true;
  }
}

const minus = 0x2d;
const sides = new WordTable('side');
