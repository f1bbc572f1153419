import assert from 'node:assert/strict';

/**
 * Writes the log's compact form: whole numbers as LEB128 (seven bits a byte, lowest first, the high bit set on all but
 * the last), texts and byte strings behind their length in bytes.
 */
export class WireWriter {
  private buffer: Buffer<ArrayBuffer>;
  private at = 0;

  /** Writes into this memory, and into larger memory of its own where that is too small. */
  constructor(memory: Buffer<ArrayBuffer>) {
    this.buffer = memory;
  }

  get length(): number {
    return this.at;
  }

  /** Forgets what was written behind this length. */
  truncate(length: number): void {
    this.at = length;
  }

  number(value: number): void {
    this.room(8);
    let rest = value;
    if (value > 0x7fff_ffff) {
      // Times have fifty bits: four groups of seven go before the rest, which has less than 32 bits.
      const low = (value % 2 ** 32) | 0;
      for (let shift = 0; shift < 28; shift += 7) this.buffer[this.at++] = (low >>> shift) | 128;
      rest = Math.floor(value / 2 ** 32) * 16 + (low >>> 28);
    }
    while (rest > 127) {
      this.buffer[this.at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.buffer[this.at++] = rest;
  }

  /** A whole number in eight bytes, lowest first: its width does not depend on what it is. */
  offset(value: number): void {
    this.room(8);
    this.buffer.writeUInt32LE(value % 2 ** 32, this.at);
    this.buffer.writeUInt32LE(Math.floor(value / 2 ** 32), this.at + 4);
    this.at += 8;
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.number(length);
    this.room(length);
    this.at += this.buffer.write(value, this.at);
  }

  bytes(value: Uint8Array): void {
    this.number(value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.room(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  /** The bytes of lower case hex text, behind their count. */
  hex(value: string): void {
    const length = value.length / 2;
    assert(Number.isInteger(length), 'this is no hex text');
    this.number(length);
    this.room(length);
    const { buffer, at } = this;
    let wrong = 0;
    for (let next = 0; next < length; next++) {
      const high = hexValues[value.charCodeAt(next * 2)] ?? notHex;
      const low = hexValues[value.charCodeAt(next * 2 + 1)] ?? notHex;
      wrong |= high | low;
      buffer[at + next] = (high << 4) | low;
    }
    assert(wrong < notHex, 'this is no hex text');
    this.at += length;
  }

  /** What was written; valid until the next write. */
  view(): Uint8Array<ArrayBuffer> {
    return this.buffer.subarray(0, this.at);
  }

  private room(more: number): void {
    if (this.at + more <= this.buffer.length) return;
    const larger = Buffer.from(new ArrayBuffer(Math.max(this.buffer.length * 2, this.at + more)));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

const notHex = 16;
/** By the code of a character: what it is worth as a digit of hex text, in either case. */
const hexValues = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? notHex : digit;
});

/** Thrown by {@link WireReader} when bytes are not what a writer wrote; callers turn it into a finding. */
export class WireError extends Error {}

/** Reads what {@link WireWriter} wrote. Byte strings are views over the input. Throws {@link WireError}. */
export class WireReader {
  private readonly buffer: Buffer;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.at === this.buffer.length;
  }

  number(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 8; count++) {
      const byte = this.buffer[this.at++];
      if (byte === undefined) throw new WireError('the end is missing');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw new WireError('a number is too long');
  }

  offset(): number {
    const from = this.take(8);
    return this.buffer.readUInt32LE(from) + this.buffer.readUInt32LE(from + 4) * 2 ** 32;
  }

  text(): string {
    const length = this.number();
    const from = this.take(length);
    return this.buffer.toString('utf8', from, from + length);
  }

  bytes(): Uint8Array {
    return this.raw(this.number());
  }

  raw(length: number): Uint8Array {
    const from = this.take(length);
    return this.buffer.subarray(from, from + length);
  }

  hex(): string {
    const length = this.number();
    const from = this.take(length);
    return this.buffer.toString('hex', from, from + length);
  }

  private take(length: number): number {
    const from = this.at;
    if (from + length > this.buffer.length) throw new WireError('the end is missing');
    this.at = from + length;
    return from;
  }
}
