import type { Message } from '../../src/contract/codec.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { Field, Layout, RecordType } from './layout.ts';

/** One record of a file: a view over its bytes, its fields in the order of the layout. */
export interface RecordMessage extends Message {
  readonly layout: Layout;
  /** Undefined where the record is of no type that the layout describes. */
  readonly recordType: RecordType | undefined;
  /** Its line in the file, from 1; 0 where nobody knows it. */
  readonly line: number;
  /** The header of its file, as it came with the record. */
  readonly header: RecordMessage | undefined;
  /** No field of it is wrong: only then does it make events. */
  readonly sound: boolean;
  /** A field's value in the form that events have; undefined where it is blank, wrong or not there. */
  value(name: string): string | undefined;
  /** A field's text as it stands in the record; undefined where there is none of the name. */
  raw(name: string): string | undefined;
}

/** What a record is made of; `decode` reads it. */
export interface RecordParts {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  readonly recordType: RecordType | undefined;
  readonly line: number;
  readonly header: RecordMessage | undefined;
  readonly sound: boolean;
  readonly texts: readonly string[];
  readonly values: readonly (string | undefined)[];
}

export function recordMessage(parts: RecordParts): RecordMessage {
  return new ReadRecord(parts);
}

class ReadRecord implements RecordMessage {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  readonly recordType: RecordType | undefined;
  readonly line: number;
  readonly header: RecordMessage | undefined;
  readonly sound: boolean;
  readonly #texts: readonly string[];
  readonly #values: readonly (string | undefined)[];

  constructor(parts: RecordParts) {
    this.bytes = parts.bytes;
    this.layout = parts.layout;
    this.recordType = parts.recordType;
    this.line = parts.line;
    this.header = parts.header;
    this.sound = parts.sound;
    this.#texts = parts.texts;
    this.#values = parts.values;
  }

  get standard(): string {
    return `${this.layout.name} ${this.layout.version}`;
  }

  get type(): string {
    return this.recordType?.name ?? '';
  }

  get name(): string {
    return this.recordType?.title ?? '';
  }

  value(name: string): string | undefined {
    const field = this.recordType?.byName.get(name);
    return field === undefined ? undefined : this.#values[field.index];
  }

  raw(name: string): string | undefined {
    const field = this.recordType?.byName.get(name);
    return field === undefined ? undefined : this.#texts[field.index];
  }

  view(): JsonValue {
    const fields = (this.recordType?.fields ?? []).filter(({ kind }) => kind !== 'filler');
    return {
      layout: this.layout.name,
      record: this.type,
      ...(this.line > 0 && { line: this.line }),
      fields: fields.map((field) => this.#shown(field)),
    };
  }

  #shown(field: Field): JsonValue {
    const text = this.#texts[field.index] ?? '';
    const value = this.#values[field.index];
    return {
      tag: field.where.replace(/^\w+ /, ''),
      name: field.called,
      value: text.trimEnd(),
      ...(value !== undefined && value !== text.trimEnd() && { text: value }),
      ...(field.personal !== undefined && { personal: field.personal }),
    };
  }
}
