import { afterEach, expect, test } from 'vitest';
import { type Built, buildProgram } from '../../adapters/fix/peer/build.ts';
import { peerSettings, SettingsPeer } from '../../adapters/fix/peer/settings-peer.ts';
import { freePort } from '../../adapters/fix/testing/calling.ts';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
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

requirePeer('QuickFIX, whose session of the day ends while both are connected', quickfix, () => {
  test.each([
    'initiator',
    'acceptor',
  ] as const)('as %s: both begin anew at 1, nobody is held, and messages go on', {
    timeout: 90_000,
  }, async (role) => {
    const port = await freePort();
    // One session of a day follows the other; the border is a few seconds ahead.
    const border = new Date(Math.ceil(Date.now() / 1000) * 1000 + 7000).toISOString().slice(11, 19);
    const peer = new SettingsPeer({
      program: 'program' in built ? built.program : '',
      folder: tempDirectory('schedule-peer'),
      settings: {
        ...peerSettings({
          role: role === 'initiator' ? 'acceptor' : 'initiator',
          port,
          beginString: 'FIX.4.4',
          spec: quickfixDictionaries(),
          heartBtInt: 1,
        }),
        StartTime: border,
        EndTime: border,
      },
    });
    peers.push(peer);
    const { gateway, log } = await started(role, port, border);
    const session = async () => (await gateway.status()).channels[0]?.session;
    await waitUntil(async () => (await session())?.loggedOn === true, 20_000);
    const first = await session();
    await waitUntil(async () => ((await session())?.state.nextIn ?? 0) > 3, 20_000);
    await waitUntil(async () => (await session())?.state.epoch === (first?.state.epoch ?? 0) + 1, 30_000);
    await waitUntil(async () => (await session())?.loggedOn === true, 40_000);
    expect((await session())?.held).toBeUndefined();
    expect(await peer.ask('upto 3', 'upto 3')).toContain('3');
    await waitUntil(async () => {
      const all = await entriesOf(log, 'clearer');
      return all.filter(({ kind, type = '0' }) => kind === 'message' && !/^[0-5A]$/.test(type)).length === 3;
    }, 20_000);
    const all = await entriesOf(log, 'clearer');
    const epochs = all.filter(({ kind }) => kind === 'epoch');
    expect(epochs.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()).reason)).toEqual([
      expect.stringContaining(`T${border}.000000Z`),
    ]);
    const { out } = await peer.numbers();
    expect((await session())?.state.nextIn).toBeLessThanOrEqual(out);
    expect(all.filter(({ bytes }) => Buffer.from(bytes).includes('\u0001141=Y'))).toEqual([]);
  });
});

async function started(role: 'initiator' | 'acceptor', port: number, border: string) {
  const text = `
version: 1
tenant: acme
channels:
  clearer:
    adapter: fix
    perspective: clearer
    options:
      { role: ${role}, host: 127.0.0.1, port: ${port}, beginString: FIX.4.4, senderCompId: OPS, targetCompId: FIRM, heartBtInt: 1,
        reconnectSecondsMin: 0.5, reconnectSecondsMax: 1,
        schedule: { zone: UTC, startTime: "${border}", endTime: "${border}" } }
`;
  const { configuration, findings } = await checkText(text, '/tmp/clearport-schedule/clearport.yaml', {});
  if (configuration === undefined) throw new Error(JSON.stringify(findings));
  const log = memoryLog();
  const gateway = openGateway({ configuration, log, clock: systemClock(), logger: listening().logger });
  await gateway.start();
  gateways.push(gateway);
  return { gateway, log };
}
