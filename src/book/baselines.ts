import { type Calendar, calendarZone } from '../calendar/index.ts';
import { isoOfMicros, type Micros } from '../core/clock.ts';
import { addDecimals, type Decimal, negateDecimal } from '../core/decimal.ts';
import { dateInZone } from '../core/zone.ts';
import type { EventOf } from '../events/index.ts';
import type { ProjectionStore, SqlRow } from '../log/index.ts';
import { instantOf } from './instant.ts';
import { dateIn, decimalOf, type Line } from './lines.ts';
import { closingAt, type ReportedRow, rowsOf, texts } from './reported.ts';

/** The opening of our book, as a person adopted it. */
export interface Adopted {
  readonly offset: number;
  readonly place: number;
  readonly eventId: string;
  readonly channel: string;
  readonly snapshot: string;
  readonly cashChannel?: string;
  readonly cashSnapshot?: string;
  /** The day whose close it is: what was traded until then is in it. Empty where nobody said it. */
  readonly asOf: string;
  /** What happened later is not in it; absent: the end of that day in New York. */
  readonly cutAt?: Micros;
  readonly approvedBy?: string;
  readonly reason?: string;
}

type Reading = Pick<ProjectionStore, 'get' | 'all'>;

/** Keeps that a baseline was adopted; its day is that of the snapshot that it names. */
export function keepBaseline(
  store: ProjectionStore,
  offset: number,
  place: number,
  { id, data, asOf, businessDate }: EventOf<'baseline.adopted'>,
): void {
  const { sourceChannel: channel = '', snapshot = '', approvedBy, reason } = data;
  const closing = closingAt(store, { channel, snapshot, kind: 'positions' }, offset);
  store.run(
    `INSERT INTO book_baselines (offset, place, event_id, channel, snapshot, cash_channel, cash_snapshot, as_of, cut_at,
       approved_by, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    offset,
    place,
    id,
    channel,
    snapshot,
    data.cashChannel ?? (data.cashSnapshot === undefined ? null : channel),
    data.cashSnapshot ?? null,
    closing?.asOf ?? dateIn(asOf, businessDate) ?? '',
    instantOf(closing?.cutAt) ?? null,
    approvedBy ?? null,
    reason ?? null,
  );
}

/** The baseline in force after what was folded so far. */
export function adoptedNow(store: Reading): Adopted | undefined {
  return adoptedAt(store, Number.MAX_SAFE_INTEGER);
}

/** The baseline that was in force at an offset: the last that was adopted and not taken back by then. */
export function adoptedAt(store: Reading, upTo: number): Adopted | undefined {
  const row = store.get(
    `SELECT * FROM book_baselines WHERE offset <= ? AND (voided_by IS NULL OR voided_by > ?)
     ORDER BY offset DESC, place DESC LIMIT 1`,
    upTo,
    upTo,
  );
  return row === undefined ? undefined : adoptedIn(row);
}

/** True for what happened after the cut of the snapshot that was adopted. */
export function isAfterCut(at: Micros, { cutAt, asOf }: Adopted): boolean {
  if (cutAt !== undefined) return at > cutAt;
  return dateInZone(isoOfMicros(at), calendarZone) > asOf;
}

/** A line of the opening, and the entry whose message reported it. */
export interface OpeningLine {
  readonly line: Line;
  readonly source: number;
}

/**
 * What the rows of an adopted snapshot open the book with. What was settled stands in both bases from the baseline's day
 * on; what was traded and not settled, the difference of the two bases, settles on the settlement day after it.
 */
export function openingLines(store: Reading, adopted: Adopted, calendar: Calendar): readonly OpeningLine[] {
  const { channel, snapshot, cashChannel, cashSnapshot, offset } = adopted;
  const positions = closingAt(store, { channel, snapshot, kind: 'positions' }, offset);
  const cash =
    cashChannel === undefined || cashSnapshot === undefined
      ? undefined
      : closingAt(store, { channel: cashChannel, snapshot: cashSnapshot, kind: 'cash' }, offset);
  const rows = [positions, cash].flatMap((closing) => (closing === undefined ? [] : rowsOf(store, closing)));
  const asOf = adopted.asOf === '' ? dateIn(positions?.businessDate) : adopted.asOf;
  return asOf === undefined ? [] : bothBases(rows).flatMap((both) => linesIn(both, asOf, calendar));
}

/** One balance in both bases. Where only one is reported, it stands for the other too. */
interface Both {
  readonly row: ReportedRow;
  readonly traded: Decimal;
  readonly settled: Decimal;
}

function bothBases(rows: readonly ReportedRow[]): readonly Both[] {
  const found = new Map<string, { row: ReportedRow; traded?: Decimal; settled?: Decimal }>();
  for (const row of rows) {
    const { account, accountType, security, currency } = row;
    const key = JSON.stringify([account, accountType, security, security === '' ? currency : '']);
    const both = found.get(key) ?? { row };
    const amount = decimalOf(row.amount);
    if (row.basis === 'settlement-date') both.settled = added(both.settled, amount);
    else both.traded = added(both.traded, amount);
    found.set(key, both);
  }
  return [...found.values()].map(({ row, traded, settled }) => ({
    row,
    traded: traded ?? settled ?? nothing,
    settled: settled ?? traded ?? nothing,
  }));
}

const nothing: Decimal = { units: 0n, scale: 0 };

function added(sum: Decimal | undefined, more: Decimal): Decimal {
  return sum === undefined ? more : addDecimals(sum, more);
}

function linesIn({ row, traded, settled }: Both, asOf: string, calendar: Calendar): OpeningLine[] {
  const open = addDecimals(traded, negateDecimal(settled));
  const parts = [
    { amount: settled, settlementDate: asOf },
    { amount: open, settlementDate: calendar.next(asOf) },
  ];
  return parts
    .filter(({ amount }) => amount.units !== 0n)
    .map(({ amount, settlementDate }) => ({
      source: row.offset,
      line: {
        kind: 'opening',
        account: row.account,
        security: row.security,
        symbol: row.symbol,
        quantity: row.security === '' ? nothing : amount,
        currency: row.currency ?? 'USD',
        cash: row.security === '' ? amount : nothing,
        charges: [],
        tradeDate: asOf,
        settlementDate,
        computed: settlementDate !== asOf,
      },
    }));
}

function adoptedIn(row: SqlRow): Adopted {
  return {
    offset: Number(row['offset']),
    place: Number(row['place']),
    eventId: String(row['event_id']),
    channel: String(row['channel']),
    snapshot: String(row['snapshot']),
    asOf: String(row['as_of']),
    ...(row['cut_at'] !== null && { cutAt: Number(row['cut_at']) }),
    ...texts(row, {
      cash_channel: 'cashChannel',
      cash_snapshot: 'cashSnapshot',
      approved_by: 'approvedBy',
      reason: 'reason',
    }),
  };
}
