import type { Buffer } from 'node:buffer';
import { cutStream, type Judge, type Judgement, search } from '../../src/contract/cut-stream.ts';
import type { Framer } from '../../src/contract/frame.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { mtIssue } from './issues.ts';

/**
 * Cuts a stream of FIN messages: blocks 1 to 5 and S in rising order, or a bare block 4, an SOH before it included. What
 * separates it from the next message (line ends, blanks, NUL, ETX, `$`) belongs to the frame before it, so a message is
 * told when the next byte that is no separator, or the end, shows that no further block comes. Anything else between
 * messages is garbage. A message in which another one begins (`{1:F`, and in its text `{1:`, `{2:` or `{4:`) was cut:
 * garbage up to there.
 */
export const mtFramer: Framer = { open: (limits) => cutStream(new MtJudge(limits)) };

const open = 0x7b;
const close = 0x7d;
const lineFeed = 0x0a;
const SOH = 1;
const ranks = '12345S';
/** Separators behind a message that still belong to it: a PC file pads messages to sectors of 512 bytes. */
const separatorsMax = 1024;
/** `{1:F`: what shows the beginning of a message. */
const startBytes = 4;

type Phase = 'block' | 'braces' | 'text' | 'behind';

class MtJudge implements Judge {
  readonly #limits: Limits;
  #inside = false;
  #phase: Phase = 'block';
  /** Offset in the window up to which its front is read. */
  #at = 0;
  #rank = 0;
  #depth = 0;
  #textFrom = 0;
  #endedAt = 0;
  #skipped: Issue | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  judge(bytes: Buffer, at: number, to: number, last: boolean): Judgement {
    const window = bytes.subarray(at, to);
    return this.#inside ? this.#message(window, last) : this.#between(window, last);
  }

  /** What is no message: up to where one begins. */
  #between(window: Buffer, last: boolean): Judgement {
    let found = window.indexOf(open, this.#at);
    while (found >= 0 && begins(window, found) === 'no') found = window.indexOf(open, found + 1);
    const whole = found >= 0 && begins(window, found) === 'yes';
    const held = found >= 0 ? found : window.length;
    const end = found < 0 || !whole ? (last ? window.length : held) : found;
    const start = end > 0 && window[end - 1] === SOH && !(last && !whole) ? end - 1 : end;
    if (start === 0 && whole) {
      this.#begin(end);
      return this.#message(window, last);
    }
    const max = this.#limits.garbagePieceBytesMax;
    const length = start >= max ? max : whole || last ? start : 0;
    this.#at = start - length;
    if (length === 0) return search(window);
    const why = this.#skipped ?? garbage(window.subarray(0, length));
    if (length === start) this.#skipped = undefined;
    return { length, why };
  }

  #begin(at: number): void {
    this.#inside = true;
    this.#phase = 'block';
    this.#at = at;
    this.#rank = 0;
  }

  #message(window: Buffer, last: boolean): Judgement {
    for (;;) {
      const told = this.#step(window, last);
      if (told !== undefined) return told;
    }
  }

  #step(window: Buffer, last: boolean): Judgement | undefined {
    switch (this.#phase) {
      case 'block':
        return this.#block(window);
      case 'braces':
        return this.#braces(window, last);
      case 'text':
        return this.#text(window, last);
      case 'behind':
        return this.#behind(window, last);
    }
  }

  /** `{n:` was seen; what is inside decides how the block ends. */
  #block(window: Buffer): Judgement | undefined {
    const id = String.fromCharCode(window[this.#at + 1] ?? 0);
    this.#rank = ranks.indexOf(id) + 1;
    this.#depth = 0;
    this.#phase = id === '4' && window[this.#at + 3] !== open ? 'text' : 'braces';
    if (this.#phase === 'text') this.#at += 3;
    this.#textFrom = this.#at;
    return undefined;
  }

  #braces(window: Buffer, last: boolean): Judgement | undefined {
    const end = Math.min(window.length, this.#limits.mtMessageBytesMax);
    while (this.#at < end) {
      const byte = window[this.#at];
      if (byte === open && this.#at > this.#textFrom) {
        const next = nextMessage(window, this.#at, '1', 0x46);
        if (next === 'yes') return this.#lose(window, 'MT_TRUNCATED', this.#at);
        if (next === 'maybe' && !last) return search(window);
      }
      this.#at++;
      if (byte === open) this.#depth++;
      else if (byte === close && --this.#depth === 0) return this.#ended();
    }
    return this.#unended(window, last);
  }

  #text(window: Buffer, last: boolean): Judgement | undefined {
    const end = Math.min(window.length, this.#limits.mtMessageBytesMax);
    while (this.#at < end) {
      const byte = window[this.#at];
      if (byte === open) {
        const next = nextMessage(window, this.#at, '124', 0);
        if (next === 'yes') return this.#lose(window, 'MT_TRUNCATED', this.#at);
        if (next === 'maybe' && !last) return search(window);
      }
      this.#at++;
      if (byte === close && this.#closes(window, this.#at - 2)) return this.#ended();
    }
    return this.#unended(window, last);
  }

  #unended(window: Buffer, last: boolean): Judgement {
    const max = this.#limits.mtMessageBytesMax;
    if (this.#at >= max) return this.#lose(window, 'MT_MESSAGE_TOO_LONG', max);
    return last ? this.#lose(window, 'MT_TRUNCATED', window.length) : search(window);
  }

  /** True when the `-` of `-}` stands at the front of a line. */
  #closes(window: Buffer, dash: number): boolean {
    if (window[dash] !== 0x2d || dash < this.#textFrom) return false;
    return dash === this.#textFrom || window[dash - 1] === lineFeed;
  }

  #ended(): undefined {
    this.#phase = 'behind';
    this.#endedAt = this.#at;
    return undefined;
  }

  /** Behind a block: another block of this message, separators, or the end. */
  #behind(window: Buffer, last: boolean): Judgement | undefined {
    while (this.#at < window.length && separates(window[this.#at])) {
      if (window[this.#at] === SOH || this.#at - this.#endedAt >= separatorsMax) return this.#frame(this.#at);
      this.#at++;
    }
    if (this.#at + startBytes > window.length && !last) {
      // The next block is known by its first characters: `{5:`.
      if (this.#at === window.length || window[this.#at] === open) return search(window);
    }
    const rank =
      window[this.#at] === open ? ranks.indexOf(String.fromCharCode(window[this.#at + 1] ?? 0)) + 1 : 0;
    if (rank <= this.#rank || window[this.#at + 2] !== 0x3a) return this.#frame(this.#at);
    this.#phase = 'block';
    return undefined;
  }

  #frame(length: number): Judgement {
    this.#inside = false;
    this.#at = 0;
    return { length };
  }

  /** The message is none: garbage up to here; an SOH at its end belongs to the one that begins here. */
  #lose(window: Buffer, code: 'MT_TRUNCATED' | 'MT_MESSAGE_TOO_LONG', to: number): Judgement {
    const long = code === 'MT_MESSAGE_TOO_LONG';
    const text = long ? `no end within ${this.#limits.mtMessageBytesMax} bytes` : 'the message is cut';
    const why = mtIssue(code, text);
    if (long) this.#skipped = why;
    const shared = !long && to > 1 && to < window.length && window[to - 1] === SOH;
    return { ...this.#frame(shared ? to - 1 : to), why };
  }
}

/** True when a message begins at a brace: block 1, block 2, or block 4. */
function begins(window: Buffer, at: number): Seen {
  return nextMessage(window, at, '124', 0);
}

type Seen = 'yes' | 'no' | 'maybe';

/** Whether one of these blocks begins at a brace, with this first byte where one is given. */
function nextMessage(window: Buffer, at: number, ids: string, first: number): Seen {
  if (at + 1 < window.length && !ids.includes(String.fromCharCode(window[at + 1] ?? 0))) return 'no';
  if (at + 2 < window.length && window[at + 2] !== 0x3a) return 'no';
  if (at + 3 < window.length && first !== 0 && window[at + 3] !== first) return 'no';
  return at + startBytes <= window.length ? 'yes' : 'maybe';
}

function separates(byte: number | undefined): boolean {
  return (
    byte === 0x20 ||
    byte === 0x0a ||
    byte === 0x0d ||
    byte === 0x09 ||
    byte === 0 ||
    byte === 3 ||
    byte === 0x24 ||
    byte === SOH
  );
}

function garbage(bytes: Uint8Array): Issue {
  const blank = bytes.every(separates);
  return mtIssue(
    blank ? 'MT_SEPARATOR' : 'MT_GARBAGE',
    blank ? 'separators between messages' : 'bytes of no message',
  );
}
