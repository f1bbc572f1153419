import { writeSync } from 'node:fs';
import { utf8Bytes } from '../../src/core/bytes.ts';
import { systemClock } from '../../src/core/clock.ts';
import { openSqliteLog } from '../../src/log/index.ts';
import { expiryKillsChannel, expiryKillsLimits, secretText } from './expiry-record.ts';

/**
 * A program that appends, and lets the bytes of everything so far expire now and then, for as long as it is left alive:
 * `expired N` means that the bytes of the records 1 to N are gone. Argument: the directory.
 */
const [directory = ''] = process.argv.slice(2);
const clock = systemClock();
const log = await openSqliteLog(directory, { clock, limits: expiryKillsLimits });
let next = (await log.head(expiryKillsChannel)).sequence + 1;
writeSync(1, 'open\n');
for (let round = 1; ; round++) {
  const count = 1 + (round % 30);
  const batch = Array.from({ length: count }, (_, index) => ({
    kind: 'message' as const,
    direction: 'in' as const,
    origin: { scope: 'writer', ordinal: next + index },
    receivedAt: clock.now(),
    bytes: utf8Bytes(secretText(next + index)),
    events: [utf8Bytes(`event ${next + index}`)],
  }));
  await log.append(expiryKillsChannel, batch);
  next += count;
  if (round % 7 !== 0) continue;
  await log.expireBytes(clock.now());
  writeSync(1, `expired ${next - 1}\n`);
}
