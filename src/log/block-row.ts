import { sameBytes } from '../core/bytes.ts';
import { type BlockHeader, chainValue, sha256Bytes } from './block.ts';
import type { BlockFiles, BlockPlace } from './block-files.ts';

/** A row of `blocks`, with what it names in a block file. */
export interface BlockRow {
  readonly number: number;
  readonly channel: string;
  readonly firstSequence: number;
  readonly count: number;
  readonly epoch: number;
  readonly committedAt: number;
  readonly position: string;
  readonly previous: Uint8Array;
  readonly chain: Uint8Array;
  readonly bytesHash: Uint8Array;
  readonly meta: Uint8Array;
  /** Absent when they have expired. */
  readonly bytes: Uint8Array | undefined;
  /** Where metadata and bytes stand, if that is not the row. */
  readonly place: BlockPlace | undefined;
  /** What is wrong with where they stand. */
  readonly misplaced: string | undefined;
}

export const blockColumns =
  'number, channel, first_sequence, count, epoch, committed_at, position, previous, chain, bytes_hash, meta, bytes, file, at, meta_size, bytes_size';

const placeNames = ['file', 'at', 'meta_size', 'bytes_size'] as const;

/** The place that a row names; undefined where all of its block stands in it. */
export function placeOf(row: Record<string, unknown>): BlockPlace | undefined {
  if (row['file'] === null) return undefined;
  const [file = -1, at = -1, metaSize = -1, bytesSize = -1] = placeNames.map((name) =>
    Number(row[name] ?? -1),
  );
  return { file, at, metaSize, bytesSize };
}

/** The row and what it names; what is not where it is said to be is empty, and does not hash. */
export function blockRow(row: Record<string, unknown>, files: BlockFiles): BlockRow {
  const place = placeOf(row);
  const plain = {
    number: Number(row['number']),
    channel: String(row['channel']),
    firstSequence: Number(row['first_sequence']),
    count: Number(row['count']),
    epoch: Number(row['epoch']),
    committedAt: Number(row['committed_at']),
    position: String(row['position'] ?? ''),
    previous: asBytes(row['previous']),
    chain: asBytes(row['chain']),
    bytesHash: asBytes(row['bytes_hash']),
    place,
  };
  const meta = asBytes(row['meta']);
  const bytes = row['bytes'] === null ? undefined : asBytes(row['bytes']);
  if (place === undefined) {
    const half = placeNames.some((name) => row[name] !== null);
    const misplaced = half ? 'it names half a place in a block file' : undefined;
    return { ...plain, meta, bytes, misplaced };
  }
  const found = files.read(place);
  if (found === undefined) {
    return { ...plain, meta, bytes, misplaced: `block file ${place.file} does not hold it` };
  }
  const twice = meta.length > 0 || bytes !== undefined;
  return { ...plain, ...found, misplaced: twice ? 'it stands in its row and in a block file' : undefined };
}

/** The columns that do not say what the block itself says. */
export function differences(row: BlockRow, header: BlockHeader): string[] {
  const names = ['number', 'channel', 'firstSequence', 'count', 'epoch', 'committedAt', 'position'] as const;
  return names.filter((name) => row[name] !== header[name]);
}

/** What does not hash as it should; undefined when all of it does. */
export function brokenHash(row: BlockRow): string | undefined {
  if (row.misplaced !== undefined) return row.misplaced;
  if (row.bytes !== undefined && !sameBytes(sha256Bytes(row.bytes), row.bytesHash)) {
    return 'its bytes do not hash to what stands beside them';
  }
  const chain = chainValue(row.previous, sha256Bytes(row.meta), row.bytesHash);
  return sameBytes(chain, row.chain) ? undefined : 'it does not hash to its chain value';
}

function asBytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
