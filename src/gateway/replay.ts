import type { Entry, EntryDraft } from '../contract/entry.ts';
import { originText } from '../contract/origin.ts';
import { sameBytes } from '../core/bytes.ts';
import { GatewayError } from '../core/errors.ts';
import { harmless, type Issue } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';
import { channelOf, type Desk, makingOf, receivedOf, shownEvents } from './desk.ts';
import { type EntryMaking, type Meaning, meaningOf } from './entry-making.ts';
import { gatewayIssues } from './issues.ts';
import { wholeBytes } from './log-store.ts';
import { auditEntry, named, type Person } from './person.ts';
import { readAnyhow } from './quarantine.ts';
import { revisionOf } from './revision.ts';

export interface ReplayRequest {
  readonly channel?: string;
  /** Offsets, both ends in. */
  readonly from?: number;
  readonly to?: number;
  readonly quarantinedOnly?: boolean;
  readonly dryRun: boolean;
  /** Differences told in full; the others are counted. Default 100. */
  readonly limit?: number;
}

/** One entry that today's codec reads otherwise. */
export interface ReplayDifference {
  readonly channel: string;
  readonly offset: number;
  readonly origin: string;
  /** `fails`: understood then, not now; never committed. */
  readonly kind: 'changed' | 'understood' | 'fails';
  readonly added: readonly JsonValue[];
  readonly voided: readonly JsonValue[];
  readonly unchanged: number;
  readonly issues: readonly Issue[];
}

export interface ReplayReport {
  readonly dryRun: boolean;
  readonly read: number;
  readonly unchanged: number;
  readonly changed: number;
  readonly understood: number;
  readonly fails: number;
  /** Still not understood, or held for a reason that is not the codec's. */
  readonly stillHeld: number;
  readonly eventsAdded: number;
  readonly eventsVoided: number;
  /** Revisions written; 0 in a dry run. */
  readonly committed: number;
  readonly differences: readonly ReplayDifference[];
}

const differencesUsual = 100;
const batchEntriesMax = 256;

/**
 * Reads entries again with today's codec and configuration, and tells the difference in events. Commits revisions that
 * void the old events, unless it is a dry run. What reads as before gets no revision, so doing it twice is doing it
 * once. Nothing that a person decided is undone, and no message is given up because today's codec fails on it.
 */
export async function replay(desk: Desk, request: ReplayRequest, person: Person): Promise<ReplayReport> {
  const { channel, from = 0, to = Number.MAX_SAFE_INTEGER } = request;
  if (channel !== undefined) channelOf(desk.configuration, channel);
  if (from > to) throw rangeError(from, to);
  const run = new Replay(desk, request, named(person));
  const revised = await revisions(desk, channel, from);
  const selection = { from, to, ...(channel !== undefined && { channel }) };
  for await (const entry of desk.log.read(selection)) {
    if (!selected(desk, request, entry)) continue;
    const newest = revised.get(keyOf(entry));
    await run.take(entry, newest === undefined ? entry : ((await desk.log.get(newest)) ?? entry));
  }
  return run.finish();
}

function rangeError(from: number, to: number): GatewayError {
  return new GatewayError('REPLAY_RANGE', `from ${from} to ${to} is no range`, {
    remedy: gatewayIssues.REPLAY_RANGE.remedy,
    exitCode: 2,
  });
}

/** Offsets of the newest revisions, by what they revise. They come after it, so the range ends open. */
async function revisions(
  desk: Desk,
  channel: string | undefined,
  from: number,
): Promise<Map<string, number>> {
  const newest = new Map<string, number>();
  for await (const entry of desk.log.read({ from, ...(channel !== undefined && { channel }) })) {
    if (entry.kind === 'revision') newest.set(keyOf(entry), entry.offset);
  }
  return newest;
}

function keyOf(entry: Entry): string {
  return `${entry.channel}/${originText(entry.origin)}`;
}

/** What a codec was, or would have been, asked about. An administrative message was not, nor was what is no message at all. */
function selected(
  { configuration }: Desk,
  { quarantinedOnly = false }: ReplayRequest,
  entry: Entry,
): boolean {
  const kinds = quarantinedOnly ? ['quarantine'] : ['quarantine', 'message'];
  const asked = entry.codec !== undefined || entry.issues.some(({ code }) => code === 'MESSAGE_UNKNOWN_KIND');
  return kinds.includes(entry.kind) && asked && configuration.channels.has(entry.channel);
}

type Counts = { -readonly [K in Exclude<keyof ReplayReport, 'dryRun' | 'differences'>]: number };

