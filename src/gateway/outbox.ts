import type { Entry } from '../contract/entry.ts';
import { GatewayError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import type { Running } from './channel-status.ts';
import { channelOf, type Desk, makingOf } from './desk.ts';
import { gatewayIssues } from './issues.ts';
import { errorView } from './logger.ts';
import { outboxError, type Prepared, prepare, type SendRequest } from './outbox-checking.ts';
import {
  commandEntry,
  isFinal,
  type OutboxCommand,
  type OutboxReceipt,
  outboxState,
  type ReceiptOutcome,
  receiptEntry,
} from './outbox-entries.ts';
import type { OutboxIndex } from './outbox-index.ts';
import { isRefusal, sendOut } from './outbox-sending.ts';
import { auditEntry, named, type Person } from './person.ts';
import { pause } from './waiting.ts';

/** What became of something that was to be sent. */
export interface SendReport {
  readonly channel: string;
  readonly key: string;
  /** `waiting`: it is committed, and goes out as soon as the other side is there. */
  readonly outcome: ReceiptOutcome | 'waiting';
  /** The key was there before, with the same content: nothing was sent a second time. */
  readonly repeated: boolean;
  /** MsgSeqNum of a session, id at a queue, name of a file. */
  readonly reference?: string;
  readonly reason?: string;
}

export interface OutboxPorts {
  readonly desk: Desk;
  readonly limits: Limits;
  readonly index: OutboxIndex;
  readonly running: (channel: string) => Running | undefined;
}

const pauseMsMin = 250;
const pauseMsMax = 30_000;

/**
 * Everything that goes out because somebody asked for it. A command is committed before it is carried out, its receipt
 * after; what stands between the two after a crash is settled at the next start, so that each command has one effect.
 */
export class Outbox {
  readonly #ports: OutboxPorts;
  readonly #stop = new AbortController();
  /** Commands of a channel go out one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #settling = new Map<string, Promise<void>>();
  /** Keys that this process committed itself and never tried to send: nothing of them is in doubt. */
  readonly #fresh = new Set<string>();

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
  }

  /** Settles what an earlier run left open, behind the caller's back and for as long as that takes. */
  start(): void {
    for (const { name, direction } of this.#ports.desk.configuration.channels.values()) {
      if (direction !== 'in') this.#settleSoon(name);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#settling.values());
    await Promise.all(this.#turns.values());
  }

  /**
   * Commits what is asked for and sends it. The same key with the same content is said, not sent again. Throws before
   * anything is written: `OUTBOX_DIRECTION`, `OUTBOX_KEY_TAKEN`, `REASON_MISSING`, and what {@link prepare} throws.
   */
  async send(request: SendRequest, person: Person): Promise<SendReport> {
    const { desk } = this.#ports;
    const by = named(person);
    const channel = channelOf(desk.configuration, request.channel);
    if (channel.direction === 'in')
      throw outboxError('OUTBOX_DIRECTION', 'nothing goes out here', channel.name);
    const prepared = this.#prepare(request);
    const report = await this.#inTurn(channel.name, () => this.#take(channel.name, prepared, by));
    if (report.outcome === 'waiting' || report.outcome === 'unknown') this.#settleSoon(channel.name);
    return report;
  }

  #prepare(request: SendRequest): Prepared {
    const { desk, limits } = this.#ports;
    const channel = channelOf(desk.configuration, request.channel);
    const adapter = desk.wiring.adapters.get(channel.adapter);
    if (adapter === undefined)
      throw new GatewayError('CHANNEL_UNKNOWN', `no adapter "${channel.adapter}" is built in`);
    const making = makingOf(desk, channel.name);
    const named = channel.files?.framer;
    const framer = (named === undefined ? undefined : desk.wiring.framers.get(named)) ?? making.codec.framer;
    const now = desk.clock.now();
    return prepare(request, { adapter, making, framer, options: channel.options(), limits, now });
  }

  async #take(channel: string, { command, message }: Prepared, person: Person): Promise<SendReport> {
    const { log, clock } = this.#ports.desk;
    const before = await outboxState(log, channel, command.key);
    if (before !== undefined) return this.#again(channel, command, before);
    const { body: _, ...about } = command;
    const audit = auditEntry(clock, person, 'send', { ...about });
    const now = clock.now();
    this.#fresh.add(freshKey(channel, command.key));
    await log.append(channel, [audit, commandEntry(command, now, person), ...(message ? [message] : [])]);
    return { ...(await this.#carryOut(channel, command.key)), repeated: false };
  }

  async #again(
    channel: string,
    command: OutboxCommand,
    before: { readonly command: OutboxCommand; readonly receipt?: OutboxReceipt },
  ): Promise<SendReport> {
    const { sha256, name } = before.command;
    if (sha256 !== command.sha256 || name !== command.name) {
      throw outboxError('OUTBOX_KEY_TAKEN', `"${command.key}" was sent with other content`, channel);
    }
    if (before.receipt !== undefined) return { ...reportOf(channel, before.receipt), repeated: true };
    return { ...(await this.#carryOut(channel, command.key)), repeated: true };
  }

  /** One try. What the world refuses for now is told as waiting; nothing is lost, it is committed. */
  async #carryOut(channel: string, key: string): Promise<SendReport> {
    const { log } = this.#ports.desk;
    const state = await outboxState(log, channel, key);
    if (state?.receipt !== undefined) return reportOf(channel, state.receipt);
    const waiting = { channel, key, outcome: 'waiting' as const, repeated: false };
    if (state === undefined) return waiting;
    try {
      const receipt = await this.#try(channel, state.entry, state.command);
      return await this.#close(channel, receipt);
    } catch (cause) {
      if (!(cause instanceof GatewayError)) throw cause;
      const { code, message } = cause;
      if (isRefusal(cause)) {
        return this.#close(channel, { key, outcome: 'rejected', code, reason: message });
      }
      if (code.endsWith('_IN_DOUBT')) {
        return this.#close(channel, { key, outcome: 'unknown', code, reason: message });
      }
      return { ...waiting, reason: `${code}: ${message}` };
    }
  }

  async #try(channel: string, entry: Entry, command: OutboxCommand): Promise<OutboxReceipt> {
    const { desk, running } = this.#ports;
    const at = running(channel);
    if (at === undefined || this.#stop.signal.aborted) {
      throw new GatewayError('CHANNEL_RETRYING', 'the channel is not open yet', {
        place: channel,
        retryable: true,
        remedy: gatewayIssues.CHANNEL_RETRYING.remedy,
      });
    }
    const inDoubt = !this.#fresh.delete(freshKey(channel, command.key));
    const { tenant } = desk.configuration;
    return sendOut({ log: desk.log, tenant, running: at, command, entry, inDoubt });
  }

  async #close(channel: string, receipt: OutboxReceipt): Promise<SendReport> {
    const { log, clock } = this.#ports.desk;
    const entry = receiptEntry(receipt, clock.now());
    // That nobody knows is told once; the next try may have other words for it, and they are no contradiction.
    const told = !isFinal(receipt.outcome) && (await log.find(channel, entry.origin)) !== undefined;
    if (!told) await log.append(channel, [entry]);
    return reportOf(channel, receipt);
  }

  /** One worker a channel, until nothing is open. */
  #settleSoon(channel: string): void {
    if (this.#settling.has(channel) || this.#stop.signal.aborted) return;
    const done = this.#settle(channel, this.#stop.signal).finally(() => this.#settling.delete(channel));
    this.#settling.set(channel, done);
  }

  async #settle(channel: string, signal: AbortSignal): Promise<void> {
    const { logger } = this.#ports.desk;
    for (let failures = 0; !signal.aborted; failures++) {
      const left = await this.#settleOnce(channel, signal);
      if (left === undefined) return;
      if (failures === 0) {
        logger.warn({ channel, code: 'OUTBOX_WAITS', reason: left }, gatewayIssues.OUTBOX_WAITS.meaning);
      }
      await pause(Math.min(pauseMsMin * 2 ** Math.min(failures, 10), pauseMsMax), signal);
    }
  }

  /** Why the first command that is still open waits; undefined once none is. */
  async #settleOnce(channel: string, signal: AbortSignal): Promise<string | undefined> {
    const { desk, index } = this.#ports;
    try {
      for (const key of await index.open(channel)) {
        if (signal.aborted) return undefined;
        const report = await this.#inTurn(channel, () => this.#carryOut(channel, key));
        // In order: what comes later waits for it.
        if (report.outcome === 'waiting' || report.outcome === 'unknown') return report.reason ?? '';
        desk.logger.info({ channel, key, outcome: report.outcome }, 'an open command was settled');
      }
      return undefined;
    } catch (cause) {
      if (!(cause instanceof GatewayError)) throw cause;
      desk.logger.error({ channel, code: cause.code, error: errorView(cause) }, 'settling failed');
      return cause.code;
    }
  }

  #inTurn<T>(channel: string, act: () => Promise<T>): Promise<T> {
    const done = (this.#turns.get(channel) ?? Promise.resolve()).then(act);
    this.#turns.set(
      channel,
      done.catch(() => undefined),
    );
    return done;
  }
}

function freshKey(channel: string, key: string): string {
  return `${channel} ${key}`;
}

function reportOf(channel: string, { key, outcome, reference, code, reason }: OutboxReceipt): SendReport {
  return {
    channel,
    key,
    outcome,
    repeated: false,
    ...(reference !== undefined && { reference }),
    ...(reason !== undefined && { reason: `${code}: ${reason}` }),
  };
}
