import type { FixMessage } from '../../../codecs/fix/index.ts';
import { type Origin, originText } from '../../../src/contract/origin.ts';
import type { SessionFrame, SessionState, SessionStore } from '../../../src/contract/session.ts';

/**
 * A session's memory for as long as its numbering lasts. `received` is told each message of theirs once, in order, after its commit:
 * what comes again is no news, and what stands in quarantine was not accepted.
 */
export class AcceptanceStore implements SessionStore {
  readonly #received: (message: FixMessage) => void;
  #state: SessionState = { epoch: 0, nextIn: 1, nextOut: 1 };
  readonly #seen = new Set<string>();
  readonly #sent = new Map<number, Uint8Array>();

  constructor(received: (message: FixMessage) => void) {
    this.#received = received;
  }

  async load(): Promise<SessionState> {
    return this.#state;
  }

  async append(frames: readonly SessionFrame[], state: SessionState): Promise<void> {
    if (state.epoch !== this.#state.epoch) this.#forget();
    this.#state = state;
    for (const frame of frames) this.#take(frame);
  }

  async *readOut(from: number, to: number): AsyncIterable<{ sequence: number; bytes: Uint8Array }> {
    for (let sequence = from; sequence <= to; sequence++) {
      const bytes = this.#sent.get(sequence);
      if (bytes !== undefined) yield { sequence, bytes };
    }
  }

  #forget(): void {
    this.#seen.clear();
    this.#sent.clear();
  }

  #take(frame: SessionFrame): void {
    const { kind, direction, origin } = frame;
    if (kind !== 'message' || !isNumbered(origin)) return;
    const key = originText(origin);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (direction === 'out') this.#sent.set(origin.ordinal, frame.bytes);
    else if (isFix(frame.message)) this.#received(frame.message);
  }
}

function isNumbered(origin: Origin): origin is Extract<Origin, { ordinal: number }> {
  return 'ordinal' in origin;
}

function isFix(message: SessionFrame['message']): message is FixMessage {
  return message !== undefined && 'fieldCount' in message;
}
