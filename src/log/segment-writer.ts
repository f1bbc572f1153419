import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import type { CodecStamp } from '../contract/codec.ts';
import type { EntryKind } from '../contract/entry.ts';
import type { FrameContext } from '../contract/frame.ts';
import type { Origin } from '../contract/origin.ts';
import type { Limits } from '../core/limits.ts';
import { type Prepared, sha256 } from './draft.ts';
import { WireWriter } from './wire.ts';

/** A draft that is a revision also knows the offset of what it voids, once the writer has found that. */
export type Stored = Prepared & { readonly voids?: number };

/** The entries of one block, without its place in the log: what the caller's thread makes for the writer. */
export interface Segment {
  readonly count: number;
  readonly meta: Uint8Array<ArrayBuffer>;
  /** The inline bytes of all entries, one behind the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes in front of `meta`, in the same memory, that nobody uses: the block's header finds its place there. */
  readonly front: number;
  /** What the index has to hold; absent where that is only known when the entries are judged one by one. */
  readonly plain?: PlainOrigins;
}

/** Origins of entries of which none is a revision, and whose numbers grow in each scope. */
export interface PlainOrigins {
  readonly ranges: readonly { readonly scope: string; readonly first: number; readonly last: number }[];
  readonly keys: readonly { readonly scope: string; readonly key: string; readonly index: number }[];
}

/** The order is part of the stored form: kinds are added at the end, never moved. */
export const entryKinds: readonly EntryKind[] = [
  'message',
  'quarantine',
  'conflict',
  'revision',
  'signal',
  'epoch',
  'audit',
  'command',
  'receipt',
];

/** Of an origin: `keyed`, `revision`; of a record: the others. */
export const entryFlag = {
  keyed: 1,
  revision: 2,
  out: 4,
  blob: 8,
  type: 16,
  codec: 32,
  context: 64,
  issues: 128,
  by: 256,
  reason: 512,
  revises: 1024,
} as const;

/** Room that a block leaves for its own header, beside its position. */
const headerBytes = 1024;
/** Room in front of the records for what is written when their number is known: names, origins and the block's header. */
const frontBytes = 160 * 1024;

/** What a part of a small segment begins with. */
const smallPartBytes = 2048;

/** Gives memory that was a segment's before, or new one: blocks follow each other, and fresh memory costs a fault a page. */
export interface SegmentMemory {
  take(sizeBytes: number): ArrayBuffer;
}

/** What one segment of these limits is written in: its bytes, and behind them its metadata. */
export function segmentMemoryBytes({ blockBytesMax }: Limits): number {
  return 2 * blockBytesMax + frontBytes;
}

/**
 * The drafts in as few segments as the limits allow, in their order. `reserved`: bytes of the block that are needed for
 * something else. One entry that alone is larger than a block has a segment of its own.
 */
export function encodeSegments(drafts: Iterable<Stored>, limits: Limits, reserved: number): Segment[] {
  const encoder = new SegmentEncoder(limits, undefined);
  for (const draft of drafts) encoder.add(draft, reserved);
  return encoder.finish();
}

/** A segment of no entries. */
export function emptySegment(limits: Limits): Segment {
  return new SegmentWriter(limits, undefined).finish();
}

/** Makes segments of drafts as they come: a draft need not be kept until its block is committed. */
export class SegmentEncoder {
  private readonly limits: Limits;
  private readonly memory: SegmentMemory | undefined;
  private readonly full: Segment[] = [];
  private open: SegmentWriter | undefined;

  /** `memory`: where large segments are written from the beginning; without it they grow. */
  constructor(limits: Limits, memory: SegmentMemory | undefined) {
    this.limits = limits;
    this.memory = memory;
  }

  add(draft: Stored, reserved: number): void {
    const { blockBytesMax } = this.limits;
    const room = Math.max(blockBytesMax - headerBytes - reserved, blockBytesMax / 8);
    this.open ??= new SegmentWriter(this.limits, this.memory);
    if (this.open.add(draft, room)) return;
    this.full.push(this.open.finish());
    this.open = new SegmentWriter(this.limits, this.memory);
    assert(this.open.add(draft, room));
  }

