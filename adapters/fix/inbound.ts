import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Core, Inbound } from './core.ts';
import { disconnect, isAdmin, keepAside, keepNumbered, sendNumbered, trouble } from './emit.ts';
import { afterAdvance, jumpTo, keepAbove, openGap, takeHeld } from './gap.ts';
import { fixIssue } from './issues.ts';
import { firstFault } from './judgement.ts';
import { readGreeting, readLogon } from './logon.ts';
import { holdFor, logout, logoutNow, reject, tooLow } from './reply.ts';
import { startResend } from './resend.ts';
import { timeProblem } from './sending-time.ts';
import { microsOfFixTime } from './time.ts';

/** Takes one whole message off the wire, and everything that it sets free. */
export function receive(core: Core, inbound: Inbound): void {
  if (core.phase === 'down' || core.phase === 'closing') return;
  core.now = inbound.at;
  core.lastIn = inbound.at;
  core.askedAt = 0;
  const { nextIn } = core.state;
  if (core.phase === 'greeting') {
    if (greetingIsOurs(core, inbound)) readGreeting(core, inbound);
  } else {
    judge(core, inbound);
  }
  if (core.held.size > 0) drain(core);
  if (core.state.nextIn !== nextIn && isOpen(core)) afterAdvance(core, inbound.at);
  const whole = core.gap === undefined && core.state.nextIn > core.highest;
  if (core.logoutWaits > 0 && whole && isOpen(core)) answerLogout(core, inbound.at);
}

/** Goes through what is held, for as long as the expected number is there. */
function drain(core: Core): void {
  for (let held = takeNext(core); held !== undefined; held = takeNext(core)) {
    if (held.done) keepNumbered(core, held.inbound, core.state.nextIn);
    else accept(core, held.inbound, core.state.nextIn);
  }
}

function takeNext(core: Core): ReturnType<typeof takeHeld> {
  return isOpen(core) ? takeHeld(core) : undefined;
}

function isOpen(core: Core): boolean {
  return core.phase === 'up' || core.phase === 'leaving';
}

/** The first message must be of this session; nothing is revealed to anybody else. */
function greetingIsOurs(core: Core, inbound: Inbound): boolean {
  const { message } = inbound;
  const { options } = core;
  const ours = message.get(49) === options.targetCompId && message.get(56) === options.senderCompId;
  if (ours && message.beginString === options.beginString) return true;
  const who = `${message.beginString} ${message.get(49) ?? ''} to ${message.get(56) ?? ''}`;
  const issue = fixIssue('FIX_LOGON_UNKNOWN', shownText(who, 128));
  keepAside(core, inbound, [issue]);
  trouble(core, issue);
  disconnect(core, 'us', 'the Logon(A) is not of this session');
  return false;
}

/** The header first, in the order in which the public conformance pack wants it judged. */
function judge(core: Core, inbound: Inbound): void {
  const { message } = inbound;
  const number = message.number(34);
  if (message.beginString !== core.options.beginString) wrongVersion(core, inbound);
  else if (number === undefined) unnumbered(core, inbound);
  else if (headerIsSound(core, inbound)) place(core, inbound, number);
}

const neededFields = [
  [49, 'SenderCompID(49)'],
  [56, 'TargetCompID(56)'],
  [52, 'SendingTime(52)'],
] as const;

/** False where the message was rejected, because one can already see at its header that it is wrong. */
function headerIsSound(core: Core, inbound: Inbound): boolean {
  const { message } = inbound;
  for (const [tag, field] of neededFields) {
    if (message.get(tag) !== undefined) continue;
    const empty = message.has(tag);
    const issue = fixIssue('FIX_SESSION_FIELD', `${field} is ${empty ? 'empty' : 'missing'}`, { field });
    reject(core, inbound, { reason: empty ? 4 : 1, tag: String(tag) }, issue);
    return false;
  }
  const sent = microsOfFixTime(message.get(52) ?? '');
  if (sent === undefined) {
    const text = `SendingTime(52) cannot be "${shownText(message.get(52) ?? '')}"`;
    const issue = fixIssue('FIX_SESSION_FIELD', text, { field: 'SendingTime(52)' });
    reject(core, inbound, { reason: 6, tag: '52' }, issue);
    return false;
  }
  if (message.has(91)) {
    // Agreed away at the Logon(A), EncryptMethod(98)=0: what stands in it nobody can read.
    const issue = fixIssue('FIX_ENCRYPTED', 'the message has SecureData(91)', { field: 'SecureData(91)' });
    reject(core, inbound, { reason: 7, tag: '91' }, issue);
    return false;
  }
  const late = timeProblem(core, inbound, sent);
  if (late !== undefined) return rejectAndLeave(core, inbound, 10, late);
  const { senderCompId, targetCompId, checkCompId } = core.options;
  if (!checkCompId) return true;
  if (message.get(49) === targetCompId && message.get(56) === senderCompId) return true;
  const who = `the message is of ${shownText(message.get(49) ?? '')} to ${shownText(message.get(56) ?? '')}`;
  return rejectAndLeave(core, inbound, 9, fixIssue('FIX_COMP_ID', who));
}

