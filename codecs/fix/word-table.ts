import { Buffer } from 'node:buffer';
import { type Piece, pieceOf } from '../../src/events/event-writer.ts';
import meaning from './tables/meaning.json' with { type: 'json' };

/** A word of the catalogue, and the bytes of it: as they are, and behind their length as a field has them. */
export interface Word {
  readonly name: string;
  readonly plain: Piece;
  readonly framed: Piece;
}

/** Up to 127 bytes, so that the length is one. */
export function wordOf(name: string): Word {
  const bytes = Buffer.from(name);
  const framed = pieceOf(Buffer.concat([Buffer.of(bytes.length), bytes]));
  return { name, plain: pieceOf(bytes), framed };
}

/** The catalogue's words for the values of one table of `meaning.json`, by the bytes of a value. */
export class WordTable {
  /** By the code of a value of one character. */
  readonly #letters: Words = new Array(256).fill(undefined);
  /** By both codes of a value of two characters. */
  readonly #pairs: (Words | undefined)[] = new Array(256).fill(undefined);
  readonly #longer = new Map<string, Word>();

  constructor(table: keyof typeof meaning) {
    for (const [value, name] of Object.entries(meaning[table])) {
      const [first, second] = [value.charCodeAt(0), value.charCodeAt(1)];
      if (value.length === 1) this.#letters[first] = wordOf(name);
      else if (value.length === 2) this.#pairOf(first)[second] = wordOf(name);
      else this.#longer.set(value, wordOf(name));
    }
  }

  /** The word of a value; undefined where the table does not list it. */
  word(wire: Uint8Array, from: number, to: number): Word | undefined {
    const first = wire[from] as number;
    if (to - from === 1) return this.#letters[first];
    if (to - from === 2) return this.#pairs[first]?.[wire[from + 1] as number];
    if (this.#longer.size === 0) return undefined;
    return this.#longer.get(Buffer.from(wire.subarray(from, to)).toString('latin1'));
  }

  #pairOf(first: number): Words {
    const pair: Words = this.#pairs[first] ?? new Array(256).fill(undefined);
    this.#pairs[first] = pair;
    return pair;
  }
}

type Words = (Word | undefined)[];
