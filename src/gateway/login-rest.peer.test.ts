import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { queue, sftp } from '../../adapters/index.ts';
import { openSshMissing, startOpenSsh, strangeUserKey } from '../../test/support/openssh.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { rabbitMqMissing, startRabbitMq } from '../../test/support/rabbitmq.ts';
import { manualClock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { memoryLog } from '../log/index.ts';
import { MessageChannel } from './message-channel.ts';
import { openMeter } from './meter.ts';
import { steadySource } from './steady-source.ts';
import { makingFor } from './testing/entries.ts';
import { listening, start } from './testing/fixture.ts';
import { waitUntil } from './testing/waiting.ts';

const quarterHour = 15 * 60_000_000;

requirePeer('OpenSSH', openSshMissing, () => {
  test('a key that is refused: one attempt a quarter of an hour, however often files are asked for', async () => {
    const server = await startOpenSsh();
    onTestFinished(() => server.stop());
    const clock = manualClock(start);
    const options = sftp.options.parse({
      host: '127.0.0.1',
      port: server.port,
      hostKeys: [...server.fingerprints],
      username: server.username,
      privateKey: strangeUserKey(),
    });
    const source = await steadySource(() => sftp.open(options), clock);
    onTestFinished(() => source.close());
    const asked = () => server.log().match(/Failed publickey/g)?.length ?? 0;
    for (let times = 0; times < 20; times++)
      await expect(source.list()).rejects.toMatchObject({ code: 'SFTP_AUTHENTICATION' });
    expect(asked()).toBe(1);
    clock.advance(quarterHour);
    await expect(source.list()).rejects.toMatchObject({ code: 'SFTP_AUTHENTICATION' });
    expect(asked()).toBe(2);
  });
});

/** Counts who comes by on the way to a port. */
async function countedWay(port: number): Promise<{ readonly port: number; count(): number; close(): void }> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server: Server = createServer((from) => {
    count++;
    const to = createConnection(port, '127.0.0.1');
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        from.destroy();
        to.destroy();
      });
    }
    from.pipe(to).pipe(from);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, count: () => count, close };
}

requirePeer('RabbitMQ', rabbitMqMissing, () => {
  test('a password that is refused: one attempt a quarter of an hour, read and sent', async () => {
    const broker = await startRabbitMq({ queues: ['q'] });
    onTestFinished(() => broker.stop());
    const way = await countedWay(broker.port);
    onTestFinished(() => way.close());
    const clock = manualClock(start);
    const address = broker.address('q');
    const options = queue.options.parse({
      host: '127.0.0.1',
      port: way.port,
      username: broker.username,
      password: 'wrong',
      source: address,
      target: address,
    });
    const meter = openMeter();
    const channel = new MessageChannel({
      log: memoryLog(),
      making: makingFor('status'),
      meter,
      clock,
      limits,
      logger: listening().logger,
      settings: { poison: 'reject' },
      open: () => queue.open(options),
    });
    await channel.start();
    onTestFinished(() => channel.close());
    await waitUntil(() => meter.trouble?.code === 'QUEUE_AUTHENTICATION');
    for (let times = 0; times < 20; times++) {
      await expect(channel.produce('m', new Uint8Array())).rejects.toMatchObject({
        code: 'QUEUE_AUTHENTICATION',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(way.count()).toBe(1);
    clock.advance(quarterHour);
    await waitUntil(() => way.count() === 2);
  });
});
