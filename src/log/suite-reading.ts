import { expect, test } from 'vitest';
import { blockOfOffset } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import { all, type Fresh, numbered } from './suite-drafts.ts';

export function reading(fresh: Fresh): void {
  test('a read begins and ends where it is told, and keeps to its channel', async () => {
    const log = await fresh();
    await log.append('a', [numbered(1), numbered(2), numbered(3)]);
    await log.append('b', [numbered(1), numbered(2)]);
    await log.append('a', [numbered(4)]);
    const offsets = (await all(log.read())).map((entry) => entry.offset);
    const names = async (options: Parameters<Log['read']>[0]): Promise<string[]> =>
      (await all(log.read(options))).map((entry) => `${entry.channel}${entry.sequence}`);
    expect(await names({ from: offsets[1] ?? 0, to: offsets[3] ?? 0 })).toEqual(['a2', 'a3', 'b1']);
    expect(await names({ channel: 'a' })).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(await names({ channel: 'a', from: (offsets[2] ?? 0) + 1 })).toEqual(['a4']);
    expect(await names({ channel: 'c' })).toEqual([]);
    expect(await names({ from: (offsets.at(-1) ?? 0) + 1 })).toEqual([]);
  });

  test('a read gives what was committed when it was made', async () => {
    const log = await fresh();
    await log.append('a', [numbered(1)]);
    const reader = log.read();
    await log.append('a', [numbered(2)]);
    expect(await all(reader)).toHaveLength(1);
  });

  test('an append that resolved is read', async () => {
    const log = await fresh();
    for (let at = 1; at <= 20; at++) {
      const [appended] = await log.append('a', [numbered(at)]);
      expect(await log.get(appended?.offset ?? 0)).toMatchObject({ sequence: at });
    }
  });

  test('get gives nothing for an offset that is no entry', async () => {
    const log = await fresh();
    const [appended] = await log.append('a', [numbered(1)]);
    expect(await log.get((appended?.offset ?? 0) + 1)).toBeUndefined();
    expect(await log.get(0)).toBeUndefined();
    expect(blockOfOffset(appended?.offset ?? 0)).toBe((await log.head('a')).block);
  });
}

export function subscribing(fresh: Fresh): void {
  test('a subscriber gets the past, and then every entry, in order, until its signal', async () => {
    const log = await fresh();
    await log.append('a', [numbered(1), numbered(2)]);
    const stop = new AbortController();
    const seen: number[] = [];
    const done = (async () => {
      for await (const entry of log.subscribe({}, stop.signal)) {
        seen.push(entry.sequence);
        if (entry.sequence === 50) stop.abort();
      }
    })();
    for (let at = 3; at <= 50; at++) await log.append('a', [numbered(at)]);
    await done;
    expect(seen).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
  });

  test('a slow subscriber misses nothing and holds nobody up', async () => {
    const log = await fresh();
    const stop = new AbortController();
    const slow: number[] = [];
    const fast: number[] = [];
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const follow = async (into: number[], wait: Promise<void>): Promise<void> => {
      for await (const entry of log.subscribe({ channel: 'a' }, stop.signal)) {
        into.push(entry.sequence);
        if (into.length === 30) return;
        await wait;
      }
    };
    const [slowly, quickly] = [follow(slow, held), follow(fast, Promise.resolve())];
    for (let at = 1; at <= 30; at++) {
      await log.append('a', [numbered(at)]);
      await log.append('b', [numbered(at)]);
    }
    await quickly;
    expect(slow).toEqual([1]);
    goOn();
    await slowly;
    expect(slow).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
    expect(fast).toEqual(slow);
  });

  test('a subscription ends at its offset, at the signal, and when the log closes', async () => {
    const log = await fresh();
    const [first] = await log.append('a', [numbered(1), numbered(2)]);
    const never = new AbortController();
    expect(await all(log.subscribe({ to: first?.offset ?? 0 }, never.signal))).toHaveLength(1);
    const stop = new AbortController();
    const stopped = all(log.subscribe({}, stop.signal));
    setTimeout(() => stop.abort(), 10);
    expect(await stopped).toHaveLength(2);
    const closing = all(log.subscribe({}, never.signal));
    setTimeout(() => log.close(), 10);
    expect(await closing).toHaveLength(2);
  });
}
