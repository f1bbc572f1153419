import { Buffer } from 'node:buffer';

/** Events are cut from pieces of memory of this size, so that few of them are asked for; a larger event has its own. */
const roomBytes = 64 * 1024;
/** More than the number of a field and the length of a value take. */
const headBytes = 16;
/** Above it, a call for many bytes at once is quicker than one byte after the other. */
const shortBytes = 24;

/** Bytes that are written again and again, made to be copied word by word: behind `length` there are some of no meaning. */
export interface Piece {
  readonly view: DataView;
  readonly length: number;
}

export function pieceOf(bytes: Uint8Array): Piece {
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
  padded.set(bytes);
  return { view: new DataView(padded.buffer), length: bytes.length };
}

/** So many bytes are copied at once. */
const wordBytes = 16;

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

/**
 * Writes the stored form of events, field by field in the order of their numbers, straight into bytes. `begin`, the
 * fields, `finish`; one event at a time. A field's `tag` is its number and its wire type, as `FieldPlan.tag` has it.
 * `bytes` and `at` are open to whoever writes a value of its own: {@link room} first, then the bytes, then `at`.
 * Source: Protocol Buffers, "Encoding".
 */
export class EventWriter {
  /** Alone in its memory, from its beginning. */
  bytes: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(roomBytes);
  at = 0;
  #from = 0;
  #view = viewOf(this.bytes);
  #buffer: ArrayBuffer = this.bytes.buffer;
  /** Where texts were taken from last, seen by words: many fields come from one message. */
  #source: Uint8Array = this.bytes;
  #sourceBuffer: ArrayBufferLike = this.bytes.buffer;
  #sourceView = this.#view;
  #sourceAt = 0;
  /** The view's length: asking it each time is a call. */
  #sourceEnd = roomBytes;

  begin(): void {
    if (this.bytes.length > roomBytes) this.#take(roomBytes);
    this.#from = this.at;
  }

  /** What was written since `begin`: a view that is never written again. */
  finish(): Uint8Array {
    const { at } = this;
    const from = this.#from;
    this.#from = at;
    return new Uint8Array(this.#buffer, from, at - from);
  }

  /** Makes sure that so many bytes, and what stands before a value, have a place. */
  room(count: number): void {
    const { bytes, at } = this;
    if (at + count + headBytes <= bytes.length) return;
    const from = this.#from;
    this.#take(Math.max(roomBytes, (at - from + count + headBytes) * 2));
    this.at = bytes.copy(this.bytes, 0, from, at);
  }

  #take(size: number): void {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.#view = viewOf(this.bytes);
    this.#buffer = this.bytes.buffer;
    this.at = 0;
    this.#from = 0;
  }

  /** Begins a field, and makes sure that so many bytes of its value have a place. Field numbers go up to 2047. */
  tag(tag: number, count: number): void {
    this.room(count);
    const { bytes } = this;
    if (tag >= 0x80) {
      bytes[this.at++] = (tag & 0x7f) | 0x80;
      bytes[this.at++] = tag >> 7;
    } else bytes[this.at++] = tag;
  }

