import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Delivered, MessageSource } from '../../src/contract/source.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { type RabbitMq, rabbitMqMissing, startRabbitMq } from '../../test/support/rabbitmq.ts';
import { type QueueOptionsInput, queue } from './index.ts';

const never = new AbortController().signal;

requirePeer('RabbitMQ', rabbitMqMissing, () => {
  let broker: RabbitMq;
  let name: string;
  let used = 0;
  const queues = Array.from({ length: 20 }, (_, index) => `q${index}`);

  beforeAll(async () => {
    broker = await startRabbitMq({ queues });
  });
  afterAll(() => broker.stop());
  beforeEach(() => {
    name = queues[used++] ?? '';
    expect(name).not.toBe('');
  });

  const optionsOf = (more: Partial<QueueOptionsInput> = {}) =>
    queue.options.parse({
      host: '127.0.0.1',
      port: broker.port,
      username: broker.username,
      password: broker.password,
      source: broker.address(name),
      target: broker.address(name),
      ...more,
    });
  const open = async (more: Partial<QueueOptionsInput> = {}): Promise<MessageSource> => {
    const source = await queue.open(optionsOf(more));
    onTestFinished(() => source.close());
    return source;
  };
  const fill = async (count: number): Promise<readonly string[]> => {
    const ids = Array.from({ length: count }, (_, index) => `id-${index}`);
    const source = await open();
    await Promise.all(ids.map((id) => source.produce(id, Buffer.from(`body of ${id}`), {})));
    await source.close();
    return ids;
  };

  test('what is produced is read back: id, bytes, properties', async () => {
    const source = await open();
    const bytes = randomBytes(300_000);
    await source.produce('A/1', bytes, { kind: 'sese.024', né: 'été' });
    const [delivered] = await take(source, 1);
    expect(delivered).toMatchObject({ id: 'A/1', redeliveries: 0 });
    expect(Buffer.from(delivered?.bytes ?? []).equals(bytes)).toBe(true);
    expect(delivered?.properties).toMatchObject({ kind: 'sese.024', né: 'été', 'amqp.message-id': 'A/1' });
    await delivered?.accept();
    await source.close();
    expect(await broker.depth(name)).toBe(0);
  });

  test('2,000 with a credit of 10: each once, in order, never more than 10 open', async () => {
    const ids = await fill(2000);
    const source = await open({ credit: 10 });
    const seen: (string | undefined)[] = [];
    let openNow = 0;
    let openMax = 0;
    const stop = new AbortController();
    for await (const delivered of source.deliveries(stop.signal)) {
      openMax = Math.max(openMax, ++openNow);
      seen.push(delivered.id);
      setTimeout(() => {
        openNow--;
        void delivered.accept().then(() => seen.length === ids.length && openNow === 0 && stop.abort());
      }, 1);
    }
    expect(seen).toEqual(ids);
    expect(openMax).toBeLessThanOrEqual(10);
    await source.close();
    expect(await broker.depth(name)).toBe(0);
  });

  test('what is released comes again, and is said to', async () => {
    await fill(1);
    const source = await open();
    const [first] = await take(source, 1);
    await first?.release();
    const [again] = await take(source, 1);
    expect(again).toMatchObject({ id: 'id-0', redeliveries: 1 });
    await again?.accept();
  });

  test('what is rejected goes to the dead letters', async () => {
    await fill(2);
    const source = await open();
    const [poison, good] = await take(source, 2);
    await poison?.reject('no message of any known standard');
    await good?.accept();
    const dead = await open({ source: broker.address(`${name}.dead`) });
    const [letter] = await take(dead, 1);
    expect(letter?.id).toBe('id-0');
    expect(Buffer.from(letter?.bytes ?? []).toString()).toBe('body of id-0');
    await letter?.accept();
    await Promise.all([source.close(), dead.close()]);
    expect(await broker.drain(name)).toEqual([]);
    await broker.fill(name, [{ id: 'last', bytes: Buffer.from('x') }]);
    expect(await broker.drain(name)).toEqual(['last']);
    expect([await broker.depth(name), await broker.depth(`${name}.dead`)]).toEqual([0, 0]);
  });

  test('outcomes said in one turn: each message has its own', async () => {
    const ids = await fill(60);
    const source = await open();
    const all = await take(source, 60);
    // Every outcome behind every other.
    const outcomes = [
      'reject',
      'accept',
      'accept',
      'release',
      'release',
      'reject',
      'reject',
      'release',
      'accept',
    ];
    const outcomeAt = (at: number) => outcomes[at % outcomes.length];
    await Promise.all(
      all.map((one, at) => {
        if (outcomeAt(at) === 'reject') return one.reject('poison');
        return outcomeAt(at) === 'accept' ? one.accept() : one.release();
      }),
    );
    const of = (outcome: string) => ids.filter((_, at) => outcomeAt(at) === outcome);
    await source.close();
    expect(await broker.drain(`${name}.dead`)).toEqual(of('reject'));
    expect(await broker.drain(name)).toEqual(of('release'));
  });

  test('what nobody settled is there again when the reader comes back', async () => {
    const ids = await fill(5);
    const source = await open();
    const seen = await take(source, 5);
    await seen[1]?.accept();
    await source.close();
    await expect(seen[0]?.accept()).rejects.toMatchObject({ code: 'QUEUE_CLOSED' });
    const later = await take(await open(), 4);
    expect(later.map(({ id }) => id)).toEqual(ids.filter((id) => id !== 'id-1'));
  });

  test('a reader that stops gives back what it has not seen, and may still settle what it has', async () => {
    await fill(10);
    const source = await open();
    const stop = new AbortController();
    const held: Delivered[] = [];
    for await (const delivered of source.deliveries(stop.signal)) {
      held.push(delivered);
      if (held.length === 2) stop.abort();
    }
    const others = await take(source, 8);
    expect(others.map(({ id }) => id)).not.toContain('id-0');
    for (const delivered of [...held, ...others]) await delivered.accept();
    await source.close();
    expect(await broker.depth(name)).toBe(0);
  });

  describe('a broker that is killed', () => {
    afterEach(() => broker.restart().catch(() => undefined));

    test('with messages unsettled: the reader is told, nothing is lost, and what was accepted stays so', async () => {
      const ids = await fill(50);
      const source = await open();
      const seen: Delivered[] = [];
      const reading = (async () => {
        for await (const delivered of source.deliveries(never)) {
          seen.push(delivered);
          if (seen.length <= 10) await delivered.accept();
          if (seen.length === 30) {
            // What was accepted has to reach the broker's disk first.
            await new Promise((resolve) => setTimeout(resolve, 1000));
            await broker.kill();
          }
        }
      })();
      await expect(reading).rejects.toMatchObject({ code: 'QUEUE_CONNECTION', retryable: true });
      await expect(seen[20]?.accept()).rejects.toMatchObject({ code: 'QUEUE_CONNECTION', retryable: true });
      await expect(take(source, 1)).rejects.toMatchObject({ code: 'QUEUE_CONNECTION', retryable: true });
      await expect(source.produce('x', Buffer.from('x'), {})).rejects.toMatchObject({ retryable: true });
      await broker.restart();
      const later = await take(source, 40);
      expect(later.map(({ id }) => id)).toEqual(ids.slice(10));
      expect(later.filter(({ redeliveries }) => redeliveries > 0).length).toBeGreaterThan(0);
      for (const delivered of later) await delivered.accept();
    });

    test('while messages are produced: each is accepted, or in doubt and sent again under its id', async () => {
      const source = await open({ timeoutSeconds: 5 });
      const doubtful: string[] = [];
      const accepted: string[] = [];
      const produce = async (id: string): Promise<void> => {
        try {
          await source.produce(id, Buffer.from(id), {});
          accepted.push(id);
        } catch (cause) {
          expect(cause).toMatchObject({ retryable: true });
          doubtful.push(id);
        }
      };
      const producers = Array.from({ length: 20 }, async (_, producer) => {
        for (let index = 0; index < 25; index++) await produce(`p${producer}-${index}`);
      });
      await expect.poll(() => accepted.length, { interval: 1 }).toBeGreaterThan(100);
      await broker.kill();
      await Promise.all(producers);
      expect(doubtful.length).toBeGreaterThan(0);
      await broker.restart();
      for (const id of doubtful.splice(0)) await produce(id);
      expect([doubtful.length, new Set(accepted).size]).toEqual([0, 500]);
      await source.close();
      const seen = new Set<string | undefined>();
      const depth = await broker.depth(name);
      expect(depth).toBeGreaterThanOrEqual(500);
      for (const delivered of await take(await open({ credit: 1000 }), depth)) seen.add(delivered.id);
      expect(seen.size).toBe(500);
    });
  });

  test('a broker that hangs: the heartbeat notices', async () => {
    await fill(1);
    const source = await open({ heartbeatSeconds: 1, timeoutSeconds: 2 });
    const reading = take(source, 2);
    await new Promise((resolve) => setTimeout(resolve, 500));
    broker.freeze();
    onTestFinished(() => broker.thaw());
    await expect(reading).rejects.toMatchObject({ code: 'QUEUE_CONNECTION', retryable: true });
    const again = await open({ connectTimeoutSeconds: 1 });
    await expect(take(again, 1)).rejects.toMatchObject({ code: 'QUEUE_TIMEOUT', retryable: true });
    broker.thaw();
    const [message] = await take(await open(), 1);
    await message?.accept();
  });

  test('a wrong password is refused and told nowhere', async () => {
    const source = await open({ password: 'tell-nobody' });
    const refused = await take(source, 1).catch((cause: unknown) => cause);
    expect(refused).toMatchObject({ code: 'QUEUE_AUTHENTICATION', retryable: false });
    expect(JSON.stringify(refused) + String(refused)).not.toContain('tell-nobody');
  });

  test('a queue that is not there is named', async () => {
    const source = await open({ source: broker.address('none'), target: broker.address('none') });
    await expect(take(source, 1)).rejects.toMatchObject({
      code: 'QUEUE_ADDRESS',
      retryable: true,
      place: expect.stringContaining('none'),
    });
    // Left to itself, this broker accepts what is sent there, and drops it.
    await expect(source.produce('x', Buffer.from('x'), {})).rejects.toMatchObject({ code: 'QUEUE_ADDRESS' });
  });

  test('reach tells what the broker is, and takes nothing', async () => {
    await fill(3);
    const reached = await queue.reach?.(optionsOf(), never);
    expect(reached?.address).toBe(`127.0.0.1:${broker.port}`);
    expect(reached?.told.join('; ')).toMatch(
      /RabbitMQ 3\..*; no TLS, on loopback; source .* is there; target/,
    );
    expect(await broker.depth(name)).toBe(3);
    await expect(queue.reach?.(optionsOf({ source: broker.address('none') }), never)).rejects.toMatchObject({
      code: 'QUEUE_ADDRESS',
    });
  });
});

/** So many messages, none of them settled; the link stays open until they are. */
async function take(source: MessageSource, count: number): Promise<readonly Delivered[]> {
  const taken: Delivered[] = [];
  for await (const delivered of source.deliveries(never)) {
    taken.push(delivered);
    if (taken.length === count) return taken;
  }
  return taken;
}
