import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { directory, fixSession } from '../../adapters/index.ts';
import type { Codec } from '../contract/codec.ts';
import type { Log } from '../contract/log.ts';
import type { FileSource } from '../contract/source.ts';
import { systemClock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { memoryLog } from '../log/index.ts';
import { makeChannel } from './channel-opening.ts';
import type { Running } from './channel-status.ts';
import type { ChannelConfiguration } from './configuration.ts';
import type { Desk } from './desk.ts';
import { Outbox } from './outbox.ts';
import type { SendRequest } from './outbox-checking.ts';
import { scannedOutbox } from './outbox-index.ts';
import { scannedQuarantine } from './quarantine-index.ts';
import { type FakeQueue, fakeQueue } from './testing/fake-queue.ts';
import { configurationOf, entriesOf, lineChannel, listening, storyOf } from './testing/fixture.ts';
import { lineCodec } from './testing/line-codec.ts';
import { waitUntil } from './testing/waiting.ts';
import { builtIn, type Wiring } from './wiring.ts';

const ann = { by: 'ann', reason: 'asked for by the desk' };
let root: string;
let log: Log;
let queue: FakeQueue;
let stopped: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'clearport-outbox-'));
  await mkdir(join(root, 'out'));
  log = memoryLog();
  queue = fakeQueue();
});

afterEach(async () => {
  await Promise.allSettled(stopped.map((stop) => stop()));
  stopped = [];
  await rm(root, { recursive: true });
});

const fixOptions = {
  role: 'initiator',
  host: '127.0.0.1',
  port: 9,
  beginString: 'FIX.4.4',
  senderCompId: 'ACME',
  targetCompId: 'BIGCLR',
};

function channels(): readonly ChannelConfiguration[] {
  return [
    lineChannel('files', {
      direction: 'out',
      options: () => ({ path: join(root, 'out'), archive: 'archive', pattern: '*' }),
    }),
    lineChannel('queue', { adapter: 'fake', direction: 'out' }),
    lineChannel('orders', {
      adapter: 'fix',
      codec: 'fix',
      direction: 'both',
      options: () => fixSession.options.parse(fixOptions),
    }),
    lineChannel('inbound'),
  ];
}

/** Writes `T|key|quantity`. */
const composing: Codec = {
  ...lineCodec(),
  compose: ({ type, key, data }) => {
    const quantity = typeof data === 'object' && data !== null && 'quantity' in data ? data.quantity : '';
    return lineCodec().decode({ bytes: Buffer.from(`${type}|${key}|${quantity}\n`) });
  },
};

function wiring(): Wiring {
  const known = builtIn();
  const fake = { ...directory, shape: 'messages' as const, id: 'fake', open: () => queue.open() };
  return {
    ...known,
    codecs: new Map([...known.codecs, ['line', composing]]),
    adapters: new Map([...known.adapters, ['fake', fake]]),
  };
}

interface Process {
  readonly outbox: Outbox;
  send(request: SendRequest): ReturnType<Outbox['send']>;
}

/** One life of the gateway: its channels and its outbox over a log that may die under it. */
async function live(over: Log = log, change: (running: Running) => Running = (one) => one): Promise<Process> {
  const configuration = configurationOf(root, channels());
  const { logger } = listening();
  const clock = systemClock();
  const desk: Desk = {
    configuration,
    wiring: wiring(),
    log: over,
    clock,
    logger,
    index: scannedQuarantine(over),
  };
  const running = new Map<string, Running>();
  for (const channel of channels()) {
    if (channel.direction === 'in') continue;
    const made = await makeChannel(desk, limits, channel);
    running.set(channel.name, change(made.running));
    await made.start();
  }
  const index = scannedOutbox(over);
  const outbox = new Outbox({ desk, limits, index, running: (name) => running.get(name) });
  stopped.push(async () => {
    await outbox.close();
    await Promise.all([...running.values()].map(({ at }) => at.close('end')));
  });
  return { outbox, send: (request) => outbox.send(request, ann) };
}

const bytes = (text: string) => ({ bytes: Buffer.from(text) });
const say = {
  type: 'AD',
  data: [
    [568, 'R1'],
    [569, '0'],
  ],
} as const;
const open = (channel: string) => scannedOutbox(log).open(channel);
/** Messages that went out over the session, by their numbers. */
const said = async () =>
  (await entriesOf(log, 'orders')).filter(({ direction, type }) => direction === 'out' && type === 'AD');

