import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeConfiguration } from '../../test/support/configuration.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { type RabbitMq, rabbitMqMissing, startRabbitMq } from '../../test/support/rabbitmq.ts';
import { type RunningGateway, runGatewayChild } from '../../test/support/running-gateway.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { originText } from '../contract/origin.ts';
import { openSqliteLog } from '../log/index.ts';
import { fill } from './testing/fills.ts';

const good = 1200;
const kills = 8;

const messages = Array.from({ length: good }, (_, at) => ({ id: `fill-${at + 1}`, bytes: fill(at + 1) }));
const poison = ['none', 'of', 'ours'].map((text) => ({ id: `poison-${text}`, bytes: Buffer.from(text) }));

requirePeer('RabbitMQ', rabbitMqMissing, () => {
  let broker: RabbitMq;
  beforeAll(async () => {
    broker = await startRabbitMq({ queues: ['status', 'out'] });
  });
  afterAll(() => broker.stop());

  const environment = () => ({ ...process.env, QUEUE_PASSWORD: broker.password }) as Record<string, string>;

  function configure(): string {
    const { port, username } = broker;
    const login = { host: '127.0.0.1', port, username, password: `\${env:QUEUE_PASSWORD}` };
    return writeConfiguration(tempDirectory('queue'), {
      status: {
        adapter: 'queue',
        codec: 'fix',
        perspective: 'street',
        options: { ...login, source: broker.address('status'), credit: 20 },
      },
      instructions: {
        adapter: 'queue',
        codec: 'fix',
        direction: 'out',
        perspective: 'ours',
        options: { ...login, target: broker.address('out') },
      },
    });
  }

  /** Origins of what the log holds of the queue, by kind. */
  async function origins(gateway: RunningGateway, kind: string): Promise<readonly string[]> {
    const entries = (await gateway.entries()).filter((one) => one.channel === 'status' && one.kind === kind);
    return entries.map(({ origin }) => originText(origin));
  }

  const count = async (gateway: RunningGateway) => (await origins(gateway, 'message')).length;

  async function more(gateway: RunningGateway, than: number): Promise<number> {
    await gateway.until(`more than ${than} messages`, async () => (await count(gateway)) > than);
    return count(gateway);
  }

  async function again(gateway: RunningGateway): Promise<RunningGateway> {
    gateway.child.signal('SIGKILL');
    await gateway.child.ended;
    return runGatewayChild(gateway.configuration, { env: environment() });
  }

  async function repeats(gateway: RunningGateway): Promise<number> {
    const log = await openSqliteLog(gateway.data, { readOnly: true });
    try {
      return (await log.repeats('status')).reduce((sum, one) => sum + one.count, 0);
    } finally {
      await log.close();
    }
  }

  test('each message once, whoever is killed between commit and settling', async () => {
    const path = configure();
    const env = environment();
    await broker.fill('status', [...messages.slice(0, 600), ...poison, ...messages.slice(600)]);
    let gateway = await runGatewayChild(path, { env });
    let seen = 0;
    for (let kill = 0; kill < kills && seen < good; kill++) {
      seen = await more(gateway, seen);
      await sleep(kill * 7);
      gateway = await again(gateway);
    }
    await gateway.until('everything is there', async () => (await count(gateway)) === good);
    await gateway.until('the queue is empty', async () => (await broker.depth('status')) === 0);
    // Before the broker is killed: its own dead-lettering is not confirmed to anybody, and may lose or repeat what it has.
    expect(new Set(await broker.drain('status.dead'))).toEqual(new Set(poison.map(({ id }) => id)));
    // Otherwise nothing was killed between a commit and its settling, and the test has shown nothing.
    const before = await repeats(gateway);
    expect(before).toBeGreaterThan(0);

    // What is committed while the broker stands still is not settled when it dies: it comes again.
    await gateway.child.stop();
    const late = messages.slice(0, 400).map(({ id, bytes }) => ({ id: `late-${id}`, bytes }));
    await broker.fill('status', late);
    seen = await count(gateway);
    gateway = await runGatewayChild(path, { env });
    await more(gateway, seen);
    broker.freeze();
    await sleep(500);
    await broker.kill();
    await broker.restart();
    await gateway.until('everything is there', async () => (await count(gateway)) === good + late.length);
    await gateway.until('the queue is empty', async () => (await broker.depth('status')) === 0);

    const ids = [...messages, ...late].map(({ id }) => id);
    expect((await origins(gateway, 'message')).toSorted()).toEqual(ids.map((id) => `queue=${id}`).toSorted());
    const held = poison.map(({ id }) => `queue=${id}`).toSorted();
    expect((await origins(gateway, 'quarantine')).toSorted()).toEqual(held);
    expect(await origins(gateway, 'conflict')).toEqual([]);
    expect(await repeats(gateway)).toBeGreaterThan(before);
  }, 240_000);
});
