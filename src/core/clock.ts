/**
 * Microseconds since 1970-01-01T00:00:00Z. A safe integer until the year 2255, so `number` holds it exactly.
 */
export type Micros = number;

/** Time is a parameter: rooms below the roof never read it from the system. */
export interface Clock {
  now(): Micros;
  /** Where the time comes from, where that is not the machine: whoever shows times says so. */
  readonly source?: string;
}

/** The machine's clock, in microseconds that never run backwards within one process. */
export function systemClock(): Clock {
  let last = 0;
  return {
    now() {
      const wall = Math.floor((performance.timeOrigin + performance.now()) * 1000);
      last = Math.max(last, wall);
      return last;
    },
  };
}

/** A clock that stands still until it is told to move: for tests and for replays from a seed. */
export function manualClock(start: Micros): Clock & { advance(micros: number): void } {
  let now = start;
  return {
    now: () => now,
    advance(micros) {
      now += micros;
    },
  };
}

/** `2026-11-10T14:30:00.123456Z`. */
export function isoOfMicros(micros: Micros): string {
  const second = Math.floor(micros / 1_000_000);
  if (second !== isoSecond) {
    isoHead = new Date(second * 1000).toISOString().slice(0, -4);
    isoSecond = second;
  }
  return `${isoHead}${String(micros - second * 1_000_000).padStart(6, '0')}Z`;
}

/** The second that was asked for last, and its text up to the point: messages come many to the second. */
let isoSecond = Number.NaN;
let isoHead = '';

/** The microseconds of what {@link isoOfMicros} wrote (fewer digits are accepted); undefined for anything else. */
export function microsOfIso(text: string): Micros | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/.exec(text);
  if (match === null) return undefined;
  const millis = Date.parse(`${match[1]}Z`);
  // The engine reads 30 February as 2 March and 24:00 as the next day: what does not come back was no instant.
  if (Number.isNaN(millis) || !new Date(millis).toISOString().startsWith(match[1] ?? '')) return undefined;
  return millis * 1000 + Number((match[2] ?? '').padEnd(6, '0'));
}
