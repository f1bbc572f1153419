import type { CodecStamp } from '../contract/codec.ts';
import type { EntryKind } from '../contract/entry.ts';
import type { FrameContext } from '../contract/frame.ts';
import type { Origin } from '../contract/origin.ts';
import type { Issue } from '../core/issue.ts';
import { entryKinds, entryFlag as flag, type Stored } from './segment-writer.ts';
import { WireError, WireReader } from './wire.ts';

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
