import assert from 'node:assert/strict';
import type { FixMessage } from '../../codecs/fix/index.ts';
import type { Codec } from '../../src/contract/codec.ts';
import type { FrameContext } from '../../src/contract/frame.ts';
import type { Origin } from '../../src/contract/origin.ts';
import type { SessionFrame } from '../../src/contract/session.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Issue } from '../../src/core/issue.ts';

const none: readonly Issue[] = Object.freeze([]);

/** A message of ours that goes to the store. It is read when somebody looks at it: not every store does, and the peer waits. */
export class SentFrame implements SessionFrame {
  readonly kind = 'message';
  readonly direction = 'out';
  readonly origin: Origin;
  readonly receivedAt: Micros;
  readonly bytes: Uint8Array;
  declare readonly context?: FrameContext;
  readonly issues = none;
  readonly admin: boolean;
  readonly #codec: Codec<FixMessage>;
  #message: FixMessage | undefined = undefined;

  constructor(
    codec: Codec<FixMessage>,
    origin: Origin,
    receivedAt: Micros,
    bytes: Uint8Array,
    admin: boolean,
    applVerId: string | undefined,
  ) {
    this.#codec = codec;
    this.origin = origin;
    this.receivedAt = receivedAt;
    this.bytes = bytes;
    this.admin = admin;
    if (applVerId !== undefined) this.context = { applVerId };
  }

  get message(): FixMessage {
    const { bytes, context } = this;
    this.#message ??= this.#codec.decode(context === undefined ? { bytes } : { bytes, context }).message;
    assert(this.#message !== undefined, 'what we wrote can be read');
    return this.#message;
  }
}
