import type { FixTable } from '../../codecs/fix/dictionary.ts';
import { kindOf, type ValueKind } from '../../codecs/fix/formats.ts';
import { type Item, items } from '../../codecs/fix/structure-text.ts';
import pairs from '../../codecs/fix/tables/data-fields.json' with { type: 'json' };

/** One thing that is wrong: its code, the tag that is to blame, and the number of the field where there is one. */
export type Fault = readonly [code: string, tag: number, field: number];

/** What is wrong with a message, and by field the number of the innermost entry that it stands in. */
export interface Verdict {
  readonly faults: readonly Fault[];
  readonly owners: readonly number[];
}

interface Place {
  readonly required: boolean;
  readonly section: number;
  readonly inner: Level | undefined;
}

type Level = ReadonlyMap<number, Place>;

/**
 * What the dictionary says of a message whose bytes are sound: a second reading, written to be seen through. It takes the text of
 * the table apart itself, holds a level as a map and an entry as a set of tags, and looks ahead where it wants to know what comes.
 */
export function plainVerdict(table: FixTable, wire: string, strictUserTags = false): Verdict {
  const { fields, badData } = split(wire);
  const type = fields[2]?.[1] ?? '';
  const body = table.messages[type]?.[2] ?? '';
  const root = new Map([
    ...levelOf(table, items(table.header), 0, true),
    ...levelOf(table, items(body), 1, true),
    ...levelOf(table, items(table.trailer), 2, true),
  ]);
  const reader = new Reader(table, fields, root, strictUserTags);
  reader.read();
  const length: Fault[] = badData < 0 ? [] : [['FIX_DATA_LENGTH', fields[badData]?.[0] ?? 0, badData]];
  return { faults: [...length, ...reader.faults, ...valueFaults(table, fields)], owners: reader.owners };
}

type Field = readonly [tag: number, value: string];

/** The fields, and the number of the first data field that is not as long as was said. */
function split(wire: string): { fields: readonly Field[]; badData: number } {
  const found: Field[] = [];
  let badData = -1;
  let at = 0;
  let data = 0;
  let length = 0;
  while (at < wire.length) {
    const match = /^([1-9]\d{0,8})=/.exec(wire.slice(at, at + 11));
    const tag = match === null ? 0 : Number(match[1]);
    const value = at + (match?.[0].length ?? 0);
    let end = wire.indexOf('\u0001', value);
    if (tag !== 0 && tag === data) {
      if (wire[value + length] === '\u0001') end = value + length;
      else if (badData < 0) badData = found.length;
    }
    const text = wire.slice(value, end);
    found.push([tag, text]);
    data = (pairs as Readonly<Record<string, number>>)[tag] ?? 0;
    length = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    at = end + 1;
  }
  return { fields: found, badData };
}

function levelOf(
  table: FixTable,
  list: readonly Item[],
  section: number,
  binding: boolean,
): [number, Place][] {
  return list.flatMap((item): [number, Place][] => {
    const required = binding && item.required;
    if (item.component !== undefined)
      return levelOf(table, items(table.components[item.component] ?? ''), section, required);
    const inner = item.inner && new Map(levelOf(table, item.inner, 1, true));
    return [[item.tag, { required, section, inner }]];
  });
}

interface Open {
  readonly level: Level;
  readonly count: number;
  readonly countField: number;
  readonly promised: number;
  readonly around: number;
  first: number;
  entries: number;
  entry: number;
  from: number;
  held: Set<number>;
}

class Reader {
  readonly faults: Fault[] = [];
  readonly owners: number[] = [];
  readonly #table: FixTable;
  readonly #fields: readonly Field[];
  readonly #strictUserTags: boolean;
  readonly #open: Open[];
  readonly #strangers = new Set<number>();
  #entries = 1;
  #section = 0;

  constructor(table: FixTable, fields: readonly Field[], root: Level, strictUserTags: boolean) {
    this.#table = table;
    this.#fields = fields;
    this.#strictUserTags = strictUserTags;
    const message = { count: 0, countField: 0, promised: 1, around: 0, first: -1, entries: 1 };
    this.#open = [{ ...message, level: root, entry: 0, from: 0, held: new Set() }];
  }

  read(): void {
    for (let field = 0; field < this.#fields.length; field++) this.#field(field);
    while (this.#open.length > 1) this.#close();
    this.#missing(this.#top);
  }

  get #top(): Open {
    return this.#open.at(-1) as Open;
  }

  #field(field: number): void {
    const tag = this.#tag(field);
    const deciding = this.#known(field);
    while (this.#open.length > 1 && !(deciding !== undefined && this.#belongs(this.#top, deciding)))
      this.#close();
    const open = this.#top;
    const place = open.level.get(tag);
    const begins = this.#open.length > 1 && place !== undefined && (tag === open.first || open.entries === 0);
    if (begins) this.#begin(open, field, tag);
    this.owners.push(this.#open.length > 1 ? open.entry : 0);
    if (place === undefined) this.#stranger(field, tag);
    else this.#member(open, field, tag, place);
  }

  #tag(field: number): number {
    return this.#fields[field]?.[0] ?? 0;
  }

  /** The tag of the next field, itself included, that any open level has a place for. */
  #known(field: number): number | undefined {
    for (let next = field; next < this.#fields.length; next++) {
      const tag = this.#tag(next);
      if (this.#open.some(({ level }) => level.has(tag))) return tag;
    }
    return undefined;
  }

  #belongs(open: Open, tag: number): boolean {
    if (!open.level.has(tag)) return false;
    const again = tag === open.first ? open.entries >= open.promised : open.entries > 0 && open.held.has(tag);
    if (!again) return true;
    const above = this.#open.slice(0, -1).findLast(({ level }) => level.has(tag));
    return above === undefined || (tag !== above.first && above.held.has(tag));
  }

