import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Dictionary, dictionaryOf, type FieldRow, type FixTable } from './dictionary.ts';
import versions from './tables/versions.json' with { type: 'json' };

/** A table of the standard, and the hex SHA-256 of its text. */
export interface LoadedTable {
  readonly table: FixTable;
  readonly fingerprint: string;
}

const dictionaries = new Map<string, Dictionary>();
const tables = new Map<string, LoadedTable>();

/**
 * The dictionary that reads a BeginString(8); for FIXT.1.1, session messages of FIXT and application messages of the version that
 * ApplVerID(1128) names, 9 (FIX 5.0 SP2) where it is left out or not known. A BeginString(8) of no version is read by FIX 4.4: the
 * dictionary's `version` then is another one. Tables are read once, on first use.
 */
export function loadDictionary(beginString: string, applVerId?: string): Dictionary {
  const begin = Object.hasOwn(beginStrings, beginString) ? beginString : nearest;
  const application = begin === fixt ? applicationTable(applVerId) : '';
  const key = `${begin} ${application}`;
  const known = dictionaries.get(key);
  if (known !== undefined) return known;
  const own = standardTable(beginStrings[begin] ?? '');
  const { table, fingerprint } = application === '' ? own : overTransport(own, standardTable(application));
  const dictionary = dictionaryOf(table, fingerprint);
  dictionaries.set(key, dictionary);
  return dictionary;
}

const beginStrings: Readonly<Record<string, string>> = versions.beginStrings;
const applVerIds: Readonly<Record<string, string>> = versions.applVerIds;
const fixt = 'FIXT.1.1';
const nearest = 'FIX.4.4';

function applicationTable(applVerId = versions.defaultApplVerId): string {
  const known = Object.hasOwn(applVerIds, applVerId) ? applVerId : versions.defaultApplVerId;
  return applVerIds[known] ?? '';
}

/** The table of a file in `tables`, such as `FIX50SP2`. */
export function standardTable(name: string): LoadedTable {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const text = textOf(name);
  const loaded = { table: JSON.parse(text) as FixTable, fingerprint: hash('sha256', text) };
  tables.set(name, loaded);
  return loaded;
}

function textOf(name: string): string {
  return readFileSync(new URL(`./tables/${name}.json`, import.meta.url), 'utf8');
}

/** Hex SHA-256 of all tables of the standard together. None is parsed for it. */
export function standardFingerprint(): string {
  const names = [...Object.values(beginStrings), ...Object.values(applVerIds)];
  return hash('sha256', names.map((name) => hash('sha256', textOf(name))).join());
}

/**
 * The application messages of one table between header and trailer of another one, whose session messages and components
 * come first. Of a field that both know, the transport's row counts, but where only the application lists values.
 * Source: FIXT 1.1; as QuickFIX, which judges header and session messages by the transport's dictionary.
 */
export function overTransport(transport: LoadedTable, application: LoadedTable): LoadedTable {
  const { table: session } = transport;
  const { table: content } = application;
  const messages = Object.entries(content.messages).filter(([, [, category]]) => category !== 'admin');
  const rows = Object.entries(session.fields).filter(([tag, row]) => !better(content.fields[tag], row));
  const table: FixTable = {
    version: session.version,
    application: content.version,
    header: session.header,
    trailer: session.trailer,
    components: { ...content.components, ...session.components },
    messages: { ...session.messages, ...Object.fromEntries(messages) },
    fields: { ...content.fields, ...Object.fromEntries(rows) },
  };
  return { table, fingerprint: hash('sha256', `${transport.fingerprint} ${application.fingerprint}`) };
}

function better(content: FieldRow | undefined, session: FieldRow): boolean {
  return content?.[2] !== undefined && session[2] === undefined;
}
