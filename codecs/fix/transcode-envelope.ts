import { Buffer } from 'node:buffer';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import { originText } from '../../src/contract/origin.ts';
import { isoOfMicros } from '../../src/core/clock.ts';
import { fieldTag } from '../../src/events/catalogue.ts';
import { EventWriter } from '../../src/events/event-writer.ts';
import { eventId, keyPartText } from '../../src/events/identity.ts';

/** What the context and the reporter give to events of one slot, as bytes: the same for message after message. */
export interface SlotBytes {
  /** What stands behind the origin in an event's id: `#trade@0`. */
  readonly idTail: Uint8Array;
  /** Fields 6 to 10: revision, slot, reporter and its role, tenant. */
  readonly fields: Uint8Array;
}

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
  readonly idHead: Uint8Array;
  /** Fields 3 and 4: channel and perspective. */
  readonly speaker: Uint8Array;
  readonly context: NormalizeContext;
  readonly reporter: string;
  readonly #slots = new Map<string, SlotBytes>();
  /** By kind: of the day that was asked for last. */
  readonly #keys = new Map<string, { readonly day: number; readonly bytes: Uint8Array }>();

  constructor(context: NormalizeContext, reporter: string) {
    this.context = context;
    this.reporter = reporter;
    const { channel, perspective } = context;
    this.idHead = Buffer.from(eventId(channel, '', '', 0).split('#')[0] ?? '');
    this.speaker = fieldsOf([
      ['channel', channel],
      ['perspective', perspective],
    ]);
  }

  slot(name: string): SlotBytes {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const { revision, tenant, reporterRole = '' } = this.context;
    const made = {
      idTail: Buffer.from(eventId('', '', name, revision).slice(1)),
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
  key(kind: string, { day, dated, dateText }: Dated): Uint8Array {
    const known = this.#keys.get(kind);
    if (known !== undefined && known.day === day && day > 0) return known.bytes;
    const { keyScope = '' } = this.context;
    const parts = [kind, this.reporter, keyScope].map(keyPartText);
    const bytes = Buffer.from([...parts, dated ? dateText.toString() : '', ''].join('|'));
    this.#keys.set(kind, { day, bytes });
    return bytes;
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

function fieldsOf(fields: readonly (readonly [name: string, value: string | number])[]): Uint8Array {
  const writer = new EventWriter();
  writer.begin();
  for (const [name, value] of fields) {
    if (typeof value === 'string' && value !== '') writer.text(fieldTag('Event', name), value);
    if (typeof value === 'number' && value !== 0) writer.count(fieldTag('Event', name), value);
  }
  return writer.finish();
}

/** The text of a message's origin, as bytes: its scope is mostly that of the message before. */
export class OriginBytes {
  bytes = Buffer.alloc(256);
  length = 0;
  #scope: string | undefined;
  #head = 0;

  load(origin: NormalizeContext['origin']): void {
    if (!('ordinal' in origin) || !Number.isSafeInteger(origin.ordinal) || origin.ordinal < 0) {
      this.#whole(originText(origin));
      return;
    }
    if (origin.scope !== this.#scope) {
      this.#whole(`${origin.scope}:`);
      this.#scope = origin.scope;
      this.#head = this.length;
    }
    this.length = putNumber(this.bytes, this.#head, origin.ordinal);
  }

  /** Room for a number is left behind the text. */
  #whole(text: string): void {
    this.#scope = undefined;
    const bytes = Buffer.from(text);
    if (bytes.length + numberBytes > this.bytes.length)
      this.bytes = Buffer.alloc(bytes.length * 2 + numberBytes);
    this.length = bytes.copy(this.bytes);
  }
}

const numberBytes = 20;

/** A whole number in decimal, to `at` of the bytes; gives the place behind it. */
function putNumber(bytes: Uint8Array, at: number, value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  let rest = value;
  for (let next = at + digits - 1; next >= at; next--) {
    const tens = Math.floor(rest / 10);
    bytes[next] = 0x30 + rest - tens * 10;
    rest = tens;
  }
  return at + digits;
}

/** The text of a time of receipt behind its length: only its microseconds change from message to message. */
export class ReceivedBytes {
  framed: Uint8Array = new Uint8Array();
  #second = Number.NaN;

  load(micros: number): void {
    const second = Math.floor(micros / 1_000_000);
    if (second === this.#second && Number.isInteger(micros)) this.#putMicros(micros - second * 1_000_000);
    else this.#whole(micros, second);
  }

  #whole(micros: number, second: number): void {
    const text = isoOfMicros(micros);
    this.framed = Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
    this.#second = Number.isInteger(micros) && text.length === isoLength ? second : Number.NaN;
  }

  #putMicros(micros: number): void {
    const { framed } = this;
    let rest = micros;
    for (let at = isoLength - 1; at > isoLength - 7; at--) {
      const tens = Math.floor(rest / 10);
      framed[at] = 0x30 + rest - tens * 10;
      rest = tens;
    }
  }
}

/** `2026-11-10T14:30:00.123456Z`. */
const isoLength = 27;