  #begin(open: Open, field: number, tag: number): void {
    if (open.entries > 0) this.#missing(open);
    else if (tag !== open.first) {
      this.faults.push(['FIX_GROUP_ORDER', tag, field]);
      open.first = tag;
    }
    open.entries++;
    open.entry = this.#entries++;
    open.from = field;
    open.held = new Set();
  }

  #member(open: Open, field: number, tag: number, { section, inner }: Place): void {
    if (open.held.has(tag)) this.faults.push(['FIX_TAG_REPEATED', tag, field]);
    open.held.add(tag);
    if (this.#open.length === 1) {
      if (section < this.#section) this.faults.push(['FIX_TAG_ORDER', tag, field]);
      this.#section = Math.max(this.#section, section);
    }
    const text = this.#fields[field]?.[1] ?? '';
    const promised = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (inner === undefined || promised === 0) return;
    const first = [...inner.keys()][0] ?? 0;
    const { entry } = open;
    const opened = {
      level: inner,
      count: tag,
      countField: field,
      promised,
      around: entry,
      first,
      entries: 0,
    };
    this.#open.push({ ...opened, entry, from: field, held: new Set() });
  }

  #stranger(field: number, tag: number): void {
    if (tag === 0) this.faults.push(['FIX_TAG_INVALID', pieceTag(this.#fields[field]?.[1] ?? ''), field]);
    else if (tag >= 5000) {
      if (this.#strictUserTags)
        this.faults.push([
          Object.hasOwn(this.#table.fields, tag) ? 'FIX_TAG_NOT_IN_MESSAGE' : 'FIX_TAG_USER_DEFINED',
          tag,
          field,
        ]);
    } else
      this.faults.push([
        Object.hasOwn(this.#table.fields, tag) ? 'FIX_TAG_NOT_IN_MESSAGE' : 'FIX_TAG_UNKNOWN',
        tag,
        field,
      ]);
    if (this.#open.length > 1 || tag === 0) return;
    if (this.#strangers.has(tag)) this.faults.push(['FIX_TAG_REPEATED', tag, field]);
    this.#strangers.add(tag);
  }

  #close(): void {
    const open = this.#open.pop() as Open;
    if (open.entries > 0) this.#missing(open);
    if (open.entries !== open.promised) this.faults.push(['FIX_GROUP_COUNT', open.count, open.countField]);
  }

  #missing(open: Open): void {
    for (const [tag, { required }] of open.level)
      if (required && !open.held.has(tag)) this.faults.push(['FIX_REQUIRED_MISSING', tag, -1]);
  }
}

/** A piece that begins with something like a tag is told by it. */
function pieceTag(piece: string): number {
  return Number(/^(-?\d{1,9})=/.exec(piece)?.[1] ?? Number.NaN);
}

function valueFaults(table: FixTable, fields: readonly Field[]): Fault[] {
  return fields.flatMap(([tag, value], field): Fault[] => {
    if (tag === 0) return [];
    if (value === '') return [['FIX_VALUE_EMPTY', tag, field]];
    const row = Object.hasOwn(table.fields, tag) ? table.fields[tag] : undefined;
    if (row === undefined || tag === 35) return [];
    const [, type, values] = row;
    const kind = freeCharacters(table, type) ? 'text' : kindOf(type);
    if (!forms[kind].test(value)) return [['FIX_VALUE_FORMAT', tag, field]];
    if (values === undefined || kind === 'data') return [];
    const words = kind === 'words' ? value.split(' ') : [value];
    return words
      .filter((word) => !Object.hasOwn(values, word))
      .map((): Fault => ['FIX_VALUE_ENUM', tag, field]);
  });
}

/** Until FIX 4.1, CHAR is text of any length. */
function freeCharacters({ version }: FixTable, type: string): boolean {
  return type === 'CHAR' && (version === 'FIX.4.0' || version === 'FIX.4.1');
}

const day = '\\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])';
const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d{1,12})?';
const forms: Readonly<Record<ValueKind, RegExp>> = {
  text: /^/,
  data: /^/,
  words: /^/,
  char: /^.$/s,
  boolean: /^[YN]$/,
  integer: /^(?=.{1,20}$)-?\d+$/,
  decimal: /^-?(?:\d+\.?\d*|\.\d+)$/,
  date: new RegExp(`^${day}$`),
  time: new RegExp(`^${clock}$`),
  timestamp: new RegExp(`^${day}-${clock}$`),
  month: new RegExp(`^(?:\\d{4}(?:0[1-9]|1[0-2])(?:w[1-5])?|${day})$`),
};
