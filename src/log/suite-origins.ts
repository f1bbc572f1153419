import { expect, test } from 'vitest';
import type { EntryDraft } from '../contract/entry.ts';
import { all, codeOf, type Fresh, keyed, numbered, text } from './suite-drafts.ts';

export function repeating(fresh: Fresh): void {
  test('the same origin and digest is one entry, and the repeat is counted', async () => {
    const log = await fresh();
    const [first] = await log.append('drop', [numbered(1), keyed('k')]);
    const again = [numbered(1, undefined, { receivedAt: 1_700_000_000_000_009 }), keyed('k')];
    expect(await log.append('drop', again)).toMatchObject([
      { outcome: 'repeated', offset: first?.offset, repeats: 1 },
      { outcome: 'repeated', repeats: 1 },
    ]);
    expect(await log.append('drop', [numbered(1)])).toMatchObject([{ outcome: 'repeated', repeats: 2 }]);
    expect(await log.head('drop')).toMatchObject({ sequence: 2 });
    const repeats = await log.repeats('drop');
    expect(repeats.map((one) => [one.origin, one.count])).toEqual([
      [{ scope: 'FIRM-OPS/1/in', ordinal: 1 }, 2],
      [{ scope: 'queue', key: 'k' }, 1],
    ]);
    expect(repeats[0]).toMatchObject({ offset: first?.offset, lastAt: 1_700_000_000_000_000 });
    expect(await log.repeats('other')).toEqual([]);
    expect((await log.verify()).ok).toBe(true);
  });

  test('a repeat inside one batch is a repeat too', async () => {
    const log = await fresh();
    const appended = await log.append('drop', [
      numbered(1),
      numbered(2),
      numbered(1),
      keyed('k'),
      keyed('k'),
    ]);
    expect(appended.map((one) => one.outcome)).toEqual([
      'appended',
      'appended',
      'repeated',
      'appended',
      'repeated',
    ]);
    expect(appended[2]?.offset).toBe(appended[0]?.offset);
    expect(await all(log.read())).toHaveLength(3);
  });

  test('the same origin in another channel or scope is another message', async () => {
    const log = await fresh();
    await log.append('a', [numbered(1)]);
    const other = { ...numbered(1), origin: { scope: 'FIRM-OPS/2/in', ordinal: 1 } };
    const looksAlike = { ...numbered(1), origin: { scope: 'FIRM-OPS/1/in', key: '1' } };
    expect(await log.append('b', [numbered(1)])).toMatchObject([{ outcome: 'appended' }]);
    expect(await log.append('a', [other, looksAlike])).toMatchObject([
      { outcome: 'appended' },
      { outcome: 'appended' },
    ]);
  });

  test('another digest under a taken origin is kept as a conflict, once', async () => {
    const log = await fresh();
    const [first, firstKeyed] = await log.append('drop', [numbered(1), keyed('k')]);
    const [conflict, other] = await log.append('drop', [numbered(1, 'changed'), keyed('k', 'changed too')]);
    expect(conflict).toMatchObject({ outcome: 'conflict', first: first?.offset });
    expect(other).toMatchObject({ outcome: 'conflict', first: firstKeyed?.offset });
    const kept = await log.get(conflict?.offset ?? 0);
    expect(kept).toMatchObject({ kind: 'conflict', sequence: 3, events: [] });
    expect(text(kept?.bytes ?? new Uint8Array())).toBe('changed');
    expect(kept?.issues.map((issue) => issue.code)).toEqual(['LOG_CONFLICT']);
    expect(await log.append('drop', [numbered(1, 'changed')])).toMatchObject([
      { outcome: 'repeated', offset: conflict?.offset, repeats: 1 },
    ]);
    expect(await log.append('drop', [numbered(1)])).toMatchObject([
      { outcome: 'repeated', offset: first?.offset },
    ]);
    expect(await log.find('drop', { scope: 'FIRM-OPS/1/in', ordinal: 1 })).toMatchObject({
      offset: first?.offset,
    });
    expect((await log.verify()).ok).toBe(true);
  });

  test('a digest of the codec decides, not the bytes', async () => {
    const log = await fresh();
    const digest = '11'.repeat(32);
    await log.append('drop', [numbered(1, 'sent at ten', { digest })]);
    expect(await log.append('drop', [numbered(1, 'sent again at eleven', { digest })])).toMatchObject([
      { outcome: 'repeated' },
    ]);
    expect(await all(log.read())).toHaveLength(1);
  });

  test('a hole that is filled late is new', async () => {
    const log = await fresh();
    await log.append('drop', [numbered(1), numbered(5), numbered(6)]);
    await log.append('drop', [numbered(10)]);
    const late = await log.append('drop', [numbered(3), numbered(5), numbered(2), numbered(8)]);
    expect(late.map((one) => one.outcome)).toEqual(['appended', 'repeated', 'appended', 'appended']);
    expect(await log.append('drop', [numbered(2), numbered(3), numbered(4)])).toMatchObject([
      { outcome: 'repeated' },
      { outcome: 'repeated' },
      { outcome: 'appended' },
    ]);
    const found = await log.find('drop', { scope: 'FIRM-OPS/1/in', ordinal: 8 });
    expect(text(found?.bytes ?? new Uint8Array())).toBe('message 8');
    expect(await log.find('drop', { scope: 'FIRM-OPS/1/in', ordinal: 7 })).toBeUndefined();
    expect((await log.verify()).ok).toBe(true);
  });
}

