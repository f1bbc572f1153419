import { type Calendar, tradingDays } from '../calendar/index.ts';
import type { Entry } from '../contract/entry.ts';
import type { Event, EventOf, Perspective } from '../events/index.ts';
import { isPerspective } from '../events/index.ts';
import type { ProjectionStore, SqlRow } from '../log/index.ts';
import { dateIn } from './lines.ts';
import { securityText, symbolOf } from './security.ts';

/** A reporter's balances as they were closed: all rows were there at `closedAt`. */
export interface Snapshot {
  readonly channel: string;
  /** The reporter's own name of it, such as the key of its file. */
  readonly snapshot: string;
  /** `positions`, `cash`, `activity`, `obligations`. */
  readonly kind: string;
  readonly perspective: Perspective;
  readonly reportedBy?: string;
  readonly businessDate?: string;
  /** The day whose close the balances are: the trading day before, where the cycle is the start of a day. */
  readonly asOf?: string;
  /** What happened later is not in it. */
  readonly cutAt?: string;
  readonly cutZone?: string;
  readonly cycle?: string;
  readonly completeness?: string;
  /** What its balances go by, where its end says so: `trade-date`, `settlement-date`. */
  readonly basis?: string;
  /** Records that the reporter counted. */
  readonly count?: number;
  /** Offset of the entry that closed it; of several pages, of the one with which all of them were there. */
  readonly closedAt: number;
  readonly eventId: string;
}

/** One balance of a snapshot. Signed. */
export interface ReportedRow {
  readonly offset: number;
  readonly eventId: string;
  readonly basis: string;
  readonly account: string;
  readonly accountType?: string;
  /** `scheme:id`; empty for cash. */
  readonly security: string;
  readonly symbol?: string;
  /** Quantity of a position, amount of cash. */
  readonly amount: string;
  readonly currency?: string;
  readonly price?: string;
  readonly value?: string;
}

type Reading = Pick<ProjectionStore, 'get' | 'all'>;

/** Takes back what an entry that is voided had reported. */
export function voidReported(store: ProjectionStore, voids: number, offset: number): void {
  store.run('UPDATE book_reported SET voided_by = ? WHERE offset = ? AND voided_by IS NULL', offset, voids);
  store.run('UPDATE book_snapshots SET voided_by = ? WHERE offset = ? AND voided_by IS NULL', offset, voids);
}

/** Keeps a reported balance, or the end of a snapshot; balances outside of a snapshot cannot be compared, and are not kept. */
export function keepReported(store: ProjectionStore, { offset }: Entry, place: number, event: Event): void {
  if (event.type === 'position.reported') {
    const { quantity, ...data } = event.data;
    keepRow(store, offset, place, event, { ...data, kind: 'positions', amount: quantity });
  }
  if (event.type === 'cash.reported') {
    keepRow(store, offset, place, event, { ...event.data, kind: 'cash' });
  }
  if (event.type === 'snapshot.closed') keepClosing(store, offset, place, event);
  if (event.type === 'snapshot.cancelled') takeBack(store, offset, event);
}

/**
 * The reporter takes back a report of its own: what goes by the report's id, or by the id of a statement, which is the
 * last part of its snapshot's name; without an id what goes by the name.
 */
function takeBack(
  store: ProjectionStore,
  offset: number,
  { channel, data }: EventOf<'snapshot.cancelled'>,
): void {
  const { reportId, snapshot } = data;
  if (reportId === undefined && snapshot === undefined) return;
  for (const table of ['book_reported', 'book_snapshots']) {
    store.run(
      `UPDATE ${table} SET voided_by = ? WHERE channel = ? AND voided_by IS NULL AND CASE WHEN ? IS NULL THEN snapshot = ?
         ELSE report_id = ? OR substr(snapshot, -length(?) - 1) = '/' || ? END`,
      offset,
      channel,
      reportId ?? null,
      snapshot ?? null,
      reportId ?? null,
      reportId ?? null,
      reportId ?? null,
    );
  }
}

