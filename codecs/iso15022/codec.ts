import { hash } from 'node:crypto';
import {
  type Codec,
  type Command,
  type Decoded,
  defineCodec,
  type NormalizeContext,
} from '../../src/contract/codec.ts';
import { eventOf, inOwnSlots } from '../../src/contract/normalize.ts';
import { latin1Text } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { decodeMt, type Judged } from './decode.ts';
import { families } from './families.ts';
import { mtFramer, mtFramerOf } from './framer.ts';
import { iso15022Issues, mtIssue } from './issues.ts';
import type { MtMessage } from './message.ts';
import type { MtPolicy } from './policy.ts';
import { structureRows } from './structure-tables.ts';
import formats from './tables/formats.json' with { type: 'json' };
import { writers } from './writers.ts';

/** How an ISO 15022 codec may differ from {@link iso15022}. */
export interface Iso15022CodecOptions {
  /** `lenient` where left out: see {@link MtPolicy}. */
  readonly policy?: MtPolicy;
  /** Less than everything, for tools that only look: see {@link Judged}. Events are only made of what was judged by `events`. */
  readonly judged?: Judged;
}

/** An ISO 15022 codec. Its fingerprint covers the policy. */
export function iso15022Codec({
  policy = 'lenient',
  judged = 'events',
}: Iso15022CodecOptions = {}): Codec<MtMessage> {
  const options = { policy, judged };
  let fingerprint: string | undefined;
  return defineCodec<MtMessage>({
    id: 'iso15022',
    version: '1',
    get fingerprint() {
      fingerprint ??= hash(
        'sha256',
        `iso15022/1 ${policy} ${judged} ${JSON.stringify([structureRows, formats])}`,
      );
      return fingerprint;
    },
    standard: 'ISO 15022',
    framer: policy === 'repair' ? mtFramerOf(policy) : mtFramer,
    issues: iso15022Issues,
    decode: (frame) => decodeMt(frame, neededIssues, options),
    encode: (message) => message.bytes,
    normalize,
    compose,
    digest,
    recognizes,
  });
}

/** ISO 15022, as depositories and custodians send it: lenient, every byte kept. */
export const iso15022: Codec<MtMessage> = iso15022Codec();

function neededIssues(message: MtMessage): readonly Issue[] {
  return families.get(message.type)?.problems(message) ?? [];
}

function normalize(message: MtMessage, context: NormalizeContext): readonly Event[] {
  const family = families.get(message.type);
  if (family !== undefined) return inOwnSlots(context, family.events(message, context));
  const { standard, type, envelope } = message;
  if (envelope.service) return serviceEvents(message, context);
  const reportedBy = (context.direction === 'in' ? context.reportedBy : undefined) ?? envelope.sender;
  const data = { standard, messageType: type };
  return [eventOf(context, 'unknown', 'message.unknown', { reportedBy }, data)];
}

/**
 * Of the network's own messages only a refusal means something, with its reason. It names what was refused: the reference of the original where
 * that stands behind it, else the user's reference (108). Source: public descriptions of UAK and UNK.
 */
function serviceEvents(message: MtMessage, context: NormalizeContext): readonly Event[] {
  const { answer } = message.envelope;
  if (answer === undefined || answer.accepted) return [];
  const type = context.direction === 'in' ? 'message.rejected' : 'message.refused';
  const own = message.field('GENL.20C::SEME')?.content ?? message.field('20')?.content;
  const originalType = answer.original?.type;
  const data = {
    code: answer.reason,
    referenceType: originalType === undefined ? 'FIN' : `MT${originalType}`,
    referenceId: own ?? answer.reference,
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
    (issue): Issue => (weighsInComposing(issue) ? mtIssue('MT_COMMAND', issue.message, issue.at) : issue),
  );
  if (message === undefined) return { issues: strict };
  const changed = written
    .differences(message)
    .map((name) =>
      mtIssue('MT_COMMAND', `${name} would be read as something else than was given`, { field: name }),
    );
  return { message, issues: [...strict, ...changed] };
}

/** The rules of the network bind the network: a depository's own line takes what breaks them, so they are told and refuse nothing. */
function weighsInComposing({ severity, code }: Issue): boolean {
  return severity === 'warning' && code !== 'MT_RULE';
}

/**
 * Hex SHA-256 of who sends to whom and of the text: a redelivery may have other session numbers, times, trailers and
 * separators around the same text, and the network may write other line ends.
 */
function digest({ envelope, bytes }: MtMessage): string {
  const { textFrom, textTo, service } = envelope;
  const text = textTo < 0 || service ? latin1Text(bytes) : latin1Text(bytes, textFrom, textTo);
  const { sender = '', receiver = '', type = '' } = envelope;
  return hash('sha256', [sender, receiver, type, text.replaceAll('\r\n', '\n')].join('\u0000'));
}

const front =
  /^[ \t\r\n\u0000\u0001\u0003$]*(?:\{(?:1:[A-Z]\d\d|2:[IO]\d{3}|4:\r?\n:\d\d)|[A-Za-z0-9 ]{20}\d{3}\/\d{3}\/[A-Z0-9]{4}[A-Za-z0-9 ]{8}\r?\n:)/;

/** True for what begins, behind separators, with block 1 or 2, with a block 4 whose text begins with a field, or with a fixed header. */
function recognizes(bytes: Uint8Array): boolean {
  return front.test(latin1Text(bytes, 0, Math.min(bytes.length, 1024)));
}