function rejectAndLeave(core: Core, inbound: Inbound, reason: number, issue: Issue): false {
  reject(core, inbound, { reason }, issue);
  logout(core, inbound.at, undefined);
  return false;
}

/** Where a sound header's number puts the message. */
function place(core: Core, inbound: Inbound, number: number): void {
  const { message } = inbound;
  const { nextIn } = core.state;
  if (message.type === 'A') readLogon(core, inbound);
  else if (message.type === '5') readLogout(core, inbound, number);
  else if (message.type === '2') readResendRequest(core, inbound, number);
  else if (message.type === '4' && message.get(123) !== 'Y') readReset(core, inbound);
  else if (number > nextIn) keepAbove(core, inbound, number, false);
  else if (number < nextIn) readBelow(core, inbound, number);
  else accept(core, inbound, number);
}

/** The expected message: it counts, and an administrative one is answered. */
function accept(core: Core, inbound: Inbound, number: number): void {
  const { message } = inbound;
  if (message.type === '4' && message.get(123) === 'Y') {
    readGapFill(core, inbound, number);
    return;
  }
  if (core.options.validate === 'full' && rejectedByDictionary(core, inbound)) return;
  keepNumbered(core, inbound, number);
  if (message.type === '1') answerTestRequest(core, inbound);
}

function rejectedByDictionary(core: Core, inbound: Inbound): boolean {
  const fault = firstFault(inbound, core.options);
  if (fault === undefined) return false;
  reject(core, inbound, fault, fixIssue('FIX_MESSAGE_REJECTED', fault.issue.message, fault.issue.at));
  return true;
}

/**
 * A number that was received before. With PossDupFlag(43)=Y it goes to the log under its number, which counts the
 * repeat; the session's own talk is kept beside, because nobody resends it the same.
 */
function readBelow(core: Core, inbound: Inbound, number: number): void {
  const { message } = inbound;
  if (message.get(43) !== 'Y') {
    tooLow(core, inbound, number);
    return;
  }
  if (message.type === '4') {
    keepAside(core, inbound);
    return;
  }
  const first = message.get(122);
  if (first === undefined && core.options.requiresOrigSendingTime) {
    const issue = fixIssue(
      'FIX_ORIG_SENDING_TIME',
      `message ${number} came again without OrigSendingTime(122)`,
    );
    reject(core, inbound, { reason: 1, tag: '122' }, issue);
    return;
  }
  const sent = microsOfFixTime(message.get(52) ?? '');
  const original = microsOfFixTime(first ?? '');
  if (sent !== undefined && original !== undefined && original > sent) {
    const issue = fixIssue(
      'FIX_SENDING_TIME',
      `message ${number}: OrigSendingTime(122) is after SendingTime(52)`,
    );
    reject(core, inbound, { reason: 10 }, issue);
    logout(core, inbound.at, undefined);
    return;
  }
  // A Reject(3) is the one administrative message that is sent again as it was: kept beside, it would be told twice.
  if (isAdmin(message.type) && message.type !== '3') keepAside(core, inbound);
  else keepNumbered(core, inbound, number);
}

function answerTestRequest(core: Core, { message }: Inbound): void {
  const id = message.get(112);
  sendNumbered(core, core.now, '0', id === undefined ? [] : [[112, id]]);
}

function wrongVersion(core: Core, inbound: Inbound): void {
  const { message } = inbound;
  const number = message.number(34);
  if (message.type === '5' && number !== undefined) {
    readLogout(core, inbound, number);
    return;
  }
  const issue = fixIssue('FIX_BEGIN_STRING', `BeginString(8) is ${shownText(message.beginString)}`);
  if (number === core.state.nextIn) keepNumbered(core, inbound, number, [...inbound.issues, issue]);
  else keepAside(core, inbound, [issue]);
  trouble(core, issue);
  logout(core, inbound.at, 'Incorrect BeginString');
}

/** Without a number nothing can be said about it. Source: FIX 4.4, Volume 2, "MsgSeqNum missing": Logout and disconnect. */
function unnumbered(core: Core, inbound: Inbound): void {
  const issue = fixIssue('FIX_SEQUENCE_MISSING', 'MsgSeqNum(34) is missing or no number');
  keepAside(core, inbound, [issue]);
  trouble(core, issue);
  logoutNow(core, inbound.at, issue.message, issue.message);
}

