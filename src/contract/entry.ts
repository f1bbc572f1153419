import type { Micros } from '../core/clock.ts';
import type { Issue } from '../core/issue.ts';
import type { CodecStamp } from './codec.ts';
import type { FrameContext } from './frame.ts';
import type { Origin } from './origin.ts';

/**
 * What an entry is.
 * - `message`: received or sent, and understood.
 * - `quarantine`: received and not understood, or refused; its issues say why, its bytes wait for a person.
 * - `conflict`: another message under an origin that is taken; made by the log.
 * - `revision`: an earlier entry read again or repaired; it voids all events of what it revises.
 * - `signal`: what an adapter observed (session up, down, gap; feed arrived); the bytes are JSON.
 * - `epoch`: a durable new beginning of a channel's numbering or ownership.
 * - `audit`: what a person did and why.
 * - `command`, `receipt`: the outbox.
 */
export type EntryKind =
  | 'message'
  | 'quarantine'
  | 'conflict'
  | 'revision'
  | 'signal'
  | 'epoch'
  | 'audit'
  | 'command'
  | 'receipt';

export type Direction = 'in' | 'out';

/** One received or sent message, before the log has taken it. */
export interface EntryDraft {
  readonly kind: EntryKind;
  readonly direction: Direction;
  readonly origin: Origin;
  readonly receivedAt: Micros;
  readonly bytes: Uint8Array;
  /** Hex digest that a redelivery must repeat; absent: SHA-256 of the bytes. */
  readonly digest?: string;
  readonly codec?: CodecStamp;
  readonly context?: FrameContext;
  /** Encoded events (`src/events`); stored as they are and copied as they are, never encoded again. */
  readonly events?: readonly Uint8Array[];
  readonly issues?: readonly Issue[];
  /** The standard's type of the message, for lists: `8`, `A`. */
  readonly type?: string;
  /** On a revision: which of them, from 1; and the entry that it voids. */
  readonly revision?: number;
  readonly revises?: Origin;
  /** Who did it and why, where a person did. */
  readonly by?: string;
  readonly reason?: string;
}

/** An entry as the log holds it. */
export interface Entry extends EntryDraft {
  /** Global: block × 65,536 + index. Ordered, not dense. */
  readonly offset: number;
  readonly channel: string;
  /** Per channel, dense, from 1. */
  readonly sequence: number;
  readonly digest: string;
  readonly revision: number;
  readonly events: readonly Uint8Array[];
  readonly issues: readonly Issue[];
  /** Full length of the bytes, which may stand in a blob or may have expired. */
  readonly size: number;
  /** `inline`: `bytes` holds them. `blob`: read them with `Log.blob`. `expired`: the proof is left. */
  readonly storage: 'inline' | 'blob' | 'expired';
  /** On a revision: the offset of the entry whose events it voids, so that a fold needs no look back. */
  readonly voids?: number;
  /** Chain value of its block. */
  readonly chain: string;
}

export const offsetsPerBlock = 65_536;

export function blockOfOffset(offset: number): number {
  return Math.floor(offset / offsetsPerBlock);
}

export function indexOfOffset(offset: number): number {
  return offset % offsetsPerBlock;
}
