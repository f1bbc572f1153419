import type { Issue } from '../../src/core/issue.ts';
import type { MtField } from './fields.ts';
import { mtIssue } from './issues.ts';

/** A sequence: what stands between its 16R and its 16S, in wire order. The root has no code and holds the whole text. */
export interface MtSequence {
  /** `STAT`: the code of its 16R. */
  readonly code: string;
  /** `A2`: its place in the structure of its message; empty where the structure has no such sequence here. */
  id: string;
  /** Offsets in bytes of the frame: from its 16R up to behind its 16S. */
  readonly from: number;
  to: number;
  readonly items: (MtField | MtSequence)[];
}

export interface TreeRead {
  readonly root: MtSequence;
  readonly issues: readonly Issue[];
  /** Sequences without a 16S of their own, innermost first where several end together. Each of them is an issue. */
  readonly unclosed: readonly MtSequence[];
}

export function isSequence(item: MtField | MtSequence): item is MtSequence {
  return 'items' in item;
}

/**
 * The tree of sequences. A 16S closes the innermost open sequence of its code; sequences inside of that one that are
 * still open are said to be unclosed, and a 16S that closes nothing is said to be unopened: so two sequences that cross
 * give both. Beyond `depthMax` fields stay where they are.
 */
export function readTree(fields: readonly MtField[], from: number, to: number, depthMax: number): TreeRead {
  const root: MtSequence = { code: '', id: '', from, to, items: [] };
  const open: MtSequence[] = [];
  const found: Found = { issues: [], unclosed: [] };
  let top = root;
  let deep = false;
  for (const field of fields) {
    if (field.tag === '16R') {
      if (open.length >= depthMax) {
        if (!deep) found.issues.push(tooDeep(field, depthMax));
        deep = true;
        top.items.push(field);
        continue;
      }
      const sequence: MtSequence = { code: field.value, id: '', from: field.from, to: field.to, items: [] };
      top.items.push(sequence);
      open.push(sequence);
      top = sequence;
    } else if (field.tag === '16S') {
      if (deep && top.code !== field.value) top.items.push(field);
      else close(root, open, field, found);
      top = open.at(-1) ?? root;
    } else {
      top.items.push(field);
    }
  }
  for (let at = open.length - 1; at >= 0; at--) unclosed(open[at], to, found);
  return { root, issues: found.issues, unclosed: found.unclosed };
}

interface Found {
  readonly issues: Issue[];
  readonly unclosed: MtSequence[];
}

function tooDeep({ from }: MtField, depthMax: number): Issue {
  return mtIssue('MT_SEQUENCE_DEPTH', `more than ${depthMax} levels`, { offset: from });
}

function close(root: MtSequence, open: MtSequence[], field: MtField, found: Found): void {
  const last = open.at(-1);
  if (last !== undefined && last.code === field.value) {
    last.to = field.to;
    open.pop();
    return;
  }
  const at = open.findLastIndex(({ code }) => code === field.value);
  if (at < 0) {
    const codes = open.map(({ code }) => code);
    const inside = codes.length === 0 ? 'nothing is open' : `open are ${codes.slice(-8).join(', ')}`;
    const text = `16S:${field.value.slice(0, 16)} closes no open sequence; ${inside}`;
    found.issues.push(mtIssue('MT_SEQUENCE_UNOPENED', text, { offset: field.from, field: '16S' }));
    (last ?? root).items.push(field);
    return;
  }
  for (let inner = open.length - 1; inner > at; inner--) unclosed(open[inner], field.from, found);
  const sequence = open[at];
  if (sequence !== undefined) sequence.to = field.to;
  open.length = at;
}

function unclosed(sequence: MtSequence | undefined, to: number, found: Found): void {
  if (sequence === undefined) return;
  sequence.to = to;
  found.unclosed.push(sequence);
  const text = `16R:${sequence.code.slice(0, 16)} is not closed`;
  found.issues.push(mtIssue('MT_SEQUENCE_UNCLOSED', text, { offset: sequence.from, field: '16R' }));
}

/** The fields of a sequence itself, in wire order. */
export function fieldsIn(sequence: MtSequence): readonly MtField[] {
  return sequence.items.filter((item): item is MtField => !isSequence(item));
}

/** The sequences right inside of a sequence, in wire order. */
export function sequencesIn(sequence: MtSequence, code?: string): readonly MtSequence[] {
  const inner = sequence.items.filter(isSequence);
  return code === undefined ? inner : inner.filter((one) => one.code === code);
}

