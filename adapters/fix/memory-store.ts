import assert from 'node:assert/strict';
import { originText } from '../../src/contract/origin.ts';
import type { SessionFrame, SessionState, SessionStore } from '../../src/contract/session.ts';

/** A session's memory for tests and for library users who keep nothing: it is gone with the process. */
export interface MemoryStore extends SessionStore {
  /** Everything that was committed, in order; what an origin brought a second time is counted and not kept. */
  readonly frames: readonly SessionFrame[];
  readonly state: SessionState;
  /** How often an origin that is numbered came again. */
  readonly repeats: number;
  /** Origins that came again with other business bytes. */
  readonly conflicts: readonly string[];
  /** While true, commits wait; when it is set to false, they resolve in order. */
  hold: boolean;
}

/** An empty store at the beginning of epoch 0, or at a state that is given. */
export function memoryStore(state: SessionState = { epoch: 0, nextIn: 1, nextOut: 1 }): MemoryStore {
  return new Memory(state);
}

class Memory implements MemoryStore {
  readonly frames: SessionFrame[] = [];
  readonly conflicts: string[] = [];
  repeats = 0;
  #state: SessionState;
  readonly #byOrigin = new Map<string, SessionFrame>();
  readonly #sent = new Map<string, Uint8Array>();
  #held: (() => void)[] = [];
  #hold = false;

  constructor(state: SessionState) {
    this.#state = state;
  }

  get state(): SessionState {
    return this.#state;
  }

  get hold(): boolean {
    return this.#hold;
  }

  set hold(hold: boolean) {
    this.#hold = hold;
    if (hold) return;
    for (const release of this.#held.splice(0)) release();
  }

  async load(): Promise<SessionState> {
    return this.#state;
  }

  async append(frames: readonly SessionFrame[], state: SessionState): Promise<void> {
    if (this.#hold || this.#held.length > 0) await new Promise<void>((resolve) => this.#held.push(resolve));
    assert(state.epoch === this.#state.epoch || state.epoch === this.#state.epoch + 1);
    for (const frame of frames) this.#take(frame);
    this.#state = state;
  }

  async *readOut(from: number, to: number): AsyncIterable<{ sequence: number; bytes: Uint8Array }> {
    const { epoch } = this.#state;
    for (let sequence = from; sequence <= to; sequence++) {
      const bytes = this.#sent.get(`${epoch}:${sequence}`);
      if (bytes !== undefined) yield { sequence, bytes };
    }
  }

  #take(frame: SessionFrame): void {
    const key = originText(frame.origin);
    const first = this.#byOrigin.get(key);
    if (first !== undefined) {
      this.repeats++;
      if (businessText(first.bytes) !== businessText(frame.bytes)) this.conflicts.push(key);
      return;
    }
    this.#byOrigin.set(key, frame);
    this.frames.push(frame);
    const numbered = /\/(\d+)\/out:(\d+)$/.exec(key);
    if (numbered !== null) this.#sent.set(`${numbered[1]}:${numbered[2]}`, frame.bytes);
  }
}

/** All of a message but what a redelivery may change: the codec's digest, in short. */
function businessText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  return text.replace(/(^|\u0001)(?:8|9|10|43|52|97|122|369)=[^\u0001]*(?=\u0001)/g, '');
}
