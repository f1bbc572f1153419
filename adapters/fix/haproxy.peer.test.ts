import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { program, requirePeer } from '../../test/support/peer.ts';
import type { FixSessionOptionsInput } from './options.ts';
import { makeCertificates } from './peer/certificates.ts';
import { type Caller, call, freePort, logonOf } from './testing/calling.ts';
import { type Standing, stand, until } from './testing/loopback.ts';

const folders: string[] = [];
const processes: ChildProcess[] = [];
const open: Standing[] = [];
const callers: Caller[] = [];

afterEach(async () => {
  for (const caller of callers.splice(0)) caller.socket.destroy();
  await Promise.all(open.splice(0).map(({ session }) => session.close('test over')));
  for (const one of processes.splice(0)) one.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'clearport-haproxy-'));
  folders.push(made);
  return made;
}

/** The real load balancer before a port: gives back its own. `how`: what it writes before what it passes on. */
async function balancer(to: number, how: 'send-proxy' | 'send-proxy-v2' | ''): Promise<number> {
  const port = await freePort();
  const path = join(folder(), 'haproxy.cfg');
  writeFileSync(
    path,
    `defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen fix
  bind 127.0.0.1:${port}
  server firm 127.0.0.1:${to} ${how}
`,
  );
  const child = spawn('haproxy', ['-db', '-f', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  processes.push(child);
  for (let left = 200; ; left--) {
    const there = await call(connect({ port, host: '127.0.0.1' })).catch(() => undefined);
    there?.socket.destroy();
    if (there !== undefined) return port;
    if (left === 0) throw new Error('haproxy does not listen');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function firm(given: Partial<FixSessionOptionsInput>): Promise<Standing> {
  const one = await stand({
    proxyProtocol: 'required',
    proxies: ['127.0.0.1'],
    logoutTimeoutSeconds: 0.2,
    ...given,
  });
  open.push(one);
  return one;
}

async function client(port: number, from: string): Promise<Caller> {
  const caller = await call(connect({ port, host: '127.0.0.1', localAddress: from }));
  callers.push(caller);
  caller.socket.write(logonOf({}));
  return caller;
}

const peerOf = ({ signals }: Standing): string =>
  signals.flatMap((it) => (it.signal === 'up' ? [it.peer] : [])).join('\n');

requirePeer('HAProxy', program('haproxy', ['-v'], 'apt-get install haproxy'), () => {
  test.each([
    'send-proxy',
    'send-proxy-v2',
  ] as const)('%s: the real client is shown and checked', async (how) => {
    const acceptor = await firm({ allow: ['127.0.0.7'] });
    const port = await balancer(acceptor.port, how);
    const who = await client(port, '127.0.0.8');
    await until('hung up', who.ended);
    expect(acceptor.session.status().loggedOn).toBe(false);
    await client(port, '127.0.0.7');
    await until('up', () => acceptor.session.status().loggedOn);
    expect(peerOf(acceptor)).toMatch(/^127\.0\.0\.7:\d+ by 127\.0\.0\.1:\d+$/);
  });

  test('a load balancer that writes no header is refused', async () => {
    const acceptor = await firm({});
    const who = await client(await balancer(acceptor.port, ''), '127.0.0.7');
    await until('hung up', who.ended);
    expect(JSON.stringify(acceptor.signals)).toContain('begins with no PROXY header');
  });

  test('a session of ours logs on through it, over TLS, and passes messages', async () => {
    const { ca, server, client: pair } = makeCertificates(folder());
    const acceptor = await firm({ tls: { ca, ...server, peerNames: ['ops.test'] } });
    const port = await balancer(acceptor.port, 'send-proxy-v2');
    const ops = await stand({ role: 'initiator', port, tls: { ca, ...pair } });
    open.push(ops);
    await until('up', () => ops.session.status().loggedOn);
    for (let n = 1; n <= 200; n++) await acceptor.session.send('U8', { 17: `E${n}` });
    await until('all came', () => ops.session.status().state.nextIn === 202);
    const other = connectTls({ port, host: '127.0.0.1', ca, servername: 'firm.test' });
    other.on('error', () => undefined);
    await new Promise((resolve) => other.once('close', resolve));
    expect(ops.session.status().loggedOn).toBe(true);
  });
});
