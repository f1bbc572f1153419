import { type Line, linesOf, securityText, symbolOf } from '../book/index.ts';
import { type Calendar, settlementDays } from '../calendar/index.ts';
import { microsOfIso } from '../core/clock.ts';
import { addDecimals, type Decimal, negateDecimal, readDecimal } from '../core/decimal.ts';
import { businessKeyPartsOf, directionOf, type Event, type EventOf } from '../events/index.ts';
import { zero } from './amounts.ts';
import type { NameChange, NamedSecurity } from './names.ts';
import type { Ended, Evidence, Posting, Rejection, Side, Trade } from './terms.ts';

/** A fact of the log on its way into a comparison: the event, and where it stands. */
export interface Fact {
  readonly event: Event;
  readonly offset: number;
  readonly ended?: Ended;
}

type TradeEvent = EventOf<'trade.executed' | 'trade.corrected'>;

/** The trade of an event; undefined where it does not say what moves. What is not said of dates comes as in the book. */
export function tradeOf(
  { event, offset, ended }: Fact,
  canonical: (name: string) => string,
  calendar: Calendar = settlementDays,
): Trade | undefined {
  if (event.type !== 'trade.executed' && event.type !== 'trade.corrected') return undefined;
  const line = lineOf(event, calendar);
  if (line === undefined) return undefined;
  const { data } = event;
  const corrects = correctedBy(event);
  return {
    ...toldBy(event, offset),
    references: referencesOf(event, corrects),
    account: line.account,
    security: canonical(line.security),
    quantity: line.quantity,
    price: decimalOf(data.price),
    cash: line.cash,
    currency: line.currency,
    charges: chargesOf(line),
    saysMoney: data.net !== undefined || line.charges.length > 0,
    tradeDate: line.tradeDate,
    settlementDate: line.settlementDate,
    // Only what is booked on another day than the one that it is booked for.
    ...(event.asOf !== undefined && event.asOf !== event.businessDate && { asOf: event.asOf }),
    ...(corrects !== undefined && { replaces: corrects }),
    ...(ended !== undefined && { ended }),
  };
}

/** The fill that a clearer did not take; undefined for other events. */
export function rejectionOf(
  { event, offset }: Fact,
  canonical: (name: string) => string,
): Rejection | undefined {
  if (event.type !== 'trade.rejected') return undefined;
  const { data, account = '' } = event;
  const quantity = decimalOf(data.quantity);
  const reason = [data.reason, data.text].filter((part) => part !== undefined && part !== '').join(' ');
  const { bookedAccount, tradeDate, settlementDate } = data;
  return {
    ...toldBy(event, offset),
    references: [data.referenceId, data.tradeId].filter((one) => one !== undefined),
    account,
    security: canonical(securityText(event.security)),
    quantity: directionOf(data.side) === -1 ? negateDecimal(quantity) : quantity,
    price: decimalOf(data.price),
    currency: 'USD',
    reason,
    ...(bookedAccount !== undefined && { bookedAccount }),
    ...(tradeDate !== undefined && { tradeDate }),
    ...(settlementDate !== undefined && { settlementDate }),
  };
}

/** What moves without a trade; undefined for other events. */
export function postingOf(
  { event, offset }: Fact,
  canonical: (name: string) => string,
  calendar: Calendar = settlementDays,
): Posting | undefined {
  const named = postingNames(event);
  const line = named === undefined ? undefined : lineOf(event, calendar);
  if (named === undefined || line === undefined) return undefined;
  const { account, security, quantity, cash, currency, tradeDate, settlementDate } = line;
  return {
    ...toldBy(event, offset),
    ...named,
    account,
    ...(security !== '' && { security: canonical(security) }),
    quantity,
    cash,
    currency,
    tradeDate,
    settlementDate,
  };
}

function postingNames(
  event: Event,
): Pick<Posting, 'kind' | 'reference' | 'description' | 'contraFirm'> | undefined {
  const key = event.businessKey ?? event.id;
  switch (event.type) {
    case 'transfer.settled': {
      const { controlNumber: reference = key, contraFirm, kind } = event.data;
      const description = kind === undefined ? 'transfer' : `${kind} transfer`;
      return { kind: 'transfer', reference, description, ...(contraFirm !== undefined && { contraFirm }) };
    }
    case 'corporateAction.paid': {
      const { eventId: reference = key, kind = 'corporate action', ratioNew, ratioOld } = event.data;
      const ratio = ratioNew === undefined || ratioOld === undefined ? '' : ` ${ratioNew}:${ratioOld}`;
      return { kind: 'corporate-action', reference, description: `${kind}${ratio}` };
    }
    case 'cash.moved': {
      const { referenceId: reference = key, type: description = 'cash movement' } = event.data;
      return { kind: 'cash', reference, description };
    }
    default:
      return undefined;
  }
}

