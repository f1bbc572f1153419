import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { EntryDraft } from '../contract/entry.ts';
import { blockOfOffset } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import { originText } from '../contract/origin.ts';
import type { Projection } from '../contract/projection.ts';
import { isoOfMicros } from '../core/clock.ts';
import { type EventOf, encodeEvent, eventId } from '../events/index.ts';
import { memoryLog } from './memory.ts';
import type { ProjectionStore } from './projection-store.ts';
import { openProjections, type Projections } from './projections.ts';
import { openSqliteLog } from './sqlite-log.ts';

const start = 1_790_000_000_000_000;

interface Fill {
  readonly ordinal: number;
  readonly exec: string;
  readonly price?: string;
  readonly key?: string;
  readonly revision?: number;
}

/** A message that tells one fill; a revision of it, where one is named. */
function fill({ ordinal, exec, price = '10', key, revision = 0 }: Fill): EntryDraft {
  const origin = { scope: 'FIRM-OPS/1/in', ordinal };
  const receivedAt = start + ordinal * 1_000_000;
  const event: EventOf<'trade.executed'> = {
    id: eventId('drop', originText(origin), 'fill', revision),
    channel: 'drop',
    perspective: 'clearer',
    origin: originText(origin),
    revision,
    slot: 'fill',
    tenant: 'house',
    receivedAt: isoOfMicros(receivedAt),
    account: `ACC${exec}`,
    ...(key !== '' && { businessKey: key ?? `trade|${exec}` }),
    type: 'trade.executed',
    data: {
      execId: exec,
      orderId: `O-${exec}`,
      quantity: '100',
      price,
      side: 'buy',
      tradeDate: '2026-11-10',
    },
  };
  const bytes = Buffer.from(`${exec} at ${price}, revision ${revision}`);
  const draft: EntryDraft = {
    kind: 'message',
    direction: 'in',
    origin,
    receivedAt,
    bytes,
    events: [encodeEvent(event)],
  };
  return revision === 0 ? draft : { ...draft, kind: 'revision', revision, revises: origin };
}

async function opened(log: Log, directory = tempDirectory('views')): Promise<Projections> {
  const views = await openProjections(directory, log);
  await views.catchUp();
  return views;
}

const ids = (views: Projections, value: string, more = {}): string[] =>
  views.search.find({ value, ...more }).map((hit) => hit.id);

describe('search', () => {
  test('finds an event by each of its keys, by kind, by prefix and by time', async () => {
    const log = memoryLog();
    await log.append('drop', [
      fill({ ordinal: 1, exec: 'E1' }),
      fill({ ordinal: 2, exec: 'E12' }),
      fill({ ordinal: 3, exec: 'F1' }),
    ]);
    const views = await opened(log);
    const first = 'drop/FIRM-OPS/1/in:1#fill@0';
    expect(ids(views, 'E1')).toEqual([first]);
    expect(ids(views, 'O-E1')).toEqual([first]);
    expect(ids(views, 'ACCE1', { kind: 'account' })).toEqual([first]);
    expect(ids(views, 'ACCE1', { kind: 'exec' })).toEqual([]);
    expect(ids(views, 'E1', { prefix: true })).toHaveLength(2);
    expect(ids(views, 'E1', { prefix: true, kind: 'exec' })).toHaveLength(2);
    expect(ids(views, 'E')).toEqual([]);
    const second = start + 2_000_000;
    expect(views.search.find({ since: second, until: second + 1 }).map((hit) => hit.receivedAt)).toEqual([
      second,
    ]);
    expect(views.search.find({ type: 'trade.executed', channel: 'drop' })).toHaveLength(3);
    expect(views.search.find({ limit: 2 })).toHaveLength(2);
    const [hit] = views.search.find({ value: 'E1' });
    expect(hit).toMatchObject({
      index: 0,
      type: 'trade.executed',
      channel: 'drop',
      businessKey: 'trade|E1',
      voided: false,
    });
    expect((await log.get(hit?.offset ?? 0))?.sequence).toBe(1);
    await views.close();
  });

  test('an event that a revision took back is shown only to who asks for it', async () => {
    const log = memoryLog();
    await log.append('drop', [fill({ ordinal: 1, exec: 'E1' })]);
    await log.append('drop', [fill({ ordinal: 1, exec: 'E2', revision: 1 })]);
    const views = await opened(log);
    expect(ids(views, 'E1')).toEqual([]);
    expect(views.search.find({ value: 'E1', voided: true })).toMatchObject([{ voided: true }]);
    expect(ids(views, 'E2')).toEqual(['drop/FIRM-OPS/1/in:1#fill@1']);
    await views.close();
  });
});

