import type { Calendar } from '../calendar/index.ts';
import type { Entry } from '../contract/entry.ts';
import type { Event } from '../events/index.ts';
import { type Effect, type ProjectionStore, type SqlRow, toldEvent } from '../log/index.ts';
import { type Adopted, adoptedNow, isAfterCut } from './baselines.ts';
import { instantOf } from './instant.ts';
import { dateIn, linesOf } from './lines.ts';
import type { Because, Bookkeeper } from './movements.ts';

/** What folding one entry works with. */
export interface Fold {
  readonly store: ProjectionStore;
  readonly entry: Entry;
  readonly calendar: Calendar;
  readonly bookkeeper: Bookkeeper;
}

/**
 * Keeps which facts count, whosever word they are, and books ours.
 *
 * A fact of ours is booked while it counts, unless the baseline holds it: its date is not after the baseline's. Then
 * only what happens to it after the baseline's cut is booked: the bust of such a trade takes it out, the correction of
 * one takes it out and books the new state.
 */
export function bookEffects(fold: Fold, effects: readonly Effect[]): void {
  if (effects.length === 0) return;
  const baseline = adoptedNow(fold.store);
  for (const effect of effects) {
    if (effect.sign === 1) begin(fold, effect, baseline);
    else end(fold, effect, effects, baseline);
  }
}

/** Books anew what the baseline holds now, or no longer. */
export function bookAgain(fold: Fold): void {
  const baseline = adoptedNow(fold.store);
  for (const row of fold.store.all('SELECT * FROM book_facts WHERE moves = 1 ORDER BY since, number'))
    settle(fold, factIn(row), baseline, 'baseline');
}

/** A fact of ours that moves the book, as its row has it. */
interface Fact {
  readonly since: number;
  readonly number: number;
  readonly until: number | null;
  readonly eventId: string;
  readonly date: string;
  readonly source: number;
  readonly place: number;
  /** When it was told, where it takes the place of another fact. */
  readonly replacedAt: number | null;
  /** When it was undone by another fact. */
  readonly endedAt: number | null;
  /** What is booked of it: nothing, once, or taken out once. */
  readonly booked: number;
}

function begin(fold: Fold, effect: Effect, baseline: Adopted | undefined): void {
  const { store, entry, calendar, bookkeeper } = fold;
  const { event, source, place, number, because } = effect;
  if (because === 'restored') undoEnd(fold, event.id, baseline);
  const moves = event.perspective === 'ours' ? linesOf(event, calendar) : undefined;
  const line = moves !== undefined && 'line' in moves ? moves.line : undefined;
  const date = line?.tradeDate ?? factDate(event);
  const replacedAt = event.replaces === undefined ? null : (happenedAt(event) ?? entry.receivedAt);
  const booked =
    line !== undefined && dueOf({ date, replacedAt, until: null, endedAt: null }, baseline) === 1;
  store.run(
    `INSERT INTO book_facts (since, number, until, event_id, type, perspective, date, source, place, moves, unbooked,
       replaced_at, ended_at, booked) VALUES (?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)`,
    entry.offset,
    number,
    event.id,
    event.type,
    event.perspective,
    date,
    source,
    place,
    line === undefined ? 0 : 1,
    moves !== undefined && 'unbooked' in moves ? moves.unbooked : null,
    replacedAt,
    booked ? 1 : 0,
  );
  if (!booked) return;
  bookkeeper.write({ line, sign: 1, because, eventId: event.id, key: event.businessKey, source });
}

function end(fold: Fold, effect: Effect, effects: readonly Effect[], baseline: Adopted | undefined): void {
  const { store, entry } = fold;
  const row = store.get('SELECT * FROM book_facts WHERE event_id = ? AND until IS NULL', effect.event.id);
  if (row === undefined) return;
  const undone = effect.because === 'reversed' || effect.because === 'replaced';
  const by = effects.find(({ event }) => event.id === effect.by)?.event;
  const endedAt = undone ? ((by && happenedAt(by)) ?? entry.receivedAt) : null;
  const fact: Fact = { ...factIn(row), until: entry.offset, endedAt };
  store.run(
    'UPDATE book_facts SET until = ?, ended_at = ? WHERE since = ? AND number = ?',
    entry.offset,
    endedAt,
    fact.since,
    fact.number,
  );
  if (Number(row['moves']) === 1) settle(fold, fact, baseline, effect.because, effect.event);
}

/** A fact that counts again was never undone: what its end took out of the baseline comes back. */
function undoEnd(fold: Fold, eventId: string, baseline: Adopted | undefined): void {
  const { store } = fold;
  const rows = store.all(
    'SELECT * FROM book_facts WHERE event_id = ? AND ended_at IS NOT NULL AND moves = 1',
    eventId,
  );
  store.run('UPDATE book_facts SET ended_at = NULL WHERE event_id = ?', eventId);
  for (const row of rows) settle(fold, { ...factIn(row), endedAt: null }, baseline, 'restored');
}

/** Writes the movement that brings what is booked of a fact to what should be. */
function settle(fold: Fold, fact: Fact, baseline: Adopted | undefined, because: Because, told?: Event): void {
  const { store, calendar, bookkeeper } = fold;
  const due = dueOf(fact, baseline);
  if (due === fact.booked) return;
  const event = told ?? toldEvent(store, fact.source, fact.place);
  const moves = event === undefined ? undefined : linesOf(event, calendar);
  if (event === undefined || moves === undefined || !('line' in moves)) return;
  const sign = due > fact.booked ? 1 : -1;
  const { source, eventId } = fact;
  bookkeeper.write({ line: moves.line, sign, because, eventId, key: event.businessKey, source });
  store.run(
    'UPDATE book_facts SET booked = ? WHERE since = ? AND number = ?',
    fact.booked + sign,
    fact.since,
    fact.number,
  );
}

/** 1 where a fact stands in the book beside the baseline, -1 where the baseline holds what was undone since, else 0. */
function dueOf(
  fact: Pick<Fact, 'date' | 'replacedAt' | 'until' | 'endedAt'>,
  baseline: Adopted | undefined,
): -1 | 0 | 1 {
  const replacedLate =
    fact.replacedAt !== null && baseline !== undefined && isAfterCut(fact.replacedAt, baseline);
  const held = baseline !== undefined && fact.date <= baseline.asOf && !replacedLate;
  if (fact.until === null) return held ? 0 : 1;
  return held && fact.endedAt !== null && isAfterCut(fact.endedAt, baseline) ? -1 : 0;
}

function happenedAt(event: Event): number | undefined {
  return instantOf(event.occurredAt) ?? instantOf(event.receivedAt);
}

/** The day that a fact counts for, by its own words; empty where it names none. */
function factDate({ data, businessDate, asOf }: Event): string {
  const said = (name: string): string | undefined => {
    const value = (data as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' ? value : undefined;
  };
  const names = ['tradeDate', 'settlementDate', 'effectiveDate', 'payDate', 'exDate', 'valueDate'];
  return dateIn(...names.map(said), businessDate, asOf) ?? '';
}

function factIn(row: SqlRow): Fact {
  const time = (name: string): number | null => (row[name] === null ? null : Number(row[name]));
  return {
    since: Number(row['since']),
    number: Number(row['number']),
    until: time('until'),
    eventId: String(row['event_id']),
    date: String(row['date']),
    source: Number(row['source']),
    place: Number(row['place']),
    replacedAt: time('replaced_at'),
    endedAt: time('ended_at'),
    booked: Number(row['booked']),
  };
}
