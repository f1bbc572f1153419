import type { Buffer } from 'node:buffer';

/**
 * What stands between `from` and `at`: a tag that opens or closes an element, or an element without content. `declared`: an XML
 * declaration begins at `from`. `wait`: nothing is complete up to the end that was given.
 */
export type Tag = 'open' | 'close' | 'empty' | 'declared' | 'wait';

type Phase = 'content' | 'tag' | 'comment' | 'cdata' | 'instruction' | 'doctype';

const less = 0x3c;
const greater = 0x3e;

/** Finds tags, and judges nothing else: quotes, comments, CDATA, instructions and DOCTYPE are passed over. */
export class TagScan {
  /** Offset in the window up to which it is read. */
  at = 0;
  /** Where the markup begins that was found last. */
  from = 0;
  #phase: Phase = 'content';
  /** The quote that is open in a tag or DOCTYPE; 0: none. */
  #quote = 0;
  #brackets = 0;
  #closing = false;

  begin(at: number): void {
    this.at = at;
    this.#phase = 'content';
  }

  /** The bytes before `length` are gone. */
  shift(length: number): void {
    this.at -= length;
    this.from -= length;
  }

  /** The next tag before `end`. `last`: no more bytes will come. */
  next(window: Buffer, end: number, last: boolean): Tag {
    for (;;) {
      if (this.#phase === 'content') {
        const found = this.#content(window, end, last);
        if (found !== undefined) return found;
      }
      const tag = this.#phase === 'tag' ? this.#tag(window, end) : this.#other(window, end);
      if (tag !== undefined) return tag;
    }
  }

  /** Up to the next `<`, and what it opens. */
  #content(window: Buffer, end: number, last: boolean): Tag | undefined {
    let at = this.at;
    while (at < end && window[at] !== less) at++;
    this.at = at;
    if (at >= end) return 'wait';
    this.from = at;
    const next = window[at + 1];
    if (next === undefined && !last) return 'wait';
    this.#quote = 0;
    this.#closing = next === 0x2f;
    if (next !== 0x21 && next !== 0x3f) {
      this.#enter('tag', this.#closing ? 2 : 1);
      return undefined;
    }
    const seen = ['<!--', '<![CDATA[', '<?xml'].map((text) => startsWith(window, at, text));
    if (!last && seen.includes('maybe')) return 'wait';
    const [comment, cdata, declared] = seen;
    this.#brackets = 0;
    if (comment === 'yes') this.#enter('comment', 4);
    else if (cdata === 'yes') this.#enter('cdata', 9);
    else if (next === 0x3f) this.#enter('instruction', 2);
    else this.#enter('doctype', 2);
    return declared === 'yes' ? 'declared' : undefined;
  }

  #enter(phase: Phase, bytes: number): void {
    this.#phase = phase;
    this.at += bytes;
  }

  /** No tag holds a `<`: one that is open was not closed. It counts, so that the end of its element is still found. */
  #tag(window: Buffer, end: number): Tag | undefined {
    let quote = this.#quote;
    for (let at = this.at; at < end; at++) {
      const byte = window[at] ?? 0;
      if (byte > greater) continue;
      if (byte === less) {
        this.at = at;
        this.#phase = 'content';
        return this.#closing ? undefined : 'open';
      }
      if (quote !== 0) {
        if (byte === quote) quote = 0;
      } else if (byte === greater) {
        this.at = at + 1;
        this.#phase = 'content';
        if (this.#closing) return 'close';
        return window[at - 1] === 0x2f ? 'empty' : 'open';
      } else if ((byte === 0x22 || byte === 0x27) && !this.#closing) quote = byte;
    }
    this.#quote = quote;
    this.at = Math.max(this.at, end);
    return 'wait';
  }

  #other(window: Buffer, end: number): Tag | undefined {
    while (this.at < end && this.#phase !== 'content') this.#markup(window[this.at] ?? 0, window);
    return this.#phase === 'content' ? undefined : 'wait';
  }

  /** One byte inside of what is no tag. */
  #markup(byte: number, window: Buffer): void {
    this.at++;
    if (this.#phase !== 'doctype') {
      if (byte === greater && this.#ends(window)) this.#phase = 'content';
    } else if (this.#quote !== 0) {
      if (byte === this.#quote) this.#quote = 0;
    } else if (byte === 0x22 || byte === 0x27) this.#quote = byte;
    else if (byte === 0x5b) this.#brackets++;
    else if (byte === 0x5d) this.#brackets--;
    else if (byte === greater && this.#brackets <= 0) this.#phase = 'content';
  }

  /** Whether the `>` before `at` ends a comment, CDATA or an instruction. */
  #ends(window: Buffer): boolean {
    const at = this.at;
    if (this.#phase === 'instruction') return window[at - 2] === 0x3f;
    const sign = this.#phase === 'comment' ? 0x2d : 0x5d;
    return window[at - 2] === sign && window[at - 3] === sign;
  }
}

export type Seen = 'yes' | 'no' | 'maybe';

/** Whether a text stands at `at`; `maybe`: the window ends before that can be said. */
export function startsWith(window: Uint8Array, at: number, text: string): Seen {
  for (let number = 0; number < text.length; number++) {
    if (at + number >= window.length) return 'maybe';
    if (window[at + number] !== text.charCodeAt(number)) return 'no';
  }
  return 'yes';
}

/** The name of the tag that begins at `from`, without its prefix; undefined where the window ends in it. */
export function localName(window: Buffer, from: number): string | undefined {
  let start = from + 1;
  for (let at = start; at < window.length; at++) {
    const byte = window[at] ?? 0;
    if (byte === 0x3a) start = at + 1;
    else if (byte <= 0x20 || byte === greater || byte === 0x2f || byte === less)
      return window.toString('latin1', start, at);
  }
  return undefined;
}