/** SequenceReset(4) in reset mode: its own number means nothing. */
function readReset(core: Core, inbound: Inbound): void {
  const { nextIn } = core.state;
  const next = inbound.message.number(36);
  if (next === undefined || next < nextIn) {
    resetLow(core, inbound, next);
    return;
  }
  if (next > nextIn) {
    const issue = fixIssue('FIX_SEQUENCE_SKIPPED', `${nextIn} to ${next - 1} will not come`);
    keepAside(core, inbound, [issue]);
    trouble(core, issue);
    jumpTo(core, next);
    return;
  }
  keepAside(core, inbound);
}

/** SequenceReset(4) with GapFillFlag(123)=Y under the expected number. */
function readGapFill(core: Core, inbound: Inbound, number: number): void {
  const next = inbound.message.number(36);
  if (next === undefined || next <= number) {
    resetLow(core, inbound, next);
    return;
  }
  // Asked for once more, its number may hold a message already; a fill says nothing of that one, and stands beside it.
  if (inbound.message.get(43) === 'Y') keepAside(core, inbound);
  else keepNumbered(core, inbound, number);
  jumpTo(core, next);
}

function resetLow(core: Core, inbound: Inbound, next: number | undefined): void {
  const text = `NewSeqNo(36) ${next ?? 'is missing'}, expecting more than ${core.state.nextIn - 1}`;
  const issue = fixIssue('FIX_SEQUENCE_RESET_LOW', text, { field: 'NewSeqNo(36)' });
  reject(core, inbound, next === undefined ? { reason: 1, tag: '36' } : { reason: 5 }, issue);
}

/**
 * Answered whatever its number is, at once: two sides that ask each other at the same time must not wait for each other.
 * Source: FIX 4.4, Volume 2, test case 20, and the public conformance pack's 8_OnlyAdminMessages for a low number.
 */
function readResendRequest(core: Core, inbound: Inbound, number: number): void {
  const { message } = inbound;
  const { nextIn, nextOut } = core.state;
  const begin = message.number(7);
  const end = message.number(16);
  if (
    begin === undefined ||
    end === undefined ||
    begin === 0 ||
    begin >= nextOut ||
    (end !== 0 && end < begin)
  ) {
    const shown = `${shownText(message.get(7) ?? '')} to ${shownText(message.get(16) ?? '')}, sent was to ${nextOut - 1}`;
    reject(core, inbound, { reason: 5, tag: '7' }, fixIssue('FIX_RESEND_RANGE', shown));
    return;
  }
  if (number === nextIn) keepNumbered(core, inbound, number);
  else if (number > nextIn) keepAbove(core, inbound, number, true);
  else keepAside(core, inbound, message.get(43) === 'Y' ? [] : [lowIssue(core, number)]);
  const endless = end === 0 || (end === 999_999 && core.options.beginString <= 'FIX.4.2');
  startResend(core, begin, endless ? nextOut - 1 : Math.min(end, nextOut - 1));
}

/** Their Logout(5): answered; with a gap open, after it has filled, so that the day does not end with a hole. */
function readLogout(core: Core, inbound: Inbound, number: number): void {
  const { nextIn } = core.state;
  const low = number < nextIn && inbound.message.get(43) !== 'Y';
  if (number === nextIn) keepNumbered(core, inbound, number);
  else if (number < nextIn) keepAside(core, inbound, low ? [lowIssue(core, number)] : []);
  core.loggedOut = true;
  const leaving = core.phase === 'leaving';
  const hole = number > nextIn || core.gap !== undefined;
  if (!low && !leaving && hole && core.options.logoutWaitsForGap) {
    if (number > nextIn) keepAbove(core, inbound, number, true);
    else if (core.gap === undefined) openGap(core, inbound.at);
    core.logoutWaits = inbound.at;
    return;
  }
  if (number > nextIn) keepAside(core, inbound);
  if (leaving) disconnect(core, 'us', 'Logout(5) answered');
  else answerLogout(core, inbound.at);
  if (low) holdFor(core, lowIssue(core, number));
}

/** Says our Logout(5) to theirs, and hangs up. */
export function answerLogout(core: Core, at: number): void {
  sendNumbered(core, at, '5', [], { urgent: true });
  disconnect(core, 'them', 'Logout(5) of theirs');
}

function lowIssue(core: Core, number: number): ReturnType<typeof fixIssue> {
  const text = `MsgSeqNum too low, expecting ${core.state.nextIn} but received ${number}`;
  return fixIssue('FIX_SEQUENCE_TOO_LOW', text, { field: 'MsgSeqNum(34)' });
}
