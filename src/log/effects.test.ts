import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { EntryDraft } from '../contract/entry.ts';
import { offsetsPerBlock } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import { originText } from '../contract/origin.ts';
import { isoOfMicros } from '../core/clock.ts';
import { type Event, type EventOf, encodeEvent, eventId } from '../events/index.ts';
import { effectsAt } from './effects.ts';
import { memoryLog } from './memory.ts';
import { openProjections, type Projections } from './projections.ts';

const start = 1_790_000_000_000_000;

/** What a message says of one execution: short, so that a history reads like one. */
interface Said {
  readonly type: 'executed' | 'corrected' | 'busted';
  readonly exec: string;
  readonly price?: string;
  /** ExecID of the fill that a correction or bust is about. */
  readonly about?: string;
  readonly date?: string;
  /** The date was computed: the message did not say it. */
  readonly undated?: boolean;
}

interface Step {
  /** Position of the message; one that stands there already is revised. */
  readonly ordinal: number;
  readonly said: readonly Said[];
}

const keyOf = (exec: string, date: string): string => `trade|FIRM||${date}|${exec}|buy`;

function eventOf(said: Said, at: number, ordinal: number, revision: number): Event {
  const { type, exec, price = '10', about, date = '2026-11-10', undated = false } = said;
  const origin = originText({ scope: 'day', ordinal });
  const slot = `trade-${at}`;
  const target = about === undefined ? undefined : keyOf(about, date);
  const common = {
    id: eventId('orders', origin, slot, revision),
    businessKey: keyOf(exec, date),
    channel: 'orders',
    perspective: 'ours',
    origin,
    revision,
    slot,
    tenant: 'house',
    account: 'A1',
    receivedAt: isoOfMicros(start + ordinal),
    ...(undated && { computed: ['data.tradeDate'] }),
  } as const;
  const data = { execId: exec, side: 'buy', quantity: '100', price, tradeDate: date };
  if (type === 'busted')
    return {
      ...common,
      ...(target && { reverses: target }),
      type: 'trade.busted',
      data,
    } satisfies EventOf<'trade.busted'>;
  if (type === 'corrected')
    return { ...common, ...(target && { replaces: target }), type: 'trade.corrected', data };
  return { ...common, type: 'trade.executed', data };
}

/** A log that tells a history, and the events of each entry beside it. */
async function told(
  steps: readonly Step[],
): Promise<{ readonly log: Log; readonly entries: readonly ModelEntry[] }> {
  const log = memoryLog();
  const entries: ModelEntry[] = [];
  const revisions = new Map<number, { revision: number; at: number }>();
  for (const [serial, { ordinal, said }] of steps.entries()) {
    const known = revisions.get(ordinal);
    const revision = known === undefined ? 0 : known.revision + 1;
    const events = said.map((one, at) => eventOf(one, at, ordinal, revision));
    const origin = { scope: 'day', ordinal };
    const draft: EntryDraft = {
      kind: revision === 0 ? 'message' : 'revision',
      direction: 'in',
      origin,
      receivedAt: start + serial,
      bytes: Buffer.from(`${ordinal}@${revision}`),
      events: events.map(encodeEvent),
      ...(revision > 0 && { revision, revises: origin }),
    };
    await log.append('orders', [draft]);
    revisions.set(ordinal, { revision, at: entries.length });
    entries.push({ offset: (serial + 1) * offsetsPerBlock, events, ...(known && { voids: known.at }) });
  }
  return { log, entries };
}

interface ModelEntry {
  readonly offset: number;
  readonly events: readonly Event[];
  /** Which entry it takes back. */
  readonly voids?: number;
}

/** Ids of the events that count after these entries, computed directly: the definition, as plainly as it can be said. */
function counting(entries: readonly ModelEntry[]): string[] {
  const gone = new Set(entries.map(({ voids }) => voids));
  const standing = entries.flatMap(({ events }, at) => (gone.has(at) ? [] : events));
  const firsts = standing.filter(
    (event, at) => standing.findIndex(({ businessKey }) => businessKey === event.businessKey) === at,
  );
  const undatedOf = (key: string): string => key.replace(/\|2026-..-..\|/, '||');
  const targetOf = (event: Event): string | undefined => {
    const target = event.reverses ?? event.replaces;
    if (target === undefined || event.computed === undefined) return target;
    if (standing.some(({ businessKey }) => businessKey === target)) return target;
    const keys = standing
      .map(({ businessKey = '' }) => businessKey)
      .filter((key) => undatedOf(key) === undatedOf(target) && key !== event.businessKey);
    return new Set(keys).size === 1 ? keys[0] : target;
  };
  return firsts
    .filter((event, at) => {
      if (firsts.some((other) => other !== event && targetOf(other) === event.businessKey)) return false;
      const replaced = event.replaces === undefined ? undefined : targetOf(event);
      if (replaced === undefined || replaced === event.businessKey) return true;
      return !firsts.some(
        (other, later) =>
          other !== event &&
          other.businessKey !== replaced &&
          targetOf(other) === replaced &&
          (other.reverses !== undefined || later > at),
      );
    })
    .map(({ id }) => id)
    .sort();
}

