import type { Entry } from '../contract/entry.ts';
import { businessKeyPartsOf, businessKeyText, decodeEvent, type Event } from '../events/index.ts';
import type { ProjectionStore, SqlRow } from './projection-store.ts';

/**
 * With the entry at `offset`, an event begins (+1) or ends (-1) to count. The effects of one event sum to 0 or 1.
 * - `told`: the entry tells it.
 * - `reversed`, `replaced`: another event undoes it, or takes its place.
 * - `voided`: a revision took back the message that told it.
 * - `restored`: what undid it, or what told its fact before, was taken back.
 */
export interface Effect {
  readonly offset: number;
  /** Which effect of the entry, from 0: what ends stands before what begins. */
  readonly number: number;
  readonly sign: 1 | -1;
  readonly because: 'told' | 'reversed' | 'replaced' | 'voided' | 'restored';
  /** Id of the event that did it; where a revision only takes back, of the event that is taken back. */
  readonly by: string;
  readonly event: Event;
  /** Offset of the entry that told the event, and which event of it, from 0. */
  readonly source: number;
  readonly place: number;
}

type Because = Effect['because'];
type Reading = Pick<ProjectionStore, 'get' | 'all'>;

/** What an entry does to what counts, in order. Determined by the entries up to it, and never changed later. */
export function effectsAt(store: Reading, offset: number): readonly Effect[] {
  return store
    .all(
      `SELECT effect.number, effect.sign, effect.because, effect.cause, effect.source, effect.place, said.event
       FROM facts_effects AS effect JOIN facts_said AS said ON said.offset = effect.source AND said.place = effect.place
       WHERE effect.offset = ? ORDER BY effect.number`,
      offset,
    )
    .map((row) => ({
      offset,
      number: Number(row['number']),
      sign: Number(row['sign']) === 1 ? 1 : -1,
      because: String(row['because']) as Because,
      by: String(row['cause']),
      // SQLite gives a BLOB as bytes, and only encoded events are written there.
      event: decodeEvent(row['event'] as Uint8Array),
      source: Number(row['source']),
      place: Number(row['place']),
    }));
}

/** An event that effects speak of, by the place that they name; undefined where none stands. */
export function toldEvent(store: Reading, source: number, place: number): Event | undefined {
  const row = store.get('SELECT event FROM facts_said WHERE offset = ? AND place = ?', source, place);
  return row === undefined ? undefined : decodeEvent(row['event'] as Uint8Array);
}

/** The same by its id, where only the entry that told it is known. */
export function toldEventNamed(store: Reading, source: number, id: string): Event | undefined {
  return store
    .all('SELECT event FROM facts_said WHERE offset = ? ORDER BY place', source)
    .map((row) => decodeEvent(row['event'] as Uint8Array))
    .find((event) => event.id === id);
}

export const effectTables = `
  CREATE INDEX facts_tellings_undated ON facts_tellings (undated, business_key) WHERE undated IS NOT NULL;
  CREATE INDEX facts_tellings_target ON facts_tellings (target) WHERE target IS NOT NULL;
  CREATE INDEX facts_tellings_target_undated ON facts_tellings (target_undated) WHERE target_undated IS NOT NULL;
  CREATE TABLE facts_said (
    offset INTEGER NOT NULL, place INTEGER NOT NULL, event BLOB NOT NULL, PRIMARY KEY (offset, place)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE facts_counting (
    business_key TEXT PRIMARY KEY, source INTEGER NOT NULL, place INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE facts_effects (
    offset INTEGER NOT NULL, number INTEGER NOT NULL, sign INTEGER NOT NULL, because TEXT NOT NULL, cause TEXT NOT NULL,
    source INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (offset, number)
  ) STRICT, WITHOUT ROWID;
`;

/** Families that are no facts of their own: balances, marks, transport, and the states of an order. */
const uncounted =
  /^(?:position|snapshot|baseline|price|feed|session|day|message|order|instrument|unknown)\b|^cash\.reported$/;

/** What the table of tellings holds of an event for the sake of counting. */
export interface Undoing {
  /** 1 where the event can count: it has a business key and is a fact of its own. */
  readonly countable: 0 | 1;
  /** The business key without its date, where it has one. */
  readonly undated: string | null;
  readonly verb: 'reverses' | 'replaces' | null;
  /** Key of the fact that it undoes or takes the place of. */
  readonly target: string | null;
  /** The same without its date, where the message did not say the date. */
  readonly targetUndated: string | null;
}

