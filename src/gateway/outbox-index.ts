import type { Entry } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import type { Projection } from '../contract/projection.ts';
import type { ProjectionStore, Projections } from '../log/index.ts';
import { isFinal, keyOfEntry } from './outbox-entries.ts';

/** Which commands have no final receipt. */
export interface OutboxIndex {
  /** Their keys, the oldest first; of everything that is committed when the call is made. */
  open(channel: string): Promise<readonly string[]>;
}

/** The same, folded into a table. */
export const outboxView: Projection<ProjectionStore> = {
  id: 'outbox',
  fingerprint: 'outbox/1',
  create(store) {
    store.define(`
      CREATE TABLE outbox_open (
        channel TEXT NOT NULL, key TEXT NOT NULL, offset INTEGER NOT NULL, PRIMARY KEY (channel, key)
      ) STRICT, WITHOUT ROWID;
    `);
  },
  apply(store, entry) {
    if (entry.kind === 'command') {
      store.run(
        'INSERT OR IGNORE INTO outbox_open (channel, key, offset) VALUES (?, ?, ?)',
        entry.channel,
        keyOfEntry(entry),
        entry.offset,
      );
    } else if (closes(entry)) {
      store.run('DELETE FROM outbox_open WHERE channel = ? AND key = ?', entry.channel, keyOfEntry(entry));
    }
  },
};

/** By the view. */
export function viewedOutbox(projections: Pick<Projections, 'store' | 'catchUp'>): OutboxIndex {
  return {
    async open(channel) {
      await projections.catchUp();
      const rows = projections.store.all(
        'SELECT key FROM outbox_open WHERE channel = ? ORDER BY offset',
        channel,
      );
      return rows.map(({ key }) => String(key));
    },
  };
}

/** By reading the channel whenever it is asked. */
export function scannedOutbox(log: Log): OutboxIndex {
  return {
    async open(channel) {
      const keys = new Set<string>();
      for await (const entry of log.read({ channel })) {
        if (entry.kind === 'command') keys.add(keyOfEntry(entry));
        else if (closes(entry)) keys.delete(keyOfEntry(entry));
      }
      return [...keys];
    },
  };
}

function closes({ kind, type }: Entry): boolean {
  return kind === 'receipt' && isFinal(type);
}
