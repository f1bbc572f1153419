import assert from 'node:assert/strict';
import { latin1Bytes } from '../../src/core/bytes.ts';
import { decimalText } from '../../src/core/decimal.ts';
import { ControlSums } from './control-sums.ts';
import { writeField } from './fields.ts';
import { type Layout, lineEndOf, type RecordType, recordOfRole } from './layout.ts';

/**
 * The values of one record by the names of its fields, in the form that events have: decimals canonical, dates
 * `YYYY-MM-DD`, codes by their word. What is left out is blank; what tells the record's type is filled in.
 */
export type RecordValues = Readonly<Record<string, string | undefined>>;

/** What a file is made of. */
export interface RecordFile {
  readonly header: RecordValues;
  readonly records: readonly { readonly type: string; readonly values: RecordValues }[];
  /** Values of the trailer besides its counts and totals, which are computed; given here, they stand as they are given. */
  readonly trailer?: RecordValues;
}

/** The bytes of a whole file: header, records, trailer with its counts and totals. A value that does not fit is our own bug. */
export function writeRecordFile(layout: Layout, file: RecordFile): Uint8Array {
  const sums = new ControlSums(layout);
  const lines: string[] = [];
  const put = (type: RecordType | undefined, values: RecordValues): void => {
    if (type === undefined) return;
    lines.push(recordText(layout, type, { ...controlValues(sums, type), ...values }));
  };
  const add = (type: RecordType | undefined, values: RecordValues): void => {
    if (type !== undefined) sums.add(type.name, (name) => values[name]);
  };
  const header = recordOfRole(layout, 'header');
  const trailer = recordOfRole(layout, 'trailer');
  add(header, file.header);
  for (const { type, values } of file.records) add(typeOf(layout, type), values);
  add(trailer, file.trailer ?? {});
  put(header, file.header);
  for (const { type, values } of file.records) put(typeOf(layout, type), values);
  put(trailer, file.trailer ?? {});
  const end = lineEndOf(layout);
  return latin1Bytes(lines.map((line) => line + end).join(''));
}

/** The text of one record, without its line end. */
export function recordText(layout: Layout, type: RecordType, values: RecordValues): string {
  for (const name of Object.keys(values)) assert(type.byName.has(name), `${type.name} has no field ${name}`);
  const texts = type.fields.map((field) => {
    const value = values[field.called] ?? field.is?.[0] ?? '';
    assert(
      value !== '' || field.optional || field.kind === 'filler',
      `${type.name}.${field.called} is needed`,
    );
    const text = writeField(field, value);
    assert(text !== undefined, `${type.name}.${field.called} cannot hold "${value}"`);
    return text;
  });
  const { form } = layout.data;
  if (form.kind === 'fixed') return texts.join('');
  assert(!texts.some((text) => text.includes(form.delimiter)), `${type.name}: a value holds the delimiter`);
  return texts.join(form.delimiter);
}

function typeOf(layout: Layout, name: string): RecordType {
  const type = layout.byName.get(name);
  assert(type !== undefined, `${layout.name} has no record ${name}`);
  return type;
}

function controlValues(sums: ControlSums, type: RecordType): RecordValues {
  const found: Record<string, string> = {};
  for (const { control, value } of sums.values()) {
    if (control.record === type.name) found[control.field] = decimalText(value);
  }
  return found;
}