export function revising(fresh: Fresh): void {
  const origin = { scope: 'FIRM-OPS/1/in', ordinal: 1 };
  const revised = (revision: number, body: string): EntryDraft =>
    numbered(1, body, { kind: 'revision', revision, revises: origin, by: 'anna', reason: 'wrong layout' });

  test('a revision voids the one before it, and find gives the newest', async () => {
    const log = await fresh();
    const [first] = await log.append('drop', [numbered(1)]);
    const [second] = await log.append('drop', [revised(1, 'better')]);
    const [third] = await log.append('drop', [revised(2, 'best')]);
    expect(await log.get(second?.offset ?? 0)).toMatchObject({ revision: 1, voids: first?.offset });
    expect(await log.find('drop', origin)).toMatchObject({ offset: third?.offset, voids: second?.offset });
    expect(await log.find('drop', origin, 0)).toMatchObject({ offset: first?.offset, revision: 0 });
    expect(await log.find('drop', origin, 1)).toMatchObject({ offset: second?.offset });
    expect(await log.find('drop', origin, 3)).toBeUndefined();
    expect(await log.append('drop', [numbered(1)])).toMatchObject([{ offset: first?.offset }]);
    expect((await log.verify()).ok).toBe(true);
  });

  test('a revision of nothing, a skipped one and one under another origin are refused', async () => {
    const log = await fresh();
    expect(await codeOf(log.append('drop', [revised(1, 'x')]))).toBe('LOG_REVISION');
    await log.append('drop', [numbered(1)]);
    expect(await codeOf(log.append('drop', [revised(2, 'x')]))).toBe('LOG_REVISION');
    expect(await codeOf(log.append('drop', [revised(0, 'x')]))).toBe('LOG_REVISION');
    const elsewhere = { ...revised(1, 'x'), revises: { scope: 'FIRM-OPS/1/in', ordinal: 2 } };
    expect(await codeOf(log.append('drop', [elsewhere]))).toBe('LOG_REVISION');
    await log.append('drop', [revised(1, 'x')]);
    expect(await codeOf(log.append('drop', [revised(1, 'other')]))).toBe('LOG_REVISION');
    expect(await all(log.read())).toHaveLength(2);
  });

  test('the same revision again is a repeat; an original and its revision fit in one batch', async () => {
    const log = await fresh();
    const [first, second] = await log.append('drop', [numbered(1), revised(1, 'better')]);
    expect(await log.get(second?.offset ?? 0)).toMatchObject({ voids: first?.offset });
    expect(await log.append('drop', [revised(1, 'better')])).toMatchObject([
      { outcome: 'repeated', offset: second?.offset, repeats: 1 },
    ]);
  });
}
