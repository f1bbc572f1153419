import type { Log } from '../contract/log.ts';
import type { SessionCommand, SessionStatus } from '../contract/session.ts';
import type { Clock } from '../core/clock.ts';
import { isoOfMicros } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import type { Limits } from '../core/limits.ts';
import { limits as defaults } from '../core/limits.ts';
import { makeChannel } from './channel-opening.ts';
import {
  type ChannelStatus,
  type GatewayStatus,
  quietStatus,
  type Running,
  runningStatus,
} from './channel-status.ts';
import type { ChannelConfiguration, Configuration } from './configuration.ts';
import { channelOf, type Desk } from './desk.ts';
import { gatewayIssues } from './issues.ts';
import { errorView, type Logger } from './logger.ts';
import { Outbox, type SendReport } from './outbox.ts';
import type { SendRequest } from './outbox-checking.ts';
import { type OutboxIndex, scannedOutbox } from './outbox-index.ts';
import { auditEntry, named, type Person } from './person.ts';
import { type QuarantineIndex, scannedQuarantine } from './quarantine-index.ts';
import { reservedChannels } from './schema.ts';
import { SessionChannel } from './session-channel.ts';
import { within } from './waiting.ts';
import { builtIn, type Wiring } from './wiring.ts';

/** What follows the log beside the channels: it is closed after them, before the log. */
export interface Follower {
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly configuration: Configuration;
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly projections?: Follower;
  /** Answers which quarantined entries are open. Default: reads the log. */
  readonly index?: QuarantineIndex;
  /** Answers which commands have no receipt. Default: reads the log. */
  readonly outbox?: OutboxIndex;
  readonly wiring?: Wiring;
  readonly limits?: Limits;
}

/** All channels of one configuration over one log. */
export interface Gateway {
  readonly desk: Desk;
  /** Opens every channel. What may get better by waiting is tried again; anything else throws, with nothing left open. */
  start(): Promise<void>;
  /** Logs sessions out, commits what was read and closes; bounded in time. Twice is no error. */
  stop(reason: string): Promise<void>;
  status(): Promise<GatewayStatus>;
  /** A change of a session by a person; audited first. Codes: `CHANNEL_UNKNOWN`, `CHANNEL_NO_SESSION`, `REASON_MISSING`. */
  session(channel: string, command: SessionCommand, person: Person): Promise<SessionStatus>;
  /** Sends something, once for each key; audited with it. */
  send(request: SendRequest, person: Person): Promise<SendReport>;
}

/** How long a channel may take to close: a Logout and its answer, and the commit of what was read. */
const closeMsMax = 10_000;

export function openGateway(options: GatewayOptions): Gateway {
  return new Channels(options);
}

