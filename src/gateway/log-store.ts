import assert from 'node:assert/strict';
import type { Codec } from '../contract/codec.ts';
import type { Entry, EntryDraft } from '../contract/entry.ts';
import type { Appended, AppendOptions, Log } from '../contract/log.ts';
import { originText } from '../contract/origin.ts';
import type { SessionFrame, SessionState, SessionStore } from '../contract/session.ts';
import { concatBytes } from '../core/bytes.ts';
import type { Micros } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import type { Issue } from '../core/issue.ts';
import type { ChannelConfiguration } from './configuration.ts';
import { type EntryMaking, entryOf, type HeldDraft, tellConflict, tellHeld } from './entry-making.ts';
import { gatewayIssues } from './issues.ts';
import { type Meter, openMeter } from './meter.ts';
import { type SessionPlace, type SessionPosition, solePlace } from './session-places.ts';
import { sessionEntry } from './signals.ts';

/** What the entries of a session are made with. */
export interface LogStoreOptions {
  readonly log: Log;
  readonly channel: ChannelConfiguration;
  readonly codec: Codec;
  readonly tenant: string;
  readonly meter?: Meter;
  /** Where the session's numbers stand, where its channel has several. */
  readonly place?: SessionPlace;
  /** Told of what a person should see: a codec that threw, a conflict, something in quarantine. */
  readonly alarm?: (issue: Issue, origin: string, cause: unknown) => void;
}

/** A session's memory over the log: entries, their events and the sequence numbers in one commit. */
export function logStore(options: LogStoreOptions): SessionStore {
  return new LogStore(options);
}

class LogStore implements SessionStore {
  readonly #log: Log;
  readonly #name: string;
  readonly #making: EntryMaking;
  readonly #meter: Meter;
  readonly #place: SessionPlace;
  #position: SessionPosition | undefined;

  constructor({
    log,
    channel,
    codec,
    tenant,
    meter = openMeter(),
    alarm = () => undefined,
    place = solePlace(),
  }: LogStoreOptions) {
    this.#log = log;
    this.#name = channel.name;
    this.#making = { channel, codec, tenant, alarm };
    this.#meter = meter;
    this.#place = place;
  }

  async load(): Promise<SessionState> {
    this.#position = this.#place.take(await this.#log.head(this.#name));
    const { out: _, ...state } = this.#position;
    return state;
  }

  /**
   * Nothing is awaited before the log has the batch: so calls commit in the order in which they were made. After one has
   * failed, all fail until `load` (`GATEWAY_STORE_FAILED`): a later state would count frames as received that are lost.
   */
  append(frames: readonly SessionFrame[], state: SessionState): Promise<void> {
    const { failed, generation } = this.#place;
    if (failed) return Promise.reject(storeFailed(this.#name));
    let batch: readonly EntryDraft[];
    try {
      batch = this.#batchOf(frames);
    } catch (cause) {
      return Promise.reject(cause);
    }
    // What is kept until the answer is kept for a while: a busy session has thousands of frames on their way.
    const noted = noteOf(batch);
    return this.#log.append(this.#name, batch, this.#advance(frames, state)).then(
      (appended) => this.#tell(noted, appended),
      (cause: unknown) => {
        this.#place.fail(generation);
        throw cause;
      },
    );
  }

  async *readOut(from: number, to: number): AsyncIterable<{ sequence: number; bytes: Uint8Array }> {
    const scope = this.#position?.out;
    if (scope === undefined) return;
    for (let sequence = from; sequence <= to; sequence++) {
      const entry = await this.#log.find(this.#name, { scope, ordinal: sequence }, 0);
      if (entry !== undefined) yield { sequence, bytes: await wholeBytes(this.#log, entry) };
    }
  }

  /** At once, not when the promise is looked at: the next call may already be on its way. */
  #batchOf(frames: readonly SessionFrame[]): readonly EntryDraft[] {
    try {
      return frames.map((frame) => this.#entryOf(frame));
    } catch (cause) {
      this.#place.fail(this.#place.generation);
      throw cause;
    }
  }

  #entryOf(frame: SessionFrame): EntryDraft {
    return frame.kind === 'signal' ? sessionEntry(this.#making, frame) : entryOf(this.#making, frame);
  }

  async #tell(noted: Noted, appended: readonly Appended[]): Promise<void> {
    countNoted(this.#meter, noted, appended);
    tellHeld(this.#making, noted.held, appended);
    for (const one of appended) {
      if (one.outcome !== 'conflict') continue;
      const there = await this.#log.get(one.first);
      tellConflict(this.#making, there === undefined ? '' : originText(there.origin));
    }
  }

  #advance(frames: readonly SessionFrame[], state: SessionState): AppendOptions {
    const before = this.#position;
    assert(before !== undefined, 'load comes first');
    const begins = state.epoch !== before.epoch;
    const sent = frames.find(({ direction, origin }) => direction === 'out' && 'ordinal' in origin);
    const out = sent?.origin.scope ?? (begins ? undefined : before.out);
    this.#position = { ...state, ...(out !== undefined && { out }) };
    return this.#place.advance(this.#position, begins);
  }
}

/** What is told of a batch when it is committed. */
interface Noted {
  /** When the last received message came, quarantined ones included. */
  readonly lastMessageAt: Micros | undefined;
  /** Drafts for quarantine, in their places; empty where there are none. */
  readonly held: readonly (HeldDraft | undefined)[];
}

/** A batch without its bytes and events, and without what is most of it: messages of which nothing is told. */
function noteOf(batch: readonly EntryDraft[]): Noted {
  let lastMessageAt: Micros | undefined;
  let isHeld = false;
  for (const { kind, direction, receivedAt } of batch) {
    if (kind === 'quarantine') isHeld = true;
    if (direction === 'in' && (kind === 'message' || kind === 'quarantine')) lastMessageAt = receivedAt;
  }
  return { lastMessageAt, held: isHeld ? batch.map((draft) => heldDraft(draft)) : [] };
}

function heldDraft({ kind, origin, issues = [] }: EntryDraft): HeldDraft | undefined {
  return kind === 'quarantine' ? { origin, issues } : undefined;
}

function countNoted(meter: Meter, { lastMessageAt, held }: Noted, appended: readonly Appended[]): void {
  for (let at = 0; at < appended.length; at++) {
    const outcome = appended[at]?.outcome;
    if (outcome === 'repeated') meter.repeats++;
    else meter.entries++;
    if (outcome === 'conflict') meter.conflicts++;
    if (outcome === 'appended' && held[at] !== undefined) meter.quarantined++;
  }
  if (lastMessageAt !== undefined) meter.lastMessageAt = lastMessageAt;
}

function storeFailed(channel: string): GatewayError {
  return new GatewayError('GATEWAY_STORE_FAILED', 'an earlier commit of the session failed', {
    place: channel,
    retryable: true,
    remedy: gatewayIssues.GATEWAY_STORE_FAILED.remedy,
  });
}

/** All bytes of an entry, wherever they stand. */
export async function wholeBytes(log: Log, entry: Entry): Promise<Uint8Array> {
  if (entry.storage === 'inline') return entry.bytes;
  const pieces: Uint8Array[] = [];
  for await (const piece of log.blob(entry)) pieces.push(piece);
  return concatBytes(pieces);
}
