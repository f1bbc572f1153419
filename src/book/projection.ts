import { type Closing, settlementDays, withDays } from '../calendar/index.ts';
import type { Entry } from '../contract/entry.ts';
import type { Projection } from '../contract/projection.ts';
import { effectsAt, eventsOf, facts, type ProjectionStore } from '../log/index.ts';
import { keepBaseline } from './baselines.ts';
import { bookEffects, type Fold } from './facts-booking.ts';
import { Bookkeeper } from './movements.ts';
import { openBook } from './opening.ts';
import { keepReported, voidReported } from './reported.ts';
import { bookTables } from './schema.ts';

export interface BookOptions {
  /** Days without settlement that no rule gives; used where a trade does not say when it settles. */
  readonly closings?: readonly Closing[];
}

/** Another number folds every book again. */
const version = 2;

/**
 * Our book, and beside it what others report: facts that count, balances of closed snapshots, movements of our own
 * trades on the baseline that a person adopted. Rows are never changed, so the book of any earlier offset can be asked.
 * Reads the effects of the facts, which are folded before.
 */
export function bookProjection(options: BookOptions = {}): Projection<ProjectionStore> {
  const { closings = [] } = options;
  const calendar = closings.length === 0 ? settlementDays : withDays(settlementDays, { closed: closings });
  return {
    id: 'book',
    get fingerprint() {
      const days = closings.map(({ date }) => date).toSorted();
      return `book/${version} ${facts.fingerprint} ${days.join(' ')}`.trimEnd();
    },
    create: (store) => store.define(bookTables),
    apply(store, entry) {
      const fold: Fold = { store, entry, calendar, bookkeeper: new Bookkeeper(store, entry.offset) };
      if (keepTold(store, entry)) openBook(fold);
      bookEffects(fold, effectsAt(store, entry.offset));
    },
  };
}

/** Keeps what an entry reports and adopts; true where the baseline may be another one by it. */
function keepTold(store: ProjectionStore, entry: Entry): boolean {
  const { offset, voids } = entry;
  let adopts = false;
  if (voids !== undefined) {
    voidReported(store, voids, offset);
    store.run(
      'UPDATE book_baselines SET voided_by = ? WHERE offset = ? AND voided_by IS NULL',
      offset,
      voids,
    );
    adopts = store.get('SELECT 1 FROM book_baselines WHERE voided_by = ? LIMIT 1', offset) !== undefined;
  }
  for (const { index, event } of eventsOf(entry)) {
    keepReported(store, entry, index, event);
    if (event.type !== 'baseline.adopted') continue;
    keepBaseline(store, offset, index, event);
    adopts = true;
  }
  return adopts;
}
