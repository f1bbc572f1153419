import { hash } from 'node:crypto';
import type { Direction, Entry, EntryDraft } from '../contract/entry.ts';
import type { Frame, Framer } from '../contract/frame.ts';
import { type Origin, originText } from '../contract/origin.ts';
import { sameBytes } from '../core/bytes.ts';
import { isoOfMicros } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { harmless, type Issue } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { type Desk, makingOf, receivedOf, shownEvents } from './desk.ts';
import {
  codecFor,
  type EntryMaking,
  eventsOf,
  frameOf,
  type Meaning,
  meaningOf,
  type Received,
} from './entry-making.ts';
import { type FileDifference, fileDifference } from './file-difference.ts';
import { heldFileType } from './file-ports.ts';
import { fileRelease, whyNotReleased } from './file-release.ts';
import { gatewayIssues } from './issues.ts';
import { wholeBytes } from './log-store.ts';
import { auditEntry, named, type Person } from './person.ts';
import { waits } from './quarantine-index.ts';
import { revisionOf } from './revision.ts';
import { shownFrames } from './shown-bytes.ts';

/** One quarantined entry that nobody has decided about. Texts are masked. */
export interface QuarantinedEntry {
  readonly channel: string;
  /** What names it to every action. */
  readonly offset: number;
  readonly sequence: number;
  readonly origin: string;
  readonly direction: Direction;
  readonly receivedAt: string;
  readonly type?: string;
  readonly size: number;
  readonly issues: readonly Issue[];
  /** It was read as a message, or it is a whole file: it can be released as it is. */
  readonly readable: boolean;
}

export interface QuarantinedDetail extends QuarantinedEntry {
  /** The first 4,096 characters, control characters made visible, secrets and accounts masked. */
  readonly shown: string;
  /** All bytes, base64, up to 1 MiB, else empty. Not masked: for the person who repairs them. */
  readonly bytes: string;
  /** What a release would book by today's codec, personal data masked. */
  readonly events: readonly JsonValue[];
  readonly decided?: { readonly by?: string; readonly reason?: string };
  /** Of a held restatement that nobody has decided about, where all of it is kept. */
  readonly difference?: FileDifference;
}

export interface QuarantineSelection {
  readonly channel?: string;
  /** At most so many, the oldest first. Default 1000. */
  readonly limit?: number;
}

/** What a decision did. `repeated`: it had been taken before, and nothing was written. */
export interface Decision {
  readonly outcome: 'written' | 'repeated';
  readonly channel: string;
  readonly offset: number;
  readonly origin: string;
  readonly revision: number;
  readonly events: readonly JsonValue[];
  readonly issues: readonly Issue[];
  /** A whole file: its channel carries it out, at its next look or when the gateway runs again. */
  readonly later?: true;
}

const listMax = 1000;
const shownCharsMax = 4096;
/** A whole file is not made a text to show its beginning. */
const shownBytesMax = 16 * 1024;
const givenBytesMax = 1024 * 1024;

/** Quarantined entries that nobody has decided about, the oldest first. */
export async function listQuarantine(
  desk: Desk,
  { channel, limit = listMax }: QuarantineSelection = {},
): Promise<readonly QuarantinedEntry[]> {
  const offsets = await desk.index.offsets(channel);
  const entries = await Promise.all(offsets.slice(0, limit).map((offset) => desk.log.get(offset)));
  return entries.filter((entry) => entry !== undefined).map((entry) => quarantinedOf(desk, entry));
}

/** One of them, with its bytes. Throws `QUARANTINE_UNKNOWN`. */
export async function showQuarantined(desk: Desk, offset: number): Promise<QuarantinedDetail> {
  const { entry, newest } = await pick(desk, offset);
  const bytes = await wholeBytes(desk.log, entry);
  const making = makingOf(desk, entry.channel);
  const file = entry.type === heldFileType;
  const released = file ? undefined : readAnyhow(making, entry, bytes, 1);
  const frames = file ? framesOf(desk, making, bytes) : [frameOf({ ...entry, bytes })];
  const { by, reason } = newest;
  const difference = await differenceOf(desk, { entry, newest }, bytes);
  return {
    ...quarantinedOf(desk, entry),
    shown: shownFrames(codecFor(making, bytes), frames, desk.configuration.mask, shownCharsMax),
    bytes: bytes.length <= givenBytesMax ? Buffer.from(bytes).toString('base64') : '',
    events: shownEvents(released?.events ?? []),
    ...(newest.offset !== entry.offset && {
      decided: { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) },
    }),
    ...(difference !== undefined && { difference }),
  };
}

