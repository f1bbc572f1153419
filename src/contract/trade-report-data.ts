import { businessKeyText } from '../events/identity.ts';
import type { NormalizeContext } from './codec.ts';
import type { GivenAttributes } from './normalize.ts';
import type { StatusReason } from './settlement-status.ts';
import type { TradeFacts, TradeParty, TradeReference, TradeReport } from './trade-report.ts';

/** What is told of a trade beside the trade itself. */
export interface Told {
  readonly action: string | undefined;
  readonly status: string | undefined;
  /** The last part of the business key: what makes this another fact than the next one about the same trade. */
  readonly side: string;
  readonly code?: string | undefined;
}

/** The codes of all reasons, in the order in which they were said: `GSCC/E010 GSCC/E018`. */
export function reasonText(reasons: readonly StatusReason[] = []): string {
  return reasons.map(({ code, scheme = '' }) => (scheme === '' ? code : `${scheme}/${code}`)).join(' ');
}

/** The attributes of an event about a trade; what names the trade is its member's number, else the clearing corporation's. */
export function tradeAttributes(said: TradeReport, side: string, context: NormalizeContext): GivenAttributes {
  const { trade = {}, preparedAt, sender } = said;
  const reportedBy = (context.direction === 'in' ? context.reportedBy : undefined) ?? sender;
  return {
    reportedBy,
    businessKey: businessKeyText({
      kind: `trade-${said.kind}`,
      reportedBy,
      scope: context.keyScope,
      tradeDate: trade.tradeDate,
      id: tradeIdOf(said) ?? contraIdOf(said) ?? said.messageId,
      side,
    }),
    account: trade.account,
    security: securityOf(trade),
    unit: trade.quantity === undefined ? undefined : (trade.unit ?? 'shares'),
    // Whoever has no role that anybody knows stands in the message alone.
    parties: trade.parties?.filter(({ role }) => role !== '').map(partyOf),
    occurredAt: preparedAt,
    occurredZone: preparedAt?.endsWith('Z') ? 'UTC' : undefined,
  };
}

const names = ['MAST', 'LIST', 'TRRF', 'INDX', 'PROG', 'BASK', 'PREV', 'RELA', 'COMM', 'PROC'];

/** The member's own number of the trade, else the name that was given it. */
function tradeIdOf({ references }: TradeReport): string | undefined {
  return names.flatMap((name) => references.filter(({ by }) => by === name)).find((one) => one !== undefined)
    ?.id;
}

/** On a message about a trade of the other side: the other side's number. */
function contraIdOf({ trade }: TradeReport): string | undefined {
  return trade?.parties?.find(({ reference }) => reference !== undefined)?.reference;
}

function relatedIds({ references }: TradeReport, own: string | undefined): readonly string[] {
  return [...new Set(references.map(({ id }: TradeReference) => id))].filter((id) => id !== own);
}

/** The CUSIP where it is said, because everything else of this market goes by it; else the ISIN. */
function securityOf({ cusip, isin }: TradeFacts): { id: string; scheme: string } | undefined {
  if (cusip !== undefined) return { id: cusip, scheme: 'cusip' };
  return isin === undefined ? undefined : { id: isin, scheme: 'isin' };
}

const roles = new Map([
  ['BUYR', 'buyer'],
  ['SELL', 'seller'],
  ['INVE', 'investor'],
  ['EXBR', 'executing-firm'],
  ['CLBR', 'clearing-firm'],
  ['INBR', 'instructing-party'],
  ['AFFM', 'affirming-party'],
  ['DEAG', 'delivering-agent'],
  ['REAG', 'receiving-agent'],
  ['PSET', 'place-of-settlement'],
]);

function partyOf({ role, id, scheme, correspondent }: TradeParty) {
  return { role: roles.get(role) ?? role, id, scheme, subId: correspondent };
}

/** The party on the other side of the trade. */
function contraOf({ side, parties = [] }: TradeFacts): string | undefined {
  const role = side === 'buy' ? 'SELL' : 'BUYR';
  return side === undefined ? undefined : parties.find((party) => party.role === role)?.id;
}

function textOf({ trade = {}, statuses = [] }: TradeReport): string | undefined {
  const words = statuses.flatMap(({ reasons = [] }) => reasons.flatMap(({ text }) => text ?? []));
  const all = [...words, ...(trade.text === undefined ? [] : [trade.text])];
  return all.length === 0 ? undefined : all.join('; ');
}

export function comparedData(said: TradeReport, { action, status, code }: Told) {
  const { trade = {}, messageId } = said;
  const tradeId = tradeIdOf(said) ?? contraIdOf(said);
  return {
    tradeId,
    relatedIds: relatedIds(said, tradeId),
    contra: contraOf(trade),
    side: trade.side,
    quantity: trade.quantity,
    price: trade.price,
    priceType: trade.priceType,
    tradeDate: trade.tradeDate,
    time: trade.tradedAt,
    settlementDate: trade.settlementDate,
    net: trade.net,
    accrued: trade.accrued,
    currency: trade.currency,
    repo: trade.repo,
    status,
    code,
    action,
    messageId,
    text: textOf(said),
  };
}

export function reportedData(said: TradeReport, { action, status, code }: Told, destination?: string) {
  const { trade, references, messageId, tradeType } = said;
  const control = references.find(({ by }) => by === 'TRRF' || by === 'LIST')?.id;
  const tradeId = tradeIdOf(said);
  return {
    destination: destination ?? tradeType?.scheme,
    controlNumber: control,
    trade: trade === undefined ? { tradeId } : { ...executionOf(trade), tradeId },
    repo: trade?.repo,
    action,
    relatedIds: relatedIds(said, tradeId),
    messageId,
    status,
    code,
  };
}

function executionOf(trade: TradeFacts) {
  return {
    side: trade.side,
    quantity: trade.quantity,
    price: trade.price,
    priceType: trade.priceType,
    currency: trade.currency,
    tradeDate: trade.tradeDate,
    settlementDate: trade.settlementDate,
    venue: trade.venue,
    charges: trade.charges,
    accrued: trade.accrued,
    gross: trade.gross,
    net: trade.net,
    text: trade.text,
  };
}

export function confirmedData(said: TradeReport, { action, status }: Told) {
  const { trade = {}, messageId, references } = said;
  const tradeId = tradeIdOf(said);
  return {
    confirmId: messageId,
    referenceId: references.find(({ by }) => by === 'PREV' || by === 'RELA')?.id,
    tradeId,
    relatedIds: relatedIds(said, tradeId),
    action,
    status,
    affirmingParty: trade.parties?.find(({ role }) => role === 'AFFM')?.id,
    side: trade.side,
    quantity: trade.quantity,
    averagePrice: trade.price,
    priceType: trade.priceType,
    currency: trade.currency,
    tradeDate: trade.tradeDate,
    settlementDate: trade.settlementDate,
    gross: trade.gross,
    net: trade.net,
    accrued: trade.accrued,
    charges: trade.charges,
    repo: trade.repo,
    messageId,
    text: textOf(said),
  };
}

export function executedData(said: TradeReport) {
  const { trade = {}, messageId, references, function: name } = said;
  return {
    orderId: references.find(({ by }) => by === 'RELA' || by === 'MAST')?.id,
    execId: messageId,
    report: name === 'CANC' ? 'canceled' : 'executed',
    side: trade.side,
    quantity: trade.quantity,
    price: trade.price,
    text: textOf(said),
  };
}
