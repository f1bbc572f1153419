import type { SessionStatus } from '../../src/contract/session.ts';
import { isoOfMicros, type Micros } from '../../src/core/clock.ts';
import type { Core } from './core.ts';

/** Where a session stands, for people. `committed` are the numbers that the log has. */
export function standingOf(
  core: Readonly<Core>,
  at: Micros,
  {
    connected,
    address,
    committed,
  }: { connected: boolean; address: string; committed: SessionStatus['state'] },
): SessionStatus {
  const { gap, hold, hours } = core;
  return {
    session: core.session,
    role: core.options.role,
    connected,
    loggedOn: core.loggedOn,
    state: committed,
    seenIn: core.state.nextIn,
    ...(gap !== undefined && { gap: { from: core.state.nextIn, to: gap.to } }),
    ...(hold !== undefined && { held: hold }),
    address,
    ...(hours !== undefined && { hours: hoursAt(hours, at) }),
  };
}

/** Whether a scheduled session may run at an instant, and until when that holds. */
export function hoursAt(hours: NonNullable<Core['hours']>, at: Micros): NonNullable<SessionStatus['hours']> {
  const window = hours.at(at);
  const until = window?.to ?? hours.next(at)?.from;
  return { open: window !== undefined, ...(until !== undefined && { until: isoOfMicros(until) }) };
}
