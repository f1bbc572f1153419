import type { Micros } from '../core/clock.ts';
import type { Issue, IssueTable } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';
import type { Event, Perspective } from '../events/event.ts';
import type { FileJudge } from './file-judge.ts';
import type { Frame, Framer } from './frame.ts';
import type { Origin } from './origin.ts';

/** A decoded message: a read-only view over its bytes, everything kept in wire order. */
export interface Message {
  /** The standard and version that it was read by: `FIX.4.4`, `ISO 15022`. */
  readonly standard: string;
  /** The standard's own name of the type: `8`, `MT548`, `sese.024.001.12`. */
  readonly type: string;
  /** What people call it: `ExecutionReport`. Empty where nobody knows it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The message as JSON, for people and for `decode --json`. */
  view(): JsonValue;
  /** The message element by element for people, where its view is for programs; absent where the view serves both. */
  rows?(): readonly JsonValue[];
}

/** A message where one could be read at all, and everything that is wrong with it. */
export interface Decoded<M extends Message = Message> {
  readonly message?: M;
  readonly issues: readonly Issue[];
}

/** What a message cannot say of itself, and its events need. All of it is stored with the entry or its channel. */
export interface NormalizeContext {
  readonly channel: string;
  readonly perspective: Perspective;
  readonly tenant: string;
  readonly direction: 'in' | 'out';
  readonly origin: Origin;
  readonly revision: number;
  readonly receivedAt: Micros;
  /** Who speaks on this channel, where its messages do not say so: the reporter's id and role. */
  readonly reportedBy?: string;
  readonly reporterRole?: string;
  /** What scopes the reporter's execution ids (a venue or a session); empty: the reporter's ids are unique. */
  readonly keyScope?: string;
  /** IANA zone of the reporter's business day: a trade date that a message leaves out is computed in it, and marked. */
  readonly zone: string;
}

/**
 * What decoded an entry, recorded with it: a later decoder knows what it differs from. `fingerprint` is the hash of the
 * dialect or layout that was in force.
 */
export interface CodecStamp {
  readonly id: string;
  readonly version: string;
  readonly fingerprint: string;
}

/** An instruction to say something: what `compose` turns into a message. */
export interface Command {
  readonly type: string;
  readonly key: string;
  readonly data: JsonValue;
}

/**
 * One standard's way between bytes and messages, and between messages and events. Plain functions over plain data; none
 * of them throws, whatever the bytes.
 */
export interface Codec<M extends Message = Message> extends CodecStamp {
  /** The standards that it reads, for people. */
  readonly standard: string;
  readonly framer: Framer;
  readonly issues: IssueTable;
  decode(frame: Frame): Decoded<M>;
  /** The bytes of a message: for a decoded one, exactly the bytes that it was decoded from. */
  encode(message: M): Uint8Array;
  /** What a message means. Pure: equal messages in equal contexts give equal events, ids included. */
  normalize(message: M, context: NormalizeContext): readonly Event[];
  /** The message that says a command; absent where the codec only reads. */
  compose?(command: Command): Decoded<M>;
  /**
   * The stored form of a message's events, written straight from what `decode` found, without the objects between. A law
   * held by the shared codec suite on samples and on changed bytes: `transcode(message, context)` equals
   * `normalize(message, context).map(encodeEvent)`, byte for byte, whatever is wrong with the message. Absent where
   * nobody needed the speed; `normalize` says what events mean, always.
   *
   * Each result is written once and never again. Several may be views of one piece of memory (at most 256 KiB), with other
   * bytes around them: copy what has to live long or to be transferred. A context that is the same but for `origin` and
   * `receivedAt` costs nothing anew, so callers need not keep one.
   */
  transcode?(message: M, context: NormalizeContext): readonly Uint8Array[];
  /** Hex SHA-256 of what a redelivery of this same message may not change. */
  digest(message: M): string;
  /**
   * True when the bytes look like this standard's from their first characters: what a queue that carries several
   * standards, and `decode --format auto`, go by. Absent: this codec is only used where it is named.
   */
  recognizes?(bytes: Uint8Array): boolean;
  /** Judges files as a whole. Absent where a file of this standard says nothing of itself. */
  readonly file?: FileJudge;
}

/** A codec that was opened by a description, or why it was not. */
export interface OpenedCodec {
  readonly codec?: Codec;
  readonly issues: readonly Issue[];
}

/** Codecs that need a description (a record layout, a dialect), named as `id:name` such as `records:clearing-positions`. */
export interface CodecFamily {
  readonly family: true;
  readonly id: string;
  readonly issues: IssueTable;
  /** Descriptions that come with the product. */
  readonly names: readonly string[];
  /** The codec of a description that comes with the product. */
  open(name: string): OpenedCodec;
  /** The codec of a description that a user wrote; `source` names it in issues. */
  openText(text: string, source: string): OpenedCodec;
}

/** The codec itself, with its message type kept for its own users and widened for everybody else's. */
export function defineCodec<M extends Message>(codec: Codec<M>): Codec<M> {
  return codec;
}
