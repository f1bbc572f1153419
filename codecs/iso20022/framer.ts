import type { Buffer } from 'node:buffer';
import { cutStream, type Judge, type Judgement, search } from '../../src/contract/cut-stream.ts';
import type { FrameContext, Framer } from '../../src/contract/frame.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { Ancestors } from './ancestors.ts';
import { mxIssue } from './issues.ts';
import { contextOf, type PartKind } from './part.ts';
import { localName, type Seen, startsWith, TagScan } from './tag-scan.ts';

/**
 * Cuts a stream of XML documents: from the first `<` of a document (a byte order mark before it included) to the end of
 * its root element, blanks and comments behind it included; a document is told when something else, or the end, follows.
 * AppHdr and a Document behind it are one. It counts tags and judges nothing else: what is inside is for decode to say. An XML
 * declaration inside of an element shows that the document before it was cut: garbage up to there.
 *
 * A document of more than `mxWholeBytesMax` whose message has items (`tables/items.json`) is told in parts: the head, each item
 * with the blanks behind it, what stands between two items where that is something, and the tail. What stands around a part rides
 * in its context (`part.ts`).
 */
export const mxFramer: Framer = { open: (limits) => cutStream(new MxJudge(limits)) };

const less = 0x3c;
const declaration = '<?xml';
/** Bytes of blanks and comments behind a document that still belong to it. */
const blanksMax = 1024;

type Where = 'outside' | 'whole' | 'part' | 'item' | 'behind';

