import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { FixMessage } from './message.ts';
import volatile from './tables/volatile.json' with { type: 'json' };

const skipped = new Set<number>(volatile.map(([tag]) => Number(tag)));

/**
 * Hex SHA-256 of the fields that a redelivery of the same message may not change: all but those in
 * `tables/volatile.json`, in wire order, each with its separator.
 */
export function digestFix(message: FixMessage): string {
  const { wire, fieldCount } = message;
  const kept = Buffer.allocUnsafe(wire.length);
  let length = 0;
  let from = 0;
  for (let field = 0; field <= fieldCount; field++) {
    if (field < fieldCount && !skipped.has(message.tagAt(field))) continue;
    const to = field === 0 ? 0 : Math.min(wire.length, message.toAt(field - 1) + 1);
    if (to > from) {
      kept.set(wire.subarray(from, to), length);
      length += to - from;
    }
    from = field === fieldCount ? to : Math.min(wire.length, message.toAt(field) + 1);
  }
  return hash('sha256', kept.subarray(0, length));
}
