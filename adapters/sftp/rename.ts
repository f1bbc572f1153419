import type { Stats } from 'ssh2';
import { sftpError } from './failure.ts';
import { isLoss, type Link, status, statusOf } from './link.ts';
import { lstat, makeFolder, rename, replace } from './requests.ts';

/** Gives the connection that there is, or makes one. */
export type Connected = () => Promise<Link>;

/**
 * Gives a whole temporary file its name. Where the connection is lost before the answer, a new one is asked what became
 * of it: the temporary name is gone exactly when the rename was done. Throws `SFTP_TAKEN`, `SFTP_IN_DOUBT`, and what the
 * server refuses.
 */
export async function publishFile(
  connected: Connected,
  temporary: string,
  path: string,
  replacing: boolean,
): Promise<void> {
  await renameOnce(connected, path, async (link, again) => {
    if (again && (await lstat(link, temporary)) === undefined) return;
    try {
      await (replacing ? replace : rename)(link, temporary, path);
    } catch (cause) {
      if (again && statusOf(cause) === status.noSuchFile) return;
      if (!replacing && isRefusal(cause) && (await lstat(link, path)) !== undefined)
        throw sftpError('SFTP_TAKEN', 'a file of this name is there', path, { cause });
      throw cause;
    }
  });
}

/**
 * Moves a file into a folder, under a free name; a file that is not there has been moved before. Throws
 * `SFTP_IN_DOUBT`, and what the server refuses.
 */
export async function archiveFile(
  connected: Connected,
  path: string,
  folder: string,
  name: string,
): Promise<void> {
  let before: Stats | undefined;
  await renameOnce(connected, path, async (link) => {
    const there = await lstat(link, path);
    if (there === undefined || !there.isFile()) return;
    // After a lost answer, another file under this name is a new one: ours has been moved.
    if (before !== undefined && !sameFile(before, there)) return;
    before = there;
    if ((await lstat(link, folder)) === undefined) await makeFolder(link, folder);
    try {
      await rename(link, path, await freeName(link, folder, name));
    } catch (cause) {
      // Somebody else may have moved it since it was looked at.
      if (isRefusal(cause) && (await lstat(link, path)) === undefined) return;
      throw cause;
    }
  });
}

/** Does it, and once more on a new connection where the first was lost: `again` says so. */
async function renameOnce(
  connected: Connected,
  path: string,
  act: (link: Link, again: boolean) => Promise<void>,
): Promise<void> {
  try {
    return await act(await connected(), false);
  } catch (cause) {
    if (!isLoss(cause)) throw cause;
  }
  try {
    await act(await connected(), true);
  } catch (cause) {
    if (!isLoss(cause)) throw cause;
    throw sftpError('SFTP_IN_DOUBT', 'the connection was lost while the file was renamed', path, { cause });
  }
}

async function freeName(link: Link, folder: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = `${folder}/${number === 1 ? name : `${name}.${number}`}`;
    if ((await lstat(link, path)) === undefined) return path;
  }
}

function isRefusal(cause: unknown): boolean {
  return statusOf(cause) !== undefined;
}

function sameFile(left: Stats, right: Stats): boolean {
  return left.size === right.size && left.mtime === right.mtime;
}
