import type { Entry } from '../contract/entry.ts';
import type { Projection } from '../contract/projection.ts';
import { microsOfIso } from '../core/clock.ts';
import type { JsonValue } from '../core/json.ts';
import type { ProjectionStore, SqlValue } from '../log/index.ts';
import { toldBy } from './file-identity.ts';
import { heldFileType } from './file-ports.ts';
import { isRelease } from './file-release.ts';

/**
 * What came of every file and of every arrival that was expected: one row for each file that was seen, and one for each
 * due arrival as long as nothing meets it.
 */
export const feedsProjection: Projection<ProjectionStore> = {
  id: 'feeds',
  fingerprint: 'feeds/1',
  create: (store) => store.define(tables),
  apply(store, entry) {
    if (entry.type === heldFileType) hold(store, entry);
    if (entry.kind !== 'signal') return;
    const fold = folds.get(entry.type ?? '');
    fold?.({ store, entry, told: toldBy(entry.bytes) });
  },
};

const tables = `
  CREATE TABLE feeds_rows (
    offset INTEGER PRIMARY KEY, at INTEGER NOT NULL, channel TEXT NOT NULL, feed TEXT NOT NULL, file_key TEXT,
    name TEXT, sha256 TEXT, size INTEGER, business_date TEXT, cycle TEXT, due_at TEXT, arrived_at INTEGER,
    closed_at INTEGER, verdict TEXT NOT NULL, late INTEGER NOT NULL, code TEXT, why TEXT, records INTEGER,
    quarantined INTEGER, totals TEXT, held INTEGER, decided TEXT
  ) STRICT;
  CREATE INDEX feeds_rows_at ON feeds_rows (at);
  CREATE INDEX feeds_rows_key ON feeds_rows (channel, file_key);
  CREATE INDEX feeds_rows_due ON feeds_rows (channel, feed, due_at);
  CREATE INDEX feeds_rows_held ON feeds_rows (held) WHERE held IS NOT NULL;
  CREATE TABLE feeds_held (
    channel TEXT NOT NULL, file_key TEXT NOT NULL, sha256 TEXT NOT NULL, offset INTEGER NOT NULL, decided TEXT,
    PRIMARY KEY (channel, file_key, sha256)
  ) STRICT, WITHOUT ROWID;
`;

interface Folding {
  readonly store: ProjectionStore;
  readonly entry: Entry;
  readonly told: { readonly [key: string]: JsonValue | undefined };
}

const folds = new Map<string, (folding: Folding) => void>([
  ['feed.expected', expected],
  ['feed.arrived', arrived],
  ['feed.accepted', accepted],
  ['feed.refused', refused],
]);

function expected(folding: Folding): void {
  insert(folding, { verdict: 'missing', file_key: null, arrived_at: null });
}

function arrived(folding: Folding): void {
  const { store, entry, told } = folding;
  const { channel } = entry;
  const dueAt = textOf(told['dueAt']);
  if (dueAt !== null) {
    const missing =
      "DELETE FROM feeds_rows WHERE channel = ? AND feed = ? AND due_at = ? AND verdict = 'missing'";
    store.run(missing, channel, feedOf(folding), dueAt);
  }
  if (told['supersedes'] === true) {
    const standing = "verdict IN ('reading', 'accepted', 'late', 'refused:FILE_UNREADABLE') AND held IS NULL";
    store.run(
      `UPDATE feeds_rows SET verdict = 'superseded' WHERE channel = ? AND file_key = ? AND ${standing}`,
      channel,
      textOf(told['fileKey']),
    );
  }
  insert(folding, { verdict: 'reading', why: releasedBy(told['released']) });
}

function accepted({ store, entry, told }: Folding): void {
  store.run(
    `UPDATE feeds_rows SET verdict = CASE WHEN late = 1 THEN 'late' ELSE 'accepted' END, closed_at = ?, records = ?,
       quarantined = ?, totals = ? WHERE channel = ? AND file_key = ? AND verdict = 'reading'`,
    entry.receivedAt,
    numberOf(told['records']),
    numberOf(told['quarantined']),
    JSON.stringify(told['totals'] ?? []),
    entry.channel,
    textOf(told['fileKey']),
  );
}

