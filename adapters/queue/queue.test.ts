import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import rhea, { type EventContext, type Message, type Sender } from 'rhea';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Delivered, MessageSource } from '../../src/contract/source.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { type QueueOptionsInput, queue } from './index.ts';
import { type AmqpServer, amqpServer, sendAll } from './testing/amqp-server.ts';

const never = new AbortController().signal;

const optionsOf = (port: number, more: Partial<QueueOptionsInput> = {}) =>
  queue.options.parse({ host: '127.0.0.1', port, source: 'IN', target: 'OUT', timeoutSeconds: 5, ...more });

async function open(
  { port }: Pick<AmqpServer, 'port'>,
  more: Partial<QueueOptionsInput> = {},
): Promise<MessageSource> {
  const source = await queue.open(optionsOf(port, more));
  onTestFinished(() => source.close());
  return source;
}

async function take(source: MessageSource, count: number): Promise<readonly Delivered[]> {
  const taken: Delivered[] = [];
  for await (const delivered of source.deliveries(never)) {
    taken.push(delivered);
    if (taken.length === count) break;
  }
  return taken;
}

const textMessage = (id: string): Message => ({ message_id: id, body: `body of ${id}` });

describe('links', () => {
  test('are asked for with the capabilities of the options, as IBM MQ needs them for a queue', async () => {
    const server = await amqpServer({
      onSender: (sender) => sender.on('sendable', () => sender.send(textMessage('a'))),
    });
    const source = await open(server, { capabilities: ['queue'] });
    await (await take(source, 1))[0]?.accept();
    await source.produce('1', Buffer.from('x'), {});
    expect(server.links).toEqual([
      { role: 'sender', address: 'IN', capabilities: ['queue'] },
      { role: 'receiver', address: 'OUT', capabilities: ['queue'] },
    ]);
  });

  test('without capabilities ask for none, and the container says who we are', async () => {
    const names: unknown[] = [];
    const server = await amqpServer({ onReceiver: ({ connection }) => names.push(connection.container_id) });
    const source = await open(server, { containerId: 'acme-clearport' });
    await source.produce('1', Buffer.from('x'), {});
    expect(server.links[0]?.capabilities ?? []).toEqual([]);
    expect(names).toEqual(['acme-clearport']);
  });

  test('that are refused are named', async () => {
    const server = await amqpServer({
      onSender: (sender) => sender.close({ condition: 'amqp:not-found', description: 'no queue IN' }),
    });
    await expect(take(await open(server), 1)).rejects.toMatchObject({
      code: 'QUEUE_ADDRESS',
      message: expect.stringContaining('no queue IN'),
      place: `127.0.0.1:${server.port} IN`,
    });
  });

  test('only in the direction that is configured', async () => {
    const server = await amqpServer();
    const source = await queue.open(
      queue.options.parse({ host: '127.0.0.1', port: server.port, target: 'OUT' }),
    );
    await expect(take(source, 1)).rejects.toMatchObject({ code: 'QUEUE_OPTION', exitCode: 2 });
  });
});

