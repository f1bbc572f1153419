import { securityText } from '../book/index.ts';
import { type Decimal, negateDecimal, readDecimal } from '../core/decimal.ts';
import { type Event, movesOf } from '../events/index.ts';
import type { Posting } from './transaction.ts';

/** What an event puts onto the ledger while the book has it. */
export interface Booking {
  readonly memo: string;
  readonly postings: readonly Posting[];
}

/** Where the other leg of what comes from or goes to the market stands until it settles. */
export const unsettled = 'street:unsettled';

/**
 * The postings of one event of ours, balanced in every unit; none where it moves nothing. When it counts, and for which
 * days, is the book's to say.
 */
export function bookingOf(event: Event): Booking {
  switch (event.type) {
    case 'trade.executed':
    case 'trade.corrected':
      return tradeBooking(event);
    case 'cash.moved': {
      const { type = 'other', amount, currency } = event.data;
      return booking(`${type} ${amount ?? ''}`, cashLegs(event, amount, currency, `cash:${nameOf(type)}`));
    }
    case 'transfer.settled': {
      const { quantity, amount, currency, controlNumber } = event.data;
      const legs = [
        ...securityLegs(event, quantity, 'street:transfers'),
        ...cashLegs(event, amount, currency, 'street:transfers'),
      ];
      return booking(`account transfer ${controlNumber ?? ''}`, legs);
    }
    case 'corporateAction.paid': {
      const { quantity, amount, currency, kind = 'corporate action', eventId } = event.data;
      const contra = `street:corporate-actions:${nameOf(eventId ?? kind)}`;
      const legs = [...securityLegs(event, quantity, contra), ...cashLegs(event, amount, currency, contra)];
      return booking(kind, legs);
    }
    default:
      return booking('', []);
  }
}

type Trade = Extract<Event, { readonly type: 'trade.executed' | 'trade.corrected' }>;

function tradeBooking(event: Trade): Booking {
  const { data } = event;
  const moves = movesOf(data);
  if (moves === undefined || event.security === undefined) return booking('', []);
  const customer = customerOf(event);
  const unit = securityText(event.security);
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
  const { side, quantity, price } = data;
  return booking(`${side} ${quantity} ${event.security.symbol ?? event.security.id} at ${price}`, legs);
}

/** A leg of nothing is no leg. */
function booking(memo: string, legs: readonly Posting[]): Booking {
  return { memo: memo.trim(), postings: legs.filter(({ amount }) => amount.units !== 0n) };
}

function securityLegs(event: Event, quantity: string | undefined, contra: string): readonly Posting[] {
  const amount = decimalOf(quantity);
  if (amount === undefined || event.security === undefined) return [];
  const unit = securityText(event.security);
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

/** `customer:7Q100017`; what names no account is seen as such, and posted all the same. */
export function customerOf({ account }: Pick<Event, 'account'>): string {
  return `customer:${account === undefined || account === '' ? 'unallocated' : nameOf(account)}`;
}

/** The colon parts the names of accounts; blanks end them in journals; control characters are letters nowhere. */
function nameOf(text: string): string {
  return text.replace(/[:\s;"\p{Cc}]+/gu, '-');
}

function decimalOf(text: string | undefined): Decimal | undefined {
  if (text === undefined) return undefined;
  const read = readDecimal(text);
  return read.ok ? read.value : undefined;
}