async function folded(log: Log, directory = tempDirectory('effects')): Promise<Projections> {
  const views = await openProjections(directory, log);
  await views.catchUp();
  return views;
}

const rows = (views: Projections): unknown =>
  views.store.all('SELECT * FROM facts_effects ORDER BY offset, number');

/** Each effect as `+E1 told`, with the ordinal of the entry that told the event. */
function lines(views: Projections, entries: readonly ModelEntry[]): string[][] {
  return entries.map(({ offset }) =>
    effectsAt(views.store, offset).map(({ sign, event, because }) => {
      const id = 'execId' in event.data ? event.data.execId : undefined;
      return `${sign > 0 ? '+' : '-'}${id} ${because}`;
    }),
  );
}

async function effectLines(steps: readonly Step[]): Promise<string[][]> {
  const { log, entries } = await told(steps);
  const views = await folded(log);
  const found = lines(views, entries);
  await views.close();
  return found;
}

const fill = (exec: string, more: Partial<Said> = {}): Said => ({ type: 'executed', exec, ...more });
const correct = (exec: string, about: string, more: Partial<Said> = {}): Said => ({
  type: 'corrected',
  exec,
  about,
  price: '11',
  ...more,
});
const bust = (exec: string, about: string, more: Partial<Said> = {}): Said => ({
  type: 'busted',
  exec,
  about,
  ...more,
});
/** One message a step. */
const day = (...said: readonly Said[]): Step[] => said.map((one, at) => ({ ordinal: at + 1, said: [one] }));

describe('what counts', () => {
  test('a fill counts once; a repeat and a conflict do not', async () => {
    expect(await effectLines(day(fill('E1'), fill('E1'), fill('E1', { price: '9' })))).toEqual([
      ['+E1 told'],
      [],
      [],
    ]);
  });

  test('a bust ends a fill, a correction takes its place', async () => {
    const history = day(fill('E1'), fill('E2'), bust('B1', 'E1'), correct('C2', 'E2'));
    expect(await effectLines(history)).toEqual([
      ['+E1 told'],
      ['+E2 told'],
      ['-E1 reversed', '+B1 told'],
      ['-E2 replaced', '+C2 told'],
    ]);
  });

  test('what came before its original keeps it from counting', async () => {
    expect(await effectLines(day(correct('C1', 'E1'), fill('E1'), bust('B2', 'E2'), fill('E2')))).toEqual([
      ['+C1 told'],
      [],
      ['+B2 told'],
      [],
    ]);
  });

  test('corrections of corrections: in a chain, and all of the original', async () => {
    expect(
      await effectLines(day(fill('E1'), correct('C1', 'E1'), correct('C2', 'C1'), bust('B', 'C2'))),
    ).toEqual([
      ['+E1 told'],
      ['-E1 replaced', '+C1 told'],
      ['-C1 replaced', '+C2 told'],
      ['-C2 reversed', '+B told'],
    ]);
    expect(
      await effectLines(day(fill('E1'), correct('C1', 'E1'), correct('C2', 'E1'), bust('B', 'E1'))),
    ).toEqual([
      ['+E1 told'],
      ['-E1 replaced', '+C1 told'],
      ['-C1 replaced', '+C2 told'],
      ['-C2 reversed', '+B told'],
    ]);
  });

  test('a revision takes back, and what it held back is restored', async () => {
    const history: Step[] = [
      ...day(fill('E1'), bust('B1', 'E1'), fill('E2'), fill('E2', { price: '9' })),
      { ordinal: 2, said: [] },
      { ordinal: 3, said: [] },
      { ordinal: 1, said: [fill('E1', { price: '12' })] },
    ];
    expect((await effectLines(history)).slice(4)).toEqual([
      ['-B1 voided', '+E1 restored'],
      ['-E2 voided', '+E2 restored'],
      ['-E1 voided', '+E1 told'],
    ]);
  });

  test('a bust that does not say its trade date finds the one fill with that id', async () => {
    const late = { date: '2026-11-12', undated: true };
    const other = { date: '2026-11-11' };
    expect((await effectLines(day(fill('E1'), bust('B1', 'E1', late))))[1]).toEqual([
      '-E1 reversed',
      '+B1 told',
    ]);
    expect((await effectLines(day(bust('B1', 'E1', late), fill('E1'))))[1]).toEqual([]);
    // Two fills have the id: it is not known which is meant, until one of them is taken back.
    const two: Step[] = [
      ...day(fill('E1'), fill('E1', other), bust('B1', 'E1', late)),
      { ordinal: 2, said: [] },
    ];
    expect((await effectLines(two)).slice(2)).toEqual([['+B1 told'], ['-E1 reversed', '-E1 voided']]);
    // A date that was said is not looked beside.
    expect((await effectLines(day(fill('E1'), bust('B1', 'E1', other))))[1]).toEqual(['+B1 told']);
  });

  test('an effect names its event, where it stands and what did it', async () => {
    const { log, entries } = await told(day(fill('E1'), bust('B1', 'E1')));
    const views = await folded(log);
    const [end] = effectsAt(views.store, entries[1]?.offset ?? 0);
    expect(end).toMatchObject({
      number: 0,
      sign: -1,
      source: entries[0]?.offset,
      by: 'orders/day:2#trade-0@0',
      event: entries[0]?.events[0],
    });
    await views.close();
  });

  test('balances, feeds and events without a business key do not count', async () => {
    const log = memoryLog();
    const [event] = [eventOf(fill('E1'), 0, 1, 0)];
    const { businessKey, type, data, ...common } = event as EventOf<'trade.executed'>;
    const events: Event[] = [
      { ...common, type, data },
      { ...common, businessKey, type: 'position.reported', data: { quantity: '1' } },
      { ...common, businessKey, type: 'order.reported', data: {} },
      { ...common, businessKey, type: 'feed.arrived', data: {} },
    ].map((one, at) => ({ ...one, id: `${one.id}.${at}` }) as Event);
    const draft: EntryDraft = {
      kind: 'message',
      direction: 'in',
      origin: { scope: 'day', ordinal: 1 },
      receivedAt: start,
      bytes: Buffer.from('1'),
      events: events.map(encodeEvent),
    };
    await log.append('orders', [draft]);
    const views = await folded(log);
    expect(effectsAt(views.store, offsetsPerBlock)).toEqual([]);
    await views.close();
  });
});

