import { entryFrom, entryParent, entryStride, entryTag, entryTo } from './entries.ts';
import type { FixMessage, FixParts } from './message.ts';
import { rootIndex } from './root-index.ts';
import { tokenStride } from './tokens.ts';
import type { WordTable } from './word-table.ts';

/** Tags that events read are below; later ones are not found in an entry. */
const tagsEnd = 2048;
/** Before the stamps outgrow their place, everything begins anew. */
const stampsEnd = 0x4000_0000;

/** The text of each single byte: many values have one character. */
const letters: readonly string[] = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

/**
 * Where the fields of one level of a message stand in its flat index, by tag: of the message itself, or of one entry of a
 * repeating group. It is loaded again and again: many tags are asked of one level, and then never again. The message itself
 * is what reading it left behind in `rootIndex`, and good until another message is read or asked.
 */
export class LevelIndex {
  /** Number of the level's entry; 0 is the message itself. */
  entry = 0;
  flat: FixParts | undefined;
  index: Int32Array = new Int32Array();
  /** By tag: the stamp and the number of the tag's first field. */
  #seen = new Int32Array(tagsEnd);
  #stamp = 1;
  readonly #own = this.#seen;
  #next = 1;

  load(flat: FixParts, entry: number): void {
    this.flat = flat;
    this.index = flat.index;
    this.entry = entry;
    if (entry === 0) this.#root(flat);
    else this.#entry(flat, entry);
  }

  #root(flat: FixParts): void {
    if (rootIndex.of !== flat) flat.fieldOn(0, tagsEnd - 1);
    // Mostly the same one: what is not written need not be told to the collector of garbage.
    if (this.#seen !== rootIndex.seen) this.#seen = rootIndex.seen;
    this.#stamp = rootIndex.stamp;
  }

  #entry({ index, fieldCount, entries, entriesAt, entriesEnd: end }: FixParts, entry: number): void {
    const stamp = this.#begin(fieldCount);
    const seen = this.#own;
    const own = entriesAt + entry * entryStride;
    const to = entries[own + entryTo] as number;
    let child = own + entryStride;
    for (let field = entries[own + entryFrom] as number; field < to; field++) {
      // The entries inside of it are jumped over; those of one inside begin before it ends.
      while (child < end && (entries[child + entryFrom] as number) < field) child += entryStride;
      if (child < end && entries[child + entryFrom] === field) {
        field = (entries[child + entryTo] as number) - 1;
        continue;
      }
      const tag = index[field * tokenStride] as number;
      // Where a tag is repeated, the first one counts.
      if (tag < tagsEnd && (seen[tag] as number) < stamp) seen[tag] = stamp + field;
    }
  }

  #begin(fields: number): number {
    if (this.#next > stampsEnd) {
      this.#own.fill(0);
      this.#next = 1;
    }
    if (this.#seen !== this.#own) this.#seen = this.#own;
    this.#stamp = this.#next;
    this.#next += fields + 1;
    return this.#stamp;
  }

  get stamp(): number {
    return this.#stamp;
  }

  /** The place of the tag's first field in the flat index; -1 where it is absent or empty. */
  at(tag: number): number {
    const field = (this.#seen[tag] as number) - this.#stamp;
    if (field < 0) return -1;
    const { index } = this;
    const place = field * tokenStride;
    return index[place + 1] === index[place + 2] ? -1 : place;
  }

  /** The catalogue's word for the value at a place; undefined where it has none, or the place is below 0. */
  wordAt(place: number, words: WordTable): string | undefined {
    if (place < 0 || this.flat === undefined) return undefined;
    const { index } = this;
    return words.word(this.flat.wire, index[place + 1] as number, index[place + 2] as number)?.name;
  }

  /** True where the tag is there, empty or not. */
  has(tag: number): boolean {
    return (this.#seen[tag] as number) >= this.#stamp;
  }

  /** The text of the tag's first field; undefined where it is absent or empty. */
  get(tag: number): string | undefined {
    const place = this.at(tag);
    if (place < 0 || this.flat === undefined) return undefined;
    const { index, wire } = this.flat;
    const from = index[place + 1] as number;
    const to = index[place + 2] as number;
    return to - from === 1 ? letters[wire[from] as number] : wire.toString('latin1', from, to);
  }
}

const root = new LevelIndex();

/** The level of a message itself: good until another message is read or asked. */
export function rootOf({ flat }: FixMessage): LevelIndex {
  // It may have been read or asked again since, under another stamp.
  if (root.flat !== flat || rootIndex.of !== flat || root.stamp !== rootIndex.stamp) root.load(flat, 0);
  return root;
}

/**
 * The number of the entry behind `after` of a repeating group, by the level that it stands on and the tag of its count; -1
 * where there is none. Before the first one is 0.
 */
export function nextEntry(flat: FixParts, level: number, count: number, after: number): number {
  const { entries, entriesAt, entriesEnd } = flat;
  const to = entries[entriesAt + level * entryStride + entryTo] as number;
  let entry = Math.max(after, level) + 1;
  for (let at = entriesAt + entry * entryStride; at < entriesEnd; at += entryStride, entry++) {
    if ((entries[at + entryFrom] as number) >= to) return -1;
    if (entries[at + entryParent] === level && entries[at + entryTag] === count) return entry;
  }
  return -1;
}
