import type { Issue } from '../../src/core/issue.ts';
import { mtIssue } from './issues.ts';

/** One field of block 4. Offsets are in bytes of the frame. */
export interface MtField {
  /** `25D`: number and option. */
  readonly tag: string;
  /** Everything behind the second colon, further lines included, as it stands. */
  readonly value: string;
  /** Of a generic field (`:SETT/GSCC/PENF`): its qualifier, else empty. */
  readonly qualifier: string;
  /** Of a generic field: who issued the code behind it, its data source scheme; empty: the standard itself. */
  readonly issuer: string;
  /** Of a generic field what stands behind qualifier and issuer; else the value. */
  readonly content: string;
  readonly from: number;
  readonly to: number;
}

export interface FieldsRead {
  readonly fields: readonly MtField[];
  readonly issues: readonly Issue[];
}

const fieldStart = /^:(\d{2,3}[A-Z]?):/;
/** `:SEME//REF1`, `:24B::REJT/GSCC/E010`. Source: ISO 15022, generic fields. */
const generic = /^:([A-Z0-9]{4})\/([A-Z0-9]{0,8})\/([\s\S]*)$/;
/** One slash where the issuer is left out: a defect that is met in the field (`:25D::SETT/PEND`). */
const oneSlash = /^:([A-Z0-9]{4})\/([^/]*)$/;

/**
 * The fields between two offsets of a text with one character a byte. A field begins with `:tag:` at the front of a
 * line; other lines belong to the field before them. LF and CRLF are line ends.
 */
export function readFields(text: string, from: number, to: number, fieldsMax: number): FieldsRead {
  const issues: Issue[] = [];
  const fields: MtField[] = [];
  let open: { tag: string; at: number; valueAt: number } | undefined;
  const finish = (end: number): void => {
    if (open === undefined) return;
    fields.push(
      fieldOf(open.tag, text.slice(open.valueAt, behindText(text, open.valueAt, end)), open.at, end),
    );
    open = undefined;
  };
  let line = from;
  while (line < to) {
    const found = text.indexOf('\n', line);
    const next = found < 0 || found >= to ? to : found + 1;
    const tag =
      text[line] === ':' ? fieldStart.exec(text.slice(line, Math.min(next, line + 7)))?.[1] : undefined;
    if (tag !== undefined) {
      finish(line);
      if (fields.length >= fieldsMax) {
        issues.push(mtIssue('MT_TOO_MANY_FIELDS', `more than ${fieldsMax} fields`, { offset: line }));
        return { fields, issues };
      }
      open = { tag, at: line, valueAt: line + tag.length + 2 };
    } else if (open === undefined && text.slice(line, next).trim() !== '' && issues.length === 0) {
      issues.push(mtIssue('MT_LINE_OUTSIDE_FIELD', 'a line before the first field', { offset: line }));
    }
    line = next;
  }
  finish(to);
  return { fields, issues };
}

/** Where a value ends: before the line end that ends it. */
function behindText(text: string, from: number, end: number): number {
  let at = end;
  if (at > from && text[at - 1] === '\n') at--;
  if (at > from && text[at - 1] === '\r') at--;
  return at;
}

function fieldOf(tag: string, value: string, from: number, to: number): MtField {
  const match = value.startsWith(':') ? (generic.exec(value) ?? oneSlash.exec(value)) : null;
  if (match === null) return { tag, value, qualifier: '', issuer: '', content: value, from, to };
  const whole = match.length === 4;
  return {
    tag,
    value,
    qualifier: match[1] ?? '',
    issuer: whole ? (match[2] ?? '') : '',
    content: (whole ? match[3] : match[2]) ?? '',
    from,
    to,
  };
}

/** `:25D::SETT`, as people write it. */
export function fieldName({ tag, qualifier }: Pick<MtField, 'tag' | 'qualifier'>): string {
  return qualifier === '' ? `:${tag}:` : `:${tag}::${qualifier}`;
}
