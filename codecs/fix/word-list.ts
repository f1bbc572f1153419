/** A set of short byte strings that is asked without making a string. */
export class WordList {
  /** By hash: where a word's length and bytes stand in `#pool`, plus one; 0 where there is none. */
  readonly #slots: Uint16Array | Uint32Array;
  readonly #pool: Uint8Array;

  /** Words of more than 255 bytes are in no list: they are left to whoever asks the dictionary itself. */
  constructor(words: readonly Uint8Array[]) {
    const short = words.filter(({ length }) => length <= wordBytesMax);
    let size = 4;
    while (size < short.length * 2) size *= 2;
    this.#pool = new Uint8Array(short.reduce((sum, word) => sum + word.length + 1, 0));
    this.#slots = this.#pool.length < 0x1_0000 ? new Uint16Array(size) : new Uint32Array(size);
    let at = 0;
    for (const word of short) {
      this.#pool[at] = word.length;
      this.#pool.set(word, at + 1);
      this.#slots[this.#slotOf(word, 0, word.length)] = at + 1;
      at += word.length + 1;
    }
  }

  has(bytes: Uint8Array, from: number, to: number): boolean {
    return this.#slots[this.#slotOf(bytes, from, to)] !== 0;
  }

  /** The slot of these bytes: where they stand, or where they would. There are always empty ones. */
  #slotOf(bytes: Uint8Array, from: number, to: number): number {
    let hash = to - from;
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
    const last = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 7)) & last;
    while (this.#slots[slot] !== 0 && !this.#stands((this.#slots[slot] as number) - 1, bytes, from, to))
      slot = (slot + 1) & last;
    return slot;
  }

  #stands(at: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#pool[at] !== to - from) return false;
    for (let next = from; next < to; next++) {
      if (this.#pool[at + 1 + next - from] !== bytes[next]) return false;
    }
    return true;
  }
}

/** The length of a word stands in one byte. */
const wordBytesMax = 255;
