import { hash } from 'node:crypto';
import {
  type Codec,
  type Command,
  type Decoded,
  defineCodec,
  type NormalizeContext,
} from '../../src/contract/codec.ts';
import { eventOf } from '../../src/contract/normalize.ts';
import { latin1Text } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { decodeMt } from './decode.ts';
import { families } from './families.ts';
import { mtFramer } from './framer.ts';
import { iso15022Issues, mtIssue } from './issues.ts';
import type { MtMessage } from './message.ts';
import { writers } from './writers.ts';

/** ISO 15022, as depositories and custodians send it: lenient, every byte kept. */
export const iso15022: Codec<MtMessage> = defineCodec<MtMessage>({
  id: 'iso15022',
  version: '1',
  fingerprint: hash('sha256', 'iso15022/1: MT548'),
  standard: 'ISO 15022',
  framer: mtFramer,
  issues: iso15022Issues,
  decode: (frame) => decodeMt(frame, neededIssues),
  encode: (message) => message.bytes,
  normalize,
  compose,
  digest,
  recognizes,
});

function neededIssues(message: MtMessage): readonly Issue[] {
  return families.get(message.type)?.problems(message) ?? [];
}

function normalize(message: MtMessage, context: NormalizeContext): readonly Event[] {
  const family = families.get(message.type);
  if (family !== undefined) return family.events(message, context);
  const { standard, type, envelope } = message;
  if (envelope.service) return serviceEvents(message, context);
  const reportedBy = (context.direction === 'in' ? context.reportedBy : undefined) ?? envelope.sender;
  const data = { standard, messageType: type };
  return [eventOf(context, 'unknown', 'message.unknown', { reportedBy }, data)];
}

/**
 * Of the network's own messages only a refusal means something: `{451:1}` in block 4 of a service message 21, with its
 * reason in 405. Source: public descriptions of UAK and UNK.
 */
function serviceEvents({ envelope }: MtMessage, context: NormalizeContext): readonly Event[] {
  const text = envelope.blocks.find(({ id }) => id === '4')?.content ?? '';
  if (!text.includes('{451:1}')) return [];
  const type = context.direction === 'in' ? 'message.rejected' : 'message.refused';
  const data = {
    code: /\{405:([^}]{1,20})\}/.exec(text)?.[1],
    referenceType: 'FIN',
    referenceId: /\{108:([^}]{1,35})\}/.exec(text)?.[1],
  };
  return [eventOf(context, 'nak', type, {}, data)];
}

/**
 * The message of a command. What we write has to be right: warnings count as errors, and it must read as it was given.
 */
function compose(command: Command): Decoded<MtMessage> {
  const writer = writers.get(command.type);
  const written = writer?.(command) ?? { problems: [`no message says the command "${command.type}"`] };
  if ('problems' in written) return { issues: written.problems.map((text) => mtIssue('MT_COMMAND', text)) };
  const { message, issues } = decodeMt({ bytes: written.bytes }, neededIssues);
  const strict = issues.map(
    (issue): Issue => (issue.severity === 'warning' ? mtIssue('MT_COMMAND', issue.message, issue.at) : issue),
  );
  if (message === undefined) return { issues: strict };
  const changed = written
    .differences(message)
    .map((name) =>
      mtIssue('MT_COMMAND', `${name} would be read as something else than was given`, { field: name }),
    );
  return { message, issues: [...strict, ...changed] };
}

/**
 * Hex SHA-256 of who sends to whom and of the text: a redelivery may have other session numbers, times, trailers and
 * separators around the same text, and the network may write other line ends.
 */
function digest({ envelope, bytes }: MtMessage): string {
  const text =
    envelope.textTo < 0 ? latin1Text(bytes) : latin1Text(bytes, envelope.textFrom, envelope.textTo);
  const { sender = '', receiver = '', type = '' } = envelope;
  return hash('sha256', [sender, receiver, type, text.replaceAll('\r\n', '\n')].join('\u0000'));
}

/** True for what begins, behind separators, with block 1 or 2, or with a block 4 whose text begins with a field. */
function recognizes(bytes: Uint8Array): boolean {
  const front = latin1Text(bytes, 0, Math.min(bytes.length, 1024));
  return /^[ \t\r\n\u0000\u0001\u0003$]*\{(?:1:[A-Z]\d\d|2:[IO]\d{3}|4:\r?\n:\d\d)/.test(front);
}
