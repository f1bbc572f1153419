import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileInfo, FileSource } from '../contract/source.ts';
import { GatewayError, systemCode } from '../core/errors.ts';
import { gatewayIssues } from './issues.ts';

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
   * Copies a file, synced, and gives its SHA-256 in hex. Throws `FILE_CHANGED` where it grew or shrank meanwhile, with no
   * more of it on our disk than was listed.
   */
  async take(source: FileSource, file: FileInfo, signal: AbortSignal): Promise<string> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const arriving = join(this.#directory, 'arriving');
    const hash = createHash('sha256');
    const handle = await open(arriving, 'w', 0o600);
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
    const sha256 = hash.digest('hex');
    await rename(arriving, this.#pathOf(sha256));
    return sha256;
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

  #pathOf(sha256: string): string {
    return join(this.#directory, sha256);
  }
}

export function fileChanged(name: string): GatewayError {
  return new GatewayError('FILE_CHANGED', 'the file changed while it was read', {
    place: name,
    retryable: true,
    remedy: gatewayIssues.FILE_CHANGED.remedy,
  });
}