describe('what is sent', () => {
  test('is a command, a message and a receipt, with who and why', async () => {
    const { send } = await live();
    const report = await send({ channel: 'queue', content: bytes('T|E1|100\n'), key: 'K1' });
    expect(report).toEqual({
      channel: 'queue',
      key: 'K1',
      outcome: 'accepted',
      repeated: false,
      reference: 'acme.queue.K1',
    });
    expect(queue.produced).toEqual([{ id: 'acme.queue.K1', text: 'T|E1|100\n' }]);
    expect((await storyOf(log, 'queue')).slice(1)).toEqual([
      'command outbox=K1 send',
      'message outbox-message=K1 T E1',
      'receipt outbox-receipt=K1.accepted accepted',
    ]);
    const [audit, command, message] = await entriesOf(log, 'queue');
    expect(audit).toMatchObject({ kind: 'audit', type: 'send', ...ann });
    expect(command).toMatchObject({ direction: 'out', ...ann });
    expect(message).toMatchObject({ direction: 'out', codec: { id: 'line' } });
  });

  test('with the same key and content again is said, and not sent', async () => {
    const { send } = await live();
    const request = { channel: 'queue', content: bytes('T|E1|100\n') };
    const first = await send(request);
    expect(first.key).toMatch(/^[0-9a-f]{32}$/);
    expect(await send(request)).toEqual({ ...first, repeated: true });
    expect(queue.produced).toHaveLength(1);
    const other = { channel: 'queue', content: bytes('T|E2|100\n'), key: first.key };
    await expect(send(other)).rejects.toMatchObject({ code: 'OUTBOX_KEY_TAKEN' });
  });

  test('is written from data where the codec can', async () => {
    const { send } = await live();
    await send({ channel: 'queue', content: { type: 'T', data: { quantity: '7' } }, key: 'K1' });
    expect(queue.produced).toMatchObject([{ text: 'T|K1|7\n' }]);
    const wrong = send({ channel: 'queue', content: { type: 'X', data: {} }, key: 'K2' });
    await expect(wrong).rejects.toMatchObject({ code: 'OUTBOX_REFUSED' });
  });

  test('over a session takes its number, and waits for nobody', async () => {
    const { send } = await live();
    const report = await send({ channel: 'orders', content: say, key: 'K1' });
    expect(report).toMatchObject({ outcome: 'sent', reference: '1' });
    const fields = '8=FIX.4.4|9=56|35=AD|34=7|49=X|52=20261110-14:30:00|56=Y|568=R2|569=0|10=';
    const text = fields.replaceAll('|', '\u0001');
    const sum = Buffer.from(text.slice(0, -3)).reduce((left, right) => (left + right) % 256, 0);
    const whole = `${text}${String(sum).padStart(3, '0')}\u0001`;
    const file = await send({ channel: 'orders', content: bytes(whole), asIs: true });
    expect(file).toMatchObject({ outcome: 'sent', reference: '2' });
    expect(
      (await said()).map(({ bytes: one }) => /\u0001(568=R\d)\u0001/.exec(Buffer.from(one).toString())?.[1]),
    ).toEqual(['568=R1', '568=R2']);
  });
});

