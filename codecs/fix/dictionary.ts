import { kindOf, type ValueKind } from './formats.ts';

/** One FIX version as facts: what `tables/*.json` holds. Structures are text, see `tables/extract.ts`. */
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
  /** By tag; tags beyond its end have no place. */
  readonly roles: Uint8Array;
  /** All tags that have a place here, in the standard's order. */
  readonly members: readonly number[];
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
  /** Hex SHA-256 of the table. */
  readonly fingerprint: string;
  field(tag: number): FieldFact | undefined;
  /** By tag: 1 where any value that is not empty will do. Tags beyond its end are not known. */
  readonly anyValue: Uint8Array;
  message(type: string): MessageFact | undefined;
  /** Header and trailer alone: what is known of a message of an unknown type. */
  readonly envelope: LevelFact;
  readonly types: readonly string[];
  readonly tags: readonly number[];
}

/** A dictionary of a table. Levels and fields are made when they are first asked for. */
export function dictionaryOf(table: FixTable, fingerprint: string): Dictionary {
  const tags = Object.keys(table.fields).map(Number);
  const size = tags.reduce((most, tag) => Math.max(most, tag), 0) + 1;
  const fields: (FieldFact | undefined)[] = new Array(size);
  const messages = new Map<string, MessageFact>();
  const level = (body: string): LevelFact => messageLevel(table, body, size);
  let envelope: LevelFact | undefined;
  const { version, application = version } = table;
  return {
    version,
    application,
    early: ['FIX.4.0', 'FIX.4.1', 'FIX.4.2'].includes(application),
    fingerprint,
    tags,
    anyValue: anyValueOf(table, size),
    types: Object.keys(table.messages),
    get envelope() {
      envelope ??= level('');
      return envelope;
    },
    field(tag) {
      const known = fields[tag];
      if (known !== undefined || !Object.hasOwn(table.fields, tag)) return known;
      const row = table.fields[tag];
      if (row !== undefined) fields[tag] = fieldFact(tag, row, kindIn(table, row[1]));
      return fields[tag];
    },
    message(type) {
      const known = messages.get(type);
      if (known !== undefined || !Object.hasOwn(table.messages, type)) return known;
      const [name, category, body] = table.messages[type] ?? ['', '', ''];
      const fact = { type, name, admin: category === 'admin', level: level(body) };
      messages.set(type, fact);
      return fact;
    },
  };
}

function anyValueOf(table: FixTable, size: number): Uint8Array {
  const any = new Uint8Array(size).fill(1);
  for (const [tag, [, type, values]] of Object.entries(table.fields)) {
    const kind = kindIn(table, type);
    const plain = kind === 'data' || (values === undefined && (kind === 'text' || kind === 'words'));
    // MsgType(35) is judged by the messages that the table has, not by the list of its values.
    if (!plain && tag !== msgTypeTag) any[Number(tag)] = 0;
  }
  return any;
}

const msgTypeTag = '35';

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

function messageLevel(table: FixTable, body: string, size: number): LevelFact {
  const level = emptyLevel(size);
  addStructure(level, table, table.header, role.header);
  addStructure(level, table, body, 0);
  addStructure(level, table, table.trailer, role.trailer);
  return level;
}

interface OpenLevel extends LevelFact {
  readonly members: number[];
  readonly required: number[];
  readonly groups: Map<number, LevelFact>;
  first: number;
}

function emptyLevel(size: number): OpenLevel {
  return { roles: new Uint8Array(size), members: [], required: [], groups: new Map(), first: 0 };
}

function addStructure(level: OpenLevel, table: FixTable, text: string, mark: number): void {
  addItems(level, table, items(text), mark, true);
}

/**
 * A required field of a component that is itself optional is required only where the component is used: it is not
 * checked. Source: conduct of QuickFIX (`DataDictionary::addXMLComponentFields`).
 */
function addItems(
  level: OpenLevel,
  table: FixTable,
  list: readonly Item[],
  mark: number,
  binding: boolean,
): void {
  for (const item of list) {
    const required = binding && item.required;
    if (item.component !== undefined) {
      addItems(level, table, items(table.components[item.component] ?? ''), mark, required);
      continue;
    }
    if (level.first === 0) level.first = item.tag;
    level.members.push(item.tag);
    level.roles[item.tag] =
      role.member | mark | (required ? role.required : 0) | (item.inner ? role.group : 0);
    if (required) level.required.push(item.tag);
    if (item.inner === undefined) continue;
    const entry = emptyLevel(level.roles.length);
    addItems(entry, table, item.inner, 0, true);
    level.groups.set(item.tag, entry);
  }
}

interface Item {
  readonly tag: number;
  readonly component?: string;
  readonly required: boolean;
  readonly inner?: readonly Item[];
}

/** The items of a structure text: `55! 453(448 447 @PtysSubGrp) @Instrument!`. */
export function items(text: string): readonly Item[] {
  const tokens = text.match(/@\w+!?|\d+!?\(?|\)/g) ?? [];
  let at = 0;
  const list = (): Item[] => {
    const found: Item[] = [];
    for (let token = tokens[at++]; token !== undefined && token !== ')'; token = tokens[at++]) {
      const required = token.includes('!');
      if (token.startsWith('@')) found.push({ tag: 0, component: token.slice(1).replace('!', ''), required });
      else if (token.endsWith('(')) found.push({ tag: Number.parseInt(token, 10), required, inner: list() });
      else found.push({ tag: Number.parseInt(token, 10), required });
    }
    return found;
  };
  return list();
}
