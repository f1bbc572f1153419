import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, TLSSocket } from 'node:tls';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { SessionStores } from '../../src/contract/session.ts';
import { Hub } from './hub.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import type { FixSessionOptionsInput } from './options.ts';
import { makeCertificates } from './peer/certificates.ts';
import { type Caller, call, freePort, logonOf } from './testing/calling.ts';
import { type Standing, stand, until } from './testing/loopback.ts';
import { proxyVersion2 } from './testing/proxy.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearport-sni-'));
const { ca, server, client, stranger } = makeCertificates(folder);
const open: Standing[] = [];
const callers: Caller[] = [];

afterEach(async () => {
  for (const caller of callers.splice(0)) caller.socket.destroy();
  await Promise.all(open.splice(0).map(({ session }) => session.close('test over').catch(() => undefined)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function behind(hub: Hub, given: Partial<FixSessionOptionsInput>): Promise<Standing> {
  const one = await stand({ logoutTimeoutSeconds: 0.1, ...given }, undefined, { shared: hub });
  open.push(one);
  return one;
}

/** Speaks TLS to the port and says a Logon(A) of this counterparty. */
async function dial(port: number, sender: string, how: ConnectionOptions): Promise<Caller> {
  const caller = await call(
    connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...how }),
    'secureConnect',
  );
  callers.push(caller);
  caller.socket.write(logonOf({ sender }));
  return caller;
}

/** What a connection was given to be resumed with. */
function ticketsOf(socket: TLSSocket): readonly Buffer[] {
  const tickets: Buffer[] = [];
  socket.on('session', (ticket: Buffer) => tickets.push(ticket));
  return tickets;
}

function reused(caller: Caller | undefined): boolean {
  return caller?.socket instanceof TLSSocket && caller.socket.isSessionReused() === true;
}

const codesOf = ({ store }: Standing): (string | undefined)[] =>
  store.frames.flatMap(({ kind, issues }) => (kind === 'quarantine' ? [issues.at(-1)?.code] : []));
const troubles = ({ signals }: Standing): string =>
  signals.map((it) => (it.signal === 'trouble' ? it.issue.message : '')).join('\n');

describe('two kinds of TLS on one port', () => {
  /** `plain.test` asks for no certificate, `mutual.test` for one of its authority. */
  async function both(name = 'mutual.test'): Promise<{ port: number; plain: Standing; mutual: Standing }> {
    const [hub, port] = [new Hub(), await freePort()];
    const plain = await behind(hub, {
      port,
      targetCompId: 'OPS',
      tls: { ...server, serverName: 'plain.test' },
    });
    const mutual = await behind(hub, {
      port,
      targetCompId: 'DESK',
      tls: { cert: stranger.cert, key: stranger.key, ca, serverName: name, minVersion: 'TLSv1.3' },
    });
    return { port, plain, mutual };
  }

  test('the name that is asked for chooses the certificate, and whether one is asked for', async () => {
    const { port, plain, mutual } = await both();
    const ops = await dial(port, 'OPS', {
      servername: 'plain.test',
      ca,
      rejectUnauthorized: true,
      checkServerIdentity: () => undefined,
    });
    const desk = await dial(port, 'DESK', {
      servername: 'mutual.test',
      ...client,
      ca: stranger.ca,
      rejectUnauthorized: true,
      checkServerIdentity: () => undefined,
    });
    await until('both up', () => plain.session.status().loggedOn && mutual.session.status().loggedOn);
    expect([ops.ended(), desk.ended()]).toEqual([false, false]);
  });

  test('a name is the same whether its letters are small or not', async () => {
    const { port, mutual } = await both('Mutual.Test');
    await dial(port, 'DESK', { servername: 'Mutual.Test', ...client });
    await until('up', () => mutual.session.status().loggedOn);
  });

  test('a name that nobody has is told without what a terminal would obey', async () => {
    const { port, plain } = await both();
    await dial(port, 'OPS', { servername: '\u001b[31mred' }).catch(() => undefined);
    await until('told', () => troubles(plain) !== '');
    expect(troubles(plain)).toContain('\\x1b[31mred');
    expect(troubles(plain)).not.toContain('\u001b');
  });

  test('a session is not reached under another name: it would be spared its certificate', async () => {
    const { port, mutual } = await both();
    const sly = await dial(port, 'DESK', { servername: 'plain.test' });
    await until('hung up', sly.ended);
    expect(sly.told()).toBe('');
    expect(mutual.session.status().loggedOn).toBe(false);
    expect(codesOf(mutual)).toEqual(['FIX_LOGON_CREDENTIALS']);
  });

  test.each<[string, ConnectionOptions]>([
    ['no certificate', {}],
    ['a certificate of another authority', { cert: stranger.cert, key: stranger.key }],
    ['an older version', { ...client, maxVersion: 'TLSv1.2' }],
  ])('the name that asks for a certificate takes nobody with %s', async (_, how) => {
    const { port, plain, mutual } = await both();
    const who = await dial(port, 'DESK', { servername: 'mutual.test', ...how }).catch(() => undefined);
    await until('hung up', () => who?.ended() !== false);
    await until('told', () => troubles(plain) !== '');
    expect(mutual.session.status().loggedOn).toBe(false);
    expect([...codesOf(plain), ...codesOf(mutual)]).toEqual([]);
  });

  test.each([
    'TLSv1.2',
    'TLSv1.3',
  ] as const)('nobody is resumed, under the same name either: %s', async (maxVersion) => {
    const [hub, port] = [new Hub(), await freePort()];
    const ours = await behind(hub, { port, tls: { ...server, ca, serverName: 'ours.test' } });
    const how = {
      port,
      host: '127.0.0.1',
      servername: 'ours.test',
      ...client,
      rejectUnauthorized: false,
      maxVersion,
    };
    const first = connect(how);
    const tickets = ticketsOf(first);
    callers.push(await call(first, 'secureConnect'));
    first.write(logonOf({}));
    await until('up', () => ours.session.status().loggedOn);
    // TLS 1.2 gives something to be resumed with to whoever asks, without a ticket too: an id.
    const session = tickets[0] ?? first.getSession();
    first.destroy();
    await until('down', () => !ours.session.status().loggedOn);
    const second = connect({ ...how, ...(session && { session }) });
    callers.push(await call(second, 'secureConnect'));
    expect(second.isSessionReused()).toBe(false);
  });

  test.each([
    'TLSv1.2',
    'TLSv1.3',
  ] as const)('a ticket of one authority proves nothing to another: %s', async (maxVersion) => {
    const [hub, port] = [new Hub(), await freePort()];
    const ours = await behind(hub, { port, tls: { ...server, ca, serverName: 'ours.test' } });
    const tls = { ...server, ca: stranger.ca, serverName: 'theirs.test', peerNames: ['ops.test'] };
    const theirs = await behind(hub, { port, targetCompId: 'DESK', tls });
    const how = { ...client, rejectUnauthorized: false, maxVersion };
    const first = connect({ port, host: '127.0.0.1', servername: 'ours.test', ...how });
    const tickets = ticketsOf(first);
    callers.push(await call(first, 'secureConnect'));
    first.write(logonOf({}));
    await until('up', () => ours.session.status().loggedOn);
    const session = tickets.at(-1);
    const again = await dial(port, 'DESK', {
      servername: 'theirs.test',
      ...(session && { session }),
      ...how,
    }).catch(() => undefined);
    await until('hung up', () => again?.ended() !== false);
    expect(reused(again)).toBe(false);
    expect(theirs.session.status().loggedOn).toBe(false);
    expect(theirs.store.frames).toEqual([]);
  });

  test.each([
    'TLSv1.2',
    'TLSv1.3',
  ] as const)('a ticket of the name that asks for nothing opens no door of the other: %s', async (maxVersion) => {
    const [hub, port] = [new Hub(), await freePort()];
    const plain = await behind(hub, { port, tls: { ...server, serverName: 'plain.test' } });
    const tls = { ...server, ca, serverName: 'mutual.test' };
    const mutual = await behind(hub, { port, targetCompId: 'DESK', tls });
    const how = { rejectUnauthorized: false, maxVersion };
    const first = connect({ port, host: '127.0.0.1', servername: 'plain.test', ...how });
    const tickets = ticketsOf(first);
    callers.push(await call(first, 'secureConnect'));
    first.write(logonOf({}));
    await until('up', () => plain.session.status().loggedOn);
    const session = tickets.at(-1);
    const given = { servername: 'mutual.test', ...(session && { session }), ...how };
    const again = await dial(port, 'DESK', given).catch(() => undefined);
    await until('hung up', () => again?.ended() !== false);
    expect(reused(again)).toBe(false);
    expect(mutual.session.status().loggedOn).toBe(false);
    expect(mutual.store.frames).toEqual([]);
  });

  test.each(['nobody.test', ''])('whoever asks for "%s" is refused', async (servername) => {
    const { port, plain } = await both();
    await dial(port, 'OPS', { servername }).catch(() => undefined);
    await until('told', () => troubles(plain) !== '');
    expect(plain.session.status().loggedOn).toBe(false);
  });

  test('without names they are refused', async () => {
    const [hub, port] = [new Hub(), await freePort()];
    await behind(hub, { port, tls: { ...server } });
    const other = behind(hub, { port, targetCompId: 'DESK', tls: { ...server, ca } });
    await expect(other).rejects.toMatchObject({ code: 'FIX_OPTIONS', place: 'tls.serverName' });
  });
});

describe('one kind of TLS for several sessions', () => {
  test('each certificate opens its own session only', async () => {
    const [hub, port] = [new Hub(), await freePort()];
    const tls = { ca, ...server };
    const ops = await behind(hub, { port, targetCompId: 'OPS', tls: { ...tls, peerNames: ['ops.test'] } });
    const desk = await behind(hub, { port, targetCompId: 'DESK', tls: { ...tls, peerNames: ['firm.test'] } });
    const wrong = await dial(port, 'DESK', client);
    await until('hung up', wrong.ended);
    expect(wrong.told()).toBe('');
    expect(codesOf(desk)).toEqual(['FIX_LOGON_CREDENTIALS']);
    await dial(port, 'OPS', client);
    await until('up', () => ops.session.status().loggedOn);
    await dial(port, 'DESK', server);
    await until('up', () => desk.session.status().loggedOn);
  });
});

describe('a certificate for each counterparty of a template', () => {
  test('opens the session of its own CompID, and of no other', async () => {
    const stores = new Map<string, MemoryStore>();
    const sessions: SessionStores = {
      known: async () => [],
      store: (name) => stores.get(name) ?? stores.set(name, memoryStore()).get(name) ?? memoryStore(),
    };
    const tls = { ca, ...server, peerNames: ['{targetCompId}.test'] };
    const firm = await stand(
      { targetCompId: '*', template: true, logoutTimeoutSeconds: 0.1, tls },
      undefined,
      { sessions },
    );
    open.push(firm);
    const wrong = await dial(firm.port, 'else', client);
    await until('hung up', wrong.ended);
    expect(wrong.told()).toBe('');
    expect(codesOf(firm)).toEqual(['FIX_LOGON_CREDENTIALS']);
    await dial(firm.port, 'ops', client);
    await until('up', () => firm.session.status().loggedOn);
    expect([...stores.keys()]).toEqual(['FIRM-ops']);
  });
});

describe('a door with TLS', () => {
  test('hangs up on whoever never begins it, in time, and then has room again', async () => {
    const firm = await behind(new Hub(), { port: 0, tls: { ...server }, logonTimeoutSeconds: 0.3 });
    const silent = await Promise.all(
      Array.from({ length: 20 }, () => call(connectTcp({ port: firm.port, host: '127.0.0.1' }))),
    );
    callers.push(...silent);
    await until('all hung up', () => silent.every(({ ended }) => ended()));
    await dial(firm.port, 'OPS', {});
    await until('up', () => firm.session.status().loggedOn);
  });
});

describe('TLS behind a load balancer', () => {
  test('the header comes before the handshake, also when both come at once', async () => {
    const firm = await behind(new Hub(), {
      port: 0,
      tls: { ca, ...server, peerNames: ['ops.test'] },
      proxyProtocol: 'required',
      proxies: ['127.0.0.1'],
      allow: ['192.0.2.7'],
    });
    const raw = connectTcp({ port: firm.port, host: '127.0.0.1' });
    raw.cork();
    raw.write(proxyVersion2('192.0.2.7', 4711));
    const caller = await call(
      connect({ socket: raw, ca, ...client, servername: 'firm.test' }).once('newListener', () =>
        raw.uncork(),
      ),
      'secureConnect',
    );
    callers.push(caller);
    caller.socket.write(logonOf({}));
    await until('up', () => firm.session.status().loggedOn);
    expect(JSON.stringify(firm.signals)).toContain('192.0.2.7:4711 by 127.0.0.1');
  });
});
