import type { Issue } from '../core/issue.ts';
import type { Limits } from '../core/limits.ts';

/**
 * What a frame needs from outside itself to be decoded: the header of its file, the ancestors of its XML element, the
 * DefaultApplVerID of its FIXT session. Stored with the entry, so that re-decoding needs the log alone. The member
 * `entry` is reserved: it names the origin of the entry whose bytes are the context, where those are too long to copy.
 */
export type FrameContext = Readonly<Record<string, string>>;

/** One message's bytes, exactly as the wire had them, separators behind it included. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly context?: FrameContext;
}

/**
 * What a framer says of the bytes that it was fed. The bytes of all frames and garbage, in order, are the stream:
 * none is dropped, none is told twice. `partial` comes last, and says how many bytes wait for more.
 */
export type Cut =
  | ({ readonly kind: 'frame' } & Frame)
  | { readonly kind: 'garbage'; readonly bytes: Uint8Array; readonly why: Issue }
  | { readonly kind: 'partial'; readonly length: number };

/** Cuts a stream into frames. Reads no clock, no disk and no environment. */
export interface Framer {
  open(limits: Limits): FramerState;
}

/** The framer of one connection or file; never persisted. */
export interface FramerState {
  /**
   * The cuts that these bytes complete. Any split of a stream gives the same frames and garbage. After `last`, what
   * was partial is told as garbage, with the reason. The bytes of a cut stay valid and unchanged for ever: the
   * caller hands `chunk` over and does not write to it again.
   */
  feed(chunk: Uint8Array, last: boolean): readonly Cut[];
}
