import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { openSqliteLog } from '../log/index.ts';
import { connect } from './control-wire.ts';
import { type Control, controlSocket, loadConfiguration, withControl } from './index.ts';
import { openOwnLog } from './own-log.ts';
import { fill } from './testing/fills.ts';
import { entriesOf, listening } from './testing/fixture.ts';
import { waitUntil } from './testing/waiting.ts';

let root: string;
const ann = { by: 'ann', reason: 'a test' };
const index = fileURLToPath(new URL('index.ts', import.meta.url));

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'clearport-own-'));
  await mkdir(join(root, 'in'));
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(join(root, 'key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }), {
    mode: 0o600,
  });
  await writeFile(
    join(root, 'clearport.yaml'),
    `version: 1
tenant: acme
checkpoint: { key: '\${file:key.pem}' }
channels:
  logs:
    adapter: directory
    codec: fix
    perspective: clearer
    files: { framer: fix-log, pollMs: 10, settlePolls: 1 }
    options: { path: in }
`,
  );
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

async function controlled<T>(use: (control: Control) => Promise<T>): Promise<T> {
  const configuration = await loadConfiguration(join(root, 'clearport.yaml'), {});
  return withControl({ configuration, clock: systemClock(), logger: listening().logger }, use);
}

/** A gateway in a process of its own, on the embedded engine. */
function spawnGateway(): ReturnType<typeof spawn> {
  const script = `
    import { createLogger, loadConfiguration, runGateway } from ${JSON.stringify(index)};
    import { systemClock } from ${JSON.stringify(fileURLToPath(new URL('../core/clock.ts', import.meta.url)))};
    const configuration = await loadConfiguration(${JSON.stringify(join(root, 'clearport.yaml'))}, {});
    const logger = createLogger({ level: 'info', mask: configuration.mask });
    await runGateway({ configuration, clock: systemClock(), logger, ready: () => console.log('ready') });
    console.log('ended');
  `;
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The same once the gateway in the other process listens. */
async function controlledSoon<T>(use: (control: Control) => Promise<T>): Promise<T> {
  const configuration = await loadConfiguration(join(root, 'clearport.yaml'), {});
  await waitUntil(async () => {
    const socket = await connect(controlSocket(configuration.data)).catch(() => undefined);
    socket?.destroy();
    return socket !== undefined;
  });
  return controlled(use);
}

/** Returns once another reader sees that more is booked, or that all of the file is. */
async function moreThan(before: number): Promise<void> {
  const log = await openSqliteLog(join(root, 'data'), { readOnly: true });
  try {
    while ((await log.head('logs')).sequence <= before) await sleep(2);
  } finally {
    await log.close();
  }
}

function logLine(number: number): Uint8Array {
  return Buffer.concat([Buffer.from('14:30:00.000 IN '), fill(number), Buffer.from('\n')]);
}

describe('a gateway over the embedded engine', () => {
  test('runs in a process of its own, is controlled from another, and stops on SIGTERM', async () => {
    const child = spawnGateway();
    let heard = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      heard += bytes.toString();
    });
    try {
      await waitUntil(() => heard.includes('ready'));
      await writeFile(join(root, 'in', 'day.log'), 'garbage\n8=FIX.4.4|9=5|35=0|10=000|\n');
      await controlled(async (control) => {
        expect(control.running).toBe(true);
        await waitUntil(async () => (await control.status()).channels[0]?.filesAccepted === 1);
        expect(await control.quarantine()).toMatchObject([{ channel: 'logs', origin: 'day.log:2' }]);
        expect(await control.backup(join(root, 'copy'), ann)).toMatchObject({ ok: true });
        const checkpoint = await control.checkpoint();
        expect(checkpoint.heads.map(({ channel }) => channel)).toContain('logs');
      });
    } finally {
      child.kill('SIGTERM');
    }
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(heard).toContain('ended');
    expect((await readdir(join(root, 'data'))).sort()).toEqual(
      expect.arrayContaining(['log.db', 'projections.db']),
    );
    expect((await stat(join(root, 'data'))).mode & 0o777).toBe(0o700);
    await controlled(async (control) => {
      expect(control.running).toBe(false);
      const [entry] = await control.quarantine();
      expect(await control.discard(entry?.offset ?? 0, ann)).toMatchObject({ outcome: 'written' });
      expect(await control.quarantine()).toEqual([]);
      expect((await control.status()).channels[0]?.quarantined).toBe(0);
    });
  });

  test('killed again and again in the middle of a file, books each record once', async () => {
    const records = 12_000;
    await writeFile(
      join(root, 'in', 'day.log'),
      Buffer.concat(Array.from({ length: records }, (_, at) => logLine(at + 1))),
    );
    let interrupted = 0;
    let before = 0;
    for (let round = 1; round <= 3; round++) {
      const child = spawnGateway();
      const ended = once(child, 'exit');
      await once(child.stdout ?? child, 'data');
      await moreThan(before);
      child.kill('SIGKILL');
      await ended;
      const own = await openOwnLog(join(root, 'data'), systemClock());
      const { sequence } = await own.log.head('logs');
      await own.close();
      if (sequence > 0 && sequence < records) interrupted++;
      before = Math.min(sequence, records);
    }
    const last = spawnGateway();
    const ended = once(last, 'exit');
    await controlledSoon(async (control) => {
      await waitUntil(async () => (await control.status()).channels[0]?.sequence === records + 2);
    });
    last.kill('SIGTERM');
    await ended;
    const own = await openOwnLog(join(root, 'data'), systemClock());
    const entries = await entriesOf(own.log, 'logs');
    const booked = entries.filter(({ kind }) => kind === 'message');
    expect(booked.map(({ origin }) => 'ordinal' in origin && origin.ordinal)).toEqual(
      Array.from({ length: records }, (_, at) => at + 1),
    );
    expect(booked.every(({ events }) => events.length === 1)).toBe(true);
    expect(entries).toHaveLength(records + 2);
    expect(await own.log.verify()).toMatchObject({ ok: true });
    await own.close();
    expect(interrupted).toBeGreaterThan(0);
  }, 120_000);

  test('is owned by one process: a second one is refused', async () => {
    const own = await openOwnLog(join(root, 'data'), systemClock());
    await expect(controlled((control) => control.status())).rejects.toMatchObject({ code: 'LOG_LOCKED' });
    await own.close();
    expect(await controlled((control) => control.status())).toMatchObject({ running: false });
  });
});
