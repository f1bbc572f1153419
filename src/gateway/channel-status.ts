import type { ChannelHead } from '../contract/log.ts';
import type { SessionStatus } from '../contract/session.ts';
import type { FileSource } from '../contract/source.ts';
import { type Clock, isoOfMicros } from '../core/clock.ts';
import type { Issue } from '../core/issue.ts';
import type { ChannelConfiguration } from './configuration.ts';
import type { LateFeed } from './expected-feeds.ts';
import type { FileChannel } from './file-channel.ts';
import { filePositionOf } from './file-position.ts';
import type { WaitingFile } from './file-readiness.ts';
import { MessageChannel } from './message-channel.ts';
import { type Meter, openMeter } from './meter.ts';
import { SessionChannel } from './session-channel.ts';
import type { Adapter, Wiring } from './wiring.ts';

export type ChannelState = 'stopped' | 'starting' | 'running' | 'retrying' | 'failed';

/** One channel at this moment. Counters are from the start of the process, `sequence` and `quarantined` from the log. */
export interface ChannelStatus {
  readonly channel: string;
  readonly adapter: string;
  readonly shape: Adapter['shape'];
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
  /** Files that are there and not taken yet, and why. */
  readonly waiting?: readonly WaitingFile[];
  /** Expected files that are late now. */
  readonly late?: readonly LateFeed[];
  /** A queue that delivered messages which nothing names: what comes again is taken again. */
  readonly delivery?: 'at-least-once';
}

export interface GatewayStatus {
  readonly running: boolean;
  readonly pid?: number;
  readonly tenant: string;
  readonly data: string;
  readonly startedAt?: string;
  /** Only where the gateway does not go by the machine's clock: its time, and where it comes from. */
  readonly clock?: { readonly now: string; readonly source: string };
  readonly channels: readonly ChannelStatus[];
}

/** A channel as the running gateway holds it. */
export interface Running {
  readonly channel: ChannelConfiguration;
  readonly adapter: Adapter;
  readonly meter: Meter;
  readonly at: SessionChannel | FileChannel | MessageChannel;
  /** Where its files come from and go to. */
  readonly source?: FileSource;
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

/** The same with what a running gateway knows besides. */
export function runningStatus(
  quiet: ChannelStatus,
  running: Running | undefined,
  head: ChannelHead,
  clock: Clock,
): ChannelStatus {
  const meter = running?.meter ?? openMeter();
  const last = meter.lastMessageAt;
  return {
    ...quiet,
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

function stateOf({ at }: Running): ChannelState {
  if (at instanceof SessionChannel) return at.session === undefined ? 'retrying' : 'running';
  return at.retrying ? 'retrying' : 'running';
}

function partsOf({ at, meter }: Running, head: ChannelHead): Partial<ChannelStatus> {
  if (at instanceof MessageChannel) return meter.withoutId > 0 ? { delivery: 'at-least-once' } : {};
  if (at instanceof SessionChannel) {
    const session = at.session?.status();
    return {
      ...(session && { session }),
      ...(session?.gap && { gap: session.gap }),
      ...(session?.held && { held: session.held }),
    };
  }
  const position = filePositionOf(head);
  const records = position !== undefined && position.name === at.current?.name ? position.records : 0;
  return {
    ...(at.current && { file: { ...at.current, records } }),
    filesAccepted: meter.filesAccepted,
    filesRefused: meter.filesRefused,
    ...(at.waiting.length > 0 && { waiting: at.waiting }),
    ...(at.late.length > 0 && { late: at.late }),
  };
}
