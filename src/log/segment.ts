import assert from 'node:assert/strict';
import type { CodecStamp } from '../contract/codec.ts';
import type { EntryKind } from '../contract/entry.ts';
import type { FrameContext } from '../contract/frame.ts';
import type { Origin } from '../contract/origin.ts';
import type { Issue } from '../core/issue.ts';
import type { Limits } from '../core/limits.ts';
import { type Prepared, sha256 } from './draft.ts';
import { WireError, WireReader, WireWriter } from './wire.ts';

/** A draft that is a revision also knows the offset of what it voids, once the writer has found that. */
export type Stored = Prepared & { readonly voids?: number };

/** The entries of one block, without its place in the log: what the caller's thread makes for the writer. */
export interface Segment {
  readonly count: number;
  readonly meta: Uint8Array<ArrayBuffer>;
  /** The inline bytes of all entries, one behind the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** An entry as a segment holds it; the bytes of a blob stand elsewhere. */
export interface SegmentEntry extends Stored {
  readonly size: number;
  /** SHA-256 of the bytes, where they are a blob. */
  readonly blob?: string;
}

/** What the writer has to know of each entry to find repeats and conflicts. */
export interface SegmentOrigin {
  readonly kind: EntryKind;
  readonly origin: Origin;
  readonly digest: string;
  readonly revision: number;
  readonly voids: number;
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

const flag = {
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

/**
 * The drafts in as few segments as the limits allow, in their order. `reserved`: bytes of the block that are needed for
 * something else. One entry that alone is larger than a block has a segment of its own.
 */
export function encodeSegments(drafts: readonly Stored[], limits: Limits, reserved: number): Segment[] {
  const room = Math.max(limits.blockBytesMax - headerBytes - reserved, limits.blockBytesMax / 8);
  const segments: Segment[] = [];
  let open = new SegmentWriter(limits);
  for (const draft of drafts) {
    if (open.add(draft, room)) continue;
    segments.push(open.finish());
    open = new SegmentWriter(limits);
    assert(open.add(draft, room));
  }
  if (open.count > 0) segments.push(open.finish());
  return segments;
}

/** A segment of no entries. */
export function emptySegment(limits: Limits): Segment {
  return new SegmentWriter(limits).finish();
}

class SegmentWriter {
  count = 0;
  private readonly limits: Limits;
  private readonly names = new Map<string, number>();
  private readonly strings = new WireWriter(512);
  private readonly origins = new WireWriter(4096);
  private readonly records = new WireWriter(16_384);
  private readonly inline: Uint8Array[] = [];
  private inlineBytes = 0;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** False when the entry does not fit any more; nothing of it is kept then, but names that nobody uses. */
  add(draft: Stored, room: number): boolean {
    if (this.count === this.limits.blockEntriesMax) return false;
    const marks = [this.origins.length, this.records.length] as const;
    const blob = draft.bytes.length > this.limits.entryBytesInlineMax;
    this.origin(draft);
    this.record(draft, blob);
    const length = this.strings.length + this.origins.length + this.records.length + this.inlineBytes;
    if (this.count > 0 && length + (blob ? 0 : draft.bytes.length) > room) {
      this.origins.truncate(marks[0]);
      this.records.truncate(marks[1]);
      return false;
    }
    if (!blob) {
      this.inline.push(draft.bytes);
      this.inlineBytes += draft.bytes.length;
    }
    this.count += 1;
    return true;
  }

  finish(): Segment {
    const parts = [this.strings.view(), this.origins.view(), this.records.view()];
    const head = new WireWriter(32);
    head.number(this.names.size);
    head.number(this.count);
    for (const part of parts) head.number(part.length);
    const meta = joined([head.view(), ...parts]);
    return { count: this.count, meta, bytes: joined(this.inline) };
  }

  private origin(draft: Stored): void {
    const { origins } = this;
    const { origin, kind } = draft;
    const keyed = 'key' in origin ? flag.keyed : 0;
    const revision = kind === 'revision' ? flag.revision : 0;
    origins.number(entryKinds.indexOf(kind));
    origins.number(keyed | revision);
    origins.number(this.name(origin.scope));
    if ('key' in origin) origins.text(origin.key);
    else origins.number(origin.ordinal);
    origins.hex(draft.digest);
    if (revision === 0) return;
    origins.number(draft.revision);
    origins.offset(draft.voids ?? 0);
  }

  private record(draft: Stored, blob: boolean): void {
    const { records } = this;
    records.number(flagsOf(draft) | (blob ? flag.blob : 0));
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

  private codec({ id, version, fingerprint }: CodecStamp): void {
    for (const value of [id, version, fingerprint]) this.records.number(this.name(value));
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

function flagsOf(draft: Stored): number {
  let flags = 0;
  if (draft.direction === 'out') flags |= flag.out;
  if (draft.type !== undefined) flags |= flag.type;
  if (draft.codec !== undefined) flags |= flag.codec;
  if (draft.context !== undefined) flags |= flag.context;
  if (draft.issues.length > 0) flags |= flag.issues;
  if (draft.by !== undefined) flags |= flag.by;
  if (draft.reason !== undefined) flags |= flag.reason;
  if (draft.revises !== undefined) flags |= flag.revises;
  return flags;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

interface Parts {
  readonly count: number;
  readonly names: readonly string[];
  readonly origins: WireReader;
  readonly records: WireReader;
}

function partsOf(meta: Uint8Array): Parts {
  const reader = new WireReader(meta);
  const nameCount = reader.number();
  const count = reader.number();
  const [stringBytes, originBytes, recordBytes] = [reader.number(), reader.number(), reader.number()];
  const strings = new WireReader(reader.raw(stringBytes));
  const origins = new WireReader(reader.raw(originBytes));
  const records = new WireReader(reader.raw(recordBytes));
  if (!reader.done) throw new WireError('bytes are left over');
  const names: string[] = [];
  while (names.length < nameCount) names.push(strings.text());
  if (!strings.done) throw new WireError('names are left over');
  return { count, names, origins, records };
}

/** The origins of a segment, without reading the rest of it. Throws {@link WireError}. */
export function readOrigins(meta: Uint8Array): SegmentOrigin[] {
  const { count, names, origins } = partsOf(meta);
  const found: SegmentOrigin[] = [];
  while (found.length < count) found.push(readOrigin(origins, names));
  if (!origins.done) throw new WireError('origins are left over');
  return found;
}

/**
 * The entries of a segment, over its inline bytes; without those (they have expired) with empty ones. Throws
 * {@link WireError}.
 */
export function readSegment(meta: Uint8Array, bytes: Uint8Array | undefined): SegmentEntry[] {
  const { count, names, origins, records } = partsOf(meta);
  const entries: SegmentEntry[] = [];
  let at = 0;
  while (entries.length < count) {
    const entry = readRecord(records, names, readOrigin(origins, names));
    const inline = entry.blob === undefined ? entry.size : 0;
    entries.push({ ...entry, bytes: bytes === undefined ? none : bytes.subarray(at, at + inline) });
    at += inline;
  }
  if (!origins.done || !records.done) throw new WireError('records are left over');
  if (bytes !== undefined && at !== bytes.length) throw new WireError('the sizes do not add up to the bytes');
  return entries;
}

const none = new Uint8Array();

function readOrigin(reader: WireReader, names: readonly string[]): SegmentOrigin {
  const kind = entryKinds[reader.number()];
  const flags = reader.number();
  if (kind === undefined || flags > 3) throw new WireError('an entry of an unknown kind');
  const scope = nameAt(names, reader);
  const origin =
    (flags & flag.keyed) === 0 ? { scope, ordinal: reader.number() } : { scope, key: reader.text() };
  const digest = reader.hex();
  const revised = (flags & flag.revision) !== 0;
  return {
    kind,
    origin,
    digest,
    revision: revised ? reader.number() : 0,
    voids: revised ? reader.offset() : 0,
  };
}

function readRecord(reader: WireReader, names: readonly string[], origin: SegmentOrigin): SegmentEntry {
  const flags = reader.number();
  const receivedAt = reader.number();
  const size = reader.number();
  const { voids, ...identity } = origin;
  return {
    ...identity,
    ...(identity.kind === 'revision' && { voids }),
    direction: flags & flag.out ? 'out' : 'in',
    receivedAt,
    size,
    ...(flags & flag.blob && { blob: reader.hex() }),
    ...(flags & flag.type && { type: nameAt(names, reader) }),
    ...(flags & flag.codec && { codec: readCodec(reader, names) }),
    ...(flags & flag.context && { context: readContext(reader, names) }),
    events: readEvents(reader),
    issues: flags & flag.issues ? readIssues(reader) : [],
    ...(flags & flag.by && { by: reader.text() }),
    ...(flags & flag.reason && { reason: reader.text() }),
    ...(flags & flag.revises && { revises: identity.origin }),
    bytes: none,
  };
}

function readCodec(reader: WireReader, names: readonly string[]): CodecStamp {
  return {
    id: nameAt(names, reader),
    version: nameAt(names, reader),
    fingerprint: nameAt(names, reader),
  };
}

function readContext(reader: WireReader, names: readonly string[]): FrameContext {
  const members: [string, string][] = [];
  const count = reader.number();
  while (members.length < count) members.push([nameAt(names, reader), reader.text()]);
  return Object.fromEntries(members);
}

function readEvents(reader: WireReader): Uint8Array[] {
  const count = reader.number();
  const events: Uint8Array[] = [];
  while (events.length < count) events.push(reader.bytes());
  return events;
}

function readIssues(reader: WireReader): Issue[] {
  const text = reader.text();
  try {
    const issues: Issue[] = JSON.parse(text);
    return issues;
  } catch {
    throw new WireError('issues that are no JSON');
  }
}

function nameAt(names: readonly string[], reader: WireReader): string {
  const name = names[reader.number()];
  if (name === undefined) throw new WireError('a name is missing');
  return name;
}
