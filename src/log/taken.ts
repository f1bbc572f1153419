import { blockOfOffset, indexOfOffset, offsetsPerBlock } from '../contract/entry.ts';
import { type Origin, originText } from '../contract/origin.ts';
import { sameBytes } from '../core/bytes.ts';
import { chainValue, decodeMeta, sha256Bytes } from './block.ts';
import { BlockFiles } from './block-files.ts';
import { placeOf } from './block-row.ts';
import { damagedBlock, decodeBlock } from './damage.ts';
import { readOrigins, type SegmentOrigin } from './segment.ts';
import type { Database, Statement } from './sqlite.ts';

/** An entry that holds an origin. */
export interface Taken {
  readonly offset: number;
  readonly digest: string;
}

/** Origins of blocks that are kept decoded, counted in entries: a resent range lies in a few blocks. */
const cachedEntriesMax = 200_000;
/** Scopes whose high-water mark is kept: one per live session and open file, and many more. */
const cachedScopesMax = 10_000;

/**
 * Which origins of the log are taken, and by what. Numbers above a scope's high-water mark are free without a look at
 * the disk; below it the ranges say which block holds a number, exactly. Keys and revisions have a row each.
 */
export class TakenOrigins {
  private readonly highest = new Map<string, number>();
  private readonly blocks = new Map<number, BlockOrigins>();
  private cachedEntries = 0;
  private readonly rangeBelow: Statement;
  private readonly highestRange: Statement;
  private readonly keyRow: Statement;
  private readonly revisionRow: Statement;
  private readonly newestRow: Statement;
  private readonly metaRow: Statement;

  private readonly path: string;
  private readonly files: BlockFiles;

  constructor(path: string, database: Database) {
    this.path = path;
    this.rangeBelow = database.prepare(
      'SELECT first, last, block FROM ranges WHERE channel = ? AND scope = ? AND first <= ? ORDER BY first DESC LIMIT 1',
    );
    this.highestRange = database.prepare(
      'SELECT last FROM ranges WHERE channel = ? AND scope = ? ORDER BY first DESC LIMIT 1',
    );
    this.keyRow = database.prepare('SELECT offset FROM keys WHERE channel = ? AND scope = ? AND key = ?');
    this.revisionRow = database.prepare(
      'SELECT offset FROM revisions WHERE channel = ? AND origin = ? AND revision = ?',
    );
    this.newestRow = database.prepare(
      'SELECT max(revision) AS newest FROM revisions WHERE channel = ? AND origin = ?',
    );
    this.files = new BlockFiles(path);
    this.metaRow = database.prepare(
      'SELECT previous, chain, bytes_hash, meta, file, at, meta_size, bytes_size FROM blocks WHERE number = ?',
    );
  }

  /** Lets go of the block files. */
  close(): void {
    this.files.close();
  }

  /** The highest number that is taken in a scope; -1 when none is. */
  highestOrdinal(channel: string, scope: string): number {
    const key = scopeKey(channel, scope);
    const known = this.highest.get(key);
    if (known !== undefined) return known;
    const last = Number(this.highestRange.get(channel, scope)?.['last'] ?? -1);
    this.raise(channel, scope, last);
    return last;
  }

  /** Notes that a number is taken now, after its commit. */
  raise(channel: string, scope: string, ordinal: number): void {
    const key = scopeKey(channel, scope);
    const known = this.highest.get(key) ?? -1;
    this.highest.delete(key);
    this.highest.set(key, Math.max(known, ordinal));
    const oldest = this.highest.keys().next().value;
    if (this.highest.size > cachedScopesMax && oldest !== undefined) this.highest.delete(oldest);
  }

  /** Forgets everything that is not on the disk, after a failed commit. */
  forget(): void {
    this.highest.clear();
    this.blocks.clear();
    this.cachedEntries = 0;
  }

  /** The entry that took an origin first; undefined when the origin is free. */
  first(channel: string, origin: Origin): Taken | undefined {
    const offset = this.firstOffset(channel, origin);
    return offset === undefined ? undefined : { offset, digest: this.digestAt(offset) };
  }

  firstOffset(channel: string, origin: Origin): number | undefined {
    if ('key' in origin) return asNumber(this.keyRow.get(channel, origin.scope, origin.key)?.['offset']);
    const row = this.rangeBelow.get(channel, origin.scope, origin.ordinal);
    if (row === undefined || Number(row['last']) < origin.ordinal) return undefined;
    const block = Number(row['block']);
    const index = this.originsOf(block).byText.get(originText(origin));
    return index === undefined ? undefined : block * offsetsPerBlock + index;
  }

  /** The newest revision of an entry that exists; 0 when it has none. */
  newestRevision(channel: string, origin: Origin): number {
    return Number(this.newestRow.get(channel, originText(origin))?.['newest'] ?? 0);
  }

