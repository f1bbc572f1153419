import { Buffer } from 'node:buffer';
import type { Cut, FrameContext, Framer, FramerState } from '../../src/contract/frame.ts';
import { latin1Text } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Limits } from '../../src/core/limits.ts';
import { recordsIssue } from './issues.ts';
import type { Layout } from './layout.ts';
import { recordReader, textOf } from './record-text.ts';

/** Names of the members of a record's context: the text of its file's header, and its line, counted from 1. */
export const headerContext = 'header';
export const lineContext = 'line';

/**
 * Cuts a record file into lines, each a record with its line end. The header's text rides in the context of every
 * record behind it, so that a record can be read again from the log alone. An empty line is harmless garbage; a line
 * without its end at the end of the file is a record where it is surely a whole one, else the file was cut short. Of a
 * delimited detail nobody can tell: its last field may have been longer. (A trailer is told by its totals.)
 */
export function recordFramer(layout: Layout): Framer {
  return { open: (limits) => new LineCutter(layout, limits) };
}

const LF = 0x0a;

class LineCutter implements FramerState {
  readonly #limits: Limits;
  readonly #reader: ReturnType<typeof recordReader>;
  readonly #openEnd: boolean;
  /** Bytes of earlier chunks that wait for the end of their line. */
  #carry: Buffer = Buffer.alloc(0);
  #carried = 0;
  #line = 1;
  #header: string | undefined;
  /** Pieces of this line were told already: it is too long. */
  #long = false;

  constructor(layout: Layout, limits: Limits) {
    this.#limits = limits;
    this.#reader = recordReader(layout);
    const { form, framing } = layout.data;
    this.#openEnd = form.kind === 'fixed' || framing.lastEnd === 'optional';
  }

  feed(chunk: Uint8Array, last: boolean): readonly Cut[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const cuts: Cut[] = [];
    let at = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, at)) {
      this.#lineOf(bytes.subarray(at, end + 1), cuts);
      at = end + 1;
    }
    if (at < bytes.length) this.#keep(bytes.subarray(at));
    this.#pieces(cuts);
    if (last && this.#carried > 0) this.#end(this.#taken(), cuts);
    if (this.#carried > 0) cuts.push({ kind: 'partial', length: this.#carried });
    return cuts;
  }

  /** The rest of a line, its end included. */
  #lineOf(rest: Buffer, cuts: Cut[]): void {
    let bytes = rest;
    if (this.#carried > 0 || rest.length > this.#limits.recordBytesMax) {
      this.#keep(rest);
      this.#pieces(cuts);
      bytes = this.#taken();
    }
    if (bytes.length > 0) cuts.push(this.#long ? this.#tooLong(bytes) : this.#record(bytes));
    this.#long = false;
    this.#line++;
  }

  /** Of a line that is too long, whole pieces from its beginning on. */
  #pieces(cuts: Cut[]): void {
    if (!this.#long && this.#carried <= this.#limits.recordBytesMax) return;
    this.#long = true;
    const size = this.#limits.garbagePieceBytesMax;
    if (this.#carried < size) return;
    const bytes = this.#taken();
    let at = 0;
    for (; bytes.length - at >= size; at += size) cuts.push(this.#tooLong(bytes.subarray(at, at + size)));
    this.#keep(bytes.subarray(at));
  }

  #tooLong(bytes: Buffer): Cut {
    const text = `line ${this.#line} is longer than ${this.#limits.recordBytesMax} bytes`;
    return garbage(bytes, recordsIssue('RECORDS_LINE_TOO_LONG', text, { line: this.#line }));
  }

  #record(bytes: Buffer): Cut {
    const text = textOf(bytes);
    if (text === '')
      return garbage(bytes, recordsIssue('RECORDS_BLANK_LINE', 'an empty line', { line: this.#line }));
    const type = this.#reader.typeOf(text);
    const line = { [lineContext]: String(this.#line) };
    if (type?.role === 'header') this.#header = text;
    const context: FrameContext =
      this.#header === undefined || type?.role === 'header'
        ? line
        : { [headerContext]: this.#header, ...line };
    return { kind: 'frame', bytes, context };
  }

  /** What stands at the end of the file without a line end. */
  #end(bytes: Buffer, cuts: Cut[]): void {
    if (this.#long) cuts.push(this.#tooLong(bytes));
    else cuts.push(this.#whole(bytes) ? this.#record(bytes) : this.#cutShort(bytes));
    this.#long = false;
  }

  #whole(bytes: Buffer): boolean {
    const text = textOf(bytes);
    const type = this.#reader.typeOf(text);
    if (type === undefined || this.#reader.lengthProblem(type, text) !== undefined) return false;
    return this.#openEnd || type.role === 'trailer';
  }

  #cutShort(bytes: Buffer): Cut {
    const text = latin1Text(bytes);
    const type = this.#reader.typeOf(text);
    const problem = type === undefined ? undefined : this.#reader.lengthProblem(type, text);
    const what =
      type === undefined ? '' : `: the ${type.name} record there ${problem ?? 'has no line end behind it'}`;
    const message = `the file ends inside line ${this.#line}${what}`;
    return garbage(bytes, recordsIssue('RECORDS_CUT_SHORT', message, { line: this.#line }));
  }

  #keep(bytes: Buffer): void {
    const needed = this.#carried + bytes.length;
    if (needed > this.#carry.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(1024, needed * 2));
      this.#carry.copy(grown, 0, 0, this.#carried);
      this.#carry = grown;
    }
    bytes.copy(this.#carry, this.#carried);
    this.#carried = needed;
  }

  /** What waits, as a copy of its own. */
  #taken(): Buffer {
    const bytes = Buffer.from(this.#carry.subarray(0, this.#carried));
    this.#carried = 0;
    return bytes;
  }
}

function garbage(bytes: Uint8Array, why: Issue): Cut {
  return { kind: 'garbage', bytes, why };
}