describe('laws over random histories', () => {
  const exec = fc.constantFrom('E1', 'E2', 'E3');
  const said: fc.Arbitrary<Said> = fc.record(
    {
      type: fc.constantFrom('executed' as const, 'corrected' as const, 'busted' as const),
      exec: fc.constantFrom('E1', 'E2', 'E3', 'C1', 'C2'),
      about: exec,
      price: fc.constantFrom('10', '11'),
      date: fc.constantFrom('2026-11-10', '2026-11-11'),
      undated: fc.boolean(),
    },
    { requiredKeys: ['type', 'exec'] },
  );
  const history = fc.array(
    fc.record({ ordinal: fc.integer({ min: 1, max: 9 }), said: fc.array(said, { maxLength: 2 }) }),
    { minLength: 1, maxLength: 14 },
  );

  test('effects of an event sum to 0 or 1, and what is left over is what the definition says', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const { log, entries } = await told(steps);
        const views = await folded(log);
        const sums = new Map<string, number>();
        for (const [at, { offset }] of entries.entries()) {
          for (const { event, sign } of effectsAt(views.store, offset)) {
            const sum = (sums.get(event.id) ?? 0) + sign;
            expect([0, 1]).toContain(sum);
            sums.set(event.id, sum);
          }
          const left = [...sums].filter(([, sum]) => sum === 1).map(([id]) => id);
          expect(left.sort()).toEqual(counting(entries.slice(0, at + 1)));
        }
        await views.close();
      }),
      { numRuns: 150 },
    );
  });

  test('folded entry by entry, and again from nothing, the effects are the same', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const { log } = await told(steps);
        const once = await folded(log);
        const copy = memoryLog();
        const bit = await openProjections(tempDirectory('effects-bit'), copy);
        for await (const entry of log.read()) {
          const { kind, direction, origin, receivedAt, bytes, events, revision } = entry;
          const draft: EntryDraft = { kind, direction, origin, receivedAt, bytes, events };
          await copy.append('orders', [
            kind === 'revision' ? { ...draft, revision, revises: origin } : draft,
          ]);
          await bit.catchUp();
        }
        expect(rows(bit)).toEqual(rows(once));
        await once.close();
        await bit.close();
      }),
      { numRuns: 25 },
    );
  });
});
