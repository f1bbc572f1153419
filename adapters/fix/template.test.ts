import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Session, SessionSignal, SessionStores } from '../../src/contract/session.ts';
import { systemClock } from '../../src/core/clock.ts';
import { limits } from '../../src/core/limits.ts';
import { covers } from './identity.ts';
import { type FixSessionOptionsInput, fixSession, fixSessionOptions } from './index.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { openFixSession } from './session.ts';
import { type Caller, call, logonOf } from './testing/calling.ts';
import { until, valuesOf } from './testing/loopback.ts';

interface Standing {
  readonly session: Session;
  readonly desk: MemoryStore;
  readonly stores: Map<string, MemoryStore>;
  readonly told: readonly (readonly [session: string | undefined, signal: SessionSignal])[];
  readonly port: number;
}

const open: Session[] = [];
const callers: Caller[] = [];

afterEach(async () => {
  for (const caller of callers.splice(0)) caller.socket.destroy();
  await Promise.all(open.splice(0).map((session) => session.close('test over')));
});

async function standing(
  given: Partial<FixSessionOptionsInput> = {},
  stores = new Map<string, MemoryStore>(),
): Promise<Standing> {
  const options = fixSessionOptions.parse({
    role: 'acceptor',
    port: 0,
    beginString: 'FIX.4.4',
    senderCompId: 'FIRM',
    targetCompId: 'BRK*',
    template: true,
    logoutTimeoutSeconds: 0.1,
    ...given,
  });
  const desk = memoryStore();
  const told: (readonly [string | undefined, SessionSignal])[] = [];
  const sessions: SessionStores = {
    known: async () => [...stores.keys()],
    store: (name) => {
      const store = stores.get(name) ?? memoryStore();
      stores.set(name, store);
      return store;
    },
  };
  const session = await openFixSession(options, {
    store: desk,
    clock: systemClock(),
    limits,
    sessions,
    report: (signal, name) => void told.push([name, signal]),
  });
  open.push(session);
  const port = Number(session.status().address.split(':').at(-1));
  return { session, desk, stores, told, port };
}

async function dial(port: number, logon?: Uint8Array): Promise<Caller> {
  const caller = await call(connect({ port, host: '127.0.0.1' }));
  callers.push(caller);
  if (logon !== undefined) caller.socket.write(logon);
  return caller;
}

const answered = (caller: Caller) => until('answered', () => caller.told().includes('\u000135=A\u0001'));
const names = ({ session }: Standing): string[] =>
  (session.status().sessions ?? []).map((one) => one.session);

