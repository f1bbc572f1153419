import { addDecimals, decimalText, readDecimal } from '../core/decimal.ts';
import type { Event } from '../events/event.ts';
import type { NormalizeContext } from './codec.ts';
import { eventOf } from './normalize.ts';
import {
  detailsData,
  namesOf,
  saidBy,
  settlementAttributes,
  settlementKey,
} from './settlement-attributes.ts';
import type { SettlementConfirmation } from './settlement-confirmation.ts';

/**
 * What a confirmation means: `settlement.settled`; `settlement.partial` where something remains; `settlement.pending`
 * where cash or securities alone are confirmed before the whole; `settlement.reclaimed` for a delivery returned without
 * matching (`RODE`) and for a reversal; `settlement.cancelled` for a confirmation that was a mistake. The last two name
 * what they undo in `reverses`. The key goes by the confirmation's own reference, because an instruction may settle in
 * parts. The instructed quantity of a part is computed from what settled and what remains, and marked.
 */
export function confirmationEvents(
  said: SettlementConfirmation,
  context: NormalizeContext,
): readonly Event[] {
  const reportedBy = saidBy(context, said.sender);
  const key = (side: string) => settlementKey(context, reportedBy, said.instructionId, side);
  const quantity = said.details.quantity ?? instructedOf(said);
  const computed = said.details.quantity === undefined && quantity !== undefined;
  const undone = said.action === 'new' ? undefined : said.previousId;
  const attributes = {
    ...settlementAttributes(said.details, said.preparedAt),
    reportedBy,
    businessKey: key(`${sides[said.action]} ${nameOf(said)}`),
    reverses: undone === undefined ? undefined : key(`${sides.new} ${undone}`),
    unit: said.settled === undefined ? undefined : (said.details.unit ?? 'shares'),
    computed: computed ? ['data.quantity'] : [],
  };
  const data = {
    instructionId: said.instructionId,
    ...namesOf(said.related),
    linkedIds: said.linked,
    previousId: said.previousId,
    ...detailsData(said.details),
    quantity,
    settled: said.settled,
    remaining: said.remaining,
    effectiveDate: said.effectiveDate,
    status: statusOf(said),
    messageId: said.messageId,
    text: said.details.text,
  };
  return [eventOf(context, 'confirmation', typeOf(said), attributes, data)];
}

const sides = { new: 'ESTT', cancel: 'CANC', reverse: 'RVSL' } as const;

/** Where a message has no reference of its own: the servicer's of the transaction, else the day on which it settled. */
function nameOf({ messageId, servicerId, effectiveDate = '' }: SettlementConfirmation): string {
  return messageId === '' ? (servicerId ?? effectiveDate) : messageId;
}

function typeOf(said: SettlementConfirmation) {
  if (said.action === 'cancel') return 'settlement.cancelled';
  if (said.action === 'reverse') return 'settlement.reclaimed';
  if (said.preconfirmed !== undefined) return 'settlement.pending';
  if (said.partial === 'PAIN' || remains(said)) return 'settlement.partial';
  return said.details.transactionType === 'RODE' ? 'settlement.reclaimed' : 'settlement.settled';
}

function remains({ partial, remaining = '0' }: SettlementConfirmation): boolean {
  return partial !== 'PARC' && !/^0(\.0*)?$/.test(remaining);
}

function statusOf({ action, preconfirmed, partial }: SettlementConfirmation): string | undefined {
  return action === 'new' ? (preconfirmed ?? partial) : sides[action];
}

/** All of it, where the confirmation says what remains. */
function instructedOf({
  settled,
  previouslySettled = '0',
  remaining,
}: SettlementConfirmation): string | undefined {
  if (settled === undefined || remaining === undefined) return undefined;
  const [first, ...rest] = [settled, previouslySettled, remaining].map((text) => readDecimal(text));
  if (first === undefined || !first.ok) return undefined;
  const sum = rest.reduce((total, one) => (one.ok ? addDecimals(total, one.value) : total), first.value);
  return decimalText(sum);
}
