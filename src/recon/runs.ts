import type { BookView } from '../book/index.ts';
import type { ProjectionStore } from '../log/index.ts';
import { type ComparisonCounts, explain } from './explain.ts';
import { tie, tiedTrades } from './facts.ts';
import { gatherDay, snapshotsOf } from './gather.ts';
import { advance, type Break } from './lifecycle.ts';
import { type Cause, type FeedKind, type Finding, feedKinds, isCause, type Owner } from './terms.ts';

/** One comparison that was made. */
export interface Run {
  /** The entry with which it was made. */
  readonly offset: number;
  readonly at: number;
  /** The business date that was compared. */
  readonly date: string;
  readonly why: string;
  /** `compared`, or why there was nothing to compare: no opening book yet, or a day that the opening book holds. */
  readonly outcome: 'compared' | 'no-baseline' | 'in-baseline';
  /** Files that were compared, by kind; a kind that is not there was not here yet. */
  readonly snapshots: { readonly [K in FeedKind]?: string };
  readonly counts?: ComparisonCounts;
  /** Breaks that were found, by cause. */
  readonly found?: { readonly [C in Cause]?: number };
  readonly opened?: number;
  readonly healed?: number;
  /** False for a day that a later one stands for: it is told, and opens and closes nothing. */
  readonly current?: boolean;
}

export interface Running {
  readonly store: ProjectionStore;
  readonly book: BookView;
  readonly offset: number;
  readonly at: number;
  readonly owners: { readonly [C in Cause]?: Owner };
}

/** Compares a date and writes what it found; the latest date alone opens, changes and heals breaks. */
export function run(running: Running, date: string, why: string, current: boolean): void {
  const { store, book, offset, at } = running;
  const snapshots = namesOfSnapshots(book, date, offset);
  const asOf = book.baseline(offset)?.asOf;
  if (asOf === undefined || date <= asOf) {
    const outcome = asOf === undefined ? 'no-baseline' : 'in-baseline';
    write(store, { offset, at, date, why, outcome, snapshots });
    return;
  }
  const day = gatherDay({ store, book, upTo: offset }, date);
  const tied = tiedTrades(store, date);
  const { findings, counts, agreed } = explain(day);
  const owned = findings.map((finding) => ({
    ...finding,
    owner: running.owners[finding.cause] ?? finding.owner,
  }));
  const step = current ? live(running, owned, date, new Set(feedKindsIn(snapshots))) : undefined;
  for (const { ours, theirs } of agreed)
    if (ours !== undefined && theirs !== undefined && day.listed.has(theirs.asOf ?? theirs.tradeDate))
      tie(store, ours.id, theirs.id);
  write(store, {
    offset,
    at,
    date,
    why,
    outcome: 'compared',
    snapshots,
    counts: { ...counts, trades: counts.trades + tied, tradesAgreed: counts.tradesAgreed + tied },
    found: countedBy(owned),
    opened: step?.opened ?? 0,
    healed: step?.healed ?? 0,
    current,
  });
}

function live(
  { store, offset, at }: Running,
  findings: readonly Finding[],
  date: string,
  looked: ReadonlySet<FeedKind>,
): { readonly opened: number; readonly healed: number } {
  const known = knownBreaks(store, findings);
  const { breaks, history } = advance(known, findings, { offset, at, date, looked });
  for (const one of breaks)
    store.run(
      'INSERT OR REPLACE INTO recon_breaks (id, status, cause, opened_at, body) VALUES (?, ?, ?, ?, ?)',
      one.id,
      one.status,
      one.cause,
      one.openedAt,
      JSON.stringify(one),
    );
  for (const [number, row] of history.entries())
    store.run(
      'INSERT INTO recon_history (id, offset, number, at, date, what, text) VALUES (?, ?, ?, ?, ?, ?, ?)',
      row.id,
      row.offset,
      number + nextNumber(store, row.id, row.offset),
      row.at,
      row.date,
      row.what,
      row.text,
    );
  const counted = (words: readonly string[]): number =>
    history.filter(({ what }) => words.includes(what)).length;
  return { opened: counted(['opened', 'reopened']), healed: counted(['healed', 'explained']) };
}

/** Two comparisons may be made with one entry. */
function nextNumber(store: ProjectionStore, id: string, offset: number): number {
  const row = store.get('SELECT count(*) AS n FROM recon_history WHERE id = ? AND offset = ?', id, offset);
  return Number(row?.['n'] ?? 0) * 100_000;
}

function knownBreaks(store: ProjectionStore, findings: readonly Finding[]): readonly Break[] {
  const open = store.all("SELECT body FROM recon_breaks WHERE status = 'open' ORDER BY id").map(breakIn);
  const ids = new Set(open.map(({ id }) => id));
  const closed = findings.flatMap(({ id }) => {
    if (ids.has(id)) return [];
    const row = store.get('SELECT body FROM recon_breaks WHERE id = ?', id);
    return row === undefined ? [] : [breakIn(row)];
  });
  return [...open, ...closed];
}

function breakIn(row: Readonly<Record<string, unknown>>): Break {
  return JSON.parse(String(row['body']));
}

function namesOfSnapshots(book: BookView, date: string, upTo: number): Run['snapshots'] {
  const found = snapshotsOf(book, date, upTo);
  return Object.fromEntries(
    feedKinds.flatMap((kind) => {
      const snapshot = found[kind];
      return snapshot === undefined ? [] : [[kind, snapshot.snapshot]];
    }),
  );
}

function feedKindsIn(snapshots: Run['snapshots']): readonly FeedKind[] {
  return feedKinds.filter((kind) => snapshots[kind] !== undefined);
}

function countedBy(findings: readonly Finding[]): { readonly [C in Cause]?: number } {
  const counts: { [C in Cause]?: number } = {};
  for (const { cause } of findings) if (isCause(cause)) counts[cause] = (counts[cause] ?? 0) + 1;
  return counts;
}

function write(store: ProjectionStore, made: Run): void {
  const row = store.get('SELECT count(*) AS n FROM recon_runs WHERE offset = ?', made.offset);
  store.run(
    'INSERT INTO recon_runs (offset, number, date, at, body) VALUES (?, ?, ?, ?, ?)',
    made.offset,
    Number(row?.['n'] ?? 0),
    made.date,
    made.at,
    JSON.stringify(made),
  );
}
