import type { FileInfo, FileSource, Reached } from '../../src/contract/source.ts';
import { shownText } from '../../src/core/bytes.ts';
import type { GatewayError } from '../../src/core/errors.ts';
import { isPlainName } from '../../src/core/file-name.ts';
import { addressOf, connect, pinsOf, requireKey } from './connect.ts';
import { refusal, sftpError } from './failure.ts';
import { type Link, status, statusOf } from './link.ts';
import { listFiles, picker } from './listing.ts';
import type { SftpOptions } from './options.ts';
import { archiveFile, publishFile } from './rename.ts';
import { letGo, lstat, remove, roomIn } from './requests.ts';
import { readAhead, writeWhole } from './transfer.ts';

/** Less than this is no room: a file system keeps a few blocks that nobody can fill. */
const roomBytesMin = 64 * 1024;

/** A place that connects when it is first used. Throws `SFTP_NO_PIN` and `SFTP_KEY` at once. */
export async function openSftp(options: SftpOptions): Promise<FileSource> {
  pinsOf(options);
  requireKey(options);
  return new SftpPlace(options);
}

/** Logs in, counts what waits, and leaves. */
export async function reachSftp(options: SftpOptions, signal: AbortSignal): Promise<Reached> {
  const place = new SftpPlace(options);
  const leave = (): void => void place.close();
  signal.addEventListener('abort', leave, { once: true });
  try {
    const files = await place.list();
    const { address, hostKey, ident } = await place.about();
    const waiting = `${files.length} ${files.length === 1 ? 'file waits' : 'files wait'} in ${options.folder}`;
    return {
      address,
      told: [`host key ${hostKey.type} ${hostKey.fingerprint}`, shownText(ident), shownText(waiting, 200)],
    };
  } finally {
    signal.removeEventListener('abort', leave);
    await place.close();
  }
}

/**
 * Files in one folder of an SFTP server. One connection, made when it is needed and again after it was lost; when to
 * try again is the caller's business.
 */
export class SftpPlace implements FileSource {
  readonly #options: SftpOptions;
  readonly #stop = new AbortController();
  readonly #picked: (name: string) => boolean;
  #link: Link | undefined;
  #connecting: Promise<Link> | undefined;
  #putting: Promise<void> = Promise.resolve();

  constructor(options: SftpOptions) {
    this.#options = options;
    this.#picked = picker(options);
  }

