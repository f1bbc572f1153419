import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BusinessKeyParts,
  businessKeyPartsOf,
  businessKeyText,
  type Event,
  type EventOf,
  economics,
  eventId,
  maskedEvent,
  searchKeys,
} from './index.ts';
import { sampleEvent } from './samples.ts';

const fill: EventOf<'trade.executed'> = {
  id: 'dropcopy/CLR-OPS/1/in:42#trade@0',
  businessKey: 'trade|CLR||2026-11-10|E1|buy',
  channel: 'dropcopy',
  perspective: 'clearer',
  origin: 'CLR-OPS/1/in:42',
  revision: 0,
  slot: 'trade',
  tenant: 'broker',
  account: 'A1234567',
  security: { id: '037833100', scheme: 'cusip', symbol: 'AAPL' },
  receivedAt: '2026-11-10T14:30:00.200123Z',
  type: 'trade.executed',
  data: { execId: 'E1', orderId: 'O1', clientOrderId: 'O1', side: 'buy', quantity: '100', price: '12.3' },
};
/** Text with many of the characters that the keys are made of. */
const part = fc.string({ unit: fc.constantFrom('a', 'b', '|', '%', '7', 'C', '/', '#', '@', '2', '5', ':') });

describe('event ids', () => {
  test('name channel, origin, slot and revision', () => {
    expect(eventId('dropcopy', 'CLR-OPS/1/in:42', 'trade', 0)).toBe('dropcopy/CLR-OPS/1/in:42#trade@0');
  });

  test('of different parts differ', () => {
    const parts = fc.tuple(part, part, part, fc.nat(3));
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        const same = left.every((value, index) => value === right[index]);
        expect(eventId(...left) === eventId(...right)).toBe(same);
      }),
      { numRuns: 2000 },
    );
    expect(eventId('a', 'b#c', 'd', 0)).not.toBe(eventId('a', 'b', 'c#d', 0));
    expect(eventId('a/b', 'c', 'd', 0)).not.toBe(eventId('a', 'b/c', 'd', 0));
  });
});

