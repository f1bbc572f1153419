import type { Issue } from '../../../src/core/issue.ts';
import { type Limits, limits as usual } from '../../../src/core/limits.ts';
import type { SchemaIssue } from '../../../src/core/schema-words.ts';
import { readYamlSource, type YamlSource } from '../../../src/core/yaml-source.ts';
import type { FieldRow, FixTable } from '../dictionary.ts';
import { kindOf } from '../formats.ts';
import { overTransport, standardTable } from '../load-dictionary.ts';
import { type Item, items, structureText } from '../structure-text.ts';
import { applications, transport } from '../versions.ts';
import { MemberChanges, type TellChange } from './dialect-members.ts';
import {
  type DialectData,
  type DialectSwitches,
  dialectSchema,
  dictionaryPath,
  type FieldData,
} from './dialect-schema.ts';
import { Findings, type LoadedTable } from './draft.ts';
import { dictionaryIssue } from './issues.ts';
import { rowIn } from './members.ts';
import { eachKey, schemaProblem } from './schema-problem.ts';
import { checkStructures } from './structure-check.ts';
import { dataPairs, isLength } from './table-making.ts';

/** A dialect: the table after its changes, and the rules that it relaxes. */
export interface LoadedDialect extends LoadedTable {
  readonly name?: string;
  readonly switches?: DialectSwitches;
}

/**
 * The dialect that a YAML text describes: a version of FIX with what a counterparty does otherwise. Never throws; what is wrong is told
 * with line and column. Codes: `DIALECT_SYNTAX`, `DIALECT_SCHEMA`, `DIALECT_CHANGE` and those of every dictionary.
 */
export function loadDialect(text: string, limits: Limits = usual, base: ReadBase = noFiles): LoadedDialect {
  const read = readYamlSource(text, { name: 'dialect', bytesMax: limits.dialectBytesMax });
  if (read.problems.length > 0) {
    const issues = read.problems.map(({ message, at, tooLarge }) =>
      dictionaryIssue(tooLarge ? 'DICTIONARY_LIMIT' : 'DIALECT_SYNTAX', message, at),
    );
    return { issues };
  }
  const parsed = dialectSchema.safeParse(read.data);
  if (!parsed.success)
    return { issues: schemaIssues(parsed.error.issues as readonly SchemaIssue[], read, limits) };
  const { dialect: name, switches } = parsed.data;
  return { ...changedTable(parsed.data, read, limits, base), name, switches };
}

/** Loads the dictionary that a dialect extends, by the path that it names. */
export type ReadBase = (path: string) => LoadedTable;

function noFiles(path: string): LoadedTable {
  return { issues: [dictionaryIssue('DIALECT_BASE', `"${path}" cannot be read here`)] };
}

function schemaIssues(
  found: readonly SchemaIssue[],
  read: YamlSource,
  { dictionaryIssuesMax }: Limits,
): readonly Issue[] {
  const all = found.flatMap(eachKey).map((issue) => {
    const { message, path, what } = schemaProblem(issue, read.data);
    const place = read.place(path, what);
    const field = path.length === 0 ? {} : { field: path.join('.') };
    return dictionaryIssue('DIALECT_SCHEMA', message, { ...place, ...field });
  });
  return all.sort(byPlace).slice(0, dictionaryIssuesMax);
}

function byPlace({ at: left }: Issue, { at: right }: Issue): number {
  const lines = (left?.line ?? 0) - (right?.line ?? 0);
  return lines === 0 ? (left?.column ?? 0) - (right?.column ?? 0) : lines;
}

function changedTable(data: DialectData, read: YamlSource, limits: Limits, readBase: ReadBase): LoadedTable {
  const findings = new Findings(dictionaryIssue, limits.dictionaryIssuesMax);
  const tell: TellChange = (code, message, path) =>
    findings.tell(code, message, { ...read.place(path), field: path.join('.') });
  const base = baseOf(data, readBase, tell);
  if (base === undefined) return { issues: findings.issues };
  const withFields = fieldsChanged(base, data, tell);
  const table = structuresChanged(withFields, data, tell);
  if (!findings.broken)
    checkStructures(table, limits, (code, message, key) => tell(code, message, placeOf(data, key)));
  return findings.broken ? { issues: findings.issues } : { table, issues: findings.issues };
}

