import { offsetsPerBlock } from '../contract/entry.ts';
import type { Micros } from '../core/clock.ts';
import { type BlockHeader, type BlockRepeat, genesisChain } from './block.ts';
import type { Tail } from './commit.ts';
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
}

/** The end of a channel without blocks. */
export function emptyTail(channel: string): Tail {
  return { channel, sequence: 0, block: 0, chain: genesisChain, epoch: 0, position: '' };
}

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

  addBlock({ header, previous, chain, bytesHash, meta, bytes }: NewBlock): void {
    const { number, channel, firstSequence, count, epoch, committedAt, position } = header;
    // Node 22.13 binds an empty byte string as NULL, which would mean that the bytes have expired.
    this.sql(
      "INSERT INTO blocks (number, channel, first_sequence, count, epoch, committed_at, position, previous, chain, bytes_hash, meta, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, x''))",
    ).run(
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
      meta,
      bytes,
    );
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

  /** Takes the bytes of the oldest blocks before a time; gives how many blocks had some. */
  expire(before: Micros, blocksMax: number): number {
    const due = this.sql(
      'SELECT number FROM blocks WHERE committed_at < ? AND bytes IS NOT NULL ORDER BY number LIMIT ?',
    ).all(before, blocksMax);
    for (const row of due) {
      const number = Number(row['number']);
      this.sql('UPDATE blocks SET bytes = NULL WHERE number = ?').run(number);
      this.sql('DELETE FROM chunks WHERE offset >= ? AND offset < ?').run(
        number * offsetsPerBlock,
        (number + 1) * offsetsPerBlock,
      );
    }
    return due.length;
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
