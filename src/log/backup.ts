import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { VerifyReport } from '../contract/log.ts';
import { blockFileNumbers, blockFilePath } from './block-files.ts';
import { failureOf, type PlainFailure } from './commit.ts';
import { logError } from './failure.ts';
import { ownLog } from './owner.ts';
import { logPaths, makeDirectory, syncPath } from './place.ts';
import { startThread } from './thread.ts';
import { verifyLog } from './verify.ts';

/**
 * A copy of the log as it is now, in one file that does not exist yet, verified. Appends go on meanwhile. Fails with
 * `LOG_EXISTS`. A source that is damaged gives a copy whose report says so.
 *
 * `VACUUM INTO` reads one snapshot, however much is written beside it; SQLite's backup interface would start again after
 * each commit of another connection. Source: sqlite.org/lang_vacuum.html, sqlite.org/backup.html.
 */
export async function backUp(path: string, target: string): Promise<VerifyReport> {
  if (existsSync(target)) throw logError('LOG_EXISTS', 'the target exists', { place: target, exitCode: 2 });
  await copyDatabase(path, target);
  return verifyLog(target, []);
}

/**
 * Makes a log of a backup, in a directory that has none. Fails with `LOG_EXISTS`, with `LOG_MISSING`, and with
 * `LOG_DAMAGED` when the backup does not verify; then the directory is left without a log.
 */
export async function restore(source: string, directory: string): Promise<VerifyReport> {
  const from = existsSync(source) && statSync(source).isDirectory() ? logPaths(source).log : source;
  if (!existsSync(from)) throw logError('LOG_MISSING', 'there is no backup', { place: from, exitCode: 2 });
  makeDirectory(directory);
  const { log, lock } = logPaths(directory);
  const release = ownLog(lock);
  try {
    // A write-ahead log that is left alone would be played into the restored file, a block file would be written over.
    const blocks = blockFileNumbers(log).map((file) => blockFilePath(log, file));
    const taken = [log, `${log}-wal`, `${log}-shm`, ...blocks].find((file) => existsSync(file));
    if (taken !== undefined) throw logError('LOG_EXISTS', 'there is a log', { place: taken, exitCode: 2 });
    return await restoreTo(from, log);
  } finally {
    release();
  }
}

async function restoreTo(source: string, log: string): Promise<VerifyReport> {
  const unfinished = `${log}.restoring`;
  // A journal that a killed restore left would be played into this one's file.
  const clear = (): void => {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${unfinished}${suffix}`, { force: true });
  };
  clear();
  try {
    await copyDatabase(source, unfinished);
    const report = await verifyLog(unfinished, []);
    const [first] = report.findings;
    if (first !== undefined) {
      throw logError('LOG_DAMAGED', `the backup does not verify: ${first.message}`, { place: source });
    }
    renameSync(unfinished, log);
    syncPath(dirname(log));
    return report;
  } finally {
    clear();
  }
}

/** What the thread of a copy is told, and what it answers. */
export interface CopyOrder {
  readonly source: string;
  readonly target: string;
}
export type CopyReply = { readonly failure?: PlainFailure };

async function copyDatabase(source: string, target: string): Promise<void> {
  makeDirectory(dirname(target));
  const order: CopyOrder = { source, target };
  const worker = startThread('copy-thread', order);
  const reply = await new Promise<CopyReply>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  if (reply.failure !== undefined) throw failureOf(reply.failure);
  syncPath(target);
  syncPath(dirname(target));
}
