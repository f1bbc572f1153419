import type { Entry } from '../contract/entry.ts';
import type { ChannelHead } from '../contract/log.ts';
import type { Micros } from '../core/clock.ts';
import { canonicalJson } from '../core/json.ts';
import { sha256 } from './draft.ts';

/** One commit of one channel, as the memory engine keeps it. */
export interface MemoryBlock {
  readonly number: number;
  readonly channel: string;
  readonly previous: string;
  readonly head: ChannelHead;
  readonly committedAt: Micros;
  readonly entries: readonly Entry[];
  readonly repeats: readonly (readonly [offset: number, lastAt: Micros])[];
}

/** What the block and its place in the chain hash to: a plain model needs no compact encoding, only a whole one. */
export function chainOf(block: MemoryBlock): string {
  const hashed = block.entries.map((entry) => ({
    ...entry,
    bytes: sha256(entry.bytes),
    events: entry.events.map(sha256),
  }));
  const text = canonicalJson(JSON.parse(JSON.stringify({ ...block, entries: hashed })));
  return sha256(text);
}
