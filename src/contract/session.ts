import type { ZodType } from 'zod';
import type { Clock, Micros } from '../core/clock.ts';
import type { Issue } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';
import type { Limits } from '../core/limits.ts';
import type { Message } from './codec.ts';
import type { Direction, EntryKind } from './entry.ts';
import type { FrameContext } from './frame.ts';
import type { Origin } from './origin.ts';
import type { Reached } from './source.ts';

/** One frame that a session read, or is about to write: admin included. */
export interface SessionFrame {
  /** `message`; `quarantine` for what cannot be accepted; `signal` and `audit` where the session itself has to say something. */
  readonly kind: EntryKind;
  readonly direction: Direction;
  readonly origin: Origin;
  readonly receivedAt: Micros;
  readonly bytes: Uint8Array;
  readonly context?: FrameContext;
  /** As the session decoded it, so that nobody decodes it twice. */
  readonly message?: Message;
  readonly issues: readonly Issue[];
  /** The message belongs to the session and means nothing to the book: it is kept, and makes no events. */
  readonly admin: boolean;
}

/** What survives a crash. Numbers are the *next* ones: 1 at the beginning of an epoch. */
export interface SessionState {
  readonly epoch: number;
  readonly nextIn: number;
  readonly nextOut: number;
  /** When the epoch began; absent where nobody knows: it is older than this was kept. */
  readonly since?: Micros;
}

/** The session's memory, over the log. One commit holds frames and state together. */
export interface SessionStore {
  load(): Promise<SessionState>;
  /**
   * Commits frames with the state after them. Resolves when that would survive a power cut; only then may the session
   * write an outbound frame to the wire, or speak of an inbound one as received (Logout, LastMsgSeqNumProcessed(369),
   * NextExpectedMsgSeqNum(789)). Calls commit in the order in which they were made.
   */
  append(frames: readonly SessionFrame[], state: SessionState): Promise<void>;
  /** What was sent under these sequence numbers of the current epoch, in order, both ends in. */
  readOut(from: number, to: number): AsyncIterable<{ readonly sequence: number; readonly bytes: Uint8Array }>;
}

/** What a session tells about itself while it runs. Durable ones are also frames of kind `signal`. */
export type SessionSignal =
  | { readonly signal: 'connecting' | 'listening'; readonly address: string }
  | { readonly signal: 'up'; readonly peer: string; readonly state: SessionState }
  | {
      readonly signal: 'down';
      readonly by: 'us' | 'them' | 'transport';
      readonly reason: string;
      readonly state: SessionState;
    }
  | { readonly signal: 'gap'; readonly from: number; readonly to: number }
  | { readonly signal: 'filled'; readonly from: number; readonly to: number }
  | { readonly signal: 'held'; readonly issue: Issue }
  /** The hours of a scheduled session began or ended. */
  | { readonly signal: 'hours'; readonly open: boolean; readonly until?: string }
  | { readonly signal: 'trouble'; readonly issue: Issue };

export interface SessionStatus {
  readonly session: string;
  readonly role: 'initiator' | 'acceptor';
  readonly connected: boolean;
  readonly loggedOn: boolean;
  /** Committed. */
  readonly state: SessionState;
  /** Read, but not yet committed. */
  readonly seenIn: number;
  readonly gap?: { readonly from: number; readonly to: number };
  readonly held?: Issue;
  readonly address: string;
  /** Where a channel has several: those of its counterparties. */
  readonly sessions?: readonly SessionStatus[];
  /** Where the session has a schedule: whether it may run now, and until when that holds (ISO 8601 in UTC). */
  readonly hours?: { readonly open: boolean; readonly until?: string };
}

/** When a session runs, as it is configured; times are local to the zone, `HH:MM` or `HH:MM:SS`. */
export interface SessionSchedule {
  readonly zone: string;
  readonly startTime: string;
  /** At or before `startTime`: of the next day, or of the next week. */
  readonly endTime: string;
  /** 0 for Sunday to 6. With both, one session a week. */
  readonly startDay?: number;
  readonly endDay?: number;
  /** Days on which a daily session begins; absent: all. */
  readonly weekdays?: readonly number[];
  /** A daily session does not run when its last moment falls on a closed day of this calendar. */
  readonly holidays?: 'nyse' | 'dtc';
}

