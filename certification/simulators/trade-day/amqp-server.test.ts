import { describe, expect, onTestFinished, test } from 'vitest';
import { queue } from '../../../adapters/queue/index.ts';
import type { Delivered, MessageSource } from '../../../src/contract/source.ts';
import { type AmqpNews, type AmqpServer, openAmqpServer } from './amqp-server.ts';

const user = { username: 'demobrkr', password: 'simulated-only' };

interface Opened {
  readonly server: AmqpServer;
  readonly news: AmqpNews[];
  source(change?: Readonly<Record<string, unknown>>): Promise<MessageSource>;
}

async function open(): Promise<Opened> {
  const news: AmqpNews[] = [];
  const server = await openAmqpServer({ port: 0, ...user, queue: 'status', tell: (one) => news.push(one) });
  onTestFinished(() => server.close());
  return {
    server,
    news,
    async source(change = {}) {
      const settings = {
        host: '127.0.0.1',
        port: server.port,
        ...user,
        source: 'status',
        credit: 3,
        ...change,
      };
      const source = await queue.open(queue.options.parse(settings));
      onTestFinished(() => source.close());
      return source;
    },
  };
}

function messages(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `M${index + 1}`,
    bytes: new TextEncoder().encode(`message ${index + 1}`),
  }));
}

async function take(
  source: MessageSource,
  count: number,
  use: (one: Delivered) => Promise<void>,
): Promise<string[]> {
  const stop = new AbortController();
  const taken: string[] = [];
  for await (const one of source.deliveries(stop.signal)) {
    await use(one);
    taken.push(`${one.id} ${Buffer.from(one.bytes).toString()} ${one.redeliveries}`);
    if (taken.length === count) stop.abort();
  }
  return taken;
}

describe('the simulated queue, to our own adapter', () => {
  test('delivers in order, and what is rejected is a dead letter', async () => {
    const { server, news, source } = await open();
    await server.publish(messages(5), 0);
    const taken = await take(await source(), 5, (one) =>
      one.id === 'M2' ? one.reject('poison') : one.accept(),
    );
    expect(taken).toEqual([1, 2, 3, 4, 5].map((number) => `M${number} message ${number} 0`));
    // Accepting is said, and not answered.
    await expect.poll(() => server.accepted()).toEqual(['M1', 'M3', 'M4', 'M5']);
    expect(server.dead()).toEqual(['M2']);
    expect(server.waiting()).toBe(0);
    expect(news.at(-1)).toMatchObject({ accepted: 4, dead: 1, waiting: 0 });
  });

  test('delivers again what was not settled when the connection was lost', async () => {
    const { server, source } = await open();
    await server.publish(messages(3), 0);
    const first = await source();
    const stop = new AbortController();
    for await (const one of first.deliveries(stop.signal)) {
      expect(one.id).toBe('M1');
      break;
    }
    await first.close();
    const taken = await take(await source(), 3, (one) => one.accept());
    expect(taken.map((one) => one.split(' ')[0])).toEqual(['M1', 'M2', 'M3']);
    expect(taken[0]).toContain('M1 message 1 1');
    await expect.poll(() => server.accepted()).toEqual(['M1', 'M2', 'M3']);
  });

  test('gives back what is released, at once', async () => {
    const { server, source } = await open();
    await server.publish(messages(1), 0);
    const taken = await take(await source(), 2, (one) =>
      one.redeliveries === 0 ? one.release() : one.accept(),
    );
    expect(taken).toEqual(['M1 message 1 0', 'M1 message 1 1']);
  });

  test('lets nobody in with another password, and knows no other queue', async () => {
    const { source } = await open();
    for (const change of [{ password: 'guessed' }, { source: 'nowhere' }]) {
      const taken = take(await source(change), 1, (one) => one.accept());
      await expect(taken).rejects.toMatchObject({ exitCode: 3 });
    }
  });
});
