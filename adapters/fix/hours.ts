import type { SessionWindow } from '../../src/contract/session.ts';
import type { Micros } from '../../src/core/clock.ts';
import type { Core } from './core.ts';

/**
 * How far the clocks of both sides may be apart at the beginning and the end of a session: what looks like a lost
 * numbering there is one side being early, and no reason to wait for a person.
 */
const borderMicros = 60e6;

/** What Logout(5) says where the session may not run. */
export const closedText = 'outside of the hours of the session';

/** True where the session may run now, and its numbers are those of the session of now. */
export function isCurrent({ hours, state }: Pick<Core, 'hours' | 'state'>, at: Micros): boolean {
  if (hours === undefined) return true;
  const window = hours.at(at);
  return window !== undefined && !isOlder(state.since, window);
}

/** True near the beginning or the end of a session, and between two of them. */
export function isNearBorder({ hours }: Pick<Core, 'hours'>, at: Micros): boolean {
  if (hours === undefined) return false;
  const window = hours.at(at);
  return window === undefined || at - window.from < borderMicros || window.to - at < borderMicros;
}

/** True for numbers that began before a session did. */
export function isOlder(since: Micros | undefined, { from }: SessionWindow): boolean {
  return since !== undefined && since < from;
}
