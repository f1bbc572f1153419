import type { Baseline, BookView, ReportedRow, Snapshot } from '../book/index.ts';
import { type Calendar, settlementDays } from '../calendar/index.ts';
import { type Decimal, readDecimal } from '../core/decimal.ts';
import type { ProjectionStore } from '../log/index.ts';
import { type Amounts, addTo, type Basis, bases, cellKey, cellOf, zero } from './amounts.ts';
import { describedNames, type FactRow, type KeptFact, openFacts, toldSymbols } from './facts.ts';
import { type NamedSecurity, type Names, namesOf } from './names.ts';
import { microsIn, nameChangeOf, namedIn, postingOf, rejectionOf, sourceText, tradeOf } from './reading.ts';
import {
  type Day,
  type Evidence,
  type FeedKind,
  feedKinds,
  type SideOfDay,
  type SnapshotOfDay,
} from './terms.ts';

/** Where a comparison is made: the book as of an offset, and the facts that are not settled. */
export interface Gathering {
  readonly store: Pick<ProjectionStore, 'get' | 'all'>;
  readonly book: BookView;
  readonly upTo: number;
  readonly calendar?: Calendar;
}

/** The snapshots of the clearer by which a date is compared: of each kind the one that was closed last. */
export function snapshotsOf(
  book: BookView,
  date: string,
  upTo: number,
): { readonly [K in FeedKind]?: Snapshot } {
  const found: { [K in FeedKind]?: Snapshot } = {};
  for (const kind of feedKinds) {
    const closed = book.snapshots({ perspective: 'clearer', kind, upTo }).filter(({ asOf }) => asOf === date);
    const last = closed.at(-1);
    if (last !== undefined) found[kind] = last;
  }
  return found;
}

/** Everything that is compared for a date, as it was known at an offset. */
export function gatherDay(gathering: Gathering, date: string): Day {
  const { store, book, upTo, calendar = settlementDays } = gathering;
  const snapshots = snapshotsOf(book, date, upTo);
  const rows = { positions: rowsOf(book, snapshots.positions), cash: rowsOf(book, snapshots.cash) };
  const activity = activityOf(book, upTo, date);
  const baseline = book.baseline(upTo);
  const facts = openFacts(store, date, (fact) => isOfDay(fact, baseline, activity));
  const changes = facts.flatMap((fact) => (fact.ended === undefined ? (nameChangeOf(fact) ?? []) : []));
  const told = toldSymbols(store);
  const held = heldBy(gathering, date, told);
  const earlier = earlierRows(book, date, upTo);
  const described = describedNames(store);
  const names = namesOf(
    [...held.names, ...namesIn(facts, 'ours')],
    [...namesIn(facts, 'theirs'), ...rows.positions.map(namedRow)],
    changes,
    date,
    described,
  );
  const { canonical } = names;
  const theirs = reportedBy([...rows.positions, ...rows.cash], canonical);
  return {
    date,
    snapshots: {
      ...(snapshots.positions && { positions: ofDay(snapshots.positions, rows.positions) }),
      ...(snapshots.cash && { cash: ofDay(snapshots.cash, rows.cash) }),
      ...(snapshots.activity && { activity: ofDay(snapshots.activity, []) }),
    },
    ours: { amounts: renamedCells(held.amounts, names), ...sideOf(facts, 'ours', canonical, calendar) },
    theirs: {
      ...theirs,
      ...sideOf(facts, 'theirs', canonical, calendar),
      rejections: facts.flatMap((fact) =>
        fact.side === 'theirs' ? (rejectionOf(fact, canonical) ?? []) : [],
      ),
      prices: pricesOf(earlier, rows.positions, canonical),
    },
    otherNames: names.others,
    listed: activity.dates,
    symbols: new Map([...told, ...symbolsIn(earlier), ...symbolsIn(rows.positions)]),
    known: new Set(
      [...held.names, ...namesIn(facts, 'ours')]
        .map(({ name }) => canonical(name))
        .concat([...described.keys()]),
    ),
  };
}

/** The clearer's lists of activity: channels that give them, and the dates of which one is closed. */
interface ActivityLists {
  readonly channels: ReadonlySet<string>;
  readonly dates: ReadonlySet<string>;
}

function activityOf(book: BookView, upTo: number, date: string): ActivityLists {
  const closed = book.snapshots({ perspective: 'clearer', kind: 'activity', upTo });
  return {
    channels: new Set(closed.map(({ channel }) => channel)),
    dates: new Set(closed.flatMap(({ asOf }) => (asOf !== undefined && asOf <= date ? [asOf] : []))),
  };
}

/**
 * Whether a fact belongs into a comparison: it is not in the opening book, and of the clearer's two tellings of a day
 * the list counts where it is closed, else the drop copy.
 */
function isOfDay(fact: FactRow, baseline: Baseline | undefined, activity: ActivityLists): boolean {
  const { side, type, channel, date, businessDate, endedAt = 0 } = fact;
  if (baseline === undefined) return false;
  const after = date > baseline.asOf;
  if (side === 'ours') return after || endedAt > (baseline.cutAt ?? Number.MAX_SAFE_INTEGER);
  if (activity.channels.has(channel)) return businessDate > baseline.asOf && activity.dates.has(businessDate);
  return after && (!type.startsWith('trade.') || !activity.dates.has(date));
}

function rowsOf(book: BookView, snapshot: Snapshot | undefined): readonly ReportedRow[] {
  return snapshot === undefined ? [] : book.reported(snapshot);
}

