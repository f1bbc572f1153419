import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { FixMessage } from './message.ts';
import volatile from './tables/volatile.json' with { type: 'json' };

const skipped = new Set<number>(volatile.map(([tag]) => Number(tag)));

/**
 * Hex SHA-256 of the fields that a redelivery of the same message may not change: all but those in
 * `tables/volatile.json`. Fields count as `tag=value` with a separator, in wire order.
 */
export function digestFix(message: FixMessage): string {
  const kept = Buffer.allocUnsafe(message.wire.length + message.fieldCount * 12);
  let at = 0;
  for (let field = 0; field < message.fieldCount; field++) {
    const tag = message.tagAt(field);
    if (skipped.has(tag)) continue;
    at += kept.write(`${tag}=`, at);
    const value = message.bytesAt(field);
    kept.set(value, at);
    at += value.length;
    kept[at++] = 1;
  }
  return hash('sha256', kept.subarray(0, at));
}
