import type { ChannelHead } from '../contract/log.ts';
import type { FileInfo } from '../contract/source.ts';
import type { JsonValue } from '../core/json.ts';

/** What a channel of files keeps beyond one file: it goes from position to position. */
export interface KeptPosition {
  /** When the channel began to wait for expected files, in microseconds. */
  readonly since?: number;
  /** Due dates that were met, for each expected feed; the newest last. */
  readonly met?: Readonly<Record<string, readonly string[]>>;
  /** How many releases of held files are carried out. */
  readonly releases?: number;
}

/** What a file was found to say of itself. */
export interface Judged {
  readonly businessDate?: string;
  readonly totals: readonly string[];
}

/** An expected arrival that a file meets. */
export interface MetDue {
  /** The day on which it is due, in the channel's zone, and the instant. */
  readonly date: string;
  readonly dueAt: string;
  readonly late: boolean;
}

/**
 * How far a channel has come with the file that it read last: the position that is committed with every batch.
 * `reading`: booked up to `next`. `closed`: all of it is booked, or it was refused. `archived`: it is out of the way.
 */
export interface FilePosition extends KeptPosition {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly modifiedAt: number;
  readonly sha256: string;
  readonly stage: 'reading' | 'closed' | 'archived';
  /** Cuts of the framer that are behind us: frames, garbage and what was skipped. */
  readonly next: number;
  readonly records: number;
  readonly quarantined: number;
  readonly skipped: number;
  /** Cuts of the whole file, where it was judged. */
  readonly cuts?: number;
  /** Which file under its key, from 1; absent for the first one, which supersedes nothing. */
  readonly generation?: number;
  readonly judged?: Judged;
  /** Which expected feed it is, and the arrival that it meets. */
  readonly feed?: string;
  readonly due?: MetDue;
  /** The release that is being carried out; such a file has no original to be archived. */
  readonly release?: number;
}

export function filePositionOf(head: ChannelHead): FilePosition | undefined {
  const { position } = head;
  if (typeof position !== 'object' || position === null || Array.isArray(position)) return undefined;
  return 'sha256' in position ? (position as unknown as FilePosition) : undefined;
}

export function keptOf({ position }: ChannelHead): KeptPosition {
  if (typeof position !== 'object' || position === null || Array.isArray(position)) return {};
  const { since, met, releases } = position as KeptPosition;
  return {
    ...(since !== undefined && { since }),
    ...(met !== undefined && { met }),
    ...(releases !== undefined && { releases }),
  };
}

export function positionJson(position: FilePosition | KeptPosition): JsonValue {
  return JSON.parse(JSON.stringify(position));
}

/** The same file, as far as its place tells: nobody touched it since. */
export function sameFile(position: FilePosition, file: FileInfo): boolean {
  const { name, size, modifiedAt } = position;
  return name === file.name && size === file.size && modifiedAt === file.modifiedAt;
}

/** What every signal says of a file. */
export function aboutFile(position: FilePosition): {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly businessDate?: string;
  readonly feed?: string;
} {
  const { name, sha256, size, judged, feed } = position;
  const businessDate = judged?.businessDate;
  return {
    name,
    sha256,
    size,
    ...(businessDate !== undefined && { businessDate }),
    ...(feed !== undefined && { feed }),
  };
}
