import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { fixSession, fixSessionOptions, memoryStore } from '../../../adapters/fix/index.ts';
import type { Session, SessionSignal, SessionStore } from '../../../src/contract/session.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { limits } from '../../../src/core/limits.ts';
import type { Step } from './morning.ts';
import { type Faults, openWire, type Wire, type WireCounts } from './wire.ts';

export interface FixSideOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly senderCompId: string;
  readonly targetCompId: string;
  /** Messages a second; 0: as fast as the session takes them. */
  readonly rate: number;
  /** What will be played: what the line does to it has to be known before. */
  readonly steps: readonly Step[];
  readonly clock: Clock;
  /** What the session remembers; left out: nothing beyond this run. */
  readonly store?: SessionStore;
  /** The session remembers nothing from before, and makes a counterparty that does begin anew. */
  readonly fresh: boolean;
  tell(news: FirmNews): void;
}

/** What a simulated counterparty says of its FIX session while it runs. */
export type FirmNews =
  | { readonly news: 'listening'; readonly port: number }
  | { readonly news: 'up' }
  | { readonly news: 'down'; readonly reason: string }
  | { readonly news: 'mark'; readonly mark: string; readonly sent: number }
  | { readonly news: 'reset' }
  | { readonly news: 'trouble'; readonly code: string; readonly message: string }
  | ({ readonly news: 'played'; readonly sent: number; readonly next: number } & WireCounts);

/** A true FIX 4.4 acceptor on 127.0.0.1 behind a line that can lose, garble and repeat. */
export interface FixSide {
  readonly port: number;
  /** Plays the steps to whoever logs on; resolves once everything was played and the other side has it all. */
  play(): Promise<void>;
  close(reason: string): Promise<void>;
}

export async function openFixSide(options: FixSideOptions): Promise<FixSide> {
  const bell = new Bell();
  const address = { port: 0 };
  const session = await openAcceptor(options, (signal) => {
    if (signal.signal === 'listening') address.port = Number(/:(\d+)$/.exec(signal.address)?.[1] ?? 0);
    bell.ring();
    report(signal, options);
  });
  assert(address.port > 0, 'an acceptor says where it listens before it is open');
  const { port, fresh, clock, senderCompId, targetCompId, steps } = options;
  const faults = faultsOf(steps);
  const wire = await openWire({
    port,
    sessionPort: address.port,
    senderCompId,
    targetCompId,
    faults,
    fresh,
    clock,
  }).catch(async (cause) => {
    await session.close('the line cannot be opened');
    throw cause;
  });
  const closed = new AbortController();
  const player = new Player(options, session, wire, bell, closed.signal);
  return {
    port: wire.port,
    play: () => player.play(),
    async close(reason) {
      closed.abort();
      bell.ring();
      await session.close(reason);
      await wire.close();
    },
  };
}

function openAcceptor(options: FixSideOptions, onSignal: (signal: SessionSignal) => void): Promise<Session> {
  const settings = fixSessionOptions.parse({
    role: 'acceptor',
    port: 0,
    beginString: 'FIX.4.4',
    senderCompId: options.senderCompId,
    targetCompId: options.targetCompId,
  });
  const store = options.store ?? memoryStore();
  return fixSession.open(settings, { store, clock: options.clock, limits, report: onSignal });
}

/** Which reports the line loses or garbles. */
function faultsOf(steps: readonly Step[]): Faults {
  const faults = new Map<string, 'lose' | 'garble'>();
  for (const step of steps) {
    if (step.step === 'send' && step.wire !== 'plain') faults.set(execIdOf(step), step.wire);
  }
  return faults;
}

function execIdOf(step: Extract<Step, { step: 'send' }>): string {
  const field = step.body.find(([tag]) => tag === 17);
  assert(field !== undefined);
  return field[1];
}

function report(signal: SessionSignal, options: FixSideOptions): void {
  if (signal.signal === 'up') options.tell({ news: 'up' });
  if (signal.signal === 'down') options.tell({ news: 'down', reason: signal.reason });
  if (signal.signal === 'held' || signal.signal === 'trouble')
    options.tell({ news: 'trouble', code: signal.issue.code, message: signal.issue.message });
}

/** Wakes the player whenever the session says something. */
class Bell {
  #waiting: (() => void)[] = [];
  ring(): void {
    for (const done of this.#waiting.splice(0)) done();
  }
  next(): Promise<void> {
    return new Promise((done) => this.#waiting.push(done));
  }
}

/** How often the player looks whether the other side has caught up. */
const lookMs = 20;

class Player {
  readonly #options: FixSideOptions;
  readonly #session: Session;
  readonly #wire: Wire;
  readonly #bell: Bell;
  readonly #closed: AbortSignal;
  #sent = 0;
  #last = '';

  constructor(options: FixSideOptions, session: Session, wire: Wire, bell: Bell, closed: AbortSignal) {
    this.#options = options;
    this.#session = session;
    this.#wire = wire;
    this.#bell = bell;
    this.#closed = closed;
  }

  async play(): Promise<void> {
    await this.#loggedOn();
    for (const step of this.#options.steps) {
      if (this.#closed.aborted) return;
      await this.#do(step);
    }
    const next = this.#session.status().state.nextOut;
    this.#options.tell({ news: 'played', sent: this.#sent, next, ...this.#wire.counts() });
  }

  async #do(step: Step): Promise<void> {
    switch (step.step) {
      case 'send':
        await this.#send(step);
        return;
      case 'again':
        await this.#wire.passed(this.#last);
        this.#wire.again(step.last);
        return;
      case 'settle':
        await this.#settled();
        return;
      case 'reset':
        await this.#reset();
        return;
      case 'mark':
        this.#options.tell({ news: 'mark', mark: step.mark, sent: this.#sent });
    }
  }

  async #send(step: Extract<Step, { step: 'send' }>): Promise<void> {
    const { rate } = this.#options;
    if (rate > 0) await wait(1_000 / rate);
    // Damage is done to a line that works: on one that ends, nobody would see it.
    if (step.wire === 'garble') await this.#settled();
    await this.#session.send('8', step.body);
    this.#sent += 1;
    this.#last = execIdOf(step);
  }

  /** Waits until the other side has said that it keeps everything that was sent, and has read what was repeated. */
  async #settled(): Promise<void> {
    const last = this.#session.status().state.nextOut - 1;
    const open = (): boolean => this.#wire.processed() < last || this.#wire.repeating();
    while (!this.#closed.aborted && open()) await wait(lookMs);
  }

  async #reset(): Promise<void> {
    await this.#loggedOn();
    await this.#wire.reset();
    this.#options.tell({ news: 'reset' });
  }

  async #loggedOn(): Promise<void> {
    while (!this.#closed.aborted && !this.#session.status().loggedOn) await this.#bell.next();
  }
}