  finish(): Segment[] {
    if (this.open !== undefined) this.full.push(this.open.finish());
    this.open = undefined;
    return this.full;
  }
}

class SegmentWriter {
  private count = 0;
  private readonly limits: Limits;
  /** The one piece of memory of a large segment. */
  private readonly buffer: ArrayBuffer | undefined;
  private readonly names = new Map<string, number>();
  private readonly strings = new WireWriter(Buffer.from(new ArrayBuffer(256)));
  private readonly origins: WireWriter;
  private readonly records: WireWriter;
  private readonly inline: WireWriter;
  private readonly index = new PlainIndex();
  private scope = '';
  private scopeName = -1;
  private stamp: CodecStamp | undefined;
  private stampNames: readonly number[] = [];

  constructor(limits: Limits, memory: SegmentMemory | undefined) {
    const { blockBytesMax } = limits;
    this.limits = limits;
    const buffer = memory?.take(segmentMemoryBytes(limits));
    this.buffer = buffer;
    const part = (from: number): Buffer<ArrayBuffer> =>
      buffer === undefined
        ? Buffer.from(new ArrayBuffer(smallPartBytes))
        : Buffer.from(buffer, from, blockBytesMax);
    this.inline = new WireWriter(part(0));
    this.records = new WireWriter(part(blockBytesMax + frontBytes));
    this.origins = new WireWriter(Buffer.from(new ArrayBuffer(buffer === undefined ? 512 : 16_384)));
  }

  /** False when the entry does not fit any more; nothing of it is kept then, but names that nobody uses. */
  add(draft: Stored, room: number): boolean {
    const { origins, records, inline } = this;
    if (this.count === this.limits.blockEntriesMax) return false;
    const marks = [origins.length, records.length] as const;
    const blob = draft.bytes.length > this.limits.entryBytesInlineMax;
    this.origin(draft);
    this.record(draft, blob);
    const length = this.strings.length + origins.length + records.length + inline.length;
    if (this.count > 0 && length + (blob ? 0 : draft.bytes.length) > room) {
      origins.truncate(marks[0]);
      records.truncate(marks[1]);
      return false;
    }
    if (!blob) inline.raw(draft.bytes);
    this.index.add(draft, this.count);
    this.count += 1;
    return true;
  }

  finish(): Segment {
    const [strings, origins, records] = [this.strings.view(), this.origins.view(), this.records.view()];
    const head = new WireWriter(Buffer.from(new ArrayBuffer(64)));
    head.number(this.names.size);
    head.number(this.count);
    for (const part of [strings, origins, records]) head.number(part.length);
    const parts = [head.view(), strings, origins];
    const before = parts.reduce((sum, part) => sum + part.length, 0);
    const plain = this.index.found();
    const rest = { count: this.count, bytes: this.inline.view(), ...(plain && { plain }) };
    const { buffer } = this;
    // Records of a small segment, and those that outgrew their place, have nothing in front of them.
    const front = records.byteOffset - this.limits.blockBytesMax - before;
    if (buffer === undefined || records.buffer !== buffer || front < 0) {
      return { ...rest, meta: joined([...parts, records]), front: 0 };
    }
    const meta = new Uint8Array(buffer, records.byteOffset - before, before + records.length);
    fill(meta, parts);
    return { ...rest, meta, front };
  }

  private origin(draft: Stored): void {
    const { origins } = this;
    const { origin, kind } = draft;
    const keyed = 'key' in origin ? entryFlag.keyed : 0;
    const revision = kind === 'revision' ? entryFlag.revision : 0;
    origins.number(entryKinds.indexOf(kind));
    origins.number(keyed | revision);
    origins.number(this.nameOfScope(origin.scope));
    if ('key' in origin) origins.text(origin.key);
    else origins.number(origin.ordinal);
    origins.hex(draft.digest);
    if (revision === 0) return;
    origins.number(draft.revision);
    origins.offset(draft.voids ?? 0);
  }

