import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chargesExplainNet, chargesThatDiffer, fieldsThatDiffer } from './compare-trades.ts';
import { pairTrades } from './pair-trades.ts';
import type { Trade } from './terms.ts';
import { cashOf, decimal, type TradeGiven, trade } from './testing/world.ts';

const given: TradeGiven = {
  reference: 'E1',
  account: 'A-1',
  security: 'cusip:990000108',
  quantity: 100,
  price: 1050,
};
const ours = (more: Partial<TradeGiven> = {}, change: Partial<Trade> = {}): Trade => ({
  ...trade('ours', { ...given, ...more }),
  ...change,
});
const theirs = (more: Partial<TradeGiven> = {}, change: Partial<Trade> = {}): Trade => ({
  ...trade('theirs', { ...given, ...more }),
  ...change,
});
const shape = (pairs: ReturnType<typeof pairTrades>): string[] =>
  pairs.map((pair) => `${pair.ours?.references[0] ?? '-'}/${pair.theirs?.references[0] ?? '-'}`).sort();

describe('pairs of trades', () => {
  test('by reference, whatever else differs', () => {
    expect(shape(pairTrades([ours()], [theirs({ account: 'A-2', price: 1 })]))).toEqual(['E1/E1']);
  });

  test('one reference on two days is two trades', () => {
    const later = { tradeDate: '2026-11-11', price: 7 };
    const pairs = pairTrades([ours(), ours(later)], [theirs(later), theirs()]);
    expect(pairs.map((pair) => [pair.ours?.tradeDate, pair.theirs?.tradeDate])).toEqual([
      ['2026-11-11', '2026-11-11'],
      ['2026-11-10', '2026-11-10'],
    ]);
  });

  test('a rebill is the trade of the day that it is booked for', () => {
    const rebill = theirs({ tradeDate: '2026-11-11' }, { asOf: '2026-11-10' });
    expect(shape(pairTrades([ours()], [rebill]))).toEqual(['E1/E1']);
  });

  test('without a common reference by what was dealt, and twins one by one', () => {
    const twins = [ours({ reference: 'E1' }), ours({ reference: 'E2' }), ours({ reference: 'E3' })];
    const others = [theirs({ reference: 'X1' }), theirs({ reference: 'X2' })];
    expect(pairTrades(twins, others).filter((pair) => pair.theirs === undefined)).toHaveLength(1);
    expect(shape(pairTrades([ours()], [theirs({ reference: 'X1', price: 1051 })]))).toEqual(['-/X1', 'E1/-']);
  });

  test('a trade that is spoken for is not replaced by its twin', () => {
    const pairs = pairTrades([ours()], [theirs({ reference: 'X1' })], new Set(['E1']));
    expect(shape(pairs)).toEqual(['-/X1', 'E1/-']);
  });

  test("a number of one side alone does not meet somebody else's reference", () => {
    const own = ours({ reference: 'E9' }, { references: ['E9', 'T-1'] });
    const their = theirs({ reference: 'E8', security: 'cusip:990000207' }, { references: ['E8', 'T-1'] });
    expect(shape(pairTrades([own], [their]))).toEqual(['-/E8', 'E9/-']);
  });

  test('a law: every trade is in one pair, in any order', () => {
    const trades = (side: typeof ours) =>
      fc.array(
        fc
          .record({
            reference: fc.constantFrom('E1', 'E2', 'E3'),
            account: fc.constantFrom('A-1', 'A-2'),
            quantity: fc.constantFrom(100, -100),
          })
          .map((one) => side(one)),
        { maxLength: 6 },
      );
    const numbered = (list: readonly Trade[]): Trade[] =>
      list.map((one, index) => ({ ...one, id: `${one.id}-${index}` }));
    fc.assert(
      fc.property(trades(ours), trades(theirs), (left, right) => {
        const [own, their] = [numbered(left), numbered(right)];
        const pairs = pairTrades(own, their);
        const ids = (side: 'ours' | 'theirs') => pairs.flatMap((pair) => pair[side]?.id ?? []).sort();
        expect(ids('ours')).toEqual(own.map(({ id }) => id).sort());
        expect(ids('theirs')).toEqual(their.map(({ id }) => id).sort());
        expect(pairTrades(own.toReversed(), their.toReversed())).toEqual(pairs);
      }),
    );
  });
});

describe('fields of two tellings', () => {
  const charged = (charges: Readonly<Record<string, string>>): Partial<Trade> => {
    const map = new Map(Object.entries(charges).map(([type, amount]) => [type, decimal(amount)]));
    return { charges: map, cash: cashOf(decimal(100), decimal('10.5'), map) };
  };

  test('that agree are none, whatever the fees are called', () => {
    const own = ours({}, charged({ commission: '1', regulatory: '0.22', levy: '0.05' }));
    const their = theirs({}, charged({ commission: '1', 'sec-fee': '0.22', taf: '0.05' }));
    expect(fieldsThatDiffer(own, their)).toEqual([]);
  });

  test('name the fee that is higher, by their name of it', () => {
    const own = ours({}, charged({ commission: '1', regulatory: '0.22', levy: '0.05' }));
    const their = theirs({}, charged({ commission: '1', 'sec-fee': '0.25', taf: '0.05' }));
    expect(chargesThatDiffer(own, their)).toEqual([
      { type: 'sec-fee', ours: decimal('0.22'), theirs: decimal('0.25') },
    ]);
    expect(chargesExplainNet(own, their)).toBe(true);
  });

  test('a net amount that no charge explains is no fee', () => {
    const own = ours({}, charged({ commission: '1' }));
    const their = theirs({}, { ...charged({ commission: '1' }), cash: decimal('-1052') });
    expect(chargesExplainNet(own, their)).toBe(false);
    expect(fieldsThatDiffer(own, their).map(({ field }) => field)).toEqual(['net']);
  });

  test('a copy that says nothing of money is not held to it', () => {
    const their = theirs({}, { charges: new Map(), cash: decimal('-1050'), saysMoney: false });
    expect(fieldsThatDiffer(ours(), their)).toEqual([]);
  });
});
