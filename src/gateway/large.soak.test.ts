import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { writeConfiguration } from '../../test/support/configuration.ts';
import { recordFacts } from '../../test/support/facts.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { rabbitMqMissing, startRabbitMq } from '../../test/support/rabbitmq.ts';
import { type RunningGateway, runGatewayChild } from '../../test/support/running-gateway.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { openSqliteLog } from '../log/index.ts';
import { fill } from './testing/fills.ts';

const memoryMibMax = 600;

/** Waits for something that takes long, and gives the most memory that the gateway had meanwhile, in MiB. */
async function peakUntil(gateway: RunningGateway, reached: () => Promise<boolean>): Promise<number> {
  let peak = 0;
  while (!(await reached())) {
    peak = Math.max(peak, gateway.memoryMib());
    await sleep(500);
  }
  return peak;
}

/** Cash balances of so many accounts; its trailer counts one too many. Gives the bytes. */
async function writeWrongCash(path: string, count: number): Promise<number> {
  const out = createWriteStream(path);
  let written = 0;
  const write = async (text: string): Promise<void> => {
    written += text.length;
    if (!out.write(text)) await new Promise<void>((resolve) => out.once('drain', resolve));
  };
  await write('HDR|CASH|SIMCLEAR|ACME|20261110|EOD|01|20261110183000|20261110170000|America/New_York|P\n');
  for (let from = 0; from < count; from += 5000) {
    const numbers = Array.from({ length: Math.min(5000, count - from) }, (_, at) => from + at);
    await write(numbers.map((at) => `CSH|A${String(at).padStart(7, '0')}|C|100.00|100.00|USD\n`).join(''));
  }
  await write(`TRL|${count + 1}|${count}00.00|${count}00.00\n`);
  await new Promise<void>((resolve) => out.end(resolve));
  return written;
}

test('a file of a quarter of a gigabyte that is wrong in its last line: refused, in bounded memory', async (context) => {
  const place = tempDirectory('large');
  mkdirSync(join(place, 'in'));
  const bytes = await writeWrongCash(join(place, 'in', 'cash.txt'), 8_500_000);
  expect(bytes).toBeGreaterThan(2 ** 28);
  const path = writeConfiguration(place, {
    cash: {
      adapter: 'directory',
      codec: 'records:clearing-cash',
      perspective: 'clearer',
      files: { pollMs: 100 },
      options: { path: join(place, 'in') },
    },
  });
  const start = performance.now();
  const gateway = await runGatewayChild(path);
  const peak = await peakUntil(gateway, async () => existsSync(join(place, 'in', 'archive', 'cash.txt')));
  const seconds = (performance.now() - start) / 1000;
  recordFacts(context, { bytes, peakMib: Math.round(peak), seconds: Math.round(seconds) });
  expect(peak).toBeLessThan(memoryMibMax);
  const [held, refused, ...rest] = await gateway.entries();
  expect(rest).toEqual([]);
  expect([held?.kind, refused?.type]).toEqual(['quarantine', 'feed.refused']);
});

requirePeer('RabbitMQ', rabbitMqMissing, () => {
  test('a queue with 100,000 messages: each once, in bounded memory', async (context) => {
    const count = 100_000;
    const broker = await startRabbitMq({ queues: ['status'] });
    onTestFinished(() => broker.stop());
    for (let from = 0; from < count; from += 5000) {
      const some = Array.from({ length: 5000 }, (_, at) => from + at + 1);
      await broker.fill(
        'status',
        some.map((number) => ({ id: `fill-${number}`, bytes: fill(number) })),
      );
    }
    const { port, username } = broker;
    const path = writeConfiguration(tempDirectory('large'), {
      status: {
        adapter: 'queue',
        codec: 'fix',
        perspective: 'street',
        options: {
          host: '127.0.0.1',
          port,
          username,
          password: `\${env:QUEUE_PASSWORD}`,
          source: broker.address('status'),
        },
      },
    });
    const env = { ...process.env, QUEUE_PASSWORD: broker.password } as Record<string, string>;
    const start = performance.now();
    const gateway = await runGatewayChild(path, { env });
    const log = await openSqliteLog(gateway.data, { readOnly: true });
    const peak = await peakUntil(gateway, async () => (await log.head('status')).sequence >= count);
    const seconds = (performance.now() - start) / 1000;
    const { sequence } = await log.head('status');
    const repeats = await log.repeats('status');
    await log.close();
    recordFacts(context, { count, peakMib: Math.round(peak), seconds: Math.round(seconds) });
    expect({ sequence, repeats }).toEqual({ sequence: count, repeats: [] });
    expect(peak).toBeLessThan(memoryMibMax);
  });
});
