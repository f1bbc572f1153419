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
  const open: MtSequence[] = [root];
  const issues: Issue[] = [];
  let deep = false;
  for (const field of fields) {
    const top = open.at(-1) ?? root;
    if (field.tag === '16R') {
      if (open.length > depthMax) {
        if (!deep)
          issues.push(mtIssue('MT_SEQUENCE_DEPTH', `more than ${depthMax} levels`, { offset: field.from }));
        deep = true;
        top.items.push(field);
        continue;
      }
      const sequence = { code: field.value, id: '', from: field.from, to: field.to, items: [] };
      top.items.push(sequence);
      open.push(sequence);
    } else if (field.tag === '16S') {
      if (!deep || top.code === field.value) close(open, field, issues);
      else top.items.push(field);
    } else {
      top.items.push(field);
    }
  }
  for (const sequence of open.slice(1).reverse()) unclosed(sequence, to, issues);
  return { root, issues };
}

function close(open: MtSequence[], field: MtField, issues: Issue[]): void {
  const at = open.findLastIndex(({ code }, number) => number > 0 && code === field.value);
  if (at < 0) {
    const codes = open.slice(1).map(({ code }) => code);
    const inside = codes.length === 0 ? 'nothing is open' : `open are ${codes.slice(-8).join(', ')}`;
    const text = `16S:${field.value.slice(0, 16)} closes no open sequence; ${inside}`;
    issues.push(mtIssue('MT_SEQUENCE_UNOPENED', text, { offset: field.from, field: '16S' }));
    open.at(-1)?.items.push(field);
    return;
  }
  for (const inner of open.slice(at + 1).reverse()) unclosed(inner, field.from, issues);
  const sequence = open[at];
  if (sequence !== undefined) sequence.to = field.to;
  open.length = at;
}

function unclosed(sequence: MtSequence, to: number, issues: Issue[]): void {
  sequence.to = to;
  const text = `16R:${sequence.code.slice(0, 16)} is not closed`;
  issues.push(mtIssue('MT_SEQUENCE_UNCLOSED', text, { offset: sequence.from, field: '16R' }));
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
  const dot = path.lastIndexOf('.');
  const wanted = fieldPattern(path.slice(dot + 1));
  return findSequences(root, dot < 0 ? '' : path.slice(0, dot)).flatMap((sequence) =>
    fieldsIn(sequence).filter((field) => matches(field, wanted)),
  );
}

/** The sequences that a path names: `A2a` by the structure, `GENL/STAT/REAS` by codes; empty: this one. */
export function findSequences(root: MtSequence, path: string): readonly MtSequence[] {
  if (path === '') return [root];
  if (/^[A-Z](\d|$)/.test(path)) return withId(root, path);
  return path
    .split('/')
    .reduce<readonly MtSequence[]>((found, code) => found.flatMap((one) => sequencesIn(one, code)), [root]);
}

function withId(sequence: MtSequence, id: string): readonly MtSequence[] {
  return sequencesIn(sequence).flatMap((inner) => {
    if (inner.id === id) return [inner];
    return id.startsWith(inner.id) && inner.id !== '' ? withId(inner, id) : [];
  });
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
  const digits = /[A-Z]$/.test(field.tag) ? field.tag.length - 1 : field.tag.length;
  if (field.tag.slice(0, digits) !== number) return false;
  if (option !== '*' && field.tag.slice(digits) !== option) return false;
  if (qualifier !== undefined && field.qualifier !== qualifier) return false;
  return issuer === undefined || field.issuer === issuer;
}