describe('a template', () => {
  test('makes a session for each counterparty that it covers, each with its own numbers', async () => {
    const firm = await standing();
    const one = await dial(firm.port, logonOf({ sender: 'BRK1' }));
    const two = await dial(firm.port, logonOf({ sender: 'BRK2', number: 1 }));
    await Promise.all([answered(one), answered(two)]);
    for (let n = 0; n < 3; n++)
      await firm.session.send('U8', [
        [56, 'BRK1'],
        [17, `E${n}`],
      ]);
    await firm.session.send('U8', { 56: 'BRK2', 17: 'X' });
    await until('it came', () => one.told().includes('17=E2') && two.told().includes('17=X'));
    expect(one.told()).not.toContain('17=X');
    const states = (firm.session.status().sessions ?? []).map(({ session, state, loggedOn }) => [
      session,
      state.nextOut,
      loggedOn,
    ]);
    expect(states).toEqual([
      ['FIRM-BRK1', 5, true],
      ['FIRM-BRK2', 3, true],
    ]);
    expect(firm.session.status()).toMatchObject({ loggedOn: true, connected: true });
    expect(valuesOf(firm.stores.get('FIRM-BRK1') ?? memoryStore(), 'out', 'U8', 17)).toEqual([
      'E0',
      'E1',
      'E2',
    ]);
    expect(firm.told.filter(([, { signal }]) => signal === 'up').map(([name]) => name)).toEqual([
      'FIRM-BRK1',
      'FIRM-BRK2',
    ]);
  });

  test('goes on where the memory of a counterparty stands, and knows it before it comes', async () => {
    const stores = new Map([
      ['FIRM-BRK1', memoryStore({ epoch: 2, nextIn: 5, nextOut: 9 })],
      ['FIRM-OTHER', memoryStore({ epoch: 0, nextIn: 5, nextOut: 9 })],
    ]);
    const firm = await standing({}, stores);
    expect(names(firm)).toEqual(['FIRM-BRK1']);
    expect(await firm.session.send('U8', { 56: 'BRK1', 17: 'E1' })).toEqual({ sequence: 9 });
    const one = await dial(firm.port, logonOf({ sender: 'BRK1', number: 5 }));
    await answered(one);
    expect(one.told()).toContain('\u000134=10\u0001');
  });

  test.each([
    ['is not covered', { sender: 'WHO' }],
    ['is not of us', { sender: 'BRK1', target: 'ELSE' }],
    ['is a pattern itself', { sender: 'BRK*' }],
    ['would not stand in an origin', { sender: 'BRK/1' }],
  ])('hangs up without a word on whoever %s, and keeps the bytes', async (_, logon) => {
    const firm = await standing();
    const who = await dial(firm.port, logonOf(logon));
    await until('hung up', who.ended);
    expect(who.told()).toBe('');
    expect(names(firm)).toEqual([]);
    expect(firm.desk.frames.map(({ issues }) => issues.at(-1)?.code)).toEqual(['FIX_LOGON_UNKNOWN']);
  });

  test('is bounded: one counterparty too many gets no session', async () => {
    const firm = await standing({ sessionsMax: 2 });
    for (const sender of ['BRK1', 'BRK2']) await answered(await dial(firm.port, logonOf({ sender })));
    const third = await dial(firm.port, logonOf({ sender: 'BRK3' }));
    await until('hung up', third.ended);
    expect(names(firm)).toHaveLength(2);
    expect(firm.desk.frames.at(-1)).toMatchObject({ issues: [{ code: 'FIX_SESSIONS_MAX' }] });
    await expect(firm.session.send('U8', { 56: 'BRK3', 17: 'E' })).rejects.toMatchObject({
      code: 'FIX_SESSION_NAME',
    });
  });

  test('has room for all of them at once', async () => {
    const firm = await standing({ sessionsMax: 150 });
    const all = await Promise.all(
      Array.from({ length: 150 }, (_, n) => dial(firm.port, logonOf({ sender: `BRK${n}` }))),
    );
    await Promise.all(all.map(answered));
    expect(new Set(names(firm)).size).toBe(150);
    await Promise.all(all.map((_, n) => firm.session.send('U8', { 56: `BRK${n}`, 17: `E${n}` })));
    await until('each has its own', () => all.every((caller, n) => caller.told().includes(`17=E${n}\u0001`)));
    expect(firm.desk.frames).toEqual([]);
  });

  test('refuses the second connection of one, and harms neither it nor the others', async () => {
    const firm = await standing();
    const first = await dial(firm.port, logonOf({ sender: 'BRK1' }));
    // Both at once: the second comes while the memory of the first is being opened.
    const second = await dial(firm.port, logonOf({ sender: 'BRK1' }));
    await until('one is hung up', () => first.ended() || second.ended());
    const kept = first.ended() ? second : first;
    await answered(kept);
    const third = await dial(firm.port, logonOf({ sender: 'BRK1' }));
    await until('hung up', third.ended);
    expect(kept.ended()).toBe(false);
    expect(names(firm)).toEqual(['FIRM-BRK1']);
    expect(firm.stores.get('FIRM-BRK1')?.frames.at(-1)).toMatchObject({
      issues: [{ code: 'FIX_LOGON_SECOND' }],
    });
  });

  test('asks everybody for the password, before a session is made for its numbers', async () => {
    const firm = await standing({ password: 'right-9311' });
    const who = await dial(firm.port, logonOf({ sender: 'BRK1', more: [[554, 'wrong-1']] }));
    await until('hung up', who.ended);
    expect(who.told()).toBe('');
    expect(names(firm)).toEqual([]);
    expect(firm.desk.frames.at(-1)).toMatchObject({ issues: [{ code: 'FIX_LOGON_CREDENTIALS' }] });
    const one = await dial(firm.port, logonOf({ sender: 'BRK1', more: [[554, 'right-9311']] }));
    await answered(one);
    const kept = Buffer.concat(
      [...firm.desk.frames, ...(firm.stores.get('FIRM-BRK1')?.frames ?? [])].map(({ bytes }) =>
        Buffer.from(bytes),
      ),
    );
    expect(kept.includes('right-9311') || kept.includes('wrong-1')).toBe(false);
  });

  test('a number that is too low holds the one session, and its channel says so', async () => {
    const firm = await standing(
      {},
      new Map([['FIRM-BRK1', memoryStore({ epoch: 0, nextIn: 5, nextOut: 9 })]]),
    );
    const low = await dial(firm.port, logonOf({ sender: 'BRK1', number: 2 }));
    await until('hung up', low.ended);
    const other = await dial(firm.port, logonOf({ sender: 'BRK2' }));
    await answered(other);
    const { held, sessions = [] } = firm.session.status();
    expect(held?.code).toBe('FIX_SEQUENCE_TOO_LOW');
    expect(sessions.map((one) => one.held?.code)).toEqual(['FIX_SEQUENCE_TOO_LOW', undefined]);
    await firm.session.command({ command: 'set', session: 'BRK1', nextIn: 2 });
    expect(firm.session.status().held).toBeUndefined();
    await answered(await dial(firm.port, logonOf({ sender: 'BRK1', number: 2 })));
  });

  test('an operator resets one, by its name or its counterparty', async () => {
    const firm = await standing();
    for (const sender of ['BRK1', 'BRK2']) await answered(await dial(firm.port, logonOf({ sender })));
    await firm.session.command({ command: 'reset', session: 'FIRM-BRK1' });
    expect(firm.stores.get('FIRM-BRK1')?.state).toEqual({ epoch: 1, nextIn: 1, nextOut: 1 });
    expect(firm.stores.get('FIRM-BRK2')?.state.epoch).toBe(0);
    await firm.session.command({ command: 'set', session: 'BRK2', nextIn: 40 });
    expect(firm.stores.get('FIRM-BRK2')?.state.nextIn).toBe(40);
    for (const session of ['BRK9', '', undefined])
      await expect(
        firm.session.command({ command: 'reset', ...(session !== undefined && { session }) }),
      ).rejects.toMatchObject({ code: 'FIX_SESSION_NAME', exitCode: 2 });
  });

  test('shows what it would send to whom', () => {
    const options = fixSessionOptions.parse({
      role: 'acceptor',
      port: 0,
      beginString: 'FIX.4.4',
      senderCompId: 'FIRM',
      targetCompId: 'BRK*',
      template: true,
    });
    const bytes = fixSession.preview?.(options, 'U8', [
      [56, 'BRK7'],
      [17, 'E1'],
    ]);
    expect(Buffer.from(bytes ?? []).toString('latin1')).toContain('\u000156=BRK7\u0001');
  });

  test('opens nothing more once it is closed', async () => {
    const firm = await standing();
    await firm.session.send('U8', { 56: 'BRK1', 17: 'E1' });
    await firm.session.close('over');
    for (const to of ['BRK1', 'BRK2'])
      await expect(firm.session.send('U8', { 56: to, 17: 'E2' })).rejects.toMatchObject({
        code: 'FIX_CLOSED',
      });
    expect([...firm.stores.keys()]).toEqual(['FIRM-BRK1']);
  });

  test('leaves nothing behind where its port is taken', async () => {
    const other = await standing();
    const options = fixSessionOptions.parse({
      role: 'acceptor',
      port: other.port,
      beginString: 'FIX.4.4',
      senderCompId: 'FIRM',
      targetCompId: 'BRK*',
      template: true,
    });
    let asked = 0;
    const window = { from: 0, to: 4e15 };
    const hours = {
      zone: 'UTC',
      at: () => {
        asked++;
        return window;
      },
      next: () => undefined,
    };
    const sessions = { known: async () => ['FIRM-BRK1'], store: () => memoryStore() };
    const ports = { store: memoryStore(), clock: systemClock(), limits, sessions, hours };
    await expect(openFixSession(options, { ...ports, report: () => undefined })).rejects.toMatchObject({
      code: 'FIX_LISTEN',
    });
    const before = asked;
    await pause(300);
    expect(asked).toBe(before);
  });

  test('without the memories of its sessions it is refused', async () => {
    const options = fixSessionOptions.parse({
      role: 'acceptor',
      port: 0,
      beginString: 'FIX.4.4',
      senderCompId: 'FIRM',
      targetCompId: 'BRK*',
      template: true,
    });
    const ports = { store: memoryStore(), clock: systemClock(), limits, report: () => undefined };
    await expect(openFixSession(options, ports)).rejects.toMatchObject({
      code: 'FIX_OPTIONS',
      place: 'template',
    });
  });
});

