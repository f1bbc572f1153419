import { entryFrom, entryStride, entryTo } from './entries.ts';
import type { Grammar } from './grammar.ts';
import { type Tokenizer, tokenStride, wholeNumber } from './tokens.ts';

/**
 * Where the numbers of a shape stand behind its beginning: first what is asked of every message, so that they are read from one end
 * to the other. Ends are counted from the beginning.
 */
const place = { grammar: 0, fields: 1, countsEnd: 2, judgedEnd: 3, entriesEnd: 4, rootsEnd: 5 } as const;
/** Where the numbers of what the events of a shape need begin: see `known-needs.ts`; 0 as long as nobody knows. */
export const needsPlace = 6;
/** Where the first note on a shape begins: see `shape-notes.ts`; 0 as long as there is none. */
export const notesPlace = 7;
/** Behind it come the tags of all fields. */
const headEnd = 8;

/** So many of the first bits of a hash say where a shape is looked for first; then in the next places, until one is free. */
const slotBits = 13;
const slots = 1 << slotBits;
const probesMax = 16;
/** A slot has the hash of a shape, and where it begins; 0: it is free. */
const slotNumbers = 2;
/** Longer messages are seldom alike. */
const fieldsMax = 512;
const numbersFirst = 16 * 1024;
/** 4 MiB, some five thousand shapes of fifty fields: when they have become more, all are forgotten. */
const numbersMax = 1024 * 1024;
/**
 * To learn a shape takes as long as some sixty messages gain by theirs. The first 8192 are learnt on trust; from then on it has to be
 * earned, or a feed of more shapes than there is room for would do nothing but learn. A message of no known shape earns a little, too:
 * where all are forgotten, or only odd ones are known, what a feed says every day is learnt again.
 */
const learnCost = 256;
const hitEarns = 4;
const missEarns = 1;
const trust = 8192 * learnCost;
/** A value's plan stands above the place of its field in an index. */
const placeBits = 11;
const placeMask = (1 << placeBits) - 1;

/**
 * What sound messages of one sequence of tags have in common: their shape. A feed says the same few things again and again: the tags of
 * its messages come in the same order, with the same counts of entries, and only their values differ. Where every field stands, what
 * is repeated, required and in order follows from tags and counts alone, so it is judged once and remembered here.
 *
 * A shape is a stretch of {@link numbers}, known by where it begins. One object for each would be spread over the whole memory: most of
 * the time would go by in waiting for it.
 */
export class Shapes {
  /** Where there is no room for more, another one takes its place; what stands in a message's own stays as it is. */
  numbers = new Int32Array(0);
  /** 0 is the beginning of nothing. */
  #end = 1;
  /** Made when there is something to keep: most codecs read little. */
  #slots = new Int32Array(slotNumbers);
  /** By slot: the last sequence that was met once. Only one that comes again is worth keeping. */
  #met = new Int32Array(0);
  /** What messages have earned, without what was spent. */
  #earned = trust;

  /** The shape of the message that was taken apart last; 0 where none is known. */
  find(grammar: Grammar, bytes: Uint8Array, tokens: Tokenizer): number {
    const hash = (tokens.hash + grammar.salt) | 0;
    const table = this.#slots;
    const mask = table.length - 1;
    let at = slotOf(hash) & mask;
    for (let probe = 0; probe < probesMax; probe++, at = (at + slotNumbers) & mask) {
      const shape = table[at + 1] as number;
      if (shape === 0) return this.#unknown();
      if (table[at] === hash && fits(this.numbers, shape, grammar, bytes, tokens)) {
        this.#earn(hitEarns);
        return shape;
      }
    }
    return this.#unknown();
  }

