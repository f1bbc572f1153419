import type { Entry, EntryDraft } from '../contract/entry.ts';
import type { Frame, Framer } from '../contract/frame.ts';
import type { Log } from '../contract/log.ts';
import { sameBytes } from '../core/bytes.ts';
import type { Limits } from '../core/limits.ts';
import { decodeEvent } from '../events/index.ts';
import { codecFor, type EntryMaking, frameOf } from './entry-making.ts';
import { isCounted, recordDraft } from './file-booking.ts';
import { earlierFiles } from './file-identity.ts';
import { isWhole, type WholeCut } from './file-judging.ts';
import { digestOf, isEmpty } from './file-superseding.ts';
import { wholeBytes } from './log-store.ts';
import type { Mask } from './mask.ts';
import { shownFrames } from './shown-bytes.ts';

/** What a held restatement says otherwise than what is booked under its key. A record that only moved is no difference. */
export interface FileDifference {
  readonly added: Differing;
  readonly gone: Differing;
  readonly changed: Differing;
}

export interface Differing {
  readonly count: number;
  /** The first ten, in the order of their file. */
  readonly first: readonly DifferingRecord[];
}

/** A record that was added has only the restated text, one that is gone only the booked one. */
export interface DifferingRecord {
  readonly booked?: RecordText;
  readonly restated?: RecordText;
}

export interface RecordText {
  /** Its number in its file, from 1. */
  readonly record: number;
  /** The first 512 characters, control characters made visible, secrets and accounts masked. */
  readonly shown: string;
  /** The first 4,096 bytes, base64. Not masked. */
  readonly bytes: string;
}

export interface DifferencePorts {
  readonly log: Log;
  readonly making: EntryMaking;
  readonly framer: Framer;
  readonly limits: Limits;
  readonly mask: Mask;
}

/** Lookups between two pauses. */
const batchEntriesMax = 512;
const listedMax = 10;
const shownCharsMax = 512;
const givenBytesMax = 4096;

/**
 * Compares the records of a held file with those that stand under its key: by their digests, wherever in the file they
 * stand, and those that are left by their business keys, or where they have none by their types in order.
 */
export async function fileDifference(
  ports: DifferencePorts,
  held: Entry,
  bytes: Uint8Array,
): Promise<FileDifference> {
  const cuts = ports.framer.open(ports.limits).feed(bytes, true).filter(isWhole);
  const sides = withoutMoved(await differingIn(ports, held, cuts));
  const { changed, gone, added } = paired(sides);
  const booked = ({ record }: Side): Promise<RecordText> => bookedText(ports, held, record);
  const restated = ({ record }: Side): RecordText => restatedText(ports, cuts[record - 1], record);
  return {
    added: await listed(added, async (side) => ({ restated: restated(side) })),
    gone: await listed(gone, async (side) => ({ booked: await booked(side) })),
    changed: await listed(changed, async ([was, is]) => ({
      booked: await booked(was),
      restated: restated(is),
    })),
  };
}

/** One record, as far as it is compared. */
interface Side {
  readonly record: number;
  readonly digest: string;
  /** What it is about: a record that says something else about the same is a changed one. */
  readonly about: string;
}

interface Sides {
  readonly booked: readonly Side[];
  readonly restated: readonly Side[];
}