describe('facts', () => {
  const standings = (views: Projections, key: string): string[] =>
    views.facts.fact(key).map((telling) => telling.standing);

  test('the first telling holds the fact; the same again is a repeat, another story a conflict', async () => {
    const log = memoryLog();
    await log.append('drop', [
      fill({ ordinal: 1, exec: 'E1' }),
      fill({ ordinal: 2, exec: 'E1' }),
      fill({ ordinal: 3, exec: 'E1', price: '10.5' }),
      fill({ ordinal: 4, exec: 'E1', price: '10.00' }),
      fill({ ordinal: 5, exec: 'E2' }),
      fill({ ordinal: 6, exec: 'E1', key: '' }),
    ]);
    const views = await opened(log);
    expect(standings(views, 'trade|E1')).toEqual(['first', 'repeated', 'conflict', 'repeated']);
    expect(standings(views, 'trade|E2')).toEqual(['first']);
    expect(standings(views, 'trade|E3')).toEqual([]);
    expect(views.facts.counts()).toEqual({ first: 3, repeated: 2, conflict: 1, void: 0 });
    const [conflict] = views.facts.standing('conflict');
    expect(conflict).toMatchObject({ first: 'drop/FIRM-OPS/1/in:1#fill@0', businessKey: 'trade|E1' });
    expect(views.facts.entry(conflict?.offset ?? 0)).toEqual([conflict]);
    await views.close();
  });

  test('when a revision takes the first telling back, the next one holds the fact', async () => {
    const log = memoryLog();
    await log.append('drop', [
      fill({ ordinal: 1, exec: 'E1', price: '9' }),
      fill({ ordinal: 2, exec: 'E1', price: '10' }),
      fill({ ordinal: 3, exec: 'E1', price: '10' }),
      fill({ ordinal: 4, exec: 'E1', price: '9' }),
    ]);
    const views = await opened(log);
    expect(standings(views, 'trade|E1')).toEqual(['first', 'conflict', 'conflict', 'repeated']);
    await log.append('drop', [fill({ ordinal: 1, exec: 'E1', price: '10', revision: 1 })]);
    await views.catchUp();
    expect(standings(views, 'trade|E1')).toEqual(['void', 'first', 'repeated', 'conflict', 'repeated']);
    await views.close();
  });

  test('what the log keeps as a conflict of origins tells no fact', async () => {
    const log = memoryLog();
    await log.append('drop', [fill({ ordinal: 1, exec: 'E1' })]);
    await log.append('drop', [fill({ ordinal: 1, exec: 'E2' })]);
    const views = await opened(log);
    expect(views.facts.counts()).toEqual({ first: 1, repeated: 0, conflict: 0, void: 0 });
    await views.close();
  });
});

