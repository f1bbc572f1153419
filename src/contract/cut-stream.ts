import { Buffer } from 'node:buffer';
import type { Issue } from '../core/issue.ts';
import type { Cut, FrameContext, FramerState } from './frame.ts';

/**
 * What stands at the front of a window; `length` 0: that takes a window of at least `wanted` bytes to say. `step`: how
 * many of those that are there already are worth taking at a time.
 */
export interface Judgement {
  readonly length: number;
  readonly wanted?: number;
  readonly step?: number;
  /** Garbage, and why; absent: a frame. */
  readonly why?: Issue;
  readonly context?: FrameContext;
}

/** Says what stands at the front; keeps what it learned of a front that it could not yet name. */
export interface Judge {
  judge(bytes: Buffer, at: number, to: number, last: boolean): Judgement;
}

export function wait(wanted: number): Judgement {
  return { length: 0, wanted };
}

/** Something is looked for, and any further byte may bring it. */
export function search(window: Uint8Array): Judgement {
  return { length: 0, wanted: window.length + 1, step: searchStep };
}

const searchStep = 256;

/**
 * A framer's state around a judge. Cuts that lie in one chunk share its memory; what crosses chunks is copied once.
 * From a chunk that ends an unfinished cut only as much is taken as the judge wants.
 */
export function cutStream(judge: Judge): FramerState {
  return new CutStream(judge);
}

/** Room that is kept for the next unfinished cut. */
const carryKeptBytesMax = 256 * 1024;

class CutStream implements FramerState {
  readonly #judge: Judge;
  /** Bytes of earlier chunks that wait for more. */
  #carry: Buffer = Buffer.alloc(0);
  #carried = 0;
  #wanted = 1;
  #step = 1;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  feed(chunk: Uint8Array, last: boolean): readonly Cut[] {
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const cuts: Cut[] = [];
    let at = 0;
    while (this.#carried > 0 && at < bytes.length) {
      const to = Math.min(bytes.length, at + Math.max(this.#step, this.#wanted - this.#carried));
      this.#keep(bytes, at, to);
      at = to;
      this.#drainCarry(cuts, last && at === bytes.length);
    }
    if (at < bytes.length) {
      at = this.#drain(bytes, at, bytes.length, last, cuts, false);
      this.#keep(bytes, at, bytes.length);
    } else if (last) {
      this.#drainCarry(cuts, true);
    }
    if (this.#carried > 0) cuts.push({ kind: 'partial', length: this.#carried });
    return cuts;
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    const needed = this.#carried + to - from;
    if (needed > this.#carry.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(1024, needed * 2));
      this.#carry.copy(grown, 0, 0, this.#carried);
      this.#carry = grown;
    }
    bytes.copy(this.#carry, this.#carried, from, to);
    this.#carried = needed;
  }

  #drainCarry(cuts: Cut[], last: boolean): void {
    if (!last && this.#carried < this.#wanted) return;
    const used = this.#drain(this.#carry, 0, this.#carried, last, cuts, true);
    if (used > 0) this.#carry.copyWithin(0, used, this.#carried);
    this.#carried -= used;
    if (this.#carried === 0 && this.#carry.length > carryKeptBytesMax) this.#carry = Buffer.alloc(0);
  }

  /** Cuts what can be cut from `from` to `to`; gives the offset behind the last cut. */
  #drain(bytes: Buffer, from: number, to: number, last: boolean, cuts: Cut[], copy: boolean): number {
    let at = from;
    while (at < to) {
      const { length, wanted = 1, step = 1, why, context } = this.#judge.judge(bytes, at, to, last);
      this.#wanted = wanted;
      this.#step = step;
      if (length === 0) break;
      const piece = bytes.subarray(at, at + length);
      const cut = copy ? Buffer.from(piece) : piece;
      if (why !== undefined) cuts.push({ kind: 'garbage', bytes: cut, why });
      else
        cuts.push(
          context === undefined ? { kind: 'frame', bytes: cut } : { kind: 'frame', bytes: cut, context },
        );
      at += length;
    }
    return at;
  }
}
