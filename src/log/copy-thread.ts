import { rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { GatewayError } from '../core/errors.ts';
import type { CopyOrder, CopyReply } from './backup.ts';
import { plainFailure } from './commit.ts';
import { checkSchema } from './schema.ts';
import { openDatabase, sqliteCall } from './sqlite.ts';

/** The thread of a backup: copies one snapshot of a database, while others go on with theirs. */
const { source, target }: CopyOrder = workerData;
parentPort?.postMessage(copied());

function copied(): CopyReply {
  try {
    const database = openDatabase(source, true);
    try {
      checkSchema(source, database);
      sqliteCall(target, () => database.prepare('VACUUM INTO ?').run(target));
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
