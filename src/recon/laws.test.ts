import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Amounts, cellOf, minus, sumOf } from './amounts.ts';
import { explain } from './explain.ts';
import { advance, type Break, type Moment } from './lifecycle.ts';
import { pairTrades } from './pair-trades.ts';
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

describe('large days', () => {
  test('thousands of equal trades without references are paired one by one', () => {
    const equal = { account: 'A-1', security: 'cusip:990000108', quantity: 100, price: 1_000 };
    const numbers = Array.from({ length: 15_000 }, (_, at) => `E${at}`);
    const ours = numbers.map((reference) => trade('ours', { ...equal, reference }));
    const theirs = numbers.slice(1).map((reference) => {
      return { ...trade('theirs', { ...equal, reference: `T${reference}` }), references: [] };
    });
    const pairs = pairTrades(ours, theirs);
    expect(pairs.filter((pair) => pair.ours !== undefined && pair.theirs !== undefined)).toHaveLength(14_999);
    expect(pairs).toHaveLength(15_000);
  });

  test('when every position differs, each is named, and when the file comes again, each goes on in its heir', () => {
    const world = worldOf({ opening: [], trades: [] });
    const at = (number: number): readonly [string, string] => [
      `A-${number % 100}`,
      `cusip:99${String(number % 4_001).padStart(7, '0')}`,
    ];
    const differing = (more: number): Amounts =>
      new Map(
        Array.from({ length: 8_000 }, (_, one) => [...holding(...at(one), decimal(one + more))]).flat(),
      );
    const found = (more: number) => {
      const day = dayOf({ ...world, extra: differing(more) });
      return explain({ ...day, known: new Set([...differing(1).keys()].map((key) => cellOf(key).unit)) })
        .findings;
    };
    const first = found(1);
    expect(first).toHaveLength(8_000);
    const renamed = found(2).map((one) => ({ ...one, id: `${one.id}-next` }));
    const moment: Moment = { offset: 1, at: 1, date: businessDate, looked: new Set(['positions', 'cash']) };
    const { breaks } = advance([], first, moment);
    const next = advance(breaks, renamed, { ...moment, offset: 2, at: 2 });
    expect(next.history.filter(({ what }) => what === 'explained')).toHaveLength(8_000);
  });
});
