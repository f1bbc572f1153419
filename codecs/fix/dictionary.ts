import { hash } from 'node:crypto';
import { kindOf, type ValueKind } from './formats.ts';
import { LevelGroups } from './level-groups.ts';
import { type Item, items } from './structure-text.ts';
import standardLengths from './tables/data-fields.json' with { type: 'json' };

/** One FIX version, or one dialect of it, as facts. Structures are text, see `structure-text.ts`. */
export interface FixTable {
  readonly version: string;
  /** FIXT: the version of the application messages that it carries. */
  readonly application?: string;
  readonly header: string;
  readonly trailer: string;
  readonly components: Readonly<Record<string, string>>;
  /** MsgType(35) to name, category (`admin` or `app`) and structure of the body. */
  readonly messages: Readonly<Record<string, readonly [name: string, category: string, body: string]>>;
  /** Number to name, type and, where the standard lists them, values with their short names. */
  readonly fields: Readonly<Record<string, FieldRow>>;
  /** Number of a length field to that of the data field which it measures, where the standard does not pair them. */
  readonly lengths?: Readonly<Record<string, number>>;
}
export type FieldRow = readonly [name: string, type: string, values?: Readonly<Record<string, string>>];

export interface FieldFact {
  readonly tag: number;
  readonly name: string;
  /** The standard's own name of the type: `UTCTIMESTAMP`. */
  readonly type: string;
  readonly kind: ValueKind;
  readonly values?: ReadonlyMap<string, string>;
  /** 1 at the code of each value that is one character. */
  readonly letters?: Uint8Array;
}

/** What a tag is on a level; a sum of these, 0 where it has no place there. */
export const role = { member: 1, required: 2, group: 4, header: 8, trailer: 16 } as const;

/** A message, or one entry of a repeating group: which tags have a place there. */
export interface LevelFact {
  /** By tag; tags beyond its end have no place. Made when it is first asked for. */
  readonly roles: Uint8Array;
  /** All tags that have a place here, in the standard's order. */
  readonly members: readonly number[];
  /** What each of the members is: a sum of {@link role}. */
  readonly parts: readonly number[];
  readonly required: readonly number[];
  /** By the tag of the count. */
  readonly groups: ReadonlyMap<number, LevelFact>;
  /** The tag that begins an entry; 0 for a message. */
  readonly first: number;
}

export interface MessageFact {
  readonly type: string;
  readonly name: string;
  readonly admin: boolean;
  readonly level: LevelFact;
}

export interface Dictionary {
  /** `FIX.4.4`: the BeginString(8) of the version whose table this is. */
  readonly version: string;
  /** `FIX.5.0SP2`: the version of its application messages; `version` itself but for FIXT. */
  readonly application: string;
  /** Its application messages are of FIX 4.2 or before: ExecTransType(20), no parties. */
  readonly early: boolean;
  /** Hex SHA-256 of the facts. */
  readonly fingerprint: string;
  field(tag: number): FieldFact | undefined;
  /** By tag: 1 where any value that is not empty will do. Tags beyond its end are not known. */
  readonly anyValue: Uint8Array;
  message(type: string): MessageFact | undefined;
  /** Header and trailer alone: what is known of a message of an unknown type. */
  readonly envelope: LevelFact;
  /**
   * By tag of a length field: the tag of the data field that it measures, 0 where it measures none. Undefined: the standard's pairs
   * are all there are.
   */
  readonly dataOf: Int32Array | undefined;
  readonly types: readonly string[];
  readonly tags: readonly number[];
}

/** A dictionary of a table. Levels, fields and the fingerprint are made when they are first asked for. */
export function dictionaryOf(table: FixTable): Dictionary {
  const tags = Object.keys(table.fields).map(Number);
  const size = tags.reduce((most, tag) => Math.max(most, tag), 0) + 1;
  const fields: (FieldFact | undefined)[] = new Array(size);
  const messages = new Map<string, MessageFact>();
  const { version, application = version } = table;
  const components = componentsOf(table);
  let envelope: LevelFact | undefined;
  let fingerprint: string | undefined;
  return {
    version,
    application,
    early: ['FIX.4.0', 'FIX.4.1', 'FIX.4.2'].includes(application),
    get fingerprint() {
      fingerprint ??= hash('sha256', JSON.stringify(table));
      return fingerprint;
    },
    tags,
    anyValue: anyValueOf(table, size),
    dataOf: dataOf(table),
    types: Object.keys(table.messages),
    get envelope() {
      envelope ??= messageLevel(table, '', components);
      return envelope;
    },
    field(tag) {
      const known = fields[tag];
      if (known !== undefined || !Object.hasOwn(table.fields, tag)) return known;
      const row = table.fields[tag];
      if (row !== undefined) fields[tag] = fieldFact(tag, withNames(table, tag, row), kindIn(table, row[1]));
      return fields[tag];
    },
    message(type) {
      const known = messages.get(type);
      if (known !== undefined || !Object.hasOwn(table.messages, type)) return known;
      const [name, category, body] = table.messages[type] ?? ['', '', ''];
      const fact = { type, name, admin: category === 'admin', level: messageLevel(table, body, components) };
      messages.set(type, fact);
      return fact;
    },
  };
}

