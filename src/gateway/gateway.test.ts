import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixSession } from '../../adapters/index.ts';
import { systemClock } from '../core/clock.ts';
import { memoryLog } from '../log/index.ts';
import type { GatewayStatus } from './channel-status.ts';
import { type Control, control, controlSocket } from './control.ts';
import { lineBytesMax } from './control-protocol.ts';
import type { Gateway } from './gateway.ts';
import {
  type Configuration,
  checkText,
  createLogger,
  type Opened,
  openGateway,
  runGateway,
  withControl,
} from './index.ts';
import { acceptor, type Counterparty } from './testing/counterparty.ts';
import { entriesOf, listening, storyOf } from './testing/fixture.ts';
import { waitUntil } from './testing/waiting.ts';

let root: string;
let firm: Counterparty;
let log = memoryLog();
const lines: string[] = [];
const ann = { by: 'ann', reason: 'agreed by phone' };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'clearport-gateway-'));
  await mkdir(join(root, 'in'));
  log = memoryLog();
  lines.length = 0;
  firm = await acceptor();
});

afterEach(async () => {
  await firm.close();
  await rm(root, { recursive: true });
});

async function configured(more = ''): Promise<Configuration> {
  const text = `
version: 1
tenant: acme
channels:
  dropcopy:
    adapter: fix
    perspective: clearer
    reportedBy: BIGCLR
    options: { role: initiator, host: 127.0.0.1, port: ${firm.port}, beginString: FIX.4.4, senderCompId: ACME, targetCompId: BIGCLR, heartBtInt: 1, reconnectSecondsMin: 0.05${more} }
  logs:
    adapter: directory
    codec: fix
    perspective: ours
    files: { framer: fix-log, pollMs: 10, settlePolls: 1 }
    options: { path: in }
`;
  const { configuration, findings } = await checkText(text, join(root, 'clearport.yaml'), process.env);
  if (configuration === undefined) throw new Error(JSON.stringify(findings));
  return configuration;
}

function opened(): Promise<Opened> {
  return Promise.resolve({ log, close: async () => undefined });
}

