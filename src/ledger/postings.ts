import { settlementDate } from '../calendar/index.ts';
import { type Decimal, negateDecimal, readDecimal } from '../core/decimal.ts';
import { type Event, movesOf, type Security } from '../events/index.ts';
import type { Posting } from './transaction.ts';

/** What an event puts onto the ledger while it counts. */
export interface Booking {
  readonly date: string;
  readonly settlementDate: string;
  readonly memo: string;
  readonly postings: readonly Posting[];
}

/** Where the other leg of what comes from or goes to the market stands until it settles. */
export const unsettled = 'street:unsettled';

/**
 * The postings of one event of ours, balanced in every unit; undefined with the reason where it moves nothing that the
 * ledger could post. Securities and cash are posted on the trade date and carry the settlement date.
 */
export function bookingOf(event: Event): Booking | string {
  switch (event.type) {
    case 'trade.executed':
    case 'trade.corrected':
      return tradeBooking(event);
    case 'cash.moved': {
      const { type = 'other', amount, currency, valueDate } = event.data;
      const legs = cashLegs(event, amount, currency, `cash:${type}`);
      return booking(event, valueDate, `${type} ${amount ?? ''}`, legs);
    }
    case 'transfer.settled': {
      const { quantity, amount, currency, settlementDate: settles, controlNumber } = event.data;
      const legs = [
        ...securityLegs(event, quantity, 'street:transfers'),
        ...cashLegs(event, amount, currency, 'street:transfers'),
      ];
      return booking(event, settles, `account transfer ${controlNumber ?? ''}`, legs);
    }
    case 'corporateAction.paid': {
      const { quantity, amount, currency, payDate, exDate, kind = 'corporate action', eventId } = event.data;
      const contra = `street:corporate-actions:${nameOf(eventId ?? kind)}`;
      const legs = [...securityLegs(event, quantity, contra), ...cashLegs(event, amount, currency, contra)];
      return booking(event, exDate ?? payDate, kind, legs);
    }
    default:
      return `events of type ${event.type} are not posted`;
  }
}

type Trade = Extract<Event, { readonly type: 'trade.executed' | 'trade.corrected' }>;

function tradeBooking(event: Trade): Booking | string {
  const { data } = event;
  const moves = movesOf(data);
  if (moves === undefined) return 'the trade does not say side, quantity and price';
  if (event.security === undefined) return 'the trade does not say its security';
  const customer = customerOf(event);
  const unit = unitOf(event.security);
  const { currency, principal, accrued, charges, unnamed } = moves;
  const cash = (account: string, amount: Decimal): Posting => ({ account, unit: currency, amount });
  const legs = [
    { account: `${customer}:securities`, unit, amount: moves.quantity },
    { account: `${unsettled}:securities`, unit, amount: negateDecimal(moves.quantity) },
    cash(`${customer}:cash`, moves.cash),
    cash(`${unsettled}:cash`, negateDecimal(principal)),
    cash(`${unsettled}:accrued`, negateDecimal(accrued)),
    ...charges.map(({ type, amount }) => cash(`charges:${nameOf(type)}`, amount)),
    cash('charges:unnamed', negateDecimal(unnamed)),
  ];
  const { side, quantity, price, tradeDate, settlementDate: settles } = data;
  const date = tradeDate ?? dayOf(event);
  return {
    date,
    settlementDate: settles ?? settlementDate(date),
    memo: `${side} ${quantity} ${event.security.symbol ?? event.security.id} at ${price}`,
    postings: moved(legs),
  };
}

function booking(
  event: Event,
  date: string | undefined,
  memo: string,
  legs: readonly Posting[],
): Booking | string {
  const postings = moved(legs);
  if (postings.length === 0) return 'the event moves neither securities nor cash';
  const day = date ?? dayOf(event);
  return { date: day, settlementDate: day, memo: memo.trim(), postings };
}

function securityLegs(event: Event, quantity: string | undefined, contra: string): readonly Posting[] {
  const amount = decimalOf(quantity);
  if (amount === undefined || event.security === undefined) return [];
  const unit = unitOf(event.security);
  return [
    { account: `${customerOf(event)}:securities`, unit, amount },
    { account: `${contra}:securities`, unit, amount: negateDecimal(amount) },
  ];
}

function cashLegs(
  event: Event,
  text: string | undefined,
  currency: string | undefined,
  contra: string,
): readonly Posting[] {
  const amount = decimalOf(text);
  if (amount === undefined) return [];
  const unit = currency ?? 'USD';
  return [
    { account: `${customerOf(event)}:cash`, unit, amount },
    { account: `${contra}:cash`, unit, amount: negateDecimal(amount) },
  ];
}

/** A leg of nothing is no leg. */
function moved(legs: readonly Posting[]): readonly Posting[] {
  return legs.filter(({ amount }) => amount.units !== 0n);
}

/** `customer:7Q100017`; what names no account is seen as such, and posted all the same. */
export function customerOf({ account }: Pick<Event, 'account'>): string {
  return `customer:${account === undefined ? 'unallocated' : nameOf(account)}`;
}

/** `cusip:990000108`. */
export function unitOf({ scheme, id }: Pick<Security, 'scheme' | 'id'>): string {
  return `${scheme}:${id}`;
}

/** The colon parts the names of accounts; blanks end them in journals. */
function nameOf(text: string): string {
  return text.replace(/[:\s;"]+/g, '-');
}

function dayOf(event: Event): string {
  return event.businessDate ?? event.asOf ?? event.receivedAt.slice(0, 10);
}

function decimalOf(text: string | undefined): Decimal | undefined {
  if (text === undefined) return undefined;
  const read = readDecimal(text);
  return read.ok ? read.value : undefined;
}
