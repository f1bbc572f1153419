import { expect, test } from 'vitest';
import type { JsonValue } from '../core/json.ts';
import { eventOfJson } from '../events/index.ts';
import { eventText } from './event-line.ts';

const security = { id: '990000108', scheme: 'cusip', symbol: 'AAAX' };

test.each<[string, { readonly [name: string]: JsonValue }, { readonly [name: string]: JsonValue }, string]>([
  [
    'position.reported',
    { security, accountType: 'margin' },
    { basis: 'trade-date', quantity: '-2700' },
    'AAAX by trade date -2700 margin',
  ],
  [
    'position.reported',
    { security },
    { basis: 'settlement-date', long: '5', short: '2' },
    'AAAX by settlement date long 5 short 2',
  ],
  ['cash.reported', {}, { basis: 'trade-date', amount: '12.5', currency: 'USD' }, 'USD by trade date 12.5'],
  [
    'trade.rejected',
    { security },
    { side: 'buy', quantity: '700', price: '3', referenceId: 'E1', reason: 'R104', text: 'NOT OPEN' },
    'buy 700 AAAX @ 3 of E1 R104 NOT OPEN',
  ],
  ['snapshot.closed', {}, { kind: 'positions', snapshot: 'POS/1', count: 1 }, 'positions POS/1 1 record'],
  [
    'settlement.pending',
    { security },
    { delivery: 'deliver', quantity: '100', instructionId: 'IT1', status: 'PEND', reason: 'LACK' },
    'deliver 100 AAAX IT1 PEND LACK',
  ],
  [
    'feed.accepted',
    {},
    { name: 'pos.txt', records: 4, totals: ['2 records', 'total quantity 7'] },
    'pos.txt 4 entries, 2 records, total quantity 7',
  ],
  ['transfer.settled', { businessKey: 'transfer|C||D|T1|' }, {}, 'transfer|C||D|T1|'],
])('%s says in a few words what it is about', (type, more, data, text) => {
  const event = eventOfJson({
    id: 'files/f=1#x@0',
    type,
    channel: 'files',
    perspective: 'clearer',
    origin: 'f=1',
    revision: 0,
    slot: 'x',
    tenant: 'acme',
    receivedAt: '2026-11-12T13:30:00.001234Z',
    ...more,
    data,
  });
  expect(event.ok && eventText(event.value)).toBe(text);
});
