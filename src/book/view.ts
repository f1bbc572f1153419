import { addDecimals, type Decimal, decimalText, negateDecimal } from '../core/decimal.ts';
import type { Event, EventType, Perspective } from '../events/index.ts';
import { type ProjectionStore, type SqlRow, type SqlValue, toldEvent } from '../log/index.ts';
import { type Adopted, adoptedAt } from './baselines.ts';
import { decimalOf, type MovementKind } from './lines.ts';
import type { Because } from './movements.ts';
import { closedSnapshots, closingAt, type ReportedRow, rowsOf, type Snapshot, texts } from './reported.ts';

export type Basis = 'trade-date' | 'settlement-date';

/** A state of the book: on a day, by a basis, and as it was known at an offset (all that is folded, if left out). */
export interface BookQuery {
  readonly basis: Basis;
  /** `YYYY-MM-DD`, itself included. */
  readonly asOf: string;
  readonly account?: string;
  readonly upTo?: number;
}

/** Signed, never zero: plus means long. */
export interface Position {
  readonly account: string;
  /** `scheme:id`. */
  readonly security: string;
  readonly symbol?: string;
  readonly quantity: string;
}

/** Signed, never zero: plus means that the account has it. */
export interface CashBalance {
  readonly account: string;
  readonly currency: string;
  readonly amount: string;
}

/** One movement of the book. What is taken back stands as a second movement with the opposite sign. */
export interface Movement {
  /** Offset of the entry by which it was booked. */
  readonly offset: number;
  readonly number: number;
  /** Id of the event that moves; of the baseline, for an opening. */
  readonly eventId: string;
  readonly key?: string;
  readonly kind: MovementKind;
  readonly sign: 1 | -1;
  readonly because: Because;
  /** Offset of the entry whose message told it. */
  readonly source: number;
  readonly account: string;
  /** `scheme:id`; empty where only cash moves. */
  readonly security: string;
  readonly symbol?: string;
  readonly quantity: string;
  readonly currency: string;
  readonly cash: string;
  readonly charges: readonly { readonly type: string; readonly amount: string }[];
  readonly tradeDate: string;
  readonly settlementDate: string;
  /** The settlement date comes from the calendar. */
  readonly computed: boolean;
}

export interface MovementQuery {
  readonly account?: string;
  readonly security?: string;
  /** Trade dates, both included. */
  readonly from?: string;
  readonly to?: string;
  readonly upTo?: number;
}

/** A fact that counts, whosever word it is. */
export interface Counted {
  readonly event: Event;
  /** The day that it counts for: the trade date of a trade; empty where it names none. */
  readonly date: string;
  /** Offset of the entry that told it. */
  readonly source: number;
  /** It counts from this offset on, and until that one. */
  readonly since: number;
  readonly until?: number;
  /** Why a fact of ours does not move the book. */
  readonly unbooked?: string;
}

export interface FactQuery {
  readonly perspective?: Perspective;
  readonly types?: readonly EventType[];
  readonly from?: string;
  readonly to?: string;
  readonly upTo?: number;
}

export interface Baseline extends Adopted {
  /** Movements of the opening. */
  readonly movements: number;
}

const everything = Number.MAX_SAFE_INTEGER;
const dateColumns = { 'trade-date': 'trade_date', 'settlement-date': 'settlement_date' } as const;
const trades: readonly EventType[] = ['trade.executed', 'trade.corrected'];

/** Reads the book. */
export class BookView {
  private readonly store: Pick<ProjectionStore, 'get' | 'all'>;

  constructor(store: Pick<ProjectionStore, 'get' | 'all'>) {
    this.store = store;
  }

  /** Positions that are not flat, by account and security. */
  positions(query: BookQuery): readonly Position[] {
    return this.balances('security', query).map(({ account, unit, amount }) => {
      const symbol = this.symbol(unit);
      return { account, security: unit, ...(symbol !== undefined && { symbol }), quantity: amount };
    });
  }

  /** Balances that are not zero, by account and currency. */
  cash(query: BookQuery): readonly CashBalance[] {
    return this.balances('cash', query).map(({ account, unit, amount }) => ({
      account,
      currency: unit,
      amount,
    }));
  }

  /** Movements in the order in which they were booked. */
  movements(query: MovementQuery = {}): readonly Movement[] {
    const { account, security, from, to, upTo } = query;
    const where = new Conditions();
    where.add('account = ?', account);
    where.add('security = ?', security);
    where.add('trade_date >= ?', from);
    where.add('trade_date <= ?', to);
    where.add('offset <= ?', upTo);
    const rows = this.store.all(
      `SELECT * FROM book_movements ${where.text} ORDER BY offset, number`,
      ...where.values,
    );
    return rows.map(movementIn);
  }