class Channels implements Gateway {
  readonly desk: Desk;
  readonly #limits: Limits;
  readonly #projections: Follower | undefined;
  readonly #running = new Map<string, Running>();
  readonly #outbox: Outbox;
  /** What the sessions of one adapter share, such as ports. */
  readonly #shared = new Map<string, object>();
  #startedAt: string | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    const { configuration, log, clock, logger, wiring = builtIn(), limits = defaults } = options;
    const { index = scannedQuarantine(log) } = options;
    this.desk = { configuration, wiring, log, clock, logger, index };
    this.#limits = limits;
    this.#projections = options.projections;
    this.#outbox = new Outbox({
      desk: this.desk,
      limits,
      index: options.outbox ?? scannedOutbox(log),
      running: (channel) => this.#running.get(channel),
    });
  }

  async start(): Promise<void> {
    await this.#warnOfStrangers();
    try {
      for (const channel of this.desk.configuration.channels.values()) await this.#openOrTell(channel);
    } catch (cause) {
      await this.stop('cannot start');
      throw cause;
    }
    this.#startedAt = isoOfMicros(this.desk.clock.now());
    this.#outbox.start();
  }

  stop(reason: string): Promise<void> {
    this.#stopping ??= this.#close(reason);
    return this.#stopping;
  }

  async status(): Promise<GatewayStatus> {
    const { configuration, clock } = this.desk;
    const { source } = clock;
    const running = this.#startedAt !== undefined && this.#stopping === undefined;
    const channels = await Promise.all(
      [...configuration.channels.values()].map((one) => this.#statusOf(one)),
    );
    return {
      running,
      pid: process.pid,
      tenant: configuration.tenant,
      data: configuration.data,
      ...(this.#startedAt !== undefined && { startedAt: this.#startedAt }),
      ...(source !== undefined && { clock: { now: isoOfMicros(clock.now()), source } }),
      channels,
    };
  }

  async session(name: string, command: SessionCommand, person: Person): Promise<SessionStatus> {
    const { configuration, clock, log } = this.desk;
    channelOf(configuration, name);
    const by = named(person);
    const running = this.#running.get(name)?.at;
    if (!(running instanceof SessionChannel)) throw noSession(name);
    if (running.session === undefined) {
      throw new GatewayError('CHANNEL_RETRYING', 'the channel is not open yet', {
        place: name,
        retryable: true,
      });
    }
    requireNamed(running.session.status(), command, name);
    await log.append(name, [auditEntry(clock, by, `session.${command.command}`, { ...command })]);
    return running.session.command(command);
  }

  send(request: SendRequest, person: Person): Promise<SendReport> {
    return this.#outbox.send(request, person);
  }

  async #openOrTell(channel: ChannelConfiguration): Promise<void> {
    try {
      await this.#open(channel);
    } catch (cause) {
      const about = { channel: channel.name, code: 'CHANNEL_FAILED', error: errorView(cause) };
      this.desk.logger.error(about, gatewayIssues.CHANNEL_FAILED.meaning);
      throw cause;
    }
  }

  async #open(channel: ChannelConfiguration): Promise<void> {
    const made = await makeChannel(this.desk, this.#limits, channel, this.#shared);
    this.#running.set(channel.name, made.running);
    await made.start();
  }

  async #close(reason: string): Promise<void> {
    const { logger } = this.desk;
    const sent = within(closeMsMax, this.#outbox.close());
    const closing = [...this.#running.values()].map(async ({ channel, at }) => {
      const done = await within(closeMsMax, closed(at, reason));
      if (done === undefined) {
        logger.warn(
          { channel: channel.name, code: 'GATEWAY_STOP_SLOW' },
          gatewayIssues.GATEWAY_STOP_SLOW.meaning,
        );
      }
    });
    const outcomes = await Promise.allSettled(closing);
    await sent;
    await this.#projections?.close();
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** A channel that was renamed would begin anew and book everything a second time: say so, loudly. */
  async #warnOfStrangers(): Promise<void> {
    const { log, configuration, logger } = this.desk;
    for (const { channel } of await log.heads()) {
      if (reservedChannels.includes(channel) || configuration.channels.has(channel)) continue;
      logger.warn({ channel, code: 'CHANNEL_NOT_CONFIGURED' }, gatewayIssues.CHANNEL_NOT_CONFIGURED.meaning);
    }
  }

  async #statusOf(channel: ChannelConfiguration): Promise<ChannelStatus> {
    const { log, index, clock, wiring } = this.desk;
    const head = await log.head(channel.name);
    const quiet = quietStatus(channel, wiring, head, await index.count(channel.name));
    return runningStatus(quiet, this.#running.get(channel.name), head, clock);
  }
}

/** Who names another session than the one that there is means another channel: nobody's numbers are moved by mistake. */
function requireNamed(
  { session, sessions }: SessionStatus,
  { session: meant }: SessionCommand,
  channel: string,
): void {
  if (meant === undefined || sessions !== undefined || session === meant || session.endsWith(`-${meant}`))
    return;
  throw new GatewayError('SESSION_UNKNOWN', `there is no session "${meant}" in ${channel}, only ${session}`, {
    place: channel,
    remedy: gatewayIssues.SESSION_UNKNOWN.remedy,
    exitCode: 2,
  });
}

export function noSession(channel: string): GatewayError {
  const { remedy } = gatewayIssues.CHANNEL_NO_SESSION;
  return new GatewayError('CHANNEL_NO_SESSION', 'this channel has no session', {
    place: channel,
    remedy,
    exitCode: 2,
  });
}

async function closed(at: Running['at'], reason: string): Promise<true> {
  await at.close(reason);
  return true;
}
