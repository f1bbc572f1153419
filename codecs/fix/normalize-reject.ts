import type { NormalizeContext } from '../../src/contract/codec.ts';
import { eventOf } from '../../src/contract/normalize.ts';
import type { Event } from '../../src/events/event.ts';
import type { Family } from './family.ts';
import type { FixMessage } from './message.ts';
import { wordFor } from './reading.ts';
import { tag } from './tag.ts';
import { attributesOf, reporterOf } from './terms.ts';

/** Reject(3) and BusinessMessageReject(j): theirs of ours where it came in, ours of theirs where it went out. */
export const rejects: Family = {
  problems: () => [],
  events(message, context) {
    const { root } = message;
    const code = root.get(tag.SessionRejectReason) ?? root.get(tag.BusinessRejectReason);
    return [refusal(message, context, code, root.get(tag.BusinessRejectRefID))];
  },
};

/** OrderCancelReject(9): nothing was canceled; the order stands as it stood. */
export const cancelRejects: Family = {
  problems: () => [],
  events(message, context) {
    const { root } = message;
    const data = {
      orderId: root.get(tag.OrderID),
      clientOrderId: root.get(tag.ClOrdID),
      originalClientOrderId: root.get(tag.OrigClOrdID),
      report: 'cancel-rejected',
      status: wordFor('orderStatus', root.get(tag.OrdStatus)),
      reason: root.get(tag.CxlRejReason),
      text: root.get(tag.Text),
    };
    return [eventOf(context, 'order', 'order.reported', attributesOf(message, root, context), data)];
  },
};

/** A no to a message of ours, or of ours to a message of theirs. `reference` is the id that the refused one had. */
export function refusal(
  message: FixMessage,
  context: NormalizeContext,
  code: string | undefined,
  reference: string | undefined,
): Event {
  const { root } = message;
  const data = {
    code,
    text: root.get(tag.Text),
    referenceType: root.get(tag.RefMsgType),
    referenceSequence: root.get(tag.RefSeqNum),
    referenceField: root.get(tag.RefTagID),
    referenceId: reference,
  };
  const type = context.direction === 'in' ? 'message.rejected' : 'message.refused';
  return eventOf(context, 'reject', type, { reportedBy: reporterOf(message, context) }, data);
}
