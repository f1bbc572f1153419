import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDecimals, decimalText, negateDecimal, readDecimal } from '../core/decimal.ts';
import { directionOf, movesOf } from './trade-money.ts';

const plain = { side: 'buy', quantity: '100', price: '12.5' };

test('who buys receives securities and pays for them, charges on top', () => {
  const moves = movesOf({ ...plain, charges: [{ type: 'commission', amount: '4.95' }] });
  expect(moves && [decimalText(moves.quantity), decimalText(moves.cash)]).toEqual(['100', '-1254.95']);
  expect(moves?.computed).toEqual(['data.net', 'data.currency']);
});

test('who sells gives securities and receives what charges leave', () => {
  const moves = movesOf({ ...plain, side: 'sell-short', charges: [{ type: 'sec-fee', amount: '0.03' }] });
  expect(moves && [decimalText(moves.quantity), decimalText(moves.cash)]).toEqual(['-100', '1249.97']);
});

test("the reporter's own net amount counts, and what it does not explain is said", () => {
  const moves = movesOf({ ...plain, net: '1255', charges: [{ type: 'commission', amount: '4.95' }] });
  expect(moves && [decimalText(moves.cash), decimalText(moves.unnamed)]).toEqual(['-1255', '-0.05']);
});

test('accrued interest is paid by who buys', () => {
  const moves = movesOf({ ...plain, accrued: '3' });
  expect(moves && decimalText(moves.cash)).toBe('-1253');
});

test('a trade without side, quantity or price moves nothing that we could know', () => {
  expect(movesOf({ quantity: '1', price: '1' })).toBeUndefined();
  expect(movesOf({ side: 'cross', quantity: '1', price: '1' })).toBeUndefined();
  expect(movesOf({ side: 'buy', price: '1' })).toBeUndefined();
  expect(directionOf(undefined)).toBeUndefined();
});

const amount = fc
  .integer({ min: 0, max: 10_000_000 })
  .map((cents) => decimalText({ units: BigInt(cents), scale: 2 }));

test('a law: cash is principal, accrued interest, charges and what is unnamed, together', () => {
  const trades = fc.record(
    {
      side: fc.constantFrom('buy', 'sell', 'sell-short'),
      quantity: amount,
      price: amount,
      net: amount,
      accrued: amount,
      charges: fc.array(fc.record({ type: fc.constantFrom('commission', 'taf'), amount }), { maxLength: 3 }),
    },
    { requiredKeys: ['side', 'quantity', 'price'] },
  );
  fc.assert(
    fc.property(trades, (trade) => {
      const moves = movesOf(trade);
      if (moves === undefined) return false;
      const charges = moves.charges.map((charge) => negateDecimal(charge.amount));
      const parts = [moves.principal, moves.accrued, moves.unnamed, ...charges].reduce(addDecimals);
      const net = trade.net === undefined ? undefined : readDecimal(trade.net);
      const said = net?.ok === true ? decimalText(net.value) : decimalText(moves.cash).replace('-', '');
      const cash = decimalText(moves.cash);
      return decimalText(parts) === cash && (trade.net === undefined || cash.replace('-', '') === said);
    }),
  );
});
