import { offsetsPerBlock } from '../contract/entry.ts';
import type { Appended } from '../contract/log.ts';
import { GatewayError } from '../core/errors.ts';
import { limits as defaults, type Limits } from '../core/limits.ts';
import { type BlockRepeat, chainValue, encodeMeta, sha256Bytes } from './block.ts';
import { BlockFiles, BlockFileWriter, placeBytesMax } from './block-files.ts';
import { BlockReader } from './block-reader.ts';
import { BlockTables, emptyTail } from './block-tables.ts';
import {
  type AllAppended,
  type CommitGroup,
  type CommitUnit,
  plainFailure,
  type Tail,
  type UnitOutcome,
  unitDrafts,
} from './commit.ts';
import { nextEpoch } from './draft.ts';
import { afterFailure } from './failure.ts';
import { type Judgement, judge, plainlyNew, type Target, type Verdict } from './judge.ts';
import { ensureSchema } from './schema.ts';
import { readOrigins } from './segment.ts';
import { emptySegment, encodeSegments, type Segment, type Stored } from './segment-writer.ts';
import { type Database, openDatabase, resultCode, sqliteCall, sqliteFailure } from './sqlite.ts';
import { type IndexRows, indexRows, TakenOrigins } from './taken.ts';

export interface WriterOptions {
  readonly path: string;
  /** `off` lets the operating system lose what was acknowledged: only to prove that tests notice. */
  readonly durability: 'full' | 'off';
  readonly limits?: Limits;
}

/** 2 MiB of pages: some milliseconds. Large blocks are not among them. */
const checkpointPages = 256;
/** SQLITE_FULL. */
const sqliteFull = 13;
/** Repeats that one block records; more go to blocks without entries. */
const repeatsPerBlockMax = 16_384;

/**
 * The one connection that writes a log. It runs on a thread of its own (`writer-thread.ts`); tests also use it directly.
 * Every group is one transaction: COMMIT returns when the write-ahead log is synced, and only then does anybody hear of it.
 */
export class LogWriter {
  readonly database: Database;
  private readonly path: string;
  private readonly limits: Limits;
  private readonly taken: TakenOrigins;
  /** By channel: positions of this generation and older ones are refused, since one before them failed. */
  private readonly fences = new Map<string, number>();
  private readonly tables: BlockTables;
  private readonly reader: BlockReader;
  private readonly files: BlockFileWriter;
  private readonly tails = new Map<string, Tail>();
  private lastBlock: number | undefined;

  constructor({ path, durability, limits = defaults }: WriterOptions) {
    this.path = path;
    this.limits = limits;
    this.database = openDatabase(path, false);
    const opened: { close(): void }[] = [this.database];
    try {
      sqliteCall(path, () => {
        // A block is some hundred kilobytes: larger pages halve what SQLite does for it. Only an empty file takes this.
        this.database.exec('PRAGMA page_size = 8192');
        this.database.exec(
          `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability === 'off' ? 'OFF' : 'FULL'}`,
        );
        // The commit that fills the write-ahead log also empties it: little at a time, because callers wait for that commit.
        this.database.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
        // Bytes that expire are overwritten and not only forgotten; a burst does not leave a huge write-ahead log.
        this.database.exec('PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864');
        ensureSchema(path, this.database);
      });
      this.taken = sqliteCall(path, () => new TakenOrigins(path, this.database));
      this.tables = sqliteCall(path, () => new BlockTables(this.database));
      this.reader = sqliteCall(path, () => new BlockReader(path, this.database));
      opened.push(this.taken, this.reader);
      const end = () => this.tables.filesEnd();
      this.files = new BlockFileWriter(path, durability === 'full', limits.blockFileBytesMax, end);
      this.eraseExpired();
      sqliteCall(path, () => this.files.begin());
      if (!this.knows(this.files.current)) this.write(() => this.tables.noteFile(this.files.current));
      this.reader.checkTails();
    } catch (error) {
      for (const one of opened.toReversed()) one.close();
      throw error;
    }
  }

  /**
   * Commits what can be committed, in order. A unit that does not fit the log fails alone; when the disk fails, all fail,
   * nothing of them is kept, and the next group begins afresh.
   */
  commit({ at, units }: CommitGroup): UnitOutcome[] {
    let committing = false;
    try {
      this.database.exec('BEGIN IMMEDIATE');
      const first = this.nextBlock();
      const outcomes = units.map((unit) => this.behindFailure(unit) ?? this.tryUnit(unit, at));
      this.files.sync();
      committing = true;
      this.database.exec('COMMIT');
      if (this.nextBlock() > first) this.files.committed();
      return outcomes;
    } catch (error) {
      // A disk that is full has not taken the end of the commit.
      this.rollBack(committing && resultCode(error) !== sqliteFull);
      const failure = error instanceof GatewayError ? error : sqliteFailure(this.path, error);
      if (failure === undefined) throw error;
      for (const { channel, generation } of units) this.fences.set(channel, generation);
      return units.map(() => ({ ok: false, failure: plainFailure(failure), world: true }));
    }
  }

