import { memoryLog } from './memory.ts';
import { logSuite } from './suite.ts';

logSuite('memory', async () => {
  const log = memoryLog();
  return { log, dispose: () => log.close() };
});
