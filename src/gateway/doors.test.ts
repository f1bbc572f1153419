import { afterEach, describe, expect, test } from 'vitest';
import { memoryStore } from '../../adapters/fix/index.ts';
import { freePort } from '../../adapters/fix/testing/calling.ts';
import { fixSession } from '../../adapters/index.ts';
import { originText } from '../contract/origin.ts';
import type { Session } from '../contract/session.ts';
import { type Clock, microsOfIso, systemClock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { memoryLog } from '../log/index.ts';
import { checkText, type Gateway, openGateway } from './index.ts';
import { LocalControl } from './local-control.ts';
import { entriesOf, listening } from './testing/fixture.ts';
import { waitUntil } from './testing/waiting.ts';

const ann = { by: 'ann', reason: 'agreed by phone' };
const gateways: Gateway[] = [];
const sessions: Session[] = [];

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close('test over')));
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop('test over')));
});

async function started(
  port: number,
  channels: Readonly<Record<string, string>>,
  log = memoryLog(),
  clock: Clock = systemClock(),
): Promise<{ readonly gateway: Gateway; readonly log: typeof log }> {
  const written = Object.entries(channels).map(
    ([name, options]) =>
      `  ${name}: { adapter: fix, perspective: clearer, options: { role: acceptor, port: ${port}, beginString: FIX.4.4, senderCompId: FIRM, logoutTimeoutSeconds: 0.2, ${options} } }`,
  );
  const text = `version: 1\ntenant: acme\nchannels:\n${written.join('\n')}\n`;
  const { configuration, findings } = await checkText(text, '/tmp/clearport-doors/clearport.yaml', {});
  if (configuration === undefined) throw new Error(JSON.stringify(findings));
  const gateway = openGateway({ configuration, log, clock, logger: listening().logger });
  await gateway.start();
  gateways.push(gateway);
  return { gateway, log };
}

/** A counterparty that keeps its own memory over restarts of ours. */
async function counterparty(port: number, name: string, store = memoryStore()): Promise<Session> {
  const options = fixSession.options.parse({
    role: 'initiator',
    host: '127.0.0.1',
    port,
    beginString: 'FIX.4.4',
    senderCompId: name,
    targetCompId: 'FIRM',
    reconnectSecondsMin: 0.05,
    reconnectSecondsMax: 0.1,
    logoutTimeoutSeconds: 0.2,
    checkLatency: false,
  });
  const session = await fixSession.open(options, {
    store,
    clock: systemClock(),
    limits,
    report: () => undefined,
  });
  sessions.push(session);
  return session;
}

const loggedOn = (session: Session) => waitUntil(() => session.status().loggedOn);

