import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Amounts, minus, sumOf } from './amounts.ts';
import { explain } from './explain.ts';
import { advance, type Break, type Moment } from './lifecycle.ts';
import type { FeedKind } from './terms.ts';
import { plants } from './testing/plants.ts';
import { businessDate, dayOf, decimal, holding, trade, type World } from './testing/world.ts';

const accounts = ['A-1', 'A-2', 'A-3', 'A-4'];
const securities = ['cusip:990000108', 'cusip:990000207', 'cusip:990000306'];

/** A random book that both sides agree on: an opening, and trades of two days, twins among them. */
const agreed = fc
  .record({
    opening: fc.array(
      fc.record({
        account: fc.constantFrom(...accounts),
        security: fc.constantFrom(...securities),
        quantity: fc.integer({ min: -500, max: 500 }),
      }),
      { maxLength: 12 },
    ),
    trades: fc.array(
      fc.record({
        account: fc.constantFrom(...accounts),
        security: fc.constantFrom(...securities),
        quantity: fc
          .integer({ min: -9, max: 9 })
          .filter((one) => one !== 0)
          .map((one) => one * 100),
        price: fc.integer({ min: 100, max: 99_999 }),
        second: fc.boolean(),
        twin: fc.boolean(),
      }),
      { minLength: 12, maxLength: 24 },
    ),
  })
  .map(({ opening, trades }) => ({
    opening,
    trades: trades.flatMap((one) => (one.twin ? [one, one] : [one])),
  }));

type Agreed = typeof agreed extends fc.Arbitrary<infer T> ? T : never;

function worldOf({ opening, trades }: Agreed): World {
  const given = trades.map((one, index) => ({
    ...one,
    reference: `E${index}`,
    // What is planted must be told from its twins, or nobody could say which of them is missing.
    price: index < plantsMax ? 100_000 + index : one.price,
    tradeDate: one.second ? businessDate : '2026-11-10',
  }));
  return {
    date: businessDate,
    opening: sumOf(
      ...opening.map((one) => holding(one.account, one.security, decimal(one.quantity))),
      ...accounts.map((account) => holding(account, 'USD', decimal(100_000))),
    ),
    ours: { trades: given.map((one) => trade('ours', one)), ended: [], postings: [] },
    theirs: { trades: given.map((one) => trade('theirs', one)), ended: [], postings: [], rejections: [] },
    symbols: new Map(securities.map((name, index) => [name, `S${index}`])),
    prices: new Map(securities.map((name) => [name, decimal(10)])),
    known: new Set(securities),
    ourNames: new Map(),
    changes: [],
    extra: new Map(),
    activity: true,
  };
}

const plantsMax = 8;

/** Which causes, each with a place of its own: no two of them about the same trade, all of them on any account. */
const planting = fc.array(
  fc.record({
    plant: fc.constantFrom(...Object.keys(plants)),
    account: fc.constantFrom(...accounts),
    security: fc.constantFrom(...securities),
  }),
  { maxLength: plantsMax },
);

function planted(
  world: World,
  chosen: readonly { plant: string; account: string; security: string }[],
): string[] {
  const trades = [...world.ours.trades];
  return chosen.map(({ plant, account, security }, index) => {
    const own = trades[index];
    const make = plants[plant];
    if (own === undefined || make === undefined) throw new Error(`no place for ${plant}`);
    // Numbers that no sum of others makes.
    const number = 3 ** (index + 1) + index;
    const { cause, subject } = make(world, { trade: own, account, security, number });
    return `${cause} ${subject}`;
  });
}

const named = (found: readonly { cause: string; subject: string }[]): string[] =>
  found.map(({ cause, subject }) => `${cause} ${subject}`).sort();

const allOf = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

describe('laws of the comparison', () => {
  test('books that agree have no break, twins and trades that have not settled among them', () => {
    fc.assert(
      fc.property(agreed, fc.boolean(), (book, activity) => {
        const { findings, counts } = explain(dayOf({ ...worldOf(book), activity }));
        expect(findings).toEqual([]);
        expect(counts.trades).toBe(counts.tradesAgreed);
        expect(counts.positions).toBe(counts.positionsAgreed);
      }),
    );
  });

  test('exactly the planted causes are found, whatever they share', () => {
    fc.assert(
      fc.property(agreed, planting, (book, chosen) => {
        const world = worldOf(book);
        const wanted = planted(world, chosen);
        expect(named(explain(dayOf(world)).findings)).toEqual(allOf(wanted));
      }),
      { numRuns: 400 },
    );
  });

  test('predictions and residual add up to what is observed, and members say the same', () => {
    fc.assert(
      fc.property(agreed, planting, fc.boolean(), (book, chosen, activity) => {
        const world = { ...worldOf(book), activity };
        planted(world, chosen);
        const { observed, predicted, residual, findings } = explain(dayOf(world));
        expect(minus(observed, sumOf(predicted, residual)).size).toBe(0);
        const members = findings.flatMap(({ members }) => members).filter(({ kind }) => kind !== 'trade');
        const told = sumOf(
          ...members.map(({ kind, basis, account, unit, difference }): Amounts => {
            return new Map([[`${kind}|${basis}|${account}|${unit}`, decimal(difference)]]);
          }),
        );
        expect(minus(observed, told).size).toBe(0);
      }),
    );
  });

  test('what is mended closes, what is left stays open under the same name, and history is kept', () => {
    fc.assert(
      fc.property(agreed, planting, fc.nat(), (book, chosen, cut) => {
        const rest = chosen.slice(0, chosen.length === 0 ? 0 : cut % chosen.length);
        const [before, after] = [worldOf(book), worldOf(book)];
        planted(before, chosen);
        const left = planted(after, rest);
        const first = advance([], explain(dayOf(before)).findings, moment(1));
        const second = advance(first.breaks, explain(dayOf(after)).findings, moment(2));
        const now = new Map([...first.breaks, ...second.breaks].map((one) => [one.id, one]));
        expect(named(open([...now.values()]))).toEqual(allOf(left));
        const closed = first.breaks.filter(({ id }) => now.get(id)?.status === 'closed');
        expect(
          second.history
            .filter(({ what }) => what === 'healed')
            .map(({ id }) => id)
            .sort(),
        ).toEqual(closed.map(({ id }) => id).sort());
      }),
    );
  });
});

function moment(offset: number): Moment {
  return {
    offset,
    at: offset,
    date: businessDate,
    looked: new Set<FeedKind>(['positions', 'cash', 'activity']),
  };
}

function open(breaks: readonly Break[]): Break[] {
  return breaks.filter(({ status }) => status === 'open');
}
