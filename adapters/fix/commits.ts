import type { SessionFrame, SessionState, SessionStore } from '../../src/contract/session.ts';
import { GatewayError } from '../../src/core/errors.ts';

/** Something that happens in its turn. */
interface Step {
  /** The store has answered, or nothing was asked of it. */
  ready: boolean;
  run: () => void;
  /** Called instead of `run` where nothing follows any more. */
  dropped?(): void;
}

/**
 * What was asked of the store, in order. Commits overlap with reading: nobody waits for one, but what follows from it
 * (a write, the end of a connection) happens after it. After the first failure nothing follows any more.
 */
export class Commits {
  readonly #store: SessionStore;
  readonly #failed: (cause: unknown) => void;
  #committed: SessionState;
  readonly #steps: Step[] = [];
  #unanswered = 0;
  readonly #whenAnswered: (() => void)[] = [];
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
    let size = 0;
    for (const { bytes } of frames) size += bytes.length;
    this.#waitingBytes += size;
    this.#unanswered += 1;
    this.#follow(this.#store.append(frames, state), size, state, then);
  }

  /** Runs when everything before is committed. */
  after(then: () => void): void {
    this.#add({ ready: true, run: then });
  }

  /** Resolves when everything so far is committed. Rejects with `FIX_STORE` where it never will be. */
  async settled(): Promise<void> {
    if (!this.#broken) {
      await new Promise<void>((run) => this.#add({ ready: true, run, dropped: run }));
    }
    if (!this.#broken) return;
    throw new GatewayError('FIX_STORE', 'the log did not take what the session gave it', { retryable: true });
  }

  /** Resolves when the store has answered everything, one way or the other. */
  async answered(): Promise<void> {
    if (this.#unanswered > 0) await new Promise<void>((resolve) => this.#whenAnswered.push(resolve));
  }

  /** A step of its own for each commit: it holds what comes after, and none of the frames. */
  #follow(done: Promise<void>, size: number, state: SessionState, then: () => void): void {
    const step: Step = {
      ready: false,
      run: () => {
        this.#waitingBytes -= size;
        this.#committed = state;
        then();
      },
    };
    this.#steps.push(step);
    const answered = (): void => {
      step.ready = true;
      this.#answer();
      this.#advance();
    };
    done.then(answered, (cause: unknown) => {
      // In its turn, too: what was committed before it is followed by what comes after that.
      step.run = () => this.#fail(cause);
      answered();
    });
  }

  #answer(): void {
    this.#unanswered -= 1;
    if (this.#unanswered === 0) for (const resolve of this.#whenAnswered.splice(0)) resolve();
  }

  /** Never at once: whoever asks is in the middle of something. */
  #add(step: Step): void {
    if (this.#broken) {
      step.dropped?.();
      return;
    }
    this.#steps.push(step);
    if (this.#steps.length === 1) queueMicrotask(() => this.#advance());
  }

  #advance(): void {
    while (!this.#broken && this.#steps[0]?.ready === true) {
      const step = this.#steps.shift();
      try {
        step?.run();
      } catch (cause) {
        this.#fail(cause);
      }
    }
  }

  #fail(cause: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    for (const { dropped } of this.#steps.splice(0)) dropped?.();
    this.#failed(cause);
  }
}
