import type { NormalizeContext } from '../../src/contract/codec.ts';
import type { GivenAttributes } from '../../src/contract/normalize.ts';
import type { Charge, Party, Security } from '../../src/events/catalogue.types.ts';
import { businessKeyText } from '../../src/events/identity.ts';
import type { FixLevel, FixMessage } from './message.ts';
import { type PartyGroup, partyGroups } from './party-groups.ts';
import {
  dateIn,
  decimalIn,
  exactIn,
  listedWord,
  productText,
  taggedWords,
  timeIn,
  wordFor,
} from './reading.ts';
import { tag } from './tag.ts';
import { dateInZone } from './trade-date.ts';

/**
 * Who says it: the channel's configuration, else who the message was sent for, else who sent it. The configuration
 * names the other side, so it does not speak for what we send.
 */
export function reporterOf(message: FixMessage, context: NormalizeContext): string | undefined {
  const named = context.direction === 'in' ? context.reportedBy : undefined;
  return named ?? message.root.get(tag.OnBehalfOfCompID) ?? message.root.get(tag.SenderCompID);
}

export interface DatedBy {
  readonly date?: string;
  readonly computed: boolean;
}

/**
 * The trade date: TradeDate(75) in the reporter's own words; where that is absent, the date in the channel's zone of
 * TransactTime(60), else of OrigSendingTime(122) or SendingTime(52), marked as computed.
 */
export function tradeDateOf(message: FixMessage, level: FixLevel, context: NormalizeContext): DatedBy {
  const said = dateIn(level, tag.TradeDate);
  if (said !== undefined) return { date: said, computed: false };
  const { root } = message;
  const time =
    timeIn(level, tag.TransactTime) ??
    timeIn(root, tag.TransactTime) ??
    timeIn(root, tag.OrigSendingTime) ??
    timeIn(root, tag.SendingTime);
  const date = time === undefined ? undefined : dateInZone(time, context.zone);
  return date === undefined ? { computed: true } : { date, computed: true };
}

/** Account, security, parties and time of a message or of one entry of it; what the entry leaves out, the message says. */
export function attributesOf(
  message: FixMessage,
  level: FixLevel,
  context: NormalizeContext,
): GivenAttributes {
  const { root } = message;
  const occurredAt = timeIn(level, tag.TransactTime) ?? timeIn(root, tag.TransactTime);
  return {
    reportedBy: reporterOf(message, context),
    account: level.get(tag.Account) ?? root.get(tag.Account),
    accountType: wordFor('accountType', level.get(tag.AccountType) ?? root.get(tag.AccountType)),
    businessDate: dateIn(root, tag.ClearingBusinessDate),
    security: securityOf(root),
    parties: level === root ? partiesOf(root) : [...partiesOf(root), ...partiesOf(level)],
    occurredAt,
    occurredZone: occurredAt === undefined ? undefined : 'UTC',
  };
}

/**
 * What was traded: SecurityID(48) by its source, else the symbol. A series that has no id of its own is named by
 * symbol, maturity, put or call and strike, so that two series of one underlying are two securities.
 */
export function securityOf(level: FixLevel): Security | undefined {
  const symbol = level.get(tag.Symbol);
  const id = level.get(tag.SecurityID);
  const series = id === undefined && symbol !== undefined ? seriesOf(level, symbol) : undefined;
  const named = id ?? series ?? symbol;
  if (named === undefined) return undefined;
  const scheme =
    id === undefined ? undefined : (wordFor('securityScheme', level.get(tag.SecurityIDSource)) ?? 'unknown');
  const type = level.get(tag.CFICode) ?? level.get(tag.SecurityType);
  const market = level.get(tag.SecurityExchange);
  return {
    id: named,
    scheme: scheme ?? (series === undefined ? 'symbol' : 'series'),
    ...(symbol !== undefined && { symbol }),
    ...(type !== undefined && { type }),
    ...(market !== undefined && { market }),
  };
}

/** The name of a series that has no id of its own; undefined where there is no sign of a series. */
export function seriesOf(level: Pick<FixLevel, 'get'>, symbol: string): string | undefined {
  const month = level.get(tag.MaturityMonthYear);
  const day = level.get(tag.MaturityDay)?.padStart(2, '0') ?? '';
  const maturity =
    level.get(tag.MaturityDate) ??
    (month === undefined ? undefined : month + (month.length === 6 ? day : ''));
  const right = listedWord('putOrCall', level.get(tag.PutOrCall));
  const strike = decimalIn(level, tag.StrikePrice);
  if (maturity === undefined && strike === undefined) return undefined;
  return [symbol, maturity, right, strike].filter((part) => part !== undefined).join(' ');
}

/** The fields of earlier versions that each hold one party. */
const flatParties = taggedWords('flatParty');

/**
 * The parties of a level: the groups of 4.3 and later, those of the whole trade in 5.0 SP2 (RootParties), and the single
 * fields and contra brokers of earlier versions.
 */
