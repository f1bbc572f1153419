import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { fixFramer, writeFix } from '../../codecs/fix/index.ts';
import { latin1Text } from '../../src/core/bytes.ts';
import { limits } from '../../src/core/limits.ts';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import { freePort } from '../../test/support/free-port.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { type Built, buildProgram } from './peer/build.ts';
import { peerSettings, SettingsPeer } from './peer/settings-peer.ts';
import { type Standing, stand, until, valuesOf } from './testing/loopback.ts';

/**
 * A counterparty whose last gap fill jumps past the chunk that was asked for (quickfixn#309). QuickFIX fills up to the end of the chunk;
 * a line in between says its first fill as the others do who have nothing to send for much longer than the chunk.
 */
const place = tempDirectory('chunks', afterAll);
let built: Built = { missing: 'not asked for' };
const quickfix = (): string | undefined => {
  built = buildProgram('settings-peer');
  return 'missing' in built ? built.missing : undefined;
};
let ours: Standing | undefined;
let theirs: SettingsPeer | undefined;
const sockets = new Set<Socket>();

afterEach(async () => {
  await ours?.session.close('test over').catch(() => undefined);
  await theirs?.kill();
  for (const socket of sockets) socket.destroy();
});

/** Passes everything on, and lets the first gap fill of whoever listens at `target` end at `next`. */
async function wideningLine(target: number, next: number): Promise<number> {
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const framer = fixFramer.open(limits);
    let widened = false;
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      for (const cut of framer.feed(chunk, false)) {
        if (cut.kind === 'partial') continue;
        const text = latin1Text(cut.bytes);
        const fills = !widened && text.includes('\u000135=4\u0001');
        near.write(fills ? withNext(text, next) : cut.bytes);
        widened ||= fills;
      }
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => [near, far].forEach((one) => void one.destroy()));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The message with another NewSeqNo(36), its length and sum computed again. */
function withNext(text: string, next: number): Uint8Array {
  const fields = text
    .split('\u0001')
    .slice(2, -2)
    .map((field): [number, string] => {
      const [tag = '', ...value] = field.split('=');
      return [Number(tag), tag === '36' ? String(next) : value.join('=')];
    });
  return writeFix('FIX.4.4', fields);
}

requirePeer('QuickFIX as the counterparty', quickfix, () => {
  test('chunks go on behind a gap fill that jumps past the one that was asked for', async () => {
    const port = await freePort();
    const settings = peerSettings({
      role: 'acceptor',
      port,
      beginString: 'FIX.4.4',
      spec: quickfixDictionaries(),
    });
    const program = 'program' in built ? built.program : '';
    theirs = new SettingsPeer({ program, folder: join(place, 'peer'), settings });
    await theirs.said('ready');
    theirs.tell('pass 1 35');
    await theirs.ask('upto 60', 'upto 60');
    ours = await stand({
      role: 'initiator',
      port: await wideningLine(port, 36),
      resendRequestChunkSize: 10,
    });
    const { store, session } = ours;
    await theirs.said('logon');
    theirs.tell('upto 65');
    await until('all came', () => valuesOf(store, 'in', '8', 17).length === 30);
    const came = Array.from({ length: 30 }, (_, at) => `P-${36 + at}`);
    expect(valuesOf(store, 'in', '8', 17)).toEqual(came);
    expect(session.status().gap).toBeUndefined();
    // The first ten, then from behind the jump, and no chunk twice.
    expect(valuesOf(store, 'out', '2', 7)).toEqual(['1', '36', '46', '56']);
    expect(valuesOf(store, 'out', '2', 16)).toEqual(['10', '45', '55', '60']);
    expect(store.conflicts).toEqual([]);
    expect(store.frames.filter(({ kind }) => kind === 'quarantine')).toHaveLength(0);
  });
});