class MxJudge implements Judge {
  readonly #limits: Limits;
  readonly #scan = new TagScan();
  #where: Where = 'outside';
  /** Where the document begins in the window, behind a byte order mark. */
  #begin = 0;
  #depth = 0;
  #endedAt = 0;
  /** Where a search goes on. */
  #at = 0;
  /** The root is AppHdr, and nothing stands behind it yet. */
  #headed = false;
  #ancestors: Ancestors | undefined;
  /** What stands around the part at hand; undefined: it is the head. */
  #around: { readonly items: string; readonly behind: string } | undefined;
  #items = 0;
  /** Items in the element that the last one stood in. */
  #within = 0;
  #skipped: Issue | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  judge(bytes: Buffer, at: number, to: number, last: boolean): Judgement {
    const window = bytes.subarray(at, to);
    if (this.#where === 'outside') return this.#between(window, last);
    if (this.#where === 'whole') return this.#whole(window, last);
    if (this.#where === 'part') return this.#part(window, last);
    return this.#where === 'item' ? this.#item(window, last) : this.#behind(window, last);
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
    if (start === 0 && whole) return this.#begun(window, found, last);
    const max = this.#limits.garbagePieceBytesMax;
    const length = start >= max ? max : whole || last ? start : 0;
    this.#at = start - length;
    if (length === 0) return search(window);
    return { length, why: this.#skipped ?? garbage(window.subarray(0, length)) };
  }

  #begun(window: Buffer, at: number, last: boolean): Judgement {
    this.#skipped = undefined;
    this.#where = 'whole';
    this.#begin = at;
    this.#depth = 0;
    this.#headed = false;
    this.#ancestors = undefined;
    this.#around = undefined;
    this.#items = 0;
    this.#within = 0;
    this.#scan.begin(at);
    return this.#whole(window, last);
  }

  /** A document that may yet be short enough to be told as one. */
  #whole(window: Buffer, last: boolean): Judgement {
    const scan = this.#scan;
    const max = this.#limits.mxWholeBytesMax;
    for (;;) {
      const tag = scan.next(window, Math.min(window.length, max), last);
      if (tag === 'wait') {
        if (scan.at < max) return last ? this.#lose('MX_TRUNCATED', window.length) : search(window);
        this.#inParts();
        return this.#part(window, last);
      }
      if (tag === 'declared') {
        if (this.#depth > 0) return this.#lose('MX_TRUNCATED', scan.from);
        continue;
      }
      if (this.#depth === 0 && tag !== 'close') this.#headed = isHeader(window, scan.from);
      if (tag === 'open') this.#depth++;
      else if (tag === 'close') this.#depth--;
      if (this.#depth <= 0) return this.#ended(window, last);
    }
  }

  /** It is too long: it is read again from its beginning, and its items are looked for. */
  #inParts(): void {
    this.#where = 'part';
    this.#ancestors = new Ancestors(this.#limits.mxContextCharsMax);
    this.#headed = false;
    this.#scan.begin(this.#begin);
  }

  /** Up to the next item, or the end of the document. */
  #part(window: Buffer, last: boolean): Judgement {
    const ancestors = this.#ancestors ?? new Ancestors(0);
    const scan = this.#scan;
    const max = this.#limits.mxMessageBytesMax;
    for (;;) {
      const tag = scan.next(window, Math.min(window.length, max), last);
      if (tag === 'wait') return this.#unended(window, last);
      const { from, at } = scan;
      if (tag === 'declared') {
        if (ancestors.depth > 0) return this.#lose('MX_TRUNCATED', from);
      } else if (tag === 'close') ancestors.closed(window, at);
      else if (ancestors.itemAt(window, from))
        return from > 0 ? this.#beforeItem(from) : this.#itemBegun(window, tag, last);
      else {
        if (ancestors.depth === 0) this.#headed = isHeader(window, from);
        if (tag === 'open') ancestors.opened(window, from, at);
        else ancestors.empty(window, from, at);
      }
      if (tag !== 'declared' && ancestors.depth <= 0) return this.#ended(window, last);
    }
  }

  /** The head, or what stands between two items. */
  #beforeItem(length: number): Judgement {
    const around = this.#ancestors?.said();
    if (around === undefined) return this.#lose('MX_LIMIT', length);
    const context = this.#contextOf(this.#around === undefined ? 'head' : 'between');
    if (this.#ancestors?.moved()) this.#within = 0;
    this.#around = around;
    this.#scan.begin(0);
    return { length, context };
  }

  #contextOf(kind: PartKind): FrameContext {
    const before = (kind === 'item' ? this.#around?.items : this.#around?.behind) ?? '';
    return contextOf({ kind, before, number: this.#items, within: this.#within });
  }

  #itemBegun(window: Buffer, tag: 'open' | 'empty', last: boolean): Judgement {
    this.#where = 'item';
    this.#depth = tag === 'open' ? 1 : 0;
    this.#items++;
    this.#within++;
    return this.#item(window, last);
  }

  #item(window: Buffer, last: boolean): Judgement {
    const scan = this.#scan;
    const end = Math.min(window.length, this.#limits.mxMessageBytesMax);
    while (this.#depth > 0) {
      const tag = scan.next(window, end, last);
      if (tag === 'wait') return this.#unended(window, last);
      if (tag === 'declared') return this.#lose('MX_TRUNCATED', scan.from);
      if (tag === 'open') this.#depth++;
      else if (tag === 'close') this.#depth--;
    }
    while (scan.at < end && blank(window[scan.at])) scan.at++;
    if (scan.at === window.length && scan.at < this.#limits.mxMessageBytesMax && !last) return search(window);
    const length = scan.at;
    this.#where = 'part';
    scan.begin(0);
    return { length, context: this.#contextOf('item') };
  }

  #unended(window: Buffer, last: boolean): Judgement {
    const max = this.#limits.mxMessageBytesMax;
    if (this.#scan.at >= max) return this.#lose('MX_MESSAGE_TOO_LONG', max);
    return last ? this.#lose('MX_TRUNCATED', window.length) : search(window);
  }

  /** The root element has ended. */
  #ended(window: Buffer, last: boolean): Judgement {
    this.#where = 'behind';
    this.#endedAt = this.#scan.at;
    this.#at = this.#scan.at;
    return this.#behind(window, last);
  }

  #behind(window: Buffer, last: boolean): Judgement {
    const max = this.#endedAt + blanksMax;
    for (;;) {
      while (this.#at < Math.min(window.length, max) && blank(window[this.#at])) this.#at++;
      const comment = startsWith(window, this.#at, '<!--');
      const end = comment === 'yes' ? window.indexOf('-->', this.#at + 4) : -1;
      if (end < 0 || end + 3 > max) {
        const open = comment !== 'no' && window.length <= max && end < 0;
        if (open && !last) return search(window);
        const more = this.#headed ? startsSibling(window, this.#at) : 'no';
        if (more === 'maybe' && !last) return search(window);
        return more === 'yes' ? this.#sibling(window, last) : this.#told();
      }
      this.#at = end + 3;
    }
  }

  /** The Document behind AppHdr. */
  #sibling(window: Buffer, last: boolean): Judgement {
    this.#headed = false;
    this.#depth = 0;
    this.#where = this.#ancestors === undefined ? 'whole' : 'part';
    if (this.#ancestors !== undefined) this.#ancestors.depth = 0;
    this.#scan.begin(this.#at);
    return this.#where === 'whole' ? this.#whole(window, last) : this.#part(window, last);
  }

  #told(): Judgement {
    const length = this.#at;
    const context = this.#around === undefined ? undefined : this.#contextOf('tail');
    this.#where = 'outside';
    this.#at = 0;
    return context === undefined ? { length } : { length, context };
  }

  #lose(code: 'MX_TRUNCATED' | 'MX_MESSAGE_TOO_LONG' | 'MX_LIMIT', length: number): Judgement {
    const { mxMessageBytesMax, mxContextCharsMax } = this.#limits;
    const texts = {
      MX_TRUNCATED: 'the document is cut',
      MX_MESSAGE_TOO_LONG: `no end within ${mxMessageBytesMax} bytes`,
      MX_LIMIT: `more than ${mxContextCharsMax} characters stand around the items`,
    };
    const why = mxIssue(code, texts[code]);
    if (code !== 'MX_TRUNCATED') this.#skipped = why;
    this.#where = 'outside';
    this.#at = 0;
    return { length, why };
  }
}

/** A declaration, a comment, a DOCTYPE or a root element begins at a `<`. */
function startsDocument(window: Buffer, at: number): Seen {
  const next = window[at + 1];
  if (next === undefined) return 'maybe';
  const letter = (next >= 0x41 && next <= 0x5a) || (next >= 0x61 && next <= 0x7a) || next === 0x5f;
  return letter || next >= 0x80 || next === 0x3f || next === 0x21 ? 'yes' : 'no';
}

function isHeader(window: Buffer, from: number): boolean {
  return localName(window, from) === 'AppHdr';
}

/** A name that is longer is not waited for. */
const nameBytesMax = 256;

/** Whether a Document begins at `at`. */
function startsSibling(window: Buffer, at: number): Seen {
  const first = startsWith(window, at, '<');
  if (first !== 'yes') return first;
  const local = localName(window.subarray(0, at + nameBytesMax), at);
  if (local === undefined) return window.length >= at + nameBytesMax ? 'no' : 'maybe';
  return local === 'Document' ? 'yes' : 'no';
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
