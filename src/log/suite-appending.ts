import { expect, test } from 'vitest';
import type { Entry, EntryDraft } from '../contract/entry.ts';
import { all, bytesOf, codeOf, type Fresh, numbered, text } from './suite-drafts.ts';

export function appending(fresh: Fresh): void {
  test('an empty log has heads of nothing', async () => {
    const log = await fresh();
    expect(await log.heads()).toEqual([]);
    const head = await log.head('drop');
    expect(head).toMatchObject({ channel: 'drop', sequence: 0, block: 0, epoch: 0, position: undefined });
    expect(head.chain).toBe('0'.repeat(64));
    expect(await all(log.read())).toEqual([]);
    expect(await log.get(65_536)).toBeUndefined();
    expect((await log.verify()).ok).toBe(true);
  });

  test('an entry comes back as it was given', async () => {
    const log = await fresh();
    const draft: EntryDraft = {
      kind: 'message',
      direction: 'out',
      origin: { scope: 'FIRM-OPS/1/out', ordinal: 7 },
      receivedAt: 1_700_000_000_123_456,
      bytes: Uint8Array.from({ length: 256 }, (_, at) => at),
      digest: 'ab'.repeat(32),
      codec: { id: 'fix', version: '1', fingerprint: 'f00d' },
      context: { start: '12', applVerId: '9' },
      events: [bytesOf('one'), new Uint8Array(), bytesOf('three')],
      issues: [{ code: 'X_Y', severity: 'warning', message: 'größer', at: { offset: 3, field: 'Side(54)' } }],
      type: '8',
      by: 'anna',
      reason: 'asked for',
    };
    const [appended] = await log.append('drop', [draft]);
    expect(appended).toMatchObject({ outcome: 'appended', sequence: 1 });
    const entry = await log.get(appended?.offset ?? 0);
    const { bytes, events, ...rest } = entry as Entry;
    expect(Buffer.from(bytes).equals(Buffer.from(draft.bytes))).toBe(true);
    expect(events.map(text)).toEqual(['one', '', 'three']);
    const { bytes: _bytes, events: _events, ...given } = draft;
    const head = await log.head('drop');
    const added = { channel: 'drop', sequence: 1, offset: appended?.offset, chain: head.chain };
    expect(rest).toEqual({ ...given, ...added, revision: 0, size: 256, storage: 'inline' });
  });

  test('sequences are dense from 1 in each channel, offsets grow over all of them', async () => {
    const log = await fresh();
    await log.append('b', [numbered(1), numbered(2)]);
    await log.append('a', [numbered(1)]);
    await log.append('b', [numbered(3)]);
    const entries = await all(log.read());
    expect(entries.map((entry) => `${entry.channel}${entry.sequence}`)).toEqual(['b1', 'b2', 'a1', 'b3']);
    const offsets = entries.map((entry) => entry.offset);
    expect(offsets).toEqual([...offsets].sort((left, right) => left - right));
    expect((await log.heads()).map((head) => [head.channel, head.sequence])).toEqual([
      ['a', 1],
      ['b', 3],
    ]);
  });

  test('calls of one channel commit in the order in which they were made', async () => {
    const log = await fresh();
    const calls = Array.from({ length: 200 }, (_, at) =>
      log.append('drop', [numbered(at + 1)], { position: at + 1 }),
    );
    await Promise.all(calls);
    const found = (await all(log.read())).map((entry) => text(entry.bytes));
    expect(found).toEqual(Array.from({ length: 200 }, (_, at) => `message ${at + 1}`));
    expect((await log.head('drop')).position).toBe(200);
  });
}