/** Both sides of every place in the file where they are not the same. */
async function differingIn(
  { log, making }: DifferencePorts,
  { channel, origin: { scope }, receivedAt }: Entry,
  cuts: readonly WholeCut[],
): Promise<Sides> {
  // Of what a codec throws on, the booking tells.
  const silent: EntryMaking = { ...making, alarm: () => undefined };
  const booked: Side[] = [];
  const restated: Side[] = [];
  const files = await earlierFiles(log, channel, scope);
  const last = files.reduce((most, file) => Math.max(most, file.cuts), cuts.length);
  let found = true;
  // Of a file that was booked in part nobody knows the end.
  for (let from = 1; from <= last || found; from += batchEntriesMax) {
    const records = Array.from({ length: batchEntriesMax }, (_, at) => from + at);
    const standing = await Promise.all(records.map((ordinal) => log.find(channel, { scope, ordinal })));
    found = standing.some((entry) => entry !== undefined);
    for (const [at, entry] of standing.entries()) {
      const record = from + at;
      const cut = cuts[record - 1];
      const counted = cut === undefined || !isCounted(cut) ? undefined : cut;
      if (entry !== undefined && counted !== undefined && standsAs(entry, counted)) continue;
      const draft = counted && recordDraft(silent, scope, record, receivedAt, counted);
      const was = entry === undefined || isEmpty(entry) ? undefined : sideOf(entry, record, entry.digest);
      const is = draft && sideOf(draft, record, digestOf(draft));
      if (was?.digest === is?.digest) continue;
      if (was !== undefined) booked.push(was);
      if (is !== undefined) restated.push(is);
    }
  }
  return { booked, restated };
}

/** Most records of a restated file are those of the booked one: their bytes say so without a look at what they mean. */
function standsAs({ storage, bytes }: Entry, cut: WholeCut): boolean {
  return storage === 'inline' && bytes.length > 0 && sameBytes(bytes, cut.bytes);
}

function sideOf({ events = [], type }: Entry | EntryDraft, record: number, digest: string): Side {
  const keys = events.map((bytes) => decodeEvent(bytes).businessKey);
  return { record, digest, about: keys.find((key) => key !== undefined) ?? `type ${type ?? ''}` };
}

/** Without the records that both sides have, in whatever place. */
function withoutMoved({ booked, restated }: Sides): Sides {
  const waiting = byText(booked, ({ digest }) => digest);
  const left = restated.filter(({ digest }) => waiting.get(digest)?.pop() === undefined);
  return { booked: inOrder(waiting), restated: left };
}

interface Paired {
  readonly changed: readonly (readonly [was: Side, is: Side])[];
  readonly gone: readonly Side[];
  readonly added: readonly Side[];
}

function paired({ booked, restated }: Sides): Paired {
  const waiting = byText(booked, ({ about }) => about);
  const changed: (readonly [Side, Side])[] = [];
  const added: Side[] = [];
  for (const is of restated) {
    const was = waiting.get(is.about)?.pop();
    if (was === undefined) added.push(is);
    else changed.push([was, is]);
  }
  return { changed, gone: inOrder(waiting), added };
}

/** Groups whose first side is taken by `pop`. */
function byText(sides: readonly Side[], textOf: (side: Side) => string): Map<string, Side[]> {
  return Map.groupBy(sides.toReversed(), textOf);
}

function inOrder(waiting: ReadonlyMap<string, readonly Side[]>): Side[] {
  return [...waiting.values()].flat().sort((left, right) => left.record - right.record);
}

async function listed<T>(
  all: readonly T[],
  textOf: (one: T) => Promise<DifferingRecord>,
): Promise<Differing> {
  return { count: all.length, first: await Promise.all(all.slice(0, listedMax).map(textOf)) };
}

async function bookedText(ports: DifferencePorts, held: Entry, record: number): Promise<RecordText> {
  const entry = await ports.log.find(held.channel, { scope: held.origin.scope, ordinal: record });
  const bytes = entry === undefined ? new Uint8Array() : await wholeBytes(ports.log, entry);
  return textOf(ports, frameOf({ ...entry, bytes }), record);
}

function restatedText(ports: DifferencePorts, cut: WholeCut | undefined, record: number): RecordText {
  return textOf(ports, cut ?? { bytes: new Uint8Array() }, record);
}

function textOf({ making, mask }: DifferencePorts, frame: Frame, record: number): RecordText {
  const { bytes } = frame;
  return {
    record,
    shown: shownFrames(codecFor(making, bytes), [frame], mask, shownCharsMax),
    bytes: Buffer.from(bytes.subarray(0, givenBytesMax)).toString('base64'),
  };
}
