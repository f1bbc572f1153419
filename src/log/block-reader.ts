import { blockOfOffset, type Entry, indexOfOffset, offsetsPerBlock } from '../contract/entry.ts';
import type { ChannelHead, Checkpoint, Repeat } from '../contract/log.ts';
import { hexText } from '../core/bytes.ts';
import type { JsonValue } from '../core/json.ts';
import { type BlockHeader, decodeMeta } from './block.ts';
import { BlockFiles } from './block-files.ts';
import { type BlockRow, blockColumns, blockRow, brokenHash, differences } from './block-row.ts';
import { damagedBlock, decodeBlock } from './damage.ts';
import { sameMeaning, sha256 } from './draft.ts';
import { readSegment, type SegmentEntry } from './segment.ts';
import type { Stored } from './segment-writer.ts';
import { type Database, type Statement, sqliteCall } from './sqlite.ts';

/** A block whose hashes hold, decoded. */
export interface ReadBlock {
  readonly row: BlockRow;
  readonly header: BlockHeader;
  readonly segment: readonly SegmentEntry[];
}

/** Last blocks whose chain is looked at when a log is opened: damage at the end shows before anything builds on it. */
const tailBlocks = 64;

/** Reads blocks on one connection. Nothing is given out whose hashes do not hold: damage is `LOG_DAMAGED`. */
export class BlockReader {
  readonly path: string;
  private readonly database: Database;
  private readonly files: BlockFiles;
  private readonly prepared = new Map<string, Statement>();
  /** The block that was read last: neighbours are asked for together. */
  private last: ReadBlock | undefined;

  constructor(path: string, database: Database) {
    this.path = path;
    this.database = database;
    this.files = new BlockFiles(path);
  }

  /** Lets go of the block files; the connection is its owner's. */
  close(): void {
    this.files.close();
  }

  lastBlock(): number {
    return Number(this.get('SELECT max(number) AS last FROM blocks')?.['last'] ?? 0);
  }

  /** The first block with entries from one number to another, both ends in; of one channel, if it is named. */
  nextBlock(from: number, to: number, channel: string | undefined): ReadBlock | undefined {
    const row =
      channel === undefined
        ? this.get(
            `SELECT ${blockColumns} FROM blocks WHERE number >= ? AND number <= ? AND count > 0 ORDER BY number LIMIT 1`,
            from,
            to,
          )
        : this.get(
            `SELECT ${blockColumns} FROM blocks WHERE channel = ? AND number >= ? AND number <= ? AND count > 0 ORDER BY number LIMIT 1`,
            channel,
            from,
            to,
          );
    if (row === undefined) return undefined;
    const block = this.open(row);
    const { number } = block.row;
    // A damaged tree can lead back to where one came from.
    if (number < from || number > to) throw damagedBlock(this.path, number, 'it is out of order');
    return block;
  }

  block(number: number): ReadBlock | undefined {
    if (this.last?.row.number === number && this.last.row.bytes !== undefined) return this.last;
    const row = this.get(`SELECT ${blockColumns} FROM blocks WHERE number = ?`, number);
    if (row === undefined) return undefined;
    const block = this.open(row);
    if (block.row.number !== number) throw damagedBlock(this.path, number, 'another one stands in its place');
    this.last = block;
    return block;
  }

  /** Looks at the file again: bytes have expired. */
  forget(): void {
    this.last = undefined;
  }

  /** True when the bytes of a block have expired by now. */
  expired(number: number): boolean {
    this.forget();
    const row = this.get(
      'SELECT bytes IS NULL AND file IS NULL AS gone FROM blocks WHERE number = ?',
      number,
    );
    return row?.['gone'] === 1;
  }

  entry(offset: number): Entry | undefined {
    const block = this.block(blockOfOffset(offset));
    return block && entryOf(block, indexOfOffset(offset));
  }

  /** The pieces of a blob, one at a time. */
  chunk(offset: number, piece: number): Uint8Array | undefined {
    const bytes = this.get('SELECT bytes FROM chunks WHERE offset = ? AND piece = ?', offset, piece)?.[
      'bytes'
    ];
    return bytes instanceof Uint8Array ? bytes : undefined;
  }

  heads(): ChannelHead[] {
    const found: ChannelHead[] = [];
    // The names one by one over the index, instead of a scan over all blocks. A damaged index can lead back.
    for (let after = ''; ; ) {
      const name = this.get('SELECT min(channel) AS name FROM blocks WHERE channel > ?', after)?.['name'];
      if (typeof name !== 'string') return found.sort((one, two) => (one.channel < two.channel ? -1 : 1));
      const head = this.head(name);
      if (head === undefined || found.some((one) => one.channel === name)) {
        throw damagedBlock(this.path, head?.block ?? 0, 'the index of channels lies', name);
      }
      found.push(head);
      after = name;
    }
  }

