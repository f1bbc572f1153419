import type { Event } from '../events/event.ts';
import type { NormalizeContext } from './codec.ts';
import { eventOf } from './normalize.ts';
import type { StatedPenalty, StatementHead } from './statement.ts';
import { pageAttributes, rowKey, statedSecurity } from './statement-head.ts';

/**
 * What a penalty of a statement means: `cash.pending`. It is computed for a day and has moved no money yet; what is paid
 * in the end is told by the bank. Plus means that the account is entitled to it. One that is removed (`REMO`) or could
 * not be computed (`NCOM`) says so in its status, and the amount is what the message says.
 */
export function penaltyEvent(
  head: StatementHead,
  penalty: StatedPenalty,
  context: NormalizeContext,
  number: string,
): Event {
  const { reference, instructionId, type, amount, currency, date, status, party, counterparty } = penalty;
  const attributes = {
    ...pageAttributes(head, context),
    asOf: date ?? head.at.slice(0, 10),
    businessKey: rowKey(head, context, 'penalty', [reference, date, status]),
    security: statedSecurity(penalty),
    parties: [
      ...(party === undefined || party === '' ? [] : [{ id: party, role: 'penalty-party' }]),
      ...(counterparty === undefined || counterparty === ''
        ? []
        : [{ id: counterparty, role: 'penalty-counterparty' }]),
    ],
  };
  return eventOf(context, `penalty-${number}`, 'cash.pending', attributes, {
    type: 'fail-charge',
    amount,
    currency,
    linked: instructionId,
    referenceId: reference,
    code: type,
    report: 'statement',
    reportId: head.messageId,
    status,
  });
}
