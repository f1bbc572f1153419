import { Buffer } from 'node:buffer';
import { cutStream, type Judge, type Judgement, search } from '../../src/contract/cut-stream.ts';
import type { Framer } from '../../src/contract/frame.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { readHead } from './framer.ts';
import { fixIssue } from './issues.ts';
import { LoggedVersions } from './logged-versions.ts';

/**
 * Cuts a FIX log: one message a line, with whatever its writer put before and behind it. The frame is the line with
 * its end; its context says where `8=` stands (`start`) and which text stands for SOH where it is not SOH itself
 * (`soh`: `|` or `^A`), and over FIXT which version the last Logon(A) of its sender named (`applVerId`). With real SOH a line end inside the message (in a data field) does not cut it: BodyLength(9)
 * is followed where it leads to CheckSum(10), and a further message on the same line is a frame of its own. Lines
 * without a message are garbage of a harmless code; sums and lengths are judged by decode, where a person can see the
 * message that they are wrong in.
 */
export const fixLogFramer: Framer = { open: (limits) => cutStream(new LogJudge(limits)) };

const SOH = 1;
const newline = Buffer.from('\n');
const start = Buffer.from('8=FIX');
const trailer = Buffer.from('10=');
const trailerBytes = 7;

class LogJudge implements Judge {
  readonly #limits: Limits;
  readonly #lineEnd = new Seeker(newline);
  readonly #begin = new Seeker(start);
  readonly #messageLineEnd = new Seeker(newline);
  readonly #another = new Seeker(start);
  readonly #versions = new LoggedVersions();
  /** While the rest of a line is skipped that is longer than the limit. */
  #tooLong: Issue | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  judge(bytes: Buffer, at: number, to: number, last: boolean): Judgement {
    const judgement = this.#front(bytes.subarray(at, to), last);
    if (judgement.length === 0) return judgement;
    for (const seeker of [this.#lineEnd, this.#begin, this.#messageLineEnd, this.#another]) seeker.reset();
    return judgement;
  }

  #front(window: Buffer, last: boolean): Judgement {
    const lineEnd = this.#lineEnd.find(window, 0);
    if (this.#tooLong !== undefined) return this.#skip(window, lineEnd, last, this.#tooLong);
    const begin = this.#begin.find(window, 0);
    if (begin < 0 || (lineEnd >= 0 && lineEnd < begin)) {
      const why = fixIssue('FIX_LOG_LINE', 'a line without a message');
      return this.#line(window, lineEnd, last, { why });
    }
    const end = this.#messageEnd(window, begin, last);
    if (end === 'more') return this.#line(window, -1, false, {});
    const messageLineEnd = this.#messageLineEnd.find(window, end);
    const another = end === begin ? -1 : this.#another.find(window, end);
    const cut =
      another >= 0 && (messageLineEnd < 0 || another < messageLineEnd) ? another - 1 : messageLineEnd;
    const soh = standInAt(window, begin);
    if (cut < 0 && !last) return this.#line(window, cut, last, {});
    const applVerId = this.#versions.of(window.subarray(begin, cut < 0 ? window.length : cut));
    const context = {
      start: String(begin),
      ...(soh !== undefined && { soh }),
      ...(applVerId !== undefined && { applVerId }),
    };
    return this.#line(window, cut, last, { context });
  }

  /** A line whose last byte stands at `lineEnd`, told as `what`; more bytes or a complaint where there is no end. */
  #line(window: Buffer, lineEnd: number, last: boolean, what: Omit<Judgement, 'length'>): Judgement {
    const length = lineEnd >= 0 ? lineEnd + 1 : window.length;
    if (length > this.#limits.fixLogLineBytesMax) {
      this.#tooLong = fixIssue('FIX_MESSAGE_TOO_LONG', 'a line longer than the limit');
      return this.#skip(window, this.#lineEnd.find(window, 0), last, this.#tooLong);
    }
    if (lineEnd < 0 && !last) return search(window);
    return { length, ...what };
  }

  #skip(window: Buffer, lineEnd: number, last: boolean, why: Issue): Judgement {
    const max = this.#limits.garbagePieceBytesMax;
    const end = lineEnd >= 0 ? lineEnd + 1 : window.length;
    if (end > max) return { length: max, why };
    if (lineEnd < 0 && !last) return search(window);
    this.#tooLong = undefined;
    return { length: end, why };
  }

  /** Where CheckSum(10) begins, by BodyLength(9); where that does not lead to it, the message's own first byte. */
  #messageEnd(window: Buffer, begin: number, last: boolean): number | 'more' {
    const head = readHead(window, begin, window.length);
    if (head === 'bad') return begin;
    if (head === 'more') return last ? begin : 'more';
    const bodyEnd = head.bodyAt + head.bodyLength;
    if (bodyEnd + trailerBytes > this.#limits.fixLogLineBytesMax) return begin;
    if (bodyEnd + trailerBytes > window.length && !last) return 'more';
    const exact = window[bodyEnd - 1] === SOH && window.subarray(bodyEnd, bodyEnd + 3).equals(trailer);
    return exact ? bodyEnd : begin;
  }
}

/** Looks for a text in a window that only grows, and never at the same byte twice. */
class Seeker {
  readonly #text: Buffer;
  #done = 0;

  constructor(text: Buffer) {
    this.#text = text;
  }

  find(window: Buffer, from: number): number {
    const begin = Math.max(from, this.#done);
    const found = window.indexOf(this.#text, begin);
    this.#done = found >= 0 ? found : Math.max(begin, window.length - this.#text.length + 1);
    return found;
  }

  reset(): void {
    this.#done = 0;
  }
}

/** The text that stands for SOH behind BeginString(8), where SOH itself does not. */
function standInAt(window: Buffer, begin: number): '|' | '^A' | undefined {
  const head = window.toString('latin1', begin, begin + 24);
  const separator = /^8=FIX[\w.]*(\||\^A)9=/.exec(head)?.[1];
  return separator === '|' || separator === '^A' ? separator : undefined;
}
