import { type BookOptions, BookView, bookProjection } from '../book/index.ts';
import type { Entry } from '../contract/entry.ts';
import type { Projection } from '../contract/projection.ts';
import { effectsAt, eventsOf, type ProjectionStore } from '../log/index.ts';
import { keepDescriptions, keepEffects } from './facts.ts';
import { run } from './runs.ts';
import { reconTables } from './tables.ts';
import type { Cause, FeedKind, Owner } from './terms.ts';
import { feedKinds } from './terms.ts';

export interface ReconOptions {
  /** As the book's, which is folded before. */
  readonly book?: BookOptions;
  /** Who looks after breaks of a cause, where it is another one than Clearport says. */
  readonly owners?: { readonly [C in Cause]?: Owner };
}

/** Another number folds everything again. */
const version = 2;

/**
 * How long facts that arrive late for a compared day are gathered before the day is compared once more. Reason: a
 * replay of thousands of them must not make thousands of comparisons. Counted on the clock of the entries, so that
 * every fold of a log makes the same comparisons.
 */
const gatherMicros = 1_000_000;

/**
 * Our book against the clearer's. A business date is compared when one of the clearer's snapshots of it closes (again,
 * when a corrected one does), when a baseline is adopted, and when a fact of either side arrives for the date that was
 * compared last, so that a break heals when it is mended. Reads the book and the effects of the facts, folded before.
 */
export function reconProjection(options: ReconOptions = {}): Projection<ProjectionStore> {
  const { owners = {} } = options;
  return {
    id: 'recon',
    get fingerprint() {
      const named = Object.entries(owners).map(([cause, owner]) => `${cause}=${owner}`);
      return `recon/${version} ${bookProjection(options.book).fingerprint} ${named.sort().join(' ')}`.trimEnd();
    },
    create: (store) => store.define(reconTables),
    apply(store, entry) {
      keepDescriptions(store, entry);
      const touched = keepEffects(store, effectsAt(store, entry.offset));
      compareWhatIsDue(store, entry, touched, owners);
    },
  };
}

type Touched = ReturnType<typeof keepEffects>;

/** Where the comparisons stand: the last date, when it was compared, and facts that came for it since. */
interface State {
  readonly date: string;
  readonly ranAt: number;
  readonly late: number;
}

function compareWhatIsDue(
  store: ProjectionStore,
  entry: Entry,
  touched: Touched,
  owners: NonNullable<ReconOptions['owners']>,
): void {
  const state = stateOf(store);
  const closed = closingsIn(entry);
  const late = state.late + (state.date === '' ? 0 : lateOnes(store, entry, touched, state));
  const waited = entry.receivedAt - state.ranAt >= gatherMicros;
  if (closed.length === 0 && !(late > 0 && waited)) {
    if (late !== state.late) keepState(store, { ...state, late });
    return;
  }
  const book = new BookView(store);
  const { offset, receivedAt: at } = entry;
  const running = { store, book, offset, at, owners };
  const latest = latestDate(book, offset);
  const dates = new Map<string, string>();
  for (const one of closed) dates.set(one.date(book) ?? latest, one.why);
  if (dates.size === 0 && latest !== '') dates.set(latest, `${late} late ${late === 1 ? 'fact' : 'facts'}`);
  for (const [date, why] of dates) if (date !== '') run(running, date, why, date === latest);
  keepState(store, { date: latest, ranAt: Math.max(at, state.ranAt), late: dates.has(latest) ? 0 : late });
}

interface Closing {
  readonly why: string;
  /** The business date that it is about; undefined: the latest. */
  date(book: BookView): string | undefined;
}

function closingsIn(entry: Entry): readonly Closing[] {
  return eventsOf(entry).flatMap(({ event }): Closing[] => {
    if (event.type === 'baseline.adopted')
      return [{ why: `opening book ${event.data.snapshot ?? ''} adopted`, date: () => undefined }];
    if (event.type !== 'snapshot.closed' || event.perspective !== 'clearer') return [];
    const { kind, snapshot = '' } = event.data;
    if (!isFeedKind(kind)) return [];
    const { channel } = event;
    const date = (book: BookView): string =>
      book.snapshot({ channel, snapshot, kind }, entry.offset)?.asOf ?? '';
    return [{ why: `${kind} ${snapshot}`, date }];
  });
}

function isFeedKind(kind: string | undefined): kind is FeedKind {
  return feedKinds.some((known) => known === kind);
}

/** Facts for a day that was compared; those of a file count when the file is closed. */
function lateOnes(store: ProjectionStore, { offset }: Entry, touched: Touched, { date }: State): number {
  const book = new BookView(store);
  return touched.filter((fact) => fact.date <= date && !book.closesSnapshots(fact.channel, 'clearer', offset))
    .length;
}

function latestDate(book: BookView, upTo: number): string {
  return book
    .snapshots({ perspective: 'clearer', upTo })
    .filter(({ kind }) => isFeedKind(kind))
    .reduce((last, { asOf = '' }) => (asOf > last ? asOf : last), '');
}

function stateOf(store: ProjectionStore): State {
  const row = store.get('SELECT date, ran_at, late FROM recon_state WHERE one = 1');
  return {
    date: String(row?.['date'] ?? ''),
    ranAt: Number(row?.['ran_at'] ?? 0),
    late: Number(row?.['late'] ?? 0),
  };
}

function keepState(store: ProjectionStore, { date, ranAt, late }: State): void {
  store.run('UPDATE recon_state SET date = ?, ran_at = ?, late = ? WHERE one = 1', date, ranAt, late);
}
