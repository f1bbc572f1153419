import type { SessionPorts, SessionSchedule } from '../../src/contract/session.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { FixSessionOptions } from './options.ts';
import { type ScheduleOptions, type WeekdayName, weekdayNames } from './options-schedule.ts';

/** When a session with these options runs; undefined for one that runs as long as its channel. */
export function scheduleOf({ schedule }: Pick<FixSessionOptions, 'schedule'>): SessionSchedule | undefined {
  if (schedule === undefined || schedule.nonStop) return undefined;
  const { zone, startTime, endTime, startDay, endDay, weekdays, holidays } = schedule;
  if (startTime === undefined || endTime === undefined) return undefined;
  return {
    zone,
    startTime,
    endTime,
    ...(startDay !== undefined && { startDay: dayNumber(startDay) }),
    ...(endDay !== undefined && { endDay: dayNumber(endDay) }),
    ...(weekdays !== undefined && { weekdays: weekdays.map(dayNumber) }),
    ...(holidays !== 'none' && { holidays }),
  };
}

/** A schedule without the windows of it would be no schedule: throws `FIX_OPTIONS`. */
export function requireHours(options: FixSessionOptions, { hours }: Pick<SessionPorts, 'hours'>): void {
  if (scheduleOf(options) === undefined || hours !== undefined) return;
  const message = 'schedule: whoever opens a session with a schedule has to give it its hours';
  throw new GatewayError('FIX_OPTIONS', message, { place: 'schedule', exitCode: 2 });
}

/** What in a schedule contradicts itself: the path of the option below `schedule`, and why. */
export function scheduleContradictions(
  schedule: ScheduleOptions,
): (readonly [option: string, why: string])[] {
  const { startTime, endTime, startDay, endDay, weekdays, nonStop, holidays } = schedule;
  const found: (readonly [string, string])[] = [];
  if (nonStop) {
    const given = { startTime, endTime, startDay, endDay, weekdays };
    for (const [option, value] of Object.entries(given))
      if (value !== undefined) found.push([option, 'a session without end has no times']);
    if (holidays !== 'none') found.push(['holidays', 'a session without end runs on holidays too']);
    return found;
  }
  if (startTime === undefined) found.push(['startTime', 'a schedule needs it, or nonStop']);
  if (endTime === undefined) found.push(['endTime', 'a schedule needs it, or nonStop']);
  if ((startDay === undefined) !== (endDay === undefined))
    found.push([startDay === undefined ? 'startDay' : 'endDay', 'a weekly session needs both days']);
  if (startDay !== undefined && weekdays !== undefined)
    found.push(['weekdays', 'a weekly session has startDay and endDay instead']);
  if (startDay !== undefined && holidays !== 'none')
    found.push(['holidays', 'a weekly session is not cut by holidays']);
  return found;
}

function dayNumber(name: WeekdayName): number {
  return weekdayNames.indexOf(name);
}
