import { fix } from '../../codecs/fix/index.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Core, Inbound } from './core.ts';
import { isAdmin, keepAside, keepNumbered, keepSignal, sendNumbered, trouble } from './emit.ts';
import { fixIssue } from './issues.ts';
import { answerTestRequest, patienceMicros } from './reply.ts';

/**
 * A frame whose number is too high: it is held, and what is missing below it is asked for, once.
 * `done`: it was acted upon already. Source: FIX 4.4, Volume 2, "MsgSeqNum too high"; the rule that one request is
 * enough while it is open is what keeps two engines from answering each other for ever (quickfix-j#676).
 */
export function keepAbove(core: Core, inbound: Inbound, number: number, done: boolean, ask = true): void {
  const known = core.highest;
  core.highest = Math.max(core.highest, number);
  const kept = hold(core, inbound, number, done);
  // What is let go comes again as a gap fill, and asks for nothing any more.
  if (!kept && !done && asksForSign(inbound)) answerTestRequest(core, inbound.at, inbound);
  if (core.gap === undefined) openGap(core, inbound.at, ask);
  else {
    if (!kept && number > known) core.gap.to = Math.max(core.gap.to, number);
    if (ask && core.options.sendRedundantResendRequests) askAgain(core, inbound.at);
  }
}

/** Asks for what is missing from the expected number up to the lowest frame that is held. */
export function openGap(core: Core, at: Micros, ask = true): void {
  const from = core.state.nextIn;
  let to = core.highest;
  for (const number of core.held.keys()) if (number >= from && number <= to) to = number - 1;
  const waitMicros = core.options.resendTimeoutSeconds * 1e6;
  core.gap = { from, to, askedTo: to, progressAt: at, waitMicros, overflowed: false };
  keepSignal(core, at, { signal: 'gap', from, to });
  if (ask) askAgain(core, at);
}

/** Sends the ResendRequest(2) for what is missing now: all of it, or the next chunk. */
export function askAgain(core: Core, at: Micros): void {
  const { gap, options } = core;
  if (gap === undefined) return;
  const begin = core.state.nextIn;
  const chunk = options.resendRequestChunkSize;
  gap.askedTo = chunk > 0 ? Math.min(gap.to, begin + chunk - 1) : Number.POSITIVE_INFINITY;
  gap.progressAt = at;
  sendNumbered(core, at, '2', [
    [7, String(begin)],
    [16, chunk > 0 ? String(gap.askedTo) : endlessText(options.beginString)],
  ]);
}

/**
 * Looks at the gap after the expected number moved: closes it, asks for the next chunk (a gap fill may have jumped
 * past the last one: quickfixn#309), or finds another one above it.
 */
export function afterAdvance(core: Core, at: Micros): void {
  const { gap } = core;
  const next = core.state.nextIn;
  if (gap === undefined) {
    if (next <= core.highest && core.phase === 'up') openGap(core, at);
    return;
  }
  if (next > gap.to) {
    core.gap = undefined;
    keepSignal(core, at, { signal: 'filled', from: gap.from, to: gap.to });
    if (next <= core.highest) openGap(core, at);
    return;
  }
  gap.progressAt = at;
  gap.waitMicros = core.options.resendTimeoutSeconds * 1e6;
  if (next > gap.askedTo) askAgain(core, at);
}

/**
 * Asks again when an open request brought nothing for a while; each time it waits twice as long. A TestRequest(1) that is held
 * is answered after half an interval: whoever sent it hangs up before a long gap has filled (quickfixn#281).
 */
export function nudgeGap(core: Core, at: Micros): void {
  const { gap } = core;
  if (gap !== undefined) answerHeld(core, at);
  if (gap === undefined || at - gap.progressAt < gap.waitMicros) return;
  const missing = `${core.state.nextIn} to ${gap.to}`;
  trouble(core, fixIssue('FIX_RESEND_STALLED', `nothing of ${missing} came for ${gap.waitMicros / 1e6} s`));
  gap.waitMicros *= 2;
  askAgain(core, at);
}

function answerHeld(core: Core, at: Micros): void {
  const patience = patienceMicros(core);
  for (const [number, { inbound, done }] of core.held) {
    if (done || !asksForSign(inbound) || at - inbound.at < patience) continue;
    core.held.set(number, { inbound, done: true });
    answerTestRequest(core, at, inbound);
  }
}

