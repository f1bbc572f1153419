import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Dictionary, dictionaryOf, type FieldRow, type FixTable } from './dictionary.ts';
import { applicationOf, beginStringOf, transport } from './versions.ts';

/**
 * All versions at once, each fact with the version that brought it: what `tables/standard.json` holds. A row counts from its
 * version on, until a later row of the same key; `null` says that the version took it away.
 */
export interface StandardFacts {
  /** In the order of their appearance. */
  readonly versions: readonly string[];
  /** FIXT 1.1, which has no application messages. */
  readonly transport: FixTable;
  readonly header: Since<string>;
  readonly trailer: Since<string>;
  readonly components: Readonly<Record<string, Since<string>>>;
  readonly messages: Readonly<Record<string, Since<FixTable['messages'][string]>>>;
  readonly fields: Readonly<Record<string, Since<FieldRow | ValueChanges>>>;
}

/** A field that kept name and type: values that a version added or renamed, and with `null` those that it took away. */
export type ValueChanges = Readonly<Record<string, string | null>>;

/** By version, without `FIX.`: what it says from then on. */
export type Since<T> = Readonly<Record<string, T | null>>;

const dictionaries = new Map<string, Dictionary>();
const tables = new Map<string, FixTable>();

/**
 * The dictionary that reads a BeginString(8); for FIXT.1.1, session messages of FIXT and application messages of the version that
 * ApplVerID(1128) names, 9 (FIX 5.0 SP2) where it is left out or not known. A BeginString(8) of no version is read by FIX 4.4: the
 * dictionary's `version` then is another one. Facts are read on first use, once for each version.
 */
export function loadDictionary(beginString: string, applVerId?: string): Dictionary {
  const begin = beginStringOf(beginString);
  const version = begin === transport ? applicationOf(applVerId) : begin;
  const key = `${begin} ${version}`;
  const known = dictionaries.get(key);
  if (known !== undefined) return known;
  const own = standardTable(version);
  const made = dictionaryOf(begin === transport ? overTransport(standardTable(transport), own) : own);
  dictionaries.set(key, made);
  return made;
}

/** The table of `FIX.4.4`, `FIX.5.0SP2` or `FIXT.1.1`, as its own document has it: FIX 5.0 has no header and no session. */
export function standardTable(version: string): FixTable {
  const known = tables.get(version);
  if (known !== undefined) return known;
  // The facts of all versions are not kept: few processes read more than two. FIXT is small, and comes with most of the later ones.
  const facts = standardFacts();
  const table = version === transport ? facts.transport : tableAt(facts, version);
  tables.set(transport, facts.transport).set(version, table);
  return table;
}

/** All facts of the standard, read anew. */
export function standardFacts(): StandardFacts {
  return JSON.parse(factsText()) as StandardFacts;
}

/** Hex SHA-256 of all facts of the standard. Nothing is parsed for it. */
export function standardFingerprint(): string {
  return hash('sha256', factsText());
}

function factsText(): string {
  return readFileSync(new URL('./tables/standard.json', import.meta.url), 'utf8');
}

/** What the facts are at one of their versions. Plain loops: this is most of a cold start. */
export function tableAt(facts: StandardFacts, version: string): FixTable {
  const until = new Set(
    facts.versions.slice(0, facts.versions.indexOf(version) + 1).map((name) => name.slice('FIX.'.length)),
  );
  const last = <T>(since: Since<T>): T | undefined => lastOf(since, until);
  return {
    version,
    header: last(facts.header) ?? '',
    trailer: last(facts.trailer) ?? '',
    components: rowsAt(facts.components, last),
    messages: rowsAt(facts.messages, last),
    fields: rowsAt(facts.fields, (since) => fieldAt(since, until)),
  };
}

function rowsAt<T, Row>(
  all: Readonly<Record<string, Since<T>>>,
  at: (since: Since<T>) => Row | undefined,
): Record<string, Row> {
  const found: Record<string, Row> = {};
  for (const key in all) {
    const row = at(all[key] as Since<T>);
    if (row !== undefined) found[key] = row;
  }
  return found;
}

/** Rows stand in the order of versions. */
function lastOf<T>(since: Since<T>, until: ReadonlySet<string>): T | undefined {
  let row: T | null | undefined;
  for (const name in since) {
    if (!until.has(name)) break;
    row = since[name];
  }
  return row ?? undefined;
}

function fieldAt(since: Since<FieldRow | ValueChanges>, until: ReadonlySet<string>): FieldRow | undefined {
  let row: FieldRow | undefined;
  for (const name in since) {
    if (!until.has(name)) break;
    const told = since[name] ?? undefined;
    row =
      told === undefined || isRow(told) || row === undefined
        ? (told as FieldRow | undefined)
        : changed(row, told);
  }
  return row;
}

function changed([name, type, values]: FieldRow, changes: ValueChanges): FieldRow {
  const merged: Record<string, string> = {};
  for (const value in values) if (changes[value] === undefined) merged[value] = values[value] as string;
  for (const value in changes) {
    const called = changes[value];
    if (typeof called === 'string') merged[value] = called;
  }
  return [name, type, merged];
}

function isRow(told: FieldRow | ValueChanges | undefined): told is FieldRow {
  return Array.isArray(told);
}

/**
 * The application messages of one table between header and trailer of another one, whose session messages and components
 * come first. Of a field that both know, the transport's row counts, but where only the application lists values.
 * Source: FIXT 1.1; as QuickFIX, which judges header and session messages by the transport's dictionary.
 */
export function overTransport(session: FixTable, content: FixTable): FixTable {
  const messages = Object.entries(content.messages).filter(([, [, category]]) => category !== 'admin');
  const rows = Object.entries(session.fields).filter(([tag, row]) => !better(content.fields[tag], row));
  const lengths = { ...session.lengths, ...content.lengths };
  return {
    version: session.version,
    application: content.version,
    header: session.header,
    trailer: session.trailer,
    components: { ...content.components, ...session.components },
    messages: { ...session.messages, ...Object.fromEntries(messages) },
    fields: { ...content.fields, ...Object.fromEntries(rows) },
    ...(Object.keys(lengths).length > 0 && { lengths }),
  };
}

function better(content: FieldRow | undefined, session: FieldRow): boolean {
  return content?.[2] !== undefined && session[2] === undefined;
}
