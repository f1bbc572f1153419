import type { Entry } from '../contract/entry.ts';
import type { Projection } from '../contract/projection.ts';
import { type Event, economics } from '../events/index.ts';
import { sha256 } from './draft.ts';
import { type Changed, effectTables, undoingOf, writeEffects } from './effects.ts';
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
 * another origin all the time; only its first telling counts, until something undoes it. When a revision takes it back,
 * the next telling is first. What begins and ends to count with each entry stands in the effects.
 */
export const facts: Projection<ProjectionStore> = {
  id: 'facts',
  get fingerprint() {
    return `facts/2 ${catalogueFingerprint()}`;
  },
  create(store) {
    store.define(`
      CREATE TABLE facts_tellings (
        offset INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, business_key TEXT,
        economics TEXT NOT NULL, standing TEXT NOT NULL, countable INTEGER NOT NULL, undated TEXT, verb TEXT,
        target TEXT, target_undated TEXT, PRIMARY KEY (offset, place)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX facts_tellings_key ON facts_tellings (business_key, offset, place) WHERE business_key IS NOT NULL;
      CREATE INDEX facts_tellings_standing ON facts_tellings (standing, offset) WHERE standing <> 'first';
      ${effectTables}
    `);
  },
  apply(store, entry) {
    const voided = entry.voids === undefined ? [] : voidAll(store, entry.voids);
    const told = eventsOf(entry).map(({ index, event }) => tell(store, entry, index, event));
    if (voided.length + told.length > 0) writeEffects(store, entry, voided, told);
  },
};

function tell(store: ProjectionStore, entry: Entry, index: number, event: Event): Changed {
  const key = event.businessKey ?? null;
  const said = sha256(economics(event)).slice(0, 32);
  const { countable, undated, verb, target, targetUndated } = undoingOf(event);
  store.run(
    `INSERT INTO facts_tellings (${columns}, countable, undated, verb, target, target_undated)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    entry.offset,
    index,
    event.id,
    event.type,
    key,
    said,
    key === null ? 'first' : standingOf(firstOf(store, key), said),
    countable,
    undated,
    verb,
    target,
    targetUndated,
  );
  const bytes = entry.events[index];
  if (countable === 1 && bytes !== undefined) {
    store.run('INSERT INTO facts_said (offset, place, event) VALUES (?, ?, ?)', entry.offset, index, bytes);
  }
  return { id: event.id, key, undated, target, targetUndated };
}

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

/** Voids the tellings of an entry; gives them, and the other tellings of their facts, which are measured anew. */
function voidAll(store: ProjectionStore, offset: number): readonly Changed[] {
  const gone = store.all(
    `SELECT ${changedColumns} FROM facts_tellings WHERE offset = ? AND standing <> 'void'`,
    offset,
  );
  store.run("UPDATE facts_tellings SET standing = 'void' WHERE offset = ?", offset);
  const keys = new Set(gone.map((row) => row['business_key']).filter((key) => typeof key === 'string'));
  const others = [...keys].flatMap((key) => {
    judgeAgain(store, key);
    return store.all(
      `SELECT ${changedColumns} FROM facts_tellings WHERE business_key = ? AND standing <> 'void'`,
      key,
    );
  });
  return [...gone, ...others].map(changedIn);
}

const changedColumns = 'id, business_key, undated, target, target_undated';

function changedIn(row: SqlRow): Changed {
  const text = (name: string): string | null => (row[name] === null ? null : String(row[name]));
  return {
    id: String(row['id']),
    key: text('business_key'),
    undated: text('undated'),
    target: text('target'),
    targetUndated: text('target_undated'),
  };
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
