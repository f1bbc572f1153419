import type { Micros } from '../../src/core/clock.ts';

export type TimePrecision = 'seconds' | 'milliseconds' | 'microseconds';

/**
 * A UTCTimestamp: `20261121-09:30:00.123`.
 *
 * Source: FIX 4.4, Volume 1, "UTCTimestamp"; microseconds by FIX 5.0 SP2 EP161.
 */
export function fixTime(at: Micros, precision: TimePrecision): string {
  const millis = Math.floor(at / 1000);
  const iso = new Date(millis).toISOString();
  const second = `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}-${iso.slice(11, 19)}`;
  if (precision === 'seconds') return second;
  const milliseconds = `${second}${iso.slice(19, 23)}`;
  return precision === 'milliseconds'
    ? milliseconds
    : `${milliseconds}${String(at - millis * 1000).padStart(3, '0')}`;
}

const shape = /^(\d{4})(\d\d)(\d\d)-(\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?$/;

/** The microseconds of a UTCTimestamp, finer digits cut; undefined for anything else. A leap second counts as the next one. */
export function microsOfFixTime(text: string): Micros | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const read = new Date(date);
  if (read.getUTCMonth() + 1 !== Number(month) || read.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const ofDay = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return (date + ofDay * 1000) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}
