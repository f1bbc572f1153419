import { Buffer } from 'node:buffer';
import type { Micros } from '../../src/core/clock.ts';

export type TimePrecision = 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds';

/**
 * A UTCTimestamp: `20261121-09:30:00.123`.
 *
 * Source: FIX 4.4, Volume 1, "UTCTimestamp"; finer ones by FIX 5.0 SP2 EP161.
 */
export function fixTime(at: Micros, precision: TimePrecision): string {
  const millis = Math.floor(at / 1000);
  const second = secondText(Math.floor(millis / 1000));
  if (precision === 'seconds') return second;
  const milliseconds = `${second}.${threeDigits(millis % 1000)}`;
  if (precision === 'milliseconds') return milliseconds;
  const microseconds = `${milliseconds}${threeDigits(at - millis * 1000)}`;
  // Our clock has no finer digits; the width is what the counterparty wants.
  return precision === 'microseconds' ? microseconds : `${microseconds}000`;
}

/** The last second that was written: a busy session writes the same one many times. */
const lastSecond = { at: -1, text: '' };

function secondText(at: number): string {
  if (at === lastSecond.at) return lastSecond.text;
  const iso = new Date(at * 1000).toISOString();
  const text = `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}-${iso.slice(11, 19)}`;
  Object.assign(lastSecond, { at, text });
  return text;
}

function threeDigits(value: number): string {
  return value > 99 ? String(value) : value > 9 ? `0${value}` : `00${value}`;
}

/** The last day that was read: a session reads the same one all day. */
const lastDay = { number: -1, millis: 0 };

/** The microseconds of a UTCTimestamp, finer digits cut; undefined for anything else. A leap second counts as the next one. */
export function microsOfFixTime(text: string): Micros | undefined {
  const bytes = Buffer.from(text, 'latin1');
  return microsIn(bytes, 0, bytes.length);
}

/** The same of a value where it stands: a session reads one of each message. */
export function microsIn(bytes: Uint8Array, from: number, to: number): Micros | undefined {
  const length = to - from;
  if (length < 17 || length === 18 || length > 30 || bytes[from + 8] !== dash) return undefined;
  if (bytes[from + 11] !== colon || bytes[from + 14] !== colon) return undefined;
  if (length > 17 && bytes[from + 17] !== point) return undefined;
  const hour = digits(bytes, from + 9, from + 11);
  const minute = digits(bytes, from + 12, from + 14);
  const second = digits(bytes, from + 15, from + 17);
  const fraction = length > 18 ? digits(bytes, from + 18, Math.min(to, from + 24)) : 0;
  if (length > 24 && digits(bytes, from + 24, to) < 0) return undefined;
  const day = dayOf(digits(bytes, from, from + 8));
  if (day === undefined || hour < 0 || minute < 0 || second < 0 || fraction < 0) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const scale = scales[length - 18] ?? 1;
  return (day + ((hour * 60 + minute) * 60 + second) * 1000) * 1000 + fraction * scale;
}

const dash = 0x2d;
const colon = 0x3a;
const point = 0x2e;
/** Microseconds of the last of so many fraction digits; of more than six, one. */
const scales = [0, 100_000, 10_000, 1000, 100, 10];

/** The milliseconds of a day that is written `20261121`; undefined where it is none of the calendar. */
function dayOf(number: number): number | undefined {
  if (number === lastDay.number) return lastDay.millis;
  if (number < 0) return undefined;
  const year = Math.floor(number / 10_000);
  const month = Math.floor(number / 100) % 100;
  const day = number % 100;
  const millis = Date.UTC(year, month - 1, day);
  const read = new Date(millis);
  if (read.getUTCMonth() + 1 !== month || read.getUTCDate() !== day) return undefined;
  Object.assign(lastDay, { number, millis });
  return millis;
}

/** The number that digits write; -1 where one of them is none. */
function digits(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = (value * 10 + digit) | 0;
  }
  return value;
}
