import type { Buffer } from 'node:buffer';
import { cutStream, type Judge, type Judgement, search } from '../../src/contract/cut-stream.ts';
import type { Framer } from '../../src/contract/frame.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { mxIssue } from './issues.ts';

/**
 * Cuts a stream of XML documents: from the first `<` of a document (a byte order mark before it included) to the end of
 * its root element, blanks and comments behind it included; a document is told when something else, or the end, follows.
 * It counts tags and judges nothing else: what is inside is for decode to say. An XML declaration inside of an element
 * shows that the document before it was cut: garbage up to there.
 */
export const mxFramer: Framer = { open: (limits) => cutStream(new MxJudge(limits)) };

const less = 0x3c;
const greater = 0x3e;
const declaration = '<?xml';
/** Bytes of blanks and comments behind a document that still belong to it. */
const blanksMax = 1024;

type Phase = 'content' | 'tag' | 'comment' | 'cdata' | 'instruction' | 'doctype' | 'behind';

class MxJudge implements Judge {
  readonly #limits: Limits;
  #inside = false;
  #phase: Phase = 'content';
  /** Offset in the window up to which its front is read. */
  #at = 0;
  #depth = 0;
  /** The quote that is open in a tag or DOCTYPE; 0: none. */
  #quote = 0;
  #brackets = 0;
  #closing = false;
  #endedAt = 0;
  #skipped: Issue | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  judge(bytes: Buffer, at: number, to: number, last: boolean): Judgement {
    const window = bytes.subarray(at, to);
    return this.#inside ? this.#document(window, last) : this.#between(window, last);
  }

  /** What is no document: up to where one begins; behind one that was too long, up to the next declaration. */
  #between(window: Buffer, last: boolean): Judgement {
    const begins = (at: number): Seen =>
      this.#skipped === undefined ? startsDocument(window, at) : startsWith(window, at, declaration);
    let found = window.indexOf(less, this.#at);
    while (found >= 0 && begins(found) === 'no') found = window.indexOf(less, found + 1);
    const whole = found >= 0 && begins(found) === 'yes';
    const open = found < 0 ? window.length : found;
    const start = !whole && last ? window.length : open - markBytes(window, open);
    if (start === 0 && whole) {
      this.#skipped = undefined;
      this.#inside = true;
      this.#phase = 'content';
      this.#depth = 0;
      this.#at = found;
      return this.#document(window, last);
    }
    const max = this.#limits.garbagePieceBytesMax;
    const length = start >= max ? max : whole || last ? start : 0;
    this.#at = start - length;
    if (length === 0) return search(window);
    return { length, why: this.#skipped ?? garbage(window.subarray(0, length)) };
  }

  #document(window: Buffer, last: boolean): Judgement {
    const end = Math.min(window.length, this.#limits.mxMessageBytesMax);
    while (this.#at < end && this.#phase !== 'behind') {
      if (this.#phase !== 'content') {
        this.#markup(window[this.#at] ?? 0, window);
        continue;
      }
      const next = window.indexOf(less, this.#at);
      if (next < 0 || next >= end) {
        this.#at = end;
        break;
      }
      this.#at = next;
      const opened = this.#opened(window, last);
      if (opened === 'wait') return search(window);
      if (opened !== undefined) return opened;
    }
    if (this.#phase === 'behind') return this.#behind(window, last);
    if (this.#at >= this.#limits.mxMessageBytesMax) return this.#lose('MX_MESSAGE_TOO_LONG', end);
    return last ? this.#lose('MX_TRUNCATED', window.length) : search(window);
  }

  /** A `<`: what it opens. */
  #opened(window: Buffer, last: boolean): Judgement | 'wait' | undefined {
    const at = this.#at;
    const comment = startsWith(window, at, '<!--');
    const cdata = startsWith(window, at, '<![CDATA[');
    const declared = startsWith(window, at, declaration);
    if (!last && [comment, cdata, declared].includes('maybe')) return 'wait';
    if (declared === 'yes' && this.#depth > 0) return this.#lose('MX_TRUNCATED', at);
    this.#quote = 0;
    this.#brackets = 0;
    if (comment === 'yes') this.#enter('comment', 4);
    else if (cdata === 'yes') this.#enter('cdata', 9);
    else if (window[at + 1] === 0x3f) this.#enter('instruction', 2);
    else if (window[at + 1] === 0x21) this.#enter('doctype', 2);
    else {
      this.#closing = window[at + 1] === 0x2f;
      this.#enter('tag', this.#closing ? 2 : 1);
    }
    return undefined;
  }

  #enter(phase: Phase, bytes: number): void {
    this.#phase = phase;
    this.#at += bytes;
  }

  /** One byte inside of markup. */
  #markup(byte: number, window: Buffer): void {
    this.#at++;
    if (this.#phase === 'comment' || this.#phase === 'cdata' || this.#phase === 'instruction') {
      const closes = byte === greater && endsWith(window, this.#at, this.#phase);
      if (closes) this.#phase = 'content';
      return;
    }
    if (byte === less && this.#phase === 'tag') {
      this.#broken();
      return;
    }
    if (this.#quote !== 0) {
      if (byte === this.#quote) this.#quote = 0;
      return;
    }
    if (byte === 0x22 || byte === 0x27) this.#quote = this.#closing && this.#phase === 'tag' ? 0 : byte;
    else if (this.#phase === 'doctype' && byte === 0x5b) this.#brackets++;
    else if (this.#phase === 'doctype' && byte === 0x5d) this.#brackets--;
    else if (byte === greater && this.#brackets <= 0) this.#tagEnded(window);
  }

  /** No tag holds a `<`: the one that is open was not closed. It counts, so that the end of its element is still found. */
  #broken(): void {
    this.#at--;
    this.#phase = 'content';
    if (!this.#closing) this.#depth++;
  }

  #tagEnded(window: Buffer): void {
    const tag = this.#phase === 'tag';
    this.#phase = 'content';
    if (!tag) return;
    if (this.#closing) this.#depth--;
    else if (window[this.#at - 2] !== 0x2f) this.#depth++;
    if (this.#depth > 0) return;
    this.#phase = 'behind';
    this.#endedAt = this.#at;
  }

  #behind(window: Buffer, last: boolean): Judgement {
    const max = this.#endedAt + blanksMax;
    for (;;) {
      while (this.#at < Math.min(window.length, max) && blank(window[this.#at])) this.#at++;
      const comment = startsWith(window, this.#at, '<!--');
      const end = comment === 'yes' ? window.indexOf('-->', this.#at + 4) : -1;
      if (end < 0 || end + 3 > max) {
        const open = comment !== 'no' && window.length <= max && end < 0;
        return open && !last ? search(window) : this.#frame(this.#at);
      }
      this.#at = end + 3;
    }
  }

  #frame(length: number): Judgement {
    this.#inside = false;
    this.#at = 0;
    return { length };
  }

  #lose(code: 'MX_TRUNCATED' | 'MX_MESSAGE_TOO_LONG', length: number): Judgement {
    const long = code === 'MX_MESSAGE_TOO_LONG';
    const max = this.#limits.mxMessageBytesMax;
    const why = mxIssue(code, long ? `no end within ${max} bytes` : 'the document is cut');
    if (long) this.#skipped = why;
    return { ...this.#frame(length), why };
  }
}

type Seen = 'yes' | 'no' | 'maybe';

/** A declaration, a comment, a DOCTYPE or a root element begins at a `<`. */
function startsDocument(window: Buffer, at: number): Seen {
  const next = window[at + 1];
  if (next === undefined) return 'maybe';
  const letter = (next >= 0x41 && next <= 0x5a) || (next >= 0x61 && next <= 0x7a) || next === 0x5f;
  return letter || next >= 0x80 || next === 0x3f || next === 0x21 ? 'yes' : 'no';
}

function startsWith(window: Buffer, at: number, text: string): Seen {
  for (let number = 0; number < text.length; number++) {
    if (at + number >= window.length) return 'maybe';
    if (window[at + number] !== text.charCodeAt(number)) return 'no';
  }
  return 'yes';
}

/** Whether what stands before `at` ends markup of this phase: `-->`, `]]>`, `?>`. */
function endsWith(window: Buffer, at: number, phase: 'comment' | 'cdata' | 'instruction'): boolean {
  if (phase === 'instruction') return window[at - 2] === 0x3f;
  const sign = phase === 'comment' ? 0x2d : 0x5d;
  return window[at - 2] === sign && window[at - 3] === sign;
}

/** The bytes of the byte order mark that ends at `at`, or of its beginning where the window ends there. */
function markBytes(window: Buffer, at: number): number {
  const mark = [0xef, 0xbb, 0xbf];
  const whole = at === window.length ? [1, 2, 3] : [3];
  return (
    whole.findLast((count) =>
      mark.slice(0, count).every((byte, number) => window[at - count + number] === byte),
    ) ?? 0
  );
}

function blank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function garbage(bytes: Uint8Array): Issue {
  const only = bytes.every(blank);
  return mxIssue(
    only ? 'MX_SEPARATOR' : 'MX_GARBAGE',
    only ? 'blanks between documents' : 'bytes of no document',
  );
}