/** How an event counts, and what it undoes. */
export function undoingOf(event: Event): Undoing {
  const target = event.reverses ?? event.replaces ?? null;
  const computed = event.computed?.includes('data.tradeDate') === true;
  return {
    countable: event.businessKey !== undefined && !uncounted.test(event.type) ? 1 : 0,
    undated: event.businessKey === undefined ? null : undatedKey(event.businessKey),
    verb: target === null ? null : event.reverses !== undefined ? 'reverses' : 'replaces',
    target,
    targetUndated: target === null || !computed ? null : undatedKey(target),
  };
}

/** A key without its date; null where it holds none. */
function undatedKey(key: string): string | null {
  const [kind, reportedBy, scope, tradeDate, id, side] = businessKeyPartsOf(key);
  if (kind === undefined || id === undefined || tradeDate === undefined || tradeDate === '') return null;
  return businessKeyText({ kind, reportedBy, scope, id, side });
}

/** A telling that came, or that was voided, with an entry: what it is, and what it undid. */
export interface Changed {
  readonly id: string;
  readonly key: string | null;
  readonly undated: string | null;
  readonly target: string | null;
  readonly targetUndated: string | null;
}

/** Writes what counts from this entry on that did not count before, and the other way round. */
export function writeEffects(
  store: ProjectionStore,
  entry: Entry,
  voided: readonly Changed[],
  told: readonly Changed[],
): void {
  const keys = touched(store, [...voided, ...told]);
  const ends: Row[] = [];
  const begins: Row[] = [];
  for (const key of keys) {
    const was = countingOf(store, key);
    const first = firstOf(store, key);
    const undone = first === undefined ? undefined : undoneBy(store, first);
    const now = first === undefined || undone !== undefined ? undefined : first;
    if (was?.source === now?.source && was?.place === now?.place) continue;
    if (was !== undefined) ends.push({ ...was, key, ...endOf(store, was, undone) });
    if (now !== undefined) begins.push({ ...now, ...beginOf(now, entry, voided) });
  }
  let number = 0;
  for (const row of ends.sort(inOrder)) write(store, entry.offset, number++, -1, row);
  for (const row of begins.sort(inOrder)) write(store, entry.offset, number++, 1, row);
}

interface Place {
  readonly source: number;
  readonly place: number;
}

interface Cause {
  readonly because: Because;
  readonly cause: string;
}

interface Row extends Place, Cause {
  readonly key: string;
}

/** A telling that holds its fact. */
interface First extends Place {
  readonly id: string;
  /** Empty where it has none. */
  readonly key: string;
  readonly verb: string | null;
  readonly target: string | null;
  readonly targetUndated: string | null;
}

function write(store: ProjectionStore, offset: number, number: number, sign: 1 | -1, row: Row): void {
  const { because, cause, source, place } = row;
  store.run(
    'INSERT INTO facts_effects (offset, number, sign, because, cause, source, place) VALUES (?, ?, ?, ?, ?, ?, ?)',
    offset,
    number,
    sign,
    because,
    cause,
    source,
    place,
  );
  if (sign === -1) store.run('DELETE FROM facts_counting WHERE business_key = ?', row.key);
  else
    store.run(
      'INSERT INTO facts_counting (business_key, source, place) VALUES (?, ?, ?)',
      row.key,
      source,
      place,
    );
}

function inOrder(left: Row, right: Row): number {
  return left.source - right.source || left.place - right.place;
}

function endOf(store: Reading, was: Place, undone: Cause | undefined): Cause {
  const row = store.get(
    'SELECT id, standing FROM facts_tellings WHERE offset = ? AND place = ?',
    was.source,
    was.place,
  );
  const voided: Cause = { because: 'voided', cause: String(row?.['id']) };
  return row?.['standing'] === 'void' ? voided : (undone ?? voided);
}

function beginOf(now: First, entry: Entry, voided: readonly Changed[]): Cause {
  if (now.source === entry.offset) return { because: 'told', cause: now.id };
  const freed = voided.find(({ key, target }) => key === now.key || target === now.key);
  return { because: 'restored', cause: freed?.id ?? now.id };
}

