import type { SessionHours, SessionSchedule, SessionWindow } from '../contract/session.ts';
import { isoOfMicros, type Micros } from '../core/clock.ts';
import { firstInstantOf, wallTimeOf } from '../core/local-time.ts';
import { dateInZone } from '../core/zone.ts';
import { type Calendar, settlementDays, tradingDays } from './calendar.ts';
import { addDays, weekdayOf } from './dates.ts';

/** What a schedule has on one local date: a session that begins, or the reason why none does. */
export interface SessionDay {
  readonly date: string;
  readonly window?: SessionWindow;
  readonly reason?: string;
  /** Minutes by which the clocks are moved within the session, or over its beginning: 60 where they go forward by an hour. */
  readonly clockMinutes?: number;
}

const calendars: Readonly<Record<'nyse' | 'dtc', Calendar>> = { nyse: tradingDays, dtc: settlementDays };
const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** Days that are looked through for the next session: a market that stays closed for longer is no market. */
const quietDaysMax = 400;

/**
 * The sessions of a schedule. A boundary is the first moment at which the clocks of the zone show its time, so that a
 * change of the clocks makes a session longer or shorter and never makes two overlap.
 */
export function sessionHours(schedule: SessionSchedule): SessionHours {
  const { zone } = schedule;
  let known: SessionWindow | undefined;
  /** Between two sessions: a session asks ten times a second. */
  let quiet: SessionWindow | undefined;
  return {
    zone,
    at(instant) {
      if (holds(known, instant)) return known;
      if (holds(quiet, instant)) return undefined;
      const today = localDate(instant, zone);
      const days = Array.from({ length: reachDays(schedule) + 1 }, (_, back) => addDays(today, -back));
      known = days.map((date) => sessionDay(schedule, date).window).find((window) => holds(window, instant));
      if (known === undefined)
        quiet = { from: instant, to: nextSession(schedule, instant)?.from ?? Number.POSITIVE_INFINITY };
      return known;
    },
    next: (instant) => nextSession(schedule, instant),
  };
}

function holds(window: SessionWindow | undefined, instant: Micros): boolean {
  return window !== undefined && instant >= window.from && instant < window.to;
}

function nextSession(schedule: SessionSchedule, instant: Micros): SessionWindow | undefined {
  let date = localDate(instant, schedule.zone);
  for (let left = quietDaysMax; left > 0; left--, date = addDays(date, 1)) {
    const { window } = sessionDay(schedule, date);
    if (window !== undefined && window.from > instant) return window;
  }
  return undefined;
}

/** What the schedule has on a local date. */
export function sessionDay(schedule: SessionSchedule, date: string): SessionDay {
  const why = notOn(schedule, date);
  if (why !== undefined) return { date, reason: why };
  const { zone, startTime, endTime } = schedule;
  const from = firstInstantOf(date, startTime, zone);
  const to = firstInstantOf(addDays(date, lengthDays(schedule)), endTime, zone);
  if (from >= to) return { date, reason: 'the clocks go forward over it' };
  const last = localDate(to - 1, zone);
  const closed = closedReason(schedule, last);
  if (closed !== undefined) return { date, reason: closed };
  const begins = wallTimeOf(from, zone);
  // A beginning that the clocks jump over is the moment of the jump: what the session loses is told all the same.
  const before = seconds(begins.time) === seconds(startTime) ? begins : wallTimeOf(from - 1, zone);
  const clockMinutes = wallTimeOf(to, zone).offsetMinutes - before.offsetMinutes;
  return { date, window: { from, to }, ...(clockMinutes !== 0 && { clockMinutes }) };
}

/** Weekdays decide at a session's beginning, holidays at its end: the evening before belongs to the day. */
function notOn({ startDay, weekdays }: SessionSchedule, date: string): string | undefined {
  const day = weekdayOf(date);
  if (startDay !== undefined) return day === startDay ? undefined : `begins on ${dayNames[startDay] ?? ''}`;
  if (weekdays === undefined || weekdays.includes(day)) return undefined;
  return `${dayNames[day] ?? ''} is not one of its weekdays`;
}

function closedReason({ holidays, startDay }: SessionSchedule, last: string): string | undefined {
  if (holidays === undefined || startDay !== undefined) return undefined;
  const reason = calendars[holidays].reason(last);
  return reason === undefined ? undefined : `${holidays} closed ${last}: ${reason}`;
}

/** Calendar days from the one on which a session begins to the one on which it ends. */
function lengthDays({ startTime, endTime, startDay, endDay }: SessionSchedule): number {
  const over = seconds(endTime) <= seconds(startTime);
  if (startDay === undefined || endDay === undefined) return over ? 1 : 0;
  const days = (endDay - startDay + 7) % 7;
  return days === 0 && over ? 7 : days;
}

/** How many dates back a session may have begun that runs on a date. A zone may skip one. */
function reachDays(schedule: SessionSchedule): number {
  return lengthDays(schedule) + 1;
}

function seconds(time: string): number {
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  return hour * 3600 + minute * 60 + second;
}

function localDate(instant: Micros, zone: string): string {
  return dateInZone(isoOfMicros(instant), zone);
}
