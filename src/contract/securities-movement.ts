import type { Event } from '../events/event.ts';
import type { NormalizeContext } from './codec.ts';
import { eventOf } from './normalize.ts';
import { namesOf, saidBy, settlementAttributes, settlementKey } from './settlement-attributes.ts';
import type { MessageFacts } from './settlement-instruction.ts';
import type { RelatedId, SettlementTransaction } from './settlement-status.ts';

/** A move between two statuses or places of one account that was done: what semt.015 is read into. */
export interface SecuritiesMovement extends MessageFacts {
  /** The account owner's reference; a servicer moves securities without one too. */
  readonly instructionId?: string | undefined;
  readonly related?: readonly RelatedId[] | undefined;
  readonly details: Pick<SettlementTransaction, 'account' | 'isin' | 'cusip' | 'unit'>;
  /** What moved by this confirmation. Canonical decimal text, unsigned. */
  readonly quantity: string;
  readonly fromBalance: string;
  readonly toBalance: string;
  readonly location?: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly effectiveDate: string;
  readonly settledBefore?: string | undefined;
  readonly remaining?: string | undefined;
  /** A corporate action's type, and its id by the servicer. */
  readonly reason?: string | undefined;
  readonly eventId?: string | undefined;
  readonly text?: string | undefined;
}

/**
 * What it means: `securities.moved`, once for each part that moved. The account's total stays what it was, so nothing is
 * booked by it. Without a reference of the owner the message's own names it.
 */
export function movementEvents(said: SecuritiesMovement, context: NormalizeContext): readonly Event[] {
  const { instructionId, messageId, quantity, fromBalance, toBalance, effectiveDate, location } = said;
  const reportedBy = saidBy(context, said.sender);
  const part = [effectiveDate, quantity, said.settledBefore].filter((one) => one !== undefined).join(' ');
  const side = `MOVE ${fromBalance} ${toBalance} ${part}`;
  const named = instructionId ?? messageId;
  const attributes = {
    ...settlementAttributes({ ...said.details, quantity }, said.preparedAt),
    reportedBy,
    businessKey: named === '' ? undefined : settlementKey(context, reportedBy, named, side),
  };
  const data = {
    instructionId,
    relatedIds: namesOf(said.related).relatedIds,
    quantity,
    fromBalance,
    toBalance,
    fromLocation: location,
    toLocation: location,
    effectiveDate,
    settledBefore: said.settledBefore,
    remaining: said.remaining,
    reason: said.reason,
    eventId: said.eventId,
    messageId,
    text: said.text,
  };
  return [eventOf(context, 'movement', 'securities.moved', attributes, data)];
}
