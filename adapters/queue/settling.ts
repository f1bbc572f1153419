export type Outcome = 'accepted' | 'rejected' | 'released';

/**
 * Says what became of messages, so that each gets its own outcome. The library writes all outcomes of one turn as ranges,
 * and takes the second of a range for whatever the first one was: of a poisoned message and the good one behind it, it
 * would reject both. Only accepting goes together; every other outcome is said in a turn of its own.
 * Source: rhea 3.0.5, lib/session.js, write_dispositions.
 */
export class Settling {
  #turn: { readonly outcome: Outcome; readonly over: Promise<void> } | undefined;

  /** `act` says it, at once where that can be; resolves when it is written. What is not its turn yet waits in order. */
  async say(outcome: Outcome, act: () => void): Promise<void> {
    while (this.#turn !== undefined && !(outcome === 'accepted' && this.#turn.outcome === 'accepted')) {
      await this.#turn.over;
    }
    act();
    this.#turn ??= { outcome, over: this.#written() };
    await this.#turn.over;
  }

  /** The library writes on the next tick; only then may anybody believe that it was said. */
  async #written(): Promise<void> {
    await new Promise((resolve) => process.nextTick(resolve));
    this.#turn = undefined;
  }
}