interface Running {
  readonly gateway: Gateway;
  readonly configuration: Configuration;
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

async function running(more = ''): Promise<Running> {
  const configuration = await configured(more);
  await mkdir(configuration.data, { mode: 0o700, recursive: true });
  const stop = new AbortController();
  const logger = createLogger({
    level: 'debug',
    mask: configuration.mask,
    write: (line) => lines.push(line),
  });
  let gateway: Gateway | undefined;
  const done = runGateway({
    configuration,
    clock: systemClock(),
    logger,
    open: opened,
    signal: stop.signal,
    ready: (ready) => {
      gateway = ready;
    },
  });
  done.catch(() => undefined);
  await waitUntil(() => gateway !== undefined);
  if (gateway === undefined) throw new Error('not ready');
  const halt = async (): Promise<void> => {
    stop.abort();
    await done;
  };
  return { gateway, configuration, done, stop: halt };
}

async function overSocket<T>(
  configuration: Configuration,
  use: (control: Control) => Promise<T>,
): Promise<T> {
  const { logger } = listening();
  return withControl({ configuration, clock: systemClock(), logger, open: opened }, use);
}

const channelIn = (status: GatewayStatus, name: string) =>
  status.channels.find(({ channel }) => channel === name);

describe('a running gateway', () => {
  test('reads a drop copy and a folder, and tells how each channel is', async () => {
    const { gateway, stop } = await running();
    await waitUntil(async () => channelIn(await gateway.status(), 'dropcopy')?.session?.loggedOn === true);
    await firm.fill('E1', '100', '10.5');
    await firm.fill('E2', '200', '10.6');
    await writeFile(
      join(root, 'in', 'fix.log'),
      firm
        .written()
        .map((text) => `20261110 : ${text}\n`)
        .join(''),
    );
    await waitUntil(async () => channelIn(await gateway.status(), 'logs')?.filesAccepted === 1);
    await waitUntil(
      async () => (channelIn(await gateway.status(), 'dropcopy')?.session?.state.nextIn ?? 0) > 3,
    );
    const status = await gateway.status();
    expect(status).toMatchObject({ running: true, tenant: 'acme', pid: process.pid });
    expect(channelIn(status, 'dropcopy')).toMatchObject({
      state: 'running',
      shape: 'session',
      quarantined: 0,
      session: { session: 'ACME-BIGCLR', role: 'initiator', connected: true },
      lastMessageAgeMs: expect.any(Number),
    });
    expect(channelIn(status, 'logs')).toMatchObject({ state: 'running', shape: 'files', filesAccepted: 1 });
    const told = await storyOf(log, 'dropcopy');
    expect(told.filter((line) => / 8 E\d$/.test(line))).toHaveLength(2);
    expect(told).toContainEqual(expect.stringMatching(/^signal .* session\.up$/));
    expect((await storyOf(log, 'logs')).filter((line) => / 8 E\d$/.test(line))).toHaveLength(2);
    await stop();
    expect(await storyOf(log, 'dropcopy')).toContainEqual(expect.stringMatching(/^signal .* session\.down$/));
    expect(lines.at(-1)).toContain('"msg":"stopped"');
  });

  test('goes on after a restart with the numbers that it committed', async () => {
    const first = await running();
    await waitUntil(
      async () => channelIn(await first.gateway.status(), 'dropcopy')?.session?.loggedOn === true,
    );
    await firm.fill('E1', '100', '10.5');
    await waitUntil(async () => (await storyOf(log, 'dropcopy')).some((line) => line.endsWith(' 8 E1')));
    await first.stop();
    const before = (await log.head('dropcopy')).position;
    await firm.fill('E2', '200', '10.5');
    const second = await running();
    await waitUntil(async () => (await storyOf(log, 'dropcopy')).some((line) => line.endsWith(' 8 E2')));
    await second.stop();
    const trades = (await storyOf(log, 'dropcopy')).filter((line) => / 8 E\d$/.test(line));
    expect(trades).toHaveLength(2);
    expect(before).toMatchObject({ epoch: 0 });
    expect((await log.head('dropcopy')).position).toMatchObject({ epoch: 0 });
  });

  test('says that a channel of the log is not configured: a renamed one would book twice', async () => {
    await log.append('old-name', [], { position: 1 });
    const { stop } = await running();
    await stop();
    expect(lines.find((line) => line.includes('CHANNEL_NOT_CONFIGURED'))).toContain('old-name');
  });

  test('stops when it is told to through its socket', async () => {
    const { configuration, done } = await running();
    await overSocket(configuration, (remote) => remote.stop('end of the day'));
    await done;
    await expect(stat(controlSocket(configuration.data))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(lines.join()).toContain('end of the day');
  });

  test('starts where a crash left its socket behind, and not where another one runs', async () => {
    const configuration = await configured();
    await mkdir(configuration.data, { mode: 0o700 });
    await writeFile(controlSocket(configuration.data), '');
    const { stop } = await running();
    expect((await stat(controlSocket(configuration.data))).mode & 0o777).toBe(0o600);
    const again = runGateway({
      configuration,
      clock: systemClock(),
      logger: listening().logger,
      open: opened,
    });
    await expect(again).rejects.toMatchObject({ code: 'CONTROL_TAKEN', exitCode: 2 });
    await stop();
  });
});

describe('controls', () => {
  test('answer the same through the socket and over the log', async () => {
    const { configuration, gateway, stop } = await running();
    await waitUntil(async () => channelIn(await gateway.status(), 'dropcopy')?.session?.loggedOn === true);
    await firm.raw('garbage that is no message');
    await waitUntil(async () => (channelIn(await gateway.status(), 'dropcopy')?.quarantined ?? 0) > 0);
    const live = await overSocket(configuration, async (remote) => {
      expect(remote.running).toBe(true);
      const [first] = await remote.quarantine({ channel: 'dropcopy' });
      return { first, detail: await remote.quarantined(first?.offset ?? 0) };
    });
    await stop();
    const quiet = await overSocket(configuration, async (local) => {
      expect(local.running).toBe(false);
      const [first] = await local.quarantine({ channel: 'dropcopy' });
      const decision = await local.discard(first?.offset ?? 0, ann);
      return { first, decision, status: await local.status() };
    });
    expect(live.first).toEqual(quiet.first);
    expect(live.detail.shown).toContain('garbage');
    expect(quiet.decision).toMatchObject({ outcome: 'written', revision: 1 });
    expect(channelIn(quiet.status, 'dropcopy')).toMatchObject({
      state: 'stopped',
      quarantined: 0,
      session: { connected: false },
    });
  });

  test('change a session, audited first, live and at rest', async () => {
    const { configuration, gateway, stop } = await running();
    await waitUntil(async () => channelIn(await gateway.status(), 'dropcopy')?.session?.loggedOn === true);
    await overSocket(configuration, (remote) => remote.session('dropcopy', { command: 'reset' }, ann));
    await waitUntil(async () => channelIn(await gateway.status(), 'dropcopy')?.session?.state.epoch === 1);
    await stop();
    const status = await overSocket(configuration, (local) =>
      local.session('dropcopy', { command: 'set', nextIn: 7, nextOut: 900 }, ann),
    );
    expect(status.state).toMatchObject({ nextIn: 7, nextOut: 900 });
    const audits = (await entriesOf(log, 'dropcopy')).filter(
      ({ kind, by }) => kind === 'audit' && by === 'ann',
    );
    expect(audits.map(({ type }) => type)).toEqual(['session.reset', 'session.set']);
    const before = await log.head('dropcopy');
    await overSocket(configuration, (local) => local.session('dropcopy', { command: 'reset' }, ann));
    expect(await log.head('dropcopy')).toMatchObject({
      epoch: before.epoch + 1,
      position: { nextIn: 1, nextOut: 1 },
    });
    const logout = overSocket(configuration, (local) =>
      local.session('dropcopy', { command: 'logout' }, ann),
    );
    await expect(logout).rejects.toMatchObject({ code: 'GATEWAY_NOT_RUNNING' });
  });

  test.each([
    ['a channel that is not there', 'dropcpy', 'CHANNEL_UNKNOWN', ann],
    ['a channel without a session', 'logs', 'CHANNEL_NO_SESSION', ann],
    ['no reason', 'dropcopy', 'REASON_MISSING', { by: 'ann', reason: '' }],
  ])('refuse to change a session: %s', async (_, channel, code, person) => {
    const { configuration, stop } = await running();
    const live = overSocket(configuration, (remote) => remote.session(channel, { command: 'reset' }, person));
    await expect(live).rejects.toMatchObject({ code, exitCode: 2 });
    await stop();
    const quiet = overSocket(configuration, (local) => local.session(channel, { command: 'reset' }, person));
    await expect(quiet).rejects.toMatchObject({ code, exitCode: 2 });
  });

  test('replay, checkpoint and backup go through the socket, with errors as they are', async () => {
    const { configuration, stop } = await running();
    await overSocket(configuration, async (remote) => {
      const report = await remote.replay({ dryRun: true }, ann);
      expect(report).toMatchObject({ dryRun: true, committed: 0 });
      await expect(remote.replay({ dryRun: true, from: 5, to: 2 }, ann)).rejects.toMatchObject({
        code: 'REPLAY_RANGE',
      });
      await expect(remote.checkpoint()).rejects.toMatchObject({ code: 'CHECKPOINT_KEY_MISSING' });
      await expect(remote.backup(join(root, 'copy'), ann)).rejects.toMatchObject({ code: 'LOG_UNSUPPORTED' });
      await expect(remote.repair(7, Buffer.from('x'), ann)).rejects.toMatchObject({
        code: 'QUARANTINE_UNKNOWN',
      });
      await expect(remote.quarantined(7.5)).rejects.toMatchObject({ code: 'CONTROL_REQUEST' });
    });
    expect((await storyOf(log, 'gateway'))[0]).toMatch(/^audit audit=.*backup/);
    await stop();
  });

  test('answer nonsense with an error, and go on', async () => {
    const { configuration, stop } = await running();
    const socket = createConnection(controlSocket(configuration.data));
    let heard = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
    });
    socket.write(
      'no json\n{"id":1}\n{"id":2,"method":"constructor","params":[]}\n{"id":3,"method":"release","params":[1]}\n',
    );
    await waitUntil(() => heard.split('\n').length === 5);
    expect(heard.match(/CONTROL_REQUEST/g)).toHaveLength(4);
    socket.write('x'.repeat(lineBytesMax + 1024));
    await new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
    expect(await overSocket(configuration, (remote) => remote.status())).toMatchObject({ running: true });
    await stop();
  });

  test('say that the gateway went away', async () => {
    const { configuration, stop } = await running();
    const remote = await control({ configuration, clock: systemClock(), logger: listening().logger });
    await stop();
    await expect(remote.status()).rejects.toMatchObject({ code: 'CONTROL_CLOSED', retryable: true });
    await remote.close();
  });

  test('need a log where nothing runs', async () => {
    const configuration = await configured();
    const opening = control({ configuration, clock: systemClock(), logger: listening().logger });
    await expect(opening).rejects.toMatchObject({ code: 'GATEWAY_NO_DATA', exitCode: 2 });
  });
});

