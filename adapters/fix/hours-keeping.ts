import type { SessionWindow } from '../../src/contract/session.ts';
import { isoOfMicros, type Micros } from '../../src/core/clock.ts';
import type { Core } from './core.ts';
import { disconnect } from './emit.ts';
import { beginEpoch } from './epoch.ts';
import { closedText, isOlder } from './hours.ts';
import { logout } from './reply.ts';

/**
 * Keeps to the schedule: logs out when the session is over or another one has begun, and begins the numbers of a session
 * anew, both sides at 1, once nobody is connected. Numbers of which nobody knows when they began are of the session of now:
 * a schedule that is new, or an older log, is no reason to lose what may still be asked for.
 *
 * Source: QuickFIX, "Configuring QuickFIX", StartTime: "sequence numbers … will be reset" when a new session begins; what
 * it does with a connection that outlasts its session is its `Session::next`: Logout(5), hang up, reset.
 */
export function keepHours(core: Core, at: Micros): void {
  const { hours } = core;
  if (hours === undefined) return;
  countFrom(core, at);
  const window = hours.at(at);
  const { since } = core.state;
  const over = window === undefined || isOlder(since, window);
  if (!over) return;
  if (core.phase === 'down' && window !== undefined) beginSession(core, at, window);
  if (core.phase === 'up') logout(core, at, closedText);
  if (core.phase === 'greeting' && core.options.role === 'initiator') disconnect(core, 'us', closedText);
}

/** Numbers that count since nobody knows when, count from now on: asked at each message too, which may come before time is told to pass. */
export function countFrom(core: Core, at: Micros): void {
  const { hours, state } = core;
  if (hours === undefined || state.since !== undefined || hours.at(at) === undefined) return;
  core.state = { ...state, since: at };
}

/** Both sides do this by themselves at the same time, so the next Logon(A) does not ask for it: that would lose what they sent since. */
function beginSession(core: Core, at: Micros, { from }: SessionWindow): void {
  core.hold = undefined;
  core.resetUnanswered = false;
  beginEpoch(core, at, `schedule: session from ${isoOfMicros(from)}`);
  core.unannounced = true;
}
