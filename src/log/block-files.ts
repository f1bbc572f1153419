import {
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { type GatewayError, systemCode } from '../core/errors.ts';
import { logError } from './failure.ts';
import { syncPath } from './place.ts';

/** Where a block stands outside of the database: its metadata from `at` on, its bytes behind them. */
export interface BlockPlace {
  readonly file: number;
  readonly at: number;
  readonly metaSize: number;
  readonly bytesSize: number;
}

/** The path of a block file, beside the database that names it. */
export function blockFilePath(database: string, file: number): string {
  return `${database}-blocks-${file}`;
}

/** Numbers of the block files beside a database, whether it names them or not. */
export function blockFileNumbers(database: string): number[] {
  const prefix = `${basename(database)}-blocks-`;
  return readdirSync(dirname(database)).flatMap((name) => {
    const number = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : 0;
    return Number.isSafeInteger(number) && number > 0 ? [number] : [];
  });
}

/** A block that is larger stands in its row; a damaged row asks for no more. */
export const placeBytesMax = 64 * 1024 * 1024;
const openFilesMax = 4;

/** Reads blocks that stand outside of the database. */
export class BlockFiles {
  /** Of the database that names the files. */
  readonly path: string;
  private readonly open = new Map<number, number>();

  constructor(path: string) {
    this.path = path;
  }

  /** Metadata and bytes of a block; undefined where the file does not hold them whole. */
  read(place: BlockPlace): { readonly meta: Uint8Array; readonly bytes: Uint8Array } | undefined {
    const { file, at, metaSize, bytesSize } = place;
    const size = metaSize + bytesSize;
    const sound = [file, at, metaSize, bytesSize].every((value) => Number.isSafeInteger(value) && value >= 0);
    if (!sound || size > placeBytesMax) return undefined;
    const handle = this.handle(file);
    if (handle === undefined) return undefined;
    const whole = Buffer.allocUnsafeSlow(size);
    try {
      for (let done = 0; done < size; ) {
        const count = readSync(handle, whole, done, size - done, at + done);
        if (count === 0) return undefined;
        done += count;
      }
    } catch (cause) {
      throw fileFailure(blockFilePath(this.path, file), cause);
    }
    return { meta: whole.subarray(0, metaSize), bytes: whole.subarray(metaSize) };
  }

  close(): void {
    for (const handle of this.open.values()) closeSync(handle);
    this.open.clear();
  }

  private handle(file: number): number | undefined {
    const known = this.open.get(file);
    if (known !== undefined) return known;
    let handle: number;
    try {
      handle = openSync(blockFilePath(this.path, file), constants.O_RDONLY);
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT') return undefined;
      throw fileFailure(blockFilePath(this.path, file), cause);
    }
    for (const [oldest, other] of this.open) {
      if (this.open.size < openFilesMax) break;
      closeSync(other);
      this.open.delete(oldest);
    }
    this.open.set(file, handle);
    return handle;
  }
}

/**
 * Writes blocks behind each other into block files. What is written counts once the row that names it is committed; until
 * then the next block may be written over it.
 */
export class BlockFileWriter {
  private readonly path: string;
  private readonly durable: boolean;
  private readonly fileBytesMax: number;
  private readonly committedEnd: () => { readonly file: number; readonly end: number } | undefined;
  private file = 0;
  private end = 0;
  private handle: number | undefined;
  private dirty = false;
  private doubtful = false;

  /** `committedEnd`: behind the last place of the last file that the database names. */
  constructor(
    path: string,
    durable: boolean,
    fileBytesMax: number,
    committedEnd: () => { readonly file: number; readonly end: number } | undefined,
  ) {
    this.path = path;
    this.durable = durable;
    this.fileBytesMax = fileBytesMax;
    this.committedEnd = committedEnd;
  }

  /** The file that blocks are appended to; 0 before the first one. */
  get current(): number {
    return this.file;
  }

  append(meta: Uint8Array, bytes: Uint8Array): BlockPlace {
    const at = this.place();
    const path = blockFilePath(this.path, this.file);
    try {
      this.handle ??= this.openFile(path);
      writeWhole(this.handle, meta, at);
      writeWhole(this.handle, bytes, at + meta.length);
    } catch (cause) {
      throw fileFailure(path, cause);
    }
    this.dirty = true;
    this.end = at + meta.length + bytes.length;
    return { file: this.file, at, metaSize: meta.length, bytesSize: bytes.length };
  }

  /** Makes last what was appended since: before the rows that name it are committed. */
  sync(): void {
    if (!this.dirty || this.handle === undefined) return;
    try {
      if (this.durable) fdatasyncSync(this.handle);
    } catch (cause) {
      throw fileFailure(blockFilePath(this.path, this.file), cause);
    }
    this.dirty = false;
  }

  /**
   * Begins again where the database says, after a failed commit. In doubt it goes on behind what it wrote: a COMMIT that
   * could not be synced can be there after a crash, and then its rows name these places.
   */
  forget(inDoubt: boolean): void {
    this.close();
    this.doubtful ||= inDoubt;
    if (this.doubtful) return;
    this.file = 0;
    this.end = 0;
  }

  /** A commit that wrote something succeeded: no failed one before it can come back. */
  committed(): void {
    this.doubtful = false;
  }

  close(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
    this.dirty = false;
  }

  /** Overwrites what a block file holds at a place, durably; a file that is gone holds nothing. */
  erase({ file, at, metaSize, bytesSize }: BlockPlace): void {
    const path = blockFilePath(this.path, file);
    if (!existsSync(path)) return;
    try {
      const handle = openSync(path, constants.O_RDWR);
      try {
        overwrite(handle, at, at + metaSize + bytesSize);
        fdatasyncSync(handle);
      } finally {
        closeSync(handle);
      }
    } catch (cause) {
      throw fileFailure(path, cause);
    }
  }

  /**
   * Removes a file that no block is in any more. The last one is only emptied: its number is not given twice, since somebody
   * may have the file open. In doubt about a commit it stays as it is.
   */
  remove(file: number, isLast: boolean): void {
    if (this.doubtful || (isLast && this.sizeOf(file) === 0)) return;
    const path = blockFilePath(this.path, file);
    try {
      if (isLast) this.cut(file, 0);
      else rmSync(path, { force: true });
      if (file === this.file) this.end = 0;
      syncPath(dirname(path));
    } catch (cause) {
      throw fileFailure(path, cause);
    }
  }

  private place(): number {
    if (this.file === 0) this.begin();
    if (this.end >= this.fileBytesMax) {
      this.sync();
      this.close();
      this.file += 1;
      this.end = 0;
    }
    return this.end;
  }

  /**
   * Finds where to go on. What a killed or failed writer left behind the last place is taken away: nothing names it, so it
   * would never expire. Files that this log does not know are left alone: they may be what is left of another one.
   */
  begin(): void {
    const known = this.committedEnd();
    const newest = Math.max(0, ...blockFileNumbers(this.path));
    this.end = 0;
    if (known !== undefined && newest <= known.file + 1) {
      this.cut(known.file, known.end);
      this.cut(known.file + 1, 0);
      this.file = Math.max(newest, known.file);
      if (this.file === known.file) this.end = known.end;
    } else {
      this.file = newest > 0 && this.sizeOf(newest) === 0 ? newest : newest + 1;
    }
  }

  /** Overwrites what stands in a file from `end` on, and takes it away. */
  private cut(file: number, end: number): void {
    const size = this.sizeOf(file);
    if (size <= end) return;
    const path = blockFilePath(this.path, file);
    try {
      const handle = openSync(path, constants.O_RDWR);
      try {
        overwrite(handle, end, size);
        fdatasyncSync(handle);
      } finally {
        ftruncateSync(handle, end);
        closeSync(handle);
      }
    } catch (cause) {
      throw fileFailure(path, cause);
    }
  }

  /** The size of a file; 0 where there is none. */
  private sizeOf(file: number): number {
    const path = blockFilePath(this.path, file);
    try {
      return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    } catch (cause) {
      throw fileFailure(path, cause);
    }
  }

  /** The directory is synced for a file that was there too: whoever made it may have been killed before it was. */
  private openFile(path: string): number {
    const handle = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      if (this.durable) syncPath(dirname(path));
      return handle;
    } catch (cause) {
      closeSync(handle);
      throw cause;
    }
  }
}

function writeWhole(handle: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(handle, bytes, done, bytes.length - done, at + done);
  }
}

/** Writes zeros from one place to another, a little at a time. */
function overwrite(handle: number, from: number, to: number): void {
  const zeros = new Uint8Array(Math.min(to - from, 1024 * 1024));
  for (let at = from; at < to; at += zeros.length) writeWhole(handle, zeros.subarray(0, to - at), at);
}

/** The log's error for a failure of the file system. */
function fileFailure(path: string, cause: unknown): GatewayError {
  const code = systemCode(cause) ?? 'failed';
  const details = { place: path, cause };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return logError('LOG_DISK_FULL', 'the disk is full', { ...details, retryable: true });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return logError('LOG_PERMISSION', `the file cannot be opened: ${code}`, details);
  }
  return logError('LOG_IO', `the file cannot be used: ${code}`, { ...details, retryable: true });
}