/** Once a release is carried out, the file would be compared with itself. */
async function differenceOf(
  desk: Desk,
  { entry, newest }: Picked,
  bytes: Uint8Array,
): Promise<FileDifference | undefined> {
  const restates = entry.issues.some(({ code }) => code === 'FILE_RESTATED');
  if (!restates || newest.offset !== entry.offset) return undefined;
  if (hash('sha256', bytes, 'hex') !== entry.digest) return undefined;
  const making = makingOf(desk, entry.channel);
  const { log, configuration } = desk;
  const ports = { log, making, framer: framerOf(desk, making), limits, mask: configuration.mask };
  return fileDifference(ports, entry, bytes);
}

/** The first pieces of a held file: nobody reads more of it on a screen. */
function framesOf(desk: Desk, making: EntryMaking, bytes: Uint8Array): readonly Frame[] {
  const cuts = framerOf(desk, making).open(limits).feed(bytes.subarray(0, shownBytesMax), true);
  return cuts.filter((cut) => cut.kind !== 'partial');
}

function framerOf({ wiring }: Desk, { channel, codec }: EntryMaking): Framer {
  return wiring.framers.get(channel.files?.framer ?? '') ?? codec.framer;
}

/**
 * Takes an entry as it stands, in spite of its issues. A held file is booked by its channel, at its next look at the place
 * or when the gateway runs again. Throws `QUARANTINE_UNREADABLE`.
 */
export async function releaseQuarantined(desk: Desk, offset: number, person: Person): Promise<Decision> {
  const { entry, newest } = await pick(desk, offset);
  if (entry.type === heldFileType) return releaseFile(desk, { entry, newest, person, action: 'release' });
  const making = makingOf(desk, entry.channel);
  const bytes = await wholeBytes(desk.log, entry);
  const revision = Math.max(1, newest.revision);
  const meaning = readAnyhow(making, entry, bytes, revision);
  if (meaning.message === undefined)
    throw quarantineError('QUARANTINE_UNREADABLE', offset, 'no message can be read');
  return decide(
    desk,
    { entry, newest, person, action: 'release' },
    revisionOf(making, entry, bytes, revision, meaning),
  );
}

async function releaseFile(desk: Desk, deciding: Deciding): Promise<Decision> {
  const { entry, newest } = deciding;
  const making = makingOf(desk, entry.channel);
  const framer = framerOf(desk, making);
  const why = await whyNotReleased({ log: desk.log, making, framer, limits }, entry);
  if (why !== undefined && newest.revision === 0)
    throw quarantineError('QUARANTINE_UNREADABLE', entry.offset, why);
  const { revision, order } = await fileRelease(desk.log, entry, Math.max(1, newest.revision));
  return { ...(await decide(desk, deciding, revision, order)), later: true };
}

/** Decides that an entry means nothing; its bytes stay. */
export async function discardQuarantined(desk: Desk, offset: number, person: Person): Promise<Decision> {
  const { entry, newest } = await pick(desk, offset);
  const bytes = await wholeBytes(desk.log, entry);
  const { direction, origin, receivedAt, digest, type } = entry;
  // Without the stamp of a codec, no replay brings it back.
  const draft: EntryDraft = {
    kind: 'revision',
    direction,
    origin,
    receivedAt,
    bytes,
    digest,
    revision: Math.max(1, newest.revision),
    revises: origin,
    ...(type !== undefined && { type }),
  };
  return decide(desk, { entry, newest, person, action: 'discard' }, draft);
}

/** Reads an entry by other bytes; the original stays. Throws `QUARANTINE_STILL_WRONG`. */
export async function repairQuarantined(
  desk: Desk,
  offset: number,
  bytes: Uint8Array,
  person: Person,
): Promise<Decision> {
  const { entry, newest } = await pick(desk, offset);
  if (entry.type === heldFileType)
    throw quarantineError('QUARANTINE_UNREADABLE', offset, 'it is a whole file');
  const making = makingOf(desk, entry.channel);
  const revision = Math.max(1, newest.revision);
  const { received, meaning } = readRepaired(making, entry, bytes, revision);
  if (meaning.message === undefined || !harmless(meaning.issues)) {
    const why = meaning.issues.map(({ code, message }) => `${code}: ${message}`).join('; ');
    throw quarantineError('QUARANTINE_STILL_WRONG', offset, desk.configuration.mask.text(why));
  }
  const draft = revisionOf(making, { ...entry, ...contextIn(received) }, bytes, revision, meaning);
  return decide(desk, { entry, newest, person, action: 'repair' }, draft);
}

