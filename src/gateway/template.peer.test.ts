import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Built, buildProgram } from '../../adapters/fix/peer/build.ts';
import { peerSettings, SettingsPeer } from '../../adapters/fix/peer/settings-peer.ts';
import { freePort } from '../../adapters/fix/testing/calling.ts';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import type { Child } from '../../test/support/child.ts';
import { clearport, startClearport } from '../../test/support/clearport.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { seedOfRun } from '../../test/support/seed.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Log } from '../contract/log.ts';
import { originText } from '../contract/origin.ts';
import { systemClock } from '../core/clock.ts';
import { memoryLog, openSqliteLog } from '../log/index.ts';
import { checkText, type Gateway, openGateway } from './index.ts';
import { entriesOf, listening } from './testing/fixture.ts';
import { waitUntil } from './testing/waiting.ts';

let built: Built = { missing: 'not asked for' };
const quickfix = (): string | undefined => {
  built = buildProgram('settings-peer');
  return 'missing' in built ? built.missing : undefined;
};
const gateways: Gateway[] = [];
const children: Child[] = [];
const seed = seedOfRun();
let state = seed;
const peers: SettingsPeer[] = [];

afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop('test over')));
  await Promise.all(peers.splice(0).map((peer) => peer.quit()));
  for (const child of children.splice(0)) child.signal('SIGKILL');
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
    const place = tempDirectory('template-peer');
    const log = memoryLog();
    let gateway = await started(port, log);
    for (const party of parties) peers.push(peerOf(party, port, place));
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

requirePeer('QuickFIX, while our process is killed', quickfix, () => {
  test(`four kills: each session of a template goes on where the log stands (seed ${seed})`, {
    timeout: 180_000,
  }, async () => {
    const [port, place] = [await freePort(), tempDirectory('template-kill')];
    writeFileSync(join(place, 'clearport.yaml'), configurationOf(port));
    let child = startClearport(['run'], { cwd: place });
    children.push(child);
    const some = parties.filter(({ channel }) => channel === 'clients');
    for (const party of some) peers.push(peerOf(party, port, place));
    for (const peer of peers) await peer.said('logon');
    for (let kill = 1; kill <= 4; kill++) {
      for (const peer of peers) peer.tell(`upto ${kill * 250}`);
      await new Promise((resolve) => setTimeout(resolve, random() * 1500));
      child.signal('SIGKILL');
      await child.ended;
      child = startClearport(['run'], { cwd: place });
      children.push(child);
      // Before it runs, whoever asks would own the log himself, and it could not begin.
      await child.waitFor(/"msg":"running"/);
      for (const peer of peers) await peer.said(`upto ${kill * 250}`);
    }
    await waitUntil(async () => {
      const asked = await clearport(['sessions', '--json'], { cwd: place });
      const numbers = new Map(sessionsIn(asked.stdout).map(({ session, state }) => [session, state.nextIn]));
      const ends = await Promise.all(peers.map(async (peer) => (await peer.numbers()).out));
      return some.every(({ sender }, at) => numbers.get(`FIRM-${sender}`) === ends[at]);
    }, 90_000);
    await child.stop();
    const log = await openSqliteLog(join(place, 'data'));
    const kept = await messages(log);
    await log.close();
    for (const { sender } of some)
      expect([...kept.keys()].filter((id) => id.startsWith(`${sender}-`))).toHaveLength(1000);
  });
});

/** Numbers from 0 to 1 that come again with the seed. */
function random(): number {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  return state / 2 ** 31;
}

function peerOf(
  { sender, beginString }: (typeof parties)[number],
  port: number,
  place: string,
): SettingsPeer {
  const spec = quickfixDictionaries();
  const settings = peerSettings({ role: 'initiator', port, beginString, spec, sender, target: 'FIRM' });
  const program = 'program' in built ? built.program : '';
  return new SettingsPeer({ program, folder: join(place, sender), settings, mark: sender });
}

interface Numbers {
  readonly session: string;
  readonly state: { readonly nextIn: number };
}

/** The sessions of the template; none while nobody answers. */
function sessionsIn(stdout: string): readonly Numbers[] {
  const [line = ''] = stdout.split('\n');
  if (!line.startsWith('{')) return [];
  const { sessions = [] } = JSON.parse(line) as {
    readonly sessions?: readonly {
      readonly channel: string;
      readonly session?: { readonly sessions?: readonly Numbers[] };
    }[];
  };
  return sessions.find(({ channel }) => channel === 'clients')?.session?.sessions ?? [];
}

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
  const text = configurationOf(port);
  const { configuration, findings } = await checkText(text, '/tmp/clearport-template/clearport.yaml', {});
  if (configuration === undefined) throw new Error(JSON.stringify(findings));
  const gateway = openGateway({ configuration, log, clock: systemClock(), logger: listening().logger });
  await gateway.start();
  gateways.push(gateway);
  return gateway;
}

function configurationOf(port: number): string {
  const acceptor = (options: string): string =>
    `{ adapter: fix, perspective: clearer, options: { role: acceptor, port: ${port}, senderCompId: FIRM, ${options} } }`;
  return `
version: 1
tenant: acme
channels:
  clients: ${acceptor('beginString: FIX.4.4, targetCompId: "BRK*", template: true, sessionsMax: 3')}
  old: ${acceptor('beginString: FIX.4.2, targetCompId: OLD')}
`;
}
