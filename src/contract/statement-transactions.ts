import type { Event } from '../events/event.ts';
import { eventId } from '../events/identity.ts';
import type { NormalizeContext } from './codec.ts';
import { eventOf } from './normalize.ts';
import { originText } from './origin.ts';
import { detailsData, namesOf, settlementAttributes, settlementKey } from './settlement-attributes.ts';
import { settlementEvents } from './settlement-events.ts';
import type { SettlementStatus } from './settlement-status.ts';
import type { StatedPending, StatedPosting, StatementHead } from './statement.ts';
import { pageAttributes, reporterOf, rowKey } from './statement-head.ts';

/**
 * What a posted transaction means: `settlement.settled`, and `settlement.reclaimed` where it takes an earlier posting
 * back. `number` is its place in the page (`2-1`: the first of the second security). One instruction may be posted in
 * parts, so the key names the day, the quantity and the amount; two equal parts of one day are told apart by nothing. It
 * is not the key of the confirmation, which a statement does not name.
 */
export function postingEvent(
  head: StatementHead,
  posting: StatedPosting,
  context: NormalizeContext,
  number: string,
): Event {
  const { effectiveDate, reversal = false, activity, related } = posting;
  const details = { ...posting.transaction, transactionType: posting.type };
  const instructionId = namedBy(posting.instructionId);
  const part = [effectiveDate, details.quantity, details.amount].filter((one) => one !== undefined).join(' ');
  const key = (side: string): string =>
    instructionId === undefined
      ? rowKey(head, context, 'posting', [number, side])
      : settlementKey(context, reporterOf(head, context), instructionId, `${side} ${part}`);
  const account = details.account ?? head.account;
  const attributes = {
    ...settlementAttributes(details, head.preparedAt),
    ...pageAttributes(head, context, account),
    businessKey: key(reversal ? 'REVE' : 'PSTA'),
    reverses: reversal && instructionId !== undefined ? key('PSTA') : undefined,
  };
  const type = reversal ? 'settlement.reclaimed' : 'settlement.settled';
  return eventOf(context, `posting-${number}`, type, attributes, {
    instructionId,
    ...namesOf(related),
    ...detailsData(details),
    quantity: undefined,
    settled: details.quantity,
    effectiveDate,
    status: activity,
    messageId: head.messageId,
    text: details.text,
  });
}

/**
 * What a pending transaction means: the same events with the same keys as a status message of its own, so a status that
 * was told before is a repeat and not another fact. A transaction that nobody named has a key of this statement. One of
 * which no status is said is pending all the same, because the statement is of pending ones: that is marked as computed.
 */
export function pendingEvents(
  head: StatementHead,
  pending: StatedPending,
  context: NormalizeContext,
  number: string,
  told: { readonly standard: string; readonly messageType: string },
): readonly Event[] {
  const { transaction, related } = pending;
  const silent = pending.statuses.length === 0;
  const instructionId = namedBy(pending.instructionId);
  const said: SettlementStatus = {
    messageId: head.messageId,
    preparedAt: head.preparedAt,
    sender: head.sender,
    receiver: head.receiver,
    instructionId: instructionId ?? 'NONREF',
    related,
    statuses: silent ? [{ kind: 'SETT', code: 'PEND' }] : pending.statuses,
    transaction: { ...transaction, account: transaction?.account ?? head.account },
  };
  return settlementEvents(said, context, told.standard, told.messageType).map((event) => {
    const slot = `pending-${number}-${event.slot}`;
    const id = eventId(context.channel, originText(context.origin), slot, context.revision);
    const computed = silent ? { computed: ['data.status'] } : {};
    const placed: Event = { ...event, id, slot, asOf: head.at.slice(0, 10), ...computed };
    if (instructionId !== undefined) return placed;
    return unnamed({ ...placed, businessKey: rowKey(head, context, 'pending', [number, event.slot]) });
  });
}

function unnamed(event: Event): Event {
  if (!event.type.startsWith('settlement.')) return event;
  const data = Object.entries(event.data).filter(([name]) => name !== 'instructionId');
  return { ...event, data: Object.fromEntries(data) } as Event;
}

/** `NONREF` is what the standards write where there is no reference. */
function namedBy(id: string | undefined): string | undefined {
  return id === undefined || id === '' || id === 'NONREF' ? undefined : id;
}