export function stating(fresh: Fresh): void {
  test('the position is committed with the batch, kept without one, and may come alone', async () => {
    const log = await fresh();
    await log.append('drop', [numbered(1)], { position: { nextIn: 2, list: ['a', null] } });
    expect((await log.head('drop')).position).toEqual({ nextIn: 2, list: ['a', null] });
    await log.append('drop', [numbered(2)]);
    expect((await log.head('drop')).position).toEqual({ nextIn: 2, list: ['a', null] });
    await log.append('drop', [], { position: { nextIn: 9 } });
    expect(await log.head('drop')).toMatchObject({ sequence: 2, position: { nextIn: 9 } });
    expect((await log.verify()).ok).toBe(true);
  });

  test('a repeated batch still moves the position', async () => {
    const log = await fresh();
    await log.append('drop', [numbered(1)], { position: 1 });
    await log.append('drop', [numbered(1)], { position: 2 });
    expect(await log.head('drop')).toMatchObject({ sequence: 1, position: 2 });
  });

  test('an epoch is one more than the last, or refused whole', async () => {
    const log = await fresh();
    await log.append('drop', [numbered(1)], { epoch: 1 });
    expect((await log.head('drop')).epoch).toBe(1);
    expect(await codeOf(log.append('drop', [numbered(2)], { epoch: 1 }))).toBe('LOG_EPOCH');
    expect(await codeOf(log.append('drop', [numbered(2)], { epoch: 3 }))).toBe('LOG_EPOCH');
    await log.append('drop', [], { epoch: 2 });
    expect(await log.head('drop')).toMatchObject({ epoch: 2, sequence: 1 });
    await log.append('drop', [numbered(2)]);
    expect((await log.head('drop')).epoch).toBe(2);
  });

  test('a batch that fails leaves nothing, and its neighbours stand', async () => {
    const log = await fresh();
    const wrong = numbered(99, 'x', { kind: 'revision', revision: 1 });
    const calls = [
      log.append('drop', [numbered(1)], { position: 1 }),
      log.append('drop', [numbered(2), wrong], { position: 2 }),
      log.append('drop', [numbered(3)]),
    ];
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await all(log.read())).map((entry) => text(entry.bytes))).toEqual(['message 1', 'message 3']);
    expect((await log.head('drop')).position).toBe(1);
  });
}

export function sizing(fresh: Fresh): void {
  test('large batches are split into blocks and stay one commit', async () => {
    const log = await fresh();
    const body = 'x'.repeat(1000);
    const batch = Array.from({ length: 2000 }, (_, at) => numbered(at + 1, `${at} ${body}`));
    const appended = await log.append('drop', batch, { position: 2000 });
    expect(appended.map((one) => one.outcome === 'appended' && one.sequence)).toEqual(
      batch.map((_, at) => at + 1),
    );
    const entries = await all(log.read());
    expect(entries.map((entry) => entry.offset)).toEqual(appended.map((one) => one.offset));
    expect(entries.map((entry) => text(entry.bytes)).join()).toBe(batch.map((one) => text(one.bytes)).join());
    expect((await log.verify()).ok).toBe(true);
  });

  test('more than a megabyte goes to a blob, and streams back', async () => {
    const log = await fresh();
    const big = Uint8Array.from({ length: 2_500_000 }, (_, at) => (at * 31) % 251);
    const batch = [numbered(1), numbered(2, '', { bytes: big }), numbered(3)];
    await log.append('drop', batch);
    const [first, second, third] = await all(log.read());
    expect([first?.storage, second?.storage, third?.storage]).toEqual(['inline', 'blob', 'inline']);
    expect(second).toMatchObject({ size: big.length, sequence: 2 });
    expect(second?.bytes.length).toBe(0);
    const streamed = Buffer.concat(await all(log.blob(second as Entry)));
    expect(streamed.equals(Buffer.from(big))).toBe(true);
    expect(text(Buffer.concat(await all(log.blob(third as Entry))))).toBe('message 3');
    expect(await log.verify()).toMatchObject({ ok: true, entries: 3, bytes: big.length + 18 });
  });

  test('a caller may write over its memory once the call has returned', async () => {
    const log = await fresh();
    const memory = Buffer.alloc(2_500_000);
    const calls: Promise<unknown>[] = [];
    const bodies = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const [at, body] of bodies.entries()) {
      memory.fill(body);
      const [small, whole] = [memory.subarray(0, 3000), memory.subarray(0, 1_500_000)];
      const batch = Array.from({ length: 40 }, (_, index) =>
        numbered(1 + at * 100 + index, '', { bytes: small, events: [memory.subarray(3000, 3100)] }),
      );
      calls.push(log.append('drop', [...batch, numbered(90 + at * 100, '', { bytes: whole, events: [] })]));
    }
    memory.fill('!');
    await Promise.all(calls);
    const entries = await all(log.read());
    expect(entries).toHaveLength(bodies.length * 41);
    for (const [at, entry] of entries.entries()) {
      const code = bodies[Math.floor(at / 41)]?.charCodeAt(0);
      const bytes = entry.storage === 'blob' ? Buffer.concat(await all(log.blob(entry))) : entry.bytes;
      expect(bytes.length).toBe(entry.storage === 'blob' ? 1_500_000 : 3000);
      expect([bytes, ...entry.events].every((part) => part.every((byte) => byte === code))).toBe(true);
    }
  });

  test('after close everything says LOG_CLOSED', async () => {
    const log = await fresh();
    await log.append('drop', [numbered(1)]);
    await log.close();
    await log.close();
    expect(await codeOf(log.append('drop', [numbered(2)]))).toBe('LOG_CLOSED');
    expect(await codeOf(log.head('drop'))).toBe('LOG_CLOSED');
  });
}
