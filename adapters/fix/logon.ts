import { shownText } from '../../src/core/bytes.ts';
import type { Micros } from '../../src/core/clock.ts';
import { type Field, writeMessage } from './compose.ts';
import type { Core, Inbound } from './core.ts';
import {
  asideOut,
  disconnect,
  headerOf,
  keepAside,
  keepNumbered,
  keepOutbound,
  keepSignal,
  sendNumbered,
  trouble,
} from './emit.ts';
import { beginEpoch } from './epoch.ts';
import { keepAbove, setAsideHeldFrom } from './gap.ts';
import { fixIssue } from './issues.ts';
import { logonAcceptable, refuse } from './logon-acceptance.ts';
import { logonBody } from './logon-body.ts';
import { holdFor, tooLow, withoutSecrets } from './reply.ts';
import { startResend, writeWaiting } from './resend.ts';

/** Begins a connection: an initiator says its Logon(A), an acceptor waits for theirs. */
export function greet(core: Core, at: Micros, peer: string): void {
  Object.assign(core, { phase: 'greeting', connectedAt: at, peer, lastIn: at, lastOut: at, askedAt: 0 });
  Object.assign(core, { sentReset: false, loggedOut: false, logoutWaits: 0, unwritten: 0, leavingAt: 0 });
  if (core.options.role === 'acceptor') return;
  const { options } = core;
  core.heartBtInt = options.heartBtInt;
  if (core.resetUnanswered) {
    announceAgain(core, at);
    return;
  }
  if (options.resetOnLogon) beginEpoch(core, at, 'resetOnLogon');
  core.sentReset = (options.resetOnLogon || isUnusedEpoch(core)) && options.beginString !== 'FIX.4.0';
  sendLogon(core, at, core.sentReset);
}

/**
 * The same reset once more, in the same epoch: of its numbers nobody has seen more than the 1 of this Logon(A), and a peer
 * that took it then takes it again. The log has a Logon(A) under that number: this one is kept beside it.
 */
function announceAgain(core: Core, at: Micros): void {
  const { beginString } = core.options;
  core.sentReset = true;
  core.resetUnanswered = false;
  const bytes = writeMessage(beginString, 'A', headerOf(core, at, 1), logonBody(core, true));
  keepOutbound(core, at, 'A', bytes, asideOut(core));
}

/** Gives a message of the application the next number. In an epoch that is still to be told, 1 is the Logon(A)'s that will tell it. */
export function sendApplication(
  core: Core,
  at: Micros,
  type: string,
  body: readonly Field[],
  header: readonly Field[],
): number {
  const { role, beginString } = core.options;
  if (core.phase === 'down' && role === 'initiator' && beginString !== 'FIX.4.0' && isUnusedEpoch(core)) {
    sendNumbered(core, at, 'A', logonBody(core, true));
    core.resetUnanswered = true;
  }
  return sendNumbered(core, at, type, body, { header });
}

/** The first message on a connection. */
export function readGreeting(core: Core, inbound: Inbound): void {
  const { type } = inbound.message;
  const initiator = core.options.role === 'initiator';
  if (type === 'A') {
    readLogon(core, inbound);
    return;
  }
  if (initiator && (type === '5' || type === '3')) {
    readRefusal(core, inbound);
    return;
  }
  keepAside(core, inbound, [
    fixIssue('FIX_LOGON_FIRST', `the first message has MsgType(35)=${shownText(type)}`),
  ]);
  disconnect(core, 'us', 'the first message was no Logon(A)');
}

/** A Logon(A): the first one of a connection, or one that resets a session that runs. */
export function readLogon(core: Core, inbound: Inbound): void {
  const running = core.phase !== 'greeting';
  const reset = inbound.message.get(141) === 'Y';
  if (running && !reset) {
    keepAside(core, inbound, [fixIssue('FIX_LOGON_SECOND', 'a second Logon(A) came within the session')]);
    disconnect(core, 'us', 'a second Logon(A)');
    return;
  }
  const answers = core.options.role === 'initiator' && !running;
  if (!logonAcceptable(core, inbound, answers)) return;
  const confirms = core.sentReset;
  if (reset && !confirms && !takeReset(core, inbound)) return;
  if (!reset && core.options.role === 'acceptor' && core.options.resetOnLogon)
    beginEpoch(core, inbound.at, 'resetOnLogon');
  takeLogon(core, inbound, { reset, confirms, answer: !answers || (reset && !confirms), running });
}