describe('what a template covers', () => {
  const options = (given: Partial<FixSessionOptionsInput>) =>
    fixSessionOptions.parse({
      role: 'acceptor',
      port: 0,
      beginString: 'FIX.4.4',
      senderCompId: 'FIRM',
      targetCompId: '*',
      template: true,
      ...given,
    });

  test.each<[Partial<FixSessionOptionsInput>, string, boolean]>([
    [{}, 'ANY', true],
    [{}, '', false],
    [{ targetCompId: 'BRK*' }, 'BRK', true],
    [{ targetCompId: 'BRK*' }, 'XBRK', false],
    [{ targetCompId: 'B*-P*' }, 'BRK-PROD', true],
    [{ targetCompId: 'B.K*' }, 'BRK', false],
    [{ targetCompId: 'BRK' }, 'BRK', true],
    [{ counterparties: ['A', 'B'] }, 'B', true],
    [{ counterparties: ['A', 'B'] }, 'C', false],
    [{ counterparties: 'A\n# a remark\n B  # the other\n\n' }, 'B', true],
    [{ counterparties: 'A\n# a remark\n B  # the other\n\n' }, '# a remark', false],
    [{ targetCompId: 'X*', counterparties: ['A'] }, 'A', false],
    [{}, 'A'.repeat(65), false],
    [{}, 'A=B', false],
  ])('%j: %s %s', (given, compId, covered) => {
    expect(covers(options(given), compId)).toBe(covered);
  });
});
