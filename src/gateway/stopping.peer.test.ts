import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { writeConfiguration } from '../../test/support/configuration.ts';
import { signalAll } from '../../test/support/descendants.ts';
import { type OpenSsh, openSshMissing, startOpenSsh } from '../../test/support/openssh.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { rabbitMqMissing, startRabbitMq } from '../../test/support/rabbitmq.ts';
import { type RunningGateway, runGatewayChild } from '../../test/support/running-gateway.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { JsonValue } from '../core/json.ts';

/** Far below the time that any connection may be silent (20 s and more), and below what supervisors wait. */
const stopMsMax = 9000;

async function expectQuickStop({ child }: RunningGateway): Promise<void> {
  const start = performance.now();
  child.signal('SIGTERM');
  const { code } = await child.ended;
  expect(child.stderr()).toContain('"msg":"stopped"');
  expect(code).toBe(0);
  expect(performance.now() - start).toBeLessThan(stopMsMax);
}

function sftpChannel({ port, username, fingerprints }: Pick<OpenSsh, 'port' | 'username' | 'fingerprints'>) {
  return {
    adapter: 'sftp',
    codec: 'records:clearing-positions',
    perspective: 'clearer',
    files: { pollMs: 100 },
    options: {
      host: '127.0.0.1',
      port,
      username,
      hostKeys: [...fingerprints],
      privateKey: `\${env:SFTP_KEY}`,
    },
  } satisfies JsonValue;
}

function queueChannel(port: number, username: string, source: string) {
  return {
    adapter: 'queue',
    codec: 'fix',
    perspective: 'street',
    options: { host: '127.0.0.1', port, username, password: `\${env:QUEUE_PASSWORD}`, source },
  } satisfies JsonValue;
}

const environment = (more: Readonly<Record<string, string>>) =>
  ({ ...process.env, ...more }) as Record<string, string>;

/** Takes connections, and says nothing to them. */
async function silentServer(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

requirePeer('OpenSSH', openSshMissing, () => {
  test('stops in time while servers say nothing to those who connect', async () => {
    const server = await startOpenSsh();
    onTestFinished(() => server.stop());
    const port = await silentServer();
    const channels = {
      positions: sftpChannel({ ...server, port }),
      status: queueChannel(port, 'us', '/amq/queue/status'),
    };
    const env = environment({ SFTP_KEY: server.privateKey, QUEUE_PASSWORD: 'a-password' });
    const gateway = await runGatewayChild(writeConfiguration(tempDirectory('stopping'), channels), { env });
    await sleep(500);
    await expectQuickStop(gateway);
  });

  test('stops in time while an SFTP server hangs in the middle', async () => {
    const server = await startOpenSsh();
    onTestFinished(() => server.stop());
    const env = environment({ SFTP_KEY: server.privateKey });
    const path = writeConfiguration(tempDirectory('stopping'), { positions: sftpChannel(server) });
    const gateway = await runGatewayChild(path, { env });
    await gateway.until('a login', async () => server.sessions().length > 0);
    await sleep(500);
    const frozen = [server.pid, ...server.sessions()];
    signalAll(frozen, 'SIGSTOP');
    onTestFinished(() => signalAll(frozen, 'SIGCONT'));
    await sleep(500);
    await expectQuickStop(gateway);
  });
});

requirePeer('RabbitMQ', rabbitMqMissing, () => {
  test('stops in time while a broker hangs', async () => {
    const broker = await startRabbitMq({ queues: ['status'] });
    onTestFinished(() => broker.stop());
    const path = writeConfiguration(tempDirectory('stopping'), {
      status: queueChannel(broker.port, broker.username, broker.address('status')),
    });
    const env = environment({ QUEUE_PASSWORD: broker.password });
    const gateway = await runGatewayChild(path, { env });
    await broker.fill('status', [{ id: 'one', bytes: Buffer.from('no message') }]);
    await gateway.until('a message', async () => (await gateway.entries()).length > 0);
    broker.freeze();
    onTestFinished(() => broker.thaw());
    await sleep(500);
    await expectQuickStop(gateway);
  });
});
