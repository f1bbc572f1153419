import { existsSync, rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { GatewayError } from '../core/errors.ts';
import type { CopyOrder, CopyReply } from './backup.ts';
import { BlockFiles } from './block-files.ts';
import { placeOf } from './block-row.ts';
import { plainFailure } from './commit.ts';
import { logError } from './failure.ts';
import { makeFile } from './place.ts';
import { checkSchema, ensureSchema } from './schema.ts';
import { type Database, openDatabase, sqliteCall } from './sqlite.ts';

/** How often a copy is begun while bytes expire; each time, less can. */
const triesMax = 5;

/** The thread of a backup: copies one snapshot of a database, while others go on with theirs. */
const { source, target }: CopyOrder = workerData;
parentPort?.postMessage(copied());

function copied(): CopyReply {
  try {
    const database = openDatabase(source, true);
    try {
      checkSchema(source, database, 1);
      for (let tries = 1; ; tries++) {
        makeTarget();
        sqliteCall(target, () => database.prepare('VACUUM INTO ?').run(target));
        if (gather(database) || tries === triesMax) return {};
        rmSync(target);
      }
    } finally {
      database.close();
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    if (error.code !== 'LOG_EXISTS') rmSync(target, { force: true });
    return { failure: plainFailure(error) };
  }
}

/** For its user alone, as the log is. SQLite copies into a file that is empty, and into no other. */
function makeTarget(): void {
  if (existsSync(target)) throw logError('LOG_EXISTS', 'the target exists', { place: target, exitCode: 2 });
  makeFile(target);
}

/**
 * A copy is one file, of this version: blocks that stand in block files of the source come into their rows. False when
 * bytes expired meanwhile, so that a file may not hold any more what the copy's snapshot names.
 */
function gather(from: Database): boolean {
  const files = new BlockFiles(source);
  const database = openDatabase(target, false);
  try {
    return sqliteCall(target, () => {
      ensureSchema(target, database);
      return gatherBlocks(database, from, files);
    });
  } finally {
    database.close();
    files.close();
  }
}

function gatherBlocks(database: Database, from: Database, files: BlockFiles): boolean {
  let whole = true;
  const next = database.prepare(
    'SELECT number, file, at, meta_size, bytes_size FROM blocks WHERE file IS NOT NULL LIMIT 16',
  );
  const take = database.prepare(
    "UPDATE blocks SET meta = coalesce(?, x''), bytes = coalesce(?, x''), file = NULL, at = NULL, meta_size = NULL, bytes_size = NULL WHERE number = ?",
  );
  // What was to be erased stands in the source's files, and the copy has none.
  database.exec('DELETE FROM erasures');
  for (let rows = next.all(); rows.length > 0; rows = next.all()) {
    const named = from.prepare('SELECT file FROM blocks WHERE number = ?');
    database.exec('BEGIN');
    for (const row of rows) {
      const place = placeOf(row);
      const found = place === undefined ? undefined : files.read(place);
      // A place is overwritten after its row has let go of it: what is still named now was whole when it was read.
      whole &&= named.get(Number(row['number']))?.['file'] === row['file'];
      // A block that is damaged is told when the copy is verified.
      take.run(found?.meta ?? null, found?.bytes ?? null, Number(row['number']));
    }
    database.exec('COMMIT');
  }
  return whole;
}