interface Balance {
  readonly kind: string;
  readonly snapshot?: string | undefined;
  readonly basis?: string | undefined;
  readonly amount?: string | undefined;
  readonly currency?: string | undefined;
  readonly price?: string | undefined;
  readonly value?: string | undefined;
  readonly page?: number | undefined;
  readonly reportId?: string | undefined;
}

function keepRow(
  store: ProjectionStore,
  offset: number,
  place: number,
  event: Event,
  balance: Balance,
): void {
  const { kind, snapshot, basis = 'trade-date', amount, currency, price, value, page, reportId } = balance;
  if (snapshot === undefined || amount === undefined) return;
  store.run(
    `INSERT INTO book_reported (offset, place, event_id, channel, snapshot, kind, account, account_type, security, symbol,
       basis, amount, currency, price, value, page, report_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    offset,
    place,
    event.id,
    event.channel,
    snapshot,
    kind,
    event.account ?? '',
    event.accountType ?? null,
    kind === 'cash' ? '' : securityText(event.security),
    symbolOf(event.security) ?? null,
    basis,
    amount,
    currency ?? null,
    price ?? null,
    value ?? null,
    page ?? null,
    reportId ?? null,
  );
}

function keepClosing(
  store: ProjectionStore,
  offset: number,
  place: number,
  event: EventOf<'snapshot.closed'>,
): void {
  const { kind, snapshot, cutAt, cutZone, cycle, completeness, count, basis, pages, reportId } = event.data;
  if (snapshot === undefined || kind === undefined) return;
  store.run(
    `INSERT INTO book_snapshots (offset, place, event_id, channel, snapshot, kind, perspective, reported_by, business_date,
       as_of, cut_at, cut_zone, cycle, completeness, rows, basis, pages, report_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    offset,
    place,
    event.id,
    event.channel,
    snapshot,
    kind,
    event.perspective,
    event.reportedBy ?? null,
    event.businessDate ?? null,
    closeOf(event) ?? null,
    cutAt ?? null,
    cutZone ?? null,
    cycle ?? null,
    completeness ?? null,
    count ?? null,
    basis ?? null,
    pages ?? null,
    reportId ?? null,
  );
}

/** The day whose close a snapshot is. A file of the morning holds the close of the trading day before. */
export function closeOf(
  { asOf, businessDate, data }: EventOf<'snapshot.closed'>,
  days: Calendar = tradingDays,
): string | undefined {
  const reported = dateIn(businessDate);
  const said = dateIn(asOf);
  if (data.cycle !== 'start-of-day') return said ?? reported;
  if (said !== undefined && (reported === undefined || said < reported)) return said;
  return reported === undefined ? said : days.previous(reported);
}

/** The snapshots that stood closed at an offset, one of each name and kind, in the order in which they were closed. */
export function closedSnapshots(store: Reading, upTo: number): readonly Snapshot[] {
  const latest = new Map<string, Snapshot>();
  const rows = store.all(
    `SELECT * FROM book_snapshots WHERE offset <= ? AND (voided_by IS NULL OR voided_by > ?) ORDER BY offset, place`,
    upTo,
    upTo,
  );
  for (const row of rows) {
    const name = JSON.stringify([row['channel'], row['snapshot'], row['kind']]);
    latest.delete(name);
    latest.set(name, snapshotIn(row));
  }
  return rows.length === 0
    ? []
    : inOrder([...latest.values()].flatMap((one) => whole(store, one, upTo) ?? []));
}

function inOrder(snapshots: readonly Snapshot[]): readonly Snapshot[] {
  return snapshots.toSorted((one, other) => one.closedAt - other.closedAt);
}

/**
 * A snapshot of several pages as it stood at an offset: closed when the last page and all before it were there, in
 * whatever order they came; undefined while one of them was missing. A page is there when it has a row.
 */
function whole(store: Reading, found: Found, upTo: number): Snapshot | undefined {
  const { pages, ...snapshot } = found;
  if (pages === undefined || pages < 2) return snapshot;
  const row = store.get(
    `SELECT COUNT(*) AS pages, MAX(latest) AS closed FROM (
       SELECT page, MAX(offset) AS latest FROM book_reported
       WHERE channel = ? AND snapshot = ? AND kind = ? AND offset <= ? AND (voided_by IS NULL OR voided_by > ?)
         AND page < ? GROUP BY page)`,
    snapshot.channel,
    snapshot.snapshot,
    snapshot.kind,
    upTo,
    upTo,
    pages,
  );
  if (row === undefined || Number(row['pages']) < pages - 1) return undefined;
  return { ...snapshot, closedAt: Math.max(snapshot.closedAt, Number(row['closed'])) };
}

/** How a snapshot stood at an offset; undefined while it was not closed. */
export function closingAt(
  store: Reading,
  name: Pick<Snapshot, 'channel' | 'snapshot' | 'kind'>,
  upTo: number,
): Snapshot | undefined {
  const row = store.get(
    `SELECT * FROM book_snapshots WHERE channel = ? AND snapshot = ? AND kind = ? AND offset <= ?
       AND (voided_by IS NULL OR voided_by > ?) ORDER BY offset DESC, place DESC LIMIT 1`,
    name.channel,
    name.snapshot,
    name.kind,
    upTo,
    upTo,
  );
  return row === undefined ? undefined : whole(store, snapshotIn(row), upTo);
}

/** The rows of a snapshot as they stood when it was closed. */
export function rowsOf(
  store: Reading,
  { channel, snapshot, kind, closedAt }: Pick<Snapshot, 'channel' | 'snapshot' | 'kind' | 'closedAt'>,
): readonly ReportedRow[] {
  const rows = store.all(
    `SELECT * FROM book_reported WHERE channel = ? AND snapshot = ? AND kind = ? AND offset <= ?
       AND (voided_by IS NULL OR voided_by > ?) ORDER BY offset, place`,
    channel,
    snapshot,
    kind,
    closedAt,
    closedAt,
  );
  return latestPages(rows).map(reportedIn);
}

/** A page that is told again by another report takes the place of the one before. Rows of record files have no page. */
function latestPages(rows: readonly SqlRow[]): readonly SqlRow[] {
  const reports = new Map(rows.map((row) => [row['page'], row['report_id']]));
  return rows.filter((row) => row['page'] === null || reports.get(row['page'] ?? null) === row['report_id']);
}

function reportedIn(row: SqlRow): ReportedRow {
  return {
    offset: Number(row['offset']),
    eventId: String(row['event_id']),
    basis: String(row['basis']),
    account: String(row['account']),
    security: String(row['security']),
    amount: String(row['amount']),
    ...texts(row, {
      account_type: 'accountType',
      symbol: 'symbol',
      currency: 'currency',
      price: 'price',
      value: 'value',
    }),
  };
}

/** A closing as its row has it, with the number of pages that it asks for. */
type Found = Snapshot & { readonly pages?: number };

function snapshotIn(row: SqlRow): Found {
  const perspective = row['perspective'];
  return {
    channel: String(row['channel']),
    snapshot: String(row['snapshot']),
    kind: String(row['kind']),
    perspective: isPerspective(perspective) ? perspective : 'clearer',
    ...texts(row, {
      reported_by: 'reportedBy',
      business_date: 'businessDate',
      as_of: 'asOf',
      cut_at: 'cutAt',
      cut_zone: 'cutZone',
      cycle: 'cycle',
      completeness: 'completeness',
      basis: 'basis',
    }),
    ...(row['pages'] !== null && { pages: Number(row['pages']) }),
    ...(row['rows'] !== null && { count: Number(row['rows']) }),
    closedAt: Number(row['offset']),
    eventId: String(row['event_id']),
  };
}

/** The columns of a row that hold a text, under their members' names. */
export function texts<Name extends string>(
  row: SqlRow,
  names: Readonly<Record<string, Name>>,
): { readonly [name in Name]?: string } {
  const found: { [name in Name]?: string } = {};
  for (const [column, name] of Object.entries(names)) {
    const value = row[column];
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}
