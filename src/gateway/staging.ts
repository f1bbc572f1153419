import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileInfo, FileSource } from '../contract/source.ts';
import { GatewayError, systemCode } from '../core/errors.ts';
import { gatewayIssues } from './issues.ts';

/** What stays free on our disk beside a copy: the log goes on with it for a while. */
const reserveBytes = 64 * 1024 * 1024;

/**
 * Our own copy of each file that is being read, under the SHA-256 of its bytes: it cannot change under us, and after a
 * crash the reading goes on from it wherever the original is by then.
 */
export class Staging {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Copies a file, synced, and gives its SHA-256 in hex. Throws `FILE_CHANGED` where it grew or shrank meanwhile, and
   * `FILE_NO_ROOM`; nothing of a copy that failed stays on our disk.
   */
  async take(source: FileSource, file: FileInfo, signal: AbortSignal): Promise<string> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await this.#requireRoom(file);
    const arriving = join(this.#directory, 'arriving');
    try {
      const sha256 = await copy(source, file, arriving, signal);
      await rename(arriving, this.#pathOf(sha256));
      return sha256;
    } catch (cause) {
      await rm(arriving, { force: true });
      throw cause;
    }
  }

  /** Stages bytes that are at hand. Their SHA-256 is what the caller says. */
  async put(sha256: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const arriving = join(this.#directory, 'arriving');
    const handle = await open(arriving, 'w', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(arriving, this.#pathOf(sha256));
  }

  async has(sha256: string): Promise<boolean> {
    try {
      return (await stat(this.#pathOf(sha256))).isFile();
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT') return false;
      throw cause;
    }
  }

  read(sha256: string): AsyncIterable<Buffer> {
    return createReadStream(this.#pathOf(sha256));
  }

  /** Removes everything but what is still needed. */
  async clear(keep?: string): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    const gone = names.filter((name) => name !== keep);
    await Promise.all(gone.map((name) => rm(join(this.#directory, name), { force: true })));
  }

  /** A copy never takes the room that the log needs. */
  async #requireRoom({ name, size }: FileInfo): Promise<void> {
    const { bavail, bsize } = await statfs(this.#directory);
    const free = bavail * bsize;
    if (size + reserveBytes <= free) return;
    throw new GatewayError('FILE_NO_ROOM', `${size} bytes, and ${free} are free on our disk`, {
      place: name,
      retryable: true,
      remedy: gatewayIssues.FILE_NO_ROOM.remedy,
    });
  }

  #pathOf(sha256: string): string {
    return join(this.#directory, sha256);
  }
}

/** The bytes of a file under a path of ours, synced; gives their SHA-256. */
async function copy(source: FileSource, file: FileInfo, path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(path, 'w', 0o600);
  let size = 0;
  try {
    for await (const piece of source.fetch(file.name, 0, signal)) {
      size += piece.length;
      if (size > file.size) throw fileChanged(file.name);
      hash.update(piece);
      await handle.writeFile(piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (size !== file.size) throw fileChanged(file.name);
  return hash.digest('hex');
}

export function fileChanged(name: string): GatewayError {
  return new GatewayError('FILE_CHANGED', 'the file changed while it was read', {
    place: name,
    retryable: true,
    remedy: gatewayIssues.FILE_CHANGED.remedy,
  });
}
