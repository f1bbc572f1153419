import type { EntryDraft } from '../contract/entry.ts';
import type { Appended, Log } from '../contract/log.ts';
import type { Delivered, MessageSource } from '../contract/source.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError, systemCode } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import type { MessageSettings } from './configuration.ts';
import { type EntryMaking, gatewayIssue, tellConflicts, tellQuarantined } from './entry-making.ts';
import { gatewayIssues } from './issues.ts';
import { errorView, type Logger } from './logger.ts';
import { LoginRest } from './login-rest.ts';
import { MessageEntries } from './message-entries.ts';
import { MessageIntake } from './message-intake.ts';
import { count, type Meter } from './meter.ts';
import { pause, stopMsMax, within } from './waiting.ts';

const pauseMsMin = 500;
const pauseMsMax = 60_000;
/** A connection that held so long was a good one: the next failure begins with the short pause. */
const goodMicros = 10_000_000;
/** A connection that did not fail for so long is there. */
const calmMs = 5_000;
/** One commit: small enough to be waited for, large enough to be worth a sync. */
const batchMessagesMax = 512;

export interface MessageChannelPorts {
  readonly log: Log;
  readonly making: EntryMaking;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly settings: MessageSettings;
  /** Connects to the queue; called again after a connection was lost. */
  readonly open: () => Promise<MessageSource>;
}

/**
 * One queue, opened as soon as the world lets it. Each message is settled only after the commit that holds it; where that
 * fails it is given back. A crash between the two brings it again, and the log says that it is there.
 */
export class MessageChannel {
  readonly #ports: MessageChannelPorts;
  readonly #entries: MessageEntries;
  readonly #login: LoginRest;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #source: MessageSource | undefined;
  #failures = 0;
  #openedAt = 0;

  constructor(ports: MessageChannelPorts) {
    this.#ports = ports;
    this.#entries = new MessageEntries(ports);
    this.#login = new LoginRest(ports.clock);
  }

  get retrying(): boolean {
    return this.#source === undefined || this.#ports.meter.trouble !== undefined;
  }

  /** Sends under an id. Throws `CHANNEL_RETRYING` while the queue is not there, and what the queue throws. */
  async produce(id: string, bytes: Uint8Array): Promise<void> {
    this.#login.check();
    const source = this.#connected();
    try {
      await source.produce(id, bytes, {});
      this.#login.letIn();
    } catch (cause) {
      throw this.#login.told(cause);
    }
  }

  #connected(): MessageSource {
    if (this.#source !== undefined) return this.#source;
    throw new GatewayError('CHANNEL_RETRYING', 'the queue is not connected', {
      place: this.#ports.making.channel.name,
      retryable: true,
      remedy: gatewayIssues.CHANNEL_RETRYING.remedy,
    });
  }

  /** Opens the queue; what may get better by waiting is tried again behind the caller's back. */
  async start(): Promise<void> {
    const head = await this.#ports.log.head(this.#ports.making.channel.name);
    this.#entries.begin(head.sequence);
    try {
      this.#source = await this.#ports.open();
    } catch (cause) {
      if (!(cause instanceof GatewayError && cause.retryable)) throw cause;
      this.#fail(cause);
    }
    this.#running = this.#run(this.#stop.signal);
  }

  /** Stops between two commits; what was not settled comes again. */
  async close(_reason?: string): Promise<void> {
    this.#stop.abort();
    await within(stopMsMax, Promise.resolve(this.#running));
    await this.#drop();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#source === undefined) await pause(this.#wait(), signal);
        if (signal.aborted) return;
        this.#login.check();
        this.#source ??= await this.#ports.open();
        this.#openedAt = this.#ports.clock.now();
        await this.#calmly(this.#use(this.#source, signal));
      } catch (cause) {
        if (!isWorld(cause)) throw cause;
        await this.#drop();
        if (this.#ports.clock.now() - this.#openedAt > goodMicros) this.#failures = 0;
        if (!signal.aborted) this.#fail(this.#login.told(cause));
      }
    }
  }

  /** A source may connect only when it is used, and says nothing when it has: what does not fail for a while is well. */
  async #calmly(use: Promise<void>): Promise<void> {
    const calm = setTimeout(() => {
      this.#ports.meter.trouble = undefined;
    }, calmMs);
    try {
      await use;
    } finally {
      clearTimeout(calm);
    }
  }

