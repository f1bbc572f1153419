import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { iso15022 } from '../codecs/iso15022/index.ts';
import { latin1Text } from '../src/core/bytes.ts';
import type { JsonValue } from '../src/core/json.ts';
import { sampleContext } from './sample-context.ts';

/** The command `trade-confirmation` is written as an MT515 that means what was given. */
const upper = (min: number, max: number) =>
  fc.string({ minLength: min, maxLength: max, unit: fc.constantFrom(...'ABCDEFGHJKLMPQSTUVWXYZ0123456789') });
const date = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2039-12-31'), noInvalidDate: true })
  .map((one) => one.toISOString().slice(0, 10));
const decimal = fc
  .tuple(fc.nat(99_999_999), fc.nat(999))
  .map(([whole, part]) =>
    part === 0 ? String(whole) : `${whole}.${String(part).padStart(3, '0').replace(/0+$/, '')}`,
  );
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const trade = fc.record({
  side: fc.constantFrom('buy', 'sell'),
  quantity: decimal,
  unit: fc.constantFrom('shares', 'face'),
  cusip: fc.constantFrom('990000108', '912810SC3'),
  isin: maybe(fc.constant('US9900001087')),
  price: decimal,
  priceType: fc.constantFrom('percent', 'discount', 'amount'),
  currency: fc.constant('USD'),
  tradeDate: date,
  settlementDate: date,
  payment: fc.constantFrom('against-payment', 'free'),
  net: decimal,
  gross: maybe(decimal),
  accrued: maybe(decimal),
  parties: fc.constantFrom<JsonValue[]>(
    [
      { role: 'BUYR', id: 'PART9001', scheme: 'GSCC' },
      { role: 'SELL', id: 'PART8535', scheme: 'GSCC', reference: 'S1' },
    ],
    [{ role: 'INVE', id: 'HALYUS33', scheme: 'bic', account: 'A1' }],
  ),
  text: maybe(fc.constant('as agreed by telephone with the desk of the other side')),
});
const enveloped = { sender: 'HALYUS33', receiver: 'GSCCUS33', preparedAt: '2026-11-10T18:06:05Z' };
const command = fc.record({
  tradeType: fc.constantFrom({ code: 'CASH', scheme: 'GSCC' }, { code: 'TRAD' }),
  process: maybe(fc.constantFrom({ code: 'INST', scheme: 'GSCC' }, { code: 'TDDK', scheme: 'GSCC' })),
  references: fc.array(fc.record({ by: fc.constantFrom('MAST', 'LIST', 'PREV'), id: upper(1, 16) }), {
    minLength: 1,
    maxLength: 3,
  }),
  trade,
});

function composed(data: JsonValue) {
  const compose = iso15022.compose;
  if (compose === undefined) throw new Error('no compose');
  return compose({ type: 'trade-confirmation', key: 'KEY1', data });
}

const plain = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value));

test('every confirmation that can be said is written, without an issue, and means what was given', () => {
  fc.assert(
    fc.property(command, (given) => {
      fc.pre(given.references.some(({ id }) => id !== 'NONREF'));
      const { message, issues } = composed(plain({ ...given, ...enveloped }));
      expect(issues).toEqual([]);
      if (message === undefined) throw new Error('no message');
      const [event] = iso15022.normalize(message, sampleContext);
      expect(event?.security).toEqual({ id: given.trade.cusip, scheme: 'cusip' });
      const said = JSON.stringify(event?.data);
      for (const part of [given.trade.quantity, given.trade.net, given.trade.tradeDate])
        expect(said).toContain(part);
    }),
    { numRuns: 150 },
  );
});

const data = {
  ...enveloped,
  references: [{ by: 'MAST', id: 'GOV1' }],
  tradeType: { code: 'REPO', scheme: 'GSCC' },
  process: { code: 'INST', scheme: 'GSCC' },
  trade: {
    side: 'buy',
    quantity: '50000000',
    unit: 'face',
    cusip: '912810SC3',
    currency: 'USD',
    tradeDate: '2026-11-10',
    settlementDate: '2026-11-10',
    net: '50000000',
    parties: [
      { role: 'BUYR', id: 'PART9001', scheme: 'GSCC' },
      { role: 'SELL', id: 'PART8535', scheme: 'GSCC' },
    ],
    repo: { closingDate: '2026-11-17', rate: '5.31', closingAmount: '50051625' },
  },
};

describe('the command trade-confirmation', () => {
  test('a repo is written with its price as 0 and its rate with the second leg, and read without a price', () => {
    const { message } = composed(data);
    if (message === undefined) throw new Error('no message');
    const text = latin1Text(message.bytes);
    expect(text).toContain(':90A::DEAL//PRCT/0,\r\n');
    expect(text).toContain(':92A::REPO//5,31\r\n');
    const [event] = iso15022.normalize(message, sampleContext);
    expect(event).toMatchObject({
      type: 'trade.submitted',
      data: {
        action: 'new',
        trade: { side: 'buy', quantity: '50000000', net: '50000000' },
        repo: { closingDate: '2026-11-17', rate: '5.31', closingAmount: '50051625' },
      },
    });
    expect(JSON.stringify(event?.data)).not.toContain('price');
  });

  test.each<[object, RegExp]>([
    [{ references: [] }, /references is needed/],
    [{ references: [{ by: 'X', id: '1' }] }, /by cannot be "X"/],
    [{ references: [{ by: 'MAST', id: '12345678901234567' }] }, /id cannot be|20C::MAST/],
    [{ function: 'REPL' }, /function is one of NEWM, CANC/],
    [{ preparedAt: undefined }, /preparedAt is needed/],
    [{ trade: { ...data.trade, side: 'both' } }, /side is one of buy, sell/],
    [{ trade: { ...data.trade, quantity: '1e3' } }, /quantity cannot be/],
    [{ trade: { ...data.trade, cusip: undefined } }, /trade.cusip or trade.isin is needed/],
    [{ trade: { ...data.trade, repo: undefined } }, /trade.price is needed/],
    [{ trade: { ...data.trade, currency: undefined } }, /trade.currency is needed/],
    [
      { trade: { ...data.trade, parties: [{ role: 'BUYR', id: 'P1\n:20C::PROC//X', scheme: 'GSCC' }] } },
      /parties would be read/,
    ],
    [{ trade: { ...data.trade, parties: [] } }, /trade.parties is needed/],
    [{ trade: { ...data.trade, settlementDate: '2026-02-30' } }, /98A::SETT cannot be/],
  ])('%j is a problem', (changed, problem) => {
    const { issues } = composed(plain({ ...data, ...changed }));
    const errors = issues.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ message }) => message).join('; ')).toMatch(problem);
  });
});
