import { Buffer } from 'node:buffer';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import { EventWriter, type Piece, pieceOf } from '../../src/events/event-writer.ts';
import { LevelIndex, nextEntry, rootOf } from './level-index.ts';
import type { FixLevel, FixMessage, FixParts } from './message.ts';
import { tag } from './tag.ts';
import { reporterOf, tradeDateOf } from './terms.ts';
import { tokenStride } from './tokens.ts';
import { Envelope, OriginBytes, ReceivedBytes } from './transcode-envelope.ts';
import type { FactKeys } from './transcode-keys.ts';
import { dayOf, putDate } from './transcode-values.ts';
import type { Word } from './word-table.ts';

const none = new Uint8Array();

/** A tag of a step or of the entry that it stands in: see `transcode-plan.ts`. */
export const entryMark = 0x1_0000;

/** Fields that say the same: the first that is there counts. */
export interface Sources {
  readonly source: number;
  readonly others: readonly number[];
}

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
  wire: Buffer = Buffer.alloc(0);
  index: Int32Array = new Int32Array();
  /** The message itself, and the entry whose event is written: a side, an account. Of a message without, the message. */
  root = new LevelIndex();
  entry: LevelIndex = this.root;
  /** An entry inside of those: a fee, an order. */
  readonly leaf = new LevelIndex();
  readonly #part = new LevelIndex();
  readonly origin = new OriginBytes();
  readonly received = new ReceivedBytes();
  readonly commission: Commission = { place: -1, text: undefined };
  /** `YYYY-MM-DD` of the trade date behind its length, and whether there is one, and whether it was computed. */
  readonly date: Piece = pieceOf(Buffer.of(10, ...new Uint8Array(10)));
  readonly dateText = Buffer.from(this.date.view.buffer as ArrayBuffer, 1, 10);

  /** That date as a number, `20261110`; 0 where it is none of the message's own. */
  day = 0;
  dated = false;
  dateComputed = false;
  chargesComputed = false;
  /** The envelope that the message came in may have been sent before. */
  resent = false;
  /** The word of Side(54). */
  side: Word | undefined;
  /** The keys of the fact that is written, where it has any. */
  keys: FactKeys | undefined;
  declare message: FixMessage;
  declare flat: FixParts;
  declare envelope: Envelope;
  #reporterFrom: Uint8Array = none;

  load(message: FixMessage, context: NormalizeContext): void {
    const { flat } = message;
    this.message = message;
    this.wire = flat.wire;
    this.index = flat.index;
    this.keys = undefined;
    this.side = undefined;
    this.chargesComputed = false;
    this.dateComputed = false;
    this.flat = flat;
    this.root = rootOf(message);
    this.entry = this.root;
    this.envelope = this.#envelopeOf(message, context);
    this.origin.load(context.origin);
    this.received.load(context.receivedAt);
  }

  /** The place of the first of a step's fields that is there; -1 where none is. */
  find({ source, others }: Sources): number {
    let place = this.at(source);
    for (let next = 0; place < 0 && next < others.length; next++) place = this.at(others[next] as number);
    return place;
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

  /** The place of a field that is not empty; below 0 for any other. */
  filled(place: number): number {
    return place >= 0 && this.from(place) < this.to(place) ? place : -1;
  }

  textAt(place: number): string | undefined {
    return place < 0 ? undefined : this.wire.toString('latin1', this.from(place), this.to(place));
  }

  /** The number of the entry behind `after` of a repeating group of a level: {@link nextEntry}. */
  next(level: LevelIndex, count: number, after: number): number {
    return nextEntry(this.flat, level.entry, count, after);
  }

  /** From here on, steps that say `entry` mean this one. */
  enter(entry: number): void {
    this.#part.load(this.flat, entry);
    this.entry = this.#part;
  }

  leave(): void {
    this.entry = this.root;
  }

  /** The place of an entry's first field with a tag; -1 where it is absent or empty. */
  placeIn(entry: number, tag: number): number {
    const { flat, index } = this;
    const place = flat.fieldOn(entry, tag) * tokenStride;
    return place < 0 || index[place + 1] === index[place + 2] ? -1 : place;
  }

  /** True where a tag stands anywhere in the message. */
  mentions(tag: number): boolean {
    const { index } = this;
    const end = this.flat.fieldCount * tokenStride;
    for (let place = 0; place < end; place += tokenStride) if (index[place] === tag) return true;
    return false;
  }

  /** What the entry says, and where it says nothing, what the message says. */
  terms(): Pick<FixLevel, 'get'> {
    return { get: (field) => this.entry.get(field) ?? this.root.get(field) };
  }

  /** The trade date as normalize has it. */
  findDate(): void {
    const place = this.root.at(tag.TradeDate);
    this.dateComputed = false;
    this.dated = true;
    this.day = place < 0 ? 0 : dayOf(this.wire, this.from(place), this.to(place));
    if (this.day > 0) {
      putDate(this.dateText, 0, this.wire, this.from(place));
      return;
    }
    const { message, envelope } = this;
    const { date } = tradeDateOf(message, message.root, envelope.context);
    this.dateComputed = true;
    this.dated = date !== undefined;
    for (let next = 0; next < 10; next++) this.dateText[next] = date?.charCodeAt(next) ?? 0;
  }

  /** That of the message before, where context and reporter are the same. */
  #envelopeOf(message: FixMessage, context: NormalizeContext): Envelope {
    const named = context.direction === 'in' && context.reportedBy !== undefined;
    const place = named ? -1 : this.find(senders);
    const known: Envelope | undefined = this.envelope;
    if (known?.serves(context) && this.#sameReporter(place)) return known;
    this.#reporterFrom =
      place < 0 ? none : Uint8Array.from(this.wire.subarray(this.from(place), this.to(place)));
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

const senders: Sources = { source: tag.OnBehalfOfCompID, others: [tag.SenderCompID] };
