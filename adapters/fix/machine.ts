import assert from 'node:assert/strict';
import type { FixMessage } from '../../codecs/fix/index.ts';
import type { Codec, Decoded, Message } from '../../src/contract/codec.ts';
import type { SessionCommand, SessionHours, SessionState } from '../../src/contract/session.ts';
import { utf8Bytes } from '../../src/core/bytes.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Issue } from '../../src/core/issue.ts';
import { canonicalJson } from '../../src/core/json.ts';
import type { Limits } from '../../src/core/limits.ts';
import type { Field } from './compose.ts';
import { type Action, type Core, type Inbound, openCore } from './core.ts';
import {
  disconnect,
  isAdmin,
  keepSignal,
  pushFrame,
  readTheirs,
  sendNumbered,
  takeActions,
  trouble,
} from './emit.ts';
import { beginEpoch } from './epoch.ts';
import { jumpTo, keepHeld, leaveGap, nudgeGap } from './gap.ts';
import { keepGarbled, keepStranger, pardoned } from './garbled.ts';
import { isCurrent } from './hours.ts';
import { countFrom, keepHours } from './hours-keeping.ts';
import { receive } from './inbound.ts';
import { fixIssue } from './issues.ts';
import { greet, sendApplication } from './logon.ts';
import type { FixSessionOptions } from './options.ts';
import { logout } from './reply.ts';
import { resendEnded, resendStored, type Stored } from './resend.ts';
import { endLogout, settleLogout } from './their-logout.ts';

/**
 * The FIX session as a pure machine: it is told what happened and when, and says what to do. It reads no clock, no
 * socket and no store; the same inputs give the same actions.
 */
export interface Machine {
  /** For its owner to look at; only the machine changes it. */
  readonly core: Readonly<Core>;
  /** True where the schedule lets the session run, with the numbers that it has. */
  isCurrent(at: Micros): boolean;
  /** The message of bytes of theirs, by what the session knows of them. */
  read(bytes: Uint8Array): Decoded<FixMessage>;
  connected(at: Micros, peer: string): void;
  received(inbound: Inbound): void;
  garbled(at: Micros, offset: number, bytes: Uint8Array, why: Issue): void;
  /** Time passes: heartbeats, timeouts, stalled requests. */
  tick(at: Micros): void;
  /** Gives a message of the application its number. */
  send(at: Micros, type: string, body: readonly Field[], header?: readonly Field[]): number;
  stored(at: Micros, job: number, messages: readonly Stored[]): void;
  storedEnd(at: Micros, job: number): void;
  /** Asks to leave. */
  logout(at: Micros, text: string | undefined): void;
  disconnected(at: Micros, by: 'us' | 'them' | 'transport', reason: string): void;
  /** What an operator may change; only without a connection. */
  command(at: Micros, command: Exclude<SessionCommand, { command: 'logout' }>): void;
  /** Somebody on another connection who is not let in: the bytes are kept. */
  stranger(
    inbound: Omit<Inbound, 'message'>,
    connectedAt: Micros,
    message: Message | undefined,
    why: Issue,
  ): void;
  /** What is to be done now, in order. */
  take(): readonly Action[];
}

/** What a machine may be given beside its options. */
export interface MachineExtras {
  /** Why it waits for an operator from the beginning on. */
  readonly hold?: Issue | undefined;
  /** Where the counterparty speaks a dialect. */
  readonly codec?: Codec<FixMessage> | undefined;
  /** Where the session has a schedule. */
  readonly hours?: SessionHours | undefined;
}

/** A machine that goes on from a committed state. */
export function openMachine(
  options: FixSessionOptions,
  limits: Limits,
  state: SessionState,
  { hold, codec, hours }: MachineExtras = {},
): Machine {
  const core = openCore(options, limits, state, codec, hours);
  core.hold = hold;
  return {
    core,
    read: (bytes) => readTheirs(core, bytes),
    isCurrent: (at) => isCurrent(core, at),
    connected: (at, peer) => {
      keepHours(core, at);
      greet(core, at, peer);
    },
    received: (inbound) => {
      countFrom(core, inbound.at);
      receive(core, inbound);
    },
    garbled: (at, offset, bytes, why) => garbled(core, at, offset, bytes, why),
    tick: (at) => tick(core, at),
    send: (at, type, body, header = []) => sendApplication(core, at, type, body, header),
    stored: (at, job, messages) => resendStored(core, at, job, messages),
    storedEnd: (at, job) => {
      resendEnded(core, at, job);
      settleLogout(core, at);
    },
    logout: (at, text) => logout(core, at, text),
    disconnected: (at, by, reason) => disconnected(core, at, by, reason),
    command: (at, command) => carryOut(core, at, command),
    stranger: (inbound, connectedAt, message, why) => keepStranger(core, inbound, connectedAt, message, why),
    take: () => takeActions(core),
  };
}