  /** Movements that one entry made. */
  movementsAt(offset: number): readonly Movement[] {
    return this.store
      .all('SELECT * FROM book_movements WHERE offset = ? ORDER BY number', offset)
      .map(movementIn);
  }

  /** Trades that count: as they were executed, or as they were corrected. */
  trades(query: Omit<FactQuery, 'types'>): readonly Counted[] {
    return this.facts({ ...query, types: trades });
  }

  /** Facts that count, in the order in which they began to. */
  facts(query: FactQuery): readonly Counted[] {
    const { perspective, types, from, to, upTo = everything } = query;
    const where = new Conditions();
    where.add('perspective = ?', perspective);
    if (types !== undefined) where.add(`type IN (${types.map(() => '?').join(', ')})`, ...types);
    where.add('date >= ?', from);
    where.add('date <= ?', to);
    where.add('since <= ?', upTo);
    where.add('(until IS NULL OR until > ?)', upTo);
    const rows = this.store.all(
      `SELECT * FROM book_facts ${where.text} ORDER BY since, number`,
      ...where.values,
    );
    return rows.flatMap((row) => this.counted(row));
  }

  /** Facts of ours that count and should move the book, and do not, each with its reason. */
  unbooked(upTo: number = everything): readonly Counted[] {
    const rows = this.store.all(
      `SELECT * FROM book_facts WHERE unbooked IS NOT NULL AND since <= ? AND (until IS NULL OR until > ?)
       ORDER BY since, number`,
      upTo,
      upTo,
    );
    return rows.flatMap((row) => this.counted(row));
  }

  /** Closed snapshots, one of each name and kind, in the order in which they were closed. */
  snapshots(
    query: { readonly perspective?: Perspective; readonly kind?: string; readonly upTo?: number } = {},
  ): readonly Snapshot[] {
    const { perspective, kind, upTo = everything } = query;
    return closedSnapshots(this.store, upTo).filter(
      (one) =>
        (perspective === undefined || one.perspective === perspective) &&
        (kind === undefined || one.kind === kind),
    );
  }

  /** A snapshot by its name, as it stood at an offset. */
  snapshot(
    name: Pick<Snapshot, 'channel' | 'snapshot' | 'kind'>,
    upTo: number = everything,
  ): Snapshot | undefined {
    return closingAt(this.store, name, upTo);
  }

  /** Whether a snapshot that came by a channel stood closed at an offset: one look, and not a list of all of them. */
  closesSnapshots(channel: string, perspective: Perspective, upTo: number): boolean {
    const row = this.store.get(
      `SELECT 1 FROM book_snapshots WHERE channel = ? AND perspective = ? AND offset <= ?
         AND (voided_by IS NULL OR voided_by > ?) LIMIT 1`,
      channel,
      perspective,
      upTo,
      upTo,
    );
    return row !== undefined;
  }

  /** The balances of a snapshot, as they stood when it was closed. */
  reported(snapshot: Pick<Snapshot, 'channel' | 'snapshot' | 'kind' | 'closedAt'>): readonly ReportedRow[] {
    return rowsOf(this.store, snapshot);
  }

  /** The baseline that was in force at an offset. */
  baseline(upTo: number = everything): Baseline | undefined {
    const adopted = adoptedAt(this.store, upTo);
    if (adopted === undefined) return undefined;
    const row = this.store.get(
      `SELECT count(*) AS n FROM book_movements WHERE kind = 'opening' AND sign = 1 AND offset =
         (SELECT max(offset) FROM book_openings WHERE baseline = ? AND place = ? AND offset <= ?)`,
      adopted.offset,
      adopted.place,
      upTo,
    );
    return { ...adopted, movements: Number(row?.['n'] ?? 0) };
  }

  /** Every account that the book ever had a movement on. */
  accounts(): readonly string[] {
    return this.store
      .all('SELECT DISTINCT account FROM book_movements ORDER BY account')
      .map((row) => String(row['account']));
  }

  /** Every security that the book ever had a movement in. */
  securities(): readonly { readonly security: string; readonly symbol?: string }[] {
    const rows = this.store.all(
      `SELECT DISTINCT moved.security, known.symbol FROM book_movements AS moved
       LEFT JOIN book_symbols AS known ON known.security = moved.security
       WHERE moved.security <> '' ORDER BY moved.security`,
    );
    return rows.map((row) => ({ security: String(row['security']), ...texts(row, { symbol: 'symbol' }) }));
  }

