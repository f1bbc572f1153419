import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fixSession, fixSessionOptions, type MemoryStore, memoryStore } from '../../../adapters/fix/index.ts';
import type { Session, SessionFrame, SessionSignal, SessionStore } from '../../../src/contract/session.ts';
import { latin1Text } from '../../../src/core/bytes.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { limits } from '../../../src/core/limits.ts';
import { openClearingFirm } from './clearing-firm.ts';
import type { FirmNews } from './fix-side.ts';
import { morning, morningDefaults, type PlantedCase } from './morning.ts';

const options = { ...morningDefaults, executions: 200 };

interface Played {
  readonly store: MemoryStore;
  readonly news: readonly FirmNews[];
  readonly signals: readonly SessionSignal[];
}

async function connectTo(
  firm: { readonly port: number },
  store: SessionStore,
  signals: SessionSignal[],
): Promise<Session> {
  const settings = fixSessionOptions.parse({
    role: 'initiator',
    host: '127.0.0.1',
    port: firm.port,
    beginString: 'FIX.4.4',
    senderCompId: 'DEMOBRKR',
    targetCompId: 'SIMCLEAR',
    heartBtInt: 1,
    lastMsgSeqNumProcessed: true,
    reconnectSecondsMin: 0.1,
  });
  const report = (signal: SessionSignal): void => void signals.push(signal);
  const session = await fixSession.open(settings, { store, clock: systemClock(), limits, report });
  onTestFinished(() => session.close('the test ends'));
  return session;
}

async function openFirm(leaveOut: readonly PlantedCase[]) {
  const news: FirmNews[] = [];
  const tell = (one: FirmNews): void => void news.push(one);
  const firm = await openClearingFirm({ ...options, leaveOut, port: 0, rate: 0, clock: systemClock(), tell });
  onTestFinished(() => firm.close());
  return { firm, news };
}

/** Plays a whole morning to a true session of ours. */
async function playTo(leaveOut: readonly PlantedCase[]): Promise<Played> {
  const { firm, news } = await openFirm(leaveOut);
  const store = memoryStore();
  const signals: SessionSignal[] = [];
  await connectTo(firm, store, signals);
  await firm.played;
  return { store, news, signals };
}

function tagOf(frame: SessionFrame, tag: number): string | undefined {
  return new RegExp(`\u0001${tag}=([^\u0001]*)\u0001`).exec(latin1Text(frame.bytes))?.[1];
}

/** Reports that were accepted under their number. */
function reportsIn(store: MemoryStore): readonly SessionFrame[] {
  return store.frames.filter(
    (frame) => frame.direction === 'in' && 'ordinal' in frame.origin && tagOf(frame, 17) !== undefined,
  );
}

/** The same store, and the ExecID(17) of every report that it was given, repeats too. */
function countingRepeats(store: MemoryStore, came: string[]): SessionStore {
  return {
    load: () => store.load(),
    readOut: (from, to) => store.readOut(from, to),
    append(frames, state) {
      for (const frame of frames) if (frame.direction === 'in') came.push(tagOf(frame, 17) ?? '');
      return store.append(frames, state);
    },
  };
}

