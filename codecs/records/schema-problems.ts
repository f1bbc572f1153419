import { keysAt, type SchemaNode } from '../../src/core/json-schema.ts';
import { nearest } from '../../src/core/nearest.ts';
import { mustBe, type SchemaIssue, type SchemaProblem, valueAtPath } from '../../src/core/schema-words.ts';
import { layoutJsonSchema } from './editor-schema.ts';

/**
 * What is wrong with a layout, one problem a place, in the words of the layout language. A key that does not exist comes
 * first: it is most likely the one that is told as missing.
 */
export function schemaProblems(issues: readonly SchemaIssue[], data: unknown): readonly SchemaProblem[] {
  const strange = issues.some(({ code }) => code === 'unrecognized_keys');
  const schema = strange ? layoutJsonSchema() : {};
  const found = issues.flatMap((issue) => problemsOf(issue, data, schema));
  return [...found.filter(({ what }) => what === 'key'), ...found.filter(({ what }) => what !== 'key')];
}

function problemsOf(issue: SchemaIssue, data: unknown, schema: SchemaNode): readonly SchemaProblem[] {
  const { path } = issue;
  const name = String(path.at(-1) ?? 'the layout');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return (issue.keys ?? []).map((key) => ({
      message: `"${key}" is no key that a layout has here${hintOf(nearest(key, known))}`,
      path: [...path, key],
      what: 'key',
    }));
  }
  if (valueAtPath(data, path) === undefined)
    return [{ message: `"${name}" is missing`, path: path.slice(0, -1), what: 'value' }];
  if (issue.code === 'invalid_value')
    return [{ message: `"${name}" must be one of ${(issue.values ?? []).join(', ')}`, path, what: 'value' }];
  return [{ message: `"${name}" is wrong: ${wordsOf(issue)}`, path, what: 'value' }];
}

function hintOf(meant: string | undefined): string {
  return meant === undefined ? '' : `; did you mean "${meant}"?`;
}

/** Of a union the last branch speaks: the one that reads what is written as text. */
function wordsOf(issue: SchemaIssue): string {
  if (issue.code === 'invalid_key') return 'it is no name that may stand here';
  const branch = issue.errors?.at(-1)?.at(-1);
  return mustBe(issue) ?? (branch === undefined ? issue.message : wordsOf(branch));
}
