import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { systemCode } from '../core/errors.ts';
import { logError } from './failure.ts';

/** The files of a data directory. */
export interface LogPaths {
  readonly log: string;
  readonly lock: string;
  readonly projections: string;
}

export function logPaths(directory: string): LogPaths {
  const place = resolve(directory);
  return {
    log: join(place, 'log.db'),
    lock: join(place, 'owner.lock'),
    projections: join(place, 'projections.db'),
  };
}

/** Makes the directory, for its user alone, and makes it last. Fails with `LOG_PERMISSION` and `LOG_IO`. */
export function makeDirectory(directory: string): void {
  const place = resolve(directory);
  if (existsSync(place)) return;
  // One level at a time: made recursively, Node calls a file system that may only be read "no such file".
  makeDirectory(dirname(place));
  fileCall(place, () => {
    mkdirSync(place, { mode: 0o700 });
    syncPath(dirname(place));
  });
}

/** Makes an empty file for its user alone, where there is none: SQLite gives its other files the same rights. */
export function makeFile(path: string): void {
  if (existsSync(path)) return;
  fileCall(path, () => {
    closeSync(openSync(path, 'a', 0o600));
    syncPath(dirname(path));
  });
}

/** Makes a file last, or the names in a directory. */
export function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function fileCall(place: string, call: () => void): void {
  try {
    call();
  } catch (cause) {
    const code = systemCode(cause);
    if (code === 'EEXIST') return; // Somebody else has made it meanwhile.
    const details = { place, cause };
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw logError('LOG_PERMISSION', `the data directory cannot be written: ${code}`, details);
    }
    if (code === 'ENOSPC')
      throw logError('LOG_DISK_FULL', 'the disk is full', { ...details, retryable: true });
    throw logError('LOG_IO', `the data directory cannot be made: ${code}`, { ...details, retryable: true });
  }
}