/** All keys whose counting may change when these tellings come or go. */
function touched(store: Reading, changed: readonly Changed[]): ReadonlySet<string> {
  const keys = new Set<string>();
  const add = (key: string, undated: string | null): void => {
    const targets = new Set([key]);
    if (undated !== null) {
      for (const row of store.all(
        'SELECT DISTINCT business_key FROM facts_tellings WHERE undated = ?',
        undated,
      ))
        targets.add(String(row['business_key']));
      for (const row of store.all(
        'SELECT business_key, target FROM facts_tellings WHERE target_undated = ?',
        undated,
      )) {
        targets.add(String(row['target']));
        if (row['business_key'] !== null) keys.add(String(row['business_key']));
      }
    }
    for (const target of targets) {
      keys.add(target);
      // Who shares a target may lose or gain its place by it.
      for (const row of store.all('SELECT business_key FROM facts_tellings WHERE target = ?', target))
        if (row['business_key'] !== null) keys.add(String(row['business_key']));
    }
  };
  for (const { key, undated, target } of changed) {
    if (key !== null) add(key, undated);
    if (target !== null) add(target, undatedKey(target));
  }
  return keys;
}

function countingOf(store: Reading, key: string): Place | undefined {
  const row = store.get('SELECT source, place FROM facts_counting WHERE business_key = ?', key);
  return row === undefined ? undefined : { source: Number(row['source']), place: Number(row['place']) };
}

const firstColumns = 'offset, place, id, business_key, verb, target, target_undated';

function firstOf(store: Reading, key: string): First | undefined {
  const row = store.get(
    `SELECT ${firstColumns}, countable FROM facts_tellings WHERE business_key = ? AND standing = 'first'`,
    key,
  );
  return row === undefined || Number(row['countable']) === 0 ? undefined : firstIn(row);
}

function firstIn(row: SqlRow): First {
  const text = (name: string): string | null => (row[name] === null ? null : String(row[name]));
  return {
    source: Number(row['offset']),
    place: Number(row['place']),
    id: String(row['id']),
    key: text('business_key') ?? '',
    verb: text('verb'),
    target: text('target'),
    targetUndated: text('target_undated'),
  };
}

/**
 * What keeps the first telling of a key from counting: another fact reverses or replaces it; or it is a replacement
 * itself, and what it replaced is reversed too, or replaced once more. (Some reporters name the original in every
 * correction and bust, others the correction before.)
 */
function undoneBy(store: Reading, first: First): Cause | undefined {
  const direct = undoersOf(store, first.key).filter(({ key }) => key !== first.key);
  const found = direct.find(({ verb }) => verb === 'reverses') ?? direct[0];
  if (found !== undefined) return causeOf(found);
  if (first.verb !== 'replaces' || first.target === null) return undefined;
  const replaced = resolved(store, first);
  if (replaced === first.key) return undefined;
  const others = undoersOf(store, replaced).filter(({ key }) => key !== first.key && key !== replaced);
  const later = others.filter((one) => one.verb === 'reverses' || isLater(one, first));
  const taken = later.find(({ verb }) => verb === 'reverses') ?? later.at(-1);
  return taken === undefined ? undefined : causeOf(taken);
}

function causeOf({ verb, id }: First): Cause {
  return { because: verb === 'reverses' ? 'reversed' : 'replaced', cause: id };
}

function isLater(one: First, other: First): boolean {
  return one.source > other.source || (one.source === other.source && one.place > other.place);
}

/** First standing tellings that undo a fact, in the order in which they came. */
function undoersOf(store: Reading, key: string): readonly First[] {
  const undated = undatedKey(key);
  const rows = store.all(
    `SELECT ${firstColumns} FROM facts_tellings WHERE target = ? AND standing = 'first'`,
    key,
  );
  const loose =
    undated === null
      ? []
      : store.all(
          `SELECT ${firstColumns} FROM facts_tellings WHERE target_undated = ? AND target <> ? AND standing = 'first'`,
          undated,
          key,
        );
  const all = [...rows, ...loose].map(firstIn);
  return all
    .filter((one) => one.targetUndated === null || resolved(store, one) === key)
    .sort((left, right) => (isLater(left, right) ? 1 : -1));
}

/**
 * The key that a telling undoes. Where the message did not say its date, the computed one may be another day's: then the
 * fact with that id is meant, if there is exactly one.
 */
function resolved(store: Reading, one: First): string {
  const target = one.target ?? '';
  if (one.targetUndated === null) return target;
  const exact = store.get(
    "SELECT 1 FROM facts_tellings WHERE business_key = ? AND standing <> 'void' LIMIT 1",
    target,
  );
  if (exact !== undefined) return target;
  const keys = store.all(
    "SELECT DISTINCT business_key FROM facts_tellings WHERE undated = ? AND business_key <> ? AND standing <> 'void' LIMIT 2",
    one.targetUndated,
    one.key,
  );
  const only = keys.length === 1 ? keys[0]?.['business_key'] : undefined;
  return typeof only === 'string' ? only : target;
}
