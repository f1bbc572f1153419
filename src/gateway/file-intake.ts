import type { EntryDraft } from '../contract/entry.ts';
import type { Cut, Framer } from '../contract/frame.ts';
import type { Appended, Log } from '../contract/log.ts';
import type { FileInfo, FileSource } from '../contract/source.ts';
import { concatBytes, utf8Bytes } from '../core/bytes.ts';
import type { Clock } from '../core/clock.ts';
import { canonicalJson } from '../core/json.ts';
import type { Limits } from '../core/limits.ts';
import { type EntryMaking, entryOf, gatewayIssue, tellQuarantined } from './entry-making.ts';
import { type FilePosition, filePositionOf, positionJson, sameFile } from './file-position.ts';
import { count, type Meter } from './meter.ts';
import { type FeedSignal, feedEntry } from './signals.ts';
import type { Staging } from './staging.ts';

/** One commit of a file: small enough to be interrupted between two, large enough to be worth a sync. */
const batchEntriesMax = 512;
/** A held file above this is described in its entry and kept whole in the archive only. */
const heldBytesMax = 4 * 1024 * 1024;
/** Type of the entry of a file that is held as a whole. */
export const heldFileType = 'file';

export interface IntakePorts {
  readonly log: Log;
  readonly source: FileSource;
  readonly staging: Staging;
  readonly framer: Framer;
  readonly making: EntryMaking;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly limits: Limits;
}

export type IntakeOutcome = 'accepted' | 'duplicate' | 'restated' | 'unreadable' | 'tidied';

/**
 * Takes one whole file in: staged, announced, booked record by record, closed, archived. Each step is one commit or one
 * rename and can be repeated, so a crash anywhere is followed by the same log as no crash. Where the signal stops it,
 * the next call goes on.
 */
export async function takeFile(
  ports: IntakePorts,
  key: string,
  file: FileInfo,
  signal: AbortSignal,
): Promise<IntakeOutcome> {
  const position = filePositionOf(await ports.log.head(nameOf(ports)));
  if (position?.stage === 'closed' && sameFile(position, file)) {
    await putAway(ports, position);
    return 'tidied';
  }
  const sha256 = await ports.staging.take(ports.source, file, signal);
  const fresh: FilePosition = {
    key,
    name: file.name,
    size: file.size,
    modifiedAt: file.modifiedAt,
    sha256,
    stage: 'reading',
    next: 0,
    records: 0,
    quarantined: 0,
    skipped: 0,
  };
  const before = await earlier(ports, key);
  if (before === undefined) return bookFile(ports, await announce(ports, fresh), signal);
  if (before.sha256 !== sha256) return refuseRestated(ports, fresh, before.sha256);
  if (before.closed) return refuseDuplicate(ports, fresh);
  const resumed =
    position?.key === key && position.sha256 === sha256 ? { ...position, ...placeOf(file) } : fresh;
  return bookFile(ports, resumed, signal);
}

/** Goes on with the file that a crash or a stop left half booked, wherever the original is by now. */
export async function resumeFile(
  ports: IntakePorts,
  signal: AbortSignal,
): Promise<IntakeOutcome | undefined> {
  const position = filePositionOf(await ports.log.head(nameOf(ports)));
  if (position?.stage !== 'reading' || !(await ports.staging.has(position.sha256))) return undefined;
  return bookFile(ports, position, signal);
}

function nameOf({ making }: IntakePorts): string {
  return making.channel.name;
}

function placeOf({ name, size, modifiedAt }: FileInfo): Pick<FilePosition, 'name' | 'size' | 'modifiedAt'> {
  return { name, size, modifiedAt };
}

