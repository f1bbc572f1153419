import { connect, createServer, type Server } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { SessionHours } from '../../src/contract/session.ts';
import { isoOfMicros, systemClock } from '../../src/core/clock.ts';
import { memoryStore } from './memory-store.ts';
import { type Caller, call, logonOf } from './testing/calling.ts';
import { type Standing, stand, until } from './testing/loopback.ts';
import { proxyVersion2 } from './testing/proxy.ts';

const open: Standing[] = [];
const callers: Caller[] = [];
const servers: Server[] = [];

afterEach(async () => {
  for (const caller of callers.splice(0)) caller.socket.destroy();
  for (const server of servers.splice(0)) server.close();
  await Promise.all(open.splice(0).map(({ session }) => session.close('test over')));
});

async function standing(...given: Parameters<typeof stand>): Promise<Standing> {
  const one = await stand({ logoutTimeoutSeconds: 0.1, ...given[0] }, given[1], given[2]);
  open.push(one);
  return one;
}

async function dial(port: number, from?: string): Promise<Caller> {
  const caller = await call(
    connect({ port, host: '127.0.0.1', ...(from !== undefined && { localAddress: from }) }),
  );
  callers.push(caller);
  return caller;
}

function troubles({ signals }: Standing): string {
  return signals
    .map((it) => (it.signal === 'trouble' ? `${it.issue.code} ${it.issue.message}` : ''))
    .join('\n');
}

const peerOf = ({ signals }: Standing): string =>
  signals.map((it) => (it.signal === 'up' ? it.peer : '')).join('');

describe('who may connect', () => {
  test('nobody but the networks of the list', async () => {
    const firm = await standing({ allow: ['127.0.0.2', '127.0.1.0/24'] });
    const who = await dial(firm.port, '127.0.0.3');
    await until('hung up', who.ended);
    expect(troubles(firm)).toMatch(/127\.0\.0\.3:\d+ is not in `allow`/);
    expect(firm.store.frames).toEqual([]);
    const ops = await dial(firm.port, '127.0.1.77');
    ops.socket.write(logonOf({}));
    await until('up', () => firm.session.status().loggedOn);
  });

  test('is hung up on before TLS begins', async () => {
    const firm = await standing({ allow: ['127.0.0.2'] });
    const who = await dial(firm.port, '127.0.0.3');
    who.socket.write(logonOf({}));
    await until('hung up', who.ended);
    expect(who.told()).toBe('');
    expect(firm.store.frames).toEqual([]);
  });
});