/** A pardoned message is a message; what else is garbled is kept. */
function garbled(core: Core, at: Micros, offset: number, bytes: Uint8Array, why: Issue): void {
  const inbound = pardoned(core, at, offset, bytes, why);
  if (inbound === undefined) keepGarbled(core, at, offset, bytes, why);
  else receive(core, inbound);
}

function tick(core: Core, at: Micros): void {
  const { options } = core;
  const second = 1e6;
  keepHours(core, at);
  if (core.phase === 'greeting' && at - core.connectedAt >= options.logonTimeoutSeconds * second) {
    trouble(core, fixIssue('FIX_LOGON_REFUSED', `no Logon(A) came within ${options.logonTimeoutSeconds} s`));
    disconnect(core, 'us', 'no Logon(A) in time');
  }
  if (core.phase === 'leaving' && at - core.leavingAt >= options.logoutTimeoutSeconds * second) {
    disconnect(core, 'us', 'no answer to Logout(5) in time');
  }
  if (core.phase !== 'up' && core.phase !== 'leaving') return;
  if (core.logoutWaits > 0 && at - core.logoutWaits >= options.logoutTimeoutSeconds * second) {
    endLogout(core, at);
    return;
  }
  if (core.phase === 'up') nudgeGap(core, at);
  if (core.heartBtInt > 0) beat(core, at);
}

/**
 * Heartbeat(0) after an interval of our silence, TestRequest(1) after 1.2 of theirs, the end after 2.4. Source: FIX 4.4,
 * Volume 2, "Heartbeat" asks for "some reasonable transmission time"; the factors are the public conformance pack's,
 * which also wants no Heartbeat(0) while a TestRequest(1) is unanswered. Nobody is hung up on unasked: after a pause of
 * our own everybody else seems silent.
 */
function beat(core: Core, at: Micros): void {
  const interval = core.heartBtInt * 1e6;
  const silence = at - core.lastIn;
  if (core.askedAt > 0) {
    if (silence < 2.4 * interval || at - core.askedAt < interval) return;
    trouble(core, fixIssue('FIX_PEER_SILENT', `nothing came for ${Math.floor(silence / 1e6)} s`));
    disconnect(core, 'us', 'the peer is silent');
    return;
  }
  // After a pause of our own both may be due: what was due first goes out first. A resend that runs is no silence.
  const beatAt = core.lastOut + interval;
  const askAt = core.lastIn + 1.2 * interval;
  if (at >= beatAt && beatAt <= askAt && core.resend === undefined) sendNumbered(core, at, '0', []);
  if (at < askAt) return;
  core.askedAt = at;
  sendNumbered(core, at, '1', [[112, 'TEST']]);
}

function disconnected(core: Core, at: Micros, by: 'us' | 'them' | 'transport', reason: string): void {
  if (core.phase === 'down') return;
  const { options } = core;
  const { loggedOn } = core;
  core.phase = 'down';
  core.loggedOn = false;
  core.resend = undefined;
  core.resendNext = undefined;
  core.unwritten = 0;
  core.resetUnanswered = core.sentReset && core.state.nextIn === 1;
  core.sentReset = false;
  core.logoutWaits = 0;
  if (loggedOn) keepSignal(core, at, { signal: 'down', by, reason, state: core.state });
  const byLogout = options.resetOnLogout && core.loggedOut;
  if ((options.resetOnDisconnect || byLogout) && !core.resetUnanswered)
    beginEpoch(core, at, byLogout ? 'resetOnLogout' : 'resetOnDisconnect');
  leaveGap(core, isAdmin);
}

function carryOut(core: Core, at: Micros, command: Exclude<SessionCommand, { command: 'logout' }>): void {
  assert(core.phase === 'down');
  core.hold = undefined;
  core.resetUnanswered = false;
  if (command.command === 'reset') {
    beginEpoch(core, at, 'operator', { nextIn: 1, nextOut: 1 });
    return;
  }
  const { nextIn = core.state.nextIn, nextOut = core.state.nextOut } = command;
  if (nextOut < core.state.nextOut) {
    beginEpoch(core, at, 'operator', { nextIn, nextOut });
    return;
  }
  if (nextIn > core.state.nextIn) jumpTo(core, nextIn);
  else keepHeld(core, Number.POSITIVE_INFINITY);
  core.state = { ...core.state, nextIn, nextOut };
  keepSet(core, at);
}

/** Numbers that an operator set: a frame of its own, because a state is committed with frames only. */
function keepSet(core: Core, at: Micros): void {
  const { epoch, nextIn, nextOut } = core.state;
  pushFrame(core, {
    kind: 'audit',
    direction: 'in',
    origin: { scope: `${core.session}/set`, key: `${at}.${++core.serial}` },
    receivedAt: at,
    bytes: utf8Bytes(canonicalJson({ session: core.session, epoch, nextIn, nextOut })),
    issues: [],
    admin: true,
  });
}
