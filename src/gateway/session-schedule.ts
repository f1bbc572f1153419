import { sessionHours } from '../calendar/index.ts';
import type { SessionHours, SessionSchedule } from '../contract/session.ts';
import type { ChannelConfiguration } from './configuration.ts';
import { builtIn, type Wiring } from './wiring.ts';

/** When the session of a channel runs, as it is configured; undefined where it has no schedule, or the channel no session. */
export function scheduleOfChannel(
  channel: ChannelConfiguration,
  wiring: Wiring = builtIn(),
): SessionSchedule | undefined {
  const adapter = wiring.adapters.get(channel.adapter);
  return adapter?.shape === 'session' ? adapter.schedule?.(channel.options()) : undefined;
}

/** The sessions of it: the calendar's work, which no adapter does by itself. */
export function hoursOfChannel(channel: ChannelConfiguration, wiring: Wiring): SessionHours | undefined {
  const schedule = scheduleOfChannel(channel, wiring);
  return schedule === undefined ? undefined : sessionHours(schedule);
}

/** True for a channel whose adapter is a session. */
export function isSession(channel: ChannelConfiguration, wiring: Wiring = builtIn()): boolean {
  return wiring.adapters.get(channel.adapter)?.shape === 'session';
}
