import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { limits } from '../core/limits.ts';
import { openSqliteLog } from './sqlite-log.ts';
import { all, codeOf, numbered, text } from './suite-drafts.ts';
import { inlineWriter } from './suite-inline-writer.ts';
import type { LogWriter } from './writer.ts';

/** A log whose first commit fails when `answer` is called; the second one is answered after it, and all others wait. */
async function failingFirst() {
  const told = Promise.withResolvers<void>();
  let writer: LogWriter | undefined;
  let commits = 0;
  const log = await openSqliteLog(tempDirectory('queue'), {
    limits: { ...limits, entryBytesInlineMax: 3_000, blockInlineBytesMax: Number.POSITIVE_INFINITY },
    writer: async (options) => {
      const port = await inlineWriter((opened) => {
        writer = opened;
      })(options);
      return {
        ...port,
        commit: async (group) => {
          commits += 1;
          if (commits === 2) await told.promise;
          if (commits > 1) return port.commit(group);
          writer?.database.exec('PRAGMA max_page_count = 1');
          const outcomes = await port.commit(group);
          writer?.database.exec('PRAGMA max_page_count = 1000000');
          await told.promise;
          return outcomes;
        },
      };
    },
  });
  return { log, answer: told.resolve, commits: () => commits };
}

test('behind a failure, what has a position is refused, and what has none is appended, whole and in order', async () => {
  const { log, answer, commits } = await failingFirst();
  const large = Array.from({ length: 40 }, (_, at) => numbered(100 + at, 'x'.repeat(2_000)));
  const first = codeOf(log.append('drop', large, { position: 1 }));
  await expect.poll(commits).toBe(1);
  // A second group may be with the writer too: of another channel, so that those of this one wait together.
  const beside = log.append('other', [numbered(1)]);
  await expect.poll(commits).toBe(2);
  const waiting = [
    codeOf(log.append('drop', [numbered(2), numbered(3)])),
    codeOf(log.append('drop', [numbered(4)], { position: 4 })),
    codeOf(log.append('drop', [numbered(5, 'b'.repeat(5_000)), numbered(6)])),
    codeOf(log.append('drop', [], { position: 6 })),
    codeOf(log.append('drop', [numbered(7)])),
  ];
  answer();
  expect(await first).toBe('LOG_DISK_FULL');
  await beside;
  expect(await Promise.all(waiting)).toEqual([
    undefined,
    'LOG_AFTER_FAILURE',
    undefined,
    'LOG_AFTER_FAILURE',
    undefined,
  ]);
  const entries = await all(log.read({ channel: 'drop' }));
  expect(entries.map(({ origin, size }) => ('ordinal' in origin ? [origin.ordinal, size] : []))).toEqual([
    [2, 9],
    [3, 9],
    [5, 5_000],
    [6, 9],
    [7, 9],
  ]);
  expect(text(entries[4]?.bytes ?? new Uint8Array())).toBe('message 7');
  expect((await log.verify()).findings).toEqual([]);
  await log.close();
});

test('what cannot be encoded takes nothing with it but those that it would have been committed with', async () => {
  const log = await openSqliteLog(tempDirectory('queue'));
  const good = log.append('drop', [numbered(1)]);
  await expect(log.append('drop', [{ ...numbered(2), digest: 'no hex text!' }])).rejects.toThrow('hex');
  expect(await codeOf(good)).toContain('hex');
  await log.head('drop');
  expect(await log.append('drop', [numbered(1), numbered(2)], { position: 2 })).toHaveLength(2);
  expect((await log.verify()).findings).toEqual([]);
  await log.close();
});

test('a thousand channels that wait at once need memory for what they say, and not for what they could', async () => {
  const log = await openSqliteLog(tempDirectory('queue'), { durability: 'off' });
  const before = process.memoryUsage().arrayBuffers;
  const appends = Array.from({ length: 1_000 }, (_, at) => log.append(`channel ${at}`, [numbered(1)]));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024);
  await Promise.all(appends);
  await log.close();
});

test('memory that goes to the writer and comes back brings nothing of one batch into another', async () => {
  const log = await openSqliteLog(tempDirectory('reuse'), { durability: 'off' });
  const body = (channel: number, number: number): string =>
    `${channel}/${number} `.padEnd(20 + ((channel * 7919 + number * 104_729) % 900), `${channel}-${number}.`);
  const next = new Map<number, number>();
  const calls: Promise<unknown>[] = [];
  for (let call = 0; call < 400; call++) {
    const channel = randomInt(8);
    const from = next.get(channel) ?? 1;
    const count = randomInt(4) === 0 ? randomInt(100, 900) : randomInt(1, 8);
    next.set(channel, from + count);
    const batch = Array.from({ length: count }, (_, at) => numbered(from + at, body(channel, from + at)));
    calls.push(log.append(`c${channel}`, batch));
    // Some wait for others, so that memory is on its way in both directions.
    if (randomInt(3) === 0) await calls[randomInt(calls.length)];
  }
  await Promise.all(calls);
  for (const [channel, end] of next) {
    let number = 1;
    for await (const entry of log.read({ channel: `c${channel}` })) {
      const told = [text(entry.bytes), ...entry.events.map(text)];
      const said = body(channel, number);
      if (told[0] !== said || told[1] !== `event of ${said}`)
        expect(told).toEqual([said, `event of ${said}`]);
      number += 1;
    }
    expect(number).toBe(end);
  }
  expect(await log.verify()).toMatchObject({ ok: true });
  await log.close();
});
