import type { Link, LinkOwner, PlacedCut } from './link.ts';
import type { RunningSession } from './running-session.ts';

/** Keeps a connection while the session that it is meant for is opened: nothing more is read, nothing is lost. */
export class WaitingRoom implements LinkOwner {
  readonly #link: Link;
  readonly #cuts: PlacedCut[];
  #gone = false;

  constructor(link: Link, first: readonly PlacedCut[]) {
    this.#link = link;
    this.#cuts = [...first];
    link.handTo(this);
    link.pause();
  }

  cuts(_link: Link, cuts: readonly PlacedCut[]): void {
    this.#cuts.push(...cuts);
  }

  closed(): void {
    this.#gone = true;
  }

  slow(link: Link): void {
    link.destroy({ by: 'us', reason: 'the peer does not read' });
  }

  /** Goes on as if nobody had waited; whoever hung up meanwhile comes again. */
  leaveFor(session: RunningSession, compId: string): void {
    if (this.#gone) return;
    const why = session.refusal();
    if (why !== undefined) {
      const [first] = this.#cuts;
      if (first !== undefined) session.stranger(this.#link, first, why);
      this.#link.destroy({ by: 'us', reason: why.message });
      return;
    }
    this.#link.resume();
    session.admit(this.#link, compId, this.#cuts);
  }
}