  async about(): Promise<Link['about']> {
    return (await this.#connected()).about;
  }

  /** Plain files whose names match, in the order of their names. Throws `SFTP_FOLDER`, `SFTP_FOLDER_FULL`. */
  async list(): Promise<readonly FileInfo[]> {
    const { folder } = this.#options;
    const link = await this.#connected();
    try {
      return await listFiles(link, folder, this.#picked);
    } catch (cause) {
      const code = statusOf(cause);
      if (code !== status.noSuchFile && code !== status.permissionDenied) throw this.#failure(cause, folder);
      throw sftpError('SFTP_FOLDER', 'the folder cannot be listed', this.#shown(folder), { cause });
    }
  }

  async *fetch(name: string, from: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    signal.throwIfAborted();
    const path = this.#pathOf(name);
    const aborted = Promise.withResolvers<never>();
    aborted.promise.catch(() => undefined);
    const abort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const pieces = this.#pieces(path, from);
      try {
        for (;;) {
          const next = await Promise.race([pieces.next(), aborted.promise]);
          if (next.done === true) return;
          yield next.value;
          signal.throwIfAborted();
        }
      } finally {
        // Not waited for: where the server hangs, the time of the request that is open ends it.
        pieces.return(undefined).catch(() => undefined);
      }
    } catch (cause) {
      throw signal.aborted ? signal.reason : this.#failure(cause, path);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /**
   * Writes under a temporary name, syncs and measures, and gives the file its name in one step. Throws `SFTP_TAKEN` with
   * nothing changed; after any other failure nothing of this put stands under the name, unless it is `SFTP_IN_DOUBT`.
   */
  put(
    name: string,
    bytes: AsyncIterable<Uint8Array>,
    options: { readonly replace?: boolean } = {},
  ): Promise<void> {
    // One after the other: two puts of one name would write into the same temporary file.
    const done = this.#putting.then(() => this.#put(name, bytes, options.replace === true));
    this.#putting = done.catch(() => undefined);
    return done;
  }

  /** Renames into the archive; a name that is taken there gets a number, because an archive forgets nothing. */
  async archive(name: string): Promise<void> {
    const path = this.#pathOf(name);
    const { archive, folder } = this.#options;
    const target = archive.startsWith('/') ? archive : `${folder}/${archive}`;
    try {
      await archiveFile(() => this.#connected(), path, target, name);
    } catch (cause) {
      throw this.#failure(cause, path);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#link?.close();
  }

  async *#pieces(path: string, from: number): AsyncGenerator<Uint8Array, void> {
    const link = await this.#connected();
    const stats = await lstat(link, path);
    if (stats?.isFile() !== true)
      throw sftpError('SFTP_FILE_GONE', 'no plain file of this name is there', this.#shown(path));
    const handle = await link.ask<Buffer>((sftp, answered) => sftp.open(path, 'r', answered));
    try {
      yield* readAhead(link, handle, from, stats.size, this.#options.requests);
    } finally {
      letGo(link, handle);
    }
  }

  async #put(name: string, bytes: AsyncIterable<Uint8Array>, replace: boolean): Promise<void> {
    const path = this.#pathOf(name);
    // Always the same name, so that the next put of this file takes away what a broken one left.
    const temporary = this.#pathOf(`.${name}.tmp`);
    const link = await this.#connected();
    try {
      if (replace && !link.offers('posix-rename@openssh.com'))
        throw sftpError('SFTP_NO_REPLACE', 'the server cannot replace in one step', this.#shown(path));
      if (!replace && (await lstat(link, path)) !== undefined) throw this.#taken(path);
      // A new file, so that a connection that broke long ago cannot write into this one any more.
      await remove(link, temporary);
      await writeWhole(link, temporary, bytes, this.#options.requests);
      await publishFile(() => this.#connected(), temporary, path, replace);
    } catch (cause) {
      const failure = await this.#putFailure(link, cause, path);
      if (this.#link?.lost === false) await remove(this.#link, temporary).catch(() => undefined);
      throw failure;
    }
  }

  /** Many servers say only "Failure" of a full disk, so they are asked how much room there is. */
  async #putFailure(link: Link, cause: unknown, path: string): Promise<unknown> {
    const code = statusOf(cause);
    if (code === status.exists) return this.#taken(path);
    const room = code === status.failure ? await roomIn(link, this.#options.folder) : undefined;
    const full = code === status.noSpace || code === status.quota;
    if (!full && (room === undefined || room >= roomBytesMin)) return this.#failure(cause, path);
    const free = room === undefined ? '' : `: ${room} bytes are free`;
    return sftpError('SFTP_DISK_FULL', `no room at the server${free}`, this.#shown(path), { cause });
  }

  #connected(): Promise<Link> {
    if (this.#stop.signal.aborted) {
      return Promise.reject(sftpError('SFTP_CLOSED', 'was closed', addressOf(this.#options)));
    }
    if (this.#link?.lost === false) return Promise.resolve(this.#link);
    this.#connecting ??= this.#connect();
    return this.#connecting;
  }

  async #connect(): Promise<Link> {
    try {
      this.#link = await connect(this.#options, this.#stop.signal);
      return this.#link;
    } finally {
      this.#connecting = undefined;
    }
  }

  #pathOf(name: string): string {
    if (isPlainName(name)) return `${this.#options.folder}/${name}`;
    throw sftpError('SFTP_NAME', 'the name of a file may not hold a path', this.#shown(this.#options.folder));
  }

  #shown(path: string): string {
    return `${addressOf(this.#options)} ${path}`;
  }

  #taken(path: string): GatewayError {
    return sftpError('SFTP_TAKEN', 'a file of this name is there', this.#shown(path));
  }

  #failure(cause: unknown, path: string): unknown {
    const code = statusOf(cause);
    return code === undefined ? cause : refusal(code, cause, this.#shown(path));
  }
}
