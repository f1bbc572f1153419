import type { Entry } from '../contract/entry.ts';
import type { Projection } from '../contract/projection.ts';
import { type Micros, microsOfIso } from '../core/clock.ts';
import { searchKeys } from '../events/index.ts';
import { catalogueFingerprint, eventsOf } from './entry-events.ts';
import type { ProjectionStore, SqlRow, SqlValue } from './projection-store.ts';

/** Which events are asked for. Without a value: all, by time or offset. */
export interface SearchQuery {
  readonly value?: string;
  /** The value is only the beginning. */
  readonly prefix?: boolean;
  /** `exec`, `order`, `account`, …: what the catalogue calls the key. */
  readonly kind?: string;
  readonly channel?: string;
  readonly type?: string;
  /** Received at or after, and before. */
  readonly since?: Micros;
  readonly until?: Micros;
  /** First offset that is looked at: the way to the next page. */
  readonly from?: number;
  /** Events that a later revision took back; left out unless asked for. */
  readonly voided?: boolean;
  /** At most this many; 1,000 if left out. */
  readonly limit?: number;
}

/** One event, without its body: that stands in the log at `offset`. */
export interface SearchHit {
  readonly offset: number;
  /** Which event of its entry, from 0. */
  readonly index: number;
  readonly id: string;
  readonly type: string;
  readonly channel: string;
  readonly receivedAt: Micros;
  readonly businessKey?: string;
  readonly voided: boolean;
}

/** The search index: every value under which the catalogue says that an event can be found. */
export const search: Projection<ProjectionStore> = {
  id: 'search',
  get fingerprint() {
    return `search/1 ${catalogueFingerprint()}`;
  },
  create(store) {
    store.define(`
      CREATE TABLE search_events (
        offset INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, channel TEXT NOT NULL,
        received_at INTEGER NOT NULL, business_key TEXT, voided INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (offset, place)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX search_events_received ON search_events (received_at);
      CREATE TABLE search_keys (
        value TEXT NOT NULL, kind TEXT NOT NULL, offset INTEGER NOT NULL, place INTEGER NOT NULL,
        PRIMARY KEY (value, kind, offset, place)
      ) STRICT, WITHOUT ROWID;
    `);
  },
  apply(store, entry) {
    if (entry.voids !== undefined) {
      store.run('UPDATE search_events SET voided = 1 WHERE offset = ?', entry.voids);
    }
    for (const { index, event } of eventsOf(entry)) {
      store.run(
        'INSERT INTO search_events (offset, place, id, type, channel, received_at, business_key) VALUES (?, ?, ?, ?, ?, ?, ?)',
        entry.offset,
        index,
        event.id,
        event.type,
        entry.channel,
        receivedAt(entry, event.receivedAt),
        event.businessKey ?? null,
      );
      for (const { kind, value } of searchKeys(event)) {
        store.run(
          'INSERT INTO search_keys (value, kind, offset, place) VALUES (?, ?, ?, ?)',
          value,
          kind,
          entry.offset,
          index,
        );
      }
    }
  },
};

function receivedAt(entry: Entry, said: string): Micros {
  return microsOfIso(said) ?? entry.receivedAt;
}

/** Reads the search index. */
export class SearchView {
  private readonly store: Pick<ProjectionStore, 'all'>;

  constructor(store: Pick<ProjectionStore, 'all'>) {
    this.store = store;
  }

  /** The events that fit, in offset order, each once. */
  find(query: SearchQuery): readonly SearchHit[] {
    const { limit = 1_000 } = query;
    const { where, values } = conditions(query);
    const rows = this.store.all(
      `SELECT offset, place, id, type, channel, received_at, business_key, voided FROM search_events AS event
       ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY offset, place LIMIT ?`,
      ...values,
      limit,
    );
    return rows.map(hitOf);
  }
}

function conditions(query: SearchQuery): { readonly where: string[]; readonly values: SqlValue[] } {
  const where: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, ...more: SqlValue[]): void => {
    where.push(condition);
    values.push(...more);
  };
  if (query.value !== undefined) {
    const [condition, ...asked] = keyCondition(query.value, query);
    add(`(offset, place) IN (SELECT offset, place FROM search_keys WHERE ${condition})`, ...asked);
  }
  if (query.voided !== true) add('voided = 0');
  if (query.channel !== undefined) add('channel = ?', query.channel);
  if (query.type !== undefined) add('type = ?', query.type);
  if (query.since !== undefined) add('received_at >= ?', query.since);
  if (query.until !== undefined) add('received_at < ?', query.until);
  if (query.from !== undefined) add('offset >= ?', query.from);
  return { where, values };
}

function keyCondition(value: string, { prefix, kind }: SearchQuery): [string, ...SqlValue[]] {
  // The last code point there is: whatever begins with the value sorts below the value and that.
  const byValue: [string, ...SqlValue[]] =
    prefix === true ? ['value >= ? AND value < ?', value, `${value}\u{10ffff}`] : ['value = ?', value];
  return kind === undefined ? byValue : [`${byValue[0]} AND kind = ?`, ...byValue.slice(1), kind];
}

function hitOf(row: SqlRow): SearchHit {
  const businessKey = row['business_key'];
  return {
    offset: Number(row['offset']),
    index: Number(row['place']),
    id: String(row['id']),
    type: String(row['type']),
    channel: String(row['channel']),
    receivedAt: Number(row['received_at']),
    ...(typeof businessKey === 'string' && { businessKey }),
    voided: row['voided'] === 1,
  };
}
