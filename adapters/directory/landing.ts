import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import {
  constants,
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  unlink,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FileInfo, FileSource } from '../../src/contract/source.ts';
import { systemCode } from '../../src/core/errors.ts';
import { isPlainName, matcher } from '../../src/core/file-name.ts';
import { directoryError, systemFailure } from './failure.ts';
import type { DirectoryOptions } from './options.ts';

/** One read from the disk: large enough to be fast, small enough to hold a few of. */
const pieceBytes = 64 * 1024;

/** Files of one directory. Nothing below it and nothing that a link points to is ever touched. */
export class Landing implements FileSource {
  readonly #path: string;
  readonly #archive: string;
  readonly #matches: (name: string) => boolean;

  constructor(options: DirectoryOptions) {
    this.#path = resolve(options.path);
    this.#archive = resolve(this.#path, options.archive);
    this.#matches = matcher(options.pattern);
  }

  /** Plain files whose names match, in the order of their names. Throws `DIRECTORY_MISSING`. */
  async list(): Promise<readonly FileInfo[]> {
    const names = await this.#names();
    const infos = await Promise.all(names.sort().map((name) => this.#info(name)));
    return infos.filter((info) => info !== undefined);
  }

  async *fetch(name: string, from: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const path = this.#pathOf(name);
    const file = await openPlain(path);
    try {
      for (let at = from; !signal.aborted; ) {
        // A buffer of its own for each piece: whoever gets it may keep it.
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
      signal.throwIfAborted();
    } finally {
      await file.close();
    }
  }

  /**
   * Writes under a temporary name, syncs, and gives the file its name in one step; syncs the directory. Throws
   * `DIRECTORY_TAKEN`, with nothing changed.
   */
  async put(
    name: string,
    bytes: AsyncIterable<Uint8Array>,
    options: { readonly replace?: boolean } = {},
  ): Promise<void> {
    const path = this.#pathOf(name);
    const temporary = join(this.#path, `.${name}.${randomUUID()}.tmp`);
    try {
      await writeWhole(temporary, bytes);
      if (options.replace === true) {
        await rename(temporary, path);
      } else {
        // A rename would replace in silence; a link fails where the name is taken.
        await link(temporary, path);
        await unlink(temporary);
      }
      await syncDirectory(this.#path);
    } catch (cause) {
      await unlink(temporary).catch(() => undefined);
      throw systemFailure(cause, path);
    }
  }

  /** Renames into the archive; a name that is taken there gets a number, because an archive forgets nothing. */
  async archive(name: string): Promise<void> {
    const path = this.#pathOf(name);
    try {
      if ((await plainStats(path)) === undefined) return;
      await mkdir(this.#archive, { recursive: true, mode: 0o750 });
      await rename(path, await this.#freeName(name));
      await syncDirectory(this.#archive);
      await syncDirectory(this.#path);
    } catch (cause) {
      if (systemCode(cause) !== 'ENOENT') throw systemFailure(cause, path);
    }
  }

  async close(): Promise<void> {}

  async #names(): Promise<string[]> {
    try {
      const entries = await readdir(this.#path, { withFileTypes: true });
      return entries.filter((entry) => entry.isFile() && this.#matches(entry.name)).map(({ name }) => name);
    } catch (cause) {
      const reason = `the landing directory cannot be read (${systemCode(cause) ?? 'no reason given'})`;
      throw directoryError('DIRECTORY_MISSING', reason, this.#path, cause);
    }
  }

  async #info(name: string): Promise<FileInfo | undefined> {
    const stats = await plainStats(join(this.#path, name));
    return stats && { name, size: stats.size, modifiedAt: Math.round(stats.mtimeMs * 1000) };
  }

  async #freeName(name: string): Promise<string> {
    for (let number = 1; ; number++) {
      const path = join(this.#archive, number === 1 ? name : `${name}.${number}`);
      if (!(await exists(path))) return path;
    }
  }

  #pathOf(name: string): string {
    if (isPlainName(name)) return join(this.#path, name);
    throw directoryError('DIRECTORY_NAME', 'the name of a file may not hold a path', this.#path);
  }
}

async function openPlain(path: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK, opening a named pipe that took the file's place would wait for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (cause) {
    throw systemFailure(cause, path);
  }
  throw directoryError('DIRECTORY_FILE_GONE', 'is no plain file', path);
}

async function writeWhole(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o640);
  try {
    for await (const piece of bytes) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on the disk only when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function plainStats(path: string): Promise<Stats | undefined> {
  try {
    const stats = await lstat(path);
    return stats.isFile() ? stats : undefined;
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw systemFailure(cause, path);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return false;
    throw systemFailure(cause, path);
  }
}
