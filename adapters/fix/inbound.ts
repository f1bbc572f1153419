import { shownText } from '../../src/core/bytes.ts';
import type { Core, Inbound } from './core.ts';
import { disconnect, isAdmin, keepAside, keepNumbered, trouble } from './emit.ts';
import { afterAdvance, keepAbove, takeHeld } from './gap.ts';
import { headerIsSound, says } from './header.ts';
import { fixIssue } from './issues.ts';
import { firstFault } from './judgement.ts';
import { readGreeting, readLogon } from './logon.ts';
import { answerTestRequest, logout, logoutNow, refuseType, reject, tooLow } from './reply.ts';
import { readResendRequest } from './resend-request.ts';
import { readGapFill, readReset } from './sequence-reset.ts';
import { readLogout, settleLogout } from './their-logout.ts';
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
  settleLogout(core, inbound.at);
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
  if (!says(message, 8, core.options.beginString)) wrongVersion(core, inbound);
  else if (number === undefined) unnumbered(core, inbound);
  else if (headerIsSound(core, inbound)) place(core, inbound, number);
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
  if (isUnsupported(core, message.type)) {
    refuseType(core, inbound, number);
    return;
  }
  keepNumbered(core, inbound, number);
  if (message.type === '1') answerTestRequest(core, core.now, inbound);
}

/** A reject is never rejected: two engines would go on for ever. */
function isUnsupported({ options }: Core, type: string): boolean {
  const { supportedTypes } = options;
  return supportedTypes !== undefined && !isAdmin(type) && type !== 'j' && !supportedTypes.includes(type);
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