  #unknown(): 0 {
    this.#earn(missEarns);
    return 0;
  }

  #earn(more: number): void {
    if (this.#earned < trust) this.#earned += more;
  }

  /** True where every value of a message of a shape is as its field's plan asks. */
  accepts(shape: number, { values }: Grammar, bytes: Uint8Array, { slab }: Tokenizer): boolean {
    const { numbers } = this;
    const { ints, free } = slab;
    const end = (shape + (numbers[shape + place.judgedEnd] as number)) | 0;
    for (let next = (shape + (numbers[shape + place.countsEnd] as number)) | 0; next < end; next++) {
      const judged = numbers[next] as number;
      const at = (free + (judged & placeMask)) | 0;
      if (!values.accepts(judged >> placeBits, bytes, ints[at + 1] as number, ints[at + 2] as number))
        return false;
    }
    return true;
  }

  /**
   * Remembers the message that was taken apart last, of so many entries behind its fields, and with these counts: of each its field, and
   * how many entries it promises. The structure of the message has to be sound.
   */
  learn(
    grammar: Grammar,
    { slab, count, hash }: Tokenizer,
    entryCount: number,
    counts: readonly number[],
  ): void {
    if (count > fieldsMax) return;
    if (this.#met.length === 0) this.#begin();
    const mixed = (hash + grammar.salt) | 0;
    const first = slotOf(mixed);
    if (this.#met[first / slotNumbers] !== mixed) {
      this.#met[first / slotNumbers] = mixed;
      return;
    }
    if (this.#earned < learnCost) return;
    this.#earned -= learnCost;
    const { ints, free } = slab;
    const tags = Array.from({ length: count }, (_, field) => ints[free + field * tokenStride] as number);
    const entriesAt = free + count * tokenStride;
    const entries = ints.subarray(entriesAt, entriesAt + entryCount * entryStride);
    const parts = [tags, counts, judgedOf(grammar, tags), entries, rootsOf(count, entries)];
    let end = headEnd;
    const [, countsEnd = 0, judgedEnd = 0, entriesEnd = 0, rootsEnd = 0] = parts.map(
      ({ length }) => (end += length),
    );
    const head = [grammar.salt, count, countsEnd, judgedEnd, entriesEnd, rootsEnd, 0, 0];
    const shape = this.#add([head, ...parts]);
    const slot = this.#freeSlot(first);
    this.#slots[slot] = mixed;
    this.#slots[slot + 1] = shape;
  }

  /** Where all that may be looked at are taken, the first one is given away. */
  #freeSlot(first: number): number {
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < probesMax; probe++) {
      const at = (first + probe * slotNumbers) & mask;
      if (this.#slots[at + 1] === 0) return at;
    }
    return first;
  }

  /** Puts numbers behind one another, for whoever knows more about a shape; their beginning, or 0 where all shapes were forgotten first. */
  append(more: readonly number[]): number {
    const { numbers } = this;
    const at = this.#add([more]);
    return numbers.length > this.numbers.length ? 0 : at;
  }

  #add(parts: readonly ArrayLike<number>[]): number {
    this.#reserve(parts.reduce((sum, { length }) => sum + length, 0));
    const at = this.#end;
    for (const part of parts) {
      this.numbers.set(part, this.#end);
      this.#end += part.length;
    }
    return at;
  }

  /** Numbers that messages may still look at are never written over. */
  #reserve(count: number): void {
    const needed = this.#end + count;
    if (needed <= this.numbers.length) return;
    if (needed > numbersMax) {
      this.#slots.fill(0);
      this.#end = 1;
      this.numbers = new Int32Array(numbersFirst);
      return;
    }
    const grown = new Int32Array(Math.min(numbersMax, needed * 2));
    grown.set(this.numbers);
    this.numbers = grown;
  }

  #begin(): void {
    this.#slots = new Int32Array(slots * slotNumbers);
    this.#met = new Int32Array(slots);
    this.numbers = new Int32Array(numbersFirst);
  }
}

/** Where the entries of a shape begin and end. */
export function entriesAt(numbers: Int32Array, shape: number): number {
  return shape + (numbers[shape + place.judgedEnd] as number);
}

export function entriesEnd(numbers: Int32Array, shape: number): number {
  return shape + (numbers[shape + place.entriesEnd] as number);
}

/** Writes to `seen`, by tag, the number of its field and the stamp, outside of all groups; tags from `tagsEnd` on have no place. */
export function indexRoots(
  numbers: Int32Array,
  shape: number,
  seen: Int32Array,
  tagsEnd: number,
  stamp: number,
): void {
  const from = entriesEnd(numbers, shape);
  // Where a tag is repeated, the first one counts.
  for (let next = shape + (numbers[shape + place.rootsEnd] as number) - 1; next >= from; next--) {
    const field = numbers[next] as number;
    const tag = numbers[shape + headEnd + field] as number;
    if (tag < tagsEnd) seen[tag] = stamp + field;
  }
}

/** True where the fields at `free` are those of a shape, none of them is empty, and the counts promise the same. */
function fits(
  numbers: Int32Array,
  shape: number,
  { salt }: Grammar,
  bytes: Uint8Array,
  { slab, count }: Tokenizer,
): boolean {
  const { ints, free } = slab;
  if (numbers[shape + place.grammar] !== salt || numbers[shape + place.fields] !== count) return false;
  const tagsEnd = (shape + headEnd + count) | 0;
  let next = (shape + headEnd) | 0;
  for (let at = free; next < tagsEnd; next = (next + 1) | 0, at = (at + tokenStride) | 0) {
    if (ints[at] !== numbers[next] || ints[at + 1] === ints[at + 2]) return false;
  }
  const countsEnd = shape + (numbers[shape + place.countsEnd] as number);
  for (; next < countsEnd; next += 2) {
    const at = free + (numbers[next] as number) * tokenStride;
    if (wholeNumber(bytes, ints[at + 1] as number, ints[at + 2] as number) !== numbers[next + 1])
      return false;
  }
  return true;
}

/** The fields outside of all entries but the first, which is the message. */
function rootsOf(fields: number, entries: Int32Array): readonly number[] {
  const roots: number[] = [];
  let child = entryStride;
  for (let field = 0; field < fields; field++) {
    while (child < entries.length && (entries[child + entryFrom] as number) < field) child += entryStride;
    if (child < entries.length && entries[child + entryFrom] === field) {
      field = (entries[child + entryTo] as number) - 1;
    } else roots.push(field);
  }
  return roots;
}

/**
 * Of each field whose value is judged, its plan and its place in an index, as one number. Fields of one plan stand behind one another:
 * what is done again and again in the same way is guessed right by the processor.
 */
function judgedOf({ values }: Grammar, tags: readonly number[]): readonly number[] {
  const judged = tags.map((tag, field) => ({ plan: values.planOf(tag), at: field * tokenStride }));
  return judged
    .filter(({ plan }) => plan !== 0)
    .sort((left, right) => (left.plan & 15) - (right.plan & 15) || left.plan - right.plan)
    .map(({ plan, at }) => (plan << placeBits) | at);
}

/** Where a slot begins: the high bits of a hash that was multiplied again and again are the best ones. */
function slotOf(hash: number): number {
  return (hash >>> (32 - slotBits)) * slotNumbers;
}