describe('sessions behind one port of a gateway', () => {
  const channels = { desk: 'targetCompId: OPS', clients: 'targetCompId: BRK*, template: true' };

  test('are one channel each, and each counterparty of a template has its own numbers, over restarts', async () => {
    const port = await freePort();
    const first = await started(port, channels);
    const stores = { OPS: memoryStore(), BRK1: memoryStore(), BRK2: memoryStore() };
    const all = [];
    for (const [name, store] of Object.entries(stores)) all.push(await counterparty(port, name, store));
    for (const session of all) await loggedOn(session);
    for (const [at, session] of all.entries())
      for (let n = 0; n <= at; n++) await session.send('U8', { 17: `E${at}-${n}` });
    const inOf = async (channel: string): Promise<string[]> =>
      (await entriesOf(first.log, channel)).flatMap(({ kind, type, origin }) =>
        kind === 'message' && type === 'U8' ? [originText(origin)] : [],
      );
    await waitUntil(async () => (await inOf('desk')).length === 1 && (await inOf('clients')).length === 5);
    expect(await inOf('desk')).toEqual(['FIRM-OPS/0/in:2']);
    expect((await inOf('clients')).toSorted()).toEqual([
      'FIRM-BRK1/0/in:2',
      'FIRM-BRK1/0/in:3',
      'FIRM-BRK2/0/in:2',
      'FIRM-BRK2/0/in:3',
      'FIRM-BRK2/0/in:4',
    ]);
    await first.gateway.stop('restart');
    const again = await started(port, channels, first.log);
    for (const session of all) await loggedOn(session);
    const status = (await again.gateway.status()).channels.find(({ channel }) => channel === 'clients');
    expect(status?.session?.sessions?.map(({ session }) => session)).toEqual(['FIRM-BRK1', 'FIRM-BRK2']);
    await all[2]?.send('U8', { 17: 'last' });
    await waitUntil(async () => (await inOf('clients')).length === 6);
    // Not one was asked for again, and none came twice.
    expect(stores.BRK2.repeats).toBe(0);
    expect(await first.log.repeats()).toEqual([]);
    expect((await entriesOf(first.log, 'clients')).filter(({ kind }) => kind === 'quarantine')).toEqual([]);
  });

  test('when the log fails all sessions of a template begin again from it, and nothing is lost or doubled', async () => {
    const port = await freePort();
    const log = memoryLog();
    let failing = false;
    const breaking = new Proxy(log, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          if (key !== 'append' || !failing) return value.apply(target, given);
          return Promise.reject(new GatewayError('LOG_DISK_FULL', 'the disk is full'));
        };
      },
    });
    const options = 'targetCompId: BRK*, template: true, reconnectSecondsMin: 0.05';
    const { gateway } = await started(port, { clients: options }, breaking);
    const all = [await counterparty(port, 'BRK1'), await counterparty(port, 'BRK2')];
    for (const session of all) await loggedOn(session);
    for (let n = 0; n < 60; n++) {
      failing = n % 20 === 10;
      for (const session of all) await session.send('U8', { 17: `E${n}` });
      if (failing) await waitUntil(() => all.every((session) => !session.status().loggedOn));
      failing = false;
    }
    const numbers = async () => (await gateway.status()).channels[0]?.session?.sessions ?? [];
    const wanted = () => all.map((session) => session.status().state.nextOut);
    await waitUntil(async () => {
      const state = (await numbers()).map(({ state: { nextIn } }) => nextIn);
      return all.every((session) => session.status().loggedOn) && state.join() === wanted().join();
    });
    const kept = (await entriesOf(log, 'clients')).filter(
      ({ kind, type }) => kind === 'message' && type === 'U8',
    );
    expect(kept).toHaveLength(120);
    expect(new Set(kept.map(({ origin }) => originText(origin))).size).toBe(120);
    expect((await numbers()).map(({ held }) => held)).toEqual([undefined, undefined]);
  });

  test('a person changes one of them, while the gateway runs and while it does not', async () => {
    const port = await freePort();
    const { gateway, log } = await started(port, channels);
    const store = memoryStore();
    const one = await counterparty(port, 'BRK1', store);
    await loggedOn(one);
    await loggedOn(await counterparty(port, 'BRK2'));
    await one.command({ command: 'logout' });
    await gateway.session('clients', { command: 'reset', session: 'FIRM-BRK1' }, ann);
    await waitUntil(() => store.state.epoch === 1 || one.status().held !== undefined);
    await gateway.stop('for the night');
    const control = new LocalControl({ desk: gateway.desk, close: async () => undefined });
    const listed = async () =>
      (await control.status()).channels.find(({ channel }) => channel === 'clients')?.session?.sessions ?? [];
    expect((await listed()).map(({ session, state }) => [session, state.epoch > 0])).toEqual([
      ['FIRM-BRK1', true],
      ['FIRM-BRK2', false],
    ]);
    await control.session('clients', { command: 'set', session: 'BRK2', nextIn: 77 }, ann);
    expect((await listed()).map(({ state }) => state.nextIn === 77)).toEqual([false, true]);
    for (const session of ['BRK9', undefined])
      await expect(
        control.session('clients', { command: 'reset', ...(session && { session }) }, ann),
      ).rejects.toMatchObject({ code: 'SESSION_UNKNOWN', exitCode: 2 });
    const audits = (await entriesOf(log, 'clients')).filter(
      ({ kind, by }) => kind === 'audit' && by === 'ann',
    );
    expect(audits.map(({ reason }) => reason)).toEqual(['agreed by phone', 'agreed by phone']);
  });
});

describe('a scheduled session of a gateway', () => {
  test('is closed outside of its hours, and begins a new epoch when they begin, with the reason in the log', async () => {
    const port = await freePort();
    // 16:30 in New York: between the end of one session and the beginning of the next.
    let shift = (microsOfIso('2026-11-10T21:30:00Z') ?? 0) - systemClock().now();
    const real = systemClock();
    const clock: Clock = { now: () => real.now() + shift };
    const schedule = 'schedule: { startTime: "17:00", endTime: "16:00" }, checkLatency: false';
    const { gateway, log } = await started(
      port,
      { desk: `targetCompId: OPS, ${schedule}` },
      memoryLog(),
      clock,
    );
    const desk = async () => (await gateway.status()).channels[0]?.session;
    expect((await desk())?.hours).toEqual({ open: false, until: '2026-11-10T22:00:00.000000Z' });
    const ops = await counterparty(port, 'OPS');
    await waitUntil(() => ops.status().state.nextOut > 1);
    expect(ops.status().loggedOn).toBe(false);
    shift += 31 * 60e6;
    await loggedOn(ops);
    expect(await desk()).toMatchObject({
      loggedOn: true,
      hours: { open: true, until: '2026-11-11T21:00:00.000000Z' },
    });
    shift += 23 * 3600e6 - 60e6;
    await waitUntil(async () => (await desk())?.hours?.open === false);
    await waitUntil(async () => (await desk())?.connected === false);
    shift += 3600e6;
    await waitUntil(async () => ((await desk())?.state.epoch ?? 0) > 0);
    const epochs = (await entriesOf(log, 'desk')).filter(({ kind }) => kind === 'epoch');
    const reasons = epochs.map(({ bytes }) => String(JSON.parse(Buffer.from(bytes).toString()).reason));
    expect(reasons.at(-1)).toBe('schedule: session from 2026-11-11T22:00:00.000000Z');
  });
});
