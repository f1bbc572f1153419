import { Buffer } from 'node:buffer';
import { cutStream, type Judge, type Judgement, search } from '../../src/contract/cut-stream.ts';
import type { Framer } from '../../src/contract/frame.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { ficcHeaderBegins, ficcHeaderChars, ficcSlashAt, type Seen } from './ficc-header.ts';
import { mtIssue } from './issues.ts';
import type { MtPolicy } from './policy.ts';
import { endsFiccLine, separates } from './text-end.ts';

/**
 * Cuts a stream of messages: FIN blocks 1 to 5 and S in rising order, or a bare block 4, an SOH before it included; or the clearing
 * corporation's fixed header, fields, and a line `-`. What separates it from the next message (line ends, blanks, NUL, ETX, `$`) belongs
 * to the frame before it, so a message is told when the next byte that is no separator, or the end, shows that no further block comes. The
 * answer of the network and the message that it answers, right behind it, are one frame. Anything else between messages is garbage. A message in
 * which another one begins (`{1:F`, and in its text `{1:`, `{2:` or `{4:`, or a fixed header) was cut: garbage up to there; a frame where
 * the policy is to repair, or where the last byte closes the text after all.
 */
export function mtFramerOf(policy: MtPolicy): Framer {
  return { open: (limits) => cutStream(new MtJudge(limits, policy)) };
}

/** The framer of the lenient and the strict policy. */
export const mtFramer: Framer = mtFramerOf('lenient');

const open = 0x7b;
const close = 0x7d;
const lineFeed = 0x0a;
const dash = 0x2d;
const colon = 0x3a;
const slash = 0x2f;
const SOH = 1;
const ranks = '12345S';
/** Behind a fixed header and its fields no block can come. */
const fixedRank = 9;
/** Separators behind a message that still belong to it: a PC file pads messages to sectors of 512 bytes. */
const separatorsMax = 1024;
/** `{1:F`: what shows the beginning of a message. */
const startBytes = 4;
/** `{1:F01`, a terminal with its numbers, `}{2:I`: what shows the message that an answer is for. */
const originalFront = Buffer.from('{1:F01');
const originalBytesMax = 48;

type Phase = 'block' | 'braces' | 'text' | 'lines' | 'behind';

class MtJudge implements Judge {
  readonly #limits: Limits;
  readonly #repairs: boolean;
  #inside = false;
  #phase: Phase = 'block';
  /** Offset in the window up to which its front is read. */
  #at = 0;
  #rank = 0;
  #depth = 0;
  #textFrom = 0;
  #endedAt = 0;
  #skipped: Issue | undefined;
  /** Where block 1 of the message begins; -1: it has none, or it was looked at. */
  #firstAt = -1;
  /** Where an answer ends whose original is being read; 0: none is. */
  #answerEnd = 0;

  constructor(limits: Limits, policy: MtPolicy) {
    this.#limits = limits;
    this.#repairs = policy === 'repair';
  }

  judge(bytes: Buffer, at: number, to: number, last: boolean): Judgement {
    const window = bytes.subarray(at, to);
    return this.#inside ? this.#message(window, last) : this.#between(window, last);
  }

