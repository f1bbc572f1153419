import { Buffer } from 'node:buffer';

/**
 * Numbers that many messages write one behind another into shared memory: an index of its own memory for each message would
 * cost as much as reading the message. What was taken is never written again.
 */
export class Slab {
  /** The present piece. `reserve` may put another one in its place. */
  ints = new Int32Array(0);
  /** Its memory: asking for it each time is a call. */
  #memory: ArrayBuffer = new ArrayBuffer(0);
  /** Where the piece is free from. */
  free = 0;

  /** Makes room for `count` numbers from `free` on; the first `kept` of those that are written there are kept. */
  reserve(count: number, kept: number): void {
    if (this.free + count <= this.ints.length) return;
    const piece = unwritten(count <= slabInts / 2 ? slabInts : count * 2);
    piece.set(this.ints.subarray(this.free, this.free + kept));
    this.ints = piece;
    this.#memory = piece.buffer;
    this.free = 0;
  }

  /** The first `count` numbers from `free` on, now their owner's. A piece that was made for a giant is not shared. */
  take(count: number): Int32Array {
    const taken = new Int32Array(this.#memory, this.free * Int32Array.BYTES_PER_ELEMENT, count);
    this.free += count;
    if (this.ints.length > slabInts) this.ints = new Int32Array(0);
    return taken;
  }
}

/** 32 KiB: about forty messages, and what one message that is kept keeps alive at most; one of a known shape keeps the shapes, too. */
const slabInts = 8192;

/** Numbers that may be anything until they are written: to make them 0 would cost a hundredth of reading. */
function unwritten(count: number): Int32Array<ArrayBuffer> {
  // Alone in its memory, from its beginning.
  return new Int32Array(Buffer.allocUnsafeSlow(count * Int32Array.BYTES_PER_ELEMENT).buffer);
}
