import type { Projection } from '../contract/projection.ts';
import { economics } from '../events/index.ts';
import { sha256 } from './draft.ts';
import { catalogueFingerprint, eventsOf } from './entry-events.ts';
import type { ProjectionStore, SqlRow } from './projection-store.ts';

/**
 * What an event is to its fact.
 * - `first`: it told the fact first, or has no business key to share.
 * - `repeated`: the same key with the same economics, told again.
 * - `conflict`: the same key with other economics: a person has to decide.
 * - `void`: a later revision of its entry took it back.
 */
export type Standing = 'first' | 'repeated' | 'conflict' | 'void';

/** One event as a telling of its fact. */
export interface Telling {
  readonly offset: number;
  /** Which event of its entry, from 0. */
  readonly index: number;
  readonly id: string;
  readonly type: string;
  readonly standing: Standing;
  readonly businessKey?: string;
  /** Id of the event that told the fact first, where that is another one. */
  readonly first?: string;
}

/**
 * Which event told which fact first: the answer to whether two messages tell one fact. The same fill comes again under
 * another origin all the time; only its first telling counts. When a revision takes that back, the next one is first.
 */
export const facts: Projection<ProjectionStore> = {
  id: 'facts',
  get fingerprint() {
    return `facts/1 ${catalogueFingerprint()}`;
  },
  create(store) {
    store.define(`
      CREATE TABLE facts_tellings (
        offset INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, business_key TEXT,
        economics TEXT NOT NULL, standing TEXT NOT NULL, PRIMARY KEY (offset, place)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX facts_tellings_key ON facts_tellings (business_key, offset, place) WHERE business_key IS NOT NULL;
      CREATE INDEX facts_tellings_standing ON facts_tellings (standing, offset) WHERE standing <> 'first';
    `);
  },
  apply(store, entry) {
    if (entry.voids !== undefined) voidAll(store, entry.voids);
    for (const { index, event } of eventsOf(entry)) {
      const key = event.businessKey ?? null;
      const said = sha256(economics(event)).slice(0, 32);
      store.run(
        'INSERT INTO facts_tellings (offset, place, id, type, business_key, economics, standing) VALUES (?, ?, ?, ?, ?, ?, ?)',
        entry.offset,
        index,
        event.id,
        event.type,
        key,
        said,
        key === null ? 'first' : standingOf(firstOf(store, key), said),
      );
    }
  },
};

function standingOf(first: SqlRow | undefined, said: string): Standing {
  if (first === undefined) return 'first';
  return first['economics'] === said ? 'repeated' : 'conflict';
}

const columns = 'offset, place, id, type, business_key, economics, standing';

/** Who holds the fact: the earliest telling that still stands. */
function firstOf(store: Pick<ProjectionStore, 'get'>, key: string): SqlRow | undefined {
  return store.get(
    `SELECT ${columns} FROM facts_tellings WHERE business_key = ? AND standing <> 'void' ORDER BY offset, place LIMIT 1`,
    key,
  );
}

function voidAll(store: ProjectionStore, offset: number): void {
  const gone = store.all(
    "SELECT DISTINCT business_key FROM facts_tellings WHERE offset = ? AND standing <> 'void'",
    offset,
  );
  store.run("UPDATE facts_tellings SET standing = 'void' WHERE offset = ?", offset);
  for (const row of gone) {
    const key = row['business_key'];
    if (typeof key === 'string') judgeAgain(store, key);
  }
}

/** The earliest telling that is left holds the fact; the others are measured by it. */
function judgeAgain(store: ProjectionStore, key: string): void {
  const first = firstOf(store, key);
  if (first === undefined) return;
  store.run(
    `UPDATE facts_tellings SET standing = CASE
       WHEN offset = ? AND place = ? THEN 'first' WHEN economics = ? THEN 'repeated' ELSE 'conflict' END
     WHERE business_key = ? AND standing <> 'void'`,
    Number(first['offset']),
    Number(first['place']),
    String(first['economics']),
    key,
  );
}

/** Reads the facts. */
export class FactsView {
  private readonly store: Pick<ProjectionStore, 'get' | 'all'>;

  constructor(store: Pick<ProjectionStore, 'get' | 'all'>) {
    this.store = store;
  }

  /** How the events of one entry stand, in their order. */
  entry(offset: number): readonly Telling[] {
    const rows = this.store.all(
      `SELECT ${columns} FROM facts_tellings WHERE offset = ? ORDER BY place`,
      offset,
    );
    return rows.map((row) => this.telling(row));
  }

  /** All tellings of one fact, the first of them first; none when nobody told it. */
  fact(businessKey: string): readonly Telling[] {
    const rows = this.store.all(
      `SELECT ${columns} FROM facts_tellings WHERE business_key = ? ORDER BY offset, place`,
      businessKey,
    );
    return rows.map((row) => this.telling(row));
  }

  /** Tellings that are not first, in offset order, from an offset on. */
  standing(standing: Exclude<Standing, 'first'>, from = 0, limit = 1_000): readonly Telling[] {
    const rows = this.store.all(
      `SELECT ${columns} FROM facts_tellings WHERE standing = '${standing}' AND offset >= ? ORDER BY offset, place LIMIT ?`,
      from,
      limit,
    );
    return rows.map((row) => this.telling(row));
  }

  /** How many events there are of each standing. */
  counts(): Readonly<Record<Standing, number>> {
    const counts: Record<Standing, number> = { first: 0, repeated: 0, conflict: 0, void: 0 };
    for (const row of this.store.all(
      'SELECT standing, count(*) AS n FROM facts_tellings GROUP BY standing',
    )) {
      const standing = String(row['standing']);
      if (isStanding(standing)) counts[standing] = Number(row['n']);
    }
    return counts;
  }

  private telling(row: SqlRow): Telling {
    const businessKey = row['business_key'];
    const standing = String(row['standing']);
    const shares = typeof businessKey === 'string' && standing !== 'first' && standing !== 'void';
    const first = shares ? firstOf(this.store, businessKey)?.['id'] : undefined;
    return {
      offset: Number(row['offset']),
      index: Number(row['place']),
      id: String(row['id']),
      type: String(row['type']),
      standing: isStanding(standing) ? standing : 'void',
      ...(typeof businessKey === 'string' && { businessKey }),
      ...(typeof first === 'string' && { first }),
    };
  }
}

function isStanding(value: string): value is Standing {
  return value === 'first' || value === 'repeated' || value === 'conflict' || value === 'void';
}