function refused(folding: Folding): void {
  const { store, entry, told } = folding;
  const { channel } = entry;
  const code = textOf(told['code']) ?? '';
  const why = textOf(told['reason']);
  const key = textOf(told['fileKey']);
  if (code === 'FILE_UNREADABLE') {
    store.run(
      `UPDATE feeds_rows SET verdict = ?, code = ?, why = ?, closed_at = ? WHERE channel = ? AND file_key = ? AND verdict = 'reading'`,
      verdictOf(code),
      code,
      why,
      entry.receivedAt,
      channel,
      key,
    );
    return;
  }
  const held = store.get(
    'SELECT offset, decided FROM feeds_held WHERE channel = ? AND file_key = ? AND sha256 = ?',
    channel,
    key,
    textOf(told['sha256']),
  );
  const known = code === 'FILE_DUPLICATE' ? undefined : held;
  insert(folding, {
    verdict: verdictOf(code),
    code,
    why,
    closed_at: entry.receivedAt,
    held: known === undefined ? null : Number(known['offset']),
    decided: typeof known?.['decided'] === 'string' ? known['decided'] : null,
  });
}

function verdictOf(code: string): string {
  if (code === 'FILE_DUPLICATE') return 'duplicate';
  return code === 'FILE_RESTATED' ? 'restated-held' : `refused:${code}`;
}

/** Notes a held file, and what a person decided about it. */
function hold(store: ProjectionStore, entry: Entry): void {
  const { channel, origin, digest, offset } = entry;
  if (entry.kind === 'quarantine') {
    store.run(
      'INSERT OR IGNORE INTO feeds_held (channel, file_key, sha256, offset) VALUES (?, ?, ?, ?)',
      channel,
      origin.scope,
      digest,
      offset,
    );
  } else if (entry.voids !== undefined) {
    const what = isRelease(entry) ? 'released' : 'discarded';
    const words = `${what} by ${entry.by ?? 'somebody'}: ${entry.reason ?? ''}`;
    store.run('UPDATE feeds_rows SET decided = ? WHERE held = ?', words, entry.voids);
    store.run(
      'UPDATE feeds_held SET decided = ? WHERE channel = ? AND offset = ?',
      words,
      channel,
      entry.voids,
    );
  }
}

/** A row with what every signal says; `more` goes before it. */
function insert(folding: Folding, more: Readonly<Record<string, SqlValue>>): void {
  const { store, entry, told } = folding;
  const dueAt = textOf(told['dueAt']);
  const row: Readonly<Record<string, SqlValue>> = {
    offset: entry.offset,
    at: (dueAt === null ? undefined : microsOfIso(dueAt)) ?? entry.receivedAt,
    channel: entry.channel,
    feed: feedOf(folding),
    file_key: textOf(told['fileKey']),
    name: textOf(told['name']),
    sha256: textOf(told['sha256']),
    size: numberOf(told['size']),
    business_date: textOf(told['businessDate']),
    cycle: textOf(told['cycle']),
    due_at: dueAt,
    arrived_at: entry.receivedAt,
    late: told['late'] === true ? 1 : 0,
    ...more,
  };
  const names = Object.keys(row);
  const marks = names.map(() => '?').join(', ');
  store.run(`INSERT INTO feeds_rows (${names.join(', ')}) VALUES (${marks})`, ...Object.values(row));
}

/** Without an expectation, the feed of a file is its channel. */
function feedOf({ entry, told }: Folding): string {
  return textOf(told['feed']) ?? entry.channel;
}

function releasedBy(told: JsonValue | undefined): string | null {
  if (typeof told !== 'object' || told === null) return null;
  const { by = '', reason = '' } = Object.fromEntries(Object.entries(told));
  return `released by ${by}: ${reason}`;
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
