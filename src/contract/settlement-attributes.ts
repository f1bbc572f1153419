import { businessKeyText } from '../events/identity.ts';
import type { NormalizeContext } from './codec.ts';
import type { GivenAttributes } from './normalize.ts';
import type { MessageFacts, SettlementDetails } from './settlement-instruction.ts';
import type { RelatedId, SettlementTransaction } from './settlement-status.ts';

/**
 * The business key of a fact about one settlement instruction: `settlement`, who services the account, the channel's
 * scope, the account owner's reference, and what fact it is. An instruction, its statuses and its confirmations share
 * all of it but the last part.
 */
export function settlementKey(
  context: NormalizeContext,
  servicer: string | undefined,
  id: string,
  side: string,
  kind: 'settlement' | 'allegement' = 'settlement',
): string {
  return businessKeyText({ kind, reportedBy: servicer, scope: context.keyScope, id, side });
}

/** Who said a message of the account servicer, and so services the account: the channel's reporter, else the sender. */
export function saidBy(context: NormalizeContext, sender: string | undefined): string | undefined {
  return (context.direction === 'in' ? context.reportedBy : undefined) ?? sender;
}

/**
 * Who services the account that an instruction is about: whom it is sent to. On a channel of ours that is the one whose
 * statuses and confirmations come back on it.
 */
export function servicerOf(
  context: NormalizeContext,
  { sender, receiver }: MessageFacts,
): string | undefined {
  const answering = context.direction === 'out' ? context.reportedBy : undefined;
  return answering ?? receiver ?? saidBy(context, sender);
}

/** The attributes that every event about settlement has from what its message repeats of the transaction. */
export function settlementAttributes(
  details: SettlementTransaction,
  preparedAt: string | undefined,
): GivenAttributes {
  return {
    account: details.account,
    security: securityOf(details),
    unit: details.quantity === undefined ? undefined : (details.unit ?? 'shares'),
    // A party without a role, of a field that was damaged, says nothing.
    parties: details.parties
      ?.filter(({ role }) => role !== '')
      .map(({ role, id, scheme }) => ({ role: roles.get(role) ?? role, id, scheme })),
    occurredAt: preparedAt,
    occurredZone: preparedAt?.endsWith('Z') ? 'UTC' : undefined,
  };
}

/** The CUSIP where it is said, because everything else of this market goes by it; else the ISIN. */
function securityOf({ cusip, isin }: SettlementTransaction): { id: string; scheme: string } | undefined {
  if (cusip !== undefined) return { id: cusip, scheme: 'cusip' };
  return isin === undefined ? undefined : { id: isin, scheme: 'isin' };
}

const roles = new Map([
  ['DEAG', 'delivering-agent'],
  ['REAG', 'receiving-agent'],
  ['SELL', 'seller'],
  ['BUYR', 'buyer'],
  ['DECU', 'delivering-custodian'],
  ['RECU', 'receiving-custodian'],
  ['DEI1', 'delivering-intermediary-1'],
  ['DEI2', 'delivering-intermediary-2'],
  ['REI1', 'receiving-intermediary-1'],
  ['REI2', 'receiving-intermediary-2'],
  ['ACOW', 'account-owner'],
]);

/** The names of one instruction, and the trade behind it. */
export function namesOf(related: readonly RelatedId[] = []) {
  return {
    relatedIds: related.filter(({ by }) => by !== 'trade').map(({ id }) => id),
    tradeId: related.find(({ by }) => by === 'trade')?.id,
  };
}

/** What a transaction says of itself, as the events' data has it. */
export function detailsData(details: SettlementDetails) {
  return {
    leg: details.leg,
    delivery: details.delivery,
    payment: details.payment,
    quantity: details.quantity,
    amount: details.amount,
    currency: details.currency,
    tradeDate: details.tradeDate,
    settlementDate: details.settlementDate,
    place: details.place,
    transactionType: details.transactionType,
    safekeepingPlace: details.safekeepingPlace,
    conditions: details.conditions,
    price: details.price,
    priceType: details.priceType,
    priceCurrency: details.priceCurrency,
    accrued: details.accrued,
    closingDate: details.closingDate,
    fromBalance: details.fromBalance,
    toBalance: details.toBalance,
  };
}

/** This slot, or with a number behind it where the message has it already; it is taken from now on. */
export function freeSlot(slot: string, taken: Set<string>): string {
  let free = slot;
  for (let number = 2; taken.has(free); number++) free = `${slot}-${number}`;
  taken.add(free);
  return free;
}
