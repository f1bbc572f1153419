import { Buffer } from 'node:buffer';
import { cutStream, type Judge, type Judgement, search, wait } from '../../src/contract/cut-stream.ts';
import type { Framer } from '../../src/contract/frame.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { sumOf, sumText, threeDigits } from './checksum.ts';
import { type FixIssueCode, fixIssue } from './issues.ts';

/**
 * Cuts the byte stream of a FIX session into messages.
 *
 * A frame is `8=FIX…|9=n|35=` … `|10=ddd|`, with BodyLength(9) leading to CheckSum(10) and the sum right: this framer
 * judges both, so that a session sees only what may consume a sequence number. What fails is garbage with its reason:
 * - wrong sum, or a third field other than MsgType(35): the message as BodyLength(9) cuts it;
 * - BodyLength(9) that leads elsewhere: up to the first CheckSum(10) at or behind the place it leads to, so a length
 *   that is too long swallows the next message (source: the public conformance pack, 2m_BodyLengthValueNotCorrect);
 * - no readable BodyLength(9), or one beyond the limit: up to the next `8=FIX` behind a field's or a line's end.
 * Between messages nothing is allowed; line ends, NULs and blanks are garbage of their own, harmless code. A FIX log
 * is cut by `fixLogFramer`, where they belong to their message.
 */
export const fixFramer: Framer = { open: (limits) => cutStream(new FixJudge(limits)) };

const SOH = 1;
const start = Buffer.from('8=FIX');
const trailer = Buffer.from('\u000110=');
const truncated = 'the stream ends inside a message';
/** `10=ddd|`. */
const trailerBytes = 7;
/** `8=` and a BeginString(8): far more than `FIXT.1.1` needs. */
const beginStringBytesMax = 24;
/** Digits of a BodyLength(9) that are read; more could only say a length beyond every limit. */
const bodyLengthDigitsMax = 9;
/** What follows `10=` of a message whose length is lost, where no separator ends it. */
const lostTrailerBytesMax = 20;

class FixJudge implements Judge {
  readonly #limits: Limits;
  /** In the window no message begins before here. */
  #scanned = 0;
  /** While garbled bytes are skipped: why. */
  #garbled: Issue | undefined;
  /** The byte before the window. */
  #before = SOH;
  /** Offset of the window in the stream, and the stretch that is known to hold no trailer: no byte is searched twice. */
  #offset = 0;
  #noTrailerFrom = 0;
  #noTrailerTo = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  judge(bytes: Buffer, at: number, to: number, last: boolean): Judgement {
    const judgement = this.#front(bytes, at, to, last);
    if (judgement.length > 0) {
      this.#before = bytes[at + judgement.length - 1] ?? SOH;
      this.#offset += judgement.length;
    }
    return judgement;
  }

  #front(bytes: Buffer, at: number, to: number, last: boolean): Judgement {
    if (this.#garbled !== undefined) return this.#skip(bytes, at, to, last);
    if (startsAt(bytes, at, to)) return this.#message(bytes, at, to, last);
    return this.#between(bytes.subarray(at, to), last);
  }

  #message(bytes: Buffer, at: number, to: number, last: boolean): Judgement {
    const head = readHead(bytes, at, to);
    if (head === 'bad')
      return this.#lose(bytes, at, to, last, 'FIX_BODY_LENGTH', 'no readable BodyLength(9)');
    if (head === 'more') {
      if (last) return this.#lose(bytes, at, to, last, 'FIX_TRUNCATED', truncated);
      return wait(to - at + 1);
    }
    const bodyEnd = head.bodyAt + head.bodyLength;
    const length = bodyEnd + trailerBytes - at;
    if (length > this.#limits.fixMessageBytesMax) {
      return this.#lose(bytes, at, to, last, 'FIX_MESSAGE_TOO_LONG', `BodyLength(9) says ${head.bodyLength}`);
    }
    if (to - at < length && !last) return wait(length);
    const exact = bytes[bodyEnd - 1] === SOH && tagAt(bytes, bodyEnd, to, 0x31, 0x30);
    const said =
      exact && bytes[bodyEnd + 6] === SOH && bodyEnd + 7 <= to ? threeDigits(bytes, bodyEnd + 3) : -1;
    if (said < 0) return this.#lost(bytes, at, to, last, bodyEnd - 1, exact);
    if (!tagAt(bytes, head.bodyAt, bodyEnd, 0x33, 0x35)) {
      return { length, why: fixIssue('FIX_FIRST_FIELDS', 'the third field is not MsgType(35)') };
    }
    const sum = sumOf(bytes, at, bodyEnd);
    if (sum === said) return { length };
    const why = `CheckSum(10) says ${sumText(said)}, the bytes sum to ${sumText(sum)}`;
    return { length, why: fixIssue('FIX_CHECKSUM', why) };
  }

  /** BodyLength(9) leads elsewhere: the message ends at the first trailer at or behind that place. */
  #lost(bytes: Buffer, at: number, to: number, last: boolean, from: number, exact: boolean): Judgement {
    const window = bytes.subarray(at, to);
    const code = exact ? 'FIX_CHECKSUM' : 'FIX_BODY_LENGTH';
    const text = exact ? 'CheckSum(10) is not three digits' : 'BodyLength(9) does not lead to CheckSum(10)';
    const found = this.#findTrailer(window, from - at);
    const value = found + trailer.length;
    const close = found < 0 ? -1 : window.subarray(0, value + lostTrailerBytesMax).indexOf(SOH, value);
    const whole = found >= 0 && (close >= 0 || window.length >= value + lostTrailerBytesMax);
    const length = close >= 0 ? close + 1 : value + lostTrailerBytesMax;
    const max = this.#limits.fixMessageBytesMax;
    if (whole && length <= max) return { length, why: fixIssue(code, text) };
    if (whole || window.length >= max) {
      return this.#lose(bytes, at, to, last, 'FIX_MESSAGE_TOO_LONG', `${text}, and no trailer follows`);
    }
    if (last && from + trailerBytes > to) return this.#lose(bytes, at, to, last, 'FIX_TRUNCATED', truncated);
    if (last) return this.#lose(bytes, at, to, last, code, text);
    return search(window);
  }

  #findTrailer(window: Buffer, from: number): number {
    const first = this.#offset + from;
    const known = first >= this.#noTrailerFrom && first <= this.#noTrailerTo;
    const searched = known ? Math.max(from, this.#noTrailerTo - this.#offset) : from;
    const found = window.indexOf(trailer, searched);
    if (!known) this.#noTrailerFrom = first;
    const end = found < 0 ? Math.max(searched, window.length - trailer.length + 1) : found;
    this.#noTrailerTo = this.#offset + end;
    return found;
  }

  /** From here bytes are skipped until a message begins behind a separator. */
  #lose(bytes: Buffer, at: number, to: number, last: boolean, code: FixIssueCode, text: string): Judgement {
    this.#garbled = fixIssue(code, text);
    this.#scanned = 1;
    return this.#skip(bytes, at, to, last);
  }

  #skip(bytes: Buffer, at: number, to: number, last: boolean): Judgement {
    const window = bytes.subarray(at, to);
    const why = this.#garbled;
    let found = window.indexOf(start, this.#scanned);
    while (found >= 0 && !separates(found === 0 ? this.#before : window[found - 1])) {
      found = window.indexOf(start, found + 1);
    }
    const end = found >= 0 ? found : last ? window.length : window.length - startedBytes(window);
    const ended = found >= 0 || last;
    const piece = this.#piece(end, ended);
    if (piece === 0 && !ended) return search(window);
    if (ended && piece === end) this.#garbled = undefined;
    if (piece === 0) return this.#front(bytes, at, to, last);
    return why === undefined ? { length: piece } : { length: piece, why };
  }

  #between(window: Buffer, last: boolean): Judgement {
    const found = window.indexOf(start, this.#scanned);
    const end = found >= 0 ? found : last ? window.length : window.length - startedBytes(window);
    const length = this.#piece(end, found >= 0 || last);
    if (length === 0) return search(window);
    const blank = window.subarray(0, length).every((byte) => separates(byte) && byte !== SOH);
    const code = blank ? 'FIX_SEPARATOR' : 'FIX_GARBAGE';
    return { length, why: fixIssue(code, blank ? 'separators between messages' : 'bytes of no message') };
  }

  /** How much of `end` bytes of garbage to tell now: whole pieces at once, the rest when its end is known. */
  #piece(end: number, ended: boolean): number {
    const max = this.#limits.garbagePieceBytesMax;
    const length = end >= max ? max : ended ? end : 0;
    this.#scanned = end - length;
    return length;
  }
}

