import { createServer, type Server } from 'node:net';
import { memoryStore } from '../../../adapters/fix/index.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { type FirmNews, type FixSide, openFixSide } from '../clearing-firm/fix-side.ts';
import type { Step } from '../clearing-firm/morning.ts';
import { listening } from './listening.ts';

export interface FixLineOptions {
  readonly senderCompId: string;
  readonly targetCompId: string;
  /** Messages a second, unless a part says otherwise; left out: as fast as they are taken. */
  readonly rate?: number;
  readonly clock: Clock;
  tell(news: FirmNews): void;
}

/**
 * A FIX session that is opened for each part of the days and closed in between, always on one port. What it remembers,
 * it remembers from part to part; while it is closed, whoever connects is hung up on.
 */
export class FixLine {
  readonly #options: FixLineOptions;
  readonly #store = memoryStore();
  #idle: Server | undefined;
  #side: FixSide | undefined;
  #opened = 0;
  #port = 0;

  constructor(options: FixLineOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  /** Takes its port, 0 for a free one, and keeps it. */
  async reserve(port: number): Promise<void> {
    this.#idle = createServer((socket) => socket.destroy());
    this.#port = await listening(this.#idle, port);
  }

  /**
   * Opens the session and plays, `rate` messages a second, 0 as fast as they are taken; resolves once the other side has
   * it all, or the session was closed.
   */
  async play(steps: readonly Step[], rate = this.#options.rate ?? 0): Promise<void> {
    await this.#hangUp();
    const { senderCompId, targetCompId, clock, tell } = this.#options;
    this.#side = await openFixSide({
      port: this.#port,
      senderCompId,
      targetCompId,
      rate,
      clock,
      tell,
      steps,
      store: this.#store,
      fresh: this.#opened === 0,
    });
    this.#opened += 1;
    await this.#side.play();
  }

  /** Ends the session in order, with a Logout(5), and keeps the port. */
  async close(): Promise<void> {
    if (this.#side === undefined) return;
    await this.#side.close('end of the session');
    this.#side = undefined;
    await this.reserve(this.#port);
  }

  async end(): Promise<void> {
    await this.#side?.close('the simulation ends');
    await this.#hangUp();
  }

  async #hangUp(): Promise<void> {
    const idle = this.#idle;
    this.#idle = undefined;
    if (idle !== undefined) await new Promise<void>((resolve) => idle.close(() => resolve()));
  }
}