/** Application messages of FIX 5.0 and later come between header and trailer of FIXT. Undefined, and told, where a file cannot be used. */
function baseOf(
  { extends: named, transport: path }: DialectData,
  readBase: ReadBase,
  tell: TellChange,
): FixTable | undefined {
  const loaded = (from: string, key: string): FixTable | undefined => {
    const { table, issues } = readBase(from);
    const first = issues.find(({ severity }) => severity === 'error');
    const { line = 1, column = 1 } = first?.at ?? {};
    if (table === undefined)
      tell('DIALECT_BASE', `${from}:${line}:${column}: ${first?.message ?? 'no dictionary'}`, [key]);
    return table;
  };
  const own = dictionaryPath.test(named) ? loaded(named, 'extends') : standardTable(named);
  const around = path === undefined ? standardTable(transport) : loaded(path, 'transport');
  if (own === undefined || around === undefined) return undefined;
  if (path !== undefined && (around.version !== transport || own.header !== '')) {
    tell('DIALECT_CHANGE', `${around.version} cannot stand around ${own.application ?? own.version}`, [
      'transport',
    ]);
    return undefined;
  }
  return own.header === '' ? overTransport(around, own) : own;
}

function placeOf(data: DialectData, key: string): readonly string[] {
  const path = key.startsWith('@') ? ['components', key.slice(1)] : ['messages', key];
  const [section = '', name = ''] = path;
  const known = section === 'components' ? data.components : data.messages;
  return Object.hasOwn(known, name) ? path : ['dialect'];
}

function fieldsChanged(table: FixTable, { fields }: DialectData, tell: TellChange): FixTable {
  const rows: Record<string, FieldRow> = { ...table.fields };
  const gone = new Set<number>();
  const named = new Map(Object.entries(table.lengths ?? {}).map(([length, data]) => [data, Number(length)]));
  for (const [tag, change] of Object.entries(fields)) {
    const path = ['fields', tag];
    if (change.lengthField !== undefined) named.set(Number(tag), Number(change.lengthField));
    if (change.remove) {
      if (!Object.hasOwn(rows, tag)) tell('DIALECT_CHANGE', `there is no field ${tag}`, path);
      delete rows[tag];
      gone.add(Number(tag));
    } else {
      const whole = change.name !== undefined && change.type !== undefined;
      const known = rows[tag] ?? (whole ? undefined : laterRow(table, tag));
      const row = fieldRow(known, change, tag, tell);
      if (row !== undefined) rows[tag] = row;
    }
  }
  tellSameNames(rows, fields, tell);
  tellNoLengths(rows, fields, tell);
  const lengths = dataPairs(rows, named, (name, tag) => {
    if (Object.hasOwn(fields, tag)) tell('DICTIONARY_DATA', name, ['fields', String(tag)]);
  });
  const { lengths: _before, ...whole } = gone.size === 0 ? table : withoutTags(table, gone);
  return { ...whole, fields: rows, ...(Object.keys(lengths).length > 0 && { lengths }) };
}

/** A field of a later version than the dialect's: of the first one that has it. */
function laterRow({ version, application = version }: FixTable, tag: string): FieldRow | undefined {
  const later = applications.slice(applications.indexOf(application) + 1);
  return later.map((name) => standardTable(name).fields[tag]).find((row) => row !== undefined);
}

function fieldRow(
  known: FieldRow | undefined,
  change: FieldData,
  tag: string,
  tell: TellChange,
): FieldRow | undefined {
  const path = ['fields', tag];
  const name = change.name ?? known?.[0];
  const type = change.type ?? known?.[1];
  if (name === undefined || type === undefined) {
    tell(
      'DIALECT_SCHEMA',
      `${tag} is of no later version: it needs ${name === undefined ? 'name' : 'type'}`,
      path,
    );
    return undefined;
  }
  const values = { ...known?.[2], ...change.values };
  for (const [at, value] of change.withoutValues.entries()) {
    if (!Object.hasOwn(values, value))
      tell('DIALECT_CHANGE', `${name}(${tag}) does not list "${value}"`, [...path, 'withoutValues', at]);
    delete values[value];
  }
  const listed = !change.anyValue && Object.keys(values).length > 0;
  if (listed && kindOf(type) === 'data')
    tell('DIALECT_SCHEMA', `${name}(${tag}) is data and lists no values`, path);
  return listed ? [name, type, values] : [name, type];
}