function ofDay(snapshot: Snapshot, rows: readonly ReportedRow[]): SnapshotOfDay {
  const cutAt = snapshot.cutAt === undefined ? undefined : microsIn(snapshot.cutAt);
  const reported = bases.filter((basis) => rows.some((row) => row.basis === basis));
  return {
    key: snapshot.snapshot,
    channel: snapshot.channel,
    closedAt: snapshot.closedAt,
    ...(cutAt !== undefined && { cutAt }),
    complete: snapshot.completeness !== 'partial',
    bases: basesLookedAt(snapshot, rows, reported),
  };
}

/** What a snapshot compares: what its rows go by; where there are none, what it says itself, else both. */
function basesLookedAt(
  { basis }: Snapshot,
  rows: readonly ReportedRow[],
  reported: readonly Basis[],
): readonly Basis[] {
  if (rows.length > 0) return reported;
  return basis === undefined ? bases : bases.filter((one) => one === basis);
}

/** Our positions and cash at the close of a date, by both bases. */
function heldBy(
  { book, upTo }: Gathering,
  date: string,
  symbols: ReadonlyMap<string, string>,
): { readonly amounts: Amounts; readonly names: readonly NamedSecurity[] } {
  const amounts = new Map<string, Decimal>();
  const names = new Map<string, NamedSecurity>();
  for (const basis of bases) {
    for (const { account, security, quantity } of book.positions({ basis, asOf: date, upTo })) {
      addTo(amounts, cellKey({ kind: 'position', basis, account, unit: security }), decimalOf(quantity));
      const symbol = symbols.get(security);
      names.set(security, { name: security, ...(symbol !== undefined && { symbol }) });
    }
    for (const { account, currency, amount } of book.cash({ basis, asOf: date, upTo }))
      addTo(amounts, cellKey({ kind: 'cash', basis, account, unit: currency }), decimalOf(amount));
  }
  return { amounts, names: [...names.values()] };
}

/** Names that are the same identifier are one cell from the start; other names are a break of their own. */
function renamedCells(amounts: Amounts, { canonical, others }: Names): Amounts {
  const kept = new Set(others.map(({ name }) => name));
  const renamed = new Map<string, Decimal>();
  for (const [key, amount] of amounts) {
    const cell = cellOf(key);
    const same = cell.kind === 'position' && !kept.has(cell.unit);
    addTo(renamed, same ? cellKey({ ...cell, unit: canonical(cell.unit) }) : key, amount);
  }
  return renamed;
}

function reportedBy(
  rows: readonly ReportedRow[],
  canonical: (name: string) => string,
): { readonly amounts: Amounts; readonly rows: ReadonlyMap<string, Evidence> } {
  const amounts = new Map<string, Decimal>();
  const found = new Map<string, Evidence>();
  for (const row of rows) {
    const basis = basisOf(row.basis);
    if (basis === undefined) continue;
    const kind = row.security === '' ? 'cash' : 'position';
    const unit = kind === 'cash' ? (row.currency ?? 'USD') : canonical(row.security);
    const key = cellKey({ kind, basis, account: row.account, unit });
    addTo(amounts, key, decimalOf(row.amount));
    const what = kind === 'cash' ? 'cash row' : 'position row';
    found.set(key, { side: 'theirs', offset: row.offset, what, source: sourceText(row.eventId) });
  }
  return { amounts, rows: found };
}

function basisOf(text: string): Basis | undefined {
  return bases.find((basis) => basis === text);
}

function sideOf(
  facts: readonly KeptFact[],
  side: KeptFact['side'],
  canonical: (name: string) => string,
  calendar: Calendar,
): Omit<SideOfDay, 'amounts'> {
  const own = facts.filter((fact) => fact.side === side);
  const trades = own.flatMap((fact) => tradeOf(fact, canonical, calendar) ?? []);
  const counted = own.filter(({ ended }) => ended === undefined);
  return {
    trades: trades.filter(({ ended }) => ended === undefined),
    ended: trades.filter(({ ended }) => ended !== undefined),
    postings: counted.flatMap((fact) => postingOf(fact, canonical, calendar) ?? []),
  };
}

function namesIn(facts: readonly KeptFact[], side: KeptFact['side']): readonly NamedSecurity[] {
  return facts.flatMap((fact) => (fact.side === side ? (namedIn(fact) ?? []) : []));
}

function namedRow({ security: name, symbol }: ReportedRow): NamedSecurity {
  return { name, current: true, ...(symbol !== undefined && { symbol }) };
}

function symbolsIn(rows: readonly ReportedRow[]): ReadonlyMap<string, string> {
  return new Map(rows.flatMap(({ security, symbol }) => (symbol === undefined ? [] : [[security, symbol]])));
}

/** Their positions of the snapshot before: what they called securities, and at which prices. */
function earlierRows(book: BookView, date: string, upTo: number): readonly ReportedRow[] {
  const earlier = book
    .snapshots({ perspective: 'clearer', kind: 'positions', upTo })
    .filter(({ asOf }) => asOf !== undefined && asOf < date);
  return rowsOf(book, earlier.at(-1));
}

/** Their prices of the day; for names that they no longer use, those of the snapshot before. */
function pricesOf(
  earlier: readonly ReportedRow[],
  rows: readonly ReportedRow[],
  canonical: (name: string) => string,
): ReadonlyMap<string, Decimal> {
  const prices = new Map<string, Decimal>();
  for (const { security, price } of [...earlier, ...rows])
    if (price !== undefined) prices.set(security, decimalOf(price));
  for (const { security, price } of rows)
    if (price !== undefined) prices.set(canonical(security), decimalOf(price));
  return prices;
}

function decimalOf(text: string): Decimal {
  const read = readDecimal(text);
  return read.ok ? read.value : zero;
}
