import { Buffer } from 'node:buffer';
import type { Appended } from '../contract/log.ts';
import type { Limits } from '../core/limits.ts';
import {
  type CommitUnit,
  eachAppended,
  failureOf,
  type UnitBlob,
  type UnitOutcome,
  unitDrafts,
} from './commit.ts';
import type { Prepared } from './draft.ts';
import { type Segment, SegmentEncoder, type SegmentMemory, type Stored } from './segment-writer.ts';

/** One append, as somebody waits for it. */
export interface Call {
  readonly count: number;
  readonly sizeBytes: number;
  /** Canonical JSON. */
  readonly position: string | undefined;
  /** Begins a new epoch, or revises: it can be refused for what it is, and stands or falls alone. */
  readonly refusable: boolean;
  readonly epoch: number | undefined;
  resolve(appended: readonly Appended[]): void;
  reject(error: unknown): void;
}

/** What an entry weighs besides its bytes and events. */
const entryOverheadBytes = 128;
/** From here on a unit is written where large ones are. */
const largeUnitBytes = 16 * 1024;
/** A position that is longer takes its room from the next entries. */
const positionBytes = 256;

/**
 * Appends to one channel that stand or fall together. Entries are encoded as they come, so that a caller's objects live no
 * longer than its call: what waits for the writer is bytes.
 */
export class AppendUnit {
  readonly channel: string;
  readonly calls: Call[] = [];
  sizeBytes = 0;
  private readonly limits: Limits;
  private readonly memory: SegmentMemory | undefined;
  private readonly blobs: UnitBlob[] = [];
  private encoder: SegmentEncoder | undefined;
  private segments: readonly Segment[] | undefined;
  private count = 0;
  private reserved = positionBytes;

  constructor(channel: string, limits: Limits, memory: SegmentMemory | undefined) {
    this.channel = channel;
    this.limits = limits;
    this.memory = memory;
  }

  add(call: Call, drafts: readonly Stored[]): void {
    this.calls.push(call);
    this.sizeBytes += call.sizeBytes;
    if (call.position !== undefined)
      this.reserved = Math.max(this.reserved, Buffer.byteLength(call.position));
    const large = call.sizeBytes >= largeUnitBytes;
    this.encoder ??= new SegmentEncoder(this.limits, large ? this.memory : undefined);
    for (const draft of drafts) {
      if (draft.bytes.length > this.limits.entryBytesInlineMax)
        // A copy, as what is encoded is one: its caller may write over it before the writer has it.
        this.blobs.push({ index: this.count, bytes: new Uint8Array(draft.bytes) });
      this.encoder.add(draft, this.reserved);
      this.count += 1;
    }
  }

  /** The unit as the writer takes it. Nothing is added any more. */
  made(generation: number): CommitUnit {
    const { channel, blobs } = this;
    this.segments ??= this.encoder?.finish() ?? [];
    const position = this.calls.findLast((call) => call.position !== undefined)?.position;
    const epoch = this.calls[0]?.epoch;
    return {
      channel,
      segments: this.segments,
      blobs,
      generation,
      ...(position !== undefined && { position }),
      ...(epoch !== undefined && { epoch }),
    };
  }

  /** What is left when calls with a position are refused; undefined when that is nothing. */
  withoutPositions(refused: (call: Call) => void): AppendUnit | undefined {
    if (this.calls.every(({ position }) => position !== undefined)) {
      for (const call of this.calls) refused(call);
      return undefined;
    }
    const drafts = unitDrafts(this.made(0));
    const rest = new AppendUnit(this.channel, this.limits, this.memory);
    let at = 0;
    for (const call of this.calls) {
      if (call.position === undefined) rest.add(call, drafts.slice(at, at + call.count));
      else refused(call);
      at += call.count;
    }
    return rest;
  }

  /** Answers everybody who waits. */
  settle(outcome: UnitOutcome | undefined): void {
    if (outcome === undefined || !outcome.ok) {
      this.reject(outcome && failureOf(outcome.failure));
      return;
    }
    const appended = eachAppended(outcome);
    let at = 0;
    for (const call of this.calls) {
      call.resolve(this.calls.length === 1 ? appended : appended.slice(at, at + call.count));
      at += call.count;
    }
  }

  reject(error: unknown): void {
    for (const call of this.calls) call.reject(error);
  }
}

/** What drafts weigh in the queue. */
export function sizeOf(drafts: readonly Prepared[]): number {
  let size = 0;
  for (const { bytes, events } of drafts) {
    size += bytes.length + entryOverheadBytes;
    for (const event of events) size += event.length;
  }
  return size;
}
