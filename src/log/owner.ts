import { existsSync } from 'node:fs';
import { GatewayError } from '../core/errors.ts';
import { logError } from './failure.ts';
import { openDatabase } from './sqlite.ts';

/**
 * Takes the one right to write to the log of a directory, and gives the function that gives it back. The lock is the
 * operating system's, held on a database of its own: it ends with the process, however that ends, and leaves nothing
 * stale behind. Fails with `LOG_LOCKED`.
 */
export function ownLog(path: string): () => void {
  const existed = existsSync(path);
  const database = openDatabase(path, false);
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw logError('LOG_LOCKED', 'another process owns this log', { place: path, cause, retryable: existed });
  }
  return () => database.close();
}

export function isLocked(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'LOG_LOCKED';
}
