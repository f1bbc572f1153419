import type {
  Session,
  SessionAdapter,
  SessionHours,
  SessionSignal,
  SessionStore,
  SessionStores,
} from '../contract/session.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import { gatewayIssue } from './entry-making.ts';
import { gatewayIssues } from './issues.ts';
import { errorView, type Logger } from './logger.ts';
import type { Meter } from './meter.ts';
import { pause } from './waiting.ts';

const pauseMsMin = 1000;
const pauseMsMax = 60_000;

export interface SessionChannelPorts {
  readonly adapter: SessionAdapter;
  readonly options: unknown;
  readonly store: SessionStore;
  /** Where the options have a schedule. */
  readonly hours?: SessionHours;
  /** For an adapter that opens a session for each counterparty. */
  readonly sessions?: SessionStores;
  /** What the sessions of the adapter share. */
  readonly shared?: object;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** One session, opened as soon as the world lets it, and what it tells about itself. */
export class SessionChannel {
  readonly #ports: SessionChannelPorts;
  readonly #stop = new AbortController();
  #session: Session | undefined;
  #opening: Promise<void> | undefined;

  constructor(ports: SessionChannelPorts) {
    this.#ports = ports;
  }

  /** The session, once it is open: it may still be waiting for its counterparty. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** Opens the session; what may get better by waiting is tried again behind the caller's back. */
  async start(): Promise<void> {
    try {
      await this.#open();
    } catch (cause) {
      if (!(cause instanceof GatewayError && cause.retryable)) throw cause;
      this.#tellFailure(cause);
      this.#opening = this.#retry(this.#stop.signal);
    }
  }

  async close(reason: string): Promise<void> {
    this.#stop.abort();
    await this.#opening;
    await this.#session?.close(reason);
  }

  async #open(): Promise<void> {
    const { adapter, options, store, clock, limits, hours, shared, sessions } = this.#ports;
    const report = (signal: SessionSignal, session?: string): void => {
      if (session === undefined) this.#report(signal);
      else this.#reportOne(signal, session);
    };
    this.#session = await adapter.open(options, {
      store,
      clock,
      limits,
      report,
      ...(hours && { hours }),
      ...(shared && { shared }),
      ...(sessions && { sessions }),
    });
    this.#ports.meter.trouble = undefined;
  }

  async #retry(signal: AbortSignal): Promise<void> {
    for (let wait = pauseMsMin; this.#session === undefined; wait = Math.min(wait * 2, pauseMsMax)) {
      await pause(wait, signal);
      if (signal.aborted) return;
      try {
        await this.#open();
      } catch (cause) {
        if (!(cause instanceof GatewayError)) throw cause;
        this.#tellFailure(cause);
      }
    }
  }

  #tellFailure(cause: GatewayError): void {
    const { logger, meter } = this.#ports;
    meter.trouble = { ...gatewayIssue('CHANNEL_RETRYING', cause.message), code: cause.code };
    logger.error({ code: cause.code, error: errorView(cause) }, gatewayIssues.CHANNEL_RETRYING.meaning);
  }

  /** Of one of several sessions: where it stands, its own status says. */
  #reportOne(signal: SessionSignal, session: string): void {
    const { logger, meter } = this.#ports;
    const known = 'issue' in signal ? { code: signal.issue.code } : {};
    const about = { ...signal, ...known, session };
    if (signal.signal === 'held') logger.error(about, 'session held: it waits for an operator');
    else if (signal.signal === 'trouble' || signal.signal === 'gap')
      logger.warn(about, `session ${signal.signal}`);
    else logger.info(about, `session ${signal.signal}`);
    if (signal.signal === 'trouble' || signal.signal === 'held') meter.trouble = signal.issue;
    if (signal.signal === 'up') meter.trouble = undefined;
  }

  #report(signal: SessionSignal): void {
    const { logger, meter } = this.#ports;
    switch (signal.signal) {
      case 'up':
        meter.gap = undefined;
        meter.held = undefined;
        meter.trouble = undefined;
        logger.info(signal, 'session up');
        return;
      case 'down':
        logger.info(signal, 'session down');
        return;
      case 'gap':
        meter.gap = { from: signal.from, to: signal.to };
        logger.warn(signal, 'session gap');
        return;
      case 'filled':
        meter.gap = undefined;
        logger.info(signal, 'session gap filled');
        return;
      case 'held':
        meter.held = signal.issue;
        logger.error(
          { code: signal.issue.code, issue: signal.issue },
          'session held: it waits for an operator',
        );
        return;
      case 'trouble':
        meter.trouble = signal.issue;
        logger.warn({ code: signal.issue.code, issue: signal.issue }, 'session trouble');
        return;
      default:
        logger.info(signal, `session ${signal.signal}`);
    }
  }
}