/** Members are named by their names, so no two fields may share one. */
function tellSameNames(
  rows: Readonly<Record<string, FieldRow>>,
  fields: DialectData['fields'],
  tell: TellChange,
): void {
  const tags = new Map<string, string>();
  for (const [tag, [name]] of Object.entries(rows)) {
    const other = tags.get(name);
    const own = Object.hasOwn(fields, tag) ? tag : other;
    if (
      other !== undefined &&
      own !== undefined &&
      (Object.hasOwn(fields, tag) || Object.hasOwn(fields, other))
    )
      tell('DIALECT_CHANGE', `${other} and ${tag} are both called ${name}`, ['fields', own]);
    else tags.set(name, tag);
  }
}

/** What a dialect names itself is not guessed at. */
function tellNoLengths(
  rows: Readonly<Record<string, FieldRow>>,
  fields: DialectData['fields'],
  tell: TellChange,
): void {
  for (const [tag, { lengthField: length }] of Object.entries(fields)) {
    const [name = 'tag ', type = ''] = length === undefined ? [] : (rows[length] ?? []);
    if (length !== undefined && !isLength(type))
      tell('DIALECT_CHANGE', `${name}(${length}) is no field that says a length`, [
        'fields',
        tag,
        'lengthField',
      ]);
  }
}

function withoutTags(table: FixTable, gone: ReadonlySet<number>): FixTable {
  const kept = (list: readonly Item[]): readonly Item[] =>
    list
      .filter(({ tag }) => !gone.has(tag))
      .map((item) => (item.inner === undefined ? item : { ...item, inner: kept(item.inner) }));
  const without = (text: string): string => structureText(kept(items(text)));
  return {
    ...table,
    header: without(table.header),
    trailer: without(table.trailer),
    components: Object.fromEntries(
      Object.entries(table.components).map(([name, text]) => [name, without(text)]),
    ),
    messages: Object.fromEntries(
      Object.entries(table.messages).map(([type, [name, category, body]]) => [
        type,
        [name, category, without(body)],
      ]),
    ),
  };
}

function structuresChanged(table: FixTable, data: DialectData, tell: TellChange): FixTable {
  const components: Record<string, string> = { ...table.components };
  for (const name of Object.keys(data.components))
    if (!Object.hasOwn(components, name)) components[name] = '';
  const made: FixTable = { ...table, components };
  const changes = new MemberChanges(made, tell);
  for (const [name, change] of Object.entries(data.components)) {
    const path = ['components', name];
    const old = items(components[name] ?? '');
    const base = change.members === undefined ? old : changes.listed(change.members, [...path, 'members']);
    components[name] = structureText(changes.changed(base, change, path));
    if (components[name] === '') tell('DIALECT_SCHEMA', `the component "${name}" has no members`, path);
  }
  const edge = (text: string, key: 'header' | 'trailer'): string =>
    structureText(changes.changed(items(text), data[key], [key]));
  return {
    ...made,
    header: edge(table.header, 'header'),
    trailer: edge(table.trailer, 'trailer'),
    messages: { ...table.messages, ...messagesChanged(made, data, changes, tell) },
  };
}

function messagesChanged(
  table: FixTable,
  { messages }: DialectData,
  changes: MemberChanges,
  tell: TellChange,
): Readonly<Record<string, FixTable['messages'][string]>> {
  return Object.fromEntries(
    Object.entries(messages).flatMap(([type, change]) => {
      const path = ['messages', type];
      const [known, usual = 'app', body = ''] = rowIn(table.messages, type) ?? [];
      const name = change.name ?? known;
      if (name === undefined) tell('DIALECT_SCHEMA', `${type} is new: it needs name`, path);
      const base =
        change.members === undefined ? items(body) : changes.listed(change.members, [...path, 'members']);
      const text = structureText(changes.changed(base, change, path));
      return name === undefined ? [] : [[type, [name, change.category ?? usual, text] as const]];
    }),
  );
}
