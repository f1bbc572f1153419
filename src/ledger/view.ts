import { addDecimals, type Decimal, decimalText, readDecimal } from '../core/decimal.ts';
import type { ProjectionStore, SqlRow } from '../log/index.ts';
import { postingsAt } from './projection.ts';
import type { Transaction } from './transaction.ts';

/** A transaction with the chain value of its block: shows an outside ledger whether it is still the same log. */
export interface StoredTransaction extends Transaction {
  readonly chain: string;
}

export interface LedgerBalance {
  readonly account: string;
  readonly unit: string;
  readonly amount: string;
}

/** An event of ours that moved nothing in the ledger, and why. */
export interface Unposted {
  readonly offset: number;
  readonly eventId: string;
  readonly why: string;
}

const columns = 'offset, number, event_id, reverses, because, date, settlement_date, memo, chain';

/** Reads the ledger. */
export class LedgerView {
  readonly #store: Pick<ProjectionStore, 'get' | 'all'>;

  constructor(store: Pick<ProjectionStore, 'get' | 'all'>) {
    this.#store = store;
  }

  /** Transactions behind an offset, in order: at least `atLeast` of them where there are so many, an offset always whole. */
  after(offset: number, atLeast = 512): readonly StoredTransaction[] {
    const rows = this.#store.all(
      `SELECT ${columns} FROM ledger_transactions WHERE offset > ? ORDER BY offset, number LIMIT ?`,
      offset,
      atLeast,
    );
    const last = rows.at(-1);
    if (last === undefined) return [];
    const rest = this.#store.all(
      `SELECT ${columns} FROM ledger_transactions WHERE offset = ? AND number > ? ORDER BY number`,
      Number(last['offset']),
      Number(last['number']),
    );
    return [...rows, ...rest].map((row) => this.#transaction(row));
  }

  /** Chain value that the ledger has at an offset; undefined where nothing was posted there. */
  chainAt(offset: number): string | undefined {
    const row = this.#store.get('SELECT chain FROM ledger_transactions WHERE offset = ? LIMIT 1', offset);
    return row === undefined ? undefined : String(row['chain']);
  }

  /** What stands on each account, zero left out, ordered by account and unit. */
  balances(upTo: number = Number.MAX_SAFE_INTEGER): readonly LedgerBalance[] {
    const sums = new Map<string, Decimal>();
    const rows = this.#store.all(
      'SELECT account, unit, amount FROM ledger_postings WHERE offset <= ? ORDER BY account, unit',
      upTo,
    );
    for (const row of rows) {
      const key = `${String(row['account'])}\n${String(row['unit'])}`;
      const read = readDecimal(String(row['amount']));
      const sum = sums.get(key);
      if (read.ok) sums.set(key, sum === undefined ? read.value : addDecimals(sum, read.value));
    }
    return [...sums].flatMap(([key, sum]) => {
      const [account = '', unit = ''] = key.split('\n');
      return sum.units === 0n ? [] : [{ account, unit, amount: decimalText(sum) }];
    });
  }

  unposted(): readonly Unposted[] {
    const rows = this.#store.all('SELECT offset, event_id, why FROM ledger_unposted ORDER BY offset, number');
    return rows.map((row) => ({
      offset: Number(row['offset']),
      eventId: String(row['event_id']),
      why: String(row['why']),
    }));
  }

  #transaction(row: SqlRow): StoredTransaction {
    const offset = Number(row['offset']);
    const number = Number(row['number']);
    return {
      offset,
      number,
      eventId: String(row['event_id']),
      reverses: Number(row['reverses']) === 1,
      because: String(row['because']),
      date: String(row['date']),
      settlementDate: String(row['settlement_date']),
      memo: String(row['memo']),
      chain: String(row['chain']),
      postings: postingsAt(this.#store, offset, number),
    };
  }
}
