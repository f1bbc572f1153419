import type { Buffer } from 'node:buffer';
import { itemsOf, notForAny, notForItems } from './items.ts';
import { localName } from './tag-scan.ts';

/** An element that is open around an item. */
interface Level {
  readonly local: string;
  /** Its opening tag, and behind it the elements in it that are told before its items; as they stand. */
  said: string;
  /** The same with what the end of the statement needs, and its items do not. */
  whole: string;
  /** What is in it is longer than what a context may hold. */
  over: boolean;
  /** Where its opening tag begins in the bytes at hand; -1: in an earlier frame. */
  from: number;
}

/** Elements are remembered up to this depth: four envelopes, Document, the message, and two levels in it. */
const depthMax = 8;

/**
 * The elements that are open around the items of a statement, with what stands in them before the items. It is told the tags of
 * what is no item, in their order.
 */
export class Ancestors {
  /** How many elements are open; also those that are too deep to be remembered. */
  depth = 0;
  readonly #charsMax: number;
  readonly #levels: Level[] = [];
  /** A root that has ended, before another one: AppHdr before Document. */
  #front = '';
  /** What repeats in the message that is open, and how many elements are open right inside of it. */
  #paths: ReadonlySet<string> | undefined;
  #messageDepth = 0;
  #moved = false;

  constructor(charsMax: number) {
    this.#charsMax = charsMax;
  }

  /** Whether the tag at `from`, not yet told, begins an item. */
  itemAt(window: Buffer, from: number): boolean {
    const below = this.depth - this.#messageDepth;
    if (this.#paths === undefined || below < 0 || below > 1) return false;
    const local = localName(window, from) ?? '';
    return this.#paths.has(below === 0 ? local : `${this.#levels[this.depth - 1]?.local ?? ''}/${local}`);
  }

  opened(window: Buffer, from: number, to: number): void {
    if (this.depth < depthMax) {
      const local = localName(window, from) ?? '';
      if (this.#paths === undefined && this.#levels[this.depth - 1]?.local === 'Document') {
        this.#paths = itemsOf(local);
        this.#messageDepth = this.depth + 1;
      }
      const over = to - from > this.#charsMax;
      const said = over ? '' : window.toString('utf8', from, to);
      this.#levels.push({ local, said, whole: said, over, from });
    }
    this.depth++;
  }

  /** An element that has no content. */
  empty(window: Buffer, from: number, to: number): void {
    this.#keep(localName(window, from) ?? '', window, from, to);
  }

  closed(window: Buffer, to: number): void {
    this.depth--;
    if (this.depth >= depthMax) return;
    const level = this.#levels.pop();
    if (level !== undefined && level.from < 0) this.#moved = true;
    if (this.depth < this.#messageDepth) this.#paths = undefined;
    if (level === undefined || level.from < 0) return;
    if (this.depth === 0) this.#front = window.toString('utf8', level.from, to);
    else this.#keep(level.local, window, level.from, to);
  }

  /**
   * What stands around the items that follow, as the beginning of a document, for these and for what comes behind them; undefined
   * where it is too long. From here on offsets are counted anew.
   */
  said(): { readonly items: string; readonly behind: string } | undefined {
    for (const level of this.#levels) level.from = -1;
    const items = this.#front + this.#levels.map((level) => level.said).join('');
    const behind = this.#front + this.#levels.map((level) => level.whole).join('');
    const over = this.#levels.some((level) => level.over) || behind.length > this.#charsMax;
    return over ? undefined : { items, behind };
  }

  /** Whether the element around the items is another one than when this was asked last. */
  moved(): boolean {
    const moved = this.#moved;
    this.#moved = false;
    return moved;
  }

  /** An element that has ended goes to what is said of the one around it, as far as an item may be in that. */
  #keep(local: string, window: Buffer, from: number, to: number): void {
    const outer = this.#levels[this.depth - 1];
    const deep = this.#paths !== undefined && this.depth > this.#messageDepth + 1;
    if (outer === undefined || deep || this.depth > depthMax || notForAny.has(local)) return;
    if (outer.whole.length + to - from > this.#charsMax) {
      outer.over = true;
      return;
    }
    const text = window.toString('utf8', from, to);
    outer.whole += text;
    if (!notForItems.has(local)) outer.said += text;
  }
}
