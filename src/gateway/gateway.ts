import { join } from 'node:path';
import type { ChannelHead, Log } from '../contract/log.ts';
import type { SessionCommand, SessionStatus } from '../contract/session.ts';
import type { Clock } from '../core/clock.ts';
import { isoOfMicros } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import type { Issue } from '../core/issue.ts';
import type { Limits } from '../core/limits.ts';
import { limits as defaults } from '../core/limits.ts';
import type { ChannelConfiguration, Configuration } from './configuration.ts';
import { channelOf, type Desk, makingOf } from './desk.ts';
import { FileChannel } from './file-channel.ts';
import { filePositionOf } from './file-position.ts';
import { gatewayIssues } from './issues.ts';
import { logStore } from './log-store.ts';
import { errorView, type Logger } from './logger.ts';
import { type Meter, openMeter } from './meter.ts';
import { auditEntry, named, type Person } from './person.ts';
import { type QuarantineIndex, scannedQuarantine } from './quarantine-index.ts';
import { reservedChannels } from './schema.ts';
import { SessionChannel } from './session-channel.ts';
import { Staging } from './staging.ts';
import { within } from './waiting.ts';
import { type Adapter, builtIn, type Wiring } from './wiring.ts';

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
  readonly wiring?: Wiring;
  readonly limits?: Limits;
}

export type ChannelState = 'stopped' | 'starting' | 'running' | 'retrying' | 'failed';

/** One channel at this moment. Counters are from the start of the process, `sequence` and `quarantined` from the log. */
export interface ChannelStatus {
  readonly channel: string;
  readonly adapter: string;
  readonly shape: 'session' | 'files';
  readonly perspective: string;
  readonly owner?: string;
  readonly state: ChannelState;
  /** Entries in the log, ever. */
  readonly sequence: number;
  readonly epoch: number;
  readonly entries: number;
  readonly quarantinedSinceStart: number;
  /** Quarantined entries that nobody has decided about. */
  readonly quarantined: number;
  readonly repeats: number;
  readonly conflicts: number;
  readonly lastMessageAt?: string;
  readonly lastMessageAgeMs?: number;
  readonly gap?: { readonly from: number; readonly to: number };
  readonly held?: Issue;
  readonly trouble?: Issue;
  readonly session?: SessionStatus;
  /** The file that is being read. */
  readonly file?: { readonly name: string; readonly key: string; readonly records: number };
  readonly filesAccepted?: number;
  readonly filesRefused?: number;
}

export interface GatewayStatus {
  readonly running: boolean;
  readonly pid?: number;
  readonly tenant: string;
  readonly data: string;
  readonly startedAt?: string;
  readonly channels: readonly ChannelStatus[];
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
}

/** How long a channel may take to close: a Logout and its answer, and the commit of what was read. */
const closeMsMax = 10_000;

export function openGateway(options: GatewayOptions): Gateway {
  return new Channels(options);
}

interface Running {
  readonly channel: ChannelConfiguration;
  readonly adapter: Adapter;
  readonly meter: Meter;
  readonly at: SessionChannel | FileChannel;
}

