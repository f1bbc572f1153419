import assert from 'node:assert/strict';
import type { Entry } from '../contract/entry.ts';
import type { Projection } from '../contract/projection.ts';
import { type Decimal, decimalText, negateDecimal, readDecimal } from '../core/decimal.ts';
import type { Event, EventOf } from '../events/index.ts';
import { eventsOf } from '../log/entry-events.ts';
import { type Effect, effectsAt, type ProjectionStore } from '../log/index.ts';
import { bookingOf, customerOf, unitOf } from './postings.ts';
import { type Posting, type Transaction, unbalanced } from './transaction.ts';

/**
 * Our counted events as balanced transactions, in the order of the log: what bridges carry to outside ledgers. The
 * adopted baseline opens it; what the baseline holds already is not posted a second time. Rows are only ever added.
 */
export function ledgerProjection(): Projection<ProjectionStore> {
  return {
    id: 'ledger',
    fingerprint: 'ledger/1',
    create(store) {
      store.define(`
        CREATE TABLE ledger_transactions (
          offset INTEGER NOT NULL, number INTEGER NOT NULL, event_id TEXT NOT NULL, reverses INTEGER NOT NULL,
          because TEXT NOT NULL, date TEXT NOT NULL, settlement_date TEXT NOT NULL, memo TEXT NOT NULL, chain TEXT NOT NULL,
          PRIMARY KEY (offset, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX ledger_transactions_event ON ledger_transactions (event_id, offset, number);
        CREATE TABLE ledger_postings (
          offset INTEGER NOT NULL, number INTEGER NOT NULL, line INTEGER NOT NULL, account TEXT NOT NULL, unit TEXT NOT NULL,
          amount TEXT NOT NULL, PRIMARY KEY (offset, number, line)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE ledger_unposted (
          offset INTEGER NOT NULL, number INTEGER NOT NULL, event_id TEXT NOT NULL, why TEXT NOT NULL,
          PRIMARY KEY (offset, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE ledger_baseline (offset INTEGER PRIMARY KEY, as_of TEXT NOT NULL, event_id TEXT NOT NULL) STRICT;
        CREATE TABLE ledger_reported (
          offset INTEGER NOT NULL, place INTEGER NOT NULL, channel TEXT NOT NULL, snapshot TEXT NOT NULL,
          account TEXT NOT NULL, unit TEXT NOT NULL, amount TEXT NOT NULL, cash INTEGER NOT NULL,
          PRIMARY KEY (offset, place)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX ledger_reported_snapshot ON ledger_reported (channel, snapshot, account, unit);
      `);
    },
    apply(store, entry) {
      new Fold(store, entry).run();
    },
  };
}

/** The fold of one entry. */
class Fold {
  readonly #store: ProjectionStore;
  readonly #entry: Entry;
  #number = 0;

  constructor(store: ProjectionStore, entry: Entry) {
    this.#store = store;
    this.#entry = entry;
  }

  run(): void {
    const asOf = this.#baseline();
    if (asOf === undefined) this.#stage();
    for (const effect of effectsAt(this.#store, this.#entry.offset)) {
      if (effect.event.perspective === 'ours') this.#post(effect, asOf);
    }
    for (const { event } of eventsOf(this.#entry)) {
      if (event.type === 'baseline.adopted') this.#open(event, asOf);
    }
  }

  #baseline(): string | undefined {
    const row = this.#store.get('SELECT as_of FROM ledger_baseline LIMIT 1');
    return row === undefined ? undefined : String(row['as_of']);
  }

  /** Until a baseline is adopted, every reported balance may become one. */
  #stage(): void {
    const { voids, offset } = this.#entry;
    if (voids !== undefined) this.#store.run('DELETE FROM ledger_reported WHERE offset = ?', voids);
    for (const { index, event } of eventsOf(this.#entry)) {
      const row = reportedRow(event);
      if (row === undefined) continue;
      this.#store.run(
        'INSERT INTO ledger_reported (offset, place, channel, snapshot, account, unit, amount, cash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        offset,
        index,
        event.channel,
        row.snapshot,
        customerOf(event),
        row.unit,
        row.amount,
        row.cash ? 1 : 0,
      );
    }
  }

