import type { Codec, CodecStamp, Message, NormalizeContext } from '../contract/codec.ts';
import type { Direction, EntryDraft, EntryKind } from '../contract/entry.ts';
import type { Frame, FrameContext } from '../contract/frame.ts';
import type { Appended } from '../contract/log.ts';
import { type Origin, originText } from '../contract/origin.ts';
import { latin1Text, shownText } from '../core/bytes.ts';
import type { Micros } from '../core/clock.ts';
import { harmless, type Issue, issueMaker } from '../core/issue.ts';
import { encodeEvent } from '../events/index.ts';
import type { ChannelConfiguration } from './configuration.ts';
import { gatewayIssues } from './issues.ts';

export const gatewayIssue = issueMaker(gatewayIssues);

/** Enough to tell what somebody sent, too few to quote it. */
const firstBytesShown = 24;

/** What the entries of one channel are made with. */
export interface EntryMaking {
  readonly channel: ChannelConfiguration;
  /** What reads the messages; of several, the first. */
  readonly codec: Codec;
  /** Where a channel carries several standards: each message is read by the first codec that recognizes it. */
  readonly codecs?: readonly Codec[];
  readonly tenant: string;
  /** Told of what a person should see: a codec that threw, a conflict, something in quarantine. */
  alarm(issue: Issue, origin: string, cause: unknown): void;
}

/** Bytes that arrived or go out, and what is known of them so far. */
export interface Received {
  readonly kind: EntryKind;
  readonly direction: Direction;
  readonly origin: Origin;
  readonly receivedAt: Micros;
  readonly bytes: Uint8Array;
  readonly context?: FrameContext;
  readonly message?: Message;
  readonly issues: readonly Issue[];
  readonly admin: boolean;
}

/** What bytes mean by today's codec. */
export interface Meaning {
  readonly message?: Message;
  /** Which codec was asked; absent where none knows the bytes. */
  readonly codec?: Codec;
  readonly issues: readonly Issue[];
  readonly events: readonly Uint8Array[];
  readonly digest?: string;
}

/**
 * The entry that received bytes become. A message with an issue of severity error, or one that a codec throws on,
 * becomes a quarantine entry with its bytes: it takes its place in the sequence and makes no events.
 */
export function entryOf(making: EntryMaking, received: Received): EntryDraft {
  const { kind, direction, origin, receivedAt, bytes, context } = received;
  const draft: Draft = { kind, direction, origin, receivedAt, bytes, issues: received.issues };
  if (context !== undefined) draft.context = context;
  if (kind !== 'message' && received.message === undefined) return draft;
  const { message, issues, digest, codec, events } = meaningOf(making, received, 0);
  const good = kind === 'message' && harmless(issues);
  if (kind === 'message' && !good) draft.kind = 'quarantine';
  draft.issues = issues;
  draft.events = good ? events : [];
  if (digest !== undefined) draft.digest = digest;
  if (message !== undefined) draft.type = message.type;
  // An administrative message was never asked for events; without a stamp, a replay does not ask either.
  if (!received.admin && codec !== undefined) draft.codec = stampOf(codec);
  return draft;
}

/** A draft as it is put together. */
type Draft = { -readonly [Key in keyof EntryDraft]: EntryDraft[Key] };

/** What is told of a draft for quarantine. */
export type HeldDraft = Required<Pick<EntryDraft, 'origin' | 'issues'>>;

/** Tells of what a commit put into quarantine: one line, however many there are. A codec that threw was told before. */
export function tellQuarantined(
  making: EntryMaking,
  batch: readonly EntryDraft[],
  appended: readonly Appended[],
): void {
  const held = batch.map(({ kind, origin, issues = [] }) =>
    kind === 'quarantine' ? { origin, issues } : undefined,
  );
  tellHeld(making, held, appended);
}

/** The same for drafts of which only those for quarantine are left, in their places. */
export function tellHeld(
  making: EntryMaking,
  batch: readonly (HeldDraft | undefined)[],
  appended: readonly Appended[],
): void {
  const held = batch.filter((draft, at) => draft !== undefined && appended[at]?.outcome === 'appended');
  const first = held[0];
  const why = first?.issues.find(({ severity }) => severity === 'error');
  if (first === undefined || why === undefined || why.code === 'CODEC_THREW') return;
  const more = held.length > 1 ? `, and ${held.length - 1} more with it` : '';
  // Without the issue's own words: they can quote what the message said.
  const message = `kept in quarantine${more}; "clearport quarantine" shows why`;
  making.alarm({ code: why.code, severity: 'error', message }, originText(first.origin), undefined);
}

/** Tells of every message that came under an origin that is taken. */
export function tellConflicts(
  making: EntryMaking,
  batch: readonly EntryDraft[],
  appended: readonly Appended[],
): void {
  for (const [at, { outcome }] of appended.entries()) {
    const draft = batch[at];
    if (outcome === 'conflict' && draft !== undefined) tellConflict(making, originText(draft.origin));
  }
}

