import { latin1Text } from '../../src/core/bytes.ts';
import type { Field, Layout, RecordType } from './layout.ts';

/** How the text of a record falls into its parts: by columns, or by a delimiter. */
export interface RecordReader {
  /** The type of a record by what stands in its discriminating fields; undefined where no type fits. */
  typeOf(text: string): RecordType | undefined;
  /** The texts of the fields, in the order of the layout; what is not there is empty. */
  partsOf(type: RecordType, text: string): readonly string[];
  /** Half a sentence, where the record is not as long as its type. */
  lengthProblem(type: RecordType, text: string): string | undefined;
  /** Where a field begins in the text, from 0. */
  startOf(type: RecordType, field: Field, text: string): number;
  /** A character that no text of this encoding holds. */
  readonly unprintable: RegExp;
}

const unprintable = {
  ascii: /[^\x20-\x7e]/,
  latin1: /[\x00-\x1f\x7f-\x9f]/,
};

/** The text of a record's bytes, one character a byte, without its line end. */
export function textOf(bytes: Uint8Array): string {
  let end = bytes.length;
  if (end > 0 && bytes[end - 1] === 0x0a) end--;
  if (end > 0 && bytes[end - 1] === 0x0d && end < bytes.length) end--;
  return latin1Text(bytes, 0, end);
}

export function recordReader(layout: Layout): RecordReader {
  const { form } = layout.data;
  return form.kind === 'fixed' ? fixedReader(layout) : delimitedReader(layout, form.delimiter);
}

function fixedReader(layout: Layout): RecordReader {
  const part = (field: Field, text: string): string => text.slice((field.from ?? 1) - 1, field.to);
  return {
    typeOf: recognizer(layout, () => part),
    partsOf: (type, text) => type.fields.map((field) => part(field, text)),
    lengthProblem: (type, text) =>
      text.length === type.length ? undefined : `has ${text.length} of ${type.length} columns`,
    startOf: (_, field) => (field.from ?? 1) - 1,
    unprintable: unprintable[layout.data.encoding],
  };
}

function delimitedReader(layout: Layout, delimiter: string): RecordReader {
  const lookIn = (text: string): ((field: Field) => string) => {
    const parts = text.split(delimiter);
    return (field) => parts[(field.at ?? 1) - 1] ?? '';
  };
  return {
    typeOf: recognizer(layout, lookIn),
    partsOf: (type, text) => type.fields.map(lookIn(text)),
    lengthProblem: (type, text) => {
      const count = text.split(delimiter).length;
      return count === type.fields.length ? undefined : `has ${count} of ${type.fields.length} fields`;
    },
    startOf: (_, field, text) => {
      const before = text.split(delimiter).slice(0, (field.at ?? 1) - 1);
      return before.reduce((sum, part) => sum + part.length + delimiter.length, 0);
    },
    unprintable: unprintable[layout.data.encoding],
  };
}

/** Most layouts tell all types by one field in one place: one look is enough then. A type without a mark comes last. */
function recognizer(
  layout: Layout,
  lookIn: (text: string) => (field: Field, text: string) => string,
): RecordReader['typeOf'] {
  const marked = layout.records.filter(({ marks }) => marks.length > 0);
  const rest = layout.records.find(({ marks }) => marks.length === 0);
  const places = new Set(marked.flatMap(({ marks }) => marks.map(({ where }) => where)));
  const [mark] = marked[0]?.marks ?? [];
  if (places.size === 1 && mark !== undefined) {
    const types = new Map(
      marked.flatMap((type) => (type.marks[0]?.is ?? []).map((text) => [text, type] as const)),
    );
    return (text) => types.get(lookIn(text)(mark, text).trimEnd()) ?? rest;
  }
  return (text) => {
    const look = lookIn(text);
    const fits = (field: Field): boolean => field.is?.includes(look(field, text).trimEnd()) === true;
    return marked.find(({ marks }) => marks.every(fits)) ?? rest;
  };
}
