import { describe, expect, test } from 'vitest';
import { decodeEvent, encodeEvent } from '../events/index.ts';
import type { NormalizeContext } from './codec.ts';
import { eventOf, inOwnSlots } from './normalize.ts';

const context: NormalizeContext = {
  channel: 'dropcopy',
  perspective: 'clearer',
  tenant: 'broker',
  direction: 'in',
  origin: { scope: 'CLR-OPS/1/in', ordinal: 42 },
  revision: 2,
  receivedAt: Date.UTC(2026, 10, 10, 14, 30) * 1000 + 123_456,
  reportedBy: 'CLR',
  reporterRole: 'clearing-firm',
  zone: 'America/New_York',
};

describe('eventOf', () => {
  test('fills the common attributes from the context', () => {
    expect(eventOf(context, 'trade', 'trade.executed', {}, { execId: 'E1' })).toStrictEqual({
      id: 'dropcopy/CLR-OPS/1/in:42#trade@2',
      channel: 'dropcopy',
      perspective: 'clearer',
      tenant: 'broker',
      origin: 'CLR-OPS/1/in:42',
      revision: 2,
      slot: 'trade',
      reportedBy: 'CLR',
      reporterRole: 'clearing-firm',
      receivedAt: '2026-11-10T14:30:00.123456Z',
      type: 'trade.executed',
      data: { execId: 'E1' },
    });
  });

  test('leaves out what is empty, at every depth, and keeps zero and false', () => {
    const event = eventOf(
      { ...context, reportedBy: '' },
      'x',
      'snapshot.closed',
      {
        account: undefined,
        businessDate: '',
        computed: [],
        security: { id: '037833100', scheme: 'cusip', symbol: undefined, market: '' },
        parties: [{ id: 'CLR', role: 'clearing-firm', subId: undefined }],
      },
      { kind: 'positions', basis: undefined, count: 0 },
    );
    expect(event).not.toHaveProperty('reportedBy');
    expect(event).toMatchObject({ data: { kind: 'positions', count: 0 } });
    expect(Object.keys(event.data)).toEqual(['kind', 'count']);
    expect(event.security).toStrictEqual({ id: '037833100', scheme: 'cusip' });
    expect(event.parties).toStrictEqual([{ id: 'CLR', role: 'clearing-firm' }]);
    expect(decodeEvent(encodeEvent(event))).toStrictEqual(event);
  });

  test('a reporter that the message names goes before the one of the channel', () => {
    const named = eventOf(context, 'x', 'day.closed', { reportedBy: 'XNAS', reporterRole: 'venue' }, {});
    expect(named).toMatchObject({ reportedBy: 'XNAS', reporterRole: 'venue' });
    const unnamed = eventOf(context, 'x', 'day.closed', { reportedBy: '' }, {});
    expect(unnamed).toMatchObject({ reportedBy: 'CLR' });
  });

  test('equal messages in equal contexts give equal bytes', () => {
    const make = () => eventOf(context, 'trade', 'trade.executed', { account: 'A1' }, { price: '1.5' });
    expect(encodeEvent(make())).toEqual(encodeEvent(make()));
  });
});

test('what a message says twice under one name stands under names of its own', () => {
  const event = eventOf(context, 'trade', 'trade.executed', {}, { execId: 'E1' });
  const other = eventOf(context, 'trade-2', 'trade.executed', {}, { execId: 'E1' });
  const told = inOwnSlots(context, [event, event, other, event]);
  expect(told.map(({ slot }) => slot)).toEqual(['trade', 'trade-2', 'trade-2-2', 'trade-3']);
  expect(told.map(({ id }) => id)).toEqual([
    'dropcopy/CLR-OPS/1/in:42#trade@2',
    'dropcopy/CLR-OPS/1/in:42#trade-2@2',
    'dropcopy/CLR-OPS/1/in:42#trade-2-2@2',
    'dropcopy/CLR-OPS/1/in:42#trade-3@2',
  ]);
  expect(told[0]).toBe(event);
});
