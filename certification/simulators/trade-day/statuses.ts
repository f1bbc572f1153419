import { writeMt548 } from '../../../codecs/iso15022/index.ts';
import { writeSese024 } from '../../../codecs/iso20022/index.ts';
import type { SettlementStatus } from '../../../src/contract/settlement-status.ts';
import { eventPrice } from '../clearing-firm/market.ts';
import { netCents } from './charges.ts';
import type { Booking } from './their-activity.ts';
import { dates, tradeDayNames, utcOf } from './world.ts';

/** A message that the clearing firm puts into the queue. */
export interface QueueMessage {
  readonly id: string;
  readonly bytes: Uint8Array;
  /** What it must become; undefined: nothing, its bytes wait in quarantine. */
  readonly expected: ExpectedStatus | undefined;
}

export interface ExpectedStatus {
  readonly type: 'settlement.matched' | 'settlement.pending';
  readonly instructionId: string;
  readonly account: string;
  readonly quantity: number;
}

/** The two times at which statuses are told: on the holiday, and on the morning of the settlement date. */
export type Batch = 'holiday' | 'morning';

/** How many instructions have a status in each batch. */
const instructions = 60;

/** Every so many-th booked trade has an instruction; on the holiday all are matched, in the morning some still lack shares. */
export function statusMessages(
  batch: Batch,
  bookings: readonly Booking[],
  poisoned: boolean,
): QueueMessage[] {
  const every = Math.max(1, Math.floor(bookings.length / instructions));
  const chosen = bookings.filter((_, index) => index % every === 0).slice(0, instructions);
  const told = batch === 'holiday' ? chosen : chosen.filter((_, index) => index % 4 === 0);
  const messages = told.map((booking, index) => messageOf(batch, booking, index));
  if (batch !== 'holiday' || !poisoned) return messages;
  return [...messages.slice(0, 20), poison, ...messages.slice(20)];
}

/** ExpectedStatus of both batches, in the order in which they are told. */
export function expectedStatuses(messages: readonly QueueMessage[]): ExpectedStatus[] {
  return messages.flatMap(({ expected }) => (expected === undefined ? [] : [expected]));
}

/** No standard that anybody knows: what a test message of somebody else's system looks like. */
export const poisonText = 'STATUS OF ALL?; PLEASE REPLY BY FAX';

const poison: QueueMessage = {
  id: 'SIMQ-POISON',
  bytes: new TextEncoder().encode(poisonText),
  expected: undefined,
};

function messageOf(batch: Batch, booking: Booking, index: number): QueueMessage {
  const id = `SIMQ${batch === 'holiday' ? 'H' : 'M'}${String(index + 1).padStart(4, '0')}`;
  const status = statusOf(batch, booking, id);
  const mt = index % 2 === 0;
  return {
    id,
    bytes: mt ? writeMt548(status) : writeSese024(status),
    expected: {
      type: batch === 'holiday' ? 'settlement.matched' : 'settlement.pending',
      instructionId: status.instructionId,
      account: booking.account,
      quantity: booking.quantity,
    },
  };
}

function statusOf(batch: Batch, booking: Booking, messageId: string): SettlementStatus {
  const matched = { kind: 'MTCH', code: 'MACH' };
  const pending = {
    kind: 'SETT',
    code: 'PEND',
    reasons: [{ code: 'LACK', text: 'securities are not there yet' }],
  };
  return {
    messageId,
    preparedAt: batch === 'holiday' ? utcOf(dates.second, '12:00') : utcOf(dates.settlement, '06:00'),
    sender: 'SIMCUS33XXX',
    receiver: 'DEMOUS33XXX',
    instructionId: `I${booking.number}`,
    related: [{ by: 'trade', id: booking.number }],
    statuses: batch === 'holiday' ? [matched] : [pending],
    transaction: {
      account: booking.account,
      cusip: booking.security.id,
      quantity: String(booking.quantity),
      delivery: booking.side === 'buy' ? 'receive' : 'deliver',
      payment: 'against-payment',
      amount: eventPrice(netCents(booking, booking.charges)),
      currency: 'USD',
      tradeDate: booking.tradeDate,
      settlementDate: dates.settlement,
      place: 'DTCYUS33',
      parties: [
        { role: 'DEAG', id: tradeDayNames.participant, scheme: 'DTCYID' },
        { role: 'REAG', id: tradeDayNames.participant, scheme: 'DTCYID' },
      ],
    },
  };
}