test('openGateway throws and closes what it opened where a channel cannot be opened for good', async () => {
  const configuration = await configured();
  const broken = { ...fixSession, open: async () => Promise.reject(new TypeError('bug')) };
  const { wiring } = openGateway({
    configuration,
    log,
    clock: systemClock(),
    logger: listening().logger,
  }).desk;
  const gateway = openGateway({
    configuration,
    log,
    clock: systemClock(),
    logger: listening().logger,
    wiring: { ...wiring, adapters: new Map([...wiring.adapters, ['fix', broken]]) },
  });
  await expect(gateway.start()).rejects.toThrow('bug');
  expect((await gateway.status()).running).toBe(false);
});

describe('canaries', () => {
  test('appear in no log line, no status and no list, whatever fails', async () => {
    process.env['CANARY_PASSWORD'] = 'canary-password-1';
    const secret = `, password: "\${env:CANARY_PASSWORD}", username: canary-user-1`;
    const { configuration, gateway, stop } = await running(secret);
    const account = 'CANARYACCOUNT7';
    await waitUntil(async () => channelIn(await gateway.status(), 'dropcopy')?.session?.loggedOn === true);
    await firm.fill('E1', '100', '10.5', account);
    await firm.raw(`8=FIX.4.4\u00019=20\u000135=8\u00011=${account}\u000110=000\u0001`);
    await firm.raw(`8=FIX.4.4\u000135=A\u0001554=canary-password-1\u0001`);
    await writeFile(
      join(root, 'in', 'fix.log'),
      `8=FIX.4.4|9=9|35=8|1=${account}|554=canary-password-1|10=000|\n`,
    );
    await waitUntil(async () => channelIn(await gateway.status(), 'logs')?.filesAccepted === 1);
    await waitUntil(async () => (channelIn(await gateway.status(), 'logs')?.quarantined ?? 0) > 0);
    const shown = await overSocket(configuration, async (remote) => {
      const listed = await remote.quarantine();
      const details = await Promise.all(listed.map(({ offset }) => remote.quarantined(offset)));
      const withoutBytes = details.map(({ bytes: _, ...rest }) => rest);
      const report = await remote.replay({ dryRun: true }, ann);
      return JSON.stringify([await remote.status(), listed, withoutBytes, report]);
    });
    await stop();
    expect(shown.length).toBeGreaterThan(500);
    for (const canary of ['canary-password-1', 'canary-user-1', account]) {
      expect(shown).not.toContain(canary);
      expect(lines.join()).not.toContain(canary);
    }
  });
});