  /** A count, or the length of a value; there is room. Up to 2^53. */
  varint(value: number): void {
    const { bytes } = this;
    let rest = value;
    while (rest >= 0x80) {
      bytes[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    bytes[this.at++] = rest;
  }

  /** How many bytes the event has so far. */
  get size(): number {
    return this.at - this.#from;
  }

  /** What was written since the event had `size` bytes, as it is now. */
  since(size: number): Uint8Array {
    return this.bytes.subarray(this.#from + size, this.at);
  }

  /** Takes back what was written since the event had `size` bytes. */
  shorten(size: number): void {
    this.at = this.#from + size;
  }

  byte(value: number): void {
    this.room(1);
    this.bytes[this.at++] = value;
  }

  /** A text with its length, of up to 127 bytes, that was made before. */
  framed(tag: number, source: Piece): void {
    this.tag(tag, source.length + wordBytes);
    this.#put(source);
  }

  /** Fields, or a piece of a value, that were made before. */
  piece(source: Piece): void {
    this.room(source.length + wordBytes);
    this.#put(source);
  }

  /** Word by word; what the last one has too much is written over by the next field. */
  #put({ view: from, length }: Piece): void {
    const { at } = this;
    const to = this.#view;
    for (let next = 0; next < length; next += 8) {
      to.setUint32(at + next, from.getUint32(next, true), true);
      to.setUint32(at + next + 4, from.getUint32(next + 4, true), true);
    }
    this.at = at + length;
  }

  /** Bytes as they are: fields that were written before, or a piece of a value. */
  raw(source: Uint8Array): void {
    const { length } = source;
    this.room(length);
    const { bytes, at } = this;
    if (length > shortBytes) bytes.set(source, at);
    else for (let next = 0; next < length; next++) bytes[at + next] = source[next] as number;
    this.at = at + length;
  }

  count(tag: number, value: number): void {
    this.tag(tag, headBytes);
    this.varint(value);
  }

  text(tag: number, value: string): void {
    const place = this.open(tag, value.length);
    this.string(value);
    this.close(place);
  }

  /** A piece of a text. */
  string(value: string): void {
    const { length } = value;
    this.room(length * 3);
    const { bytes } = this;
    let { at } = this;
    if (length > shortBytes * 2) {
      this.at = at + bytes.write(value, at);
      return;
    }
    for (let next = 0; next < length; next++) {
      const code = value.charCodeAt(next);
      if (code >= 0x80) {
        this.at += bytes.write(value, this.at);
        return;
      }
      bytes[at++] = code;
    }
    this.at = at;
  }

  /** A text of which `source` holds one character a byte. */
  latin1(tag: number, source: Uint8Array, from: number, to: number): void {
    if (to - from < 0x40) {
      this.#short(tag, source, from, to);
      return;
    }
    const place = this.open(tag, to - from);
    this.characters(source, from, to);
    this.close(place);
  }

  /** So few characters that the length of the text is one byte, whatever they are. */
  #short(tag: number, source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    this.tag(tag, length * 2 + wordBytes);
    const start = this.at + 1;
    if (length <= wordBytes && this.#copied(source, from, start)) {
      this.bytes[start - 1] = length;
      this.at = start + length;
      return;
    }
    const { bytes } = this;
    let at = start;
    for (let next = from; next < to; next++) {
      const byte = source[next] as number;
      if (byte < 0x80) bytes[at++] = byte;
      else {
        bytes[at++] = 0xc0 | (byte >> 6);
        bytes[at++] = 0x80 | (byte & 0x3f);
      }
    }
    bytes[start - 1] = at - start;
    this.at = at;
  }

  /**
   * Copies sixteen bytes, whatever of them is wanted: four words are quicker than a loop over a few bytes, and what is too
   * much is written over by the next field. False where one of them is not ASCII, or stands behind the end of the source.
   */
  #copied(source: Uint8Array, from: number, at: number): boolean {
    if (source !== this.#source) this.#look(source);
    const view = this.#sourceView;
    const place = this.#sourceAt + from;
    if (place + wordBytes > this.#sourceEnd) return false;
    const first = view.getUint32(place, true);
    const second = view.getUint32(place + 4, true);
    const third = view.getUint32(place + 8, true);
    const fourth = view.getUint32(place + 12, true);
    if (((first | second | third | fourth) & 0x80808080) !== 0) return false;
    const to = this.#view;
    to.setUint32(at, first, true);
    to.setUint32(at + 4, second, true);
    to.setUint32(at + 8, third, true);
    to.setUint32(at + 12, fourth, true);
    return true;
  }

  #look(source: Uint8Array): void {
    this.#source = source;
    this.#sourceAt = source.byteOffset;
    const { buffer } = source;
    if (buffer === this.#sourceBuffer) return;
    this.#sourceBuffer = buffer;
    this.#sourceView = new DataView(buffer);
    this.#sourceEnd = buffer.byteLength;
  }

  /** A piece of a text of which `source` holds one character a byte. */
  characters(source: Uint8Array, from: number, to: number): void {
    this.room((to - from) * 2);
    const { bytes } = this;
    let { at } = this;
    for (let next = from; next < to; next++) {
      const byte = source[next] as number;
      if (byte < 0x80) bytes[at++] = byte;
      else {
        bytes[at++] = 0xc0 | (byte >> 6);
        bytes[at++] = 0x80 | (byte & 0x3f);
      }
    }
    this.at = at;
  }

  /**
   * Begins a text or a message, of about `likely` bytes, and gives its place; what is written until {@link close} is its
   * value. A good guess saves moving the value when its length is known.
   */
  open(tag: number, likely: number): number {
    this.tag(tag, 0);
    this.at += likely < 0x80 ? 1 : 2;
    const place = this.at - this.#from;
    return likely < 0x80 ? place : -place;
  }

  /** Ends what {@link open} began at a place. */
  close(place: number): void {
    const from = this.#from + Math.abs(place);
    const length = this.at - from;
    if (place > 0 && length < 0x80) this.bytes[from - 1] = length;
    else this.#longer(from, place > 0 ? 1 : 2, length);
  }

  /** The value from `from` on has `kept` bytes in front of it for its length, and needs as many as that takes. */
  #longer(from: number, kept: number, length: number): void {
    const needed = length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x20_0000 ? 3 : 4;
    const before = from - this.#from - kept;
    if (needed !== kept) {
      this.room(needed);
      const { bytes, at } = this;
      bytes.copyWithin(at - length + needed - kept, at - length, at);
    }
    this.at = this.#from + before;
    this.varint(length);
    this.at += length;
  }
}
