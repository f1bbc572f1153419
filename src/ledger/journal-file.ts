import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GatewayError, systemCode } from '../core/errors.ts';
import type { LedgerBridge, LedgerPosition } from './carry.ts';
import { ledgerIssues } from './issues.ts';
import {
  journalHead,
  journalOpening,
  journalText,
  positionIn,
  positionLengthMax,
  positionLine,
} from './journal-text.ts';
import type { StoredTransaction } from './view.ts';

const lineFeed = 0x0a;

/** Account numbers stand in it in full. */
const fileMode = 0o640;

/**
 * A plain-text journal in the form that ledger and hledger read: no server, one file, appended to and synced. Each step
 * ends with a comment line that holds the position; what stands behind the last whole one, after a crash, is cut off, kept
 * in a file `.unfinished` beside it, and written again. A file that somebody replaced, cut or added to meanwhile is read
 * again before anything is written.
 */
export class JournalFile implements LedgerBridge {
  readonly id = 'journal';
  readonly #path: string;
  readonly #tenant: string;
  #opened: Opened | undefined;

  constructor(path: string, tenant: string) {
    this.#path = path;
    this.#tenant = tenant;
  }

  async position(): Promise<LedgerPosition> {
    return (await this.#open()).position;
  }

  async post(
    transactions: readonly StoredTransaction[],
    from: LedgerPosition,
    to: LedgerPosition,
  ): Promise<void> {
    const { file, size, position } = await this.#open();
    if (position.offset !== from.offset || position.chain !== from.chain) throw moved(this.#path);
    try {
      const head = size === 0 ? journalHead(this.#tenant) : '';
      const bytes = Buffer.from(`${head}${transactions.map(journalText).join('')}${positionLine(to)}\n`);
      await writeAll(file, bytes, size);
      await file.datasync();
      this.#opened = { file, position: to, size: size + bytes.length };
    } catch (cause) {
      await this.close();
      throw fileFailure(this.#path, cause);
    }
  }

  async close(): Promise<void> {
    const file = this.#opened?.file;
    this.#opened = undefined;
    await file?.close();
  }

  async #open(): Promise<Opened> {
    try {
      if (this.#opened !== undefined && (await isAsLeft(this.#path, this.#opened))) return this.#opened;
      await this.close();
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o750 });
      const { position, size, end } = await lastPosition(this.#path);
      if (end > size) await keepTail(this.#path, size);
      const file = await openForWriting(this.#path);
      await file.truncate(size);
      this.#opened = { file, position, size };
      return this.#opened;
    } catch (cause) {
      throw fileFailure(this.#path, cause);
    }
  }
}

interface Opened {
  readonly file: FileHandle;
  readonly position: LedgerPosition;
  /** Of the file, as this bridge left it. */
  readonly size: number;
}

/** True while the path leads to the file that is open, and nobody cut it or wrote to it. */
async function isAsLeft(path: string, { file, size }: Opened): Promise<boolean> {
  const there = await stat(path).catch((cause: unknown) => {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw cause;
  });
  const open = await file.stat();
  return there?.ino === open.ino && there.dev === open.dev && there.size === size;
}

/** Opens without emptying; `a` makes the file where there is none. */
async function openForWriting(path: string): Promise<FileHandle> {
  await (await open(path, 'a', fileMode)).close();
  return open(path, 'r+');
}

/** What is cut off may hold a person's notes: it is kept beside the journal. */
async function keepTail(path: string, from: number): Promise<void> {
  await pipeline(
    createReadStream(path, { start: from }),
    createWriteStream(`${path}.unfinished`, { flags: 'a', mode: fileMode, flush: true }),
  );
}

async function writeAll(file: FileHandle, bytes: Uint8Array, from: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, from + at);
    at += bytesWritten;
  }
}

interface Found {
  readonly position: LedgerPosition;
  /** Up to the end of the position's line. */
  readonly size: number;
  /** Of the whole file. */
  readonly end: number;
}

/** The last whole position line, and the size of the file up to its end. Reads the file once, in bounded memory. */
async function lastPosition(path: string): Promise<Found> {
  let found = { position: { offset: 0, chain: '' }, size: 0 };
  let line = '';
  let first = '';
  let at = 0;
  try {
    for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
      if (at === 0) first = piece.subarray(0, 256).toString('utf8');
      let from = 0;
      for (let end = piece.indexOf(lineFeed); end >= 0; end = piece.indexOf(lineFeed, from)) {
        const size = at + end + 1;
        const position = positionIn(line + beginning(piece.subarray(from, end)));
        if (position !== undefined) found = { position, size };
        line = '';
        from = end + 1;
      }
      line = (line + beginning(piece.subarray(from))).slice(0, positionLengthMax + 1);
      at += piece.length;
    }
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw cause;
  }
  if (found.size === 0 && !ours(first)) throw strange(path);
  return { ...found, end: at };
}

/** As much of a line as shows whether it is a position. */
function beginning(bytes: Buffer): string {
  return bytes.toString('latin1', 0, positionLengthMax + 1);
}

/** Without a position, a file is ours only as far as it begins as we begin one. */
function ours(first: string): boolean {
  return journalOpening.startsWith(first.slice(0, journalOpening.length));
}

/** What was posted is posted from another place: asking for the position tells from where. */
function moved(path: string): GatewayError {
  return new GatewayError('LEDGER_FILE', 'somebody changed the journal while it was written', {
    place: path,
    retryable: true,
    remedy: ledgerIssues.LEDGER_FILE.remedy,
  });
}

/** A file without any position of ours is somebody else's: nothing of it is cut off. */
function strange(path: string): GatewayError {
  return new GatewayError(
    'LEDGER_FILE',
    'the file holds no position of this bridge: it was not written by it',
    {
      place: path,
      remedy: 'Name a file that is not there yet, and include it from yours.',
      exitCode: 2,
    },
  );
}

function fileFailure(path: string, cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const reason = `the journal file failed (${systemCode(cause) ?? 'no reason given'})`;
  return new GatewayError('LEDGER_FILE', reason, {
    place: path,
    retryable: true,
    remedy: ledgerIssues.LEDGER_FILE.remedy,
    cause,
  });
}
