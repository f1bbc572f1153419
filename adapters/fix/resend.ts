import type { Micros } from '../../src/core/clock.ts';
import { delayedBytes, resentBytes, storedType, writeMessage } from './compose.ts';
import type { Core, ResendJob } from './core.ts';
import { asideOut, headerOf, isAdmin, keepOutbound, numberedOut, processedText, seal } from './emit.ts';
import { fixTime } from './time.ts';

/** A message that the store held under a number of ours. */
export interface Stored {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/**
 * Sends a range of our messages again, or (`first`) for the first time on this connection. The store is read piece by
 * piece, so the range may be as long as it likes. While it runs, whatever else we say is committed and waits: the peer
 * gets all numbers in order. An answer to a TestRequest(1) waits too: what comes in its order is a sign of life, and QuickFIX takes nothing
 * else for one. A second request meanwhile is remembered, a third widens it.
 */
export function startResend(core: Core, from: number, to: number, first = false): void {
  if (core.resend !== undefined) {
    const next = core.resendNext;
    core.resendNext = { from: Math.min(from, next?.from ?? from), to: Math.max(to, next?.to ?? to) };
    return;
  }
  const last = first || core.unwritten === 0 ? to : Math.min(to, core.unwritten - 1);
  if (last < from) {
    writeWaiting(core);
    return;
  }
  if (first) core.unwritten = 0;
  core.resend = { job: ++core.serial, from, to: last, first, fillFrom: 0, next: from };
  seal(core);
  core.actions.push({ do: 'resend', job: core.resend.job, from, to: last });
}

/** What was committed while it could not be written goes out for the first time: never as PossDup, and never twice. */
export function writeWaiting(core: Core): void {
  if (core.unwritten > 0) startResend(core, core.unwritten, core.state.nextOut - 1, true);
}

/** Puts what the store brought on the wire: applications as PossDup, a GapFill for runs of everything else. */
export function resendStored(core: Core, at: Micros, job: number, messages: readonly Stored[]): void {
  const { resend } = core;
  if (resend === undefined || resend.job !== job) return;
  for (const { sequence, bytes } of messages) {
    if (sequence > resend.next && resend.fillFrom === 0) resend.fillFrom = resend.next;
    resend.next = sequence + 1;
    if (resend.first) writeFirst(core, at, resend, sequence, bytes);
    else writeAgain(core, at, resend, sequence, bytes);
  }
}

/** Ends a resend: the rest of its range is filled, and what waited meanwhile goes out. */
export function resendEnded(core: Core, at: Micros, job: number): void {
  const { resend, resendNext } = core;
  if (resend === undefined || resend.job !== job) return;
  if (resend.next <= resend.to && resend.fillFrom === 0) resend.fillFrom = resend.next;
  fillBefore(core, at, resend, resend.to + 1);
  core.resend = undefined;
  core.resendNext = undefined;
  if (resendNext !== undefined) startResend(core, resendNext.from, resendNext.to);
  else writeWaiting(core);
}

function writeAgain(core: Core, at: Micros, resend: ResendJob, sequence: number, bytes: Uint8Array): void {
  const type = storedType(bytes);
  if (isAdmin(type)) {
    if (resend.fillFrom === 0) resend.fillFrom = sequence;
    return;
  }
  fillBefore(core, at, resend, sequence);
  const again = resentBytes(bytes, fixTime(at, core.precision), processedText(core));
  keepOutbound(core, at, type, again, numberedOut(core, sequence));
  core.lastOut = at;
}

/** For the first time, and with the time of now: behind a long resend the time of their commit would be refused as too old. */
function writeFirst(core: Core, at: Micros, resend: ResendJob, sequence: number, bytes: Uint8Array): void {
  if (storedType(bytes) === 'A') {
    if (resend.fillFrom === 0) resend.fillFrom = sequence;
    return;
  }
  fillBefore(core, at, resend, sequence);
  seal(core);
  const now = delayedBytes(bytes, fixTime(at, core.precision), processedText(core));
  core.actions.push({ do: 'write', writes: [now] });
  core.lastOut = at;
}

/** One SequenceReset(4) with GapFillFlag(123)=Y for the run of numbers that ends before `next`. */
function fillBefore(core: Core, at: Micros, resend: ResendJob, next: number): void {
  const from = resend.fillFrom;
  resend.fillFrom = 0;
  if (from === 0) return;
  const time = fixTime(at, core.precision);
  const header = headerOf(core, at, from, [
    [43, 'Y'],
    [122, time],
  ]);
  const bytes = writeMessage(core.options.beginString, '4', header, [
    [36, String(next)],
    [123, 'Y'],
  ]);
  keepOutbound(core, at, '4', bytes, asideOut(core));
  core.lastOut = at;
}
