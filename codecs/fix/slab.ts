/**
 * Room for `count` numbers, all 0. Small arrays are cut from a shared piece of memory: an index of its own memory for
 * each message would cost as much as reading the message.
 */
export function takeInts(count: number): Int32Array {
  if (count > slabInts / 8) return new Int32Array(count);
  if (used + count > slabInts) {
    slab = new Int32Array(slabInts);
    used = 0;
  }
  used += count;
  return slab.subarray(used - count, used);
}

/** 32 KiB: about forty messages, and what one message that is kept keeps alive at most. */
const slabInts = 8192;
let slab = new Int32Array(slabInts);
let used = 0;