/** A way to the firm that breaks down once for each of these, in turn, when the firm writes it: the other side never hears of it. */
async function lineThatBreaks(
  port: number,
  ...breaks: RegExp[]
): Promise<{ readonly port: number; broken(): boolean }> {
  const server = createServer((client) => {
    const firm = connect(port, '127.0.0.1');
    client.pipe(firm).on('error', () => client.destroy());
    client.on('error', () => firm.destroy());
    firm.on('close', () => client.destroy());
    client.on('close', () => firm.destroy());
    firm.on('data', (chunk) => {
      if (breaks[0]?.test(latin1Text(chunk)) !== true) client.write(chunk);
      else {
        breaks.shift();
        client.destroy();
      }
    });
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  return { port: address.port, broken: () => breaks.length === 0 };
}

describe('the simulated clearing firm', () => {
  test('begins its numbers anew also when the other side was gone before it could answer', async () => {
    const { firm } = await openFirm(['restart']);
    const line = await lineThatBreaks(firm.port, /\u0001141=Y\u0001/);
    const store = memoryStore();
    await connectTo(line, store, []);
    await firm.played;
    expect(line.broken()).toBe(true);
    expect(store.state.epoch).toBe(1);
    const { truth } = morning({ ...options, leaveOut: ['restart'] });
    expect(reportsIn(store).length).toBe(truth.events.length + 1);
  });

  test('repeats and garbles also when the connection ends right then: each is seen by the other side', async () => {
    const { firm, news } = await openFirm(['restart', 'reset', 'gap']);
    const { truth } = morning(options);
    const [garbled] = truth.garbled;
    const before = truth.events.findIndex(({ execution }) => execution.id === garbled?.id) - 1;
    const beforeGarbled = new RegExp(`\u000117=${truth.events[before]?.execution.id}\u0001`);
    const line = await lineThatBreaks(firm.port, /\u000143=Y\u0001/, beforeGarbled);
    const store = memoryStore();
    const came: string[] = [];
    await connectTo(line, countingRepeats(store, came), []);
    await firm.played;
    expect(line.broken()).toBe(true);
    for (const { id } of truth.resent) expect(came.filter((one) => one === id).length).toBeGreaterThan(1);
    expect(store.conflicts).toEqual([]);
    const held = store.frames.filter((frame) => frame.issues.some(({ code }) => code === 'FIX_CHECKSUM'));
    expect(held.map((frame) => tagOf(frame, 17))).toEqual([garbled?.id]);
    expect(news.at(-1)).toMatchObject({ again: truth.resent.length, garbled: 1 });
  });

  test('repeats the reports that were sent last also when they passed as a resend themselves', async () => {
    const { firm } = await openFirm(['restart', 'reset', 'gap', 'garbled']);
    const { truth } = morning(options);
    const [first] = truth.resent;
    assert(first !== undefined);
    const line = await lineThatBreaks(firm.port, new RegExp(`\u000117=${first.id}\u0001`));
    const store = memoryStore();
    const came: string[] = [];
    await connectTo(line, countingRepeats(store, came), []);
    await firm.played;
    expect(line.broken()).toBe(true);
    for (const { id } of truth.resent) expect(came.filter((one) => one === id).length).toBeGreaterThan(1);
    expect(reportsIn(store).length).toBe(truth.events.length - truth.retold.length + 1);
  });

  test('plays its whole morning to a session that asks for what it missed', async () => {
    const { truth } = morning(options);
    const { store, news, signals } = await playTo([]);
    const ids = reportsIn(store).map((frame) => tagOf(frame, 17));
    const { badValue } = truth;
    expect(ids.toSorted()).toEqual(
      [...truth.events.map((event) => event.execution.id), badValue?.id].toSorted(),
    );
    expect(store.state.epoch).toBe(1);
    expect(store.conflicts).toEqual([]);
    expect(store.repeats).toBeGreaterThanOrEqual(truth.resent.length);
    expect(signals.some((signal) => signal.signal === 'gap')).toBe(true);
    const garbled = store.frames.filter((frame) =>
      frame.issues.some((issue) => issue.code === 'FIX_CHECKSUM'),
    );
    expect(garbled.map((frame) => tagOf(frame, 17))).toEqual(truth.garbled.map((execution) => execution.id));
    expect(news.at(-1)).toMatchObject({
      news: 'played',
      sent: ids.length,
      lost: truth.lost.length,
      garbled: truth.garbled.length,
      again: truth.resent.length,
      connections: 1,
    });
  });

  test('lets go of what is left out: nothing is lost, garbled, repeated or reset', async () => {
    const { store, news, signals } = await playTo(['gap', 'garbled', 'resend', 'reset', 'restart']);
    expect(store.state.epoch).toBe(0);
    expect(store.repeats).toBe(0);
    expect(signals.some((signal) => signal.signal === 'gap')).toBe(false);
    expect(news.at(-1)).toMatchObject({ lost: 0, garbled: 0, again: 0 });
  });

  test('that was started anew makes the other side begin anew too, and tells everything again', async () => {
    const store = memoryStore();
    for (const epoch of [0, 1]) {
      const { firm, news } = await openFirm(['reset', 'restart']);
      const session = await connectTo(firm, store, []);
      await firm.played;
      expect(store.state.epoch).toBe(epoch);
      expect(news.at(-1)).toMatchObject({ news: 'played' });
      await session.close('the firm is started anew');
      await firm.close();
    }
    const ids = reportsIn(store).map((frame) => tagOf(frame, 17));
    const { truth } = morning(options);
    for (const { execution } of truth.events) expect(ids.filter((id) => id === execution.id)).toHaveLength(2);
  });

  test('says that its port is taken', async () => {
    const clock = systemClock();
    const first = await openClearingFirm({ ...options, port: 0, rate: 0, clock, tell: () => undefined });
    onTestFinished(() => first.close());
    await expect(
      openClearingFirm({ ...options, port: first.port, rate: 0, clock, tell: () => undefined }),
    ).rejects.toMatchObject({ code: 'SIM_LISTEN', exitCode: 3 });
  });
});
