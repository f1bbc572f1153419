import type { Entry, EntryKind } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import { originText } from '../contract/origin.ts';
import type { Projection } from '../contract/projection.ts';
import type { ProjectionStore, Projections } from '../log/index.ts';

/** True for what waits for a person: what could not be believed, and what came under a number that was taken. */
export function waits(kind: EntryKind): boolean {
  return kind === 'quarantine' || kind === 'conflict';
}

/** Which waiting entries nobody has decided about: those without a revision. */
export interface QuarantineIndex {
  /** Offsets of the open entries, in order; of everything that is committed when the call is made. */
  offsets(channel?: string): Promise<readonly number[]>;
  /** How many are open. For a glance: where the view follows the log by itself, it may be a moment behind. */
  count(channel: string): Promise<number>;
}

/** The same, folded into a table beside the search index. */
export const quarantineView: Projection<ProjectionStore> = {
  id: 'quarantine',
  fingerprint: 'quarantine/2',
  create(store) {
    store.define(`
      CREATE TABLE quarantine_open (
        channel TEXT NOT NULL, origin TEXT NOT NULL, offset INTEGER NOT NULL, PRIMARY KEY (channel, origin)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX quarantine_offsets ON quarantine_open (offset);
    `);
  },
  apply(store, entry) {
    const { channel, offset } = entry;
    const origin = originText(entry.origin);
    if (waits(entry.kind)) {
      store.run(
        'INSERT INTO quarantine_open (channel, origin, offset) VALUES (?, ?, ?)',
        channel,
        origin,
        offset,
      );
    } else if (entry.kind === 'revision') {
      store.run('DELETE FROM quarantine_open WHERE channel = ? AND origin = ?', channel, origin);
    }
  },
};

/** By the view. `follows`: it keeps up by itself, so a count need not wait for it under load. */
export function viewedQuarantine(
  projections: Pick<Projections, 'store' | 'catchUp'>,
  follows = false,
): QuarantineIndex {
  const { store } = projections;
  return {
    async offsets(channel) {
      await projections.catchUp();
      const rows =
        channel === undefined
          ? store.all('SELECT offset FROM quarantine_open ORDER BY offset')
          : store.all('SELECT offset FROM quarantine_open WHERE channel = ? ORDER BY offset', channel);
      return rows.map(({ offset }) => Number(offset));
    },
    async count(channel) {
      if (!follows) await projections.catchUp();
      const row = store.get('SELECT count(*) AS open FROM quarantine_open WHERE channel = ?', channel);
      return Number(row?.['open'] ?? 0);
    },
  };
}

/** By reading the log whenever it is asked, from where it was; the first time from the beginning. */
export function scannedQuarantine(log: Log): QuarantineIndex {
  return new Scan(log);
}

class Scan implements QuarantineIndex {
  readonly #log: Log;
  readonly #open = new Map<string, Map<string, number>>();
  #next = 0;
  #following: Promise<void> = Promise.resolve();

  constructor(log: Log) {
    this.#log = log;
  }

  async offsets(channel?: string): Promise<readonly number[]> {
    await this.#follow();
    const maps = channel === undefined ? [...this.#open.values()] : [this.#open.get(channel) ?? new Map()];
    return maps.flatMap((map) => [...map.values()]).sort((left, right) => left - right);
  }

  async count(channel: string): Promise<number> {
    await this.#follow();
    return this.#open.get(channel)?.size ?? 0;
  }

  /** One reader at a time: whoever asks meanwhile waits for it, and then reads the rest. */
  #follow(): Promise<void> {
    const read = async (): Promise<void> => {
      for await (const entry of this.#log.read({ from: this.#next })) {
        this.#take(entry);
        this.#next = entry.offset + 1;
      }
    };
    this.#following = this.#following.then(read, read);
    return this.#following;
  }

  #take(entry: Entry): void {
    if (!waits(entry.kind) && entry.kind !== 'revision') return;
    const open = this.#open.get(entry.channel) ?? new Map<string, number>();
    this.#open.set(entry.channel, open);
    const origin = originText(entry.origin);
    if (waits(entry.kind)) open.set(origin, entry.offset);
    else open.delete(origin);
  }
}
