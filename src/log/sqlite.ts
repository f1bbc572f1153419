import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type GatewayError, systemCode } from '../core/errors.ts';
import { logError } from './failure.ts';

export type Database = DatabaseSync;
export type Statement = StatementSync;

/** How long a statement waits for a lock that another process holds for a moment. */
const busyTimeoutMs = 5_000;
/** Free space below which an unexplained write failure is taken for a full disk. */
const fullDiskBytes = 1024 * 1024;

/** An open SQLite file. Fails with the code that says why it cannot be opened. */
export function openDatabase(path: string, readOnly: boolean, waitMs = busyTimeoutMs): Database {
  const { DatabaseSync: Opened } = sqlite();
  if (readOnly) mustBeThere(path);
  return sqliteCall(path, () => {
    const database = new Opened(path, { readOnly });
    try {
      database.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA foreign_keys = ON`);
      database.prepare('SELECT count(*) FROM sqlite_schema').get(); // Nothing is read before the first statement.
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  });
}

/** A directory that may not be searched hides a log that is there: that is another cause than none. */
function mustBeThere(path: string): void {
  try {
    accessSync(path, constants.F_OK);
  } catch (cause) {
    if (systemCode(cause) === 'EACCES')
      throw logError('LOG_PERMISSION', 'this user may not look into the directory', { place: path, cause });
    throw logError('LOG_MISSING', 'there is no log here', { place: path, exitCode: 2 });
  }
}

/** What the call gives; a failure of SQLite is thrown as the log's own error about the file at `path`. */
export function sqliteCall<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw sqliteFailure(path, error) ?? error;
  }
}

/** The log's error for a failure of SQLite; undefined for anything else. Result codes: sqlite.org/rescode.html. */
export function sqliteFailure(path: string, cause: unknown): GatewayError | undefined {
  const code = resultCode(cause);
  if (code === undefined) return undefined;
  const details = { place: path, cause };
  const text = cause instanceof Error ? cause.message : '';
  switch (code & 0xff) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return logError('LOG_LOCKED', 'another process holds the log', { ...details, retryable: true });
    case 13: // SQLITE_FULL
      return logError('LOG_DISK_FULL', 'the disk is full', { ...details, retryable: true });
    case 26: // SQLITE_NOTADB
      return logError('LOG_NOT_A_DATABASE', 'the file is no SQLite database', details);
    case 11: // SQLITE_CORRUPT
      return logError('LOG_DAMAGED', `the database file is damaged: ${text}`, details);
    case 3: // SQLITE_PERM
    case 8: // SQLITE_READONLY
      return logError('LOG_PERMISSION', 'the file cannot be written', details);
    case 14: // SQLITE_CANTOPEN
      return cannotOpen(path, details);
    case 1: // SQLITE_ERROR: our statements are right, so the tables are not as they were made.
      return logError('LOG_DAMAGED', `the tables are not those of a log: ${text}`, details);
    case 19: // SQLITE_CONSTRAINT
    case 20: // SQLITE_MISMATCH
    case 21: // SQLITE_MISUSE
    case 25: // SQLITE_RANGE
      return undefined; // We are wrong, and not the world.
    default:
      return inputOutput(path, text, details);
  }
}

function cannotOpen(path: string, details: { place: string; cause: unknown }): GatewayError {
  try {
    const target = existsSync(path) ? path : dirname(path);
    accessSync(target, constants.R_OK | constants.W_OK);
  } catch {
    return logError('LOG_PERMISSION', 'the file cannot be opened', details);
  }
  return logError('LOG_IO', 'the file cannot be opened', { ...details, retryable: true });
}

/** A disk that is full also shows as a failed write, where the system says it late. */
function inputOutput(path: string, text: string, details: { place: string; cause: unknown }): GatewayError {
  if (freeBytes(path) < fullDiskBytes) {
    return logError('LOG_DISK_FULL', `the disk is full: ${text}`, { ...details, retryable: true });
  }
  return logError('LOG_IO', `the database cannot be used: ${text}`, { ...details, retryable: true });
}

function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize;
  } catch {
    return Number.MAX_SAFE_INTEGER;
  }
}

/** SQLite's extended result code of a failure; undefined where it is none. */
export function resultCode(cause: unknown): number | undefined {
  if (typeof cause !== 'object' || cause === null || !('errcode' in cause)) return undefined;
  return typeof cause.errcode === 'number' ? cause.errcode : undefined;
}

let loaded: typeof import('node:sqlite') | undefined;

/**
 * `node:sqlite`, loaded without the line about an experimental feature that Node 22 writes to the standard error of
 * whoever uses this library. Only that one warning is dropped, and only while the module loads.
 */
function sqlite(): typeof import('node:sqlite') {
  if (loaded !== undefined) return loaded;
  const original = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (/SQLite is an experimental feature/.test(String(warning))) return;
    Reflect.apply(original, process, [warning, ...rest]);
  };
  try {
    loaded = process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = original;
  }
  return loaded;
}
