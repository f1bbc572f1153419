import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dayProjections } from '../../src/cli/projections.ts';
import { keepHeapSteady } from '../../src/cli/steady-heap.ts';
import type { AppendOptions, Log } from '../../src/contract/log.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLogger, loadConfiguration, runGateway } from '../../src/gateway/index.ts';
import { openSqliteLog } from '../../src/log/index.ts';
import { nextInOf } from './live-parties.ts';

/**
 * The gateway of the live bench, in a process of its own: what `clearport run` runs, over the same log, until SIGTERM.
 *
 * usage: live-gateway CONFIGURATION [--views] [--times FILE] [--key FILE]
 *   --views   folds the views beside it, as `clearport run` does
 *   --times   writes, for each commit, when it was durable (CLOCK_MONOTONIC, nanoseconds) and the next MsgSeqNum(34) after it
 *   --key     signs a checkpoint of the log every second, with this Ed25519 key
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { views: { type: 'boolean' }, times: { type: 'string' }, key: { type: 'string' } },
});
keepHeapSteady();
const clock = systemClock();
const configuration = await loadConfiguration(positionals[0] ?? '', process.env);
const logger = createLogger({ level: 'warn', mask: configuration.mask });

if (values.views === true) {
  await runGateway({ configuration, clock, logger, projections: dayProjections(configuration) });
} else {
  const log = await openSqliteLog(configuration.data, { clock });
  const { times } = values;
  const key = values.key === undefined ? undefined : readFileSync(values.key, 'utf8');
  const signing = key === undefined ? undefined : setInterval(() => void log.checkpoint(key), 1000);
  const durable: number[] = [];
  const seen = times === undefined ? log : timed(log, durable);
  const close = async (): Promise<void> => {
    clearInterval(signing);
    await log.close();
  };
  await runGateway({ configuration, clock, logger, open: async () => ({ log: seen, close }) });
  if (times !== undefined) writeFileSync(times, JSON.stringify(durable));
}

/** The same log; notes when an append was answered, and what its position says comes next. */
function timed(log: Log, durable: number[]): Log {
  const append: Log['append'] = async (channel, batch, options: AppendOptions = {}) => {
    const appended = await log.append(channel, batch, options);
    durable.push(Number(process.hrtime.bigint()), nextInOf(options.position));
    return appended;
  };
  return Object.assign(Object.create(log), { append });
}
