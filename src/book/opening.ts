import type { ProjectionStore, SqlRow } from '../log/index.ts';
import { type Adopted, adoptedNow, openingLines } from './baselines.ts';
import { bookAgain, type Fold } from './facts-booking.ts';
import { decimalOf, type Line } from './lines.ts';

/**
 * Opens the book with the baseline in force, where it is another one than before: the old opening is taken out, the new
 * one written, and our facts are booked by it. True where something changed.
 */
export function openBook(fold: Fold): boolean {
  const { store } = fold;
  const adopted = adoptedNow(store);
  const open = store.get('SELECT offset, baseline, place FROM book_openings WHERE until IS NULL');
  const same =
    open === undefined
      ? adopted === undefined
      : Number(open['baseline']) === adopted?.offset && Number(open['place']) === adopted.place;
  if (same) return false;
  if (open !== undefined) takeOut(fold, Number(open['offset']));
  if (adopted !== undefined) putIn(fold, adopted);
  bookAgain(fold);
  return true;
}

function putIn({ store, entry, calendar, bookkeeper }: Fold, adopted: Adopted): void {
  store.run(
    'INSERT INTO book_openings (offset, baseline, place, until) VALUES (?, ?, ?, NULL)',
    entry.offset,
    adopted.offset,
    adopted.place,
  );
  const { eventId } = adopted;
  for (const { line, source } of openingLines(store, adopted, calendar))
    bookkeeper.write({ line, sign: 1, because: 'baseline', eventId, key: undefined, source });
}

function takeOut({ store, entry, bookkeeper }: Fold, offset: number): void {
  store.run('UPDATE book_openings SET until = ? WHERE offset = ?', entry.offset, offset);
  for (const row of openingAt(store, offset)) {
    const eventId = String(row['event_id']);
    const source = Number(row['source']);
    bookkeeper.write({ line: lineIn(row), sign: -1, because: 'baseline', eventId, key: undefined, source });
  }
}

function openingAt(store: ProjectionStore, offset: number): readonly SqlRow[] {
  return store.all(
    "SELECT * FROM book_movements WHERE offset = ? AND kind = 'opening' AND sign = 1 ORDER BY number",
    offset,
  );
}

function lineIn(row: SqlRow): Line {
  return {
    kind: 'opening',
    account: String(row['account']),
    security: String(row['security']),
    symbol: row['symbol'] === null ? undefined : String(row['symbol']),
    quantity: decimalOf(String(row['quantity'])),
    currency: String(row['currency']),
    cash: decimalOf(String(row['cash'])),
    charges: [],
    tradeDate: String(row['trade_date']),
    settlementDate: String(row['settlement_date']),
    computed: Number(row['computed']) === 1,
  };
}