  #post(effect: Effect, asOf: string | undefined): void {
    const { event, sign, because } = effect;
    const booking = bookingOf(event);
    if (typeof booking === 'string') {
      this.#unposted(event.id, booking);
      return;
    }
    // What happened up to the baseline's day is in it; what is taken back later comes out of it.
    const inBaseline = asOf !== undefined && booking.date <= asOf;
    if (sign === 1 && inBaseline) {
      this.#unposted(event.id, `the baseline of ${asOf} holds it already`);
      return;
    }
    const { postings, ...rest } = booking;
    const legs = sign === 1 ? postings : negated(postings);
    this.#write({ ...rest, eventId: event.id, reverses: sign === -1, because, postings: legs });
  }

  #open(event: EventOf<'baseline.adopted'>, earlier: string | undefined): void {
    if (earlier !== undefined) {
      this.#unposted(event.id, `the ledger was opened by the baseline of ${earlier} already`);
      return;
    }
    const asOf = (event.asOf ?? event.businessDate ?? event.receivedAt).slice(0, 10);
    this.#takeBack(asOf);
    const { sourceChannel = '', snapshot = '', cashChannel = '', cashSnapshot = '' } = event.data;
    const accounts = [
      ...this.#rows(sourceChannel, snapshot, false),
      ...this.#rows(cashChannel, cashSnapshot, true),
    ];
    const memo = `opening balance from ${sourceChannel}/${snapshot}`;
    for (const [account, postings] of byAccount(accounts)) {
      const told = { date: asOf, settlementDate: asOf, memo: `${memo}: ${account}`, eventId: event.id };
      this.#write({ ...told, reverses: false, because: 'opening', postings });
    }
    const { offset } = this.#entry;
    this.#store.run(
      'INSERT INTO ledger_baseline (offset, as_of, event_id) VALUES (?, ?, ?)',
      offset,
      asOf,
      event.id,
    );
    this.#store.run('DELETE FROM ledger_reported');
  }

  /** Trades of the baseline's days that were posted before somebody adopted it. */
  #takeBack(asOf: string): void {
    const posted = this.#store.all(
      'SELECT offset, number, event_id, reverses, settlement_date, date, memo FROM ledger_transactions WHERE date <= ? ORDER BY offset, number',
      asOf,
    );
    for (const row of posted) {
      const postings = postingsAt(this.#store, Number(row['offset']), Number(row['number']));
      this.#write({
        date: String(row['date']),
        settlementDate: String(row['settlement_date']),
        memo: String(row['memo']),
        eventId: String(row['event_id']),
        reverses: Number(row['reverses']) === 0,
        because: 'baseline',
        postings: negated(postings),
      });
    }
  }

  #rows(channel: string, snapshot: string, cash: boolean): readonly Posting[] {
    const rows = this.#store.all(
      'SELECT account, unit, amount FROM ledger_reported WHERE channel = ? AND snapshot = ? AND cash = ? ORDER BY account, unit, offset, place',
      channel,
      snapshot,
      cash ? 1 : 0,
    );
    return rows.flatMap((row) => {
      const amount = decimal(String(row['amount']));
      const kind = cash ? 'cash' : 'securities';
      const leg = { account: `${String(row['account'])}:${kind}`, unit: String(row['unit']), amount };
      return amount.units === 0n ? [] : [leg];
    });
  }

  #write(made: Omit<Transaction, 'offset' | 'number'>): void {
    const { offset, chain } = this.#entry;
    const wrong = unbalanced(made.postings);
    assert.deepEqual(wrong, [], `LEDGER_UNBALANCED at offset ${offset}: ${wrong.join(', ')}`);
    const number = this.#number++;
    this.#store.run(
      'INSERT INTO ledger_transactions (offset, number, event_id, reverses, because, date, settlement_date, memo, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      offset,
      number,
      made.eventId,
      made.reverses ? 1 : 0,
      made.because,
      made.date,
      made.settlementDate,
      made.memo,
      chain,
    );
    for (const [line, { account, unit, amount }] of made.postings.entries()) {
      this.#store.run(
        'INSERT INTO ledger_postings (offset, number, line, account, unit, amount) VALUES (?, ?, ?, ?, ?, ?)',
        offset,
        number,
        line,
        account,
        unit,
        decimalText(amount),
      );
    }
  }

  #unposted(eventId: string, why: string): void {
    this.#store.run(
      'INSERT INTO ledger_unposted (offset, number, event_id, why) VALUES (?, ?, ?, ?)',
      this.#entry.offset,
      this.#number++,
      eventId,
      why,
    );
  }
}

/** The legs of one transaction, in their order. */
export function postingsAt(
  store: Pick<ProjectionStore, 'all'>,
  offset: number,
  number: number,
): readonly Posting[] {
  const rows = store.all(
    'SELECT account, unit, amount FROM ledger_postings WHERE offset = ? AND number = ? ORDER BY line',
    offset,
    number,
  );
  return rows.map((row) => ({
    account: String(row['account']),
    unit: String(row['unit']),
    amount: decimal(String(row['amount'])),
  }));
}

interface ReportedRow {
  readonly snapshot: string;
  readonly unit: string;
  readonly amount: string;
  readonly cash: boolean;
}

/** A balance by trade date that a clearer reported in a snapshot. */
function reportedRow(event: Event): ReportedRow | undefined {
  if (event.perspective !== 'clearer') return undefined;
  if (event.type === 'position.reported' && event.data.basis === 'trade-date') {
    const { snapshot, quantity } = event.data;
    if (snapshot === undefined || quantity === undefined || event.security === undefined) return undefined;
    return { snapshot, unit: unitOf(event.security), amount: quantity, cash: false };
  }
  if (event.type === 'cash.reported' && event.data.basis === 'trade-date') {
    const { snapshot, amount, currency = 'USD' } = event.data;
    return snapshot === undefined || amount === undefined
      ? undefined
      : { snapshot, unit: currency, amount, cash: true };
  }
  return undefined;
}

/** One opening transaction an account: its balances, against the opening equity. */
function byAccount(legs: readonly Posting[]): ReadonlyMap<string, readonly Posting[]> {
  const accounts = new Map<string, Posting[]>();
  for (const leg of legs) {
    const name = leg.account.slice(0, leg.account.lastIndexOf(':'));
    const kind = leg.account.slice(name.length + 1);
    const own = accounts.get(name) ?? [];
    accounts.set(name, own);
    own.push(leg, { ...leg, account: `equity:opening:${kind}`, amount: negateDecimal(leg.amount) });
  }
  return accounts;
}

function negated(postings: readonly Posting[]): readonly Posting[] {
  return postings.map((posting) => ({ ...posting, amount: negateDecimal(posting.amount) }));
}

/** What the projection wrote itself. */
function decimal(text: string): Decimal {
  const read = readDecimal(text);
  assert(read.ok, `"${text}" stands in the ledger and is no decimal`);
  return read.value;
}
