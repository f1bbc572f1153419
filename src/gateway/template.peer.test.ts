import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Built, buildProgram } from '../../adapters/fix/peer/build.ts';
import { peerSettings, SettingsPeer } from '../../adapters/fix/peer/settings-peer.ts';
import { freePort } from '../../adapters/fix/testing/calling.ts';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Log } from '../contract/log.ts';
import { originText } from '../contract/origin.ts';
import { systemClock } from '../core/clock.ts';
import { memoryLog } from '../log/index.ts';
import { checkText, type Gateway, openGateway } from './index.ts';
import { entriesOf, listening } from './testing/fixture.ts';
import { waitUntil } from './testing/waiting.ts';

let built: Built = { missing: 'not asked for' };
const quickfix = (): string | undefined => {
  built = buildProgram('settings-peer');
  return 'missing' in built ? built.missing : undefined;
};
const gateways: Gateway[] = [];
const peers: SettingsPeer[] = [];

afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop('test over')));
  await Promise.all(peers.splice(0).map((peer) => peer.quit()));
});

/** Who connects: three of the template, one of another version with a session of its own. */
const parties = [
  { sender: 'BRK1', beginString: 'FIX.4.4', channel: 'clients' },
  { sender: 'BRK2', beginString: 'FIX.4.4', channel: 'clients' },
  { sender: 'BRK3', beginString: 'FIX.4.4', channel: 'clients' },
  { sender: 'OLD', beginString: 'FIX.4.2', channel: 'old' },
] as const;

requirePeer('QuickFIX, several of it on one port', quickfix, () => {
  test('each has its own session and loses nothing over a restart of ours', {
    timeout: 120_000,
  }, async () => {
    const port = await freePort();
    const spec = quickfixDictionaries();
    const place = tempDirectory('template-peer');
    const log = memoryLog();
    let gateway = await started(port, log);
    for (const { sender, beginString } of parties) {
      const settings = peerSettings({ role: 'initiator', port, beginString, spec, sender, target: 'FIRM' });
      const program = 'program' in built ? built.program : '';
      peers.push(new SettingsPeer({ program, folder: join(place, sender), settings, mark: sender }));
    }
    for (const peer of peers) await peer.said('logon');
    for (const peer of peers) peer.tell('upto 200');
    await Promise.all(peers.map((peer) => peer.said('upto 200')));
    await gateway.stop('restart');
    for (const peer of peers) peer.tell('upto 300');
    gateway = await started(port, log);
    await waitUntil(async () => (await messages(log)).size === 4 * 300, 60_000);
    expect((await gateway.status()).channels.map(({ session }) => session?.held)).toEqual([
      undefined,
      undefined,
    ]);
    const kept = await messages(log);
    for (const { sender, channel } of parties) {
      const own = [...kept].filter(([id]) => id.startsWith(`${sender}-`));
      expect(own).toHaveLength(300);
      expect(new Set(own.map(([, origin]) => origin.replace(/\d+$/, '')))).toEqual(
        new Set([`${channel} FIRM-${sender}/0/in:`]),
      );
    }
    expect((await log.repeats()).filter(({ count }) => count > 0).length).toBe(0);
  });
});

/** Every message of the business by the id that its sender gave it, and where it stands. */
async function messages(log: Log): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const channel of ['clients', 'old']) {
    for (const { kind, bytes, origin } of await entriesOf(log, channel)) {
      const id = /\u0001(?:17|571|70)=((?:BRK\d|OLD)-\d+)\u0001/.exec(
        Buffer.from(bytes).toString('latin1'),
      )?.[1];
      if (kind !== 'message' || id === undefined) continue;
      expect(found.has(id)).toBe(false);
      found.set(id, `${channel} ${originText(origin)}`);
    }
  }
  return found;
}

async function started(port: number, log: ReturnType<typeof memoryLog>): Promise<Gateway> {
  const acceptor = (options: string): string =>
    `{ adapter: fix, perspective: clearer, options: { role: acceptor, port: ${port}, senderCompId: FIRM, ${options} } }`;
  const text = `
version: 1
tenant: acme
channels:
  clients: ${acceptor('beginString: FIX.4.4, targetCompId: "BRK*", template: true, sessionsMax: 3')}
  old: ${acceptor('beginString: FIX.4.2, targetCompId: OLD')}
`;
  const { configuration, findings } = await checkText(text, '/tmp/clearport-template/clearport.yaml', {});
  if (configuration === undefined) throw new Error(JSON.stringify(findings));
  const gateway = openGateway({ configuration, log, clock: systemClock(), logger: listening().logger });
  await gateway.start();
  gateways.push(gateway);
  return gateway;
}
