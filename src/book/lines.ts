import { type Calendar, isDate, settlementCycle, settlementDate } from '../calendar/index.ts';
import { type Decimal, readDecimal } from '../core/decimal.ts';
import { type Event, type EventOf, movesOf } from '../events/index.ts';
import { securityText, symbolOf } from './security.ts';

export type MovementKind = 'opening' | 'trade' | 'transfer' | 'corporate-action' | 'cash';

/** What one event moves. Signed: plus means that the account receives. */
export interface Line {
  readonly kind: MovementKind;
  readonly account: string;
  /** `scheme:id`; empty where only cash moves. */
  readonly security: string;
  readonly symbol: string | undefined;
  readonly quantity: Decimal;
  readonly currency: string;
  /** Charges are in it. */
  readonly cash: Decimal;
  /** Above zero: the account pays. */
  readonly charges: readonly { readonly type: string; readonly amount: Decimal }[];
  readonly tradeDate: string;
  readonly settlementDate: string;
  /** The settlement date was not said, and comes from the calendar. */
  readonly computed: boolean;
}

/** A line, or why an event that should move the book cannot; undefined for events that never move it. */
export type Moves = { readonly line: Line } | { readonly unbooked: string } | undefined;

const nothing: Decimal = { units: 0n, scale: 0 };

/** What an event moves. Pure: the calendar only fills in a settlement date that the event does not say. */
export function linesOf(event: Event, calendar: Calendar): Moves {
  switch (event.type) {
    case 'trade.executed':
    case 'trade.corrected':
      return tradeLine(event, calendar);
    case 'transfer.settled':
      return flatLine(event, 'transfer', [event.data.settlementDate], event.data);
    case 'corporateAction.paid':
      return flatLine(event, 'corporate-action', [event.data.payDate, event.data.exDate], event.data);
    case 'cash.moved':
      return flatLine(event, 'cash', [event.data.valueDate], { ...event.data, quantity: undefined });
    case 'transfer.reversed':
    case 'corporateAction.reversed':
      return event.reverses === undefined ? { unbooked: 'it does not name what it reverses' } : undefined;
    default:
      return undefined;
  }
}

function tradeLine(event: EventOf<'trade.executed' | 'trade.corrected'>, calendar: Calendar): Moves {
  const { data } = event;
  const moved = movesOf(data);
  if (moved === undefined) return { unbooked: 'side, quantity or price is missing' };
  const security = securityText(event.security);
  if (security === '') return { unbooked: 'no security is named' };
  const traded = dateIn(data.tradeDate, event.businessDate);
  if (traded === undefined) return { unbooked: 'no trade date is known' };
  const said = dateIn(data.settlementDate);
  const settles = said ?? settlesOn(traded, cycleOf(data.settlementType, traded), calendar);
  return {
    line: {
      kind: 'trade',
      account: event.account ?? '',
      security,
      symbol: symbolOf(event.security),
      quantity: moved.quantity,
      currency: moved.currency,
      cash: moved.cash,
      charges: moved.charges,
      tradeDate: traded,
      settlementDate: settles,
      computed: said === undefined,
    },
  };
}

/** Days until a trade settles that only says how: the words of SettlType(63) in the catalogue. */
function cycleOf(type: string | undefined, tradeDate: string): number {
  if (type === 'cash') return 0;
  if (type === 'next-day') return 1;
  const days = /^t\+(\d)$/.exec(type ?? '')?.[1];
  return days === undefined ? settlementCycle(tradeDate) : Number(days);
}

const known = new WeakMap<Calendar, Map<string, string>>();
/** Dates that are kept: their messages name any day that they like. */
const knownMax = 4_096;

/** The settlement date of a trade date, looked up once: a day has many trades. */
function settlesOn(tradeDate: string, days: number, calendar: Calendar): string {
  const dates = known.get(calendar) ?? new Map<string, string>();
  known.set(calendar, dates);
  const key = `${tradeDate} ${days}`;
  const date = dates.get(key) ?? settlementDate(tradeDate, days, calendar);
  if (dates.size >= knownMax) dates.clear();
  dates.set(key, date);
  return date;
}

interface Flat {
  readonly quantity?: string | undefined;
  readonly amount?: string | undefined;
  readonly currency?: string | undefined;
}

/** What moves on one day by both bases, without a trade. */
function flatLine(
  event: Event,
  kind: MovementKind,
  said: readonly (string | undefined)[],
  { quantity, amount, currency = 'USD' }: Flat,
): Moves {
  const date = dateIn(...said, event.businessDate, event.asOf);
  if (date === undefined) return { unbooked: 'no date is known' };
  const shares = decimalOf(quantity);
  const security = securityText(event.security);
  if (shares.units !== 0n && security === '') return { unbooked: 'no security is named' };
  return {
    line: {
      kind,
      account: event.account ?? '',
      security: shares.units === 0n && kind === 'cash' ? '' : security,
      symbol: symbolOf(event.security),
      quantity: shares,
      currency,
      cash: decimalOf(amount),
      charges: [],
      tradeDate: date,
      settlementDate: date,
      computed: dateIn(...said) === undefined,
    },
  };
}

/**
 * Days that a book goes by, both included. Reason: 0000-00-00 and 9999-12-31 are how systems write "never", and no
 * calendar goes on from there.
 */
const days = { first: '1900-01-01', last: '9998-12-31' };

/** The first of these that is a date of a book. */
export function dateIn(...texts: readonly (string | undefined)[]): string | undefined {
  return texts
    .map((text) => text?.slice(0, 10))
    .find((text) => text !== undefined && text >= days.first && text <= days.last && isDate(text));
}

/** The value of a decimal text of an event; zero where there is none. */
export function decimalOf(text: string | undefined): Decimal {
  const read = text === undefined ? undefined : readDecimal(text);
  return read?.ok === true ? read.value : nothing;
}
