import type { Buffer } from 'node:buffer';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import { EventWriter } from '../../src/events/event-writer.ts';
import { LevelIndex } from './level-index.ts';
import type { FixLevel, FixMessage, FixParts } from './message.ts';
import tag from './tables/tags.json' with { type: 'json' };
import { reporterOf, tradeDateOf } from './terms.ts';
import { tokenStride } from './tokens.ts';
import { Envelope, OriginBytes, ReceivedBytes } from './transcode-envelope.ts';
import type { FactKeys } from './transcode-keys.ts';
import { isDate, putDate } from './transcode-values.ts';

/** A tag of a step or of the entry that it stands in: see `transcode-plan.ts`. */
export const entryMark = 0x1_0000;

/** What of a level its commission needs, found before the event is written: `computed` stands before the data. */
export interface Commission {
  /** The place of Commission(12) where it is an amount; -1 where there is none. */
  place: number;
  /** The amount where it was computed from a rate. */
  text: string | undefined;
}

/**
 * One message on its way into the bytes of its events: its fields by level, what its context gives, and what of it is
 * asked more than once. One is used for all messages, one after the other.
 */
export class Transcription {
  readonly writer = new EventWriter();
  wire: Uint8Array = new Uint8Array();
  index: Int32Array = new Int32Array();
  /** The message itself, and the entry whose event is written: a side, an account. Of a message without, the message. */
  readonly root = new LevelIndex();
  entry: LevelIndex = this.root;
  /** An entry inside of those: a party, a fee. */
  readonly leaf = new LevelIndex();
  /** An entry inside of that: a sub id. */
  readonly inner = new LevelIndex();
  readonly #part = new LevelIndex();
  readonly origin = new OriginBytes();
  readonly received = new ReceivedBytes();
  readonly commission: Commission = { place: -1, text: undefined };
  /** `YYYY-MM-DD` of the trade date, and whether there is one, and whether it was computed. */
  readonly date = new Uint8Array(10);
  dated = false;
  dateComputed = false;
  chargesComputed = false;
  /** The word of Side(54). */
  side: Buffer | undefined;
  /** The keys of the fact that is written, where it has any. */
  keys: FactKeys | undefined;
  #envelope: Envelope | undefined;
  #message: FixMessage | undefined;
  #reporterFrom: Uint8Array = new Uint8Array();

  load(message: FixMessage, context: NormalizeContext): void {
    const { flat } = message;
    this.#message = message;
    this.wire = flat.wire;
    this.index = flat.index;
    this.keys = undefined;
    this.side = undefined;
    this.chargesComputed = false;
    this.dateComputed = false;
    this.root.load(flat, 0);
    this.entry = this.root;
    this.#envelope = this.#envelopeOf(message, context);
    this.origin.load(context.origin);
    this.received.load(context.receivedAt);
  }

  get message(): FixMessage {
    if (this.#message === undefined) throw new TypeError('no message was loaded');
    return this.#message;
  }

  get envelope(): Envelope {
    if (this.#envelope === undefined) throw new TypeError('no message was loaded');
    return this.#envelope;
  }

  /** The place of the first of a step's fields that is there; -1 where none is. */
  find(sources: readonly number[]): number {
    for (let next = 0; next < sources.length; next++) {
      const place = this.at(sources[next] as number);
      if (place >= 0) return place;
    }
    return -1;
  }

  at(source: number): number {
    return source < entryMark ? this.root.at(source) : this.entry.at(source - entryMark);
  }

  from(place: number): number {
    return this.index[place + 1] as number;
  }

  to(place: number): number {
    return this.index[place + 2] as number;
  }

  textAt(place: number): string | undefined {
    return place < 0 ? undefined : (this.wire as Buffer).toString('latin1', this.from(place), this.to(place));
  }

  get flat(): FixParts {
    return this.message.flat;
  }

  /**
   * The number of the entry behind `after` in a repeating group of a level, by the tag of its count; -1 where there is none.
   * Before the first one is 0.
   */
  next(level: LevelIndex, count: number, after: number): number {
    const { entries } = this.flat.structure;
    const to = entries[level.entry]?.to ?? 0;
    for (let number = Math.max(after, level.entry) + 1; number < entries.length; number++) {
      const entry = entries[number];
      if (entry === undefined || entry.from >= to) return -1;
      if (entry.parent === level.entry && entry.count === count) return number;
    }
    return -1;
  }

  /** From here on, steps that say `entry` mean this one. */
  enter(entry: number): void {
    this.#part.load(this.flat, entry);
    this.entry = this.#part;
  }

  leave(): void {
    this.entry = this.root;
  }

  /** True where a tag stands anywhere in the message. */
  mentions(tag: number): boolean {
    const { index } = this;
    for (let place = 0; place < index.length; place += tokenStride) if (index[place] === tag) return true;
    return false;
  }

  /** A level as normalize reads one, for what is rare. */
  fieldsOf(level: LevelIndex): Pick<FixLevel, 'get'> {
    return { get: (field) => this.textAt(level.at(field)) };
  }

  /** What the entry says, and where it says nothing, what the message says. */
  terms(): Pick<FixLevel, 'get'> {
    return { get: (field) => this.textAt(this.find([field + entryMark, field])) };
  }

  /** The trade date as normalize has it. */
  findDate(): void {
    const place = this.root.at(tag.TradeDate);
    this.dateComputed = false;
    this.dated = true;
    if (place >= 0 && isDate(this.wire, this.from(place), this.to(place))) {
      putDate(this.date, 0, this.wire, this.from(place));
      return;
    }
    const { message, envelope } = this;
    const { date } = tradeDateOf(message, message.root, envelope.context);
    this.dateComputed = true;
    this.dated = date !== undefined;
    for (let next = 0; next < 10; next++) this.date[next] = date?.charCodeAt(next) ?? 0;
  }

  /** That of the message before, where context and reporter are the same. */
  #envelopeOf(message: FixMessage, context: NormalizeContext): Envelope {
    const named = context.direction === 'in' && context.reportedBy !== undefined;
    const place = named ? -1 : this.find(senders);
    const known = this.#envelope;
    if (known?.serves(context) && this.#sameReporter(place)) return known;
    this.#reporterFrom = place < 0 ? new Uint8Array() : this.wire.slice(this.from(place), this.to(place));
    return new Envelope(context, reporterOf(message, context) ?? '');
  }

  #sameReporter(place: number): boolean {
    const known = this.#reporterFrom;
    if (place < 0) return known.length === 0;
    const from = this.from(place);
    if (this.to(place) - from !== known.length) return false;
    for (let next = 0; next < known.length; next++) if (this.wire[from + next] !== known[next]) return false;
    return true;
  }
}

const senders: readonly number[] = [tag.OnBehalfOfCompID, tag.SenderCompID];