function asksForSign({ message }: Inbound): boolean {
  return message.type === '1';
}

/** The frame that is held under the expected number, if it is there. */
export function takeHeld(core: Core): { readonly inbound: Inbound; readonly done: boolean } | undefined {
  const number = core.state.nextIn;
  const found = core.held.get(number);
  if (found !== undefined) letGo(core, number);
  return found;
}

/**
 * Moves the expected number on. What is held between is kept under its own number first: the peer need not send it,
 * but we have it.
 */
export function jumpTo(core: Core, next: number): void {
  keepHeld(core, next - 1);
  core.state = { ...core.state, nextIn: next };
}

/** Keeps what is held up to a number, in order, without moving the expected number. */
export function keepHeld(core: Core, to: number): void {
  const numbers = [...core.held.keys()].filter((number) => number <= to).sort((left, right) => left - right);
  const { nextIn } = core.state;
  for (const number of numbers) {
    const held = core.held.get(number);
    letGo(core, number);
    if (held === undefined || number < nextIn) continue;
    keepNumbered(core, held.inbound, number);
    if (core.phase === 'up' && !held.done && asksForSign(held.inbound))
      answerTestRequest(core, core.now, held.inbound);
  }
  core.state = { ...core.state, nextIn };
}

/** At the end of a connection: messages above the gap stay in memory, the session's own talk does not. */
export function leaveGap(core: Core, isTalk: (type: string) => boolean): void {
  for (const [number, held] of core.held) {
    if (held.done || isTalk(held.inbound.message.type)) letGo(core, number);
  }
  core.gap = undefined;
  core.highest = 0;
}

/**
 * A Logon(A) came under this number: what is held from it on was sent before the counterparty went back. It will not come
 * again, and its numbers are somebody else's now: a person decides. It is of an earlier connection, so its place on this one
 * is none that bytes have.
 */
export function setAsideHeldFrom(core: Core, number: number): void {
  for (const [held, { inbound }] of [...core.held]) {
    if (held < number) continue;
    letGo(core, held);
    const issue = fixIssue('FIX_NUMBERS_REUSED', `message ${held} came before their Logon(A) ${number}`);
    keepAside(core, { ...inbound, offset: -held }, [issue]);
    trouble(core, issue);
  }
}

function hold(core: Core, inbound: Inbound, number: number, done: boolean): boolean {
  const first = core.held.get(number);
  if (first !== undefined) {
    keepOther(core, first.inbound, inbound, number);
    return true;
  }
  const size = inbound.bytes.length;
  const { fixHeldFramesMax, fixHeldBytesMax } = core.limits;
  if (core.held.size >= fixHeldFramesMax || core.heldBytes + size > fixHeldBytesMax) {
    if (core.gap?.overflowed === false) {
      core.gap.overflowed = true;
      trouble(core, fixIssue('FIX_HELD_LIMIT', `${core.held.size} messages are held, ${number} is let go`));
    }
    return false;
  }
  core.held.set(number, { inbound, done });
  core.heldBytes += size;
  return true;
}

/**
 * What came under a number that is held, and says something else: nobody sends it again, so it goes to the log at once, the
 * one that came first before it. The log then keeps the second one as a conflict, and counts the held one when its turn comes.
 */
function keepOther(core: Core, first: Inbound, inbound: Inbound, number: number): void {
  if (fix.digest(first.message) === fix.digest(inbound.message)) return;
  if (isAdmin(inbound.message.type)) {
    keepAside(core, inbound);
    return;
  }
  if (!isAdmin(first.message.type)) keepNumbered(core, first, number);
  keepNumbered(core, inbound, number);
}

function letGo(core: Core, number: number): void {
  const found = core.held.get(number);
  if (found === undefined) return;
  core.heldBytes -= found.inbound.bytes.length;
  core.held.delete(number);
}

/** EndSeqNo(16) that means "to the last": 0 since FIX 4.2, 999999 before. Source: FIX 4.2 and FIX 4.0, "Resend Request". */
function endlessText(beginString: string): string {
  return beginString === 'FIX.4.0' || beginString === 'FIX.4.1' ? '999999' : '0';
}