/** What an entry means when its issues are overlooked; no message where none can be read. */
export function readAnyhow(making: EntryMaking, entry: Entry, bytes: Uint8Array, revision: number): Meaning {
  const received = receivedOf(entry, bytes);
  const meaning = meaningOf(making, received, revision);
  if (meaning.message === undefined || harmless(meaning.issues)) return meaning;
  try {
    return { ...meaning, events: eventsOf(making, received, meaning.message, revision) };
  } catch {
    const { message: _, ...rest } = meaning;
    return rest;
  }
}

/** A repair may leave out what stood around the message in its file, and with it what the context says of that. */
function readRepaired(
  making: EntryMaking,
  entry: Entry,
  bytes: Uint8Array,
  revision: number,
): { readonly received: Received; readonly meaning: Meaning } {
  const whole = receivedOf(entry, bytes);
  const meaning = meaningOf(making, whole, revision);
  if (harmless(meaning.issues) || whole.context === undefined) return { received: whole, meaning };
  const { context: _, ...received } = whole;
  return { received, meaning: meaningOf(making, received, revision) };
}

function contextIn(received: Received): Partial<Pick<Entry, 'context'>> {
  return received.context === undefined ? {} : { context: received.context };
}

interface Picked {
  readonly entry: Entry;
  /** The same entry while nobody has decided. */
  readonly newest: Entry;
}

async function pick(desk: Desk, offset: number): Promise<Picked> {
  const entry = await desk.log.get(offset);
  if (entry === undefined || !waits(entry.kind))
    throw quarantineError('QUARANTINE_UNKNOWN', offset, 'no quarantined entry stands here');
  return { entry, newest: (await desk.log.find(entry.channel, entry.origin)) ?? entry };
}

interface Deciding extends Picked {
  readonly person: Person;
  readonly action: 'release' | 'discard' | 'repair';
}

/** Writes the revision with its audit entry in one commit; a decision that stands already is told, not written. */
async function decide(desk: Desk, deciding: Deciding, draft: EntryDraft, order?: Origin): Promise<Decision> {
  const { entry, newest, action } = deciding;
  const person = named(deciding.person);
  const told = {
    channel: entry.channel,
    offset: entry.offset,
    origin: originText(entry.origin),
    revision: draft.revision ?? 1,
    events: shownEvents(draft.events ?? []),
    issues: draft.issues ?? [],
  };
  if (newest.revision > 0) {
    if (await sayTheSame(desk, newest, draft)) return { outcome: 'repeated', ...told };
    throw quarantineError('QUARANTINE_DECIDED', entry.offset, 'another decision stands');
  }
  const about = { offset: entry.offset, origin: told.origin, revision: told.revision };
  const audit = auditEntry(desk.clock, person, `quarantine.${action}`, about);
  const first = order === undefined ? audit : { ...audit, origin: order };
  await desk.log.append(entry.channel, [first, { ...draft, ...person }]);
  return { outcome: 'written', ...told };
}

async function sayTheSame(desk: Desk, newest: Entry, draft: EntryDraft): Promise<boolean> {
  const events = draft.events ?? [];
  const sameEvents =
    newest.events.length === events.length &&
    events.every((event, at) => sameBytes(event, newest.events[at] ?? new Uint8Array()));
  return sameEvents && sameBytes(await wholeBytes(desk.log, newest), draft.bytes);
}

function quarantinedOf({ configuration }: Desk, entry: Entry): QuarantinedEntry {
  const { channel, offset, sequence, origin, direction, receivedAt, type, size, issues } = entry;
  return {
    channel,
    offset,
    sequence,
    origin: originText(origin),
    direction,
    receivedAt: isoOfMicros(receivedAt),
    ...(type !== undefined && { type }),
    size,
    issues: issues.map((issue) => ({ ...issue, message: configuration.mask.text(issue.message) })),
    readable: type !== undefined,
  };
}

function quarantineError(
  code: Extract<keyof typeof gatewayIssues, `QUARANTINE_${string}`>,
  offset: number,
  message: string,
): GatewayError {
  return new GatewayError(code, message, {
    place: `offset ${offset}`,
    remedy: gatewayIssues[code].remedy,
    exitCode: 2,
  });
}
