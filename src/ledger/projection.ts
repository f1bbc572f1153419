import assert from 'node:assert/strict';
import { type BookOptions, BookView, bookProjection, linesOf, type Movement } from '../book/index.ts';
import { settlementDays } from '../calendar/index.ts';
import type { Entry } from '../contract/entry.ts';
import type { Projection } from '../contract/projection.ts';
import { type Decimal, decimalText, negateDecimal, readDecimal } from '../core/decimal.ts';
import { effectsAt, type ProjectionStore, toldEventNamed } from '../log/index.ts';
import { bookingOf, customerOf } from './postings.ts';
import { type Posting, type Transaction, unbalanced } from './transaction.ts';

export interface LedgerOptions {
  /** As the book's, which is folded before. */
  readonly book?: BookOptions;
}

/** Another number folds every ledger again. */
const version = 2;

/**
 * The movements of our book as balanced transactions, in the order of the log: what bridges carry to outside ledgers.
 * So customers have here by trade date what they have in the book, on any baseline. Rows are only ever added.
 */
export function ledgerProjection(options: LedgerOptions = {}): Projection<ProjectionStore> {
  return {
    id: 'ledger',
    get fingerprint() {
      return `ledger/${version} ${bookProjection(options.book).fingerprint}`;
    },
    create(store) {
      store.define(`
        CREATE TABLE ledger_transactions (
          offset INTEGER NOT NULL, number INTEGER NOT NULL, event_id TEXT NOT NULL, reverses INTEGER NOT NULL,
          because TEXT NOT NULL, date TEXT NOT NULL, settlement_date TEXT NOT NULL, memo TEXT NOT NULL, chain TEXT NOT NULL,
          PRIMARY KEY (offset, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE ledger_postings (
          offset INTEGER NOT NULL, number INTEGER NOT NULL, line INTEGER NOT NULL, account TEXT NOT NULL, unit TEXT NOT NULL,
          amount TEXT NOT NULL, PRIMARY KEY (offset, number, line)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE ledger_unposted (
          offset INTEGER NOT NULL, number INTEGER NOT NULL, event_id TEXT NOT NULL, why TEXT NOT NULL,
          PRIMARY KEY (offset, number)
        ) STRICT, WITHOUT ROWID;
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
  readonly #book: BookView;
  #number = 0;

  constructor(store: ProjectionStore, entry: Entry) {
    this.#store = store;
    this.#entry = entry;
    this.#book = new BookView(store);
  }

  run(): void {
    const movements = this.#book.movementsAt(this.#entry.offset);
    for (const group of movementGroups(movements)) {
      const [first] = group;
      if (first.kind === 'opening') this.#open(group);
      else this.#post(first);
    }
    this.#keepUnposted(new Set(movements.map(({ eventId }) => eventId)));
  }

  #post({ eventId, source, sign, because, tradeDate, settlementDate }: Movement): void {
    const event = toldEventNamed(this.#store, source, eventId);
    assert(event !== undefined, `${eventId} is booked at offset ${this.#entry.offset} and was never told`);
    const { memo, postings } = bookingOf(event);
    const told = { eventId, because, date: tradeDate, settlementDate, memo };
    this.#write({ ...told, reverses: sign === -1, postings: sign === 1 ? postings : negated(postings) });
  }

  /** The opening of one account, or the end of it where another baseline takes its place. */
  #open(group: Group): void {
    const [{ account, eventId, sign, tradeDate, settlementDate }] = group;
    const adopted = this.#book.baseline(this.#entry.offset);
    const from = adopted?.eventId === eventId ? ` from ${adopted.channel}/${adopted.snapshot}` : '';
    const customer = customerOf({ account });
    this.#write({
      date: tradeDate,
      settlementDate,
      memo: `opening balance${from}: ${customer}`,
      eventId,
      reverses: sign === -1,
      because: sign === 1 ? 'opening' : 'baseline',
      postings: group.flatMap((movement) => openingLegs(customer, movement)),
    });
  }

  /** Our facts that count and that the book did not take with this entry. */
  #keepUnposted(booked: ReadonlySet<string>): void {
    const { offset } = this.#entry;
    for (const { event, sign } of effectsAt(this.#store, offset)) {
      if (sign === -1 || event.perspective !== 'ours' || booked.has(event.id)) continue;
      // Only the reason is asked: no date of the calendar is in it.
      const moves = linesOf(event, settlementDays);
      if (moves === undefined) continue;
      const asOf = this.#book.baseline(offset)?.asOf ?? '';
      const why = 'unbooked' in moves ? moves.unbooked : `the baseline of ${asOf} holds it already`;
      this.#unposted(event.id, why);
    }
  }

  #write(made: Omit<Transaction, 'offset' | 'number'>): void {
    const { offset, chain } = this.#entry;
    if (made.postings.length === 0) {
      if (!made.reverses) this.#unposted(made.eventId, 'it moves neither securities nor cash');
      return;
    }
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

/** Movements of one transaction. */
type Group = readonly [Movement, ...Movement[]];

/** One transaction for each movement; an opening has one for each account and settlement date. */
function movementGroups(movements: readonly Movement[]): readonly Group[] {
  const groups = new Map<string, [Movement, ...Movement[]]>();
  for (const movement of movements) {
    const { kind, sign, account, settlementDate, number } = movement;
    const name = kind === 'opening' ? `${sign}|${settlementDate}|${account}` : String(number);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [movement]);
    else known.push(movement);
  }
  return [...groups.values()];
}

function openingLegs(customer: string, { security, quantity, currency, cash }: Movement): readonly Posting[] {
  const [kind, unit, text] = security === '' ? ['cash', currency, cash] : ['securities', security, quantity];
  const amount = decimal(text);
  return [
    { account: `${customer}:${kind}`, unit, amount },
    { account: `equity:opening:${kind}`, unit, amount: negateDecimal(amount) },
  ];
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

function negated(postings: readonly Posting[]): readonly Posting[] {
  return postings.map((posting) => ({ ...posting, amount: negateDecimal(posting.amount) }));
}

/** What a projection of ours wrote itself. */
function decimal(text: string): Decimal {
  const read = readDecimal(text);
  assert(read.ok, `"${text}" stands in the ledger and is no decimal`);
  return read.value;
}
