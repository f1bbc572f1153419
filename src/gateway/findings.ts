import { shownText } from '../core/bytes.ts';
import { keysAt, type SchemaNode } from '../core/json-schema.ts';
import { nearest } from '../core/nearest.ts';
import { valueAtPath } from '../core/schema-words.ts';
import type { ConfigurationFinding } from './configuration.ts';
import { gatewayIssues } from './issues.ts';
import type { SchemaIssue } from './schema-reading.ts';
import type { Path, YamlSource } from './yaml-source.ts';

export type ConfigurationCode = Extract<keyof typeof gatewayIssues, `CONFIG_${string}`>;

/** Collects everything that is wrong with one configuration. */
export interface Findings {
  readonly list: readonly ConfigurationFinding[];
  add(code: ConfigurationCode, path: Path, message: string, details?: FindingDetails): void;
  /** What was found in a file that the configuration names. */
  tell(finding: ConfigurationFinding): void;
}

export interface FindingDetails {
  readonly at?: 'key' | 'value';
  readonly remedy?: string;
}

export function collectFindings(source: YamlSource): Findings {
  const list: ConfigurationFinding[] = [];
  return {
    list,
    tell: (finding) => void list.push(finding),
    add(code, path, message, { at = 'value', remedy } = {}) {
      const row = gatewayIssues[code];
      const place = { ...source.place(path, at), field: pathText(path) };
      list.push({ code, severity: row.severity, message, at: place, remedy: remedy ?? row.remedy });
    },
  };
}

/** `channels.acme.options.port`; `the file` for the top. */
export function pathText(path: Path): string {
  return path.length === 0 ? 'the file' : path.join('.');
}

/** What a schema complained about, in the words of a person who wrote YAML. */
export interface SchemaFindings {
  readonly findings: Findings;
  /** Where the data that was read stands in the file. */
  readonly above: Path;
  /** What was read, before references were replaced: so no secret can be shown. */
  readonly written: unknown;
  readonly schema: SchemaNode;
}

export function tellSchemaIssues(issues: readonly SchemaIssue[], to: SchemaFindings): void {
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') tellUnknownKeys(issue, to);
    else if (isMissing(issue, to.written)) tellMissing(issue, to);
    else tellValue(issue, to);
  }
}

function tellUnknownKeys(issue: SchemaIssue, to: SchemaFindings): void {
  const known = keysAt(to.schema, issue.path);
  for (const key of issue.keys ?? []) {
    const path = [...to.above, ...issue.path, key];
    const meant = nearest(key, known);
    const inner = known.find((name) => keysAt(to.schema, [...issue.path, name]).includes(key));
    const remedy = remedyOf(key, meant, inner, known);
    to.findings.add('CONFIG_UNKNOWN_KEY', path, `"${shownText(key)}" is no key here`, { at: 'key', remedy });
  }
}

function remedyOf(
  key: string,
  meant: string | undefined,
  inner: string | undefined,
  known: readonly string[],
): string {
  if (key === '<<') return 'Merge keys are not read: repeat the lines.';
  if (inner !== undefined) return `Put it under "${inner}".`;
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  return known.length === 0 || known.length > 16
    ? gatewayIssues.CONFIG_UNKNOWN_KEY.remedy
    : `Keys here: ${known.join(', ')}.`;
}

function isMissing(issue: SchemaIssue, written: unknown): boolean {
  const typed = ['invalid_type', 'invalid_value', 'invalid_union'].includes(issue.code);
  return typed && valueAtPath(written, issue.path) === undefined;
}

function tellMissing(issue: SchemaIssue, to: SchemaFindings): void {
  const key = issue.path.at(-1);
  const values = valuesOf(issue);
  const choice = values.length === 0 ? '' : `; it is one of ${values.join(', ')}`;
  to.findings.add('CONFIG_MISSING_KEY', [...to.above, ...issue.path], `"${key}" is missing${choice}`, {
    at: 'key',
  });
}

function tellValue(issue: SchemaIssue, to: SchemaFindings): void {
  const field = pathText([...to.above, ...issue.path]);
  // A reference that leads nowhere is told already: what stands there is not what was meant to be read.
  if (to.findings.list.some(({ code, at }) => code === 'CONFIG_REFERENCE' && at?.field === field)) return;
  const written = valueAtPath(to.written, issue.path);
  const shown = typeof written === 'string' ? `, not "${shownText(written)}"` : '';
  const values = valuesOf(issue);
  const meant = typeof written === 'string' ? nearest(written, values) : undefined;
  const key = keyText(issue.path);
  to.findings.add('CONFIG_VALUE', [...to.above, ...issue.path], `${key}: ${demand(issue)}${shown}`, {
    ...(meant !== undefined && { remedy: `Did you mean "${meant}"?` }),
    ...(issue.expected === 'boolean' && {
      remedy: 'Write true or false; yes, no, on and off are plain text in YAML 1.2.',
    }),
  });
}

/** `weekdays[1]` of an item: its number alone names nothing. */
function keyText(path: Path): string {
  const [above, key = 'the file'] = path.length > 1 ? path.slice(-2) : [undefined, path[0]];
  return typeof key === 'number' && above !== undefined ? `${String(above)}[${key}]` : String(key);
}

function demand(issue: SchemaIssue): string {
  const values = valuesOf(issue);
  if (values.length === 1) return `must be ${values[0]}`;
  if (values.length > 1) return `must be one of ${values.join(', ')}`;
  if (issue.code === 'invalid_type') return `must be ${wordFor(issue.expected ?? 'something else')}`;
  const bound =
    issue.origin === 'number' || issue.origin === 'int' ? (issue.minimum ?? issue.maximum) : undefined;
  if (bound !== undefined && issue.inclusive === true)
    return `must be ${bound} or ${issue.code === 'too_small' ? 'more' : 'less'}`;
  if (issue.code === 'invalid_union') return 'has none of the forms that it can have';
  return issue.message.replace(/^Invalid (?:input|string): /, '');
}

function wordFor(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    string: 'a text',
    array: 'a list',
    object: 'a group of keys',
    record: 'a group of keys',
    never: 'left out: the adapter of this channel has no use for it',
  };
  return words[expected] ?? expected;
}

function valuesOf(issue: SchemaIssue): string[] {
  return issue.code === 'invalid_value' ? (issue.values ?? []).map(String) : [];
}
