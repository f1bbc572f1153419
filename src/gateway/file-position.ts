import type { ChannelHead } from '../contract/log.ts';
import type { FileInfo } from '../contract/source.ts';
import { canonicalJson, type JsonValue } from '../core/json.ts';

/**
 * How far a channel has come with the file that it read last: the position that is committed with every batch.
 * `reading`: booked up to `next`. `closed`: all of it is booked, or it was refused. `archived`: it is out of the way.
 */
export interface FilePosition {
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
}

export function filePositionOf(head: ChannelHead): FilePosition | undefined {
  const { position } = head;
  if (typeof position !== 'object' || position === null || Array.isArray(position)) return undefined;
  return 'sha256' in position ? (position as unknown as FilePosition) : undefined;
}

export function positionJson(position: FilePosition): JsonValue {
  return JSON.parse(canonicalJson({ ...position }));
}

/** The same file, as far as its place tells: nobody touched it since. */
export function sameFile(position: FilePosition, file: FileInfo): boolean {
  const { name, size, modifiedAt } = position;
  return name === file.name && size === file.size && modifiedAt === file.modifiedAt;
}
