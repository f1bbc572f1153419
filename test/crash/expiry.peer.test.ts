import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { seeded } from '../../certification/simulators/clearing-firm/seeded.ts';
import { latin1Text } from '../../src/core/bytes.ts';
import { openSqliteLog } from '../../src/log/index.ts';
import { startChild } from '../support/child.ts';
import { seedOfRun } from '../support/seed.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { expiryKillsChannel, expiryKillsLimits, secretsIn, secretText } from './expiry-record.ts';

const writer = fileURLToPath(new URL('expiry-writer.ts', import.meta.url));
const seed = seedOfRun();

test(`bytes that expired are in no file after 15 kills, and what did not expire is whole (seed ${seed})`, {
  timeout: 300_000,
}, async () => {
  const random = seeded(seed);
  const directory = join(tempDirectory('expiry-kills'), 'data');
  let [expired, held] = [0, 0];
  for (let kill = 1; kill <= 15; kill++) {
    expired = Math.max(expired, await killedWriter(directory, random.below(500)));
    const kept = await keptIn(directory, expired);
    const found = filesOf(directory).flatMap((file) => {
      const left = secretsIn(readFileSync(file)).filter((number) => !kept.has(number));
      return left.length === 0 ? [] : [`${basename(file)}: ${left.slice(0, 5).join()} of ${left.length}`];
    });
    expect(found, `kill ${kill}, ${expired} expired`).toEqual([]);
    held = Math.max(held, kept.size);
  }
  process.stderr.write(`expiry: seed ${seed}, ${expired} expired, up to ${held} held\n`);
  expect(expired).toBeGreaterThan(100);
  expect(held).toBeGreaterThan(0);
  expect(filesOf(directory).some((file) => file.includes('log.db-blocks-'))).toBe(true);
});

/** The last number whose bytes were gone, as a writer said that was killed after some time. */
async function killedWriter(directory: string, ms: number): Promise<number> {
  const child = startChild(process.execPath, [writer, directory]);
  await child.waitFor(/open/);
  await sleep(ms);
  child.signal('SIGKILL');
  await child.ended;
  return Math.max(
    0,
    ...[...child.stdout().matchAll(/^expired (\d+)$/gm)].map(([, number]) => Number(number)),
  );
}

/** The numbers of the entries that have their bytes, in a log that verifies. */
async function keptIn(directory: string, expired: number): Promise<ReadonlySet<number>> {
  const log = await openSqliteLog(directory, { limits: expiryKillsLimits });
  const kept = new Set<number>();
  for await (const entry of log.read({ channel: expiryKillsChannel })) {
    const { sequence, storage } = entry;
    expect(latin1Text(entry.events[0] ?? new Uint8Array())).toBe(`event ${sequence}`);
    if (storage === 'expired') continue;
    expect(sequence).toBeGreaterThan(expired);
    if (storage === 'inline') expect(latin1Text(entry.bytes)).toBe(secretText(sequence));
    kept.add(sequence);
  }
  expect((await log.verify()).findings).toEqual([]);
  await log.close();
  return kept;
}

function filesOf(directory: string): string[] {
  return readdirSync(directory).map((name) => join(directory, name));
}
