import { hash } from 'node:crypto';
import type { Log } from '../contract/log.ts';
import type { JsonValue } from '../core/json.ts';

/** What a file's name says by the channel's pattern. */
export interface NameParts {
  readonly key: string;
  /** `YYYY-MM-DD`, where the pattern has a group `date` and it holds one. */
  readonly date?: string;
}

/** Undefined where the pattern does not match, or matches nothing. */
export function namePartsOf(pattern: RegExp, name: string): NameParts | undefined {
  const match = pattern.exec(name);
  const key = match?.groups?.['key'] ?? match?.[1] ?? match?.[0];
  if (key === undefined || key === '') return undefined;
  const date = dateOf(match?.groups?.['date'] ?? '');
  return date === undefined ? { key } : { key, date };
}

/** `20261110`, `2026-11-10`, `261110`: the ways in which names write a date. */
function dateOf(text: string): string | undefined {
  const match = /^(\d\d|\d{4})[-_.]?(\d\d)[-_.]?(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [, year = '', month, day] = match;
  const date = `${year.length === 2 ? `20${year}` : year}-${month}-${day}`;
  const time = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(date) ? undefined : date;
}

const scopeCharsMax = 200;

/**
 * The key of a file as the scope of its entries. What a scope may not hold, or nobody could read, is written as `%` and
 * hex digits; what is too long is cut, with a hash of it all. So no scope of a file begins with `%` and a small letter.
 */
export function scopeOf(key: string): string {
  const plain = key.replace(/[%=\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/gu, hexed);
  if (plain.length <= scopeCharsMax) return plain;
  return `${plain.slice(0, scopeCharsMax)}%~${hash('sha256', key, 'hex').slice(0, 16)}`;
}

function hexed(char: string): string {
  const digits = char.charCodeAt(0).toString(16).toUpperCase();
  return `%${digits.padStart(digits.length > 2 ? 4 : 2, '0')}`;
}

/** One file under a key: the first, or one that superseded the one before. */
export interface EarlierFile {
  readonly generation: number;
  readonly sha256: string;
  readonly closed: boolean;
  /** Cuts of its framer, as far as they are told: no record of it has a higher ordinal. */
  readonly cuts: number;
}

/** Every file that was booked under a key, in order. */
export async function earlierFiles(log: Log, channel: string, key: string): Promise<readonly EarlierFile[]> {
  const files: EarlierFile[] = [];
  for (let generation = 1; ; generation++) {
    const arrived = await log.find(channel, { scope: key, key: signalKey('arrived', generation) });
    if (arrived === undefined) return files;
    const closed = await log.find(channel, { scope: key, key: signalKey('closed', generation) });
    files.push({
      generation,
      sha256: String(toldBy(arrived.bytes)['sha256'] ?? ''),
      closed: closed !== undefined,
      cuts: closed === undefined ? 0 : cutsOf(toldBy(closed.bytes)),
    });
  }
}

/** `arrived` for the first file under a key, `arrived-2` for the one that superseded it. */
export function signalKey(what: 'arrived' | 'closed', generation: number): string {
  return generation === 1 ? what : `${what}-${generation}`;
}

/** What a signal's bytes say. */
export function toldBy(bytes: Uint8Array): { readonly [key: string]: JsonValue | undefined } {
  const told: JsonValue = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return typeof told === 'object' && told !== null && !Array.isArray(told)
    ? Object.fromEntries(Object.entries(told))
    : {};
}

/** Each cut is counted in one of these at least. */
function cutsOf(told: ReturnType<typeof toldBy>): number {
  const { cuts, records, quarantined, skipped } = told;
  if (typeof cuts === 'number') return cuts;
  return [records, quarantined, skipped].reduce<number>(
    (sum, one) => sum + (typeof one === 'number' ? one : 0),
    0,
  );
}
