import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Entry, EntryDraft } from '../contract/entry.ts';
import type { Frame, Framer } from '../contract/frame.ts';
import type { Log } from '../contract/log.ts';
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

/** Records between two pauses. */
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
  const placed = withoutShared(await differingIn(ports, held, cuts), ({ text }) => text);
  const sides = await meaningsOf(ports, held, cuts, placed);
  const { changed, gone, added } = paired(withoutShared(sides, ({ digest }) => digest));
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

/** What stands at one place of a file. */
interface Placed {
  readonly record: number;
  /** Hash of its bytes: most records of a restatement only moved, and need no look at what they mean. */
  readonly text: string;
}

/** One record, as far as it is compared. */
interface Side {
  readonly record: number;
  readonly digest: string;
  /** What it is about: a record that says something else about the same is a changed one. */
  readonly about: string;
}

interface Sides<T> {
  readonly booked: readonly T[];
  readonly restated: readonly T[];
}

/** Both sides of every place in the file where they have not the same bytes. */
async function differingIn(
  { log }: DifferencePorts,
  { channel, origin: { scope } }: Entry,
  cuts: readonly WholeCut[],
): Promise<Sides<Placed>> {
  const booked: Placed[] = [];
  const restated: Placed[] = [];
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
      const was = entry === undefined || isEmpty(entry) ? undefined : bookedHash(entry);
      const is = cut === undefined || !isCounted(cut) ? undefined : hash('sha256', cut.bytes, 'hex');
      if (was === is) continue;
      if (was !== undefined) booked.push({ record, text: was });
      if (is !== undefined) restated.push({ record, text: is });
    }
    await setImmediate();
  }
  return { booked, restated };
}

/** Where the bytes stand elsewhere, the digest has to do: it may be that of a message, and is compared again as such. */
function bookedHash({ storage, bytes, digest }: Entry): string {
  return storage === 'inline' ? hash('sha256', bytes, 'hex') : digest;
}

/** What the records that are left mean. */
async function meaningsOf(
  { log, making }: DifferencePorts,
  { channel, origin: { scope }, receivedAt }: Entry,
  cuts: readonly WholeCut[],
  { booked, restated }: Sides<Placed>,
): Promise<Sides<Side>> {
  // Of what a codec throws on, the booking tells.
  const silent: EntryMaking = { ...making, alarm: () => undefined };
  const were = await inBatches(booked, async ({ record }) => {
    const entry = await log.find(channel, { scope, ordinal: record });
    return entry === undefined ? [] : [sideOf(entry, record, entry.digest)];
  });
  const are = await inBatches(restated, async ({ record }) => {
    const cut = cuts[record - 1];
    if (cut === undefined) return [];
    const draft = recordDraft(silent, scope, record, receivedAt, cut);
    return [sideOf(draft, record, digestOf(draft))];
  });
  return { booked: were, restated: are };
}

/** A batch at a time, with a pause behind each: a running gateway has other things to do. */
async function inBatches<T, U>(all: readonly T[], use: (one: T) => Promise<readonly U[]>): Promise<U[]> {
  const found: U[] = [];
  for (let from = 0; from < all.length; from += batchEntriesMax) {
    const some = await Promise.all(all.slice(from, from + batchEntriesMax).map(use));
    for (const one of some.flat()) found.push(one);
    await setImmediate();
  }
  return found;
}

function sideOf({ events = [], type }: Entry | EntryDraft, record: number, digest: string): Side {
  const keys = events.map((bytes) => decodeEvent(bytes).businessKey);
  return { record, digest, about: keys.find((key) => key !== undefined) ?? `type ${type ?? ''}` };
}

/** Without what both sides have, in whatever place. */
function withoutShared<T extends { readonly record: number }>(
  { booked, restated }: Sides<T>,
  textOf: (one: T) => string,
): Sides<T> {
  const waiting = byText(booked, textOf);
  const left = restated.filter((one) => waiting.get(textOf(one))?.pop() === undefined);
  return { booked: inOrder(waiting), restated: left };
}

interface Paired {
  readonly changed: readonly (readonly [was: Side, is: Side])[];
  readonly gone: readonly Side[];
  readonly added: readonly Side[];
}

function paired({ booked, restated }: Sides<Side>): Paired {
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

/** Groups whose first one is taken by `pop`. */
function byText<T>(all: readonly T[], textOf: (one: T) => string): Map<string, T[]> {
  return Map.groupBy(all.toReversed(), textOf);
}

function inOrder<T extends { readonly record: number }>(waiting: ReadonlyMap<string, readonly T[]>): T[] {
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