describe('behind a load balancer', () => {
  const proxied = { proxyProtocol: 'required' as const, proxies: ['127.0.0.1'] };

  test.each([
    ['version 1', Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 56324 9878\r\n')],
    ['version 2', proxyVersion2('192.0.2.7', 56_324, { more: Buffer.alloc(20, 4) })],
  ])('the real client is checked and shown: %s', async (_, header) => {
    const firm = await standing({ ...proxied, allow: ['192.0.2.0/24'] });
    const ops = await dial(firm.port);
    ops.socket.write(Buffer.concat([header, logonOf({})]));
    await until('up', () => firm.session.status().loggedOn);
    expect(peerOf(firm)).toMatch(/^192\.0\.2\.7:56324 by 127\.0\.0\.1:\d+$/);
  });

  test('byte by byte it is the same', async () => {
    const firm = await standing(proxied);
    const ops = await dial(firm.port);
    ops.socket.setNoDelay(true);
    for (const byte of Buffer.concat([proxyVersion2('192.0.2.7', 1), logonOf({})])) {
      ops.socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('up', () => firm.session.status().loggedOn);
  });

  test('a client that is not allowed is hung up on, whatever the load balancer is', async () => {
    const firm = await standing({ ...proxied, allow: ['192.0.2.0/24', '127.0.0.1'] });
    const who = await dial(firm.port);
    who.socket.write(Buffer.concat([proxyVersion2('198.51.100.9', 1), logonOf({})]));
    await until('hung up', who.ended);
    expect(troubles(firm)).toContain('198.51.100.9:1 by 127.0.0.1');
    expect(firm.store.frames).toEqual([]);
  });

  test('nobody else is believed, or let in', async () => {
    const firm = await standing(proxied);
    const who = await dial(firm.port, '127.0.0.9');
    who.socket.write(Buffer.concat([proxyVersion2('192.0.2.7', 1), logonOf({})]));
    await until('hung up', who.ended);
    expect(troubles(firm)).toContain('is no load balancer of this port');
  });

  test.each([
    ['no header', () => Buffer.from(logonOf({})), 'begins with no PROXY header'],
    ['a header that never ends', () => Buffer.from('PROXY TCP4 '), 'no PROXY header in time'],
    ['nothing at all', () => Buffer.alloc(0), 'no PROXY header in time'],
  ])('%s is refused in time', async (_, bytes, why) => {
    const firm = await standing({ ...proxied, logonTimeoutSeconds: 0.2 });
    const who = await dial(firm.port);
    who.socket.write(bytes());
    await until('hung up', who.ended);
    expect(troubles(firm)).toContain(why);
  });

  test('without it a header is never believed: it is garbage of a stranger', async () => {
    const firm = await standing({ allow: ['127.0.0.1'] });
    const who = await dial(firm.port);
    who.socket.write(Buffer.concat([proxyVersion2('192.0.2.7', 1), logonOf({})]));
    await until('hung up', who.ended);
    expect(firm.session.status().loggedOn).toBe(false);
    expect(firm.store.frames[0]).toMatchObject({ kind: 'quarantine', issues: [{ code: 'FIX_GARBAGE' }] });
  });

  test('whatever bytes come, in whatever pieces, the door stays open for who may come in', async () => {
    const firm = await standing({ ...proxied, logonTimeoutSeconds: 0.3 });
    const header = proxyVersion2('192.0.2.7', 1);
    const begun = fc.constantFrom(
      Buffer.alloc(0),
      header,
      header.subarray(0, 13),
      Buffer.from('PROXY TCP4 '),
    );
    const streams = fc.sample(fc.tuple(begun, fc.uint8Array({ maxLength: 300 }), fc.nat(320)), 80);
    for (const [head, tail, cut] of streams) {
      const who = await dial(firm.port);
      const bytes = Buffer.concat([head, tail]);
      who.socket.write(bytes.subarray(0, cut));
      who.socket.end(bytes.subarray(cut));
    }
    await until('all hung up', () => callers.every(({ ended }) => ended()));
    expect(firm.session.status().loggedOn).toBe(false);
    const ops = await dial(firm.port);
    ops.socket.write(Buffer.concat([header, logonOf({})]));
    await until('up', () => firm.session.status().loggedOn);
  });

  test('connections that say nothing do not fill the door for ever', async () => {
    const firm = await standing({ ...proxied, logonTimeoutSeconds: 0.3 });
    const silent = await Promise.all(Array.from({ length: 30 }, () => dial(firm.port)));
    await until('all hung up', () => silent.every(({ ended }) => ended()));
    const ops = await dial(firm.port);
    ops.socket.write(Buffer.concat([proxyVersion2('192.0.2.7', 1), logonOf({})]));
    await until('up', () => firm.session.status().loggedOn);
  });
});

describe('several hosts', () => {
  /** A counterparty that hangs up at once, and how often somebody came. */
  async function deaf(): Promise<{ readonly port: number; count: number }> {
    const seen = { port: 0, count: 0 };
    const server = createServer((socket) => {
      seen.count++;
      socket.destroy();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    seen.port = typeof address === 'object' && address !== null ? address.port : 0;
    return seen;
  }

  test('are tried in their order, and a logon goes back to the first', async () => {
    const first = await deaf();
    // Nobody listens on it, and nobody is given it.
    const nobody = 1;
    const firm = await standing({});
    const ops = await standing({
      role: 'initiator',
      port: first.port,
      failover: [
        { host: '127.0.0.1', port: nobody },
        { host: '127.0.0.1', port: firm.port },
      ],
    });
    await until('up', () => ops.session.status().loggedOn);
    const dialed = (): string[] =>
      ops.signals.flatMap((it) => (it.signal === 'connecting' ? [it.address.split(':')[1] ?? ''] : []));
    expect(dialed()).toEqual([first.port, nobody, firm.port].map(String));
    expect(ops.session.status().address).toBe(`127.0.0.1:${firm.port}`);
    expect(troubles(ops)).toMatch(new RegExp(`127.0.0.1:${nobody}.*ECONNREFUSED`));
    await firm.session.command({ command: 'logout' });
    await until('the first again', () => first.count === 2);
    await until('up again', () => ops.session.status().loggedOn);
    expect(dialed()).toEqual([first.port, nobody, firm.port, first.port, nobody, firm.port].map(String));
  });
});

describe('a schedule', () => {
  /** Open from a moment on, for an hour; what the clock says is real. */
  function hoursFrom(from: number): SessionHours {
    const window = { from, to: from + 3_600e6 };
    return {
      zone: 'UTC',
      at: (instant) => (instant >= window.from && instant < window.to ? window : undefined),
      next: (instant) => (instant < window.from ? window : undefined),
    };
  }

  test('nobody connects before it, both connect when it begins, and begin at 1', async () => {
    const clock = systemClock();
    const hours = hoursFrom(clock.now() + 700_000);
    const old = { epoch: 2, nextIn: 7, nextOut: 9, since: 1 };
    const firm = await standing({}, memoryStore(old), { hours });
    const ops = await standing({ role: 'initiator', port: firm.port }, memoryStore(old), { hours });
    expect(firm.session.status().hours).toEqual({
      open: false,
      until: isoOfMicros(hours.next(0)?.from ?? 0),
    });
    await expect(firm.session.send('U8', { 17: 'E1' })).rejects.toMatchObject({
      code: 'FIX_NOT_LOGGED_ON',
      retryable: true,
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ops.signals.map(({ signal }) => signal)).not.toContain('connecting');
    await until('up', () => ops.session.status().loggedOn && firm.session.status().loggedOn);
    expect(firm.store.state).toMatchObject({ epoch: 3, nextIn: 2, nextOut: 2 });
    expect(ops.store.state).toMatchObject({ epoch: 3, nextIn: 2, nextOut: 2 });
    expect(JSON.stringify(ops.signals)).toContain('"hours","open":true');
    expect(firm.store.frames.some(({ bytes }) => Buffer.from(bytes).includes('\u0001141=Y'))).toBe(false);
  });

  test('a session that is opened without its hours is refused', async () => {
    const schedule = { startTime: '17:00', endTime: '16:00' };
    await expect(standing({ schedule })).rejects.toMatchObject({ code: 'FIX_OPTIONS', place: 'schedule' });
  });
});
