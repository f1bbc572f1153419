import { Buffer } from 'node:buffer';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import { originText } from '../../src/contract/origin.ts';
import { isoOfMicros } from '../../src/core/clock.ts';
import { fieldTag } from '../../src/events/catalogue.ts';
import { EventWriter, type Piece, pieceOf } from '../../src/events/event-writer.ts';
import { eventId, keyPartText } from '../../src/events/identity.ts';

/** What the context and the reporter give to events of one slot, as bytes: the same for message after message. */
export interface SlotBytes {
  readonly name: string;
  /** What stands behind the origin in an event's id: `#trade@0`. */
  readonly idTail: Piece;
  /** Fields 6 to 10: revision, slot, reporter and its role, tenant. */
  readonly fields: Piece;
}

interface KeyBytes {
  readonly kind: string;
  readonly day: number;
  readonly piece: Piece;
}

const nothing = pieceOf(Buffer.alloc(0));

/** The trade date of a message: its number where the message says it, whether there is one, and its text. */
export interface Dated {
  readonly day: number;
  readonly dated: boolean;
  readonly dateText: Buffer;
}

/**
 * The part of events that their context and their reporter give, made once for as long as these stay the same. A feed has
 * one context, and mostly one reporter.
 */
export class Envelope {
  /** What stands before the origin in an event's id: `channel/`. */
  readonly idHead: Piece;
  /** Fields 3 and 4: channel and perspective. */
  readonly speaker: Piece;
  readonly context: NormalizeContext;
  readonly reporter: string;
  readonly #slots = new Map<string, SlotBytes>();
  /** By kind: of the day that was asked for last. */
  readonly #keys = new Map<string, KeyBytes>();
  #last: SlotBytes = { name: '', idTail: nothing, fields: nothing };
  #lastKey: KeyBytes = { kind: '', day: 0, piece: nothing };

  constructor(context: NormalizeContext, reporter: string) {
    this.context = context;
    this.reporter = reporter;
    const { channel, perspective } = context;
    this.idHead = pieceOf(Buffer.from(eventId(channel, '', '', 0).split('#')[0] ?? ''));
    this.speaker = fieldsOf([
      ['channel', channel],
      ['perspective', perspective],
    ]);
  }

  /** Asked for the same name mostly as the time before. */
  slot(name: string): SlotBytes {
    if (this.#last.name === name) return this.#last;
    const known = this.#slots.get(name) ?? this.#makeSlot(name);
    this.#last = known;
    return known;
  }

  #makeSlot(name: string): SlotBytes {
    const { revision, tenant, reporterRole = '' } = this.context;
    const made = {
      name,
      idTail: pieceOf(Buffer.from(eventId('', '', name, revision).slice(1))),
      fields: fieldsOf([
        ['revision', revision],
        ['slot', name],
        ['reportedBy', this.reporter],
        ['reporterRole', reporterRole],
        ['tenant', tenant],
      ]),
    };
    this.#slots.set(name, made);
    return made;
  }

  /** The parts of a business key before the reporter's id: `trade|CLR||2026-11-10|`. */
  key(kind: string, date: Dated): Piece {
    const known = this.#lastKey;
    if (known.kind === kind && known.day === date.day && known.day > 0) return known.piece;
    const found = this.#keys.get(kind);
    const key =
      found !== undefined && found.day === date.day && date.day > 0 ? found : this.#makeKey(kind, date);
    this.#lastKey = key;
    return key.piece;
  }

