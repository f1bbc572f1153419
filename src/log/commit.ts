import type { Appended, ChannelHead } from '../contract/log.ts';
import type { Micros } from '../core/clock.ts';
import type { GatewayErrorDetails } from '../core/errors.ts';
import { GatewayError } from '../core/errors.ts';
import { readSegment } from './segment.ts';
import type { Segment, Stored } from './segment-writer.ts';

/** Bytes of an entry of a unit that are too many for its block. */
export interface UnitBlob {
  /** Which entry of the unit. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** One or more appends to one channel that become blocks together: all of it, or nothing. */
export interface CommitUnit {
  readonly channel: string;
  readonly segments: readonly Segment[];
  readonly blobs: readonly UnitBlob[];
  /** Canonical JSON. */
  readonly position?: string;
  readonly epoch?: number;
  /** How often the channel's head had been asked for after a failure, when this was made. */
  readonly generation: number;
}

/** The drafts that a unit was made of. */
export function unitDrafts({ segments, blobs }: Pick<CommitUnit, 'segments' | 'blobs'>): Stored[] {
  const large = new Map(blobs.map(({ index, bytes }) => [index, bytes]));
  const drafts = segments.flatMap((segment) => readSegment(segment.meta, segment.bytes));
  return drafts.map(({ size: _size, blob: _blob, ...draft }, index) => ({
    ...draft,
    bytes: large.get(index) ?? draft.bytes,
  }));
}

/** What is committed in one transaction. Made of plain values: it crosses to the writer's thread. */
export interface CommitGroup {
  readonly at: Micros;
  readonly units: readonly CommitUnit[];
}

/** Entries that are all new: where each of their blocks begins says everything. */
export interface AllAppended {
  readonly firstSequence: number;
  readonly blocks: readonly { readonly offset: number; readonly count: number }[];
}

export type UnitOutcome =
  | { readonly ok: true; readonly all: AllAppended }
  | { readonly ok: true; readonly each: readonly Appended[] }
  /** `world`: nothing was wrong with the unit; its channel's next positions are refused until its head is asked for. */
  | { readonly ok: false; readonly failure: PlainFailure; readonly world?: true };

/** A GatewayError as it crosses between threads. */
export interface PlainFailure extends Omit<GatewayErrorDetails, 'cause'> {
  readonly code: string;
  readonly message: string;
  readonly cause: string | undefined;
}

export function plainFailure(error: GatewayError): PlainFailure {
  const { code, message, retryable, remedy, place, exitCode, cause } = error;
  return {
    code,
    message,
    retryable,
    exitCode,
    ...(remedy !== undefined && { remedy }),
    ...(place !== undefined && { place }),
    cause: cause instanceof Error ? cause.message : undefined,
  };
}

export function failureOf({ code, message, ...details }: PlainFailure): GatewayError {
  return new GatewayError(code, message, details);
}

/** What became of each draft of a unit. */
export function eachAppended(outcome: Extract<UnitOutcome, { ok: true }>): readonly Appended[] {
  if ('each' in outcome) return outcome.each;
  const appended: Appended[] = [];
  const { firstSequence, blocks } = outcome.all;
  for (const { offset, count } of blocks) {
    for (let index = 0; index < count; index++) {
      const sequence = firstSequence + appended.length;
      appended.push({ outcome: 'appended', offset: offset + index, sequence });
    }
  }
  return appended;
}

/** What the writer knows of the end of a channel. */
export interface Tail extends Omit<ChannelHead, 'chain' | 'position'> {
  readonly chain: Uint8Array;
  readonly position: string;
}