interface LogonCase {
  readonly reset: boolean;
  /** It answers a reset of ours. */
  readonly confirms: boolean;
  /** Ours is still to be said. */
  readonly answer: boolean;
  readonly running: boolean;
}

function takeLogon(core: Core, inbound: Inbound, { reset, confirms, answer, running }: LogonCase): void {
  const { at, message } = inbound;
  const number = message.number(34) ?? 0;
  const { nextIn, nextOut } = core.state;
  if (number < nextIn) {
    tooLow(core, inbound, number);
    return;
  }
  const wanted = core.options.nextExpectedMsgSeqNum ? message.number(789) : undefined;
  if (wanted !== undefined && wanted > nextOut) {
    refuseExpected(core, inbound, wanted);
    return;
  }
  core.heartBtInt = message.number(108) ?? core.heartBtInt;
  if (core.options.beginString === 'FIXT.1.1') core.applVerId = message.get(1137);
  core.sentReset = false;
  setAsideHeldFrom(core, number);
  if (number === nextIn) keepNumbered(core, inbound, number);
  const logonAt = core.state.nextOut;
  if (answer) sendLogon(core, at, reset);
  core.phase = 'up';
  core.loggedOn = true;
  core.resend = undefined;
  if (!running || reset) keepSignal(core, at, { signal: 'up', peer: core.peer, state: core.state });
  if (number > nextIn) keepAbove(core, inbound, number, true, wanted === undefined);
  // Behind our Logon(A), number 1, stands whatever was given to us before they answered it.
  sendWaiting(core, wanted ?? (confirms ? 2 : undefined), answer ? logonAt : nextOut);
}

/** What they miss by NextExpectedMsgSeqNum(789), and what was given to us while nobody listened. */
function sendWaiting(core: Core, wanted: number | undefined, logonAt: number): void {
  if (wanted !== undefined && wanted < logonAt) startResend(core, wanted, logonAt - 1);
  else writeWaiting(core);
}

function refuseExpected(core: Core, inbound: Inbound, wanted: number): void {
  const text = `NextExpectedMsgSeqNum(789) too high, expecting ${core.state.nextOut} but received ${wanted}`;
  const issue = fixIssue('FIX_LOGON_INVALID', text);
  refuse(core, inbound, issue, text);
  holdFor(core, issue);
}

/** Begins the epoch that their Logon(A) asks for; false where that is not accepted. */
function takeReset(core: Core, inbound: Inbound): boolean {
  if (core.options.acceptReset) {
    beginEpoch(core, inbound.at, 'ResetSeqNumFlag(141)=Y of theirs');
    return true;
  }
  const text = 'ResetSeqNumFlag(141)=Y is not accepted';
  return refuse(core, inbound, fixIssue('FIX_RESET_REFUSED', text), text);
}

/** A Logout(5) or Reject(3) instead of their Logon(A). */
function readRefusal(core: Core, inbound: Inbound): void {
  const { message, at } = inbound;
  const number = message.number(34);
  const theirs = withoutSecrets(core, message.get(58) ?? 'without a reason');
  const issue = fixIssue('FIX_LOGON_REFUSED', shownText(theirs, 200));
  const low = number !== undefined && number < core.state.nextIn;
  if (number === core.state.nextIn) keepNumbered(core, inbound, number);
  else keepAside(core, inbound);
  trouble(core, issue);
  if (low || /too low/i.test(theirs)) holdFor(core, issue);
  disconnect(core, 'them', `Logon(A) refused: ${issue.message}`);
  core.lastIn = at;
}

function sendLogon(core: Core, at: Micros, reset: boolean): void {
  sendNumbered(core, at, 'A', logonBody(core, reset), { urgent: true });
}

/** Both numbers at 1 because somebody reset them, and not because nothing ever happened: the next Logon(A) says so. */
function isUnusedEpoch(core: Core): boolean {
  const { options, state } = core;
  if (core.unannounced) return false;
  const resets = state.epoch > 0 || options.resetOnLogout || options.resetOnDisconnect;
  return resets && state.nextIn === 1 && state.nextOut === 1;
}
