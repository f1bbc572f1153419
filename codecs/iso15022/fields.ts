import type { Issue } from '../../src/core/issue.ts';
import { characterSets, setsOf } from './format-scan.ts';
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

/**
 * The fields between two offsets of a text with one character a byte. A field begins with `:tag:` at the front of a
 * line, a tag being two or three digits and at most one capital; other lines belong to the field before them. LF and CRLF are line ends.
 */
export function readFields(text: string, from: number, to: number, fieldsMax: number): FieldsRead {
  const issues: Issue[] = [];
  const fields: MtField[] = [];
  // What is open: where it begins, and where its value does; -1: nothing is.
  let at = -1;
  let valueAt = 0;
  for (let line = from; line < to; ) {
    const found = text.indexOf('\n', line);
    const next = found < 0 || found >= to ? to : found + 1;
    const behind = text.charCodeAt(line) === colon ? behindTag(text, line, next) : 0;
    if (behind > 0) {
      if (at >= 0) fields.push(fieldOf(text, at, valueAt, line));
      at = -1;
      if (fields.length >= fieldsMax) {
        issues.push(mtIssue('MT_TOO_MANY_FIELDS', `more than ${fieldsMax} fields`, { offset: line }));
        return { fields, issues };
      }
      at = line;
      valueAt = behind;
    } else if (at < 0 && issues.length === 0 && text.slice(line, next).trim() !== '') {
      issues.push(mtIssue('MT_LINE_OUTSIDE_FIELD', 'a line before the first field', { offset: line }));
    }
    line = next;
  }
  if (at >= 0) fields.push(fieldOf(text, at, valueAt, to));
  return { fields, issues };
}

/** `:25D::SETT`, as people write it. */
export function fieldName({ tag, qualifier }: Pick<MtField, 'tag' | 'qualifier'>): string {
  return qualifier === '' ? `:${tag}:` : `:${tag}::${qualifier}`;
}

/** Where a value of a field ends: before the line end that ends it. */
export function behindValue(text: string, from: number, end: number): number {
  let at = end;
  if (at > from && text.charCodeAt(at - 1) === lineFeed) at--;
  if (at > from && text.charCodeAt(at - 1) === carriageReturn) at--;
  return at;
}

const colon = 0x3a;
const slash = 0x2f;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const { n: digits, a: capitals, c: code } = characterSets;

function isIn(text: string, at: number, set: number): boolean {
  return ((setsOf[text.charCodeAt(at)] ?? 0) & set) !== 0;
}

/** Behind `:tag:`; 0 where none stands there. */
function behindTag(text: string, line: number, end: number): number {
  if (!isIn(text, line + 1, digits) || !isIn(text, line + 2, digits)) return 0;
  let at = line + 3;
  if (isIn(text, at, digits)) at++;
  if (isIn(text, at, capitals)) at++;
  return at < end && text.charCodeAt(at) === colon ? at + 1 : 0;
}

function fieldOf(text: string, from: number, valueAt: number, to: number): MtField {
  const tag = tagAt(text, from + 1, valueAt - 1);
  const end = behindValue(text, valueAt, to);
  const value = text.slice(valueAt, end);
  if (text.charCodeAt(valueAt) !== colon) return plain(tag, value, from, to);
  const first = valueAt + 5;
  if (first >= end || text.charCodeAt(first) !== slash || !isCode(text, valueAt + 1, first)) {
    return plain(tag, value, from, to);
  }
  let second = first + 1;
  while (second < end && second < first + 9 && isIn(text, second, code)) second++;
  const qualifier = qualifierAt(text, valueAt + 1);
  if (second < end && text.charCodeAt(second) === slash) {
    const issuer = second === first + 1 ? '' : text.slice(first + 1, second);
    return { tag, value, qualifier, issuer, content: text.slice(second + 1, end), from, to };
  }
  // One slash where the issuer is left out: a defect that is met in the field (`:25D::SETT/PEND`).
  const rest = text.slice(first + 1, end);
  if (rest.includes('/')) return plain(tag, value, from, to);
  return { tag, value, qualifier, issuer: '', content: rest, from, to };
}

function plain(tag: string, value: string, from: number, to: number): MtField {
  return { tag, value, qualifier: '', issuer: '', content: value, from, to };
}

function isCode(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isIn(text, at, code)) return false;
  return true;
}

/** Tags that were met, by their characters: a text is made once for each. There are at most 1,100 numbers with 27 options. */
const tags = new Map<number, string>();

function tagAt(text: string, from: number, to: number): string {
  let key = 0;
  for (let at = from; at < to; at++) key = key * 128 + text.charCodeAt(at);
  const known = tags.get(key);
  if (known !== undefined) return known;
  const tag = text.slice(from, to);
  tags.set(key, tag);
  return tag;
}

/** Qualifiers that were met, by their characters; the standard has some 1,500, and what others make up is not kept beyond that. */
const qualifiers = new Map<number, string>();
const qualifiersMax = 4096;

function qualifierAt(text: string, at: number): string {
  const key =
    ((text.charCodeAt(at) * 128 + text.charCodeAt(at + 1)) * 128 + text.charCodeAt(at + 2)) * 128 +
    text.charCodeAt(at + 3);
  const known = qualifiers.get(key);
  if (known !== undefined) return known;
  const qualifier = text.slice(at, at + 4);
  if (qualifiers.size < qualifiersMax) qualifiers.set(key, qualifier);
  return qualifier;
}