/** One session of a schedule: it holds `from` and does not hold `to`. */
export interface SessionWindow {
  readonly from: Micros;
  readonly to: Micros;
}

/** The sessions of one schedule; they never overlap. */
export interface SessionHours {
  readonly zone: string;
  /** The session that an instant is in. */
  at(instant: Micros): SessionWindow | undefined;
  /** The first session that begins after an instant; undefined where the schedule has no more of them. */
  next(instant: Micros): SessionWindow | undefined;
}

/**
 * A change of sequence numbers that a person asks for. Audited by the gateway, with a reason, before it is carried out.
 * `session` says which, where a channel has several.
 */
export type SessionCommand = { readonly session?: string } & (
  | { readonly command: 'reset' }
  | { readonly command: 'set'; readonly nextIn?: number; readonly nextOut?: number }
  | { readonly command: 'logout'; readonly text?: string }
);

/** The memories of a channel that has a session for each of its counterparties. */
export interface SessionStores {
  /** Names of the sessions that there are already. */
  known(): Promise<readonly string[]>;
  /** The memory of one of them, or of a new one. */
  store(name: string): SessionStore;
}

export interface SessionPorts {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Where the options have a schedule (`SessionAdapter.schedule`): the sessions of it. */
  readonly hours?: SessionHours;
  /** What the adapter's `share` gave; absent: the session shares nothing with others. */
  readonly shared?: object;
  /** For an adapter that opens a session for each counterparty (`template`): `store` is then the channel's own. */
  readonly sessions?: SessionStores;
  /** `session` says which, where a channel has several. */
  report(signal: SessionSignal, session?: string): void;
}

/** A running session. */
export interface Session {
  /** Resolves with the sequence number once the message is committed; it is written as soon as the peer is there. */
  send(type: string, body: JsonValue): Promise<{ readonly sequence: number }>;
  command(command: SessionCommand): Promise<SessionStatus>;
  status(): SessionStatus;
  /** Logs out where that can be done in time, commits what was read, and lets go of the wire. */
  close(reason: string): Promise<void>;
}

/** An adapter that moves frames both ways over a connection of its own. */
export interface SessionAdapter<Options = unknown> {
  readonly shape: 'session';
  readonly id: string;
  /** The codec that reads its frames. */
  readonly codec: string;
  /**
   * The option that holds the path of a description which its codec is opened by, from the family of the codec's id. Session and
   * channel then read by the same file.
   */
  readonly description?: string;
  readonly options: ZodType<Options>;
  /** Names of options that hold secrets: references only, never plain text. */
  readonly secrets: readonly string[];
  /** Names of options that are paths on this machine: relative ones count from the configuration's directory. */
  readonly paths?: readonly string[];
  open(options: Options, ports: SessionPorts): Promise<Session>;
  /** What the sessions of one gateway share because it is there once, such as a port: each is given it when it opens. */
  share?(): object;
  /** What keeps two sessions of one gateway from running together: the option of the later one that says so, and why. */
  conflict?(
    first: Options,
    later: Options,
  ): { readonly option: readonly string[]; readonly message: string } | undefined;
  /** When a session with these options runs; undefined: always. Whoever opens one gives it the hours of it. */
  schedule?(options: Options): SessionSchedule | undefined;
  /** What `send` takes to say a decoded message: its type, and its body without what the session writes itself. */
  bodyOf?(message: Message): { readonly type: string; readonly body: JsonValue } | undefined;
  /** The bytes of a message as `send` would write it, number and time aside: read before anything is sent. Throws what `send` throws. */
  preview?(options: Options, type: string, body: JsonValue): Uint8Array;
  /** Connects without logging on (that would move sequence numbers), looks, and leaves. */
  reach?(options: Options, signal: AbortSignal): Promise<Reached>;
}