export function partiesOf(level: FixLevel): readonly Party[] {
  const flat = flatParties.map(([field, role]) => namedParty(level.get(field), role));
  const contra = level
    .group(tag.NoContraBrokers)
    .map((entry) => namedParty(entry.get(tag.ContraBroker), 'contra-firm', entry.get(tag.ContraTrader)));
  const single = [...flat, ...contra].filter((found) => found !== undefined);
  return [...groupOf(level, partyGroups.parties), ...groupOf(level, partyGroups.rootParties), ...single];
}

export function nestedPartiesOf(level: FixLevel): readonly Party[] {
  return groupOf(level, partyGroups.nestedParties);
}

/** The parties of one group. One sub id is told: that of the party itself (4.3), else the first of its group. */
function groupOf(level: FixLevel, group: PartyGroup): readonly Party[] {
  return level.group(group.count).flatMap((entry) => {
    const subId = entry.get(group.subId) ?? entry.group(group.subs)[0]?.get(group.subId);
    const role = wordFor('partyRole', entry.get(group.role)) ?? 'unknown';
    const named = namedParty(entry.get(group.id), role, subId);
    const scheme = wordFor('partyScheme', entry.get(group.source));
    if (named === undefined) return [];
    return [scheme === undefined ? named : { ...named, scheme }];
  });
}

function namedParty(id: string | undefined, role: string, subId?: string): Party | undefined {
  if (id === undefined) return undefined;
  return subId === undefined ? { id, role } : { id, role, subId };
}

/** Commission and fees of a level, and whether an amount had to be computed from a rate. */
export interface Charges {
  readonly charges: readonly Charge[];
  readonly computed: boolean;
}

/**
 * Commission(12) by CommType(13), and the miscellaneous fees. An amount per unit is multiplied by the quantity, a
 * percentage by quantity and price; both are exact and marked as computed. Other kinds of rate make no charge.
 */
export function chargesOf(level: FixLevel, quantityTag: number, priceTag: number, terms: FixLevel): Charges {
  const currency = terms.get(tag.Currency);
  const fees = level.group(tag.NoMiscFees).flatMap((entry): Charge[] => {
    const amount = decimalIn(entry, tag.MiscFeeAmt);
    const type = wordFor('chargeType', entry.get(tag.MiscFeeType)) ?? 'other';
    return amount === undefined ? [] : [charge(type, amount, entry.get(tag.MiscFeeCurr) ?? currency)];
  });
  const commission = commissionOf(level, quantityTag, priceTag, terms);
  if (commission === undefined) return { charges: fees, computed: false };
  const { amount, computed } = commission;
  const owed = level.get(tag.CommCurrency) ?? currency;
  return { charges: [charge('commission', amount, owed), ...fees], computed };
}

/** The amount of Commission(12), and whether it had to be computed; undefined where there is none. */
export function commissionOf(
  level: Gettable,
  quantityTag: number,
  priceTag: number,
  terms: Gettable,
): { readonly amount: string; readonly computed: boolean } | undefined {
  const rate = exactIn(level, tag.Commission);
  if (rate === undefined) return undefined;
  const kind = listedWord('commissionType', level.get(tag.CommType) ?? '3');
  if (kind === 'absolute') return { amount: productText(rate), computed: false };
  const quantity = exactIn(terms, quantityTag);
  if (quantity === undefined) return undefined;
  if (kind === 'per-unit') return { amount: productText(rate, quantity), computed: true };
  const price = exactIn(terms, priceTag);
  if (kind !== 'percentage' || price === undefined) return undefined;
  return { amount: productText(rate, quantity, price, { units: 1n, scale: 2 }), computed: true };
}

type Gettable = Pick<FixLevel, 'get'>;

/** What an entry says, and where it says nothing, what the message says. */
export function withRoot(root: FixLevel, entry: FixLevel): FixLevel {
  return {
    get: (field) => entry.get(field) ?? root.get(field),
    has: (field) => entry.has(field),
    fieldOf: (field) => entry.fieldOf(field),
    group: (count) => entry.group(count),
  };
}

function charge(type: string, amount: string, currency: string | undefined): Charge {
  return currency === undefined ? { type, amount } : { type, amount, currency };
}

/** The names of what was computed, where anything was. */
export function computedNames(
  ...marks: readonly (readonly [name: string, computed: boolean])[]
): readonly string[] {
  return marks.filter(([, computed]) => computed).map(([name]) => name);
}

/** A fact's key by this message's reporter, in the channel's scope. */
export function keyOf(
  message: FixMessage,
  context: NormalizeContext,
  kind: string,
  id: string,
  tradeDate: string | undefined,
  side: string | undefined,
): string {
  const reportedBy = reporterOf(message, context);
  return businessKeyText({ kind, reportedBy, scope: context.keyScope, tradeDate, id, side });
}
