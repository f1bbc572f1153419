import type { Buffer } from 'node:buffer';
import type { Message } from '../../src/contract/codec.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { Dictionary } from './dictionary.ts';
import { entryFrom, entryParent, entryStride, entryTag, entryTo } from './entries.ts';
import type { Grammar } from './grammar.ts';
import { rootIndex } from './root-index.ts';
import { entriesAt, entriesEnd, indexRoots, type Shapes } from './shapes.ts';
import type { Entry, Structure } from './structure.ts';
import { tokenStride } from './tokens.ts';
import { viewOf } from './view.ts';

/** A field as it is written: its tag and its value, text in Latin-1 or bytes. */
export type FixField = readonly [tag: number, value: string | Uint8Array];

/** The fields of one level: of the message itself, or of one entry of a repeating group. */
export interface FixLevel {
  /** The text of the tag's first field on this level, one character a byte; undefined where it is absent or empty. */
  get(tag: number): string | undefined;
  has(tag: number): boolean;
  /** The number of the tag's first field on this level, or -1. */
  fieldOf(tag: number): number;
  /** The entries of a repeating group of this level, by the tag of its count. */
  group(count: number): readonly FixLevel[];
}

/** A decoded FIX message: a view over its bytes and a flat index, fields in wire order. */
export interface FixMessage extends Message {
  /** BeginString(8) as it came. */
  readonly beginString: string;
  readonly dictionary: Dictionary;
  /** The message from `8=` to the end of CheckSum(10), its separators SOH whatever a log wrote for them. */
  readonly wire: Uint8Array;
  /** How many fields there are; fields are numbered from 0 in wire order. */
  readonly fieldCount: number;
  /** 0 for a piece that begins with no tag. */
  tagAt(field: number): number;
  textAt(field: number): string;
  bytesAt(field: number): Uint8Array;
  /** Offsets in `wire`: where a field's value begins, and behind its end. */
  fromAt(field: number): number;
  toAt(field: number): number;
  /** The text of the tag's first field anywhere in the message; undefined where it is absent or empty. */
  get(tag: number): string | undefined;
  /** The tag's first field as a whole number without a sign; undefined for anything else, or beyond 2^53. */
  number(tag: number): number | undefined;
  has(tag: number): boolean;
  /** The bytes of the tag's first field: what a data field holds. */
  raw(tag: number): Uint8Array | undefined;
  /** All fields in wire order, as text. */
  fields(): readonly (readonly [tag: number, value: string])[];
  /** The fields outside of all groups, and the groups. */
  readonly root: FixLevel;
  /** The FIX message inside XmlData(213) of an XMLnonFIX(n): CME's drop copy wraps its reports like this. */
  readonly inner: FixMessage | undefined;
  /** What it is a view of: for whoever reads many fields of many messages. Never changed. */
  readonly flat: FixParts;
}

/** What a message is made of; `decode` reads it. */
export interface FixParts {
  readonly bytes: Uint8Array;
  readonly wire: Buffer;
  /** `tokenStride` numbers for each field, in wire order: its tag, where its value begins and where it ends. */
  readonly index: Int32Array;
  readonly fieldCount: number;
  /** From `entriesAt` to `entriesEnd`, `entryStride` numbers for each entry: see `entries.ts`. Other numbers may stand around them. */
  readonly entries: Int32Array;
  readonly entriesAt: number;
  readonly entriesEnd: number;
  readonly entryCount: number;
  /** Where the shape of the message begins among the numbers of `entries`; 0 where it has none. */
  readonly shape: number;
  /** The shapes that it was read by. */
  readonly shapes: Shapes;
  readonly dictionary: Dictionary;
  readonly inner: FixMessage | undefined;
  /** Remembered, once somebody asked: all is there that its events need. */
  complete: boolean | undefined;
  /** The number of the tag's first field on the level of an entry, or -1; quickest for the message itself, entry 0. */
  fieldOn(entry: number, tag: number): number;
  /** One of the numbers of an entry: see `entries.ts`. */
  entryAt(entry: number, number: number): number;
  /** The count of the outermost group that a field stands in, by its tag; undefined outside of all groups. */
  groupAround(field: number): number | undefined;
  /** The entries as objects, and by field the number of its innermost one: made anew each time, for who asks once. */
  readonly structure: Structure;
}

