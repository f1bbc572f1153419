import { GatewayError } from '../core/errors.ts';
import { logError } from './failure.ts';
import { openDatabase, sqliteFailure } from './sqlite.ts';

/**
 * Takes the one right to write to the log of a directory, and gives the function that gives it back. The lock is the
 * operating system's, held on a database of its own: it ends with the process, however that ends, and leaves nothing
 * stale behind. Fails with `LOG_LOCKED`.
 */
export function ownLog(path: string): () => void {
  try {
    const database = openDatabase(path, false, 0);
    try {
      database.exec('BEGIN EXCLUSIVE');
      return () => database.close();
    } catch (error) {
      database.close();
      throw sqliteFailure(path, error) ?? error;
    }
  } catch (cause) {
    if (!(cause instanceof GatewayError) || cause.code !== 'LOG_LOCKED') throw cause;
    throw logError('LOG_LOCKED', 'another process owns this log', { place: path, cause, retryable: true });
  }
}
