import { offsetsPerBlock } from '../contract/entry.ts';
import type { Micros } from '../core/clock.ts';
import { type BlockHeader, type BlockRepeat, genesisChain } from './block.ts';
import type { BlockFiles, BlockPlace } from './block-files.ts';
import { placeOf } from './block-row.ts';
import type { Tail } from './commit.ts';
import { damagedBlock } from './damage.ts';
import type { Database, Statement } from './sqlite.ts';
import type { IndexRows } from './taken.ts';

/** A block with everything that its row holds. */
export interface NewBlock {
  readonly header: BlockHeader;
  readonly previous: Uint8Array;
  readonly chain: Uint8Array;
  readonly bytesHash: Uint8Array;
  readonly meta: Uint8Array;
  readonly bytes: Uint8Array;
  /** Where `meta` and `bytes` stand, if that is not the row. */
  readonly place: BlockPlace | undefined;
}

/** The end of a channel without blocks. */
export function emptyTail(channel: string): Tail {
  return { channel, sequence: 0, block: 0, chain: genesisChain, epoch: 0, position: '' };
}

const insertBlock =
  'INSERT INTO blocks (number, channel, first_sequence, count, epoch, committed_at, position, previous, chain, bytes_hash, meta, bytes, file, at, meta_size, bytes_size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ';
// Node 22.13 binds an empty byte string as NULL, which would mean that the bytes have expired. Nor does it bind to a parameter that has a number.
const insertWhole = `${insertBlock}coalesce(?, x''), coalesce(?, x''), NULL, NULL, NULL, NULL)`;
const insertPlaced = `${insertBlock}x'', NULL, ?, ?, ?, ?)`;

/** The statements of the writer. Whoever calls them has begun a transaction. */
export class BlockTables {
  private readonly database: Database;
  private readonly prepared = new Map<string, Statement>();

  constructor(database: Database) {
    this.database = database;
  }

  lastBlock(): number {
    return Number(this.sql('SELECT max(number) AS last FROM blocks').get()?.['last'] ?? 0);
  }

  /** The end of a channel; undefined when it has no block yet. */
  tail(channel: string): Tail | undefined {
    const row = this.sql(
      'SELECT number, first_sequence + count - 1 AS sequence, chain, epoch, position FROM blocks WHERE channel = ? ORDER BY number DESC LIMIT 1',
    ).get(channel);
    if (row === undefined || !(row['chain'] instanceof Uint8Array)) return undefined;
    return {
      channel,
      sequence: Number(row['sequence']),
      block: Number(row['number']),
      chain: row['chain'],
      epoch: Number(row['epoch']),
      position: String(row['position'] ?? ''),
    };
  }

  addBlock({ header, previous, chain, bytesHash, meta, bytes, place }: NewBlock): void {
    const { number, channel, firstSequence, count, epoch, committedAt, position } = header;
    const row = [
      number,
      channel,
      firstSequence,
      count,
      epoch,
      committedAt,
      position === '' ? null : position,
      previous,
      chain,
      bytesHash,
    ];
    if (place === undefined) this.sql(insertWhole).run(...row, meta, bytes);
    else this.sql(insertPlaced).run(...row, place.file, place.at, place.metaSize, place.bytesSize);
  }

  /**
   * Behind the last place of the last block file that is a block's, is still to be erased, or was noted: what stands there then would
   * be lost. Undefined when there is none.
   */
  filesEnd(): { readonly file: number; readonly end: number } | undefined {
    const ends = ['blocks WHERE file IS NOT NULL', 'erasures'].flatMap((places) => {
      const row = this.sql(
        `SELECT file, at + meta_size + bytes_size AS end FROM ${places} ORDER BY file DESC, at DESC LIMIT 1`,
      ).get();
      return row === undefined ? [] : [{ file: Number(row['file']), end: Number(row['end']) }];
    });
    return ends.sort((one, two) => two.file - one.file || two.end - one.end)[0];
  }

  addIndex(channel: string, block: number, rows: IndexRows): void {
    const range = this.sql('INSERT INTO ranges (channel, scope, first, last, block) VALUES (?, ?, ?, ?, ?)');
    for (const { scope, first, last } of rows.ranges) range.run(channel, scope, first, last, block);
    const key = this.sql('INSERT INTO keys (channel, scope, key, offset) VALUES (?, ?, ?, ?)');
    for (const row of rows.keys) key.run(channel, row.scope, row.key, block * offsetsPerBlock + row.index);
    const revised = this.sql('INSERT INTO revisions (channel, origin, revision, offset) VALUES (?, ?, ?, ?)');
    for (const { origin, revision, index } of rows.revisions) {
      revised.run(channel, origin, revision, block * offsetsPerBlock + index);
    }
  }

