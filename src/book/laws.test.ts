import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { memoryLog } from '../log/index.ts';
import { bookProjection } from './projection.ts';
import {
  adopted,
  balance,
  bust,
  closed,
  draftOf,
  fill,
  type Message,
  type Opened,
  openedBook,
  openingCashFile,
  openingFile,
  position,
  Story,
  type Told,
} from './testing/story.ts';
import type { Basis, BookView, Position } from './view.ts';

const evening = 'POS/2026-11-10/end-of-day/01';
const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const tradeDate = pick('2026-11-09', '2026-11-10', '2026-11-11');
const account = pick('A1', 'A2');
const cusip = pick('990000108', '990000207');
const quantity = pick('100', '50.5', '-20', '0');
const bothBases = fc.tuple(quantity, quantity);
const exec = pick('E1', 'E2', 'E3', 'E4');
const occurredAt = pick('2026-11-09T15:00:00Z', '2026-11-10T15:00:00Z', '2026-11-11T15:00:00Z');

const trade = fc
  .record({
    exec: pick('E1', 'E2', 'E3', 'E4', 'C1', 'C2'),
    about: fc.option(exec, { nil: undefined, freq: 3 }),
    account,
    cusip,
    side: pick('buy', 'sell', 'sell-short', 'cross'),
    quantity: pick('100', '7.25'),
    price: pick('10', '0.333'),
    tradeDate,
    settlementDate: pick(undefined, '2026-11-12'),
    occurredAt,
  })
  .map(({ about, settlementDate, ...rest }) =>
    fill({
      ...rest,
      ...(about !== undefined && { about }),
      ...(settlementDate !== undefined && { settlementDate }),
    }),
  );
const taken = fc.record({ exec: pick('B1', 'B2', 'B3'), about: exec, tradeDate, occurredAt }).map(bust);
const moved: fc.Arbitrary<Told> = fc
  .record({ id: pick('1', '2'), amount: pick('5', '-7.01'), valueDate: tradeDate, account })
  .map(({ id, amount, valueDate, account: named }) => ({
    type: 'cash.moved',
    attributes: { businessKey: `cash|${id}`, account: named },
    data: { type: 'fee', amount, currency: 'USD', valueDate },
  }));

const message = (channel: string, perspective: Message['perspective'], told: fc.Arbitrary<readonly Told[]>) =>
  fc
    .record({ ordinal: fc.integer({ min: 1, max: 8 }), told })
    .map((one): Message => ({ channel, perspective, ...one }));
const orders = message('orders', 'ours', fc.array(fc.oneof(trade, trade, taken, moved), { maxLength: 3 }));
const drop = message('drop', 'clearer', fc.array(fc.oneof(trade, taken), { maxLength: 2 }));
const file = pick(openingFile, evening);
const rows = fc.tuple(account, cusip, bothBases, file).map(([...row]) => position(...row));
const ends = file.map((name) => [closed('positions', name, name === evening ? 'end-of-day' : undefined)]);
const positions = message('positions', 'clearer', fc.oneof(rows, rows, ends));
const balances = fc.tuple(account, bothBases).map(([...row]) => balance(...row));
const cash = message('cash', 'clearer', fc.oneof(balances, fc.constant([closed('cash', openingCashFile)])));
const adoption = message(
  'gateway',
  'ours',
  fc.oneof(
    fc.tuple(file, pick('', openingCashFile)).map(([...names]) => [adopted(...names)]),
    fc.constant([]),
  ),
);
const stream = fc.array(fc.oneof(orders, orders, orders, drop, positions, positions, cash, adoption), {
  minLength: 1,
  maxLength: 24,
});

async function told(messages: readonly Message[]): Promise<Story> {
  const story = new Story();
  for (const one of messages) await story.tell(one);
  return story;
}

/** Positions without symbols: those are names and no state, and a later message may name a security better. */
function unnamed(positions: readonly Position[]): unknown {
  return positions.map(({ symbol, ...rest }) => rest);
}

/** Everything that the view can be asked, as of a day and an offset. */
function answers(book: BookView, upTo?: number): unknown {
  const known = upTo === undefined ? {} : { upTo };
  const states = (['trade-date', 'settlement-date'] as Basis[]).flatMap((basis) =>
    ['2026-11-09', '2026-11-10', '2026-11-12', '2026-11-30'].map((asOf) => {
      const query = { basis, asOf, ...known };
      return [unnamed(book.positions(query)), book.cash(query)];
    }),
  );
  const snapshots = book.snapshots(known);
  return {
    states,
    movements: book.movements(known),
    facts: book.facts(known).map(({ until, ...fact }) => fact),
    unbooked: book.unbooked(upTo).map(({ until, ...fact }) => fact),
    snapshots,
    reported: snapshots.map((snapshot) => book.reported(snapshot)),
    baseline: book.baseline(upTo),
  };
}

const tables = ['facts', 'movements', 'totals', 'symbols', 'reported', 'snapshots', 'baselines', 'openings'];
const dump = ({ views }: Opened): unknown =>
  tables.map((name) => views.store.all(`SELECT * FROM book_${name}`));