describe('what is refused', () => {
  const cases: readonly [string, SendRequest, string][] = [
    ['no message', { channel: 'queue', content: bytes('X|E1|1\n') }, 'OUTBOX_REFUSED'],
    [
      'a wrong record in a file',
      { channel: 'files', name: 'a', content: bytes('T|E1|1\nT|E2|x\n') },
      'OUTBOX_REFUSED',
    ],
    ['half a record', { channel: 'files', name: 'a', content: bytes('T|E1|1\nT|E2') }, 'OUTBOX_REFUSED'],
    ['an empty file', { channel: 'files', name: 'a', content: bytes('') }, 'OUTBOX_REFUSED'],
    ['a file without a name', { channel: 'files', content: bytes('T|E1|1\n') }, 'OUTBOX_NAME'],
    ['a path', { channel: 'files', name: '../a', content: bytes('T|E1|1\n') }, 'OUTBOX_NAME'],
    ['a key with a blank', { channel: 'queue', key: 'a b', content: bytes('T|E1|1\n') }, 'OUTBOX_KEY'],
    ['a channel that takes in', { channel: 'inbound', content: bytes('T|E1|1\n') }, 'OUTBOX_DIRECTION'],
    ['a body of the session', { channel: 'orders', content: { type: 'AD', data: { 34: '5' } } }, 'FIX_SEND'],
    [
      'a body without what its type needs',
      { channel: 'orders', content: { type: '8', data: { 17: 'E1', 150: 'F' } } },
      'OUTBOX_REFUSED',
    ],
    ['text as FIX', { channel: 'orders', content: bytes('hello') }, 'OUTBOX_REFUSED'],
  ];

  test.each(cases)('%s, before anything is written', async (_what, request, code) => {
    const { send } = await live();
    await expect(send(request)).rejects.toMatchObject({ code, exitCode: 2 });
    expect((await entriesOf(log)).filter(({ kind }) => kind !== 'signal')).toEqual([]);
  });

  test('has its place and cause', async () => {
    const { send } = await live();
    const wrong = send({ channel: 'files', name: 'a', content: bytes('T|E1|1\nT|E2|x\n') });
    await expect(wrong).rejects.toMatchObject({
      message: 'LINE_QUANTITY: quantity "x"',
      place: 'offset 7',
    });
  });

  test('goes out as it is where a person says so, and is no riddle in quarantine', async () => {
    const { send } = await live();
    await send({ channel: 'queue', content: bytes('X|E1|1\n'), asIs: true, key: 'K1' });
    await send({ channel: 'files', name: 'a', content: bytes('?'), asIs: true, key: 'K2' });
    expect(queue.produced).toHaveLength(1);
    expect(await readFile(join(root, 'out/a'), 'utf8')).toBe('?');
    expect((await entriesOf(log)).filter(({ kind }) => kind === 'quarantine')).toEqual([]);
  });
});

describe('files', () => {
  test('are published under their names, and never replace another one', async () => {
    const { send } = await live();
    const request = { channel: 'files', name: 'orders.txt', content: bytes('T|E1|1\n') };
    expect(await send(request)).toMatchObject({ outcome: 'accepted', reference: 'orders.txt' });
    expect(await readFile(join(root, 'out/orders.txt'), 'utf8')).toBe('T|E1|1\n');
    await writeFile(join(root, 'out/other.txt'), 'not ours');
    const other = await send({ ...request, name: 'other.txt' });
    expect(other).toMatchObject({ outcome: 'rejected', reason: expect.stringMatching(/^DIRECTORY_TAKEN/) });
    expect(await readFile(join(root, 'out/other.txt'), 'utf8')).toBe('not ours');
    expect(await open('files')).toEqual([]);
  });
});

describe('when the other side is away', () => {
  test('a command waits, in order, and goes out once it is there', async () => {
    queue.lose(1);
    const { send } = await live();
    const first = await send({ channel: 'queue', content: bytes('T|E1|1\n'), key: 'K1' });
    expect(first).toMatchObject({ outcome: 'waiting', reason: expect.stringContaining('CHANNEL_RETRYING') });
    await send({ channel: 'queue', content: bytes('T|E2|1\n'), key: 'K2' });
    await waitUntil(async () => (await open('queue')).length === 0);
    expect(queue.produced.map(({ text }) => text).toSorted()).toEqual(['T|E1|1\n', 'T|E2|1\n']);
  });
});

describe('when nobody knows what became of it', () => {
  test('it is told once, whatever the reasons were, and sent again under its id until it is known', async () => {
    const reasons = ['the connection was lost', 'nothing was said in 30 s', 'the connection was lost'];
    const { send } = await live();
    queue.doubt = reasons;
    const first = await send({ channel: 'queue', content: bytes('T|E1|1\n'), key: 'K1' });
    expect(first).toMatchObject({ outcome: 'unknown', reason: 'QUEUE_IN_DOUBT: the connection was lost' });
    await waitUntil(async () => (await open('queue')).length === 0);
    expect(new Set(queue.produced.map(({ id }) => id)).size).toBe(1);
    const told = (await entriesOf(log, 'queue')).filter(
      ({ kind }) => kind === 'receipt' || kind === 'conflict',
    );
    expect(told.map(({ kind, type }) => `${kind} ${type}`)).toEqual(['receipt unknown', 'receipt accepted']);
  });
});

