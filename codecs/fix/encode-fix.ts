import type { Decimal } from '../../src/core/decimal.ts';
import { ok, type Result } from '../../src/core/result.ts';
import type { FixTemplate } from './fix-template.ts';
import { FixWriter, type FixWriterOptions } from './fix-writer.ts';

/**
 * A value as a program has it. Text, and decimals as text: as it is. A number: whole, or where the field is a timestamp of the
 * standard, microseconds since 1970. A bigint: whole. A {@link Decimal}: all its places. Bytes: a data field, with its length
 * field before it. A list: the entries of a repeating group, behind their count.
 */
export type FixValue = string | number | bigint | boolean | Decimal | Uint8Array | readonly FixValues[];

/** Fields of a message, or of one entry of a group, in the order in which they shall stand. */
export type FixValues = readonly (readonly [tag: number, value: FixValue])[];

/**
 * The bytes of a message of typed values, in memory of their own; or the first thing that is wrong with one. Fields of the
 * standard header come first, in the order in which they are given, wherever they are; BeginString(8), BodyLength(9),
 * MsgType(35) and CheckSum(10) are not given. Whoever writes many messages of values of known types takes a {@link FixWriter}.
 */
export function encodeFix(
  template: FixTemplate,
  fields: FixValues,
  options: FixWriterOptions = {},
): Result<Uint8Array> {
  const writer = writerOf(template, options);
  writer.begin();
  for (const [tag, value] of fields) if (isHeader(template, tag)) write(writer, tag, value);
  for (const [tag, value] of fields) if (!isHeader(template, tag)) write(writer, tag, value);
  const written = writer.finish();
  return written.ok ? ok(Uint8Array.from(written.value)) : written;
}

/** The writers of {@link encodeFix}: one message is written at a time, so one for each template will do. */
const checking = new WeakMap<FixTemplate, FixWriter>();
const trusting = new WeakMap<FixTemplate, FixWriter>();

function writerOf(template: FixTemplate, options: FixWriterOptions): FixWriter {
  const writers = options.check === false ? trusting : checking;
  const known = writers.get(template);
  if (known !== undefined) return known;
  const made = new FixWriter(template, options);
  writers.set(template, made);
  return made;
}

function isHeader({ header }: FixTemplate, tag: number): boolean {
  return header[tag] === 1;
}

function write(writer: FixWriter, tag: number, value: FixValue): void {
  if (typeof value === 'string') writer.text(tag, value);
  else if (typeof value === 'number') writeNumber(writer, tag, value);
  else if (typeof value === 'bigint') writer.decimal(tag, value, 0);
  else if (typeof value === 'boolean') writer.flag(tag, value);
  else if (value instanceof Uint8Array) writer.data(tag, value);
  else if ('units' in value) writer.decimal(tag, value.units, value.scale);
  else writeEntries(writer, tag, value);
}

function writeNumber(writer: FixWriter, tag: number, value: number): void {
  const kind = writer.template.dictionary.field(tag)?.kind;
  if (kind === 'timestamp') writer.time(tag, value);
  else writer.integer(tag, value);
}

function writeEntries(writer: FixWriter, tag: number, entries: readonly FixValues[]): void {
  writer.group(tag, entries.length);
  for (const entry of entries) for (const [inner, value] of entry) write(writer, inner, value);
}