  #makeKey(kind: string, { day, dated, dateText }: Dated): KeyBytes {
    const { keyScope = '' } = this.context;
    const parts = [kind, this.reporter, keyScope].map(keyPartText);
    const piece = pieceOf(Buffer.from([...parts, dated ? dateText.toString() : '', ''].join('|')));
    const made = { kind, day, piece };
    this.#keys.set(kind, made);
    return made;
  }

  /** True where a message of this context has the same envelope, if its reporter is the same. */
  serves(context: NormalizeContext): boolean {
    const known = this.context;
    if (known === context) return true;
    return (
      known.channel === context.channel &&
      known.perspective === context.perspective &&
      known.tenant === context.tenant &&
      known.direction === context.direction &&
      known.revision === context.revision &&
      known.reportedBy === context.reportedBy &&
      known.reporterRole === context.reporterRole &&
      known.keyScope === context.keyScope &&
      known.zone === context.zone
    );
  }
}

function fieldsOf(fields: readonly (readonly [name: string, value: string | number])[]): Piece {
  const writer = new EventWriter();
  writer.begin();
  for (const [name, value] of fields) {
    if (typeof value === 'string' && value !== '') writer.text(fieldTag('Event', name), value);
    if (typeof value === 'number' && value !== 0) writer.count(fieldTag('Event', name), value);
  }
  return pieceOf(writer.finish());
}

/** The text of a message's origin, as bytes: its scope is mostly that of the message before. */
export class OriginBytes {
  piece: Piece = pieceOf(Buffer.alloc(0));
  #bytes = Buffer.alloc(256);
  #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
  #scope: string | undefined;
  #head = 0;

  load(origin: NormalizeContext['origin']): void {
    if (!('ordinal' in origin) || !Number.isSafeInteger(origin.ordinal) || origin.ordinal < 0) {
      this.#scope = undefined;
      this.piece = pieceOf(Buffer.from(originText(origin)));
      return;
    }
    if (origin.scope !== this.#scope) this.#begin(origin.scope);
    this.piece = { view: this.#view, length: putNumber(this.#bytes, this.#head, origin.ordinal) };
  }

  /** Room for a number is left behind the scope. */
  #begin(scope: string): void {
    const text = Buffer.from(`${scope}:`);
    this.#bytes = Buffer.alloc(text.length + numberBytes);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    this.#head = text.copy(this.#bytes);
    this.#scope = scope;
  }
}

/** Of the largest number, and as many as a copy by words takes too much. */
const numberBytes = 24;

/** A whole number in decimal, to `at` of the bytes; gives the place behind it. */
function putNumber(bytes: Buffer, at: number, value: number): number {
  if (value > 0x7fff_ffff) return at + bytes.write(String(value), at, 'latin1');
  let digits = 1;
  for (let rest = value | 0; rest >= 10; rest = (rest / 10) | 0) digits++;
  putDigits(bytes, at, at + digits, value | 0);
  return at + digits;
}

/** The last digits of a whole number below 2^31, from `from` to `to`. */
function putDigits(bytes: Uint8Array, from: number, to: number, value: number): void {
  let rest = value | 0;
  for (let at = to - 1; at >= from; at--) {
    const tens = (rest / 10) | 0;
    bytes[at] = 0x30 + rest - tens * 10;
    rest = tens;
  }
}

/** The text of a time of receipt behind its length: only its microseconds change from message to message. */
export class ReceivedBytes {
  framed: Piece = pieceOf(Buffer.alloc(0));
  #bytes = Buffer.alloc(0);
  #second = Number.NaN;

  load(micros: number): void {
    const second = Math.floor(micros / 1_000_000);
    if (second === this.#second && Number.isInteger(micros)) {
      // Behind the length, and before the Z.
      putDigits(this.#bytes, isoLength - 6, isoLength, micros - second * 1_000_000);
      return;
    }
    const text = isoOfMicros(micros);
    this.framed = pieceOf(Buffer.concat([Buffer.of(text.length), Buffer.from(text)]));
    this.#bytes = Buffer.from(this.framed.view.buffer as ArrayBuffer);
    this.#second = Number.isInteger(micros) && text.length === isoLength ? second : Number.NaN;
  }
}

/** `2026-11-10T14:30:00.123456Z`. */
const isoLength = 27;
