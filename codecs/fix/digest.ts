import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { FixMessage } from './message.ts';
import volatile from './tables/volatile.json' with { type: 'json' };
import { tokenStride } from './tokens.ts';

/** By tag: 1 for the fields that a redelivery may change. */
const skipped = new Uint8Array(Math.max(...volatile.map(([tag]) => Number(tag))) + 1);
for (const [tag] of volatile) skipped[Number(tag)] = 1;

/** What is hashed is put together here: it is needed until the hash is made, and no longer. */
let kept = Buffer.alloc(64 * 1024);
/** Up to so many bytes are copied one by one: the call that copies them takes as long. */
const fewBytes = 64;

/**
 * Hex SHA-256 of the fields that a redelivery of the same message may not change: all but those in
 * `tables/volatile.json`, in wire order, each with its separator.
 */
export function digestFix({ flat: { wire, index, fieldCount } }: FixMessage): string {
  const end = fieldCount * tokenStride;
  if (wire.length > kept.length) kept = Buffer.alloc(wire.length);
  let length = 0;
  let from = 0;
  for (let at = 0; at < end; at += tokenStride) {
    const tag = index[at] as number;
    if (tag >= skipped.length || skipped[tag] === 0) continue;
    // A field begins behind the separator of the one before.
    const to = at === 0 ? 0 : Math.min(wire.length, (index[at - 1] as number) + 1);
    length = copied(wire, from, to, length);
    from = Math.min(wire.length, (index[at + 2] as number) + 1);
  }
  // Behind the last field there is at most its separator.
  const last = Math.min(wire.length, (index[end - 1] ?? 0) + 1);
  length = copied(wire, from, last, length);
  return hash('sha256', new Uint8Array(kept.buffer, kept.byteOffset, length));
}

/** Puts a stretch of the message, which may be none, behind the `length` bytes that are there; gives their number then. */
function copied(wire: Buffer, from: number, to: number, length: number): number {
  if (to - from > fewBytes) return length + wire.copy(kept, length, from, to);
  let end = length;
  for (let at = from; at < to; at++) kept[end++] = wire[at] as number;
  return end;
}