/** What the log knows of a key. */
async function earlier(
  { log, making }: IntakePorts,
  key: string,
): Promise<{ readonly sha256: string; readonly closed: boolean } | undefined> {
  const arrived = await log.find(making.channel.name, { scope: key, key: 'arrived' });
  if (arrived === undefined) return undefined;
  const told: unknown = JSON.parse(Buffer.from(arrived.bytes).toString('utf8'));
  const sha256 = typeof told === 'object' && told !== null && 'sha256' in told ? String(told.sha256) : '';
  const closed = await log.find(making.channel.name, { scope: key, key: 'closed' });
  return { sha256, closed: closed !== undefined };
}

async function announce(ports: IntakePorts, position: FilePosition): Promise<FilePosition> {
  const { name, sha256, size } = position;
  await tell(ports, position, 'arrived', { signal: 'feed.arrived', name, sha256, size });
  return position;
}

/** Commits a feed signal with the position after it. */
async function tell(
  ports: IntakePorts,
  position: FilePosition,
  what: string,
  signal: FeedSignal,
): Promise<void> {
  const origin = { scope: position.key, key: what };
  await commit(ports, [feedEntry(ports.making, origin, ports.clock.now(), signal)], position);
}

async function commit(
  ports: IntakePorts,
  batch: readonly EntryDraft[],
  position: FilePosition,
): Promise<readonly Appended[]> {
  const appended = await ports.log.append(nameOf(ports), batch, { position: positionJson(position) });
  count(ports.meter, batch, appended);
  return appended;
}

async function bookFile(ports: IntakePorts, from: FilePosition, signal: AbortSignal): Promise<IntakeOutcome> {
  const { framer, limits, staging } = ports;
  const state = framer.open(limits);
  const batch = new Batch(ports, from);
  for await (const piece of staging.read(from.sha256)) {
    for (const cut of state.feed(piece, false)) batch.add(cut);
    if (batch.full(limits)) await batch.commit();
    signal.throwIfAborted();
  }
  for (const cut of state.feed(new Uint8Array(), true)) batch.add(cut);
  await batch.commit();
  return closeFile(ports, batch.position);
}

async function closeFile(ports: IntakePorts, read: FilePosition): Promise<IntakeOutcome> {
  const { name, records, quarantined, skipped } = read;
  const closed: FilePosition = { ...read, stage: 'closed' };
  const unreadable = records === 0 && (quarantined > 0 || skipped > 0);
  if (unreadable) {
    const reason = 'holds no message of the standard that this channel reads';
    await tell(ports, closed, 'closed', { signal: 'feed.refused', name, code: 'FILE_UNREADABLE', reason });
    ports.meter.filesRefused++;
  } else {
    await tell(ports, closed, 'closed', { signal: 'feed.accepted', name, records, quarantined, skipped });
    ports.meter.filesAccepted++;
  }
  await putAway(ports, closed);
  return unreadable ? 'unreadable' : 'accepted';
}

/**
 * Archives the original, says so in the position, and only then lets go of our copy. A file that was put in the place of
 * the one that was read stays: it has not been read.
 */
async function putAway(ports: IntakePorts, position: FilePosition): Promise<void> {
  const there = (await ports.source.list()).find(({ name }) => name === position.name);
  if (there !== undefined && sameFile(position, there)) await ports.source.archive(position.name);
  const archived: FilePosition = { ...position, stage: 'archived' };
  await ports.log.append(nameOf(ports), [], { position: positionJson(archived) });
  await ports.staging.clear();
}

async function refuseDuplicate(ports: IntakePorts, again: FilePosition): Promise<IntakeOutcome> {
  const { name, modifiedAt } = again;
  const reason = 'the same file was booked before';
  const closed: FilePosition = { ...again, stage: 'closed' };
  const what = `duplicate-${modifiedAt}-${name}`;
  await tell(ports, closed, what, { signal: 'feed.refused', name, code: 'FILE_DUPLICATE', reason });
  ports.meter.filesRefused++;
  await putAway(ports, closed);
  return 'duplicate';
}

