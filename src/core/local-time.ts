import type { Micros } from './clock.ts';

/**
 * The instant at which it is a time of day (`HH:MM`) on a date in an IANA zone. A time that daylight saving skips is the
 * instant at which it would have been; of a time that comes twice, the first.
 */
export function instantOf(date: string, time: string, zone: string): Micros {
  const wall = Date.parse(`${date}T${time}:00Z`);
  // The offset is looked up on both sides of a change of the clocks; before it, it gives the earlier instant.
  const early = wall - offsetAt(wall - dayMs, zone);
  const late = wall - offsetAt(wall + dayMs, zone);
  const first = Math.min(early, late);
  const second = Math.max(early, late);
  const fits = [first, second].find((instant) => instant + offsetAt(instant, zone) === wall);
  return (fits ?? early) * 1000;
}

/**
 * The first instant at which the clocks of a zone show this time (`HH:MM` or `HH:MM:SS`) of a date, or a later one: where
 * they go forward over it, the moment of the change. It never runs backwards: of two times, the later one is never
 * earlier here, so that what is cut by it does not overlap.
 */
export function firstInstantOf(date: string, time: string, zone: string): Micros {
  const wall = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
  const before = wall - offsetAt(wall - dayMs, zone);
  const after = wall - offsetAt(wall + dayMs, zone);
  const found = [Math.min(before, after), Math.max(before, after)].find(
    (instant) => instant + offsetAt(instant, zone) === wall,
  );
  return (found ?? changeBetween(after, before, zone)) * 1000;
}

/** The moment within (from, to] from which on another offset holds, to the millisecond. */
function changeBetween(from: number, to: number, zone: string): number {
  const offset = offsetAt(to, zone);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, zone) === offset) high = middle;
    else low = middle;
  }
  return high;
}

/** `2026-11-10`, `17:00:00` and the minutes that the clocks of a zone are before UTC, at an instant. */
export function wallTimeOf(
  instant: Micros,
  zone: string,
): { readonly date: string; readonly time: string; readonly offsetMinutes: number } {
  const millis = Math.floor(instant / 1000);
  const at = partsAt(millis, zone);
  return {
    date: `${at.get('year')?.padStart(4, '0')}-${at.get('month')}-${at.get('day')}`,
    time: `${at.get('hour')}:${at.get('minute')}:${at.get('second')}`,
    offsetMinutes: offsetAt(millis, zone) / 60_000,
  };
}

/** `06:30` of an instant in a zone. */
export function timeInZone(instant: Micros, zone: string): string {
  const parts = partsAt(Math.floor(instant / 1000), zone);
  return `${parts.get('hour')}:${parts.get('minute')}`;
}

const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that the clocks of a zone are before UTC at an instant. */
function offsetAt(instant: number, zone: string): number {
  const at = partsAt(instant, zone);
  const year = (at.get('year') ?? '').padStart(4, '0');
  const wall = `${year}-${at.get('month')}-${at.get('day')}T${at.get('hour')}:${at.get('minute')}:${at.get('second')}Z`;
  return Date.parse(wall) - Math.floor(instant / 1000) * 1000;
}

function partsAt(instant: number, zone: string): ReadonlyMap<string, string> {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  return new Map(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
}