  /** The last day on which anything moved by trade date; undefined for an empty book. */
  lastDay(): string | undefined {
    const day = this.store.get('SELECT max(trade_date) AS day FROM book_totals')?.['day'];
    return typeof day === 'string' ? day : undefined;
  }

  /** The symbol under which our book knows a security. */
  symbol(security: string): string | undefined {
    const row = this.store.get('SELECT symbol FROM book_symbols WHERE security = ?', security);
    return row === undefined ? undefined : String(row['symbol']);
  }

  private balances(kind: 'security' | 'cash', query: BookQuery): readonly Balance[] {
    const { basis, asOf, account, upTo } = query;
    const where = new Conditions();
    where.add('kind = ?', kind);
    where.add('account = ?', account);
    where.add(`${dateColumns[basis]} <= ?`, asOf);
    const totals = this.store.all(
      `SELECT account, unit, amount FROM book_totals ${where.text}`,
      ...where.values,
    );
    return summed(totals, upTo === undefined ? [] : this.movedAfter(kind, query, upTo));
  }

  /** What an earlier state is less than the totals, which know the latest alone. */
  private movedAfter(
    kind: 'security' | 'cash',
    { basis, asOf, account }: BookQuery,
    upTo: number,
  ): readonly SqlRow[] {
    const where = new Conditions();
    where.add('offset > ?', upTo);
    where.add(`${dateColumns[basis]} <= ?`, asOf);
    where.add('account = ?', account);
    if (kind === 'security') where.add('security <> ?', '');
    const columns =
      kind === 'security' ? 'security AS unit, quantity AS amount' : 'currency AS unit, cash AS amount';
    return this.store.all(`SELECT account, ${columns} FROM book_movements ${where.text}`, ...where.values);
  }

  private counted(row: SqlRow): readonly Counted[] {
    const source = Number(row['source']);
    const event = toldEvent(this.store, source, Number(row['place']));
    if (event === undefined) return [];
    const counted = { event, date: String(row['date']), source, since: Number(row['since']) };
    return [
      {
        ...counted,
        ...(row['until'] !== null && { until: Number(row['until']) }),
        ...texts(row, { unbooked: 'unbooked' }),
      },
    ];
  }
}

interface Balance {
  readonly account: string;
  readonly unit: string;
  readonly amount: string;
}

/** Sums by account and unit, in their order, less what came later; without those that are zero. */
function summed(rows: readonly SqlRow[], later: readonly SqlRow[]): readonly Balance[] {
  const sums = new Map<string, { account: string; unit: string; sum: Decimal }>();
  const add = (row: SqlRow, signed: (amount: Decimal) => Decimal): void => {
    const account = String(row['account']);
    const unit = String(row['unit']);
    const key = `${account}\0${unit}`;
    const amount = signed(decimalOf(String(row['amount'])));
    const known = sums.get(key);
    if (known === undefined) sums.set(key, { account, unit, sum: amount });
    else known.sum = addDecimals(known.sum, amount);
  };
  for (const row of rows) add(row, (amount) => amount);
  for (const row of later) add(row, negateDecimal);
  return [...sums]
    .filter(([, { sum }]) => sum.units !== 0n)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { account, unit, sum }]) => ({ account, unit, amount: decimalText(sum) }));
}

/** Conditions of a query; what is undefined is not asked. */
class Conditions {
  readonly values: SqlValue[] = [];
  private readonly parts: string[] = [];

  add(condition: string, ...values: readonly (SqlValue | undefined)[]): void {
    const given = values.filter((value) => value !== undefined);
    if (given.length < values.length) return;
    this.parts.push(condition);
    this.values.push(...given);
  }

  get text(): string {
    return this.parts.length === 0 ? '' : `WHERE ${this.parts.join(' AND ')}`;
  }
}

function movementIn(row: SqlRow): Movement {
  return {
    offset: Number(row['offset']),
    number: Number(row['number']),
    eventId: String(row['event_id']),
    kind: String(row['kind']) as MovementKind,
    sign: Number(row['sign']) === 1 ? 1 : -1,
    because: String(row['because']) as Because,
    source: Number(row['source']),
    account: String(row['account']),
    security: String(row['security']),
    quantity: String(row['quantity']),
    currency: String(row['currency']),
    cash: String(row['cash']),
    charges: row['charges'] === '' ? [] : JSON.parse(String(row['charges'])),
    tradeDate: String(row['trade_date']),
    settlementDate: String(row['settlement_date']),
    computed: Number(row['computed']) === 1,
    ...texts(row, { business_key: 'key', symbol: 'symbol' }),
  };
}