/**
 * What a path names, in wire order: `A2.25D::SETT` the field 25D with this qualifier in every sequence A2 of the
 * structure; `GENL/STAT.25D::SETT` the same by the codes from the root, which also works where no structure is known;
 * `25D::SETT` alone looks in this sequence itself. A small letter stands for any option (`98a::PREP`), and an issuer
 * may follow the qualifier (`24B::REJT/GSCC`).
 */
export function findFields(root: MtSequence, path: string): readonly MtField[] {
  const { sequences, wanted } = pathOf(path);
  const found: MtField[] = [];
  for (const sequence of sequencesOf(root, sequences)) {
    for (const item of sequence.items) if (!isSequence(item) && matches(item, wanted)) found.push(item);
  }
  return found;
}

/** The first of {@link findFields}. */
export function findField(root: MtSequence, path: string): MtField | undefined {
  const { sequences, wanted } = pathOf(path);
  for (const sequence of sequencesOf(root, sequences)) {
    for (const item of sequence.items) if (!isSequence(item) && matches(item, wanted)) return item;
  }
  return undefined;
}

/** The sequences that a path names: `A2a` by the structure, `GENL/STAT/REAS` by codes; empty: this one. */
export function findSequences(root: MtSequence, path: string): readonly MtSequence[] {
  return sequencesOf(root, sequencePath(path));
}

/** A path of sequences: an id of the structure, or codes from here on. */
type SequencePath = { readonly id: string } | { readonly codes: readonly string[] };

interface FieldPath {
  readonly sequences: SequencePath;
  readonly wanted: FieldPattern;
}

/** Paths stand in programs: there are some hundreds, and each is taken apart once. Paths that somebody computes are not kept beyond that. */
const paths = new Map<string, FieldPath>();
const pathsMax = 4096;

function pathOf(path: string): FieldPath {
  const known = paths.get(path);
  if (known !== undefined) return known;
  const dot = path.lastIndexOf('.');
  const made = {
    sequences: sequencePath(dot < 0 ? '' : path.slice(0, dot)),
    wanted: fieldPattern(path.slice(dot + 1)),
  };
  if (paths.size < pathsMax) paths.set(path, made);
  return made;
}

function sequencePath(path: string): SequencePath {
  if (/^[A-Z](\d|$)/.test(path)) return { id: path };
  return { codes: path === '' ? [] : path.split('/') };
}

function sequencesOf(root: MtSequence, path: SequencePath): readonly MtSequence[] {
  if ('id' in path) return withId(root, path.id);
  return path.codes.reduce<readonly MtSequence[]>(
    (found, code) => found.flatMap((one) => sequencesIn(one, code)),
    [root],
  );
}

function withId(sequence: MtSequence, id: string, found: MtSequence[] = []): readonly MtSequence[] {
  for (const inner of sequence.items) {
    if (!isSequence(inner)) continue;
    if (inner.id === id) found.push(inner);
    else if (inner.id !== '' && id.startsWith(inner.id)) withId(inner, id, found);
  }
  return found;
}

interface FieldPattern {
  readonly number: string;
  /** Empty: none; `*`: any. */
  readonly option: string;
  readonly qualifier: string | undefined;
  readonly issuer: string | undefined;
}

function fieldPattern(text: string): FieldPattern {
  const match = /^(\d{2,3})([A-Za-z]?)(?:::([A-Z0-9]{4})(?:\/([A-Z0-9]{1,8}))?)?$/.exec(text);
  const option = match?.[2] ?? '';
  return {
    number: match?.[1] ?? '',
    option: /[a-z]/.test(option) ? '*' : option,
    qualifier: match?.[3],
    issuer: match?.[4],
  };
}

function matches(field: MtField, { number, option, qualifier, issuer }: FieldPattern): boolean {
  const { tag } = field;
  if (!tag.startsWith(number)) return false;
  const rest = tag.length - number.length;
  if (rest > 1 || (rest === 1 && tag.charCodeAt(number.length) < 0x41)) return false;
  if (option !== '*' && (option === '' ? rest !== 0 : !tag.endsWith(option) || rest === 0)) return false;
  if (qualifier !== undefined && field.qualifier !== qualifier) return false;
  return issuer === undefined || field.issuer === issuer;
}