/** The held file and its refusal are one commit; the file's own bytes wait in the entry where they fit. */
async function refuseRestated(
  ports: IntakePorts,
  again: FilePosition,
  first: string,
): Promise<IntakeOutcome> {
  const { key, name, sha256, size, modifiedAt } = again;
  const { making, clock, staging } = ports;
  const text = `${name} came under the key of a file that is booked, with other bytes`;
  const description = utf8Bytes(canonicalJson({ fileKey: key, name, sha256, size, first }));
  const held: EntryDraft = {
    kind: 'quarantine',
    direction: 'in',
    origin: { scope: key, key: `restated-${sha256}` },
    receivedAt: clock.now(),
    bytes: size <= heldBytesMax ? await allOf(staging.read(sha256)) : description,
    digest: sha256,
    issues: [gatewayIssue('FILE_RESTATED', text)],
    type: heldFileType,
  };
  const origin = { scope: key, key: `refused-${sha256}-${modifiedAt}` };
  const signal: FeedSignal = { signal: 'feed.refused', name, code: 'FILE_RESTATED', reason: text };
  const closed: FilePosition = { ...again, stage: 'closed' };
  await commit(ports, [held, feedEntry(making, origin, clock.now(), signal)], closed);
  ports.meter.filesRefused++;
  await putAway(ports, closed);
  return 'restated';
}

async function allOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return concatBytes(all);
}

/** Cuts of one file on their way into the log. Cuts that an earlier run committed are counted past. */
class Batch {
  readonly #ports: IntakePorts;
  #position: FilePosition;
  #drafts: EntryDraft[] = [];
  #bytes = 0;
  #seen = 0;

  constructor(ports: IntakePorts, from: FilePosition) {
    this.#ports = ports;
    this.#position = from;
  }

  get position(): FilePosition {
    return this.#position;
  }

  add(cut: Cut): void {
    if (cut.kind === 'partial') return;
    if (this.#seen++ < this.#position.next) return;
    const position = { ...this.#position, next: this.#seen };
    if (cut.kind === 'garbage' && cut.why.severity !== 'error') {
      // Line ends, and lines of a log that hold no message: named by the framer, counted here, kept in the archive.
      this.#position = { ...position, skipped: position.skipped + 1 };
      return;
    }
    const draft = this.#draftOf(cut, this.#seen);
    this.#drafts.push(draft);
    this.#bytes += draft.bytes.length + (draft.events ?? []).reduce((sum, event) => sum + event.length, 0);
    const held = draft.kind === 'quarantine' ? 1 : 0;
    const record = cut.kind === 'frame' ? 1 : 0;
    this.#position = {
      ...position,
      records: position.records + record,
      quarantined: position.quarantined + held,
    };
  }

  full(limits: Limits): boolean {
    return this.#drafts.length >= batchEntriesMax || this.#bytes >= limits.blockBytesMax;
  }

  async commit(): Promise<void> {
    if (this.#drafts.length === 0) return;
    const drafts = this.#drafts;
    this.#drafts = [];
    this.#bytes = 0;
    const appended = await commit(this.#ports, drafts, this.#position);
    tellQuarantined(this.#ports.making, drafts, appended);
  }

  #draftOf(cut: Exclude<Cut, { readonly kind: 'partial' }>, ordinal: number): EntryDraft {
    const { making, clock } = this.#ports;
    const plain = {
      direction: 'in' as const,
      origin: { scope: this.#position.key, ordinal },
      receivedAt: clock.now(),
      bytes: cut.bytes,
      admin: false,
    };
    if (cut.kind === 'garbage') return entryOf(making, { kind: 'quarantine', ...plain, issues: [cut.why] });
    const context = cut.context === undefined ? {} : { context: cut.context };
    return entryOf(making, { kind: 'message', ...plain, ...context, issues: [] });
  }
}

/** The key of a file as the scope of its entries: without the one character that a scope may not hold. */
export function scopeOf(key: string): string {
  return key.replaceAll('%', '%25').replaceAll('=', '%3D');
}