/** The text of each single byte: many values have one character. */
const letters: readonly string[] = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

/** {@link FixMessage} over an index. */
export class IndexedMessage implements FixMessage, FixParts {
  readonly bytes: Uint8Array;
  readonly wire: Buffer;
  readonly index: Int32Array;
  readonly fieldCount: number;
  readonly entries: Int32Array;
  readonly entriesAt: number;
  readonly entriesEnd: number;
  readonly dictionary: Dictionary;
  readonly inner: FixMessage | undefined;
  complete: boolean | undefined = undefined;
  readonly shape: number;
  readonly shapes: Shapes;
  #beginString: string | undefined = undefined;
  #type: string | undefined = undefined;
  #root: FixLevel | undefined = undefined;

  /** Its shape begins at `shape` of the numbers of `shapes`; where that is 0, its entries stand in `index`, behind its fields. */
  constructor(
    bytes: Uint8Array,
    wire: Buffer,
    index: Int32Array,
    fieldCount: number,
    grammar: Grammar,
    shapes: Shapes,
    shape: number,
    inner: FixMessage | undefined,
  ) {
    this.bytes = bytes;
    this.wire = wire;
    this.index = index;
    this.fieldCount = fieldCount;
    const entries = shape === 0 ? index : shapes.numbers;
    this.entries = entries;
    this.entriesAt = shape === 0 ? fieldCount * tokenStride : entriesAt(entries, shape);
    this.entriesEnd = shape === 0 ? index.length : entriesEnd(entries, shape);
    this.shape = shape;
    this.shapes = shapes;
    this.dictionary = grammar.dictionary;
    this.inner = inner;
    if (grammar.known) this.#type = grammar.type;
  }

  get flat(): FixParts {
    return this;
  }

  get beginString(): string {
    this.#beginString ??= this.get(8) ?? '';
    return this.#beginString;
  }

  get standard(): string {
    return this.beginString;
  }

  get type(): string {
    this.#type ??= this.get(35) ?? '';
    return this.#type;
  }

  get name(): string {
    return this.dictionary.message(this.type)?.name ?? '';
  }

  get root(): FixLevel {
    this.#root ??= new Level(this, 0);
    return this.#root;
  }

  tagAt(field: number): number {
    return this.index[field * tokenStride] ?? 0;
  }

  textAt(field: number): string {
    if (field < 0 || field >= this.fieldCount) return '';
    const at = field * tokenStride;
    const from = this.index[at + 1] as number;
    const to = this.index[at + 2] as number;
    if (to - from === 1) return letters[this.wire[from] as number] as string;
    return this.wire.toString('latin1', from, to);
  }

  fromAt(field: number): number {
    return this.index[field * tokenStride + 1] ?? 0;
  }

  toAt(field: number): number {
    return this.index[field * tokenStride + 2] ?? 0;
  }

  bytesAt(field: number): Uint8Array {
    const at = field * tokenStride;
    return this.wire.subarray(this.index[at + 1], this.index[at + 2]);
  }

  get(tag: number): string | undefined {
    const field = this.#find(tag);
    return field < 0 ? undefined : this.textAt(field) || undefined;
  }

  number(tag: number): number | undefined {
    const at = this.#find(tag) * tokenStride;
    if (at < 0) return undefined;
    const [from, to] = [this.index[at + 1] as number, this.index[at + 2] as number];
    if (to === from || to - from > 16) return undefined;
    let value = 0;
    for (let next = from; next < to; next++) {
      const digit = (this.wire[next] as number) - 0x30;
      if (digit < 0 || digit > 9) return undefined;
      value = value * 10 + digit;
    }
    return Number.isSafeInteger(value) ? value : undefined;
  }

  has(tag: number): boolean {
    return this.#find(tag) >= 0;
  }

  raw(tag: number): Uint8Array | undefined {
    const field = this.#find(tag);
    return field < 0 ? undefined : this.bytesAt(field);
  }

  fields(): readonly (readonly [tag: number, value: string])[] {
    return Array.from(
      { length: this.fieldCount },
      (_, field) => [this.tagAt(field), this.textAt(field)] as const,
    );
  }

  view(): JsonValue {
    return viewOf(this);
  }

