import assert from 'node:assert/strict';

/** Days are counted from 1970-01-01, in no zone: a calendar date is a date, and not a moment. */
const dayMs = 86_400_000;

const shape = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for `YYYY-MM-DD` of a day that there is: `2026-02-30` is none. */
export function isDate(text: string): boolean {
  return shape.test(text) && dateOf(Date.parse(`${text}T00:00:00Z`) / dayMs) === text;
}

/** The number of a day. The text is a date: whoever takes one from outside asks {@link isDate} first. */
export function dayOf(date: string): number {
  const day = Date.parse(`${date}T00:00:00Z`) / dayMs;
  assert(shape.test(date) && Number.isInteger(day), `${date} is no date`);
  return day;
}

export function dateOf(day: number): string | undefined {
  const milliseconds = day * dayMs;
  // The last days that a Date can hold, see ECMA-262, "Time Values and Time Range".
  if (!(Math.abs(milliseconds) <= 8.64e15)) return undefined;
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** The date so many calendar days later; earlier where the number is negative. */
export function addDays(date: string, days: number): string {
  const moved = dateOf(dayOf(date) + days);
  assert(moved !== undefined && shape.test(moved), `${date} and ${days} days leave the calendar`);
  return moved;
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOf(date: string): number {
  return (((dayOf(date) + 4) % 7) + 7) % 7;
}

export function yearOf(date: string): number {
  return Number(date.slice(0, 4));
}

export function dateAt(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The n-th of a weekday in a month (from 1), or with n = -1 the last one. */
export function nthWeekday(year: number, month: number, weekday: number, n: number): string {
  if (n > 0) {
    const first = dateAt(year, month, 1);
    return addDays(first, ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7);
  }
  const next = month === 12 ? dateAt(year + 1, 1, 1) : dateAt(year, month + 1, 1);
  const last = addDays(next, -1);
  return addDays(last, -((weekdayOf(last) - weekday + 7) % 7));
}

/**
 * Easter Sunday of a year in the Gregorian calendar.
 * Source: the anonymous algorithm as given by J. Meeus, "Astronomical Algorithms", chapter 8.
 */
export function easterOf(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * e + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return dateAt(year, Math.floor(sum / 31), (sum % 31) + 1);
}