export interface Head {
  readonly bodyAt: number;
  readonly bodyLength: number;
}

/** `8=FIX…|9=n|`: where the body begins and how long it says it is. */
export function readHead(bytes: Buffer, at: number, to: number): Head | 'more' | 'bad' {
  let next = at + start.length;
  const stop = at + beginStringBytesMax;
  while (next < to && next < stop && bytes[next] !== SOH) next++;
  if (next === stop) return 'bad';
  if (next + 1 < to && bytes[next + 1] !== 0x39) return 'bad';
  if (next + 2 < to && bytes[next + 2] !== 0x3d) return 'bad';
  let bodyLength = 0;
  const digits = next + 3;
  for (let digit = digits; digit < to; digit++) {
    const byte = bytes[digit] ?? 0;
    if (byte === SOH && digit > digits) return { bodyAt: digit + 1, bodyLength };
    if (byte < 0x30 || byte > 0x39 || digit - digits >= bodyLengthDigitsMax) return 'bad';
    bodyLength = bodyLength * 10 + byte - 0x30;
  }
  return 'more';
}

function startsAt(bytes: Buffer, at: number, to: number): boolean {
  if (to - at < start.length || bytes[at] !== 0x38 || bytes[at + 1] !== 0x3d) return false;
  return bytes[at + 2] === 0x46 && bytes[at + 3] === 0x49 && bytes[at + 4] === 0x58;
}

/** True when a tag of these two digits stands at `at`. */
function tagAt(bytes: Buffer, at: number, to: number, first: number, second: number): boolean {
  return at + 3 <= to && bytes[at] === first && bytes[at + 1] === second && bytes[at + 2] === 0x3d;
}

/** SOH, line ends, tabs, blanks, NUL. */
function separates(byte: number | undefined): boolean {
  return byte === SOH || byte === 0x0a || byte === 0x0d || byte === 0 || byte === 0x20 || byte === 0x09;
}

/** How many bytes at the end of a window could begin a message. */
function startedBytes(window: Buffer): number {
  for (let length = Math.min(start.length - 1, window.length); length > 0; length--) {
    if (window.subarray(window.length - length).equals(start.subarray(0, length))) return length;
  }
  return 0;
}
