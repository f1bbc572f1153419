import { describe, expect, test } from 'vitest';
import type { Log } from '../contract/log.ts';
import type { SessionFrame, SessionStore } from '../contract/session.ts';
import { latin1Text } from '../core/bytes.ts';
import { GatewayError } from '../core/errors.ts';
import type { Issue } from '../core/issue.ts';
import { limits } from '../core/limits.ts';
import { decodeEvent } from '../events/index.ts';
import { memoryLog } from '../log/index.ts';
import { logStore } from './log-store.ts';
import { openMeter } from './meter.ts';
import { entriesOf, lineChannel, start, storyOf } from './testing/fixture.ts';
import { lineCodec } from './testing/line-codec.ts';

const channel = lineChannel('dropcopy');
const codec = lineCodec();

function store(log: Log, more: object = {}): SessionStore {
  return logStore({ log, channel, codec, tenant: 'acme', ...more });
}

function frame(text: string, ordinal: number, more: Partial<SessionFrame> = {}): SessionFrame {
  return {
    kind: 'message',
    direction: 'in',
    origin: { scope: 'US-THEM/0/in', ordinal },
    receivedAt: start + ordinal,
    bytes: Buffer.from(text),
    issues: [],
    admin: false,
    ...more,
  };
}

const out = (text: string, ordinal: number, epoch = 0): SessionFrame =>
  frame(text, ordinal, { direction: 'out', origin: { scope: `US-THEM/${epoch}/out`, ordinal } });

async function sent(from: SessionStore, first: number, last: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const { sequence, bytes } of from.readOut(first, last))
    texts.push(`${sequence} ${latin1Text(bytes)}`);
  return texts;
}

