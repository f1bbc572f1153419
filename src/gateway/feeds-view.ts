import { isoOfMicros, type Micros } from '../core/clock.ts';
import type { ProjectionStore, SqlRow, SqlValue } from '../log/index.ts';

/**
 * What came of a file or of a due arrival: `reading` (being booked), `accepted`, `late` (accepted, and behind its due
 * time), `superseded`, `duplicate`, `restated-held`, `refused:CODE`, `missing` (due, and nothing came).
 */
export type FeedVerdict =
  | 'reading'
  | 'accepted'
  | 'late'
  | 'superseded'
  | 'duplicate'
  | 'restated-held'
  | 'missing'
  | `refused:${string}`;

/** One file that was seen, or one due arrival that nothing met. Times are ISO 8601 in UTC. */
export interface FeedRow {
  /** Of the entry that told it first. */
  readonly offset: number;
  readonly channel: string;
  /** The expected feed; the channel's name where the file is none that is expected. */
  readonly feed: string;
  readonly cycle?: string;
  readonly businessDate?: string;
  readonly dueAt?: string;
  readonly arrivedAt?: string;
  readonly closedAt?: string;
  readonly verdict: FeedVerdict;
  /** It was not there by its due time and grace, whatever came of it afterwards. */
  readonly late?: true;
  readonly fileKey?: string;
  readonly name?: string;
  readonly sha256?: string;
  readonly size?: number;
  readonly records?: number;
  readonly quarantined?: number;
  /** Controls that held. */
  readonly totals: readonly string[];
  readonly code?: string;
  readonly why?: string;
  /** Offset of its entry in quarantine. */
  readonly held?: number;
  /** What a person decided about that entry. */
  readonly decided?: string;
}

export interface FeedSelection {
  readonly channel?: string;
  readonly feed?: string;
  /** Due, or where it was not expected, arrived: from this instant on, and before that one. */
  readonly from?: Micros;
  readonly before?: Micros;
}

/** Reads what {@link feedsProjection} folded. */
export class FeedsView {
  readonly #store: Pick<ProjectionStore, 'all'>;

  constructor(store: Pick<ProjectionStore, 'all'>) {
    this.#store = store;
  }

  /** When something was told last about any file; 0 where nothing was. */
  latest(): Micros {
    const [row] = this.#store.all(
      'SELECT max(max(coalesce(closed_at, 0), coalesce(arrived_at, 0))) AS at FROM feeds_rows',
    );
    return Number(row?.['at'] ?? 0);
  }

  /** In the order in which they were due or came. */
  rows({ channel, feed, from, before }: FeedSelection = {}): readonly FeedRow[] {
    const wanted: (readonly [sql: string, value: SqlValue | undefined])[] = [
      ['channel = ?', channel],
      ['feed = ?', feed],
      ['at >= ?', from],
      ['at < ?', before],
    ];
    const given = wanted.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
    const where = given.length === 0 ? '' : `WHERE ${given.map(({ sql }) => sql).join(' AND ')}`;
    const sql = `SELECT * FROM feeds_rows ${where} ORDER BY at, offset`;
    return this.#store.all(sql, ...given.map(({ value }) => value)).map(rowOf);
  }
}

function rowOf(row: SqlRow): FeedRow {
  const text = (name: string): string | undefined => {
    const value = row[name];
    return typeof value === 'string' ? value : undefined;
  };
  const number = (name: string): number | undefined => {
    const value = row[name];
    return typeof value === 'number' ? value : undefined;
  };
  const time = (name: string): string | undefined => {
    const value = number(name);
    return value === undefined ? undefined : isoOfMicros(value);
  };
  return withoutAbsent({
    offset: number('offset') ?? 0,
    channel: text('channel') ?? '',
    feed: text('feed') ?? '',
    cycle: text('cycle'),
    businessDate: text('business_date'),
    dueAt: text('due_at'),
    arrivedAt: time('arrived_at'),
    closedAt: time('closed_at'),
    verdict: text('verdict') as FeedVerdict,
    late: row['late'] === 1 ? true : undefined,
    fileKey: text('file_key'),
    name: text('name'),
    sha256: text('sha256'),
    size: number('size'),
    records: number('records'),
    quarantined: number('quarantined'),
    totals: JSON.parse(text('totals') ?? '[]') as readonly string[],
    code: text('code'),
    why: text('why'),
    held: number('held'),
    decided: text('decided'),
  });
}

/** Members that may be absent, absent where they were undefined. */
function withoutAbsent(row: { readonly [K in keyof FeedRow]: FeedRow[K] | undefined }): FeedRow {
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== undefined),
  ) as unknown as FeedRow;
}