describe('messages that come', () => {
  test("are settled by nobody but the caller, in the caller's order", async () => {
    const server = await amqpServer({
      onSender: (sender) =>
        sender.once('sendable', () => sendAll(sender, ['a', 'b', 'c', 'd'].map(textMessage))),
    });
    const source = await open(server);
    const [a, b, c, d] = await take(source, 4);
    expect([a, b, c, d].map((one) => one?.id)).toEqual(['a', 'b', 'c', 'd']);
    await source.produce('round trip', Buffer.from('x'), {});
    expect(server.outcomes).toEqual([]);
    await c?.accept();
    await a?.release();
    await d?.reject('poison');
    await b?.accept();
    await expect
      .poll(() => server.outcomes)
      .toEqual(['accepted 2', 'released 0', 'rejected 3', 'accepted 1']);
  });

  test('settled twice are our own mistake', async () => {
    const server = await amqpServer({
      onSender: (sender) => sender.once('sendable', () => sender.send(textMessage('a'))),
    });
    const [one] = await take(await open(server), 1);
    await one?.accept();
    await expect(one?.release()).rejects.toBeInstanceOf(assert.AssertionError);
  });

  test('are never more than the credit, whatever waits', async () => {
    let sent = 0;
    const server = await amqpServer({
      onSender: (sender) => {
        sender.on('sendable', () => {
          // A broker that sends all that it may, at once.
          for (let left = creditOf(sender); left > 0; left--) sender.send(textMessage(`m${sent++}`));
        });
      },
    });
    const source = await open(server, { credit: 7 });
    const held: Delivered[] = [];
    let accepted = 0;
    const stop = new AbortController();
    for await (const delivered of source.deliveries(stop.signal)) {
      held.push(delivered);
      if (held.length < 7) continue;
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(sent - accepted).toBe(7);
      accepted += held.length;
      if (accepted > 50) stop.abort();
      for (const one of held.splice(0)) await one.accept();
    }
    expect(accepted).toBe(56);
  });

  test('after a lost connection: the reader is told, and so is whoever settles', async () => {
    const server = await amqpServer({
      onSender: (sender) => sender.once('sendable', () => sendAll(sender, ['a', 'b'].map(textMessage))),
    });
    const source = await open(server);
    const seen: Delivered[] = [];
    const reading = (async () => {
      for await (const delivered of source.deliveries(never)) {
        seen.push(delivered);
        if (seen.length === 2) server.drop();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'QUEUE_CONNECTION', retryable: true });
    for (const act of [() => seen[0]?.accept(), () => seen[1]?.reject('x')])
      await expect(act()).rejects.toMatchObject({ code: 'QUEUE_CONNECTION', retryable: true });
    expect((await take(source, 2)).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test.each([
    ['text', { body: 'plain text' }, 'plain text'],
    ['binary', { body: Buffer.from('binary') }, 'binary'],
    ['a data section', { body: rhea.message.data_section(Buffer.from('data')) }, 'data'],
    [
      'several data sections',
      { body: rhea.message.data_sections([Buffer.from('one '), Buffer.from('two')]) },
      'one two',
    ],
    ['nothing', { body: null }, ''],
    ['a map, to be looked at', { body: { a: 1, b: ['x'] } }, '{"a":1,"b":["x"]}'],
    ['a sequence, likewise', { body: rhea.message.sequence_section(['x', 2]) }, '["x",2]'],
  ])('as %s have bytes', async (_, message, expected) => {
    expect(Buffer.from((await received(message)).bytes).toString()).toBe(expected);
  });

  test.each([
    ['text', 'ID:1', 'ID:1'],
    ['a number', 4711, '4711'],
    [
      'a UUID',
      rhea.types.wrap_uuid(Buffer.from('00112233445566778899aabbccddeeff', 'hex')),
      '00112233-4455-6677-8899-aabbccddeeff',
    ],
    ['binary', rhea.types.wrap_binary(Buffer.from('414d5120', 'hex')), '414d5120'],
    ['nothing', undefined, undefined],
  ])('under %s as id', async (_, message_id, expected) => {
    expect((await received({ message_id, body: 'x' } as Message)).id).toBe(expected);
  });

  test('bring what is said about them as text, and nobody can pass off a property as a standard one', async () => {
    const { properties, redeliveries } = await received({
      body: 'x',
      subject: 'status',
      content_type: 'application/xml',
      creation_time: new Date(0),
      group_sequence: 3,
      delivery_count: 2,
      application_properties: {
        kind: 'mt548',
        count: 7,
        urgent: true,
        'amqp.subject': 'forged',
        __proto__: null,
      },
    } as unknown as Message);
    expect(properties).toEqual({
      kind: 'mt548',
      count: '7',
      urgent: 'true',
      'amqp.subject': 'status',
      'amqp.content-type': 'application/xml',
      'amqp.creation-time': '1970-01-01T00:00:00.000Z',
      'amqp.group-sequence': '3',
    });
    expect(redeliveries).toBe(2);
  });
});

describe('messages that go', () => {
  test('are durable, carry their id and properties, and resolve when they are accepted', async () => {
    const got: (Message | undefined)[] = [];
    const server = await amqpServer({ onMessage: ({ message }) => got.push(message) });
    await (await open(server)).produce('A-1', Buffer.from('bytes'), { kind: 'sese.023' });
    expect(got[0]).toMatchObject({
      message_id: 'A-1',
      durable: true,
      application_properties: { kind: 'sese.023' },
      body: { typecode: 0x75, content: Buffer.from('bytes') },
    });
  });

  test.each([
    ['rejected', 'QUEUE_REJECTED', false],
    ['released', 'QUEUE_RELEASED', true],
    ['modified', 'QUEUE_RELEASED', true],
  ] as const)('%s by the broker: told with its reason', async (outcome, code, retryable) => {
    const act = ({ delivery }: EventContext): void => {
      if (outcome === 'rejected')
        delivery?.reject({ condition: 'amqp:not-allowed', description: 'too large' });
      if (outcome === 'released') delivery?.release();
      if (outcome === 'modified') delivery?.modified({ delivery_failed: true });
    };
    const server = await amqpServer({
      onMessage: act,
      manual: true,
    });
    const refused = (await open(server)).produce('A-1', Buffer.from('x'), {});
    await expect(refused).rejects.toMatchObject({ code, retryable });
    if (outcome === 'rejected') await expect(refused).rejects.toThrow(/amqp:not-allowed: too large/);
  });

  test('of which nothing is said are in doubt: by a lost connection, or by time', async () => {
    const server = await amqpServer({ manual: true, onMessage: () => server.drop() });
    const source = await open(server);
    await expect(source.produce('A-1', Buffer.from('x'), {})).rejects.toMatchObject({
      code: 'QUEUE_IN_DOUBT',
      retryable: true,
    });
    const silent = await amqpServer({ manual: true });
    const waiting = await open(silent, { timeoutSeconds: 0.3 });
    await expect(waiting.produce('A-1', Buffer.from('x'), {})).rejects.toMatchObject({
      code: 'QUEUE_IN_DOUBT',
    });
  });

  test('for which there is no credit were not sent', async () => {
    const got: unknown[] = [];
    const server = await amqpServer({
      manual: true,
      credit: 0,
      onMessage: ({ message }) => got.push(message),
    });
    const source = await open(server, { timeoutSeconds: 0.3 });
    const all = await Promise.allSettled(
      ['a', 'b', 'c'].map((id) => source.produce(id, Buffer.from(id), {})),
    );
    expect(all.map((one) => one.status === 'rejected' && codeOf(one.reason))).toEqual(
      Array(3).fill('QUEUE_TIMEOUT'),
    );
    expect(got).toEqual([]);
  });

  test('10,000 at once go in order, and wait for credit', async () => {
    const got: unknown[] = [];
    const server = await amqpServer({ onMessage: ({ message }) => got.push(message?.message_id) });
    const source = await open(server);
    const ids = Array.from({ length: 10_000 }, (_, index) => `m${index}`);
    await Promise.all(ids.map((id) => source.produce(id, Buffer.from(id), {})));
    expect(got).toEqual(ids);
  });
});

describe('logging in', () => {
  test('with name and password; a wrong one is refused, and shown nowhere', async () => {
    const server = await amqpServer({ users: { ops: 'right-one' } });
    const source = await open(server, { username: 'ops', password: 'right-one' });
    await source.produce('1', Buffer.from('x'), {});
    const wrong = await open(server, { username: 'ops', password: 'not-this-one' });
    const refused = await wrong.produce('1', Buffer.from('x'), {}).catch((cause: unknown) => cause);
    expect(refused).toMatchObject({ code: 'QUEUE_AUTHENTICATION', retryable: false });
    expect(JSON.stringify(refused) + String(refused)).not.toMatch(/right-one|not-this-one/);
  });

  test.each([
    [1, { code: 'QUEUE_AUTHENTICATION', retryable: false }],
    [2, { code: 'QUEUE_CONNECTION', retryable: true }],
    [4, { code: 'QUEUE_CONNECTION', retryable: true }],
  ])('where the outcome of SASL is %i: a refusal is told apart from a broker that failed', async (code, told) => {
    const header = Buffer.from('AMQP\x03\x01\x00\x00', 'latin1');
    const mechanisms = Buffer.from('0000001502010000005340c00801a305504c41494e', 'hex');
    const outcome = Buffer.from(`0000001002010000005344c00301500${code}`, 'hex');
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(Buffer.concat([header, mechanisms]));
      // What comes behind their header is their answer.
      let bytes = 0;
      socket.on('data', (chunk) => {
        bytes += chunk.length;
        if (bytes > header.length) socket.end(outcome);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const source = await open({ port }, { username: 'ops', password: 'a-password' });
    await expect(source.produce('1', Buffer.from('x'), {})).rejects.toMatchObject(told);
  });

  test('at something that is no broker: an error, in time', async () => {
    for (const [greeting, code] of [
      ['HTTP/1.1 400 Bad Request\r\n\r\n', /QUEUE_PROTOCOL|QUEUE_CONNECTION/],
      ['', /QUEUE_TIMEOUT/],
    ] as const) {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        if (greeting !== '') socket.end(greeting);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const address = server.address();
      assert(typeof address === 'object' && address !== null);
      const refused = await queue
        .reach?.(optionsOf(address.port, { connectTimeoutSeconds: 0.5 }), never)
        .catch(codeOf);
      expect(refused).toMatch(code);
    }
  });

  test('after a close, nothing goes any more', async () => {
    const server = await amqpServer();
    const source = await open(server);
    await source.produce('1', Buffer.from('x'), {});
    await source.close();
    await expect(source.produce('2', Buffer.from('x'), {})).rejects.toMatchObject({ code: 'QUEUE_CLOSED' });
    await expect(take(source, 1)).rejects.toMatchObject({ code: 'QUEUE_CLOSED' });
  });
});

async function received(message: Message): Promise<Delivered> {
  const server = await amqpServer({
    onSender: (sender) => sender.once('sendable', () => sender.send(message)),
  });
  const [one] = await take(await open(server), 1);
  assert(one);
  await one.accept();
  return one;
}

function codeOf(cause: unknown): string {
  return cause instanceof GatewayError ? cause.code : String(cause);
}

/** The library has it, and its types do not. */
function creditOf(sender: Sender): number {
  return Number(Reflect.get(sender, 'credit'));
}
