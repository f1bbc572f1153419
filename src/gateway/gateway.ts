import type { Log } from '../contract/log.ts';
import type { SessionCommand, SessionStatus } from '../contract/session.ts';
import type { Clock } from '../core/clock.ts';
import type { Issue } from '../core/issue.ts';
import type { Limits } from '../core/limits.ts';
import type { Configuration } from './configuration.ts';
import type { Logger } from './logger.ts';
import type { Person } from './person.ts';
import type { Wiring } from './wiring.ts';

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
  /** Opens every channel. What may get better by waiting is tried again; anything else throws, with nothing left open. */
  start(): Promise<void>;
  /** Logs sessions out, commits what was read and closes; bounded in time. Twice is no error. */
  stop(reason: string): Promise<void>;
  status(): Promise<GatewayStatus>;
  /** A change of a session by a person; audited first. Codes: `CHANNEL_UNKNOWN`, `CHANNEL_NO_SESSION`, `REASON_MISSING`. */
  session(channel: string, command: SessionCommand, person: Person): Promise<SessionStatus>;
}

export function openGateway(_options: GatewayOptions): Gateway {
  throw new Error('not there yet');
}
