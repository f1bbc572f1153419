import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Session, SessionSignal } from '../../src/contract/session.ts';
import { systemClock } from '../../src/core/clock.ts';
import { limits } from '../../src/core/limits.ts';
import { Hub } from './hub.ts';
import { type FixSessionOptionsInput, fixSessionOptions } from './index.ts';
import { memoryStore } from './memory-store.ts';
import { openFixSession } from './session.ts';
import { type Caller, call, freePort, logonOf } from './testing/calling.ts';
import { until } from './testing/loopback.ts';

interface Standing {
  readonly session: Session;
  readonly store: ReturnType<typeof memoryStore>;
  readonly signals: SessionSignal[];
}

const open: Session[] = [];
const callers: Caller[] = [];

afterEach(async () => {
  for (const caller of callers.splice(0)) caller.socket.destroy();
  await Promise.all(open.splice(0).map((session) => session.close('test over')));
});

async function behind(hub: Hub, port: number, given: Partial<FixSessionOptionsInput>): Promise<Standing> {
  const options = fixSessionOptions.parse({
    role: 'acceptor',
    port,
    beginString: 'FIX.4.4',
    senderCompId: 'FIRM',
    targetCompId: 'OPS',
    logoutTimeoutSeconds: 0.1,
    ...given,
  });
  const store = memoryStore();
  const signals: SessionSignal[] = [];
  const report = (signal: SessionSignal): void => void signals.push(signal);
  const session = await openFixSession(options, { store, clock: systemClock(), limits, report }, hub);
  open.push(session);
  return { session, store, signals };
}

async function dial(port: number, host = '127.0.0.1'): Promise<Caller> {
  const caller = await call(connect({ port, host }));
  callers.push(caller);
  return caller;
}

