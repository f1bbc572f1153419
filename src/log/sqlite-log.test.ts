import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Limits, limits } from '../core/limits.ts';
import { openSqliteLog } from './sqlite-log.ts';
import { type LogUnderTest, logSuite } from './suite.ts';

logSuite('sqlite', () => freshLog(limits));
logSuite('sqlite, every block in a file', () => freshLog({ ...limits, blockInlineBytesMax: 0 }));

async function freshLog(under: Limits): Promise<LogUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'clearport-log-'));
  const log = await openSqliteLog(directory, { limits: under });
  const dispose = async (): Promise<void> => {
    await log.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { log, dispose };
}
