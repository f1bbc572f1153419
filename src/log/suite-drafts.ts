import type { EntryDraft } from '../contract/entry.ts';
import type { Log } from '../contract/log.ts';
import type { Origin } from '../contract/origin.ts';
import { GatewayError } from '../core/errors.ts';

/** Opens a log of nothing; the suite disposes of it. */
export type Fresh = () => Promise<Log>;

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
export const bytesOf = (value: string): Uint8Array => Buffer.from(value, 'latin1');

/** An inbound message under a number, with one event that says the same as its bytes. */
export function numbered(
  ordinal: number,
  body = `message ${ordinal}`,
  more: Partial<EntryDraft> = {},
): EntryDraft {
  return drafted({ scope: 'FIRM-OPS/1/in', ordinal }, body, more);
}

/** The same under a key. */
export function keyed(key: string, body = `message ${key}`, more: Partial<EntryDraft> = {}): EntryDraft {
  return drafted({ scope: 'queue', key }, body, more);
}

function drafted(origin: Origin, body: string, more: Partial<EntryDraft>): EntryDraft {
  const receivedAt = 1_700_000_000_000_000;
  const events = [bytesOf(`event of ${body}`)];
  return { kind: 'message', direction: 'in', origin, receivedAt, bytes: bytesOf(body), events, ...more };
}

/** Everything that an iterable gives. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** The code of the error that a promise ends with; undefined when it ends well. */
export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
}
