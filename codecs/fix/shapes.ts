import { entryFrom, entryStride, entryTo } from './entries.ts';
import type { Grammar } from './grammar.ts';
import { type Tokenizer, tokenStride, wholeNumber } from './tokens.ts';

/**
 * What sound messages of one sequence of tags have in common. A feed says the same few things again and again: the tags of its
 * messages come in the same order, with the same counts of entries, and only their values differ. Where every field stands, what
 * is repeated, required and in order follows from tags and counts alone, so it is judged once and remembered here.
 */
export class Shape {
  readonly grammar: Grammar;
  readonly hash: number;
  /** By field. */
  readonly tags: Int32Array;
  /** `entryStride` numbers for each entry: see `entries.ts`. */
  readonly entries: Int32Array;
  /** The fields of the message itself, outside of all groups. */
  readonly roots: Int32Array;
  /** Of each count that a group follows: its field, and how many entries it promises. */
  readonly #counts: readonly number[];
  /** Of each field whose value is judged: where it stands in an index, and its plan; fields of one plan behind one another. */
  readonly #judged: Int32Array;

  constructor(
    grammar: Grammar,
    hash: number,
    tags: Int32Array,
    entries: Int32Array,
    counts: readonly number[],
  ) {
    this.grammar = grammar;
    this.hash = hash;
    this.tags = tags;
    this.entries = entries;
    this.roots = rootsOf(tags.length, entries);
    this.#counts = counts;
    this.#judged = judgedOf(grammar, tags);
  }

  /** True where the fields at `free` are of this shape, and none of them is empty. */
  fits(grammar: Grammar, bytes: Uint8Array, ints: Int32Array, free: number, count: number): boolean {
    const { tags } = this;
    if (this.grammar !== grammar || tags.length !== count) return false;
    for (let field = 0, at = free; field < count; field++, at = (at + tokenStride) | 0) {
      if (ints[at] !== tags[field] || ints[at + 1] === ints[at + 2]) return false;
    }
    const counts = this.#counts;
    for (let next = 0; next < counts.length; next += 2) {
      const at = free + (counts[next] as number) * tokenStride;
      if (wholeNumber(bytes, ints[at + 1] as number, ints[at + 2] as number) !== counts[next + 1])
        return false;
    }
    return true;
  }

  /** Writes to `seen`, by tag, the number of its field and the stamp, for the message itself; tags from `tagsEnd` on have no place. */
  indexRoots(seen: Int32Array, tagsEnd: number, stamp: number): void {
    const { roots, tags } = this;
    // Where a tag is repeated, the first one counts.
    for (let next = roots.length - 1; next >= 0; next--) {
      const field = roots[next] as number;
      const tag = tags[field] as number;
      if (tag < tagsEnd) seen[tag] = stamp + field;
    }
  }

  /** True where every value is as its field's plan asks. */
  accepts(bytes: Uint8Array, ints: Int32Array, free: number): boolean {
    const judged = this.#judged;
    const { values } = this.grammar;
    for (let next = 0; next < judged.length; next += 2) {
      const at = (free + (judged[next] as number)) | 0;
      if (!values.accepts(judged[next + 1] as number, bytes, ints[at + 1] as number, ints[at + 2] as number))
        return false;
    }
    return true;
  }
}

/** The fields outside of all entries but the first, which is the message. */
function rootsOf(fields: number, entries: Int32Array): Int32Array {
  const roots: number[] = [];
  let child = entryStride;
  for (let field = 0; field < fields; field++) {
    while (child < entries.length && (entries[child + entryFrom] as number) < field) child += entryStride;
    if (child < entries.length && entries[child + entryFrom] === field) {
      field = (entries[child + entryTo] as number) - 1;
    } else roots.push(field);
  }
  return Int32Array.from(roots);
}

/** In the order of their plans: what is done again and again in the same way is guessed right by the processor. */
function judgedOf({ values }: Grammar, tags: Int32Array): Int32Array {
  const judged = Array.from(tags, (tag, field) => ({ at: field * tokenStride, plan: values.planOf(tag) }));
  const sorted = judged
    .filter(({ plan }) => plan !== 0)
    .sort((a, b) => kindOf(a) - kindOf(b) || a.plan - b.plan);
  return Int32Array.from(sorted.flatMap(({ at, plan }) => [at, plan]));
}

function kindOf({ plan }: { readonly plan: number }): number {
  return plan & 15;
}

/** Sets of two. */
const slotBits = 13;
const slots = 1 << slotBits;
/** Longer messages are seldom alike. */
const fieldsMax = 512;
/** 16 MiB of numbers: when they have become more, all shapes are forgotten. */
const numbersMax = 4 * 1024 * 1024;
/** About how many numbers a field takes: its tag, its place among the roots, and twice for its value. */
const numbersPerField = 4;

/** The shapes of the messages that one decoder has met, as many as there is room for. */
export class Shapes {
  /** Made when there is something to keep: most codecs read little. */
  #slots: (Shape | undefined)[] = [];
  /** By slot: the last sequence that was met once. Only one that comes again is worth keeping. */
  #met = new Int32Array(0);
  #numbers = 0;

  /** The shape of the message that was taken apart last; undefined where none is known. */
  find(grammar: Grammar, bytes: Uint8Array, { slab, count, hash }: Tokenizer): Shape | undefined {
    const { ints, free } = slab;
    const at = slotOf(hash + grammar.salt);
    const first = this.#slots[at];
    if (first?.hash === hash && first.fits(grammar, bytes, ints, free, count)) return first;
    const second = this.#slots[at ^ 1];
    if (second?.hash !== hash || !second.fits(grammar, bytes, ints, free, count)) return undefined;
    this.#slots[at] = second;
    this.#slots[at ^ 1] = first;
    return second;
  }

  /**
   * Remembers the message that was taken apart last, of so many entries behind its fields, and with these counts; the structure of it
   * has to be sound.
   */
  learn(
    grammar: Grammar,
    { slab, count, hash }: Tokenizer,
    entryCount: number,
    counts: readonly number[],
  ): void {
    const at = slotOf(hash + grammar.salt);
    if (count > fieldsMax) return;
    if (this.#met.length === 0) this.#begin();
    if (this.#met[at] !== hash) {
      this.#met[at] = hash;
      return;
    }
    const { ints, free } = slab;
    const tags = Int32Array.from({ length: count }, (_, field) => ints[free + field * tokenStride] as number);
    const entriesAt = free + count * tokenStride;
    const entries = ints.slice(entriesAt, entriesAt + entryCount * entryStride);
    this.#numbers += count * numbersPerField + entries.length;
    if (this.#numbers > numbersMax) {
      this.#slots.fill(undefined);
      this.#numbers = count * numbersPerField + entries.length;
    }
    this.#slots[at ^ 1] = this.#slots[at];
    this.#slots[at] = new Shape(grammar, hash, tags, entries, [...counts]);
  }

  #begin(): void {
    this.#slots = new Array<Shape | undefined>(slots).fill(undefined);
    this.#met = new Int32Array(slots);
  }
}

/** The high bits of a hash that was multiplied again and again are the best ones. */
function slotOf(hash: number): number {
  return hash >>> (32 - slotBits);
}
