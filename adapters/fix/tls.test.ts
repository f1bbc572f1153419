import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { FixSessionOptionsInput } from './options.ts';
import { makeCertificates } from './peer/certificates.ts';
import { type Standing, stand, until } from './testing/loopback.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearport-tls-'));
const { ca, server, client, stranger } = makeCertificates(folder);
const open: Standing[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ session }) => session.close('test over').catch(() => undefined)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function standing(given: Partial<FixSessionOptionsInput>): Promise<Standing> {
  const one = await stand(given);
  open.push(one);
  return one;
}

function troubles({ signals }: Standing): string {
  return signals
    .map((it) => (it.signal === 'trouble' ? `${it.issue.code} ${it.issue.message}` : ''))
    .join('\n');
}

describe('TLS', () => {
  test('both sides show a certificate, of the names that the other expects', async () => {
    const firm = await standing({ tls: { ca, ...server, peerNames: ['ops.test'] } });
    const ops = await standing({
      role: 'initiator',
      port: firm.port,
      tls: { ca, ...client, peerNames: ['firm.test'] },
    });
    await until('up', () => ops.session.status().loggedOn);
    await firm.session.send('U8', { 58: 'E1' });
    await until('it came', () => ops.session.status().state.nextIn === 3);
  });

  test.each<[string, FixSessionOptionsInput['tls'], RegExp]>([
    [
      'an authority that it does not know',
      { ca: stranger.ca },
      /FIX_CONNECTION .*(unable to verify|certificate)/,
    ],
    ['the system’s authorities only', {}, /FIX_CONNECTION .*(unable to verify|certificate)/],
    ['another name', { ca, serverName: 'else.test' }, /FIX_CONNECTION .*else\.test/],
    [
      'a name that it is bound to',
      { ca, ...client, peerNames: ['else.test'] },
      /firm\.test.*not of else\.test/,
    ],
  ])('an initiator does not talk to a server under %s', async (_, tls, why) => {
    const firm = await standing({ tls: { ...server } });
    const ops = await standing({ role: 'initiator', port: firm.port, tls });
    await until('refused', () => troubles(ops) !== '');
    expect(troubles(ops)).toMatch(why);
    expect(ops.store.frames).toEqual([]);
  });

  test.each<[string, { cert: string; key: string } | undefined]>([
    ['no certificate', undefined],
    ['a certificate of another authority', stranger],
    ['a certificate of another name', server],
  ])('an acceptor does not talk to a client with %s', async (_, pair) => {
    const firm = await standing({ tls: { ca, ...server, peerNames: ['ops.test'] } });
    const shown = pair === undefined ? {} : { cert: pair.cert, key: pair.key };
    await standing({ role: 'initiator', port: firm.port, tls: { ca, ...shown } });
    await until('refused', () => troubles(firm) !== '');
    expect(firm.store.frames).toEqual([]);
    expect(firm.session.status().loggedOn).toBe(false);
  });

  test('an acceptor hangs up on whoever speaks no TLS', async () => {
    const firm = await standing({ tls: { ...server } });
    const plain = connectTcp(firm.port, '127.0.0.1', () => plain.write('8=FIX.4.4\u00019=5\u000135=A\u0001'));
    await new Promise((resolve) => plain.once('close', resolve));
    await until('told', () => troubles(firm).includes('FIX_CONNECTION'));
  });

  test('the server is asked for by name, and in a version that is not old', async () => {
    const seen: string[] = [];
    const listening = createServer({ ...server, minVersion: 'TLSv1.2' }, (socket) => {
      seen.push(`${String(socket.servername)} ${socket.getProtocol()}`);
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const address = listening.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const ops = await standing({
      role: 'initiator',
      port,
      tls: { ca, serverName: 'firm.test', minVersion: 'TLSv1.3' },
    });
    await until('seen', () => seen.length > 0);
    expect(seen[0]).toBe('firm.test TLSv1.3');
    const old = createServer({ ...server, maxVersion: 'TLSv1.2' });
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    const oldAddress = old.address();
    const oldPort = typeof oldAddress === 'object' && oldAddress !== null ? oldAddress.port : 0;
    const modern = await standing({ role: 'initiator', port: oldPort, tls: { ca, minVersion: 'TLSv1.3' } });
    await until('refused', () => troubles(modern).includes('FIX_CONNECTION'));
    await Promise.all([ops.session.close('over'), modern.session.close('over')]);
    listening.close();
    old.close();
  });

  test('a key of another certificate is refused at the start, without showing it', async () => {
    const wrong = standing({ tls: { cert: server.cert, key: client.key } });
    await expect(wrong).rejects.toMatchObject({ code: 'FIX_TLS', exitCode: 2 });
    await expect(wrong).rejects.not.toThrow(/PRIVATE KEY/);
  });

  test('only towards loopback may a certificate go unverified', async () => {
    const firm = await standing({ tls: { ...server } });
    const ops = await standing({ role: 'initiator', port: firm.port, tls: { verify: false } });
    await until('up', () => ops.session.status().loggedOn);
    const far = standing({ role: 'initiator', host: '192.0.2.1', port: 9, tls: { verify: false } });
    await expect(far).rejects.toThrow(/only a peer on loopback/);
  });
});
