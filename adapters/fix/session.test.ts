import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { SessionStore } from '../../src/contract/session.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { writeMessage } from './compose.ts';
import { memoryStore } from './memory-store.ts';
import { type Standing, stand, until, valuesOf } from './testing/loopback.ts';
import { fixTime } from './time.ts';

const open: Standing[] = [];
const sockets: Socket[] = [];

async function standing(...given: Parameters<typeof stand>): Promise<Standing> {
  const one = await stand(...given);
  open.push(one);
  return one;
}

/** A plain socket to a port, and everything that it was told. */
async function dial(
  port: number,
  host = '127.0.0.1',
): Promise<{ socket: Socket; told(): string; ended(): boolean }> {
  const socket = connect({ port, host });
  sockets.push(socket);
  let text = '';
  let over = false;
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('close', () => {
    over = true;
  });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return { socket, told: () => text, ended: () => over };
}

function fromOps(
  type: string,
  number: number,
  body: readonly (readonly [number, string])[] = [],
  sender = 'OPS',
): Uint8Array {
  const header = [
    [34, String(number)],
    [49, sender],
    [52, fixTime(Date.now() * 1000, 'milliseconds')],
    [56, 'FIRM'],
  ] as const;
  return writeMessage('FIX.4.4', type, header, body);
}

const greeting = [
  [98, '0'],
  [108, '30'],
] as const;

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map(({ session }) => session.close('test over').catch(() => undefined)));
});

describe('two sessions', () => {
  test('log on, pass messages both ways, and log out', async () => {
    const firm = await standing({});
    const ops = await standing({ role: 'initiator', port: firm.port });
    await until('both are up', () => firm.session.status().loggedOn && ops.session.status().loggedOn);
    for (let n = 1; n <= 50; n++) await firm.session.send('U8', { 17: `E${n}` });
    expect(await ops.session.send('U9', [[11, 'A']])).toEqual({ sequence: 2 });
    await until(
      'all came',
      () => ops.session.status().state.nextIn === 52 && firm.session.status().state.nextIn === 3,
    );
    expect(valuesOf(ops.store, 'in', 'U8', 17)).toEqual(Array.from({ length: 50 }, (_, n) => `E${n + 1}`));
    await ops.session.close('good night');
    await until('the other saw it', () => !firm.session.status().connected);
    expect(firm.signals.at(-1)).toMatchObject({ signal: 'down', by: 'them', reason: 'Logout(5) of theirs' });
    expect(ops.store.frames.filter(({ kind }) => kind === 'signal')).toHaveLength(2);
  });

  test('go on from their stores: what was sent meanwhile comes, each once', async () => {
    const firm = await standing({});
    const ops = await standing({ role: 'initiator', port: firm.port });
    await until('up', () => ops.session.status().loggedOn);
    await firm.session.send('U8', { 17: 'E1' });
    await until('E1 came', () => ops.session.status().state.nextIn === 3);
    await ops.session.close('restart');
    for (let n = 2; n <= 40; n++) await firm.session.send('U8', { 17: `E${n}` });
    const again = await standing({ role: 'initiator', port: firm.port }, ops.store);
    await until('all came', () => valuesOf(again.store, 'in', 'U8', 17).length === 40);
    expect(valuesOf(again.store, 'in', 'U8', 17)).toEqual(Array.from({ length: 40 }, (_, n) => `E${n + 1}`));
    expect(again.store.conflicts).toEqual([]);
    expect(again.signals.map(({ signal }) => signal)).toContain('filled');
  });

  test('an operator resets one side, and both begin again at 1', async () => {
    const firm = await standing({});
    const ops = await standing({ role: 'initiator', port: firm.port });
    await until('up', () => ops.session.status().loggedOn);
    await firm.session.send('U8', { 17: 'E1' });
    await ops.session.command({ command: 'reset' });
    await until('up again', () => ops.session.status().loggedOn && firm.session.status().loggedOn);
    expect(ops.store.state).toEqual({ epoch: 1, nextIn: 2, nextOut: 2 });
    expect(firm.store.state).toEqual({ epoch: 1, nextIn: 2, nextOut: 2 });
  });

  test('a held initiator does not hammer, and goes on when the numbers are set', async () => {
    const firm = await standing({ onTooLow: 'logout' }, memoryStore({ epoch: 0, nextIn: 9, nextOut: 1 }));
    const ops = await standing({ role: 'initiator', port: firm.port });
    await until('held', () => ops.session.status().held !== undefined);
    const tried = ops.signals.filter(({ signal }) => signal === 'connecting').length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ops.signals.filter(({ signal }) => signal === 'connecting')).toHaveLength(tried);
    await ops.session.command({ command: 'set', nextOut: 9 });
    await until('up', () => ops.session.status().loggedOn);
    expect(ops.session.status().held).toBeUndefined();
  });
});