describe('business keys', () => {
  test('are readable', () => {
    const parts = { kind: 'trade', reportedBy: 'CLR', tradeDate: '2026-11-10', id: 'E1', side: 'buy' };
    expect(businessKeyText(parts)).toBe('trade|CLR||2026-11-10|E1|buy');
  });

  test('give their parts back, so that different parts never meet in one key', () => {
    const names = ['kind', 'reportedBy', 'scope', 'tradeDate', 'id', 'side'] as const;
    fc.assert(
      fc.property(fc.tuple(part, part, part, part, part, part), (values) => {
        const parts = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
        const key = businessKeyText(parts as unknown as BusinessKeyParts);
        expect(businessKeyPartsOf(key)).toEqual(values);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('search keys', () => {
  test('are what the catalogue marks, each once', () => {
    expect(searchKeys(fill)).toEqual([
      { kind: 'business', value: 'trade|CLR||2026-11-10|E1|buy' },
      { kind: 'account', value: 'A1234567' },
      { kind: 'security', value: '037833100' },
      { kind: 'symbol', value: 'AAPL' },
      { kind: 'exec', value: 'E1' },
      { kind: 'order', value: 'O1' },
    ]);
  });

  test('reach into lists and parts', () => {
    const event: Event = {
      ...fill,
      parties: [{ id: 'CLR', role: 'clearing-firm' }],
      type: 'trade.allocated',
      data: {
        blockId: 'B1',
        allocations: [{ account: 'X1' }, { account: 'X2', id: 'L2' }],
        orderIds: ['O1', 'O2'],
      },
    };
    const found = searchKeys(event).map(({ kind, value }) => `${kind} ${value}`);
    expect(found).toEqual(
      expect.arrayContaining([
        'party CLR',
        'allocation B1',
        'account X1',
        'account X2',
        'allocation L2',
        'order O2',
      ]),
    );
  });
});

describe('economics', () => {
  const saying = (data: Partial<typeof fill.data>, more: Partial<typeof fill> = {}): string =>
    economics({ ...fill, ...more, data: { ...fill.data, ...data } });
  const told = economics(fill);

  test.each([
    ['quantity', saying({ quantity: '101' })],
    ['price', saying({ price: '12.31' })],
    ['side', saying({ side: 'sell' })],
    ['trade date', saying({ tradeDate: '2026-11-10' })],
    ['account', saying({}, { account: 'A7654321' })],
    ['security', saying({}, { security: { id: '594918104', scheme: 'cusip', symbol: 'AAPL' } })],
  ])('another %s is another fact', (_, other) => {
    expect(other).not.toBe(told);
  });

  test.each([
    [
      'another origin, id and time',
      saying({}, { id: 'x', origin: 'y', receivedAt: '2026-11-10T14:31:00.000000Z' }),
    ],
    ['a price with zeros behind it', saying({ price: '12.300' })],
    ['another text', saying({ text: 'as of' })],
    ['a resend mark', saying({ possiblyResent: true })],
    [
      'more about the security',
      saying({}, { security: { id: '037833100', scheme: 'cusip', market: 'XNAS' } }),
    ],
    ['another type of event that says the same', economics({ ...fill, type: 'trade.corrected' })],
  ])('%s is the same fact', (_, other) => {
    expect(other).toBe(told);
  });

  test('lists compare whatever their order; a number of equal items counts', () => {
    const allocated = (accounts: readonly string[]): string => {
      const allocations = accounts.map((account) => ({ account, quantity: '10', id: `row of ${account}` }));
      return economics({ ...fill, type: 'trade.allocated', data: { allocations } });
    };
    expect(allocated(['X1', 'X2'])).toBe(allocated(['X2', 'X1']));
    expect(allocated(['X1', 'X1', 'X2'])).not.toBe(allocated(['X1', 'X2', 'X2']));
  });

  test('reach into a trade that is reported', () => {
    const reported = (price: string): string =>
      economics({ ...fill, type: 'trade.reported', data: { trade: { price, text: price } } });
    expect(reported('1.5')).toBe(reported('1.50'));
    expect(reported('1.5')).not.toBe(reported('1.6'));
  });
});

describe('masks', () => {
  const event: Event = {
    ...fill,
    businessKey: 'position|CLR||2026-11-10|A1234567|',
    parties: [
      { id: 'CUST0099', role: 'customer-account' },
      { id: 'CLR', role: 'clearing-firm' },
    ],
    type: 'trade.allocated',
    data: {
      allocations: [{ account: 'X12', quantity: '100' }],
      text: 'booked to A1234567, not to CUST0099',
    },
  };

  test('hide personal fields, and their values wherever they stand', () => {
    const text = JSON.stringify(maskedEvent(event));
    for (const said of ['A1234567', 'CUST0099', '"X12"']) expect(JSON.stringify(event)).toContain(said);
    expect(text).not.toMatch(/A1234567|CUST0099|"X12"/);
    expect(maskedEvent(event)).toMatchObject({
      account: '******67',
      businessKey: 'position|CLR||2026-11-10|******67|',
      parties: [{ id: '******99' }, { id: 'CLR' }],
      data: {
        allocations: [{ account: '***', quantity: '100' }],
        text: 'booked to ******67, not to ******99',
      },
    });
  });

  test('leave the rest as it is', () => {
    const { account: _, ...rest } = sampleEvent('session.up') as EventOf<'session.up'>;
    expect(maskedEvent(rest)).toEqual(rest);
  });

  test('a short account is masked as a whole part of a key only', () => {
    const short = maskedEvent({ ...fill, account: 'E1', businessKey: 'trade|CLR|E1|2026-11-10|E12|buy' });
    expect(short).toMatchObject({ account: '**', businessKey: 'trade|CLR|**|2026-11-10|E12|buy' });
  });

  test('an account that begins another one does not leave its rest standing', () => {
    const both: Event = {
      ...fill,
      account: 'A1234',
      type: 'trade.allocated',
      data: { allocations: [{ account: 'A12345678' }], text: 'A1234 and A12345678' },
    };
    expect(maskedEvent(both).data).toMatchObject({ text: '***** and *******78' });
  });
});
