import assert from 'node:assert/strict';
import type { SessionFrame, SessionState, SessionStore } from '../../src/contract/session.ts';

/**
 * A session's memory that keeps its numbers and what it sent in this epoch, for resends, and nothing of what came: for
 * library users who keep messages themselves. It is gone with the process.
 */
export function sentStore(state: SessionState = { epoch: 0, nextIn: 1, nextOut: 1 }): SessionStore {
  return new SentMessages(state);
}

class SentMessages implements SessionStore {
  #state: SessionState;
  readonly #sent = new Map<number, Uint8Array>();

  constructor(state: SessionState) {
    this.#state = state;
  }

  async load(): Promise<SessionState> {
    return this.#state;
  }

  async append(frames: readonly SessionFrame[], state: SessionState): Promise<void> {
    assert(state.epoch === this.#state.epoch || state.epoch === this.#state.epoch + 1);
    if (state.epoch !== this.#state.epoch) this.#sent.clear();
    for (const { direction, origin, bytes } of frames) {
      if (direction === 'out' && 'ordinal' in origin) this.#sent.set(origin.ordinal, bytes);
    }
    this.#state = state;
  }

  async *readOut(from: number, to: number): AsyncIterable<{ sequence: number; bytes: Uint8Array }> {
    for (let sequence = from; sequence <= to; sequence++) {
      const bytes = this.#sent.get(sequence);
      if (bytes !== undefined) yield { sequence, bytes };
    }
  }
}
