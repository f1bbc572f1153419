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
const lastDay = { text: '', millis: 0 };

/** The microseconds of a UTCTimestamp, finer digits cut; undefined for anything else. A leap second counts as the next one. */
export function microsOfFixTime(text: string): Micros | undefined {
  const { length } = text;
  if (length < 17 || length === 18 || length > 30 || text[8] !== '-') return undefined;
  if (text[11] !== ':' || text[14] !== ':' || (length > 17 && text[17] !== '.')) return undefined;
  const hour = digits(text, 9, 11);
  const minute = digits(text, 12, 14);
  const second = digits(text, 15, 17);
  const fraction = length > 18 ? digits(text, 18, Math.min(length, 24)) : 0;
  if (length > 24 && digits(text, 24, length) < 0) return undefined;
  const day = dayOf(text.slice(0, 8));
  if (day === undefined || hour < 0 || minute < 0 || second < 0 || fraction < 0) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const scale = length > 18 ? 10 ** Math.max(0, 24 - length) : 0;
  return (day + ((hour * 60 + minute) * 60 + second) * 1000) * 1000 + fraction * scale;
}

function dayOf(text: string): number | undefined {
  if (text === lastDay.text) return lastDay.millis;
  const year = digits(text, 0, 4);
  const month = digits(text, 4, 6);
  const day = digits(text, 6, 8);
  if (year < 0 || month < 0 || day < 0) return undefined;
  const millis = Date.UTC(year, month - 1, day);
  const read = new Date(millis);
  if (read.getUTCMonth() + 1 !== month || read.getUTCDate() !== day) return undefined;
  Object.assign(lastDay, { text, millis });
  return millis;
}

/** The number that digits write; -1 where one of them is none. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
