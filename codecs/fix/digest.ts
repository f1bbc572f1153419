import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { FixMessage, FixParts } from './message.ts';
import { keepNote, noteOf } from './shape-notes.ts';
import volatile from './tables/volatile.json' with { type: 'json' };
import { tokenStride } from './tokens.ts';

/** By tag: 1 for the fields that a redelivery may change. */
const skipped = new Uint8Array(Math.max(...volatile.map(([tag]) => Number(tag))) + 1);
for (const [tag] of volatile) skipped[Number(tag)] = 1;

/** What is hashed is put together here: it is needed until the hash is made, and no longer. */
let kept = Buffer.alloc(64 * 1024);
/** Up to so many bytes are copied one by one: the call that copies them takes as long. */
const fewBytes = 64;
/** The key of the note on a shape. */
const noteKey = -1;

/**
 * Hex SHA-256 of the fields that a redelivery of the same message may not change: all but those in
 * `tables/volatile.json`, in wire order, each with its separator.
 */
export function digestFix({ flat }: FixMessage): string {
  if (flat.wire.length > kept.length) kept = Buffer.alloc(flat.wire.length);
  const note = noteOf(flat, noteKey);
  let length = 0;
  if (note > 0) length = withoutFields(flat, flat.entries, note + 1, flat.entries[note] as number);
  else {
    const fields = skippedIn(flat);
    keepNote(flat, noteKey, () => fields);
    length = withoutFields(flat, fields, 0, fields.length);
  }
  return hash('sha256', new Uint8Array(kept.buffer, kept.byteOffset, length));
}

/** The numbers of the fields that are not hashed. */
function skippedIn({ index, fieldCount }: FixParts): readonly number[] {
  const fields: number[] = [];
  for (let field = 0; field < fieldCount; field++) {
    const tag = index[field * tokenStride] as number;
    if (tag < skipped.length && skipped[tag] === 1) fields.push(field);
  }
  return fields;
}

/** Puts together what is left of a message without these fields, and gives its length. */
function withoutFields(
  { wire, index, fieldCount }: FixParts,
  fields: ArrayLike<number>,
  first: number,
  count: number,
): number {
  let length = 0;
  let from = 0;
  for (let next = first; next < first + count; next++) {
    const at = (fields[next] as number) * tokenStride;
    // A field begins behind the separator of the one before.
    const to = at === 0 ? 0 : Math.min(wire.length, (index[at - 1] as number) + 1);
    length = copied(wire, from, to, length);
    from = Math.min(wire.length, (index[at + 2] as number) + 1);
  }
  // Behind the last field there is at most its separator.
  const last = Math.min(wire.length, (index[fieldCount * tokenStride - 1] ?? 0) + 1);
  return copied(wire, from, last, length);
}

/** Puts a stretch of the message, which may be none, behind the `length` bytes that are there; gives their number then. */
function copied(wire: Buffer, from: number, to: number, length: number): number {
  if (to - from > fewBytes) return length + wire.copy(kept, length, from, to);
  let end = length;
  for (let at = from; at < to; at++) kept[end++] = wire[at] as number;
  return end;
}
