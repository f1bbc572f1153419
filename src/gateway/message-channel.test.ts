import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Log } from '../contract/log.ts';
import { manualClock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { memoryLog } from '../log/index.ts';
import type { EntryMaking } from './entry-making.ts';
import { MessageChannel, type MessageChannelPorts } from './message-channel.ts';
import { MessageIntake } from './message-intake.ts';
import { openMeter } from './meter.ts';
import { makingFor } from './testing/entries.ts';
import { type FakeQueue, fakeQueue } from './testing/fake-queue.ts';
import { entriesOf, listening, start, storyOf } from './testing/fixture.ts';
import { waitUntil } from './testing/waiting.ts';

let log: Log;
let queue: FakeQueue;
let channel: MessageChannel | undefined;

beforeEach(() => {
  log = memoryLog();
  queue = fakeQueue();
});

afterEach(async () => {
  await channel?.close();
  channel = undefined;
});

interface Made {
  readonly channel: MessageChannel;
  readonly meter: ReturnType<typeof openMeter>;
  readonly lines: string[];
}

async function begin(more: Partial<MessageChannelPorts> = {}): Promise<Made> {
  const meter = openMeter();
  const { logger, lines } = listening();
  const making: EntryMaking = {
    ...makingFor('status'),
    alarm: (issue, origin) => void lines.push(`${issue.code} ${origin}`),
  };
  const clock = manualClock(start);
  const settings = { poison: 'reject' as const };
  const open = () => queue.open();
  const made = new MessageChannel({ log, making, meter, clock, limits, logger, settings, open, ...more });
  channel = made;
  await made.start();
  return { channel: made, meter, lines };
}

const story = () => storyOf(log, 'status');
const settled = () => waitUntil(async () => queue.ready.length === 0 && (await allSettled()));
/** Nothing came back when the connection ends: everything was settled. */
async function allSettled(): Promise<boolean> {
  await sleep(20);
  return queue.ready.length === 0;
}

/** A log whose first appends fail as a full disk does. */
function fullFor(times: number): Log {
  let left = times;
  return Object.assign(Object.create(log) as Log, {
    append: async (...given: Parameters<Log['append']>) => {
      if (left-- > 0) throw new GatewayError('LOG_DISK_FULL', 'the disk is full', { retryable: true });
      return log.append(...given);
    },
  });
}

describe('messages of a queue', () => {
  test('are entries under their ids, settled after the commit', async () => {
    for (let at = 1; at <= 700; at++) queue.put(`m-${at}`, `T|E${at}|1\n`);
    const { meter } = await begin();
    await waitUntil(() => meter.entries === 700);
    await channel?.close();
    expect(queue.ready).toEqual([]);
    expect((await story()).slice(0, 2)).toEqual(['message queue=m-1 T E1', 'message queue=m-2 T E2']);
    expect(new Set(await story()).size).toBe(700);
  });

  test('that come again after a commit are repeats, and are settled', async () => {
    queue.deaf = true;
    queue.put('m-1', 'T|E1|1\n');
    const first = await begin();
    await waitUntil(() => first.meter.entries === 1);
    await first.channel.close();
    expect(queue.ready.map(({ id }) => id)).toEqual(['m-1']);
    queue.deaf = false;
    const second = await begin();
    await waitUntil(() => second.meter.repeats === 1);
    await second.channel.close();
    expect(queue.ready).toEqual([]);
    expect(await story()).toEqual(['message queue=m-1 T E1']);
    expect(await log.repeats('status')).toMatchObject([{ count: 1 }]);
  });

  test('with the id of another message are kept beside it, and told', async () => {
    queue.put('m-1', 'T|E1|1\n');
    queue.put('m-1', 'T|E2|1\n');
    const { meter, lines } = await begin();
    await waitUntil(() => meter.conflicts === 1);
    await settled();
    expect(await story()).toEqual([
      'message queue=m-1 T E1',
      expect.stringMatching(/^conflict queue=m-1![0-9a-f]{64} T$/),
    ]);
    expect(lines).toContain('LOG_CONFLICT queue=m-1');
    expect(queue.dead).toEqual([]);
  });

  test('that cannot be read are in quarantine first, then in the dead letters', async () => {
    queue.put('m-1', 'X|E1|1\n');
    queue.put('m-2', 'THROW\n');
    queue.put('m-3', 'T|E3|1\n');
    const { meter } = await begin();
    await waitUntil(() => meter.entries === 3 && queue.dead.length === 2);
    expect(queue.dead).toEqual([
      { id: 'm-1', reason: 'LINE_TYPE' },
      { id: 'm-2', reason: 'CODEC_THREW' },
    ]);
    const [first] = await entriesOf(log, 'status');
    expect(first?.kind).toBe('quarantine');
    expect(Buffer.from(first?.bytes ?? []).toString()).toBe('X|E1|1\n');
  });

  test('that cannot be read leave the queue where that is configured', async () => {
    queue.put('m-1', 'X|E1|1\n');
    const { meter } = await begin({ settings: { poison: 'accept' } });
    await waitUntil(() => meter.quarantined === 1);
    await settled();
    expect(queue.dead).toEqual([]);
  });

  test('that are too large are kept and not read', async () => {
    queue.put('m-1', `T|E1|1${' '.repeat(100)}\n`);
    const { meter } = await begin({ limits: { ...limits, queueMessageBytesMax: 50 } });
    await waitUntil(() => meter.quarantined === 1);
    const [entry] = await entriesOf(log, 'status');
    expect(entry).toMatchObject({ kind: 'quarantine', size: 107, issues: [{ code: 'MESSAGE_TOO_LARGE' }] });
    expect(entry?.codec).toBeUndefined();
    await waitUntil(() => queue.dead.length === 1);
  });
});

describe('a name for each message', () => {
  test('is a property where there is no id', async () => {
    queue.put(undefined, 'T|E1|1\n', { reference: 'R-1' });
    queue.put('', 'T|E2|1\n', { reference: 'R-2' });
    const { meter } = await begin({ settings: { poison: 'reject', key: 'reference' } });
    await waitUntil(() => meter.entries === 2);
    expect(await story()).toEqual(['message queue=R-1 T E1', 'message queue=R-2 T E2']);
    expect(meter.withoutId).toBe(0);
  });

  test('is made where there is none, once and again', async () => {
    queue.put(undefined, 'T|E1|1\n');
    queue.put(undefined, 'T|E1|1\n');
    const { meter, lines } = await begin();
    await waitUntil(() => meter.entries === 2);
    expect(await story()).toEqual([
      `message queue=received-${start}.0.1 T E1`,
      `message queue=received-${start}.0.2 T E1`,
    ]);
    expect(meter.withoutId).toBe(2);
    expect(lines.filter((line) => line.includes('MESSAGE_NO_ID'))).toHaveLength(1);
  });

  test('of another run is another one, also when the clock stood still', async () => {
    queue.put(undefined, 'T|E1|1\n');
    const first = await begin();
    await waitUntil(() => first.meter.entries === 1);
    await first.channel.close();
    queue.put(undefined, 'T|E1|1\n');
    const second = await begin();
    await waitUntil(() => second.meter.entries === 1);
    expect(await story()).toHaveLength(2);
  });

  test('that is longer than a name is bounded, and still its own', async () => {
    queue.put(`${'x'.repeat(300)}1`, 'T|E1|1\n');
    queue.put(`${'x'.repeat(300)}2`, 'T|E2|1\n');
    const { meter } = await begin();
    await waitUntil(() => meter.entries === 2);
    expect(meter.conflicts).toBe(0);
  });
});

describe('when the world fails', () => {
  test('nothing is settled before it is committed: it is given back and comes again', async () => {
    queue.put('m-1', 'T|E1|1\n');
    queue.put('m-2', 'T|E2|1\n');
    const { meter } = await begin({ log: fullFor(1) });
    await waitUntil(() => meter.trouble?.code === 'LOG_DISK_FULL');
    expect(channel?.retrying).toBe(true);
    await waitUntil(() => meter.entries === 2);
    await settled();
    expect(queue.released).toBeGreaterThan(0);
    expect(meter.trouble).toBeUndefined();
    expect((await story()).toSorted()).toEqual(['message queue=m-1 T E1', 'message queue=m-2 T E2']);
  });

  test('a lost connection is opened again, however often that takes', async () => {
    queue.put('m-1', 'T|E1|1\n');
    const { meter } = await begin();
    await waitUntil(() => meter.entries === 1);
    queue.lose(1);
    await waitUntil(() => channel?.retrying === true);
    queue.put('m-2', 'T|E2|1\n');
    await waitUntil(() => meter.entries === 2);
    expect(channel?.retrying).toBe(false);
    expect(queue.openings).toBe(3);
  });

  test('a queue that is not there does not keep the gateway from starting', async () => {
    queue.lose(1);
    queue.put('m-1', 'T|E1|1\n');
    const { meter } = await begin();
    expect(channel?.retrying).toBe(true);
    await expect(channel?.produce('m-0', new Uint8Array())).rejects.toMatchObject({
      code: 'CHANNEL_RETRYING',
    });
    await waitUntil(() => meter.entries === 1);
  });

  test('what waiting will not mend stops the start', async () => {
    const open = async () => {
      throw new GatewayError('QUEUE_AUTHENTICATION', 'who are you?');
    };
    await expect(begin({ open })).rejects.toMatchObject({ code: 'QUEUE_AUTHENTICATION' });
  });
});

describe('what waits for a commit', () => {
  const message = (text: string) => ({
    id: text,
    bytes: Buffer.from(text),
    properties: {},
    redeliveries: 0,
    accept: async () => undefined,
    release: async () => undefined,
    reject: async () => undefined,
  });

  test('is bounded in number and bytes, and holds its queue back', async () => {
    const intake = new MessageIntake({ messages: 3, bytes: 10 });
    expect(await intake.put(message('aaaa'))).toBe(true);
    expect(await intake.put(message('bbbb'))).toBe(true);
    let through = false;
    const held = intake.put(message('cccc')).then((more) => {
      through = more;
    });
    await sleep(5);
    expect(through).toBe(false);
    expect((await intake.take())?.map(({ id }) => id)).toEqual(['aaaa', 'bbbb']);
    await held;
    expect(through).toBe(true);
    expect((await intake.take())?.map(({ id }) => id)).toEqual(['cccc']);
  });

  test('takes a message that is larger than a commit alone, and nothing after its end', async () => {
    const intake = new MessageIntake({ messages: 3, bytes: 2 });
    const held = intake.put(message('aaaa'));
    expect(await intake.take()).toHaveLength(1);
    expect(await held).toBe(true);
    const waiting = intake.take();
    intake.end();
    expect(await waiting).toBeUndefined();
    expect(await intake.put(message('b'))).toBe(false);
  });
});