  fieldOn(entry: number, tag: number): number {
    if (entry === 0 && tag >= 0 && tag < rootIndex.tagsEnd) {
      if (rootIndex.of !== this) this.#indexRoot();
      return rootIndex.fieldOf(tag);
    }
    const to = this.entryAt(entry, entryTo);
    let child = entry + 1;
    for (let field = this.entryAt(entry, entryFrom); field < to; field++) {
      while (child < this.entryCount && this.entryAt(child, entryFrom) < field) child++;
      if (child < this.entryCount && this.entryAt(child, entryFrom) === field) {
        field = this.entryAt(child, entryTo) - 1;
      } else if (this.index[field * tokenStride] === tag) return field;
    }
    return -1;
  }

  get entryCount(): number {
    return (this.entriesEnd - this.entriesAt) / entryStride;
  }

  entryAt(entry: number, number: number): number {
    return this.entries[this.entriesAt + entry * entryStride + number] as number;
  }

  get structure(): Structure {
    const owners = new Int32Array(this.fieldCount);
    const entries = Array.from({ length: this.entryCount }, (_, entry): Entry => {
      const [from, to] = [this.entryAt(entry, entryFrom), this.entryAt(entry, entryTo)];
      owners.fill(entry, from, to);
      return { count: this.entryAt(entry, entryTag), parent: this.entryAt(entry, entryParent), from, to };
    });
    return { entries, owners };
  }

  groupAround(field: number): number | undefined {
    for (let entry = 1; entry < this.entryCount; entry++) {
      const inside = this.entryAt(entry, entryFrom) <= field && field < this.entryAt(entry, entryTo);
      // Entries stand in the order in which they begin: the first one around a field is the outermost.
      if (inside) return this.entryAt(entry, entryTag);
    }
    return undefined;
  }

  #find(tag: number): number {
    const { index } = this;
    const end = this.fieldCount * tokenStride;
    for (let at = 0; at < end; at += tokenStride) if (index[at] === tag) return at / tokenStride;
    return -1;
  }

  #indexRoot(): void {
    const stamp = rootIndex.begin(this.fieldCount, 0, 0);
    rootIndex.of = this;
    if (this.shape === 0) this.#searchRoot();
    else indexRoots(this.entries, this.shape, rootIndex.seen, rootIndex.tagsEnd, stamp);
  }

  #searchRoot(): void {
    let child = 1;
    for (let field = 0; field < this.fieldCount; field++) {
      while (child < this.entryCount && this.entryAt(child, entryFrom) < field) child++;
      if (child < this.entryCount && this.entryAt(child, entryFrom) === field) {
        field = this.entryAt(child, entryTo) - 1;
      } else rootIndex.put(this.index[field * tokenStride] as number, field);
    }
  }
}

/** A level of a message: entry 0 is the message itself. */
class Level implements FixLevel {
  readonly #message: IndexedMessage;
  readonly #entry: number;
  /** Groups of the message itself, by the tag of the count: each side of a report asks for the same ones again. */
  #groups: Map<number, readonly FixLevel[]> | undefined;

  constructor(message: IndexedMessage, entry: number) {
    this.#message = message;
    this.#entry = entry;
  }

  get(tag: number): string | undefined {
    const field = this.#message.fieldOn(this.#entry, tag);
    return field < 0 ? undefined : this.#message.textAt(field) || undefined;
  }

  has(tag: number): boolean {
    return this.#message.fieldOn(this.#entry, tag) >= 0;
  }

  fieldOf(tag: number): number {
    return this.#message.fieldOn(this.#entry, tag);
  }

  group(count: number): readonly FixLevel[] {
    if (this.#entry !== 0) return this.#entriesOf(count);
    const known = this.#groups?.get(count);
    if (known !== undefined) return known;
    const found = this.#entriesOf(count);
    this.#groups ??= new Map();
    this.#groups.set(count, found);
    return found;
  }

  #entriesOf(count: number): readonly FixLevel[] {
    const message = this.#message;
    const found: FixLevel[] = [];
    const to = message.entryAt(this.#entry, entryTo);
    for (let child = this.#entry + 1; child < message.entryCount; child++) {
      if (message.entryAt(child, entryFrom) >= to) break;
      const ours = message.entryAt(child, entryParent) === this.#entry;
      if (ours && message.entryAt(child, entryTag) === count) found.push(new Level(message, child));
    }
    return found;
  }
}
