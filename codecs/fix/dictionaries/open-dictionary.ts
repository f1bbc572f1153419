import { hash } from 'node:crypto';
import type { Issue } from '../../../src/core/issue.ts';
import { type Limits, limits as usual } from '../../../src/core/limits.ts';
import { type Dictionary, dictionaryOf, type FixTable } from '../dictionary.ts';
import { loadDictionary, overTransport, standardTable } from '../load-dictionary.ts';
import { applicationOf, transport } from '../versions.ts';
import { type LoadedDialect, loadDialect } from './dialect.ts';
import type { DialectSwitches } from './dialect-schema.ts';
import { type DictionaryIssueCode, dictionaryIssue } from './issues.ts';
import { loadOrchestraXml } from './orchestra-xml.ts';
import { loadQuickfixXml } from './quickfix-xml.ts';

/** A dictionary that a user brings, ready to read messages by. */
export interface OpenDictionary {
  /** As a person says it: the dialect's name, or the version. */
  readonly name: string;
  readonly form: 'dialect' | 'QuickFIX XML' | 'Orchestra XML';
  /** What it says, as one table: FIXT with its application messages where it has both. */
  readonly table: FixTable;
  readonly switches: DialectSwitches;
  /** Hex SHA-256 of all that decides about a message. */
  readonly fingerprint: string;
  /** The dictionary for a BeginString(8) and an ApplVerID(1128): its own, and the standard's for versions that it is not of. */
  readonly lookup: (beginString: string, applVerId?: string) => Dictionary;
}

export interface OpenedDictionary {
  readonly dictionary?: OpenDictionary;
  readonly issues: readonly Issue[];
}

/** How a dictionary is opened. */
export interface OpenOptions {
  readonly limits?: Limits;
  /** The text of another file that a dialect names, by its path as written; undefined where it cannot be read. Absent: none can. */
  readonly read?: (path: string) => string | undefined;
}

/** The dictionary of a text: a dialect in YAML, QuickFIX XML, or Orchestra XML. Never throws; codes of `dictionaryIssues`. */
export function openDictionary(text: string, options: OpenOptions = {}): OpenedDictionary {
  const form = formOf(text);
  const loaded = loadedFrom(text, options, basesMax);
  const { table, issues, switches = {} } = loaded;
  if (form === undefined || table === undefined) return { issues };
  const name = loaded.name ?? table.application ?? table.version;
  const fingerprint = hash('sha256', JSON.stringify([table, switches]));
  return { dictionary: { name, form, table, switches, fingerprint, lookup: lookupOf(table) }, issues };
}

/** Dialects that extend dialects: more than a few are a circle. */
const basesMax = 8;

function loadedFrom(text: string, options: OpenOptions, deeper: number): LoadedDialect {
  const { limits = usual, read } = options;
  const failed = (code: DictionaryIssueCode, message: string): LoadedDialect => ({
    issues: [dictionaryIssue(code, message, { line: 1, column: 1 })],
  });
  switch (formOf(text)) {
    case 'dialect':
      return loadDialect(text, limits, (path) => {
        if (deeper === 0) return failed('DIALECT_BASE', 'dialects extend each other in a circle');
        const other = read?.(path);
        return other === undefined
          ? failed('DIALECT_BASE', 'it cannot be read')
          : loadedFrom(other, options, deeper - 1);
      });
    case 'QuickFIX XML':
      return loadQuickfixXml(text, limits);
    case 'Orchestra XML':
      return loadOrchestraXml(text, limits);
    case undefined:
      return failed('DICTIONARY_FORM', 'it is neither YAML nor a known XML');
  }
}

/** By the outermost element, comments and declarations aside; anything that does not begin with `<` is read as YAML. */
function formOf(text: string): OpenDictionary['form'] | undefined {
  const head = text.slice(0, 64 * 1024);
  if (!/^[\s\uFEFF]*</.test(head)) return 'dialect';
  const root = /<(?:[A-Za-z][\w.-]*:)?(fix|repository)[\s>/]/.exec(head)?.[1];
  return root === undefined ? undefined : root === 'fix' ? 'QuickFIX XML' : 'Orchestra XML';
}

function lookupOf(table: FixTable): OpenDictionary['lookup'] {
  const { version, application } = table;
  if (version === transport && application === undefined) return transportLookup(table);
  const own = application ?? version;
  const alone = once(() => dictionaryOf(table));
  const inFixt = once(() => dictionaryOf(application === undefined ? overFixt(table) : completed(table)));
  return (beginString, applVerId) => {
    if (beginString === version && application === undefined) return alone();
    if (beginString !== transport) return loadDictionary(beginString, applVerId);
    // FIX 5.0 and later speak over FIXT only: what names no version is of this one.
    const named = applVerId === undefined && own.startsWith('FIX.5.') ? own : applicationOf(applVerId);
    return named === own ? inFixt() : loadDictionary(beginString, applVerId);
  };
}

/** A dictionary of FIXT alone goes around the standard's application messages of every version. */
function transportLookup(table: FixTable): OpenDictionary['lookup'] {
  const made = new Map<string, Dictionary>();
  return (beginString, applVerId) => {
    if (beginString !== transport) return loadDictionary(beginString, applVerId);
    const application = applicationOf(applVerId);
    const known = made.get(application) ?? dictionaryOf(overTransport(table, standardTable(application)));
    made.set(application, known);
    return known;
  };
}

function overFixt(table: FixTable): FixTable {
  return overTransport(standardTable(transport), table);
}

/** Session messages that a whole dictionary leaves out are those of FIXT. */
function completed(table: FixTable): FixTable {
  const { messages, fields, components } = standardTable(transport);
  return {
    ...table,
    messages: { ...messages, ...table.messages },
    fields: { ...fields, ...table.fields },
    components: { ...components, ...table.components },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
