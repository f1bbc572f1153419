import type { FixParts } from './message.ts';
import { tokenStride } from './tokens.ts';

/** Tags that events read are below; later ones are not found here. */
const tagsEnd = 2048;
const stampsEnd = 0x4000_0000;

/**
 * Where the fields of one level of a message stand in its flat index, by tag: of the message itself, or of one entry of a
 * repeating group. It is loaded again and again: many tags are asked of one level, and then never again.
 */
export class LevelIndex {
  /** Number of the level's entry; 0 is the message itself. */
  entry = 0;
  readonly #places = new Int32Array(tagsEnd);
  /** By tag: the stamp of the load that saw it last. */
  readonly #stamps = new Int32Array(tagsEnd);
  #stamp = 0;

  load({ index, structure: { entries, owners } }: FixParts, entry: number): void {
    this.entry = entry;
    if (this.#stamp === stampsEnd) this.#restamp();
    const stamp = ++this.#stamp;
    const places = this.#places;
    const stamps = this.#stamps;
    const from = entries[entry]?.from ?? 0;
    // From the end: where a tag is repeated, the first one counts.
    for (let field = (entries[entry]?.to ?? 0) - 1; field >= from; field--) {
      if (owners !== undefined && owners[field] !== entry) continue;
      const place = field * tokenStride;
      const tag = index[place] as number;
      if (tag >= tagsEnd) continue;
      places[tag] = index[place + 1] === index[place + 2] ? -1 : place;
      stamps[tag] = stamp;
    }
  }

  /** The place of the tag's first field in the flat index; -1 where it is absent or empty. */
  at(tag: number): number {
    return this.#stamps[tag] === this.#stamp ? (this.#places[tag] as number) : -1;
  }

  /** True where the tag is there, empty or not. */
  has(tag: number): boolean {
    return this.#stamps[tag] === this.#stamp;
  }

  #restamp(): void {
    this.#stamps.fill(0);
    this.#stamp = 0;
  }
}
