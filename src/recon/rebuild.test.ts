import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { bookProjection } from '../book/index.ts';
import {
  adopted,
  balance,
  bust,
  closed,
  fill,
  type Message,
  openingCashFile,
  openingFile,
  position,
  Story,
  type Told,
} from '../book/testing/story.ts';
import type { Log } from '../contract/log.ts';
import { memoryLog, openProjections, type Projections } from '../log/index.ts';
import { reconProjection } from './projection.ts';
import { ReconView } from './view.ts';

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const date = pick('2026-11-10', '2026-11-11');
const exec = pick('E1', 'E2', 'E3');
const account = pick('A1', 'A2');
const cusip = pick('990000108', '990000207');
const occurredAt = pick('2026-11-10T15:00:00Z', '2026-11-11T01:00:00Z');

const deal = fc.record({
  exec,
  account,
  cusip,
  side: pick('buy', 'sell'),
  quantity: pick('100', '200'),
  price: pick('10', '11'),
  tradeDate: date,
  occurredAt,
});
const ours = fc.oneof(
  deal.map(fill),
  fc.record({ about: exec, deal }).map(({ about, deal: one }) => fill({ ...one, exec: `C${about}`, about })),
  fc.record({ exec: pick('B1', 'B2'), about: exec, tradeDate: date, occurredAt }).map(bust),
);
/** The same trade as the clearer has it: by their number, for our reference. */
const theirs = deal.map((given): Told => {
  const told = fill(given);
  const { exec: name, tradeDate } = given;
  const businessKey = `trade|CLR|booked|${tradeDate}|T-${name}`;
  const attributes = { ...told.attributes, businessKey, businessDate: tradeDate };
  return { ...told, slot: name, attributes, data: { ...told.data, execId: `T-${name}`, referenceId: name } };
});

const ends: Record<string, string> = { positions: 'POS', cash: 'CSH', activity: 'ACT' };
function closing(kind: 'positions' | 'cash' | 'activity', day: string): Told {
  const end = closed('positions', `${ends[kind]}/${day}`, 'end-of-day');
  const cutAt = `${day}T23:00:00Z`;
  return { ...end, attributes: { businessDate: day, asOf: day }, data: { ...end.data, kind, cutAt } };
}
const amounts = pick<[string, string]>(['100', '0'], ['300', '300'], ['-100', '100']);
const positionsFile = fc
  .record({ day: date, rows: fc.array(fc.record({ account, cusip, amounts }), { maxLength: 3 }) })
  .map(({ day, rows }) => [
    ...rows.flatMap((row) => position(row.account, row.cusip, row.amounts, `POS/${day}`)),
    closing('positions', day),
  ]);
const cashFile = fc.record({ day: date, account, amounts }).map((row) => {
  return [...balance(row.account, row.amounts, `CSH/${row.day}`), closing('cash', row.day)];
});
const activityFile = fc
  .record({ day: date, trades: fc.uniqueArray(theirs, { maxLength: 3, selector: ({ slot }) => slot }) })
  .map(({ day, trades }) => [...trades, closing('activity', day)]);

type Step = Pick<Message, 'channel' | 'perspective' | 'told' | 'ordinal'>;
const message = (
  channel: string,
  told: fc.Arbitrary<readonly Told[]>,
  ordinal = fc.integer({ min: 1, max: 4 }),
) =>
  fc.record({
    channel: fc.constant(channel),
    perspective: fc.constant(channel === 'orders' ? ('ours' as const) : ('clearer' as const)),
    told,
    // The same number again is a revision: it takes back what the message said.
    ordinal,
  });
const one = (told: fc.Arbitrary<Told>): fc.Arbitrary<readonly Told[]> => told.map((each) => [each]);
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: message('orders', one(ours), fc.integer({ min: 1, max: 12 })), weight: 4 },
  { arbitrary: message('dropcopy', one(deal.map(copied))), weight: 1 },
  { arbitrary: message('positions-files', positionsFile), weight: 2 },
  { arbitrary: message('cash-files', cashFile), weight: 1 },
  { arbitrary: message('activity', activityFile), weight: 2 },
);

function copied(given: Parameters<typeof fill>[0]): Told {
  const told = fill(given);
  const businessKey = `trade|CLR||${given.tradeDate}|${given.exec}`;
  return { ...told, attributes: { ...told.attributes, businessKey } };
}

const opening: readonly Step[] = [
  {
    channel: 'positions',
    perspective: 'clearer',
    ordinal: 1,
    told: [...position('A1', '990000108', ['300', '300']), closed('positions', openingFile)],
  },
  {
    channel: 'cash',
    perspective: 'clearer',
    ordinal: 1,
    told: [...balance('A1', ['5000', '5000']), closed('cash', openingCashFile)],
  },
];
const adoption: Step = { channel: 'gateway', perspective: 'ours', ordinal: 1, told: [adopted()] };

const tables = ['recon_facts', 'recon_runs', 'recon_breaks', 'recon_history', 'recon_state'];

function dump(views: Projections): unknown {
  return tables.map((table) => views.store.all(`SELECT * FROM ${table}`));
}

function opened(log: Log, directory: string): Promise<Projections> {
  return openProjections(directory, log, { projections: [bookProjection(), reconProjection()] });
}

const story = fc.record({
  steps: fc.array(fc.record({ step, pause: pick(0, 0, 2) }), { minLength: 4, maxLength: 24 }),
  adoptedAt: fc.nat(20),
  folds: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
});

describe('a law over random mornings', () => {
  // 150 mornings, each with two databases: seconds where nothing else runs, and a busy machine is no wrong book.
  test('folded as they come, with stops, or from the beginning: the same runs, breaks and history', {
    timeout: 120_000,
  }, async () => {
    let healed = 0;
    await fc.assert(
      fc.asyncProperty(story, async ({ steps, adoptedAt, folds }) => {
        const told = new Story(memoryLog());
        const directory = tempDirectory('recon-live');
        const all = [...opening, ...steps.map((each) => each.step)];
        all.splice(Math.min(2 + adoptedAt, all.length), 0, adoption);
        let at = Date.parse('2026-11-12T11:00:00Z');
        let live = await opened(told.log, directory);
        for (const [index, each] of all.entries()) {
          at += (steps[index]?.pause ?? 0) * 1000;
          await told.tell({ ...each, at: new Date(at).toISOString() });
          if (folds[index] !== true) continue;
          await live.catchUp();
          if (index % 3 === 0) {
            await live.close();
            live = await opened(told.log, directory);
          }
        }
        await live.catchUp();
        const fresh = await opened(told.log, tempDirectory('recon-fresh'));
        await fresh.catchUp();
        expect(dump(live)).toEqual(dump(fresh));
        const view = new ReconView(fresh.store);
        healed += view.breaks({ status: 'closed' }).length;
        await live.close();
        await fresh.close();
      }),
      { numRuns: 150 },
    );
    // The mornings must be worth something: breaks open and heal in them.
    expect(healed).toBeGreaterThan(10);
  });
});