describe('the views', () => {
  const answers = (views: Projections): unknown => [
    views.search.find({ voided: true, limit: 100_000 }),
    ['E0', 'E1', 'E2'].map((exec) => views.facts.fact(`trade|${exec}`)),
    views.facts.counts(),
    views.store.all('SELECT * FROM search_keys ORDER BY value, kind, offset, place'),
  ];

  test('folded bit by bit, folded again from nothing, and folded at once give the same answers', async () => {
    const step = fc.record({
      exec: fc.constantFrom('E0', 'E1', 'E2'),
      price: fc.constantFrom('1', '2'),
      revise: fc.nat(4),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(3), async (steps, pace) => {
        const directory = tempDirectory('views');
        const log = memoryLog();
        const slow = await openProjections(directory, log);
        const revisions = new Map<number, number>();
        for (const [at, { exec, price, revise }] of steps.entries()) {
          const old = revise < at ? revise : undefined;
          const revision = old === undefined ? 0 : (revisions.get(old) ?? 0) + 1;
          if (old !== undefined) revisions.set(old, revision);
          else revisions.set(at, 0);
          const known = old !== undefined && revisions.has(old);
          const ordinal = known ? old : at;
          const draft = fill({ ordinal, exec, price, revision });
          await log.append('drop', [draft]).catch(() => undefined);
          if (pace > 0 && at % pace === 0) await slow.catchUp();
        }
        await slow.catchUp();
        const before = answers(slow);
        await slow.close();
        for (const name of ['projections.db', 'projections.db-wal', 'projections.db-shm']) {
          rmSync(join(directory, name), { force: true });
        }
        const again = await opened(log, directory);
        expect(answers(again)).toEqual(before);
        await again.close();
      }),
      { numRuns: 15 },
    );
  });

  test('they keep up with a log that grows, and go on where they stopped', async () => {
    const directory = tempDirectory('views');
    const log = await openSqliteLog(directory);
    const views = await openProjections(directory, log);
    views.follow();
    for (let ordinal = 1; ordinal <= 20; ordinal++)
      await log.append('drop', [fill({ ordinal, exec: `E${ordinal}` })]);
    await expect.poll(() => ids(views, 'E20'), { timeout: 5_000 }).toHaveLength(1);
    expect(views.trouble).toBeUndefined();
    await views.close();
    await log.append('drop', [fill({ ordinal: 21, exec: 'E21' })]);
    const reader = await openSqliteLog(directory, { readOnly: true });
    const later = await openProjections(directory, reader);
    expect(await later.catchUp()).toBe(1);
    expect(ids(later, 'E21')).toHaveLength(1);
    expect(ids(later, 'E1')).toHaveLength(1);
    await later.close();
    await reader.close();
    await log.close();
  });

  test('two runners over one file fold each entry once', async () => {
    const directory = tempDirectory('views');
    const log = memoryLog();
    const [one, two] = [await openProjections(directory, log), await openProjections(directory, log)];
    for (let ordinal = 1; ordinal <= 300; ordinal++)
      await log.append('drop', [fill({ ordinal, exec: `E${ordinal}` })]);
    await Promise.all([one.catchUp(), two.catchUp()]);
    expect(one.search.find({ limit: 1_000 })).toHaveLength(300);
    expect(two.facts.counts().first).toBe(300);
    await one.close();
    await two.close();
  });

  test('another fingerprint folds its view again, and no other', async () => {
    const directory = tempDirectory('views');
    const log = memoryLog();
    await log.append('drop', [fill({ ordinal: 1, exec: 'E1' }), fill({ ordinal: 2, exec: 'E2' })]);
    let applied = 0;
    const counting = (fingerprint: string): Projection<ProjectionStore> => ({
      id: 'counting',
      fingerprint,
      create: (store) => store.define('CREATE TABLE counting_entries (offset INTEGER PRIMARY KEY)'),
      apply: (store, entry) => {
        applied += 1;
        store.run('INSERT INTO counting_entries VALUES (?)', entry.offset);
      },
    });
    const run = async (fingerprint: string): Promise<number> => {
      const views = await openProjections(directory, log, { projections: [counting(fingerprint)] });
      const read = await views.catchUp();
      expect(views.store.all('SELECT * FROM counting_entries')).toHaveLength(2);
      expect(new Set(views.status().map((one) => one.offset))).toEqual(
        new Set([blockOfOffset(65_536) * 65_536 + 1]),
      );
      await views.close();
      return read;
    };
    expect(await run('1')).toBe(2);
    expect(await run('1')).toBe(0);
    expect(await run('2')).toBe(2);
    expect(applied).toBe(4);
  });

  test('another log under the same views is folded from its beginning', async () => {
    const directory = tempDirectory('views');
    const [old, restored] = [memoryLog(), memoryLog()];
    await old.append('drop', [fill({ ordinal: 1, exec: 'E1' }), fill({ ordinal: 2, exec: 'E2' })]);
    await restored.append('drop', [fill({ ordinal: 1, exec: 'E7' })]);
    await (await opened(old, directory)).close();
    const views = await opened(restored, directory);
    expect(ids(views, 'E1')).toEqual([]);
    expect(ids(views, 'E7')).toHaveLength(1);
    expect(views.facts.counts().first).toBe(1);
    await views.close();
  });

  test('a file that is no database is thrown away and made again', async () => {
    const directory = tempDirectory('views');
    writeFileSync(join(directory, 'projections.db'), 'x'.repeat(10_000));
    const log = memoryLog();
    await log.append('drop', [fill({ ordinal: 1, exec: 'E1' })]);
    const views = await opened(log, directory);
    expect(ids(views, 'E1')).toHaveLength(1);
    await views.close();
  });
});
