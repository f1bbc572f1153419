import type { FixMessage } from '../../codecs/fix/index.ts';
import type { Codec } from '../../src/contract/codec.ts';
import type { SessionFrame, SessionHours, SessionSignal, SessionState } from '../../src/contract/session.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import type { FixSessionOptions } from './options.ts';
import { sessionCodec } from './session-codec.ts';
import type { TimePrecision } from './time.ts';

/** A message as it came off the wire; `offset` counts the bytes of its connection. */
export interface Inbound {
  readonly at: Micros;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly message: FixMessage;
  readonly issues: readonly Issue[];
}

/** What the machine asks for, in order. Writes go out when their frames, and all before them, are committed. */
export type Action =
  | AppendAction
  | { readonly do: 'write'; readonly writes: readonly Uint8Array[] }
  | { readonly do: 'resend'; readonly job: number; readonly from: number; readonly to: number }
  | { readonly do: 'report'; readonly signal: SessionSignal }
  | { readonly do: 'disconnect'; readonly by: 'us' | 'them'; readonly reason: string };

export interface AppendAction {
  readonly do: 'append';
  readonly frames: SessionFrame[];
  readonly writes: Uint8Array[];
  state: SessionState;
}

/**
 * - `down`: no connection.
 * - `greeting`: connected; the Logon(A) of one side or of both is missing.
 * - `up`: logged on.
 * - `leaving`: our Logout(5) is out, theirs is awaited.
 * - `closing`: what is written goes out, and nothing more is read.
 */
export type Phase = 'down' | 'greeting' | 'up' | 'leaving' | 'closing';

/** An open ResendRequest(2), and the numbers that have to come. */
export interface Gap {
  from: number;
  /** The last number that is missing. */
  to: number;
  /** The last number of the request that is open; Infinity where it named no end. */
  askedTo: number;
  progressAt: Micros;
  waitMicros: number;
  /** Frames above it were let go, and that was said. */
  overflowed: boolean;
}

/** A frame above the gap. `done`: it was acted upon when it came, and only its number is to be taken. */
export interface HeldFrame {
  readonly inbound: Inbound;
  readonly done: boolean;
}

/** A resend of ours that runs: of numbers that were asked for, or (`first`) of what was not written yet. */
export interface ResendJob {
  readonly job: number;
  readonly from: number;
  readonly to: number;
  readonly first: boolean;
  /** First number of a run of administrative messages that is not told yet. */
  fillFrom: number;
  /** The next number that the store has to bring. */
  next: number;
}

/** Everything that a session knows. Changed only by the functions of this room, one input at a time. */
export interface Core {
  readonly options: FixSessionOptions;
  readonly limits: Limits;
  /** `OURS-THEIRS`. */
  readonly session: string;
  readonly precision: TimePrecision;
  /** Reads what comes, and what is sent. */
  readonly codec: Codec<FixMessage>;
  /** When the session may run; absent: always. */
  readonly hours: SessionHours | undefined;
  /** FIXT.1.1: DefaultApplVerID(1137) of their last Logon(A). */
  applVerId: string | undefined;
  state: SessionState;
  /** When the input came that is being worked on. */
  now: Micros;
  phase: Phase;
  connectedAt: Micros;
  peer: string;
  heartBtInt: number;
  lastIn: Micros;
  lastOut: Micros;
  leavingAt: Micros;
  /** When our TestRequest(1) went out that nothing has come after; 0: none. */
  askedAt: Micros;
  /** A Logon(A) with ResetSeqNumFlag(141)=Y of ours is unanswered. */
  sentReset: boolean;
  /** They have not answered our reset: whether they took it nobody knows, and the next Logon(A) says it again. */
  resetUnanswered: boolean;
  /** The epoch was begun by the schedule, as theirs was: nobody asks for it. */
  unannounced: boolean;
  /** The Logon(A)s of this connection were exchanged. */
  loggedOn: boolean;
  /** A Logout(5) was exchanged on this connection. */
  loggedOut: boolean;
  /** When their Logout(5) came that waits for the gap to fill; 0: none does. */
  logoutWaits: Micros;
  gap: Gap | undefined;
  readonly held: Map<number, HeldFrame>;
  heldBytes: number;
  /** The highest MsgSeqNum(34) that was seen above a gap. */
  highest: number;
  resend: ResendJob | undefined;
  resendNext: { readonly from: number; readonly to: number } | undefined;
  /** First outbound number that is committed and not written on this connection; 0: none. */
  unwritten: number;
  /** Why the session waits for an operator. */
  hold: Issue | undefined;
  serial: number;
  actions: Action[];
  open: AppendAction | undefined;
}

export function openCore(
  options: FixSessionOptions,
  limits: Limits,
  state: SessionState,
  codec: Codec<FixMessage> = sessionCodec(options),
  hours?: SessionHours,
): Core {
  const old = options.beginString === 'FIX.4.0' || options.beginString === 'FIX.4.1';
  return {
    options,
    limits,
    session: `${options.senderCompId}-${options.targetCompId}`,
    precision: options.timePrecision ?? (old ? 'seconds' : 'milliseconds'),
    codec,
    hours,
    applVerId: undefined,
    state,
    now: 0,
    phase: 'down',
    connectedAt: 0,
    peer: '',
    heartBtInt: options.heartBtInt,
    lastIn: 0,
    lastOut: 0,
    leavingAt: 0,
    askedAt: 0,
    sentReset: false,
    resetUnanswered: false,
    unannounced: hours !== undefined && begunBySchedule(options, state),
    loggedOn: false,
    loggedOut: false,
    logoutWaits: 0,
    gap: undefined,
    held: new Map(),
    heldBytes: 0,
    highest: 0,
    resend: undefined,
    resendNext: undefined,
    unwritten: 0,
    hold: undefined,
    serial: 0,
    actions: [],
    open: undefined,
  };
}

/**
 * After a restart nobody knows who began an epoch of which nothing is used; where only a schedule does, it did. One that an operator
 * began while the session did not run has no `since`.
 */
function begunBySchedule(
  { resetOnLogout, resetOnDisconnect }: FixSessionOptions,
  { since }: SessionState,
): boolean {
  return since !== undefined && !resetOnLogout && !resetOnDisconnect;
}