describe('laws over random streams', () => {
  test('what was known at an offset is told the same later, as if nothing had come since', async () => {
    await fc.assert(
      fc.asyncProperty(stream, async (messages) => {
        const story = await told(messages);
        const whole = await openedBook(story.log, tempDirectory('book'));
        const part = new Story();
        const growing = await openedBook(part.log, tempDirectory('book-growing'));
        for (const [at, one] of messages.entries()) {
          await part.tell(one);
          await growing.views.catchUp();
          expect(answers(whole.book, story.offsets[at])).toEqual(answers(growing.book));
        }
        await whole.views.close();
        await growing.views.close();
      }),
      { numRuns: 40 },
    );
  });

  test('folded again from nothing, and from where it stopped, the book is the same', async () => {
    await fc.assert(
      fc.asyncProperty(stream, fc.nat(24), async (messages, stop) => {
        const story = await told(messages);
        const directory = tempDirectory('book');
        const live = await openedBook(story.log, directory);
        const wanted = dump(live);
        await live.views.close();
        for (const suffix of ['', '-wal', '-shm'])
          rmSync(join(directory, `projections.db${suffix}`), { force: true });
        const again = await openedBook(story.log, directory);
        expect(dump(again)).toEqual(wanted);
        await again.views.close();

        const log = memoryLog();
        const other = tempDirectory('book-stopped');
        const revisions = new Map<string, number>();
        for (const [at, one] of messages.entries()) {
          const name = `${one.channel} ${one.ordinal}`;
          const revision = (revisions.get(name) ?? -1) + 1;
          revisions.set(name, revision);
          await log.append(one.channel, [draftOf(one, revision)]);
          if (at === stop) await (await openedBook(log, other)).views.close();
        }
        const resumed = await openedBook(log, other);
        expect(dump(resumed)).toEqual(wanted);
        await resumed.views.close();
      }),
      { numRuns: 40 },
    );
  });

  test('a book without a baseline is the sum of what counts, and each fact of it stands there once or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(orders, orders, drop), { maxLength: 20 }), async (messages) => {
        const { log } = await told(messages);
        const { views, book } = await openedBook(log, tempDirectory('book'));
        const counted = book.facts({ perspective: 'ours' }).filter(({ unbooked }) => unbooked === undefined);
        const net = new Map<string, number>();
        for (const { eventId, sign } of book.movements()) net.set(eventId, (net.get(eventId) ?? 0) + sign);
        const standing = [...net].filter(([, sum]) => sum !== 0);
        expect(standing.every(([, sum]) => sum === 1)).toBe(true);
        const moving = counted
          .filter(({ event }) => event.type !== 'trade.busted')
          .map(({ event }) => event.id);
        expect(standing.map(([id]) => id).sort()).toEqual(moving.sort());
        await views.close();
      }),
      { numRuns: 40 },
    );
  });

  test('it does not matter when the baseline is adopted', async () => {
    const opening: readonly Message[] = [
      {
        channel: 'positions',
        perspective: 'clearer',
        ordinal: 1,
        told: position('A1', '990000108', ['100', '40']),
      },
      { channel: 'positions', perspective: 'clearer', ordinal: 2, told: [closed('positions', openingFile)] },
      { channel: 'gateway', perspective: 'ours', ordinal: 1, told: [adopted(openingFile, '')] },
    ];
    const query = [
      { basis: 'trade-date', asOf: '2026-11-30' },
      { basis: 'settlement-date', asOf: '2026-11-10' },
    ] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(orders, { maxLength: 14 }), fc.nat(14), async (messages, at) => {
        const found = [];
        for (const place of [0, Math.min(at, messages.length), messages.length]) {
          const story = await told([...messages.slice(0, place), ...opening, ...messages.slice(place)]);
          const { views, book } = await openedBook(story.log, tempDirectory('book'));
          found.push(query.map((one) => [unnamed(book.positions(one)), book.cash(one)]));
          await views.close();
        }
        expect(found[1]).toEqual(found[0]);
        expect(found[2]).toEqual(found[0]);
      }),
      { numRuns: 40 },
    );
  });

  test('the total of a purchase and of its bust is nothing, whatever was between', async () => {
    const noise = fc.array(orders, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(noise, noise, async (before, between) => {
        const buy: Message = {
          channel: 'other',
          perspective: 'ours',
          ordinal: 1,
          told: [fill({ exec: 'X1', account: 'A9' })],
        };
        const undo: Message = {
          ...buy,
          ordinal: 2,
          told: [bust({ exec: 'Y1', about: 'X1', account: 'A9' })],
        };
        const { log } = await told([...before, buy, ...between, undo]);
        const { views, book } = await openedBook(log, tempDirectory('book'));
        const query = { basis: 'trade-date', asOf: '2026-12-31', account: 'A9' } as const;
        expect([book.positions(query), book.cash(query)]).toEqual([[], []]);
        expect(book.movements({ account: 'A9' })).toHaveLength(2);
        await views.close();
      }),
      { numRuns: 20 },
    );
  });
});

test('other days without settlement are another book, and so are other facts', () => {
  const plain = bookProjection().fingerprint;
  expect(bookProjection({ closings: [{ date: '2026-11-12', reason: 'x' }] }).fingerprint).not.toBe(plain);
  expect(plain).toContain('facts/');
});
