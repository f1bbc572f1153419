import type { SessionFrame, SessionState, SessionStore } from '../../src/contract/session.ts';
import { GatewayError } from '../../src/core/errors.ts';

/**
 * What was asked of the store, in order. Commits overlap with reading: nobody waits for one, but what follows from it
 * (a write, the end of a connection) happens after it. After the first failure nothing follows any more.
 */
export class Commits {
  readonly #store: SessionStore;
  readonly #failed: (cause: unknown) => void;
  #committed: SessionState;
  #tail: Promise<void> = Promise.resolve();
  #asked: Promise<unknown> = Promise.resolve();
  #waitingBytes = 0;
  #broken = false;

  constructor(store: SessionStore, state: SessionState, failed: (cause: unknown) => void) {
    this.#store = store;
    this.#committed = state;
    this.#failed = failed;
  }

  /** The state of the last commit. */
  get committed(): SessionState {
    return this.#committed;
  }

  /** Bytes that were handed over and are not committed. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  append(frames: readonly SessionFrame[], state: SessionState, then: () => void): void {
    if (this.#broken) return;
    const size = frames.reduce((sum, frame) => sum + frame.bytes.length, 0);
    this.#waitingBytes += size;
    const done = this.#store.append(frames, state);
    this.#asked = Promise.allSettled([this.#asked, done]);
    this.#follow(async () => {
      await done;
      this.#waitingBytes -= size;
      this.#committed = state;
      then();
    });
  }

  /** Runs when everything before is committed. */
  after(then: () => void): void {
    this.#follow(async () => then());
  }

  /** Resolves when everything so far is committed. Rejects with `FIX_STORE` where it never will be. */
  async settled(): Promise<void> {
    await this.#tail;
    if (!this.#broken) return;
    throw new GatewayError('FIX_STORE', 'the log did not take what the session gave it', { retryable: true });
  }

  /** Resolves when the store has answered everything, one way or the other. */
  async answered(): Promise<void> {
    await this.#asked;
  }

  #follow(step: () => Promise<void>): void {
    this.#tail = this.#tail.then(async () => {
      if (this.#broken) return;
      try {
        await step();
      } catch (cause) {
        this.#broken = true;
        this.#failed(cause);
      }
    });
  }
}