  /** What is no message: up to where one begins. */
  #between(window: Buffer, last: boolean): Judgement {
    const { at: found, seen } = firstStart(window, this.#at);
    const whole = seen === 'yes';
    const held = found >= 0 ? found : Math.max(this.#at, window.length - ficcSlashAt);
    const end = whole ? found : last ? window.length : held;
    const start = end > 0 && window[end - 1] === SOH && !(last && !whole) ? end - 1 : end;
    if (start === 0 && whole) {
      this.#begin(end, window);
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

  #begin(at: number, window: Buffer): void {
    this.#inside = true;
    this.#rank = 0;
    this.#at = at;
    this.#firstAt = -1;
    this.#answerEnd = 0;
    const fin = window[at] === open;
    this.#phase = fin ? 'block' : 'lines';
    if (fin) return;
    this.#at = window.indexOf(lineFeed, at + ficcHeaderChars) + 1;
    this.#textFrom = this.#at;
    this.#rank = fixedRank;
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
      case 'lines':
        return this.#lines(window, last);
      case 'behind':
        return this.#behind(window, last);
    }
  }

  /** `{n:` was seen; what is inside decides how the block ends. */
  #block(window: Buffer): Judgement | undefined {
    const id = String.fromCharCode(window[this.#at + 1] ?? 0);
    this.#rank = ranks.indexOf(id) + 1;
    this.#depth = 0;
    if (id === '1' && this.#answerEnd === 0) this.#firstAt = this.#at;
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

  /** Fields behind a fixed header, up to a line `-`. */
  #lines(window: Buffer, last: boolean): Judgement | undefined {
    const end = Math.min(window.length, this.#limits.mtMessageBytesMax);
    for (; this.#at < end; this.#at++) {
      const byte = window[this.#at];
      const front = this.#at === this.#textFrom || window[this.#at - 1] === lineFeed;
      if (byte === open) {
        const next = nextMessage(window, this.#at, '124', 0);
        if (next === 'yes') return this.#lose(window, 'MT_TRUNCATED', this.#at);
        if (next === 'maybe' && !last) return search(window);
      }
      if (!front || byte === colon) continue;
      if (byte === dash) {
        const next = window[this.#at + 1];
        if (next === undefined && !last) return search(window);
        if (next === undefined || next === close || endsFiccLine(next)) {
          this.#at += next === close ? 2 : 1;
          return this.#ended();
        }
      }
      const header = ficcHeaderBegins(window, this.#at);
      if (header === 'yes') return this.#lose(window, 'MT_TRUNCATED', this.#at);
      if (header === 'maybe' && !last) return search(window);
    }
    return this.#unended(window, last);
  }

  #unended(window: Buffer, last: boolean): Judgement {
    const max = this.#limits.mtMessageBytesMax;
    if (this.#at >= max) return this.#lose(window, 'MT_MESSAGE_TOO_LONG', max);
    return last ? this.#lose(window, 'MT_TRUNCATED', window.length) : search(window);
  }

  /** True when the `-` of `-}` stands at the front of a line. */
  #closes(window: Buffer, at: number): boolean {
    if (window[at] !== dash || at < this.#textFrom) return false;
    return at === this.#textFrom || window[at - 1] === lineFeed;
  }

  #ended(): undefined {
    this.#phase = 'behind';
    this.#endedAt = this.#at;
    return undefined;
  }

  /** Behind a block: another block of this message, separators, or the end. */
  #behind(window: Buffer, last: boolean): Judgement | undefined {
    const answers = this.#rank >= 4 && this.#firstAt >= 0 && isAnswer(window, this.#firstAt);
    const original = this.#at === this.#endedAt && answers ? originalBegins(window, this.#at) : 'no';
    if (original === 'maybe' && !last) return search(window);
    if (original === 'yes') {
      this.#firstAt = -1;
      this.#answerEnd = this.#at;
      this.#phase = 'block';
      return undefined;
    }
    // The password of a fixed header may be blank: behind such messages only line ends separate.
    const fixed = this.#rank === fixedRank;
    while (this.#at < window.length && separates(window[this.#at]) && !(fixed && window[this.#at] === 0x20)) {
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
    // An answer that stands whole counts, whatever became of the message behind it.
    if (this.#answerEnd > 0) return this.#frame(this.#answerEnd);
    const long = code === 'MT_MESSAGE_TOO_LONG';
    if (!long && this.#phase === 'text' && endsWithBrace(window, to)) return this.#frame(to);
    const text = long ? `no end within ${this.#limits.mtMessageBytesMax} bytes` : 'the message is cut';
    const why = mtIssue(code, text);
    if (long) this.#skipped = why;
    const shared = !long && to > 1 && to < window.length && window[to - 1] === SOH;
    const length = shared ? to - 1 : to;
    return this.#repairs && !long ? this.#frame(length) : { ...this.#frame(length), why };
  }
}

/** True when a message begins at a brace: block 1, block 2, or block 4. */
function begins(window: Buffer, at: number): Seen {
  return nextMessage(window, at, '124', 0);
}

/** Whether one of these blocks begins at a brace, with this first byte where one is given. */
function nextMessage(window: Buffer, at: number, ids: string, first: number): Seen {
  if (at + 1 < window.length && !ids.includes(String.fromCharCode(window[at + 1] ?? 0))) return 'no';
  if (at + 2 < window.length && window[at + 2] !== 0x3a) return 'no';
  if (at + 3 < window.length && first !== 0 && window[at + 3] !== first) return 'no';
  return at + startBytes <= window.length ? 'yes' : 'maybe';
}

/** The first message that begins, or may begin, from an offset on; at -1 where none does. */
function firstStart(window: Buffer, from: number): { readonly at: number; readonly seen: Seen } {
  let brace = window.indexOf(open, from);
  while (brace >= 0 && begins(window, brace) === 'no') brace = window.indexOf(open, brace + 1);
  const fixed = firstFixed(window, from, brace < 0 ? window.length : brace);
  if (fixed >= 0) return { at: fixed, seen: ficcHeaderBegins(window, fixed) };
  return { at: brace, seen: brace < 0 ? 'no' : begins(window, brace) };
}

/** The first fixed header that begins before `to`, found by the first slash of its type; -1 where none does. */
function firstFixed(window: Buffer, from: number, to: number): number {
  const end = to + ficcSlashAt;
  for (let at = window.indexOf(slash, from); at >= 0 && at < end; at = window.indexOf(slash, at + 1)) {
    const start = at - ficcSlashAt;
    if (start >= from && start < to && ficcHeaderBegins(window, start) !== 'no') return start;
  }
  return -1;
}

/** True when block 1 at this offset is that of a service message 21, an answer of the network. */
function isAnswer(window: Buffer, at: number): boolean {
  return window[at + 4] === 0x32 && window[at + 5] === 0x31;
}

/** Whether a message that went to the network (`{1:F01…}{2:I`) stands here. */
function originalBegins(window: Buffer, at: number): Seen {
  const front = window.subarray(at, at + originalFront.length);
  if (!originalFront.subarray(0, front.length).equals(front)) return 'no';
  const found = window.subarray(at, at + originalBytesMax).indexOf(close);
  if (found < 0) return at + originalBytesMax <= window.length ? 'no' : 'maybe';
  return nextMessage(window, at + found + 1, '2', 0x49);
}

/** True when the last byte before `to` that separates nothing is a brace. */
function endsWithBrace(window: Buffer, to: number): boolean {
  let at = to - 1;
  while (at > 0 && separates(window[at])) at--;
  return window[at] === close;
}

function garbage(bytes: Uint8Array): Issue {
  const blank = bytes.every(separates);
  return mtIssue(
    blank ? 'MT_SEPARATOR' : 'MT_GARBAGE',
    blank ? 'separators between messages' : 'bytes of no message',
  );
}
