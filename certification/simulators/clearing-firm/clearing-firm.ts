import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { fixSession, fixSessionOptions, memoryStore } from '../../../adapters/fix/index.ts';
import type { Session, SessionSignal, SessionStore } from '../../../src/contract/session.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { limits } from '../../../src/core/limits.ts';
import { simulatedFirm } from './market.ts';
import { type Morning, type MorningOptions, morning, type Step } from './morning.ts';
import { type Faults, openWire, type Wire, type WireCounts } from './wire.ts';

export interface ClearingFirmOptions extends MorningOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Messages a second; 0: as fast as the session takes them. */
  readonly rate: number;
  readonly clock: Clock;
  /** What the session remembers; left out: nothing beyond this run. */
  readonly store?: SessionStore;
  tell(news: FirmNews): void;
}

/** What the simulated firm says of itself while it runs. */
export type FirmNews =
  | { readonly news: 'listening'; readonly port: number }
  | { readonly news: 'up' }
  | { readonly news: 'down'; readonly reason: string }
  | { readonly news: 'mark'; readonly mark: string; readonly sent: number }
  | { readonly news: 'reset' }
  | { readonly news: 'trouble'; readonly code: string; readonly message: string }
  | ({ readonly news: 'played'; readonly sent: number; readonly next: number } & WireCounts);

/** A simulated clearing firm that listens, and plays its morning to whoever logs on. */
export interface ClearingFirm {
  readonly port: number;
  /** Resolves once everything was played and the other side has it all. */
  readonly played: Promise<void>;
  close(): Promise<void>;
}

/** Opens the firm: a true FIX 4.4 acceptor on 127.0.0.1 behind a line that can lose, garble and repeat. */
export async function openClearingFirm(options: ClearingFirmOptions): Promise<ClearingFirm> {
  const script = morning(options);
  const bell = new Bell();
  const address = { port: 0 };
  const session = await openAcceptor(options, (signal) => {
    if (signal.signal === 'listening') address.port = Number(/:(\d+)$/.exec(signal.address)?.[1] ?? 0);
    bell.ring();
    report(signal, options);
  });
  assert(address.port > 0, 'an acceptor says where it listens before it is open');
  const wire = await openWire({
    port: options.port,
    sessionPort: address.port,
    faults: faultsOf(script),
    fresh: options.store === undefined,
    clock: options.clock,
  }).catch(async (cause) => {
    await session.close('the line cannot be opened');
    throw cause;
  });
  options.tell({ news: 'listening', port: wire.port });
  const closed = new AbortController();
  const player = new Player(options, script, session, wire, bell, closed.signal);
  return {
    port: wire.port,
    played: player.play(),
    async close() {
      closed.abort();
      await session.close('the simulation ends');
      await wire.close();
    },
  };
}

function openAcceptor(
  options: ClearingFirmOptions,
  onSignal: (signal: SessionSignal) => void,
): Promise<Session> {
  const settings = fixSessionOptions.parse({
    role: 'acceptor',
    port: 0,
    beginString: 'FIX.4.4',
    senderCompId: simulatedFirm.clearer,
    targetCompId: simulatedFirm.broker,
  });
  const store = options.store ?? memoryStore();
  return fixSession.open(settings, { store, clock: options.clock, limits, report: onSignal });
}

/** Which reports the line loses or garbles. */
function faultsOf(script: Morning): Faults {
  const faults = new Map<string, 'lose' | 'garble'>();
  for (const step of script.steps) {
    if (step.step === 'send' && step.wire !== 'plain') faults.set(execIdOf(step), step.wire);
  }
  return faults;
}

function execIdOf(step: Extract<Step, { step: 'send' }>): string {
  const field = step.body.find(([tag]) => tag === 17);
  assert(field !== undefined);
  return field[1];
}

function report(signal: SessionSignal, options: ClearingFirmOptions): void {
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
  readonly #options: ClearingFirmOptions;
  readonly #script: Morning;
  readonly #session: Session;
  readonly #wire: Wire;
  readonly #bell: Bell;
  readonly #closed: AbortSignal;
  #sent = 0;
  #last = '';

  constructor(
    options: ClearingFirmOptions,
    script: Morning,
    session: Session,
    wire: Wire,
    bell: Bell,
    closed: AbortSignal,
  ) {
    this.#options = options;
    this.#script = script;
    this.#session = session;
    this.#wire = wire;
    this.#bell = bell;
    this.#closed = closed;
  }

  async play(): Promise<void> {
    await this.#loggedOn();
    for (const step of this.#script.steps) {
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
    await this.#session.send('8', step.body);
    this.#sent += 1;
    this.#last = execIdOf(step);
  }

  /** Waits until the other side has said that it keeps everything that was sent. */
  async #settled(): Promise<void> {
    const last = this.#session.status().state.nextOut - 1;
    while (!this.#closed.aborted && this.#wire.processed() < last) await wait(lookMs);
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