  /** The offset of a revision; revision 0 is the entry itself. */
  revisionOffset(channel: string, origin: Origin, revision: number): number | undefined {
    if (revision === 0) return this.firstOffset(channel, origin);
    return asNumber(this.revisionRow.get(channel, originText(origin), revision)?.['offset']);
  }

  private digestAt(offset: number): string {
    return this.originsOf(blockOfOffset(offset)).digests[indexOfOffset(offset)] ?? '';
  }

  /** The metadata of a block, which hashes to its chain value. */
  private metaOf(block: number): Uint8Array {
    const row = this.metaRow.get(block);
    const place = row && placeOf(row);
    const meta = place === undefined ? row?.['meta'] : this.files.read(place)?.meta;
    if (meta instanceof Uint8Array && row !== undefined && hashes(row, meta)) return meta;
    // The writer may have let its bytes expire since the row was read: then it is back in its row.
    const again = place && this.metaRow.get(block);
    const back = again?.['file'] === null ? again['meta'] : undefined;
    if (back instanceof Uint8Array && again !== undefined && hashes(again, back)) return back;
    throw damagedBlock(this.path, block, 'the index names it, and it is not there as it was');
  }

  private originsOf(block: number): BlockOrigins {
    const known = this.blocks.get(block);
    if (known !== undefined) return known;
    const origins = blockOrigins(this.metaOf(block), block, this.path);
    this.blocks.set(block, origins);
    this.cachedEntries += origins.digests.length;
    for (const [oldest, { digests }] of this.blocks) {
      if (this.cachedEntries <= cachedEntriesMax || oldest === block) break;
      this.blocks.delete(oldest);
      this.cachedEntries -= digests.length;
    }
    return origins;
  }
}

/** The origins of one block, by text and by place; revisions stand under the origin of another entry. */
interface BlockOrigins {
  readonly byText: ReadonlyMap<string, number>;
  readonly digests: readonly string[];
}

function hashes(row: Record<string, unknown>, meta: Uint8Array): boolean {
  const [previous, chain, bytesHash] = [row['previous'], row['chain'], row['bytes_hash']];
  if (!(previous instanceof Uint8Array && chain instanceof Uint8Array && bytesHash instanceof Uint8Array))
    return false;
  return sameBytes(chainValue(previous, sha256Bytes(meta), bytesHash), chain);
}

function blockOrigins(meta: Uint8Array, block: number, path: string): BlockOrigins {
  const origins = decodeBlock(path, block, () => readOrigins(decodeMeta(meta).segment));
  const byText = new Map<string, number>();
  for (const [index, { origin, revision }] of origins.entries()) {
    if (revision === 0) byText.set(originText(origin), index);
  }
  return { byText, digests: origins.map((one) => one.digest) };
}

/** One row of the index for each run of numbers in a segment, each key and each revision. */
export interface IndexRows {
  readonly ranges: readonly { readonly scope: string; readonly first: number; readonly last: number }[];
  readonly keys: readonly { readonly scope: string; readonly key: string; readonly index: number }[];
  readonly revisions: readonly {
    readonly origin: string;
    readonly revision: number;
    readonly index: number;
    readonly voids: number;
  }[];
}

/** What the index has to hold about the entries of one block. */
export function indexRows(origins: readonly SegmentOrigin[]): IndexRows {
  const ordinals = new Map<string, number[]>();
  const keys: IndexRows['keys'][number][] = [];
  const revisions: IndexRows['revisions'][number][] = [];
  for (const [index, { kind, origin, revision, voids }] of origins.entries()) {
    if (kind === 'revision') revisions.push({ origin: originText(origin), revision, index, voids });
    else if ('key' in origin) keys.push({ scope: origin.scope, key: origin.key, index });
    else ordinalsOf(ordinals, origin.scope).push(origin.ordinal);
  }
  const ranges = [...ordinals].flatMap(([scope, list]) => runs(list).map((run) => ({ scope, ...run })));
  return { ranges, keys, revisions };
}

function ordinalsOf(ordinals: Map<string, number[]>, scope: string): number[] {
  const known = ordinals.get(scope);
  if (known !== undefined) return known;
  const list: number[] = [];
  ordinals.set(scope, list);
  return list;
}

/** The runs of following numbers, in order. */
function runs(ordinals: readonly number[]): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  for (const ordinal of ordinals.toSorted((left, right) => left - right)) {
    const open = found.at(-1);
    if (open !== undefined && ordinal === open.last + 1) open.last = ordinal;
    else found.push({ first: ordinal, last: ordinal });
  }
  return found;
}

function scopeKey(channel: string, scope: string): string {
  return JSON.stringify([channel, scope]);
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
