import { rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { GatewayError } from '../core/errors.ts';
import type { CopyOrder, CopyReply } from './backup.ts';
import { BlockFiles } from './block-files.ts';
import { placeOf } from './block-row.ts';
import { plainFailure } from './commit.ts';
import { checkSchema } from './schema.ts';
import { type Database, openDatabase, sqliteCall } from './sqlite.ts';

/** The thread of a backup: copies one snapshot of a database, while others go on with theirs. */
const { source, target }: CopyOrder = workerData;
parentPort?.postMessage(copied());

function copied(): CopyReply {
  try {
    const database = openDatabase(source, true);
    try {
      checkSchema(source, database);
      sqliteCall(target, () => database.prepare('VACUUM INTO ?').run(target));
      gather();
    } finally {
      database.close();
    }
    return {};
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    if (error.code !== 'LOG_EXISTS') rmSync(target, { force: true });
    return { failure: plainFailure(error) };
  }
}

/** A copy is one file: blocks that stand in block files of the source come into their rows. */
function gather(): void {
  const files = new BlockFiles(source);
  const database = openDatabase(target, false);
  try {
    sqliteCall(target, () => gatherBlocks(database, files));
  } finally {
    database.close();
    files.close();
  }
}

function gatherBlocks(database: Database, files: BlockFiles): void {
  const next = database.prepare(
    'SELECT number, file, at, meta_size, bytes_size FROM blocks WHERE file IS NOT NULL LIMIT 16',
  );
  const take = database.prepare(
    "UPDATE blocks SET meta = coalesce(?, x''), bytes = coalesce(?, x''), file = NULL, at = NULL, meta_size = NULL, bytes_size = NULL WHERE number = ?",
  );
  // What was to be erased stands in the source's files, and the copy has none.
  database.exec('DELETE FROM erasures');
  for (let rows = next.all(); rows.length > 0; rows = next.all()) {
    database.exec('BEGIN');
    for (const row of rows) {
      const place = placeOf(row);
      const found = place === undefined ? undefined : files.read(place);
      // A block that is damaged, or whose bytes expire at this moment, is told when the copy is verified.
      take.run(found?.meta ?? null, found?.bytes ?? null, Number(row['number']));
    }
    database.exec('COMMIT');
  }
}