class Replay {
  readonly #desk: Desk;
  readonly #request: ReplayRequest;
  readonly #person: Person;
  readonly #makings = new Map<string, EntryMaking>();
  readonly #waiting = new Map<string, EntryDraft[]>();
  readonly #differences: ReplayDifference[] = [];
  readonly #counts: Counts = {
    read: 0,
    unchanged: 0,
    changed: 0,
    understood: 0,
    fails: 0,
    stillHeld: 0,
    eventsAdded: 0,
    eventsVoided: 0,
    committed: 0,
  };

  constructor(desk: Desk, request: ReplayRequest, person: Person) {
    this.#desk = desk;
    this.#request = request;
    this.#person = person;
  }

  async take(entry: Entry, newest: Entry): Promise<void> {
    const counts = this.#counts;
    counts.read++;
    // A person discarded it: the revision has no stamp.
    if (newest.codec === undefined && newest.kind === 'revision') {
      counts.unchanged++;
      return;
    }
    const making = this.#makingOf(entry.channel);
    const held = newest.kind === 'quarantine';
    if (held && !heldByCodec(making, newest)) {
      counts.stillHeld++;
      return;
    }
    const bytes = await wholeBytes(this.#desk.log, newest);
    const now = readAgain(making, newest, bytes, newest.revision);
    if (!harmless(now.issues) && harmless(newest.issues)) this.#tell('fails', entry, newest, now);
    else if (!harmless(now.issues) && held) counts.stillHeld++;
    else if (!held && sameEvents(newest.events, now.events)) counts.unchanged++;
    else await this.#revise(making, entry, newest, bytes, now);
  }

  async finish(): Promise<ReplayReport> {
    for (const channel of this.#waiting.keys()) await this.#commit(channel);
    return { dryRun: this.#request.dryRun, ...this.#counts, differences: this.#differences };
  }

  async #revise(
    making: EntryMaking,
    entry: Entry,
    newest: Entry,
    bytes: Uint8Array,
    now: Meaning,
  ): Promise<void> {
    this.#tell(newest.kind === 'quarantine' ? 'understood' : 'changed', entry, newest, now);
    if (this.#request.dryRun) return;
    const revision = newest.revision + 1;
    const meaning = readAgain(making, newest, bytes, revision);
    const waiting = this.#waiting.get(entry.channel) ?? [];
    waiting.push({ ...revisionOf(making, newest, bytes, revision, meaning), ...this.#person });
    this.#waiting.set(entry.channel, waiting);
    if (waiting.length >= batchEntriesMax) await this.#commit(entry.channel);
  }

  async #commit(channel: string): Promise<void> {
    const drafts = this.#waiting.get(channel) ?? [];
    this.#waiting.set(channel, []);
    if (drafts.length === 0) return;
    const { clock, log } = this.#desk;
    const { dryRun: _, ...request } = this.#request;
    const audit = auditEntry(clock, this.#person, 'replay', { ...request, revisions: drafts.length });
    await log.append(channel, [audit, ...drafts]);
    this.#counts.committed += drafts.length;
  }

  #tell(kind: ReplayDifference['kind'], entry: Entry, newest: Entry, now: Meaning): void {
    const added = now.events.filter((event) => !holds(newest.events, event));
    const voided = newest.events.filter((event) => !holds(now.events, event));
    this.#counts[kind]++;
    if (kind !== 'fails') {
      this.#counts.eventsAdded += added.length;
      this.#counts.eventsVoided += voided.length;
    }
    if (this.#differences.length >= (this.#request.limit ?? differencesUsual)) return;
    const { mask } = this.#desk.configuration;
    this.#differences.push({
      channel: entry.channel,
      offset: entry.offset,
      origin: originText(entry.origin),
      kind,
      added: shownEvents(added),
      voided: shownEvents(voided),
      unchanged: newest.events.length - voided.length,
      issues: now.issues.map((issue) => ({ ...issue, message: mask.text(issue.message) })),
    });
  }

  #makingOf(channel: string): EntryMaking {
    const making = this.#makings.get(channel) ?? makingOf(this.#desk, channel);
    this.#makings.set(channel, making);
    return making;
  }
}

/** An entry that a person released is read as it was then: its issues overlooked. */
function readAgain(making: EntryMaking, newest: Entry, bytes: Uint8Array, revision: number): Meaning {
  const released = newest.kind === 'revision' && !harmless(newest.issues);
  if (released) return readAnyhow(making, newest, bytes, revision);
  return meaningOf(making, receivedOf(newest, bytes), revision);
}

/** Only what the codec objected to can be answered by the codec; a session's or a file's reason needs a person. */
function heldByCodec({ codec, codecs = [codec] }: EntryMaking, entry: Entry): boolean {
  const errors = entry.issues.filter(({ severity }) => severity === 'error');
  return errors.every(
    ({ code }) =>
      code === 'CODEC_THREW' ||
      code === 'MESSAGE_UNKNOWN_KIND' ||
      codecs.some(({ issues }) => Object.hasOwn(issues, code)),
  );
}

function sameEvents(left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean {
  return left.length === right.length && left.every((event) => holds(right, event));
}

function holds(events: readonly Uint8Array[], event: Uint8Array): boolean {
  return events.some((one) => sameBytes(one, event));
}
