import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import type { FixSessionOptionsInput } from './options.ts';
import { makeCertificates } from './peer/certificates.ts';
import { buildPeer, freePort, type PeerOptions, QuickfixPeer } from './peer/quickfix.ts';
import { type Standing, stand, until } from './testing/loopback.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearport-quickfix-'));
const built = buildPeer();
const open: Standing[] = [];
const peers: QuickfixPeer[] = [];
let folders = 0;

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ session }) => session.close('test over').catch(() => undefined)));
  await Promise.all(peers.splice(0).map((peer) => peer.kill()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the peer is here, or it is said that it was left out', () => {
  if ('missing' in built) console.warn(`LEFT OUT: the tests against QuickFIX: ${built.missing}`);
  expect(built).toBeDefined();
});

async function startPeer(given: Partial<PeerOptions>): Promise<QuickfixPeer> {
  if ('missing' in built) throw new Error(built.missing);
  const peer = new QuickfixPeer({
    program: built.program,
    role: 'acceptor',
    port: 0,
    beginString: 'FIX.4.4',
    folder: join(folder, `peer-${++folders}`),
    seed: 20_261_110,
    ...given,
  });
  peers.push(peer);
  await peer.said('ready');
  return peer;
}

async function standing(given: Partial<FixSessionOptionsInput>, store = memoryStore()): Promise<Standing> {
  const one = await stand(
    { senderCompId: 'OPS', targetCompId: 'FIRM', reconnectSecondsMin: 0.2, ...given },
    store,
  );
  open.push(one);
  return one;
}

/** All of a message but what a resend changes. */
function essence(message: string): string {
  return message
    .split('\u0001')
    .filter((field) => !/^(8|9|10|43|52|122)=/.test(field))
    .join('|');
}

function arrived(store: MemoryStore): string[] {
  return store.frames
    .filter(({ direction, message }) => direction === 'in' && ['8', 'AE'].includes(message?.type ?? ''))
    .map(({ bytes }) => essence(Buffer.from(bytes).toString('latin1')));
}

/** Every message that the peer ever sent is in the store: each once, in order, as it was. */
async function expectTruth(peer: QuickfixPeer, { store, session }: Standing): Promise<void> {
  const truth = peer.truth().map(essence);
  await until(
    `${truth.length} arrived, not ${arrived(store).length}`,
    () => arrived(store).length >= truth.length,
  );
  expect(arrived(store)).toEqual(truth);
  expect(store.conflicts).toEqual([]);
  expect(store.frames.filter(({ kind }) => kind === 'quarantine')).toEqual([]);
  expect(session.status().gap).toBeUndefined();
}

if (!('missing' in built)) {
  describe('drop copy from QuickFIX', () => {
    test.each([
      'FIX.4.2',
      'FIX.4.4',
    ] as const)('%s: 10,000 messages, with disconnects and restarts of both sides', async (beginString) => {
      const port = await freePort();
      const home = join(folder, `long-${beginString}`);
      let peer = await startPeer({ port, beginString, folder: home });
      const store = memoryStore();
      let ops = await standing({ role: 'initiator', port, beginString }, store);
      await peer.said('logon');
      peer.tell('send 2500');
      peer.tell('disconnect');
      peer.tell('send 1500');
      await peer.said('sent 4000');
      await until('some came', () => arrived(store).length > 100);
      await ops.session.close('restart of ours');
      peer.tell('send 2000');
      await peer.said('sent 6000');
      ops = await standing({ role: 'initiator', port, beginString, resendRequestChunkSize: 700 }, store);
      await expectTruth(peer, ops);
      await peer.quit();
      peer = await startPeer({ port, beginString, folder: home });
      await peer.said('logon');
      peer.tell('send 1000');
      await peer.said('sent 7000');
      await peer.kill();
      peer = await startPeer({ port, beginString, folder: home });
      peer.tell('send 3000');
      await peer.said('logon');
      await peer.said('sent 10000');
      await expectTruth(peer, ops);
      expect(peer.truth()).toHaveLength(10_000);
      expect(arrived(store).some((text) => text.includes('58=caf\u00e9'))).toBe(true);
    });

    test('its ResendRequest(2) and TestRequest(1) are answered, and both sides log out', async () => {
      const port = await freePort();
      const peer = await startPeer({ port });
      const ops = await standing({ role: 'initiator', port });
      await peer.said('logon');
      for (let n = 1; n <= 20; n++) await ops.session.send('AD', { 568: `R${n}`, 569: '0', 58: `text ${n}` });
      await peer.said('got AD 21 N text 20');
      peer.tell('resend 1 0');
      await until('all were sent again', () => ops.store.repeats === 20);
      expect(ops.store.conflicts).toEqual([]);
      peer.tell('test');
      await peer.said('got 0 22 N PEER-TEST');
      await ops.session.close('good night');
      await peer.said('got 5 23 N good night');
      await peer.said('logout');
    });

    test('what we sent while it was away is asked for and comes', async () => {
      const port = await freePort();
      const home = join(folder, 'away');
      const peer = await startPeer({ port, folder: home });
      const ops = await standing({ role: 'initiator', port });
      await peer.said('logon');
      await peer.kill();
      for (let n = 1; n <= 10; n++) await ops.session.send('AD', { 568: `R${n}`, 569: '0', 58: `text ${n}` });
      const again = await startPeer({ port, folder: home });
      await again.said('got AD 11 Y text 10');
      expect(again.lines.filter((line) => line.startsWith('got AD'))).toHaveLength(10);
    });

    test('it logs out, and logs on again', async () => {
      const port = await freePort();
      const peer = await startPeer({ port });
      const ops = await standing({ role: 'initiator', port });
      await peer.said('logon');
      peer.tell('logout');
      await peer.said('logout');
      await until('down', () => ops.signals.some(({ signal }) => signal === 'down'));
      const { length } = peer.lines;
      peer.tell('logon');
      await peer.said('logon', length);
      peer.tell('send 10');
      await peer.said('sent 10');
      await expectTruth(peer, ops);
    });
  });

  describe('TLS with QuickFIX', () => {
    const certificates = makeCertificates(folder);
    const { ca, client, server } = certificates;

    test('it accepts: its certificate is verified, ours is shown', async () => {
      const port = await freePort();
      const peer = await startPeer({ port, certificates: folder });
      const ops = await standing({ role: 'initiator', port, tls: { ca, ...client } });
      await peer.said('logon');
      peer.tell('send 2000');
      await peer.said('sent 2000');
      await expectTruth(peer, ops);
    });

    test('it connects, in FIX 4.2: its certificate must be of the name that this session expects', async () => {
      const tls = { ca, ...server, peerNames: ['ops.test'] };
      const options = { beginString: 'FIX.4.2', tls } as const;
      const ops = await standing(options);
      const peer = await startPeer({
        port: ops.port,
        role: 'initiator',
        beginString: 'FIX.4.2',
        certificates: folder,
      });
      await peer.said('logon');
      peer.tell('send 2000');
      peer.tell('disconnect');
      peer.tell('send 500');
      await peer.said('sent 2500');
      await expectTruth(peer, ops);
    });
  });
}
