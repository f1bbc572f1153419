import type { Stats } from 'ssh2';
import { sftpError } from './failure.ts';
import { type Link, status, statusOf } from './link.ts';
import { letGo } from './requests.ts';

/** What every server takes in one request. Source: draft-ietf-secsh-filexfer-02, section 3: packets up to 34,000 bytes. */
const pieceBytes = 32 * 1024;
const readableMode = 0o640;

/** Each answer read from a file, up to its end; `end` says that nothing comes behind it. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly end: boolean;
}

/**
 * The bytes of an open file from an offset on, in order. `requests` of them are asked for ahead, but none beyond `size`:
 * a file that grew meanwhile is read on piece by piece.
 */
export async function* readAhead(
  link: Link,
  handle: Buffer,
  from: number,
  size: number,
  requests: number,
): AsyncGenerator<Uint8Array> {
  const ahead: Promise<Piece>[] = [];
  for (let at = from; ; ) {
    while (ahead.length === 0 || (ahead.length < requests && at < size)) {
      const piece = readPiece(link, handle, at);
      // Whoever stops early never looks at the answers that are still on their way.
      piece.catch(() => undefined);
      ahead.push(piece);
      at += pieceBytes;
    }
    const piece = await ahead.shift();
    if (piece === undefined) return;
    if (piece.bytes.length > 0) yield piece.bytes;
    if (piece.end) return;
  }
}

/** A whole piece, whatever the server gives at once: an answer may be shorter than what was asked for. */
async function readPiece(link: Link, handle: Buffer, from: number): Promise<Piece> {
  const buffer = Buffer.allocUnsafe(pieceBytes);
  for (let filled = 0; ; ) {
    const bytesRead = await readSome(link, handle, buffer, filled, from + filled);
    filled += bytesRead;
    if (bytesRead === 0) return { bytes: buffer.subarray(0, filled), end: true };
    if (filled === pieceBytes) return { bytes: buffer, end: false };
  }
}

/** Bytes read; 0 at the end of the file. */
async function readSome(
  link: Link,
  handle: Buffer,
  buffer: Buffer,
  offset: number,
  position: number,
): Promise<number> {
  try {
    return await link.ask<number>((sftp, answered) =>
      sftp.read(handle, buffer, offset, buffer.length - offset, position, answered),
    );
  } catch (cause) {
    if (statusOf(cause) === status.eof) return 0;
    throw cause;
  }
}

/**
 * Writes a new file whole: every byte answered for, synced where the server offers that, and measured. Gives its size.
 * Throws `SFTP_SIZE`, and what the server refuses.
 */
export async function writeWhole(
  link: Link,
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  requests: number,
): Promise<number> {
  const handle = await link.ask<Buffer>((sftp, answered) =>
    sftp.open(path, 'wx', { mode: readableMode }, answered),
  );
  let written = 0;
  try {
    written = await writeAll(link, handle, bytes, requests);
    await syncWhereOffered(link, handle);
    await requireSize(link, handle, written, path);
  } catch (cause) {
    letGo(link, handle);
    throw cause;
  }
  // A server may tell only here that the disk was full.
  await link.ask((sftp, answered) => sftp.close(handle, (cause) => answered(cause, undefined)));
  return written;
}

async function requireSize(link: Link, handle: Buffer, written: number, path: string): Promise<void> {
  const { size } = await link.ask<Stats>((sftp, answered) => sftp.fstat(handle, answered));
  if (size === written) return;
  throw sftpError('SFTP_SIZE', `${written} bytes were sent, the server holds ${size}`, path);
}

async function writeAll(
  link: Link,
  handle: Buffer,
  bytes: AsyncIterable<Uint8Array>,
  requests: number,
): Promise<number> {
  const open: Promise<void>[] = [];
  let at = 0;
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      if (open.length >= requests) await open.shift();
      const piece = Buffer.from(chunk.subarray(from, from + pieceBytes));
      open.push(writePiece(link, handle, piece, at));
      at += piece.length;
    }
  }
  await Promise.all(open);
  return at;
}

function writePiece(link: Link, handle: Buffer, piece: Buffer, position: number): Promise<void> {
  const answer = link.ask((sftp, answered) =>
    sftp.write(handle, piece, 0, piece.length, position, (cause) => answered(cause, undefined)),
  );
  // Where an earlier one fails first, nobody looks at this one any more.
  answer.catch(() => undefined);
  return answer;
}

/** A size alone does not say that the bytes survive the server's own crash. Source: fsync@openssh.com, OpenSSH PROTOCOL. */
async function syncWhereOffered(link: Link, handle: Buffer): Promise<void> {
  if (!link.offers('fsync@openssh.com')) return;
  await link.ask((sftp, answered) => sftp.ext_openssh_fsync(handle, (cause) => answered(cause, undefined)));
}
