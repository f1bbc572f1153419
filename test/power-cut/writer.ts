import fs, { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { utf8Bytes } from '../../src/core/bytes.ts';
import { systemClock } from '../../src/core/clock.ts';
import { limits } from '../../src/core/limits.ts';
import { openSqliteLog } from '../../src/log/index.ts';
import { inlineWriter } from '../../src/log/suite-inline-writer.ts';
import { powerCutChannel, recordText } from './record.ts';

/**
 * A program that appends to a log for as long as it is left alive, and says every acknowledgement on its standard output
 * the moment that it has it: `acknowledged N` means that records 1 to N would survive. Arguments: directory, durability.
 * With `files-off` the database syncs, and block files do not.
 */
const [directory = '', durability = 'full'] = process.argv.slice(2);
const clock = systemClock();
if (durability === 'files-off') {
  fs.fdatasyncSync = () => undefined;
  syncBuiltinESMExports();
}
// Small commits stand in the database, larger ones in block files, a few in each: all of these ways are cut.
const log = await openSqliteLog(directory, {
  durability: durability === 'off' ? 'off' : 'full',
  clock,
  // On this thread, where the sync of files is taken away.
  ...(durability === 'files-off' && { writer: inlineWriter() }),
  limits: { ...limits, blockInlineBytesMax: 4096, blockFileBytesMax: 64 * 1024 },
});
const waiting = new Set<Promise<void>>();
for (let next = 1; ; ) {
  const count = 1 + (next % 17);
  const done = write(next, count).then(() => void waiting.delete(done));
  waiting.add(done);
  next += count;
  // Some appends stand in line behind the one that is being synced, as they do under load.
  while (waiting.size >= 8) await Promise.race(waiting);
}

async function write(first: number, count: number): Promise<void> {
  const batch = Array.from({ length: count }, (_, index) => ({
    kind: 'message' as const,
    direction: 'in' as const,
    origin: { scope: 'writer', ordinal: first + index },
    receivedAt: clock.now(),
    bytes: utf8Bytes(recordText(first + index)),
  }));
  await log.append(powerCutChannel, batch, { position: { last: first + count - 1 } });
  writeSync(1, `acknowledged ${first + count - 1}\n`);
}
