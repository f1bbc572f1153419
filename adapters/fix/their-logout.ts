import type { Micros } from '../../src/core/clock.ts';
import type { Core, Inbound } from './core.ts';
import { disconnect, keepAside, keepNumbered, sendNumbered } from './emit.ts';
import { keepAbove, openGap } from './gap.ts';
import { holdFor, lowIssue } from './reply.ts';

/**
 * Their Logout(5): answered; with a gap open, after it has filled, so that the day does not end with a hole; and behind what we still
 * have to say, because there are engines that count a Logout(5) whatever its number is, and never ask for the message below it
 * (QuickFIX 1.15.1, Session::nextLogout). Source: FIX 4.4, Volume 2, "Logout": the other side may fill gaps before it answers.
 */
export function readLogout(core: Core, inbound: Inbound, number: number): void {
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
  if (!low && !leaving && !hole && speaks(core) && core.options.logoutWaitsForGap) {
    core.logoutWaits = inbound.at;
    return;
  }
  if (number > nextIn) keepAside(core, inbound);
  if (leaving) disconnect(core, 'us', 'Logout(5) answered');
  else answerLogout(core, inbound.at);
  if (low) holdFor(core, lowIssue(core, number));
}

/** Answers a Logout(5) of theirs that waits, once nothing is missing on either side. */
export function settleLogout(core: Core, at: Micros): void {
  const open = core.phase === 'up' || core.phase === 'leaving';
  const whole = core.gap === undefined && core.state.nextIn > core.highest;
  if (core.logoutWaits > 0 && open && whole && !speaks(core)) answerLogout(core, at);
}

/**
 * A Logout(5) of theirs has waited for as long as it may. Where there is more to say than there was time for, nothing is answered: our
 * number would come before its turn.
 */
export function endLogout(core: Core, at: Micros): void {
  if (speaks(core)) disconnect(core, 'them', 'Logout(5) of theirs, and no time to say what was asked for');
  else answerLogout(core, at);
}

/** A resend runs, or what was committed waits for its turn on the wire. */
function speaks(core: Core): boolean {
  return core.resend !== undefined || core.unwritten > 0;
}

/** Says our Logout(5) to theirs, where it is not said yet, and hangs up. */
function answerLogout(core: Core, at: Micros): void {
  if (core.phase !== 'leaving') sendNumbered(core, at, '5', [], { urgent: true });
  disconnect(core, 'them', 'Logout(5) of theirs');
}