/** The values of MsgType(35) are the messages; everything else lists its own. */
function withNames({ messages }: FixTable, tag: number, row: FieldRow): FieldRow {
  if (tag !== msgTypeTag) return row;
  const names = Object.entries(messages).map(([type, [name]]) => [type, name] as const);
  return [row[0], row[1], Object.fromEntries(names)];
}

/** MsgType(35) is judged by the messages that the table has, not by the list of its values. */
function anyValueOf(table: FixTable, size: number): Uint8Array {
  const any = new Uint8Array(size).fill(1);
  const kinds = new Map<string, ValueKind>();
  for (const tag in table.fields) {
    const row = table.fields[tag] as FieldRow;
    let kind = kinds.get(row[1]);
    if (kind === undefined) {
      kind = kindIn(table, row[1]);
      kinds.set(row[1], kind);
    }
    const free = kind === 'data' || (row[2] === undefined && (kind === 'text' || kind === 'words'));
    if (!free) any[Number(tag)] = 0;
  }
  any[msgTypeTag] = 1;
  return any;
}

const msgTypeTag = 35;

/** Until FIX 4.1, CHAR is text of any length. Source: FIX 4.0 and 4.1, "Data types"; FIX 4.2 brought STRING beside it. */
function kindIn({ version, application = version }: FixTable, type: string): ValueKind {
  const free = type === 'CHAR' && (application === 'FIX.4.0' || application === 'FIX.4.1');
  return free ? 'text' : kindOf(type);
}

function fieldFact(tag: number, [name, type, values]: FieldRow, kind: ValueKind): FieldFact {
  if (values === undefined) return { tag, name, type, kind };
  const letters = new Uint8Array(256);
  for (const value of Object.keys(values)) {
    if (value.length === 1) letters[value.charCodeAt(0)] = 1;
  }
  return { tag, name, type, kind, values: new Map(Object.entries(values)), letters };
}

function dataOf({ lengths }: FixTable): Int32Array | undefined {
  if (lengths === undefined) return undefined;
  const pairs = [...Object.entries(standardLengths), ...Object.entries(lengths)];
  const made = new Int32Array(pairs.reduce((most, [length]) => Math.max(most, Number(length)), 0) + 1);
  for (const [length, data] of pairs) made[Number(length)] = data;
  return made;
}

/** The items of a component, by its name; most messages share theirs. */
type Components = (name: string) => readonly Item[];

function componentsOf({ components }: FixTable): Components {
  const parsed = new Map<string, readonly Item[]>();
  return (name) => {
    const known = parsed.get(name) ?? items(components[name] ?? '');
    parsed.set(name, known);
    return known;
  };
}

function messageLevel({ header, trailer }: FixTable, body: string, components: Components): LevelFact {
  return levelOf(components, [
    ...placed(components, items(header), role.header, true),
    ...placed(components, items(body), 0, true),
    ...placed(components, items(trailer), role.trailer, true),
  ]);
}

/** A tag with its place on a level, components taken apart. */
interface Placed {
  readonly tag: number;
  readonly bits: number;
  readonly inner: readonly Item[] | undefined;
}

/**
 * A required field of a component that is itself optional is required only where the component is used: it is not
 * checked. Source: conduct of QuickFIX (`DataDictionary::addXMLComponentFields`).
 */
function placed(
  components: Components,
  list: readonly Item[],
  mark: number,
  binding: boolean,
): readonly Placed[] {
  return list.flatMap(({ tag, component, required, inner }): readonly Placed[] => {
    const bound = binding && required;
    if (component !== undefined) return placed(components, components(component), mark, bound);
    const bits = role.member | mark | (bound ? role.required : 0) | (inner ? role.group : 0);
    return [{ tag, bits, inner }];
  });
}

function levelOf(components: Components, list: readonly Placed[]): LevelFact {
  const groups = new Map<number, () => LevelFact>();
  for (const { tag, inner } of list)
    if (inner !== undefined) groups.set(tag, () => levelOf(components, placed(components, inner, 0, true)));
  let roles: Uint8Array | undefined;
  return {
    get roles() {
      roles ??= rolesOf(list);
      return roles;
    },
    members: list.map(({ tag }) => tag),
    parts: list.map(({ bits }) => bits),
    required: list.filter(({ bits }) => (bits & role.required) !== 0).map(({ tag }) => tag),
    groups: new LevelGroups(groups),
    first: list[0]?.tag ?? 0,
  };
}

/** Roles reach as far as the level's own tags: a custom tag of five digits costs only the levels that have it. */
function rolesOf(list: readonly Placed[]): Uint8Array {
  const roles = new Uint8Array(list.reduce((most, { tag }) => Math.max(most, tag), 0) + 1);
  for (const { tag, bits } of list) roles[tag] = bits;
  return roles;
}
