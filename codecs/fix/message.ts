import type { Buffer } from 'node:buffer';
import type { Message } from '../../src/contract/codec.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { Dictionary } from './dictionary.ts';
import type { Structure } from './structure.ts';
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
  readonly index: Int32Array;
  readonly dictionary: Dictionary;
  readonly structure: Structure;
  readonly inner: FixMessage | undefined;
}

export function fixMessage(parts: FixParts): FixMessage {
  return new IndexedMessage(parts);
}

/**
 * Where the tags of one message stand outside of its groups: of the message that was asked last, because a message is
 * asked for many tags in a row. A stamp that is not the present one is of another message.
 */
const rootTagsEnd = 2048;
const rootFields = new Int32Array(rootTagsEnd);
const rootStamps = new Float64Array(rootTagsEnd);
let rootStamp = 0;
let indexed: FixMessage | undefined;

/** The text of each single byte: many values have one character. */
const letters: readonly string[] = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

class IndexedMessage implements FixMessage {
  readonly bytes: Uint8Array;
  readonly wire: Buffer;
  readonly fieldCount: number;
  readonly dictionary: Dictionary;
  readonly inner: FixMessage | undefined;
  readonly flat: FixParts;
  readonly #index: Int32Array;
  readonly #structure: Structure;
  #beginString: string | undefined;
  #type: string | undefined;
  #root: FixLevel | undefined;

  constructor(parts: FixParts) {
    const { bytes, wire, index, dictionary, structure, inner } = parts;
    this.flat = parts;
    this.inner = inner;
    this.bytes = bytes;
    this.wire = wire;
    this.dictionary = dictionary;
    this.fieldCount = index.length / tokenStride;
    this.#index = index;
    this.#structure = structure;
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
    this.#root ??= this.#level(0);
    return this.#root;
  }

  tagAt(field: number): number {
    return this.#index[field * tokenStride] ?? 0;
  }

  textAt(field: number): string {
    if (field < 0 || field >= this.fieldCount) return '';
    const at = field * tokenStride;
    const from = this.#index[at + 1] as number;
    const to = this.#index[at + 2] as number;
    if (to - from === 1) return letters[this.wire[from] as number] as string;
    return this.wire.toString('latin1', from, to);
  }

  fromAt(field: number): number {
    return this.#index[field * tokenStride + 1] ?? 0;
  }

  toAt(field: number): number {
    return this.#index[field * tokenStride + 2] ?? 0;
  }

  bytesAt(field: number): Uint8Array {
    const at = field * tokenStride;
    return this.wire.subarray(this.#index[at + 1], this.#index[at + 2]);
  }

  get(tag: number): string | undefined {
    const field = this.#find(tag);
    return field < 0 ? undefined : this.textAt(field) || undefined;
  }

  number(tag: number): number | undefined {
    const text = this.get(tag);
    if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
    const value = Number(text);
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
    return viewOf(this, this.#structure);
  }

  #find(tag: number): number {
    const index = this.#index;
    for (let at = 0; at < index.length; at += tokenStride) if (index[at] === tag) return at / tokenStride;
    return -1;
  }

  #rootField(tag: number): number {
    if (indexed !== this) this.#indexRoot();
    return rootStamps[tag] === rootStamp ? (rootFields[tag] as number) : -1;
  }

  #indexRoot(): void {
    const { owners } = this.#structure;
    indexed = this;
    rootStamp++;
    for (let field = this.fieldCount - 1; field >= 0; field--) {
      const tag = this.#index[field * tokenStride] as number;
      if (tag >= rootTagsEnd || (owners !== undefined && owners[field] !== 0)) continue;
      rootFields[tag] = field;
      rootStamps[tag] = rootStamp;
    }
  }

  #level(entry: number): FixLevel {
    const { entries, owners } = this.#structure;
    const { from, to } = entries[entry] ?? { from: 0, to: 0 };
    const find = (tag: number): number => {
      if (entry === 0 && tag < rootTagsEnd) return this.#rootField(tag);
      for (let field = from; field < to; field++) {
        if (this.#index[field * tokenStride] === tag && (owners?.[field] ?? 0) === entry) return field;
      }
      return -1;
    };
    return {
      get: (tag) => {
        const field = find(tag);
        return field < 0 ? undefined : this.textAt(field) || undefined;
      },
      has: (tag) => find(tag) >= 0,
      fieldOf: find,
      group: (count) => {
        const found: FixLevel[] = [];
        for (let child = entry + 1; child < entries.length; child++) {
          const inner = entries[child];
          if (inner === undefined || inner.from >= to) break;
          if (inner.parent === entry && inner.count === count) found.push(this.#level(child));
        }
        return found;
      },
    };
  }
}