/** Tells of one; `origin` is the one that both have. */
export function tellConflict(making: EntryMaking, origin: string): void {
  const message = 'another message came under an origin that is taken; both are kept';
  making.alarm({ code: 'LOG_CONFLICT', severity: 'error', message }, origin, undefined);
}

/** Decodes where that was not done, and normalizes where nothing is wrong. Never throws. */
export function meaningOf(making: EntryMaking, received: Received, revision: number): Meaning {
  const codec = codecFor(making, received.bytes);
  if (codec === undefined) return { issues: [...received.issues, unknownKind(making, received)], events: [] };
  try {
    const frame = frameOf(received);
    const decoded = received.message === undefined ? codec.decode(frame) : undefined;
    const message = received.message ?? decoded?.message;
    const issues = decoded === undefined ? received.issues : [...received.issues, ...decoded.issues];
    if (message === undefined) return { codec, issues: withReason(issues), events: [] };
    const events = received.admin || !harmless(issues) ? [] : eventsOf(making, received, message, revision);
    return { message, codec, issues, events, digest: codec.digest(message) };
  } catch (cause) {
    const issue = gatewayIssue('CODEC_THREW', `the codec "${codec.id}" failed on this message`);
    making.alarm(issue, originText(received.origin), cause);
    return { codec, issues: [...received.issues, issue], events: [] };
  }
}

/**
 * The codec that reads these bytes: the channel's own, or the first of several that recognizes them. The bytes alone
 * decide, so a replay and a repair choose as the first reading did.
 */
export function codecFor(
  { codec, codecs = [] }: { readonly codec: Codec; readonly codecs?: readonly Codec[] },
  bytes: Uint8Array,
): Codec | undefined {
  return codecs.length > 1 ? codecs.find((one) => recognized(one, bytes)) : codec;
}

/** A codec that throws on a look does not know the bytes. */
function recognized(codec: Codec, bytes: Uint8Array): boolean {
  try {
    return codec.recognizes?.(bytes) === true;
  } catch {
    return false;
  }
}

function unknownKind({ channel }: EntryMaking, { bytes }: Received): Issue {
  const first = shownText(latin1Text(bytes.subarray(0, firstBytesShown)));
  const begins = bytes.length === 0 ? 'it is empty' : `it begins with "${first}"`;
  return gatewayIssue('MESSAGE_UNKNOWN_KIND', `none of ${channel.codec} recognizes the message; ${begins}`, {
    offset: 0,
    length: bytes.length,
  });
}

/** The encoded events of a message, whatever its issues say. May throw where a codec has a bug. */
export function eventsOf(
  making: EntryMaking,
  received: Received,
  message: Message,
  revision: number,
): readonly Uint8Array[] {
  const { channel, tenant } = making;
  const codec = codecFor(making, received.bytes) ?? making.codec;
  const context = contextOf(channel, tenant, received, revision);
  if (codec.transcode !== undefined) return codec.transcode(message, context);
  return codec.normalize(message, context).map(encodeEvent);
}

export function contextOf(
  channel: ChannelConfiguration,
  tenant: string,
  received: Pick<Received, 'direction' | 'origin' | 'receivedAt'>,
  revision: number,
): NormalizeContext {
  const { direction, origin, receivedAt } = received;
  const { name, perspective, zone, reportedBy, reporterRole, keyScope } = channel;
  const context: Context = {
    channel: name,
    perspective,
    tenant,
    direction,
    origin,
    revision,
    receivedAt,
    zone,
  };
  if (reportedBy !== undefined) context.reportedBy = reportedBy;
  if (reporterRole !== undefined) context.reporterRole = reporterRole;
  if (keyScope !== undefined) context.keyScope = keyScope;
  return context;
}

/** A context as it is put together. */
type Context = { -readonly [Key in keyof NormalizeContext]: NormalizeContext[Key] };

/** One stamp for each codec: the log writes it once for all entries that have the same one. */
const stamps = new WeakMap<Codec, CodecStamp>();

export function stampOf(codec: Codec): CodecStamp {
  const known = stamps.get(codec);
  if (known !== undefined) return known;
  const { id, version, fingerprint } = codec;
  const stamp = { id, version, fingerprint };
  stamps.set(codec, stamp);
  return stamp;
}

export function frameOf({ bytes, context }: Pick<Received, 'bytes' | 'context'>): Frame {
  return context === undefined ? { bytes } : { bytes, context };
}

/** A decoder that gives no message has to say why; where it does not, that is a bug, and the bytes are kept all the same. */
function withReason(issues: readonly Issue[]): readonly Issue[] {
  if (!harmless(issues)) return issues;
  return [...issues, gatewayIssue('CODEC_THREW', 'the codec gave neither a message nor a reason')];
}