describe('commits', () => {
  test('nothing is written before it is committed', async () => {
    const firm = await standing({});
    const peer = await dial(firm.port);
    firm.store.hold = true;
    peer.socket.write(fromOps('A', 1, greeting));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(peer.told()).toBe('');
    expect(firm.session.status()).toMatchObject({ state: { nextIn: 1 }, seenIn: 2 });
    firm.store.hold = false;
    await until('the Logon(A) is answered', () => peer.told().includes('35=A'));
    expect(firm.session.status().state.nextIn).toBe(2);
  });

  test('what is not committed is bounded: the socket waits', async () => {
    const firm = await standing({ checkLatency: false });
    const peer = await dial(firm.port);
    peer.socket.write(fromOps('A', 1, greeting));
    await until('up', () => firm.session.status().loggedOn);
    firm.store.hold = true;
    const text = 'x'.repeat(100_000);
    for (let n = 2; n <= 301; n++) peer.socket.write(fromOps('U8', n, [[58, text]]));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const seen = firm.session.status().seenIn;
    expect(seen).toBeGreaterThan(5);
    expect(seen).toBeLessThan(20);
    firm.store.hold = false;
    await until('all came', () => firm.session.status().state.nextIn === 302);
  });

  test('when the log fails nothing is accepted, and the session begins again from it', async () => {
    const store = memoryStore();
    let failing = false;
    const breaking: SessionStore = {
      load: () => store.load(),
      readOut: (from, to) => store.readOut(from, to),
      append: async (frames, state) => {
        if (failing) throw new GatewayError('LOG_DISK_FULL', 'the disk is full');
        await store.append(frames, state);
      },
    };
    const firm = await standing({ reconnectSecondsMin: 0.2 }, store, { store: breaking });
    const ops = await standing({ role: 'initiator', port: firm.port });
    await until('up', () => ops.session.status().loggedOn);
    failing = true;
    await ops.session.send('U8', { 17: 'E1' });
    await until('trouble', () =>
      firm.signals.some((it) => it.signal === 'trouble' && it.issue.code === 'FIX_STORE'),
    );
    await expect(firm.session.send('U9', { 11: 'A' })).rejects.toMatchObject({
      code: 'FIX_STORE',
      retryable: true,
    });
    failing = false;
    await until('E1 came', () => valuesOf(store, 'in', 'U8', 17).length === 1);
    expect(store.conflicts).toEqual([]);
  });

  test('a session that is closed while the log fails asks it no more', async () => {
    let answer = (): void => undefined;
    let asked = 0;
    const broken: SessionStore = {
      load: async () => {
        asked++;
        if (asked === 1) return { epoch: 0, nextIn: 1, nextOut: 1 };
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        throw new GatewayError('LOG_DISK_FULL', 'the disk is full');
      },
      append: () => Promise.reject(new GatewayError('LOG_DISK_FULL', 'the disk is full')),
      readOut: (from, to) => memoryStore().readOut(from, to),
    };
    const firm = await standing({ reconnectSecondsMin: 0.01 }, undefined, { store: broken });
    await expect(firm.session.send('U8', { 17: 'E1' })).rejects.toMatchObject({ code: 'FIX_STORE' });
    await until('asked again', () => asked === 2);
    await firm.session.close('over').catch(() => undefined);
    answer();
    await pause(100);
    expect(asked).toBe(2);
  });

  test('a long resend goes out in pieces', async () => {
    const firm = await standing({});
    const text = 'x'.repeat(2000);
    for (let n = 1; n <= 1000; n++)
      await firm.session.send('U8', [
        [17, `E${n}`],
        [58, text],
      ]);
    const ops = await standing({ role: 'initiator', port: firm.port, resendRequestChunkSize: 300 });
    await until(
      'all came',
      () => ops.session.status().state.nextIn > 1000 && ops.session.status().gap === undefined,
    );
    expect(valuesOf(ops.store, 'in', 'U8', 17)).toEqual(Array.from({ length: 1000 }, (_, n) => `E${n + 1}`));
    expect(valuesOf(ops.store, 'out', '2', 16)).toEqual(['300', '600', '900', '1000']);
  });
});