/** The change of a security's name; undefined for other events and for those that do not say what changed. */
export function nameChangeOf({ event, offset }: Fact): NameChange | undefined {
  if (event.type !== 'identifier.changed') return undefined;
  const former = securityText(event.data.former);
  const next = securityText(event.security);
  const effective = event.data.effectiveDate ?? event.businessDate;
  if (former === '' || next === '' || former === next || effective === undefined) return undefined;
  return { former, next, effective, evidence: evidenceOf(event, offset) };
}

/** The security of a fact as its message named it. */
export function namedIn({ event }: Fact): NamedSecurity | undefined {
  const name = securityText(event.security);
  const symbol = symbolOf(event.security);
  return name === '' ? undefined : { name, ...(symbol !== undefined && { symbol }) };
}

/** Where an event stands, and what it is called there. */
export function evidenceOf(event: Event, offset: number): Evidence {
  return { side: sideOf(event), offset, what: whatOf(event), source: sourceText(event.id) };
}

/** `clearing-positions/2026-11-10/EOD/01, record 17`: channel and origin of an event id, for people. */
export function sourceText(eventId: string): string {
  const place = eventId.slice(0, eventId.lastIndexOf('#'));
  const channel = place.slice(0, place.indexOf('/'));
  const origin = place.slice(place.indexOf('/') + 1);
  const numbered = /^(.*):(\d+)$/.exec(origin);
  if (numbered === null) return `${channel}: ${origin}`;
  const [, scope = '', number] = numbered;
  return scope.endsWith('/in') ? `${channel}: message ${number}` : `${channel}: ${scope}, record ${number}`;
}

/** The time that an event says it happened at, else of its receipt. */
export function happenedAt({ occurredAt, receivedAt }: Event): number {
  const said = occurredAt === undefined ? undefined : microsIn(occurredAt);
  return said ?? microsOfIso(receivedAt) ?? 0;
}

/** Microseconds of an ISO time with `Z` or an offset. */
export function microsIn(text: string): number | undefined {
  const exact = microsOfIso(text);
  if (exact !== undefined) return exact;
  if (!/(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : millis * 1000;
}

function toldBy(event: Event, offset: number): Pick<Trade, 'id' | 'key' | 'evidence' | 'at'> {
  const evidence = evidenceOf(event, offset);
  return { id: event.id, key: event.businessKey ?? event.id, evidence, at: happenedAt(event) };
}

function sideOf({ perspective }: Event): Side {
  return perspective === 'ours' ? 'ours' : 'theirs';
}

function whatOf(event: Event): string {
  switch (event.type) {
    case 'trade.executed':
    case 'trade.corrected': {
      const { execId, referenceId } = event.data;
      const of = referenceId === undefined ? '' : ` for ${referenceId}`;
      return `${event.type === 'trade.corrected' ? 'correction' : 'trade'} ${execId ?? ''}${of}`;
    }
    case 'trade.busted':
      return `cancel ${event.data.execId ?? ''} of ${event.data.referenceId ?? event.data.tradeId ?? ''}`;
    case 'trade.rejected':
      return `reject ${event.data.tradeId ?? ''} of ${event.data.referenceId ?? ''}`;
    case 'transfer.settled':
      return `transfer ${event.data.controlNumber ?? ''}`;
    case 'corporateAction.paid':
      return `corporate action ${event.data.eventId ?? ''} for ${event.account ?? ''}`;
    case 'cash.moved':
      return `${event.data.type ?? 'cash'} ${event.data.referenceId ?? ''}`;
    case 'identifier.changed':
      return `identifier change of ${event.data.former?.id ?? ''}`;
    default:
      return event.type;
  }
}

/** The reporter's id of the trade that a correction is about: in its own words, else in the key that it replaces. */
function correctedBy({ type, data, replaces }: TradeEvent): string | undefined {
  if (type !== 'trade.corrected') return undefined;
  const [, , , , id = ''] = replaces === undefined ? [] : businessKeyPartsOf(replaces);
  return data.referenceId ?? (id === '' ? undefined : id);
}

/**
 * What a trade is known by. The clearer's own numbers are its own: what it refers to is the ExecID of the fill, which
 * both sides know. Our correction is known by its own ExecID too.
 */
function referencesOf({ perspective, data }: TradeEvent, corrects: string | undefined): readonly string[] {
  const { execId, referenceId, secondaryExecId, tradeId } = data;
  const names =
    perspective === 'ours'
      ? [execId, corrects, referenceId, secondaryExecId, tradeId]
      : [referenceId, corrects, execId, secondaryExecId, tradeId];
  return [...new Set(names.filter((name) => name !== undefined).filter((name) => name !== ''))];
}

function chargesOf({ charges }: Line): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const { type, amount } of charges) {
    sums.set(type, addDecimals(sums.get(type) ?? zero, amount));
  }
  return sums;
}

function lineOf(event: Event, calendar: Calendar): Line | undefined {
  const moves = linesOf(event, calendar);
  return moves !== undefined && 'line' in moves ? moves.line : undefined;
}

function decimalOf(text: string | undefined): Decimal {
  const read = text === undefined ? undefined : readDecimal(text);
  return read?.ok === true ? read.value : zero;
}
