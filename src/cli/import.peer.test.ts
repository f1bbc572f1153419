import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, test } from 'vitest';
import { type Built, buildProgram } from '../../adapters/fix/peer/build.ts';
import { peerSettings, type Settings, SettingsPeer } from '../../adapters/fix/peer/settings-peer.ts';
import { quickfixDictionaries } from '../../test/quickfix-source.ts';
import { freePort } from '../../test/support/free-port.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { runGatewayChild } from '../../test/support/running-gateway.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { runCli } from './testing/in-process.ts';

let built: Built = { missing: 'not asked for' };
const quickfix = (): string | undefined => {
  built = buildProgram('settings-peer');
  return 'missing' in built ? built.missing : undefined;
};

/** The settings of the one side as those of the other, as two firms would write them who agree on a session. */
function otherSide(settings: Settings, port: number): Settings {
  const { SenderCompID, TargetCompID, ConnectionType, SocketAcceptPort: _, ...shared } = settings;
  const place =
    ConnectionType === 'acceptor'
      ? {
          ConnectionType: 'initiator',
          SocketConnectHost: '127.0.0.1',
          SocketConnectPort: port,
          HeartBtInt: 5,
        }
      : { ConnectionType: 'acceptor', SocketAcceptPort: port, SocketAcceptAddress: '127.0.0.1' };
  return { ...shared, ...place, SenderCompID: TargetCompID, TargetCompID: SenderCompID };
}

requirePeer('QuickFIX as the counterparty', quickfix, () => {
  test.each([
    'acceptor',
    'initiator',
  ] as const)('a gateway runs by what an %s’s counterparty had in its settings file', async (role) => {
    const place = tempDirectory('import-peer');
    const port = await freePort();
    const spec = quickfixDictionaries();
    const settings = peerSettings({ role, port, beginString: 'FIX.4.4', spec });
    const { ReconnectInterval: _, ...theirs } = otherSide(settings, port);
    const lines = Object.entries(theirs).map(([key, value]) => `${key}=${value}`);
    writeFileSync(join(place, 'quickfix.cfg'), ['[DEFAULT]', '[SESSION]', ...lines, ''].join('\n'));
    await runCli(['import', 'quickfix.cfg', '--out', 'clearport.yaml'], { directory: place });
    const peerOptions = { folder: join(place, 'peer'), settings, mark: 'P' };
    const start = (): SettingsPeer =>
      new SettingsPeer({ program: 'program' in built ? built.program : '', ...peerOptions });
    const peer = role === 'acceptor' ? start() : undefined;
    await peer?.said('ready');
    const gateway = await runGatewayChild(join(place, 'clearport.yaml'));
    const counterparty = peer ?? start();
    onTestFinished(() => counterparty.kill());
    await counterparty.said('logon');
    counterparty.tell('upto 25');
    await gateway.until('25 executions', async () => (await gateway.executions()).length === 25);
  });
});