class Channels implements Gateway {
  readonly desk: Desk;
  readonly #limits: Limits;
  readonly #projections: Follower | undefined;
  readonly #running = new Map<string, Running>();
  #startedAt: string | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    const { configuration, log, clock, logger, wiring = builtIn(), limits = defaults } = options;
    const { index = scannedQuarantine(log) } = options;
    this.desk = { configuration, wiring, log, clock, logger, index };
    this.#limits = limits;
    this.#projections = options.projections;
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
  }

  stop(reason: string): Promise<void> {
    this.#stopping ??= this.#close(reason);
    return this.#stopping;
  }

  async status(): Promise<GatewayStatus> {
    const { configuration } = this.desk;
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
    await log.append(name, [auditEntry(clock, by, `session.${command.command}`, { ...command })]);
    return running.session.command(command);
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
    const { wiring, logger, clock, log, configuration } = this.desk;
    const adapter = wiring.adapters.get(channel.adapter);
    if (adapter === undefined)
      throw new GatewayError('CHANNEL_UNKNOWN', `no adapter "${channel.adapter}" is built in`);
    const making = makingOf(this.desk, channel.name);
    const meter = openMeter();
    const own = logger.child({ channel: channel.name });
    const ports = { log, clock, limits: this.#limits, logger: own, meter };
    if (adapter.shape === 'session') {
      const store = logStore({ ...making, log, meter });
      const options = channel.options();
      const at = new SessionChannel({ ...ports, adapter, options, store });
      this.#running.set(channel.name, { channel, adapter, meter, at });
      await at.start();
      return;
    }
    const { key = '.+', pollMs = 5000, settlePolls = 2, framer } = channel.files ?? {};
    const at = new FileChannel({
      ...ports,
      making,
      source: await adapter.open(channel.options()),
      staging: new Staging(join(configuration.data, 'staging', channel.name)),
      framer: (framer === undefined ? undefined : wiring.framers.get(framer)) ?? making.codec.framer,
      settings: { key, pollMs, settlePolls },
    });
    this.#running.set(channel.name, { channel, adapter, meter, at });
    at.start();
  }

  async #close(reason: string): Promise<void> {
    const { logger } = this.desk;
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
    const running = this.#running.get(channel.name);
    const head = await log.head(channel.name);
    const meter = running?.meter ?? openMeter();
    const last = meter.lastMessageAt;
    return {
      ...quietStatus(channel, wiring, head, await index.count(channel.name)),
      state: running === undefined ? 'stopped' : stateOf(running),
      entries: meter.entries,
      quarantinedSinceStart: meter.quarantined,
      repeats: meter.repeats,
      conflicts: meter.conflicts,
      ...(last !== undefined && {
        lastMessageAt: isoOfMicros(last),
        lastMessageAgeMs: Math.max(0, Math.round((clock.now() - last) / 1000)),
      }),
      ...(meter.gap && { gap: meter.gap }),
      ...(meter.held && { held: meter.held }),
      ...(meter.trouble && { trouble: meter.trouble }),
      ...(running && partsOf(running, head)),
    };
  }
}

/** What can be said of a channel while nothing runs. */
export function quietStatus(
  channel: ChannelConfiguration,
  wiring: Wiring,
  head: ChannelHead,
  quarantined: number,
): ChannelStatus {
  return {
    channel: channel.name,
    adapter: channel.adapter,
    shape: wiring.adapters.get(channel.adapter)?.shape ?? 'session',
    perspective: channel.perspective,
    ...(channel.owner !== undefined && { owner: channel.owner }),
    state: 'stopped',
    sequence: head.sequence,
    epoch: head.epoch,
    entries: 0,
    quarantinedSinceStart: 0,
    quarantined,
    repeats: 0,
    conflicts: 0,
  };
}

export function noSession(channel: string): GatewayError {
  const { remedy } = gatewayIssues.CHANNEL_NO_SESSION;
  return new GatewayError('CHANNEL_NO_SESSION', 'this channel has no session', {
    place: channel,
    remedy,
    exitCode: 2,
  });
}

async function closed(at: SessionChannel | FileChannel, reason: string): Promise<true> {
  await at.close(reason);
  return true;
}

function stateOf({ at }: Running): ChannelState {
  if (at instanceof SessionChannel) return at.session === undefined ? 'retrying' : 'running';
  return at.retrying ? 'retrying' : 'running';
}

function partsOf({ at, meter }: Running, head: ChannelHead): Partial<ChannelStatus> {
  if (at instanceof SessionChannel) {
    const session = at.session?.status();
    return {
      ...(session && { session }),
      ...(session?.gap && { gap: session.gap }),
      ...(session?.held && { held: session.held }),
    };
  }
  const position = filePositionOf(head);
  const records = position !== undefined && position.key === at.current?.key ? position.records : 0;
  return {
    ...(at.current && { file: { ...at.current, records } }),
    filesAccepted: meter.filesAccepted,
    filesRefused: meter.filesRefused,
  };
}