  async #use(source: MessageSource, signal: AbortSignal): Promise<void> {
    if (this.#ports.making.channel.direction !== 'out') {
      await this.#receive(source, signal);
      return;
    }
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Until the signal: everything that is delivered, committed and settled. Throws when the connection is lost. */
  async #receive(source: MessageSource, signal: AbortSignal): Promise<void> {
    const link = new AbortController();
    const intake = new MessageIntake({
      messages: batchMessagesMax,
      bytes: this.#ports.limits.blockBytesMax,
    });
    const end = (): void => intake.end();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const pumped = pump(source, intake, link.signal);
    // What was read is settled before the link is let go of.
    const committed = this.#commitAll(intake, signal).finally(() => link.abort());
    const ended = await Promise.allSettled([committed, pumped]);
    signal.removeEventListener('abort', end);
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  async #commitAll(intake: MessageIntake, signal: AbortSignal): Promise<void> {
    for (let batch = await intake.take(); batch !== undefined; batch = await intake.take()) {
      await this.#take(batch, signal);
    }
  }

  async #take(batch: readonly Delivered[], signal: AbortSignal): Promise<void> {
    const { log, making, meter } = this.#ports;
    const drafts = batch.map((delivered) => this.#entries.entryOf(delivered));
    let appended: readonly Appended[];
    try {
      appended = await log.append(making.channel.name, drafts);
    } catch (cause) {
      if (!isWorld(cause)) throw cause;
      this.#fail(cause);
      await Promise.allSettled(batch.map((delivered) => delivered.release()));
      await pause(this.#wait(), signal);
      return;
    }
    this.#login.letIn();
    this.#clear();
    count(meter, drafts, appended);
    tellQuarantined(making, drafts, appended);
    tellConflicts(making, drafts, appended);
    // A message whose settling fails comes again with the connection, and is a repeat then.
    await Promise.allSettled(batch.map((one, at) => this.#settle(one, drafts[at], appended[at])));
  }

  #settle(delivered: Delivered, draft: EntryDraft | undefined, became: Appended | undefined): Promise<void> {
    const held = draft?.kind === 'quarantine' && became?.outcome !== 'conflict';
    if (!held || this.#ports.settings.poison === 'accept') return delivered.accept();
    const why = draft.issues?.find(({ severity }) => severity === 'error');
    return delivered.reject(why?.code ?? 'CODEC_THREW');
  }

  #wait(): number {
    return Math.min(pauseMsMin * 2 ** Math.min(this.#failures - 1, 10), pauseMsMax);
  }

  async #drop(): Promise<void> {
    const source = this.#source;
    this.#source = undefined;
    try {
      await source?.close();
    } catch (cause) {
      // What is broken need not be closed well.
      this.#ports.logger.debug({ error: errorView(cause) }, 'closing the queue failed');
    }
  }

  #clear(): void {
    const { logger, meter } = this.#ports;
    if (this.#failures > 0) logger.info({ code: 'CHANNEL_RETRYING' }, 'the queue is read again');
    this.#failures = 0;
    meter.trouble = undefined;
  }

  #fail(cause: unknown): void {
    const { logger, meter } = this.#ports;
    const first = this.#failures === 0;
    this.#failures++;
    const code = cause instanceof GatewayError ? cause.code : 'CHANNEL_RETRYING';
    const message = cause instanceof Error ? cause.message : String(cause);
    meter.trouble = { ...gatewayIssue('CHANNEL_RETRYING', message), code };
    if (first) logger.error({ code, error: errorView(cause) }, gatewayIssues.CHANNEL_RETRYING.meaning);
  }
}

/** Brings what the queue delivers into the intake, until one of the two ends. */
async function pump(source: MessageSource, intake: MessageIntake, signal: AbortSignal): Promise<void> {
  try {
    for await (const delivered of source.deliveries(signal)) {
      if (!(await intake.put(delivered))) break;
    }
    if (!signal.aborted) {
      throw new GatewayError('CHANNEL_RETRYING', 'the queue ended its deliveries', { retryable: true });
    }
  } finally {
    intake.end();
  }
}

/** The world failed, so waiting may help; anything else is a bug of ours, and ends the process. */
function isWorld(cause: unknown): boolean {
  return cause instanceof GatewayError || /^E[A-Z]+$/.test(systemCode(cause) ?? '');
}