  private record(draft: Stored, blob: boolean): void {
    const { records } = this;
    records.number(flagsOf(draft) | (blob ? entryFlag.blob : 0));
    records.number(draft.receivedAt);
    records.number(draft.bytes.length);
    if (blob) records.hex(sha256(draft.bytes));
    if (draft.type !== undefined) records.number(this.name(draft.type));
    if (draft.codec !== undefined) this.codec(draft.codec);
    if (draft.context !== undefined) this.context(draft.context);
    records.number(draft.events.length);
    for (const event of draft.events) records.bytes(event);
    if (draft.issues.length > 0) records.text(JSON.stringify(draft.issues));
    if (draft.by !== undefined) records.text(draft.by);
    if (draft.reason !== undefined) records.text(draft.reason);
  }

  /** Most drafts have the scope of the one before. */
  private nameOfScope(scope: string): number {
    if (scope === this.scope && this.scopeName >= 0) return this.scopeName;
    this.scope = scope;
    this.scopeName = this.name(scope);
    return this.scopeName;
  }

  /** And its stamp. */
  private codec(stamp: CodecStamp): void {
    if (stamp !== this.stamp) {
      const { id, version, fingerprint } = stamp;
      this.stampNames = [this.name(id), this.name(version), this.name(fingerprint)];
      this.stamp = stamp;
    }
    for (const name of this.stampNames) this.records.number(name);
  }

  private context(context: FrameContext): void {
    const members = Object.entries(context);
    this.records.number(members.length);
    for (const [member, value] of members) {
      this.records.number(this.name(member));
      this.records.text(value);
    }
  }

  private name(value: string): number {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const index = this.names.size;
    this.names.set(value, index);
    this.strings.text(value);
    return index;
  }
}

/** Collects the origins of a segment for as long as none of them has to be judged by itself. */
class PlainIndex {
  private plain = true;
  private readonly ranges: { readonly scope: string; readonly first: number; last: number }[] = [];
  private readonly newest = new Map<string, { last: number }>();
  private readonly keys: PlainOrigins['keys'][number][] = [];
  private scope = '';
  private range: { last: number } | undefined;

  add({ kind, origin }: { readonly kind: EntryKind; readonly origin: Origin }, index: number): void {
    if (kind === 'revision') this.plain = false;
    if (!this.plain) return;
    const { scope } = origin;
    if ('key' in origin) {
      this.keys.push({ scope, key: origin.key, index });
      return;
    }
    const { ordinal } = origin;
    const range = scope === this.scope ? this.range : this.newest.get(scope);
    if (range !== undefined && ordinal <= range.last) this.plain = false;
    else if (range !== undefined && ordinal === range.last + 1) range.last = ordinal;
    else this.begin(scope, ordinal);
  }

  found(): PlainOrigins | undefined {
    return this.plain ? { ranges: this.ranges, keys: this.keys } : undefined;
  }

  private begin(scope: string, ordinal: number): void {
    const range = { scope, first: ordinal, last: ordinal };
    this.ranges.push(range);
    this.newest.set(scope, range);
    this.scope = scope;
    this.range = range;
  }
}

function flagsOf(draft: Stored): number {
  let flags = 0;
  if (draft.direction === 'out') flags |= entryFlag.out;
  if (draft.type !== undefined) flags |= entryFlag.type;
  if (draft.codec !== undefined) flags |= entryFlag.codec;
  if (draft.context !== undefined) flags |= entryFlag.context;
  if (draft.issues.length > 0) flags |= entryFlag.issues;
  if (draft.by !== undefined) flags |= entryFlag.by;
  if (draft.reason !== undefined) flags |= entryFlag.reason;
  if (draft.revises !== undefined) flags |= entryFlag.revises;
  return flags;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  fill(whole, parts);
  return whole;
}

function fill(whole: Uint8Array, parts: readonly Uint8Array[]): void {
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
}