describe('a session over the log', () => {
  test('begins at 1, and goes on where the last commit left it', async () => {
    const log = memoryLog();
    const first = store(log);
    expect(await first.load()).toEqual({ epoch: 0, nextIn: 1, nextOut: 1 });
    await first.append([frame('T|E1|100\n', 1), frame('T|E2|200\n', 2)], { epoch: 0, nextIn: 3, nextOut: 1 });
    await first.append([], { epoch: 0, nextIn: 4, nextOut: 2 });
    expect(await store(log).load()).toEqual({ epoch: 0, nextIn: 4, nextOut: 2 });
    expect(await storyOf(log, 'dropcopy')).toEqual([
      'message US-THEM/0/in:1 T E1',
      'message US-THEM/0/in:2 T E2',
    ]);
  });

  test('takes nothing after a failed commit until it is loaded again', async () => {
    const inner = memoryLog();
    let full = true;
    const log: Log = Object.assign(Object.create(inner) as Log, {
      append: async (...given: Parameters<Log['append']>) => {
        if (full) throw new GatewayError('LOG_DISK_FULL', 'the disk is full', { retryable: true });
        return inner.append(...given);
      },
    });
    const session = store(log);
    await session.load();
    const first = session.append([frame('T|E1|100\n', 1)], { epoch: 0, nextIn: 2, nextOut: 1 });
    await expect(first).rejects.toMatchObject({ code: 'LOG_DISK_FULL' });
    full = false;
    const second = session.append([frame('T|E2|200\n', 2)], { epoch: 0, nextIn: 3, nextOut: 1 });
    await expect(second).rejects.toMatchObject({ code: 'GATEWAY_STORE_FAILED' });
    expect(await session.load()).toEqual({ epoch: 0, nextIn: 1, nextOut: 1 });
    await session.append([frame('T|E1|100\n', 1)], { epoch: 0, nextIn: 2, nextOut: 1 });
    expect(await storyOf(log, 'dropcopy')).toEqual(['message US-THEM/0/in:1 T E1']);
  });

  test('takes nothing after frames that no entry can be made of either', async () => {
    const log = memoryLog();
    const session = store(log);
    await session.load();
    const bytes = Buffer.from('{"signal":"filled","from":1,"to":1,"session":"US-THEM"}');
    const timeless = frame('', 1, { kind: 'signal', bytes, receivedAt: Number.NaN });
    const first = expect(session.append([timeless], { epoch: 0, nextIn: 2, nextOut: 1 })).rejects.toThrow();
    const second = session.append([frame('T|E2|200\n', 2)], { epoch: 0, nextIn: 3, nextOut: 1 });
    await expect(second).rejects.toMatchObject({ code: 'GATEWAY_STORE_FAILED' });
    await first;
    expect(await session.load()).toEqual({ epoch: 0, nextIn: 1, nextOut: 1 });
  });

  test('entries name the codec that read them, administrative ones none, and no events', async () => {
    const log = memoryLog();
    const session = store(log);
    await session.load();
    await session.append([frame('T|E1|1\n', 1), frame('A|x|1\n', 2, { admin: true })], {
      epoch: 0,
      nextIn: 3,
      nextOut: 1,
    });
    const [trade, admin] = await entriesOf(log);
    expect(trade?.codec).toEqual({ id: 'line', version: '1', fingerprint: '1' });
    expect(admin).toMatchObject({ kind: 'message', type: 'A', events: [] });
    expect(admin?.codec).toBeUndefined();
  });

  test('a message that cannot be read is quarantined, and the session goes on', async () => {
    const log = memoryLog();
    const meter = openMeter();
    const alarms: string[] = [];
    const alarm = (issue: Issue, origin: string) => alarms.push(`${issue.message} ${origin}`);
    const session = store(log, { meter, alarm });
    await session.load();
    const batch = [frame('T|E1|many\n', 1), frame('X|E2|1\n', 2), frame('T|E3|3\n', 3)];
    await session.append(batch, { epoch: 0, nextIn: 4, nextOut: 1 });
    expect(await storyOf(log, 'dropcopy')).toEqual([
      'quarantine US-THEM/0/in:1 T',
      'quarantine US-THEM/0/in:2',
      'message US-THEM/0/in:3 T E3',
    ]);
    const told = 'kept in quarantine, and 1 more with it; "clearport quarantine" shows why';
    expect(alarms).toEqual([`${told} US-THEM/0/in:1`]);
    expect(meter).toMatchObject({ entries: 3, quarantined: 2, lastMessageAt: start + 3 });
    expect((await log.head('dropcopy')).position).toEqual({ epoch: 0, nextIn: 4, nextOut: 1 });
  });

  test('a codec that throws costs no message, and raises an alarm', async () => {
    const log = memoryLog();
    const alarms: string[] = [];
    const session = store(log, {
      alarm: (issue: Issue, origin: string) => alarms.push(`${issue.code} ${origin}`),
    });
    await session.load();
    await session.append([frame('T|THROW|1\n', 1)], { epoch: 0, nextIn: 2, nextOut: 1 });
    const [entry] = await entriesOf(log);
    expect(entry).toMatchObject({ kind: 'quarantine', issues: [{ code: 'CODEC_THREW', severity: 'error' }] });
    expect(latin1Text(entry?.bytes ?? new Uint8Array())).toBe('T|THROW|1\n');
    expect(alarms).toEqual(['CODEC_THREW US-THEM/0/in:1']);
  });

  test('a redelivery is a repeat by its digest, also where the first one was quarantined; another message is a conflict', async () => {
    const log = memoryLog();
    const meter = openMeter();
    const alarms: string[] = [];
    const alarm = (issue: Issue, origin: string) => alarms.push(`${issue.code} ${origin}`);
    const session = store(log, { meter, alarm });
    await session.load();
    const state = { epoch: 0, nextIn: 3, nextOut: 1 };
    await session.append([frame('T|E1|1\n', 1), frame('T|E2|many\n', 2)], state);
    await session.append(
      [frame('T|E1|1|again\n', 1), frame('T|E2|many|again\n', 2), frame('T|E9|1\n', 1)],
      state,
    );
    expect(meter).toMatchObject({ entries: 3, repeats: 2, conflicts: 1, quarantined: 1 });
    expect((await entriesOf(log)).map(({ kind }) => kind)).toEqual(['message', 'quarantine', 'conflict']);
    expect(alarms).toEqual(['LINE_QUANTITY US-THEM/0/in:2', 'LOG_CONFLICT US-THEM/0/in:1']);
  });

  test('a new epoch is durable with its first commit, and older numbers are out of reach', async () => {
    const log = memoryLog();
    const session = store(log);
    await session.load();
    await session.append([out('T|O1|1\n', 1), out('T|O2|1\n', 2)], { epoch: 0, nextIn: 1, nextOut: 3 });
    expect(await sent(session, 1, 9)).toEqual(['1 T|O1|1\n', '2 T|O2|1\n']);
    await session.append([], { epoch: 1, nextIn: 1, nextOut: 1 });
    expect(await sent(session, 1, 9)).toEqual([]);
    const later = store(log);
    expect(await later.load()).toEqual({ epoch: 1, nextIn: 1, nextOut: 1 });
    expect((await log.head('dropcopy')).epoch).toBe(1);
    await later.append([out('T|N1|1\n', 1, 1)], { epoch: 1, nextIn: 1, nextOut: 2 });
    const last = store(log);
    await last.load();
    expect(await sent(last, 1, 1)).toEqual(['1 T|N1|1\n']);
  });

  test('a large outbound message comes back whole', async () => {
    const log = memoryLog();
    const session = store(log);
    await session.load();
    const text = `T|O1|1|${'x'.repeat(limits.entryBytesInlineMax)}\n`;
    await session.append([out(text, 1)], { epoch: 0, nextIn: 1, nextOut: 2 });
    expect(await sent(session, 1, 1)).toEqual([`1 ${text}`]);
  });

  test('calls that are not waited for commit in their order', async () => {
    const log = memoryLog();
    const session = store(log);
    await session.load();
    const calls = Array.from({ length: 50 }, (_, at) =>
      session.append([frame(`T|E${at}|1\n`, at + 1)], { epoch: 0, nextIn: at + 2, nextOut: 1 }),
    );
    await Promise.all(calls);
    expect(
      (await entriesOf(log)).map(({ sequence, origin }) => 'ordinal' in origin && origin.ordinal - sequence),
    ).toEqual(Array(50).fill(0));
    expect(await store(log).load()).toMatchObject({ nextIn: 51 });
  });

  test('signals become events, and no signal breaks it', async () => {
    const log = memoryLog();
    const session = store(log);
    await session.load();
    const told = [
      { signal: 'up', session: 'US-THEM', peer: '127.0.0.1:1', state: { epoch: 0, nextIn: 1, nextOut: 1 } },
      { signal: 'gap', session: 'US-THEM', from: 3, to: 7 },
      { signal: 'filled', session: 'US-THEM', from: 3, to: 7 },
      {
        signal: 'down',
        session: 'US-THEM',
        by: 'them',
        reason: 'bye',
        state: { epoch: 0, nextIn: 8, nextOut: 2 },
      },
      { signal: 'held', issue: {} },
      7,
    ];
    const frames = told.map((value, at) =>
      frame(JSON.stringify(value), at, {
        kind: 'signal',
        origin: { scope: 'US-THEM/signal', key: `${at}` },
        admin: true,
      }),
    );
    frames.push(frame('no json', 9, { kind: 'signal', origin: { scope: 'US-THEM/signal', key: '9' } }));
    await session.append(frames, { epoch: 0, nextIn: 8, nextOut: 2 });
    const events = (await entriesOf(log)).flatMap((entry) => entry.events.map((bytes) => decodeEvent(bytes)));
    expect(events.map(({ type, data }) => ({ type, ...data }))).toMatchObject([
      { type: 'session.up', session: 'US-THEM', nextIn: 1, peer: '127.0.0.1:1' },
      { type: 'session.gap', from: 3, to: 7 },
      { type: 'session.gap', from: 3, to: 7, filled: expect.any(String) },
      { type: 'session.down', by: 'them', reason: 'bye', nextIn: 8 },
    ]);
  });
});