  addRepeat(channel: string, block: number, { offset, count, lastAt }: BlockRepeat): void {
    const total = this.repeatsOf(offset) + count;
    this.sql(
      'INSERT INTO repeats (offset, block, channel, count, total, last_at) VALUES (?, ?, ?, ?, ?, ?)',
    ).run(offset, block, channel, count, total, lastAt);
  }

  /** How often an entry has come again. */
  repeatsOf(offset: number): number {
    const row = this.sql('SELECT total FROM repeats WHERE offset = ? ORDER BY block DESC LIMIT 1').get(
      offset,
    );
    return Number(row?.['total'] ?? 0);
  }

  addBlob(offset: number, bytes: Uint8Array, pieceBytes: number): void {
    const insert = this.sql('INSERT INTO chunks (offset, piece, bytes) VALUES (?, ?, ?)');
    for (let at = 0, piece = 0; at < bytes.length; at += pieceBytes, piece++) {
      insert.run(offset, piece, bytes.subarray(at, at + pieceBytes));
    }
  }

  addCheckpoint(json: string): void {
    this.sql('INSERT INTO checkpoints (json) VALUES (?)').run(json);
  }

  /**
   * Takes the bytes of the oldest blocks before a time; gives how many blocks had some. A block that stands in a file comes
   * back into its row without them, and its place is noted to be erased.
   */
  expire(before: Micros, blocksMax: number, files: BlockFiles): number {
    const due = this.sql(
      'SELECT number, file, at, meta_size, bytes_size FROM blocks WHERE committed_at < ? AND (bytes IS NOT NULL OR file IS NOT NULL) ORDER BY number LIMIT ?',
    ).all(before, blocksMax);
    for (const row of due) {
      const number = Number(row['number']);
      const place = placeOf(row);
      if (place === undefined) this.sql('UPDATE blocks SET bytes = NULL WHERE number = ?').run(number);
      else this.bringBack(number, place, files);
      this.sql('DELETE FROM chunks WHERE offset >= ? AND offset < ?').run(
        number * offsetsPerBlock,
        (number + 1) * offsetsPerBlock,
      );
    }
    return due.length;
  }

  /** Places that are to be erased: their blocks do not need them any more. */
  erasures(): BlockPlace[] {
    return this.sql(
      'SELECT file, at, meta_size, bytes_size FROM erasures WHERE meta_size + bytes_size > 0 ORDER BY file, at',
    )
      .all()
      .flatMap((row) => placeOf(row) ?? []);
  }

  erased({ file, at }: BlockPlace): void {
    this.sql('DELETE FROM erasures WHERE file = ? AND at = ?').run(file, at);
  }

  /**
   * Notes that what stands in a file is of this log, where no block and no erasure says so: an erasure of nothing, at its beginning.
   * Without it, what a killed writer left there could not be told from what is left of another log, and would stay for ever.
   */
  noteFile(file: number): void {
    this.sql('INSERT OR IGNORE INTO erasures (file, at, meta_size, bytes_size) VALUES (?, 0, 0, 0)').run(
      file,
    );
  }

  /** True when a block stands in this file. */
  uses(file: number): boolean {
    return this.sql('SELECT 1 FROM blocks WHERE file = ? LIMIT 1').get(file) !== undefined;
  }

  /** A block that cannot be read stays as it is: what is damaged is not made to look expired. */
  private bringBack(number: number, place: BlockPlace, files: BlockFiles): void {
    const found = files.read(place);
    if (found === undefined) throw damagedBlock(files.path, number, 'its block file does not hold it');
    this.sql(
      'UPDATE blocks SET meta = ?, bytes = NULL, file = NULL, at = NULL, meta_size = NULL, bytes_size = NULL WHERE number = ?',
    ).run(found.meta, number);
    this.sql('INSERT OR REPLACE INTO erasures (file, at, meta_size, bytes_size) VALUES (?, ?, ?, ?)').run(
      place.file,
      place.at,
      place.metaSize,
      place.bytesSize,
    );
  }

  private sql(text: string): Statement {
    const known = this.prepared.get(text);
    if (known !== undefined) return known;
    const statement = this.database.prepare(text);
    this.prepared.set(text, statement);
    return statement;
  }
}

/** The offsets of a block: from the first one, up to but without the second. */
export function offsetsOfBlock(block: number): readonly [number, number] {
  return [block * offsetsPerBlock, (block + 1) * offsetsPerBlock];
}
