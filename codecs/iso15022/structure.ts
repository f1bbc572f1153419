import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { fieldName, type MtField } from './fields.ts';
import { mtIssue } from './issues.ts';
import { type SequenceRow, type StructureRow, structureRows } from './structure-tables.ts';
import { fieldsIn, type MtSequence, sequencesIn } from './tree.ts';

/** What the standard says of one message type: its sequences, and what stands in them. */
export interface Structure {
  readonly type: string;
  readonly name: string;
  /** Codes of 23G; empty: not known, any. */
  readonly functions: readonly string[];
  /** Of a message without sequences (category 9, MT599): its fields. */
  readonly fields: readonly FieldFact[];
  /** The sequences that stand at the top. */
  readonly top: readonly SequenceFact[];
}

export interface SequenceFact {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly occurs: Occurs;
  readonly fields: readonly FieldFact[];
  readonly inner: readonly SequenceFact[];
}

/** Once, at most once, any number, at least once. */
type Occurs = '1' | '?' | '*' | '+';

export interface FieldFact {
  readonly occurs: Occurs;
  readonly number: string;
  /** Letters; `-` stands for no letter; empty: no letter only. */
  readonly options: string;
  /** Empty: any. */
  readonly qualifiers: readonly string[];
}

const rows = new Map(structureRows.map((row): [string, StructureRow] => [row.type, row]));
const structures = new Map<string, Structure>();

/** The structure of `548`, made when it is first asked for; undefined for a type that this build has none of. */
export function structureFor(type: string): Structure | undefined {
  const known = structures.get(type);
  const row = rows.get(type);
  if (known !== undefined || row === undefined) return known;
  const made = structureOf(row);
  structures.set(type, made);
  return made;
}

function structureOf({ type, name, functions, fields, sequences }: StructureRow): Structure {
  return { type, name, functions, fields: fields.map(fieldFact), top: innerOf('', sequences) };
}

/** A sequence's id is its parent's with one more letter or number: `A2a` stands in `A2`. */
function innerOf(parent: string, rows: readonly SequenceRow[]): readonly SequenceFact[] {
  return rows
    .filter(({ id }) => id.replace(/([A-Za-z]|\d+)$/, '') === parent)
    .map(({ id, code, name, occurs, fields }) => ({
      id,
      code,
      name,
      occurs: occursOf(occurs),
      fields: fields.map(fieldFact),
      inner: innerOf(id, rows),
    }));
}

function fieldFact(text: string): FieldFact {
  const [occurs = '*', tag = '', ...qualifiers] = text.split(' ');
  const number = /^\d+/.exec(tag)?.[0] ?? '';
  return { occurs: occursOf(occurs), number, options: tag.slice(number.length), qualifiers };
}

function occursOf(text: string): Occurs {
  return text === '1' || text === '?' || text === '+' ? text : '*';
}

/** Names the sequences of a tree by a structure, and says where the tree departs from it. */
export function judgeStructure(root: MtSequence, structure: Structure): readonly Issue[] {
  const issues: Issue[] = [];
  judgeSequences(root, structure.top, issues);
  if (structure.top.length === 0) judgeFields(root, structure.fields, `in MT${structure.type}`, issues);
  else for (const field of fieldsIn(root)) issues.push(unknownField(field, 'outside of all sequences'));
  return issues;
}

function judgeSequences(parent: MtSequence, facts: readonly SequenceFact[], issues: Issue[]): void {
  const counts = new Map<SequenceFact, number>();
  let last = 0;
  for (const sequence of sequencesIn(parent)) {
    const at = facts.findIndex(({ code }) => code === sequence.code);
    const fact = facts[at];
    if (fact === undefined) {
      const where = parent.code === '' ? 'at the top' : `in ${parent.code}`;
      issues.push(sequenceIssue('MT_SEQUENCE_UNKNOWN', sequence, `is none of the sequences ${where}`));
      continue;
    }
    const count = (counts.get(fact) ?? 0) + 1;
    counts.set(fact, count);
    sequence.id = fact.id;
    if (at < last)
      issues.push(sequenceIssue('MT_SEQUENCE_ORDER', sequence, `stands behind ${facts[last]?.code}`));
    if (count > 1 && (fact.occurs === '1' || fact.occurs === '?'))
      issues.push(sequenceIssue('MT_SEQUENCE_REPEATED', sequence, 'may stand once only'));
    last = Math.max(last, at);
    judgeFields(sequence, fact.fields, `in sequence ${fact.id} ${fact.code}`, issues);
    judgeSequences(sequence, fact.inner, issues);
  }
  for (const fact of facts) {
    if (counts.has(fact) || fact.occurs === '?' || fact.occurs === '*') continue;
    const text = `sequence ${fact.id} ${fact.code} (${fact.name}) is missing`;
    issues.push(mtIssue('MT_SEQUENCE_MISSING', text, { offset: parent.from, field: fact.code }));
  }
}

function sequenceIssue(
  code: 'MT_SEQUENCE_UNKNOWN' | 'MT_SEQUENCE_ORDER' | 'MT_SEQUENCE_REPEATED',
  sequence: MtSequence,
  text: string,
): Issue {
  const name = shownText(sequence.code, 16);
  return mtIssue(code, `sequence ${name} ${text}`, { offset: sequence.from, field: name });
}

function judgeFields(
  sequence: MtSequence,
  fields: readonly FieldFact[],
  where: string,
  issues: Issue[],
): void {
  const counts = new Map<FieldFact, number>();
  for (const field of fieldsIn(sequence)) {
    const fact = fields.find((one) => fits(field, one));
    if (fact === undefined) {
      issues.push(unknownField(field, where));
      continue;
    }
    const count = (counts.get(fact) ?? 0) + 1;
    counts.set(fact, count);
    if (count !== 2 || fact.occurs === '*' || fact.occurs === '+') continue;
    const name = fieldName(field);
    issues.push(
      mtIssue('MT_FIELD_REPEATED', `${name} stands again ${where}`, { offset: field.from, field: name }),
    );
  }
  for (const fact of fields) {
    if (counts.has(fact) || fact.occurs === '?' || fact.occurs === '*') continue;
    const name = wantedName(fact);
    const text = `${name} is missing ${where}`;
    issues.push(mtIssue('MT_FIELD_MISSING', text, { offset: sequence.from, field: name }));
  }
}

function unknownField(field: MtField, where: string): Issue {
  const name = fieldName(field);
  return mtIssue('MT_FIELD_UNKNOWN', `${name} ${where}`, { offset: field.from, field: name });
}

function fits({ tag, qualifier }: MtField, { number, options, qualifiers }: FieldFact): boolean {
  if (!tag.startsWith(number)) return false;
  const option = tag.slice(number.length);
  if (option === '' ? options !== '' && !options.includes('-') : !options.includes(option)) return false;
  if (option.length > 1) return false;
  return qualifiers.length === 0 || qualifiers.includes(qualifier);
}

/** `:98a::SETT`: a small letter stands for several options. */
function wantedName({ number, options, qualifiers }: FieldFact): string {
  const tag = `${number}${options.length > 1 ? 'a' : options}`.replace('-', '');
  if (qualifiers.length === 0) return `:${tag}:`;
  return `:${tag}::${qualifiers.length === 1 ? qualifiers[0] : `(${qualifiers.slice(0, 3).join(', ')}…)`}`;
}
