import type { JsonValue } from '../../src/core/json.ts';
import { maskSecret } from '../../src/core/mask.ts';
import type { MtEnvelope } from './envelope.ts';
import type { MtMessage } from './message.ts';

/** What stands around a text, for people. Of the password of a fixed header only its length is told. */
export function envelopeView({ envelope, repair }: MtMessage): JsonValue {
  const { sender, receiver, blocks, header, answer } = envelope;
  return {
    sender,
    receiver,
    header: header && { type: header.messageType, password: maskSecret('*'.repeat(header.passwordChars)) },
    blocks: blocks.filter(({ id }) => id !== '4').map(({ id, content }) => ({ block: id, content })),
    answer: answer && {
      accepted: answer.accepted,
      reason: answer.reason,
      reference: answer.reference,
      original: answer.original && originalView(answer.original),
    },
    repaired: repair && { closed: repair.closed, unreadBytes: repair.unread },
  };
}

function originalView({ sender, receiver, type, blocks }: MtEnvelope): JsonValue {
  return {
    sender,
    receiver,
    type: type === undefined ? undefined : `MT${type}`,
    blocks: blocks.filter(({ id }) => id !== '4').map(({ id, content }) => ({ block: id, content })),
  };
}