  storeCheckpoint(json: string): void {
    this.write(() => this.tables.addCheckpoint(json));
  }

  /** Takes the bytes out of some blocks that were committed before a time; gives how many blocks it did. */
  expire(before: number, blocksMax: number): number {
    const files = new BlockFiles(this.path);
    try {
      const count = this.write(() => this.tables.expire(before, blocksMax, files));
      this.eraseExpired();
      return count;
    } finally {
      files.close();
    }
  }

  close(): void {
    this.files.close();
    this.reader.close();
    this.taken.close();
    this.database.close();
  }

  /** Overwrites what the database does not name any more, and removes files that hold nothing else. */
  private eraseExpired(): void {
    const places = this.tables.erasures();
    if (places.length === 0) return;
    for (const place of places) this.files.erase(place);
    const last = Math.max(this.tables.filesEnd()?.file ?? 0, this.files.current);
    for (const file of new Set(places.map((place) => place.file))) {
      if (!this.tables.uses(file)) this.files.remove(file, file >= last);
    }
    this.write(() => {
      for (const place of places) this.tables.erased(place);
      if (!this.knows(last)) this.tables.noteFile(last);
    });
  }

  /** False where nothing says that the present file is of this log. */
  private knows(file: number): boolean {
    return (this.tables.filesEnd()?.file ?? 0) >= file;
  }

  private write<T>(change: () => T): T {
    try {
      this.database.exec('BEGIN IMMEDIATE');
      const result = change();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      this.rollBack(false);
      throw sqliteFailure(this.path, error) ?? error;
    }
  }

  private rollBack(inDoubt: boolean): void {
    this.taken.forget();
    this.tails.clear();
    this.files.forget(inDoubt);
    this.lastBlock = undefined;
    try {
      this.database.exec('ROLLBACK');
    } catch {
      // A full disk ends the transaction by itself; then there is nothing to roll back.
    }
  }

  /**
   * A position that was on its way when the one before it failed must not be committed: it speaks of entries that are
   * not there, and their source would never give them again.
   */
  private behindFailure({ channel, generation, position }: CommitUnit): UnitOutcome | undefined {
    const fence = this.fences.get(channel);
    if (fence === undefined || position === undefined || generation > fence) return undefined;
    return { ok: false, failure: plainFailure(afterFailure(this.path, channel)), world: true };
  }

  private tryUnit(unit: CommitUnit, at: number): UnitOutcome {
    const tail = this.tail(unit.channel);
    const epoch = unitEpoch(tail, unit);
    if (epoch instanceof GatewayError) return { ok: false, failure: plainFailure(epoch) };
    if (plainlyNew(this.taken, unit.channel, unit.segments)) {
      return { ok: true, all: this.writeBlocks(unit, { ...tail, epoch }, at, unit.segments, []) };
    }
    const drafts = unitDrafts(unit);
    const judgement = this.judged(unit.channel, drafts);
    if (judgement instanceof GatewayError) return { ok: false, failure: plainFailure(judgement) };
    return { ok: true, each: this.writeJudged(unit, { ...tail, epoch }, at, judgement) };
  }