describe('sessions behind one port', () => {
  test('are found by version and both CompIDs', async () => {
    const [hub, port] = [new Hub(), await freePort()];
    const given: Partial<FixSessionOptionsInput>[] = [
      { targetCompId: 'OPS' },
      { targetCompId: 'DESK' },
      { targetCompId: 'OPS', senderCompId: 'OTHER' },
      { beginString: 'FIX.4.2' },
      { beginString: 'FIXT.1.1', defaultApplVerId: '9' },
    ];
    const all: Standing[] = [];
    for (const one of given) all.push(await behind(hub, port, one));
    for (const [at, one] of given.entries()) {
      const caller = await dial(port);
      caller.socket.write(
        logonOf({ sender: one.targetCompId, target: one.senderCompId, version: one.beginString }),
      );
      await until('up', () => all[at]?.session.status().loggedOn === true);
      await until('answered', () => caller.told().includes('\u000135=A\u0001'));
      expect(caller.told()).toContain(`8=${one.beginString ?? 'FIX.4.4'}\u0001`);
    }
    expect(all.map(({ session }) => session.status().loggedOn)).toEqual([true, true, true, true, true]);
    expect(all.flatMap(({ store }) => store.frames.filter(({ kind }) => kind === 'quarantine'))).toEqual([]);
  });

  test('are told apart by sub and location ids, where several have the same CompIDs', async () => {
    const [hub, port] = [new Hub(), await freePort()];
    const plain = await behind(hub, port, {});
    const desk = await behind(hub, port, { targetSubId: 'DESK' });
    const both = await behind(hub, port, { targetSubId: 'DESK', targetLocationId: 'NY' });
    const logons = [
      logonOf({}),
      logonOf({ more: [[50, 'DESK']] }),
      logonOf({
        more: [
          [50, 'DESK'],
          [142, 'NY'],
        ],
      }),
    ];
    for (const logon of logons) (await dial(port)).socket.write(logon);
    for (const one of [plain, desk, both]) await until('up', () => one.session.status().loggedOn);
    const other = await dial(port);
    other.socket.write(logonOf({ more: [[50, 'ELSE']] }));
    await until('hung up', other.ended);
    expect(plain.store.frames.at(-1)).toMatchObject({ issues: [{ code: 'FIX_LOGON_SECOND' }] });
  });

  test('a counterparty that stands alone need not say its sub id', async () => {
    const [hub, port] = [new Hub(), await freePort()];
    const one = await behind(hub, port, { targetSubId: 'DESK' });
    (await dial(port)).socket.write(logonOf({}));
    await until('up', () => one.session.status().loggedOn);
  });

  test('a second connection of one is refused without a word, and no other session is harmed', async () => {
    const [hub, port] = [new Hub(), await freePort()];
    const first = await behind(hub, port, {});
    const second = await behind(hub, port, { targetCompId: 'DESK' });
    const [ops, desk] = [await dial(port), await dial(port)];
    ops.socket.write(logonOf({}));
    desk.socket.write(logonOf({ sender: 'DESK' }));
    await until('both up', () => first.session.status().loggedOn && second.session.status().loggedOn);
    const again = await dial(port);
    again.socket.write(logonOf({}));
    await until('hung up', again.ended);
    expect(again.told()).toBe('');
    expect(ops.ended() || desk.ended()).toBe(false);
    expect(first.store.frames.at(-1)).toMatchObject({ issues: [{ code: 'FIX_LOGON_SECOND' }] });
    expect(second.store.frames.some(({ kind }) => kind === 'quarantine')).toBe(false);
  });

  test('a stranger is told nothing, and the first session keeps his bytes', async () => {
    const [hub, port] = [new Hub(), await freePort()];
    const first = await behind(hub, port, {});
    const second = await behind(hub, port, { targetCompId: 'DESK' });
    for (const logon of [
      logonOf({ sender: 'WHO' }),
      logonOf({ target: 'NOBODY' }),
      logonOf({ version: 'FIX.4.3' }),
    ]) {
      const who = await dial(port);
      who.socket.write(logon);
      await until('hung up', who.ended);
      expect(who.told()).toBe('');
    }
    const codes = first.store.frames.map(({ issues }) => issues.at(-1)?.code);
    expect(codes).toEqual(['FIX_LOGON_UNKNOWN', 'FIX_LOGON_UNKNOWN', 'FIX_LOGON_UNKNOWN']);
    expect(second.store.frames).toEqual([]);
  });

  test('what is kept of him hides the secrets of every session behind the port', async () => {
    const [hub, port] = [new Hub(), await freePort()];
    const first = await behind(hub, port, {});
    await behind(hub, port, { targetCompId: 'DESK', logonFields: { '9001': 'any' } });
    const who = await dial(port);
    const more = [
      [554, 'canary-1'],
      [9001, 'canary-2'],
    ] as const;
    who.socket.write(logonOf({ sender: 'DESQ', more }));
    await until('hung up', who.ended);
    const kept = Buffer.from(first.store.frames[0]?.bytes ?? []).toString('latin1');
    expect(kept).toMatch(/554=\*{8}.*9001=\*{8}/);
    expect(JSON.stringify(first.signals)).not.toContain('canary');
  });

  test('come and go one by one: the port closes with the last', async () => {
    const [hub, port] = [new Hub(), await freePort()];
    const first = await behind(hub, port, {});
    const second = await behind(hub, port, { targetCompId: 'DESK' });
    await first.session.close('enough');
    const ops = await dial(port);
    ops.socket.write(logonOf({}));
    await until('nobody is there', ops.ended);
    expect(second.store.frames.at(-1)).toMatchObject({ issues: [{ code: 'FIX_LOGON_UNKNOWN' }] });
    const desk = await dial(port);
    desk.socket.write(logonOf({ sender: 'DESK' }));
    await until('up', () => second.session.status().loggedOn);
    await second.session.close('enough');
    await expect(dial(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const again = await behind(hub, port, {});
    (await dial(port)).socket.write(logonOf({}));
    await until('up again', () => again.session.status().loggedOn);
  });

  test.each<[string, Partial<FixSessionOptionsInput>, string]>([
    ['one identity for two', {}, 'targetCompId'],
    [
      'a load balancer before one of them',
      { targetCompId: 'DESK', proxyProtocol: 'required', proxies: ['127.0.0.1'] },
      'proxyProtocol',
    ],
  ])('%s is refused', async (_, given, place) => {
    const [hub, port] = [new Hub(), await freePort()];
    await behind(hub, port, {});
    await expect(behind(hub, port, given)).rejects.toMatchObject({ code: 'FIX_OPTIONS', place, exitCode: 2 });
  });

  test('two hubs know nothing of each other', async () => {
    const port = await freePort();
    await behind(new Hub(), port, {});
    await expect(behind(new Hub(), port, { targetCompId: 'DESK' })).rejects.toMatchObject({
      code: 'FIX_LISTEN',
    });
  });

  test('port 0 is a port of its own for each', async () => {
    const hub = new Hub();
    const [left, right] = [await behind(hub, 0, {}), await behind(hub, 0, {})];
    expect(left.session.status().address).not.toBe(right.session.status().address);
  });
});
