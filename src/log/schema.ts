import { logError } from './failure.ts';
import type { Database } from './sqlite.ts';

/** `CLPT` in the header of the database file: this is an entry log, and nothing else. */
export const applicationId = 0x434c5054;

/** Counts changes of the tables. A program never opens a log of a version above its own. */
export const schemaVersion = 2;

/** Where a block stands that is not in its row: since version 2. */
const placeColumns = ['file INTEGER', 'at INTEGER', 'meta_size INTEGER', 'bytes_size INTEGER'] as const;
const placeTables = `
CREATE INDEX blocks_by_file ON blocks (file, at) WHERE file IS NOT NULL;
CREATE TABLE erasures (
  file INTEGER NOT NULL,
  at INTEGER NOT NULL,
  meta_size INTEGER NOT NULL,
  bytes_size INTEGER NOT NULL,
  PRIMARY KEY (file, at)
) STRICT, WITHOUT ROWID;
`;

/** Every table of the log. `docs/log.md` explains each of them. */
const tables = `
CREATE TABLE blocks (
  number INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  first_sequence INTEGER NOT NULL,
  count INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  committed_at INTEGER NOT NULL,
  position TEXT,
  previous BLOB NOT NULL,
  chain BLOB NOT NULL,
  bytes_hash BLOB NOT NULL,
  meta BLOB NOT NULL,
  bytes BLOB,
  ${placeColumns.join(',\n  ')}
) STRICT;
CREATE UNIQUE INDEX blocks_by_channel ON blocks (channel, number);
${placeTables}
CREATE TABLE ranges (
  channel TEXT NOT NULL,
  scope TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  block INTEGER NOT NULL REFERENCES blocks,
  PRIMARY KEY (channel, scope, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE keys (
  channel TEXT NOT NULL,
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  offset INTEGER NOT NULL,
  PRIMARY KEY (channel, scope, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE revisions (
  channel TEXT NOT NULL,
  origin TEXT NOT NULL,
  revision INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  PRIMARY KEY (channel, origin, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE repeats (
  offset INTEGER NOT NULL,
  block INTEGER NOT NULL REFERENCES blocks,
  channel TEXT NOT NULL,
  count INTEGER NOT NULL,
  total INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (offset, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE chunks (
  id INTEGER PRIMARY KEY,
  offset INTEGER NOT NULL,
  piece INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (offset, piece)
) STRICT;
CREATE TABLE checkpoints (
  number INTEGER PRIMARY KEY,
  json TEXT NOT NULL
) STRICT;
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${schemaVersion};
`;

/**
 * Makes an empty database a log, and one of an earlier version one of this version; nothing that it holds changes. Fails
 * with `LOG_FOREIGN` and `LOG_VERSION`.
 */
export function ensureSchema(path: string, database: Database): void {
  if (isEmpty(database)) database.exec(`BEGIN IMMEDIATE; ${tables} COMMIT`);
  else if (pragma(database, 'application_id') === applicationId && pragma(database, 'user_version') === 1) {
    const columns = placeColumns.map((column) => `ALTER TABLE blocks ADD COLUMN ${column};`).join(' ');
    database.exec(`BEGIN IMMEDIATE; ${columns} ${placeTables} PRAGMA user_version = 2; COMMIT`);
  }
  checkSchema(path, database);
}

/** Fails with `LOG_FOREIGN` where this is no log, with `LOG_VERSION` where it is newer than this program, or older than `oldest`. */
export function checkSchema(path: string, database: Database, oldest = schemaVersion): void {
  const id = pragma(database, 'application_id');
  if (id !== applicationId) {
    throw logError('LOG_FOREIGN', `application id ${id} is not that of a log`, { place: path, exitCode: 2 });
  }
  const version = pragma(database, 'user_version');
  if (version < 1) throw logError('LOG_DAMAGED', `no log has the version ${version}`, { place: path });
  if (version < oldest) {
    const message = `the log has version ${version}; whoever opens it for writing makes it one of version ${schemaVersion}`;
    throw logError('LOG_VERSION', message, { place: path, exitCode: 2 });
  }
  if (version > schemaVersion) {
    const message = `the log has version ${version}; this program knows versions up to ${schemaVersion}`;
    throw logError('LOG_VERSION', message, { place: path, exitCode: 2 });
  }
}

function isEmpty(database: Database): boolean {
  const tableCount = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'];
  return tableCount === 0 && pragma(database, 'application_id') === 0;
}

function pragma(database: Database, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
