/** The standard's own tags and what may come behind them; tags from here on are searched for. */
const tagsEndMin = 4096;
/** Far enough from the end of 32 bits for a message of as many fields as there may be. */
const stampsEnd = 0x4000_0000;

/**
 * Where the tags of one message stand outside of its groups: of the message that was read or asked last, because a message is asked
 * for many tags in a row. A stamp that is below the present one is of another message.
 */
class RootIndex {
  /**
   * By tag: the present stamp and the number of the tag's first field. Behind the tags of the message itself, those of its entries
   * stand in the same way, `tagsEnd` for each depth, while the message is read.
   */
  seen = new Int32Array(tagsEndMin);
  tagsEnd = tagsEndMin;
  /** Whose it is. */
  of: object | undefined;
  #stamp = 0;
  #next = 1;

  /**
   * A new message of so many fields, of a grammar whose tags are below `tagsEnd` and whose groups are nested so deep: its stamp, to
   * be added to field numbers.
   */
  begin(fields: number, tagsEnd: number, depth: number): number {
    this.of = undefined;
    if (tagsEnd > this.tagsEnd || this.seen.length < (depth + 1) * this.tagsEnd) this.#grow(tagsEnd, depth);
    if (this.#next > stampsEnd) {
      this.seen.fill(0);
      this.#next = 1;
    }
    this.#stamp = this.#next;
    this.#next += fields + 1;
    return this.#stamp;
  }

  #grow(tagsEnd: number, depth: number): void {
    this.tagsEnd = Math.max(this.tagsEnd, tagsEnd);
    this.seen = new Int32Array(Math.max(this.seen.length, (depth + 1) * this.tagsEnd));
  }

  /** That of the present message. */
  get stamp(): number {
    return this.#stamp;
  }

  /** The next field: where its tag was there before, the first one counts. */
  put(tag: number, field: number): void {
    if (tag < this.tagsEnd && (this.seen[tag] as number) < this.#stamp) this.seen[tag] = this.#stamp + field;
  }

  /** The number of the tag's first field, or -1. Only for tags below `tagsEnd`. */
  fieldOf(tag: number): number {
    const field = (this.seen[tag] as number) - this.#stamp;
    return field < 0 ? -1 : field;
  }
}

export const rootIndex = new RootIndex();
