import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLog } from './sqlite-log.ts';
import { logSuite } from './suite.ts';

logSuite('sqlite', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'clearport-log-'));
  const log = await openSqliteLog(directory);
  const dispose = async (): Promise<void> => {
    await log.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { log, dispose };
});
