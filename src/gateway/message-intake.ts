import type { Delivered } from '../contract/source.ts';

/** What one commit takes at most. */
export interface IntakeBounds {
  readonly messages: number;
  readonly bytes: number;
}

/**
 * Messages between the queue that delivers them and the log that commits them. What arrives while a commit runs goes
 * into the next one together; whoever delivers is held while as much waits as two commits take.
 */
export class MessageIntake {
  readonly #bounds: IntakeBounds;
  #waiting: Delivered[] = [];
  #bytes = 0;
  #ended = false;
  #wake: () => void = () => undefined;
  #room: () => void = () => undefined;

  constructor(bounds: IntakeBounds) {
    this.#bounds = bounds;
  }

  /** Resolves when there is room for more; false once nothing is taken any more. */
  async put(delivered: Delivered): Promise<boolean> {
    if (this.#ended) return false;
    this.#waiting.push(delivered);
    this.#bytes += delivered.bytes.length;
    this.#wake();
    while (!this.#ended && this.#full()) {
      await new Promise<void>((resolve) => {
        this.#room = resolve;
      });
    }
    return !this.#ended;
  }

  /** The messages of the next commit, at least one; undefined once the intake has ended. */
  async take(): Promise<readonly Delivered[] | undefined> {
    while (!this.#ended && this.#waiting.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#ended) return undefined;
    const batch = this.#waiting.splice(0, this.#count());
    this.#bytes -= batch.reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.#room();
    return batch;
  }

  /** Nothing is taken any more. What still waits was not settled: it comes again. */
  end(): void {
    this.#ended = true;
    this.#waiting = [];
    this.#wake();
    this.#room();
  }

  #full(): boolean {
    const { messages, bytes } = this.#bounds;
    return this.#waiting.length >= messages || this.#bytes >= bytes;
  }

  #count(): number {
    const { messages, bytes } = this.#bounds;
    let sum = 0;
    const over = this.#waiting.findIndex((one) => {
      sum += one.bytes.length;
      return sum > bytes;
    });
    return Math.min(messages, over < 0 ? this.#waiting.length : Math.max(1, over));
  }
}
