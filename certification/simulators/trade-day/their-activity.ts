import assert from 'node:assert/strict';
import type { SimulatedSecurity } from '../clearing-firm/market.ts';
import { type BreakCase, caseAccounts } from './cases.ts';
import type { Charges } from './charges.ts';
import type { DayExecution } from './executions.ts';
import { counted, type OurTrades } from './our-trades.ts';
import {
  dates,
  errorAccount,
  newCusip,
  renamedSecurity,
  securityAt,
  splitSecurity,
  type TradeDate,
} from './world.ts';

/** A trade as the clearing firm booked it. */
export interface Booking {
  /** The clearing firm's own number of it. */
  readonly number: string;
  /** ExecID(17) of the fill. */
  readonly reference: string;
  readonly account: string;
  readonly security: SimulatedSecurity;
  readonly side: DayExecution['side'];
  readonly quantity: number;
  readonly cents: number;
  readonly charges: Charges;
  readonly tradeDate: string;
  readonly settlementDate: string;
}

/** One line of the clearing firm's activity of a day. */
export type Activity =
  | { readonly record: 'trade'; readonly booking: Booking; readonly asOf: string | undefined }
  | { readonly record: 'cancel'; readonly booking: Booking }
  | { readonly record: 'reject'; readonly booking: Booking; readonly bookedAccount: string }
  | {
      readonly record: 'transfer';
      readonly account: string;
      readonly security: SimulatedSecurity;
      readonly quantity: number;
      readonly number: string;
    }
  | {
      readonly record: 'split';
      readonly account: string;
      readonly security: SimulatedSecurity;
      readonly held: number;
      readonly event: string;
    }
  | { readonly record: 'rename'; readonly security: SimulatedSecurity; readonly cusip: string };

export interface DatedActivity {
  readonly date: TradeDate;
  readonly activity: Activity;
}

/** Holdings that cases need in the opening books: account, security and shares. */
export const madeHoldings = [
  { account: caseAccounts['corporate-action'][0], security: splitSecurity, quantity: 800 },
  { account: caseAccounts['corporate-action'][1] ?? '', security: splitSecurity, quantity: 150 },
  { account: caseAccounts['cusip-change'][0], security: renamedSecurity, quantity: 800 },
  { account: caseAccounts['healed-absent'][0], security: securityAt(15), quantity: 900 },
] as const;

/** How far the rebilled price is below the first one, and by how much the clearing firm's fee is higher; in hundredths. */
const rebillCents = 4;
export const feeCents = 3;

/** What the clearing firm did on both days, in the order of its files. */
export function theirActivity(trades: OurTrades, planted: (name: BreakCase) => boolean): DatedActivity[] {
  const all = counted(trades, false);
  const booked = all.map((fill, index) => dated(fill.tradeDate, bookedAs(fill, index, planted)));
  const rebilled = all.findIndex((fill) => fill.made === 'cancel-rebill');
  return [...booked, ...rebill(booked[rebilled]?.activity, planted), ...otherThanTrades(planted)];
}

function bookedAs(fill: DayExecution, index: number, planted: (name: BreakCase) => boolean): Activity {
  const booking = bookingOf(fill, index);
  if (fill.made === undefined || !planted(fill.made)) return { record: 'trade', booking, asOf: undefined };
  if (fill.made === 'rejected') return { record: 'reject', booking, bookedAccount: errorAccount };
  return { record: 'trade', booking: changed(booking, fill.made), asOf: undefined };
}

function changed(booking: Booking, name: BreakCase): Booking {
  const other = caseAccounts[name][1];
  if (name === 'wrong-account' && other !== undefined) return { ...booking, account: other };
  if (name !== 'fee') return booking;
  return { ...booking, charges: { ...booking.charges, secFee: booking.charges.secFee + feeCents } };
}

/** The first booking is taken back on the next day and made anew, as of the day before, at a better price. */
function rebill(first: Activity | undefined, planted: (name: BreakCase) => boolean): DatedActivity[] {
  assert(first?.record === 'trade');
  if (!planted('cancel-rebill')) return [];
  const { booking } = first;
  const again = { ...booking, number: `${booking.number}R`, cents: booking.cents - rebillCents };
  return [
    dated(dates.second, { record: 'cancel', booking }),
    dated(dates.second, { record: 'trade', booking: again, asOf: dates.first }),
  ];
}

function otherThanTrades(planted: (name: BreakCase) => boolean): DatedActivity[] {
  const found: DatedActivity[] = [];
  if (planted('transfer')) found.push(dated(dates.first, transfer));
  if (planted('corporate-action')) found.push(...splits().map((split) => dated(dates.second, split)));
  if (planted('cusip-change'))
    found.push(dated(dates.second, { record: 'rename', security: renamedSecurity, cusip: newCusip }));
  return found;
}

/** The control number has the shape of ACATS: CCYYDDD and seven digits. */
const transfer: Activity = {
  record: 'transfer',
  account: caseAccounts.transfer[0],
  security: securityAt(17),
  quantity: 500,
  number: '20263140000042',
};

function splits(): Activity[] {
  return madeHoldings
    .filter((held) => held.security === splitSecurity)
    .map(({ account, security, quantity }) => ({
      record: 'split',
      account,
      security,
      held: quantity,
      event: 'SPLIT0007',
    }));
}

function bookingOf(fill: DayExecution, index: number): Booking {
  const { account, security, side, quantity, cents, charges, tradeDate, settlementDate } = fill;
  const number = `T${String(index + 1).padStart(6, '0')}`;
  return {
    number,
    reference: fill.id,
    account,
    security,
    side,
    quantity,
    cents,
    charges,
    tradeDate,
    settlementDate,
  };
}

function dated(date: TradeDate, activity: Activity): DatedActivity {
  return { date, activity };
}