/** Resolves when the process that the test kills is dead: what it had under way before is done by then. */
let death = Promise.withResolvers<void>();

/** A log that dies at its nth append: before the commit, or right after it. Nothing answers from then on. */
function dying(at: number, when: 'before' | 'after'): Log {
  let count = 0;
  death = Promise.withResolvers();
  const { resolve } = death;
  const dead = (): Promise<never> => {
    resolve();
    return new Promise(() => undefined);
  };
  return Object.assign(Object.create(log) as Log, {
    append: async (...given: Parameters<Log['append']>) => {
      // What a session tells of itself is no step of the outbox.
      if (given[1].every(({ kind }) => kind === 'signal')) return log.append(...given);
      count++;
      if (count > at || (count === at && when === 'before')) return dead();
      const appended = await log.append(...given);
      return count === at ? dead() : appended;
    },
  });
}

/** Channels whose place takes the file, or whose queue takes the message, and never answers. */
function deaf(running: Running): Running {
  const { source } = running;
  if (source === undefined) return running;
  death = Promise.withResolvers();
  const { resolve } = death;
  const put = async (...given: Parameters<typeof source.put>): Promise<void> => {
    await source.put(...given);
    resolve();
    return new Promise(() => undefined);
  };
  return { ...running, source: withPut(source, put) };
}

function withPut(source: FileSource, put: FileSource['put']): FileSource {
  return {
    list: () => source.list(),
    fetch: (...given) => source.fetch(...given),
    archive: (name) => source.archive(name),
    close: () => source.close(),
    put,
  };
}

const requests: Readonly<Record<string, SendRequest>> = {
  queue: { channel: 'queue', content: bytes('T|E1|1\n'), key: 'K1' },
  files: { channel: 'files', content: bytes('T|E1|1\n'), key: 'K1', name: 'a.txt' },
  orders: { channel: 'orders', content: say, key: 'K1' },
};

/** How often the other side got it: by its id, by its name, by its number. */
async function effects(channel: string): Promise<number> {
  if (channel === 'queue') return new Set(queue.produced.map(({ id }) => id)).size;
  if (channel === 'files') return (await readdir(join(root, 'out'))).length;
  return (await said()).length;
}

async function dies(process: Process, channel: string): Promise<void> {
  const request = requests[channel];
  if (request === undefined) throw new Error('no request');
  const ended = process.send(request).then(() => 'ended');
  expect(await Promise.race([ended, death.promise.then(() => 'dead')])).toBe('dead');
  stopped = [];
}

describe('killed at each step', () => {
  const steps = ['queue', 'files', 'orders'].flatMap((channel) =>
    (channel === 'orders' ? [1, 2, 3] : [1, 2]).flatMap((at) =>
      (['before', 'after'] as const).map((when) => [channel, when, at] as const),
    ),
  );

  test.each(steps)('%s: %s commit %i, it has one effect', async (channel, when, at) => {
    await dies(await live(dying(at, when)), channel);
    const committed = !(at === 1 && when === 'before');
    const next = await live();
    next.outbox.start();
    await waitUntil(async () => (await open(channel)).length === 0);
    expect(await effects(channel)).toBe(committed ? 1 : 0);
    const request = requests[channel];
    if (request === undefined) throw new Error('no request');
    const report = await next.send(request);
    expect(report).toMatchObject({ repeated: committed });
    expect(['sent', 'accepted']).toContain(report.outcome);
    expect(await effects(channel)).toBe(1);
    expect((await entriesOf(log, channel)).filter(({ kind }) => kind === 'receipt')).toHaveLength(1);
  });

  test('files: after the place has the file, it is found there and not put again', async () => {
    await dies(await live(log, deaf), 'files');
    expect(await effects('files')).toBe(1);
    const puts: string[] = [];
    const next = await live(log, (running) => {
      const { source } = running;
      if (source === undefined) return running;
      const put = async (...given: Parameters<typeof source.put>) => {
        puts.push(given[0]);
        return source.put(...given);
      };
      return { ...running, source: withPut(source, put) };
    });
    next.outbox.start();
    await waitUntil(async () => (await open('files')).length === 0);
    expect(puts).toEqual([]);
    expect(await effects('files')).toBe(1);
  });
});
