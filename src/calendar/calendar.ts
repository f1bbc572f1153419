import assert from 'node:assert/strict';
import type { Closing } from './closings.ts';
import { addDays, weekdayOf, yearOf } from './dates.ts';
import { bankHolidays, earlyCloses, exchangeClosings, exchangeHolidays } from './holidays.ts';

/** Which days count. All dates are `YYYY-MM-DD` in New York. */
export interface Calendar {
  readonly id: string;
  isOpen(date: string): boolean;
  /** The n-th open day after a date; with 0 the date itself, or the first open day after it. */
  next(date: string, n?: number): string;
  /** The n-th open day before a date; with 0 the date itself, or the first open day before it. */
  previous(date: string, n?: number): string;
  /** Why a day is not open; undefined for an open one. */
  reason(date: string): string | undefined;
  /** When an open day ends early, as `13:00` in New York. */
  earlyClose?(date: string): string | undefined;
}

/** The zone that the days and times of these calendars are in. */
export const calendarZone = 'America/New_York';

/** Days on which the NYSE trades. Source: see `exchangeHolidays`. */
export const tradingDays: Calendar = calendarOf('nyse', tradingReason, (date) =>
  tradingReason(date) === undefined && earlyCloses(yearOf(date)).has(date) ? '13:00' : undefined,
);

/**
 * Days on which a regular-way trade in equities settles at NSCC and DTC: the banks are open, and the exchanges are not
 * closed by their own holidays.
 *
 * - Columbus Day and Veterans Day trade and do not settle: two trade dates settle together on the next day. DTC itself
 *   is open for other services. Source: NASD Notices to Members 88-82, 95-77, 99-83.
 * - Good Friday does not settle, although banks are open and DTC runs with limited functions. Source: NASD Notice to
 *   Members 97-93 (trade dates 7 to 9 April 1998 settle 13 to 15 April, around Good Friday the 10th); CDS holiday
 *   schedules 2021 to 2023 for what DTC does on that day. The same holds for a Friday on which the exchanges keep a
 *   Saturday's holiday (Notice to Members 99-94: 24 December 1999).
 * - When the exchange closes without a rule (a day of mourning, a storm), what is due settles: DTC and NSCC stay open.
 *   Source: SIFMA, "Unscheduled close market matrix", 9 January 2025; ICBA's notice for 5 December 2018. Assumed for the
 *   other closings of the table.
 *
 * Compared with published schedules since 1988; before 1986 New York's bank holidays counted too, and are not known here.
 */
export const settlementDays: Calendar = calendarOf('dtc', settlementReason);

/** The same calendar with days that a user knows of: closings that no rule gives, and days that are open after all. */
export function withDays(
  calendar: Calendar,
  days: { readonly closed?: readonly Closing[]; readonly open?: readonly string[] },
): Calendar {
  const closed = new Map((days.closed ?? []).map(({ date, reason }) => [date, reason]));
  const open = new Set(days.open ?? []);
  const reason = (date: string): string | undefined =>
    open.has(date) ? undefined : (closed.get(date) ?? calendar.reason(date));
  const early = calendar.earlyClose;
  if (early === undefined) return calendarOf(calendar.id, reason);
  return calendarOf(calendar.id, reason, (date) => (reason(date) === undefined ? early(date) : undefined));
}

function weekendReason(date: string): string | undefined {
  const weekday = weekdayOf(date);
  if (weekday === 0) return 'Sunday';
  return weekday === 6 ? 'Saturday' : undefined;
}

function tradingReason(date: string): string | undefined {
  const year = yearOf(date);
  return weekendReason(date) ?? exchangeHolidays(year).get(date) ?? exchangeClosings(year).get(date);
}

function settlementReason(date: string): string | undefined {
  const year = yearOf(date);
  return weekendReason(date) ?? bankHolidays(year).get(date) ?? exchangeHolidays(year).get(date);
}

/** Longest run of closed days that is walked over. Reason: no market stayed closed for longer since 1914. */
const closedRunMax = 366;

function calendarOf(
  id: string,
  reason: (date: string) => string | undefined,
  earlyClose?: (date: string) => string | undefined,
): Calendar {
  const walk = (date: string, n: number, step: 1 | -1): string => {
    assert(Number.isInteger(n) && n >= 0, 'days are counted from 0');
    let at = n === 0 ? date : addDays(date, step);
    for (let left = Math.max(n, 1), run = 0; ; at = addDays(at, step)) {
      run = reason(at) === undefined ? 0 : run + 1;
      assert(run <= closedRunMax, `calendar ${id} is never open around ${date}`);
      if (run === 0) left -= 1;
      if (left === 0) return at;
    }
  };
  return {
    id,
    reason,
    isOpen: (date) => reason(date) === undefined,
    next: (date, n = 1) => walk(date, n, 1),
    previous: (date, n = 1) => walk(date, n, -1),
    ...(earlyClose !== undefined && { earlyClose }),
  };
}
