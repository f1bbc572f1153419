import { nearest } from '../../../src/core/nearest.ts';
import { mustBe, type SchemaIssue, type SchemaProblem, valueAtPath } from '../../../src/core/schema-words.ts';
import { applications, transport } from '../versions.ts';
import { keysAt, switchNames } from './dialect-schema.ts';

/** One issue for each key that is not known: zod tells those of one mapping together. */
export function eachKey(issue: SchemaIssue): readonly SchemaIssue[] {
  return issue.code === 'unrecognized_keys'
    ? (issue.keys ?? []).map((key) => ({ ...issue, keys: [key] }))
    : [issue];
}

/** What is wrong with a dialect, in the words of its language. */
export function schemaProblem(issue: SchemaIssue, data: unknown): SchemaProblem {
  const { path } = issue;
  const name = String(path.at(-1) ?? 'the dialect');
  const [strange] = issue.keys ?? [];
  if (issue.code === 'unrecognized_keys' && strange !== undefined) {
    const meant = nearest(strange, keysAt(path));
    const guess = meant === undefined ? '' : `; did you mean "${meant}"?`;
    return {
      message: `"${strange}" is no key that may stand here${guess}`,
      path: [...path, strange],
      what: 'key',
    };
  }
  const value = valueAtPath(data, path);
  if (value === undefined) return { message: `"${name}" is missing`, path: path.slice(0, -1), what: 'value' };
  if (issue.code === 'invalid_value') return { message: choiceOf(issue, name, value), path, what: 'value' };
  if (issue.code === 'invalid_key')
    return { message: `"${name}" cannot stand here: ${wordsOf(issue)}`, path, what: 'key' };
  return { message: `"${name}" is wrong: ${wordsOf(issue)}`, path, what: 'value' };
}

function choiceOf({ values = [] }: SchemaIssue, name: string, value: unknown): string {
  const known = values.map(String);
  const meant = nearest(
    String(value),
    known.length > 0 ? known : [...applications, transport, ...switchNames],
  );
  const list = known.length > 12 ? `${known.slice(0, 12).join(', ')}, …` : known.join(', ');
  return `"${name}" must be one of ${list}${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
}

function wordsOf(issue: SchemaIssue): string {
  const must = mustBe(issue);
  if (must !== undefined) return must;
  if (issue.code === 'too_small') return 'it is empty';
  const [inKey] = issue.issues ?? [];
  if (issue.code === 'invalid_key' && inKey !== undefined) return wordsOf(inKey);
  const branch = issue.errors?.[0]?.[0] ?? issue.errors?.at(-1)?.at(-1);
  return branch === undefined ? issue.message : wordsOf(branch);
}
