import type { Decoded } from '../../src/contract/codec.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { shownText } from '../../src/core/bytes.ts';
import { harmless, type Issue, type Place } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { maskAccount, maskSecret } from '../../src/core/mask.ts';
import { isBlank, readField } from './fields.ts';
import { headerContext, lineContext } from './framer.ts';
import { type RecordsCode, recordsIssue } from './issues.ts';
import type { Field, Layout, RecordType } from './layout.ts';
import { type RecordMessage, recordMessage } from './message.ts';
import { type RecordReader, recordReader, textOf } from './record-text.ts';

/** Reads frames of one layout. `needsHeader` says which types of record cannot be understood without their file's header. */
export function recordDecoder(
  layout: Layout,
  needsHeader: ReadonlySet<string>,
): (frame: Frame) => Decoded<RecordMessage> {
  const reader = recordReader(layout);
  const headerOf = headerReader(layout, reader);
  return ({ bytes, context }) => {
    const line = Number(context?.[lineContext] ?? 0);
    const text = textOf(bytes);
    const recordType = reader.typeOf(text);
    const header = headerOf(context?.[headerContext]);
    const plain = { bytes, layout, line, header };
    if (recordType === undefined) {
      const issue = unknownRecord(layout, text, line);
      const message = recordMessage({ ...plain, recordType, sound: false, texts: [], values: [] });
      return { message, issues: [issue] };
    }
    const read = readRecord(recordType, text, line, reader);
    const lost = needsHeader.has(recordType.name) && header?.sound !== true;
    const issues = lost ? [withoutHeader(recordType, header, line), ...read.issues] : read.issues;
    const sound = harmless(issues);
    const message = recordMessage({ ...plain, recordType, sound, texts: read.texts, values: read.values });
    return { message, issues: issues.slice(0, limits.issuesPerFrameMax) };
  };
}

/** The header of the last record: the records of one file come one behind the other and share it. */
function headerReader(
  layout: Layout,
  reader: RecordReader,
): (text: string | undefined) => RecordMessage | undefined {
  let known: { readonly text: string; readonly header: RecordMessage } | undefined;
  return (text) => {
    if (text === undefined) return undefined;
    if (known?.text === text) return known.header;
    const recordType = reader.typeOf(text);
    if (recordType?.role !== 'header') return undefined;
    const { texts, values, issues } = readRecord(recordType, text, 0, reader);
    const bytes = Buffer.from(text, 'latin1');
    const sound = harmless(issues);
    const header = recordMessage({
      bytes,
      layout,
      recordType,
      line: 0,
      header: undefined,
      sound,
      texts,
      values,
    });
    known = { text, header };
    return header;
  };
}

interface Read {
  readonly texts: readonly string[];
  readonly values: readonly (string | undefined)[];
  readonly issues: readonly Issue[];
}

/** A record of the wrong length is told as that alone: its columns cannot be trusted, and would only repeat it. */
function readRecord(type: RecordType, text: string, line: number, reader: RecordReader): Read {
  const texts = reader.partsOf(type, text);
  const problem = reader.lengthProblem(type, text);
  if (problem !== undefined) {
    const at = { offset: 0, length: text.length, ...lineAt(line), field: type.name };
    return {
      texts,
      values: [],
      issues: [recordsIssue('RECORDS_LENGTH', `the ${type.name} record ${problem}`, at)],
    };
  }
  const clean = !reader.unprintable.test(text);
  const issues: Issue[] = [];
  const values = type.fields.map((field) => {
    const raw = texts[field.index] ?? '';
    const tell = (code: RecordsCode, what: string): void => {
      if (issues.length < limits.issuesPerFrameMax)
        issues.push(fieldIssue(code, type, field, raw, what, line, () => reader.startOf(type, field, text)));
    };
    if (!clean && reader.unprintable.test(raw)) {
      tell('RECORDS_FIELD', 'holds a byte that is no text');
      return undefined;
    }
    return fieldValue(field, raw, tell);
  });
  return { texts, values, issues };
}

function fieldValue(
  field: Field,
  raw: string,
  tell: (code: RecordsCode, what: string) => void,
): string | undefined {
  if (isBlank(raw)) {
    if (!field.optional && field.kind !== 'filler') tell('RECORDS_NEEDED', 'is blank and must be filled');
    return undefined;
  }
  if (field.kind === 'filler') {
    tell('RECORDS_FILLER', 'is filler and not blank');
    return undefined;
  }
  const read = readField(field, raw);
  if ('value' in read) return read.value;
  tell(read.open === true ? 'RECORDS_NEW_CODE' : 'RECORDS_FIELD', read.wrong);
  return read.open === true ? raw.trim() : undefined;
}

function fieldIssue(
  code: RecordsCode,
  type: RecordType,
  field: Field,
  raw: string,
  what: string,
  line: number,
  start: () => number,
): Issue {
  const from = start();
  const at: Place = {
    offset: from,
    length: raw.length,
    ...lineAt(line),
    column: from + 1,
    field: `${type.name}.${field.called}`,
  };
  const named = field.name === undefined ? field.where : `${field.where} ${field.called}`;
  const shown = isBlank(raw) ? '' : ` "${shownRaw(field, raw)}"`;
  return recordsIssue(code, `${type.name} ${named}:${shown} ${what}`, at);
}

/** A finding never holds personal data in full. */
function shownRaw(field: Field, raw: string): string {
  const text = raw.trim();
  if (field.personal === 'account') return maskAccount(shownText(text));
  return field.personal === undefined ? shownText(text) : maskSecret(text);
}

function unknownRecord(layout: Layout, text: string, line: number): Issue {
  const known = layout.records.map(({ name }) => name).join(', ');
  const shown = shownText(text.slice(0, 3));
  const message = `a record that begins with "${shown}" is none of ${known}`;
  return recordsIssue('RECORDS_UNKNOWN_RECORD', message, { offset: 0, length: text.length, ...lineAt(line) });
}

function withoutHeader(type: RecordType, header: RecordMessage | undefined, line: number): Issue {
  const why = header === undefined ? 'came without it' : 'came with one that cannot be read';
  return recordsIssue(
    'RECORDS_CONTEXT',
    `the ${type.name} record means nothing without its file's header, and ${why}`,
    lineAt(line),
  );
}

function lineAt(line: number): { readonly line?: number } {
  return line > 0 ? { line } : {};
}