describe('a process that stands still', () => {
  test('reads what has come before it says that nothing did', async () => {
    const firm = await standing({});
    const peer = await dial(firm.port);
    peer.socket.write(
      fromOps('A', 1, [
        [98, '0'],
        [108, '1'],
      ]),
    );
    // Timers follow upon what is read: here they are due before the socket is looked at again.
    peer.socket.once('data', () => {
      peer.socket.write(fromOps('1', 2, [[112, 'ALIVE']]));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    });
    await until('answered', () => peer.told().includes('112=ALIVE'));
    expect(peer.told()).not.toContain('112=TEST');
    expect(firm.session.status().loggedOn).toBe(true);
  });
});

describe('peers that misbehave', () => {
  test('one that does not read is hung up on, and gets it all later', async () => {
    const firm = await standing({});
    const peer = await dial(firm.port);
    peer.socket.write(fromOps('A', 1, greeting));
    await until('up', () => firm.session.status().loggedOn);
    peer.socket.pause();
    const text = 'x'.repeat(200_000);
    for (let n = 0; n < 200 && firm.session.status().connected; n++)
      await firm.session.send('U8', [[58, text]]);
    await until('hung up', () => !firm.session.status().connected);
    expect(JSON.stringify(firm.signals)).toContain('FIX_PEER_SLOW');
    const { nextOut } = firm.session.status().state;
    const ops = await standing(
      { role: 'initiator', port: firm.port },
      memoryStore({ epoch: 0, nextIn: 1, nextOut: 2 }),
    );
    await until('all came', () => valuesOf(ops.store, 'in', 'U8', 58).length === nextOut - 2);
  });

  test('two connections, byte by byte in turn, are never mixed', async () => {
    const [left, right] = [await standing({}), await standing({})];
    const [one, two] = [await dial(left.port), await dial(right.port)];
    const streamOf = (name: string): Uint8Array =>
      Buffer.concat([
        fromOps('A', 1, greeting),
        ...Array.from({ length: 20 }, (_, n) => fromOps('U8', n + 2, [[58, `${name}${n}`]])),
      ]);
    const [first, second] = [streamOf('left'), streamOf('right')];
    for (let at = 0; at < Math.max(first.length, second.length); at += 7) {
      one.socket.write(first.subarray(at, at + 7));
      two.socket.write(second.subarray(at, at + 7));
      if (at % 70 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until('both came', () =>
      [left, right].every(({ session }) => session.status().state.nextIn === 22),
    );
    expect(valuesOf(left.store, 'in', 'U8', 58)).toEqual(Array.from({ length: 20 }, (_, n) => `left${n}`));
    expect(valuesOf(right.store, 'in', 'U8', 58)).toEqual(Array.from({ length: 20 }, (_, n) => `right${n}`));
  });
});

describe('the door', () => {
  test('is open on its address and on no other', async () => {
    const firm = await standing({ bind: '127.0.0.1' });
    await expect(dial(firm.port, '127.0.0.2')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(dial(firm.port)).resolves.toBeDefined();
  });

  test('keeps a stranger’s bytes and tells him nothing', async () => {
    const firm = await standing({});
    const who = await dial(firm.port);
    who.socket.write(fromOps('A', 1, [...greeting, [554, 'canary-7731']], 'WHO'));
    await until('hung up', who.ended);
    expect(who.told()).toBe('');
    expect(firm.store.frames).toHaveLength(1);
    expect(firm.store.frames[0]).toMatchObject({
      kind: 'quarantine',
      issues: [{ code: 'FIX_LOGON_UNKNOWN' }],
    });
    expect(Buffer.from(firm.store.frames[0]?.bytes ?? []).toString('latin1')).toContain('554=***********');
    expect(JSON.stringify(firm.signals)).not.toContain('canary');
  });

  test.each([
    ['garbage', () => Buffer.from('GET / HTTP/1.1\r\n\r\n8=FIX'), 'FIX_GARBAGE'],
    ['a message before the Logon(A)', () => fromOps('0', 1), 'FIX_LOGON_FIRST'],
  ])('is closed on %s', async (_, bytes, code) => {
    const firm = await standing({});
    const who = await dial(firm.port);
    who.socket.write(bytes());
    await until('hung up', who.ended);
    expect(firm.store.frames[0]).toMatchObject({ kind: 'quarantine', issues: [{ code }] });
  });

  test('lets a second connection of the same peer not in, and keeps the first', async () => {
    const firm = await standing({});
    const first = await dial(firm.port);
    first.socket.write(fromOps('A', 1, greeting));
    await until('up', () => firm.session.status().loggedOn);
    const second = await dial(firm.port);
    second.socket.write(fromOps('A', 2, greeting));
    await until('hung up', second.ended);
    first.socket.write(fromOps('1', 2, [[112, 'THERE']]));
    await until('the first is answered', () => first.told().includes('112=THERE'));
    expect(firm.store.frames.filter(({ kind }) => kind === 'quarantine')).toHaveLength(1);
  });

  test('closes after the time for a Logon(A), and keeps no more strangers than it says', async () => {
    const firm = await standing({ logonTimeoutSeconds: 0.2 });
    const silent = await dial(firm.port);
    await until('hung up', silent.ended);
    for (let n = 0; n < 15; n++) {
      const who = await dial(firm.port);
      who.socket.write(fromOps('A', 1, greeting, 'WHO'));
      await until('hung up', who.ended);
    }
    expect(firm.store.frames).toHaveLength(10);
    expect(JSON.stringify(firm.signals)).toContain('FIX_STRANGERS');
  });

  test('a port that is taken is said so', async () => {
    const firm = await standing({});
    await expect(standing({ port: firm.port })).rejects.toMatchObject({ code: 'FIX_LISTEN' });
  });
});

describe('what is sent', () => {
  test.each([
    ['A', {}],
    ['D', { 34: '7' }],
    ['D', { 58: 'a\u0001b' }],
    ['D', { 58: '' }],
    ['D', { 58: '€' }],
    ['D', { no: 'x' }],
    ['D', 'text'],
    ['D', [[58, null]]],
  ])('%s %j is no message', async (type, body) => {
    const firm = await standing({});
    await expect(firm.session.send(type, body)).rejects.toMatchObject({ code: 'FIX_SEND', exitCode: 2 });
  });

  test('may hold separators in data, and goes nowhere where a reset would lose it', async () => {
    const firm = await standing({});
    expect(
      await firm.session.send('B', [
        [148, 'x'],
        [95, '3'],
        [96, 'a\u0001b'],
        [97, 'Y'],
      ]),
    ).toEqual({ sequence: 1 });
    const resetting = await standing({ resetOnDisconnect: true });
    await expect(resetting.session.send('B', { 148: 'x' })).rejects.toMatchObject({
      code: 'FIX_NOT_LOGGED_ON',
    });
    await firm.session.close('over');
    await expect(firm.session.send('B', { 148: 'x' })).rejects.toMatchObject({ code: 'FIX_CLOSED' });
  });
});