  private judged(channel: string, drafts: readonly Stored[]): Judgement | GatewayError {
    try {
      return judge(this.taken, channel, drafts, (offset, draft) => this.reader.sameRevision(offset, draft));
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'LOG_REVISION') return error;
      throw error;
    }
  }

  private writeJudged(unit: CommitUnit, tail: Tail, at: number, judgement: Judgement): Appended[] {
    const reserved = Buffer.byteLength(unit.position ?? tail.position);
    const cut = encodeSegments(judgement.kept, this.limits, reserved);
    const first = this.nextBlock();
    const offsets = cut.flatMap((segment, at) =>
      Array.from({ length: segment.count }, (_, index) => (first + at) * offsetsPerBlock + index),
    );
    const offsetOf = (target: Target): number =>
      'offset' in target ? target.offset : (offsets[target.kept] ?? 0);
    const kept = judgement.kept.map((draft, index) => {
      const voids = judgement.voids.get(index);
      return voids === undefined ? draft : { ...draft, voids: offsetOf(voids) };
    });
    // A revision has learned what it voids. That number has one width, so no entry moves to another block.
    const segments = judgement.voids.size === 0 ? cut : encodeSegments(kept, this.limits, reserved);
    const blobs = kept.flatMap(({ bytes }, index) =>
      bytes.length > this.limits.entryBytesInlineMax ? [{ index, bytes }] : [],
    );
    const repeats = repeatsOf(judgement.verdicts, offsetOf);
    this.writeBlocks({ ...unit, blobs }, tail, at, segments, repeats);
    return judgement.verdicts.map((verdict) =>
      this.appended(verdict, offsetOf, this.tail(unit.channel).sequence - kept.length),
    );
  }

  private appended(verdict: Verdict, offsetOf: (target: Target) => number, before: number): Appended {
    if (verdict.outcome === 'repeated') {
      const offset = offsetOf(verdict.target);
      return { outcome: 'repeated', offset, repeats: this.tables.repeatsOf(offset) };
    }
    const offset = offsetOf({ kept: verdict.kept });
    if (verdict.outcome === 'conflict')
      return { outcome: 'conflict', offset, first: offsetOf(verdict.first) };
    return { outcome: 'appended', offset, sequence: before + verdict.kept + 1 };
  }

  /** Writes a block for each segment, and blocks without entries where only repeats, a position or an epoch is new. */
  private writeBlocks(
    unit: CommitUnit,
    before: Tail,
    at: number,
    segments: readonly Segment[],
    repeats: readonly BlockRepeat[],
  ): AllAppended {
    const blocks: { offset: number; count: number }[] = [];
    const position = unit.position ?? before.position;
    const known = this.tail(unit.channel);
    const changed = position !== known.position || before.epoch !== known.epoch;
    const rest = sliced(repeats, repeatsPerBlockMax);
    const entries =
      segments.length > 0 ? segments : changed || rest.length > 0 ? [emptySegment(this.limits)] : [];
    let tail = before;
    let index = 0;
    for (const [order, segment] of entries.entries()) {
      const last = order === entries.length - 1;
      const now = { ...tail, position: last ? position : tail.position };
      const offset = this.nextBlock() * offsetsPerBlock;
      tail = this.writeBlock(now, at, segment, last ? (rest.shift() ?? []) : []);
      this.writeBlobs(unit, index, segment.count, offset);
      if (segment.count > 0) blocks.push({ offset, count: segment.count });
      index += segment.count;
    }
    for (const more of rest) tail = this.writeBlock(tail, at, emptySegment(this.limits), more);
    this.tails.set(unit.channel, tail);
    return { firstSequence: before.sequence + 1, blocks };
  }

  private writeBlock(tail: Tail, at: number, segment: Segment, repeats: readonly BlockRepeat[]): Tail {
    const { channel, epoch, position } = tail;
    const number = this.nextBlock();
    const { count } = segment;
    const firstSequence = tail.sequence + 1;
    const header = { number, channel, firstSequence, count, epoch, committedAt: at, position, repeats };
    const meta = encodeMeta(header, segment);
    const bytesHash = sha256Bytes(segment.bytes);
    const chain = chainValue(tail.chain, sha256Bytes(meta), bytesHash);
    const { bytes } = segment;
    const sizeBytes = meta.length + bytes.length;
    const inFile = sizeBytes >= this.limits.blockInlineBytesMax && sizeBytes <= placeBytesMax;
    const place = inFile ? this.files.append(meta, bytes) : undefined;
    this.tables.addBlock({ header, previous: tail.chain, chain, bytesHash, meta, bytes, place });
    const rows = rowsOf(segment);
    this.tables.addIndex(channel, number, rows);
    for (const { scope, last } of rows.ranges) this.taken.raise(channel, scope, last);
    for (const repeat of repeats) this.tables.addRepeat(channel, number, repeat);
    this.lastBlock = number;
    return { channel, epoch, position, sequence: tail.sequence + count, block: number, chain };
  }

  private writeBlobs(unit: CommitUnit, from: number, count: number, offset: number): void {
    for (const { index, bytes } of unit.blobs) {
      if (index < from || index >= from + count) continue;
      this.tables.addBlob(offset + index - from, bytes, this.limits.blobChunkBytes);
    }
  }

  private nextBlock(): number {
    this.lastBlock ??= this.tables.lastBlock();
    return this.lastBlock + 1;
  }

  private tail(channel: string): Tail {
    const known = this.tails.get(channel);
    if (known !== undefined) return known;
    const found = this.tables.tail(channel) ?? emptyTail(channel);
    this.tails.set(channel, found);
    return found;
  }
}

function unitEpoch(tail: Tail, unit: CommitUnit): number | GatewayError {
  try {
    return nextEpoch(tail, unit.epoch === undefined ? {} : { epoch: unit.epoch });
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** What the index has to hold of a segment: as it says itself, or read from it. */
function rowsOf({ plain, meta }: Segment): IndexRows {
  return plain === undefined ? indexRows(readOrigins(meta)) : { ...plain, revisions: [] };
}

/** One record for each entry that came again, however often it did. */
function repeatsOf(verdicts: readonly Verdict[], offsetOf: (target: Target) => number): BlockRepeat[] {
  const repeats = new Map<number, BlockRepeat>();
  for (const verdict of verdicts) {
    if (verdict.outcome !== 'repeated') continue;
    const offset = offsetOf(verdict.target);
    const count = (repeats.get(offset)?.count ?? 0) + 1;
    repeats.set(offset, { offset, count, lastAt: verdict.at });
  }
  return [...repeats.values()];
}

function sliced<T>(items: readonly T[], size: number): T[][] {
  const slices: T[][] = [];
  for (let at = 0; at < items.length; at += size) slices.push(items.slice(at, at + size));
  return slices;
}