  head(channel: string): ChannelHead | undefined {
    const row = this.get(
      `SELECT ${blockColumns} FROM blocks WHERE channel = ? ORDER BY number DESC LIMIT 1`,
      channel,
    );
    return row === undefined ? undefined : headOf(this.open(row).row);
  }

  checkpoints(): Checkpoint[] {
    const rows = this.all('SELECT json FROM checkpoints ORDER BY number');
    return rows.map((row) => JSON.parse(String(row['json'])));
  }

  /** What came again, by offset. */
  repeats(channel: string | undefined): Repeat[] {
    const rows = this.all(
      `SELECT offset, channel, total, last_at FROM repeats AS one
       WHERE block = (SELECT max(block) FROM repeats WHERE offset = one.offset) ORDER BY offset`,
    ).filter((row) => channel === undefined || row['channel'] === channel);
    return rows.flatMap((row) => {
      const offset = Number(row['offset']);
      const origin = this.block(blockOfOffset(offset))?.segment[indexOfOffset(offset)]?.origin;
      if (origin === undefined) return [];
      const [count, lastAt] = [Number(row['total']), Number(row['last_at'])];
      return [{ channel: String(row['channel']), origin, offset, count, lastAt }];
    });
  }

  /** True when the entry at an offset says what the draft says: a correction that came twice. */
  sameRevision(offset: number, draft: Stored): boolean {
    const block = this.block(blockOfOffset(offset));
    const there = block?.segment[indexOfOffset(offset)];
    if (there === undefined || there.digest !== draft.digest) return false;
    if (block?.row.bytes === undefined) return sameMeaning({ ...there, bytes: draft.bytes }, draft);
    if (there.blob === undefined) return sameMeaning(there, draft);
    return there.blob === sha256(draft.bytes) && sameMeaning({ ...there, bytes: draft.bytes }, draft);
  }

  /** Looks at the ends of all channels, and at the last blocks of the log. Fails with `LOG_DAMAGED`. */
  checkTails(): void {
    const from = Math.max(1, this.lastBlock() - tailBlocks + 1);
    const last = this.all(`SELECT ${blockColumns} FROM blocks WHERE number >= ? ORDER BY number`, from);
    for (const row of last) this.open(row);
    for (const { block } of this.heads()) if (block < from) this.block(block);
  }

  private open(row: Record<string, unknown>): ReadBlock {
    let stored = blockRow(row, this.files);
    const { number, channel } = stored;
    let wrong = brokenHash(stored);
    if (wrong !== undefined && stored.place !== undefined) {
      // Its bytes may have expired since the row was read: then it is back in its row.
      const again = this.get(`SELECT ${blockColumns} FROM blocks WHERE number = ?`, number);
      stored = again === undefined ? stored : blockRow(again, this.files);
      wrong = brokenHash(stored);
    }
    if (wrong !== undefined) throw damagedBlock(this.path, number, wrong, channel);
    return decodeBlock(this.path, number, () => {
      const { header, segment } = decodeMeta(stored.meta);
      const [first] = differences(stored, header);
      if (first !== undefined) {
        throw damagedBlock(this.path, number, `its column ${first} is not what the block says`, channel);
      }
      const entries = header.count === 0 ? [] : readSegment(segment, stored.bytes);
      return { row: stored, header, segment: entries };
    });
  }

  private get(text: string, ...values: (string | number)[]): Record<string, unknown> | undefined {
    return sqliteCall(this.path, () => this.sql(text).get(...values));
  }

  private all(text: string, ...values: (string | number)[]): Record<string, unknown>[] {
    return sqliteCall(this.path, () => this.sql(text).all(...values));
  }

  private sql(text: string): Statement {
    const known = this.prepared.get(text);
    if (known !== undefined) return known;
    const statement = this.database.prepare(text);
    this.prepared.set(text, statement);
    return statement;
  }
}

/** The entries of a block in their order. */
export function entriesOf(block: ReadBlock): Entry[] {
  return block.segment.flatMap((_, index) => entryOf(block, index) ?? []);
}

export function entryOf(block: ReadBlock, index: number): Entry | undefined {
  const stored = block.segment[index];
  if (stored === undefined) return undefined;
  const { blob, ...entry } = stored;
  const { row, header } = block;
  const expired = row.bytes === undefined && entry.size > 0;
  return {
    ...entry,
    offset: row.number * offsetsPerBlock + index,
    channel: row.channel,
    sequence: header.firstSequence + index,
    storage: expired ? 'expired' : blob === undefined ? 'inline' : 'blob',
    chain: hexText(row.chain),
  };
}

export function headOf(row: BlockRow): ChannelHead {
  return {
    channel: row.channel,
    sequence: row.firstSequence + row.count - 1,
    block: row.number,
    chain: hexText(row.chain),
    epoch: row.epoch,
    position: row.position === '' ? undefined : readJson(row.position),
  };
}

/** The JSON of a text; undefined where it is none: then its block does not hash either. */
function readJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
