import type { FileEntryWithStats, Stats } from 'ssh2';
import { type Link, status, statusOf, unlessMissing } from './link.ts';

/** What stands under a path, links not followed; undefined where there is nothing. */
export function lstat(link: Link, path: string): Promise<Stats | undefined> {
  return unlessMissing(link.ask<Stats>((sftp, answered) => sftp.lstat(path, answered)));
}

/** Takes a file away; none is there is fine. */
export async function remove(link: Link, path: string): Promise<void> {
  await unlessMissing(link.ask((sftp, answered) => sftp.unlink(path, (cause) => answered(cause, undefined))));
}

/** Fails where the target is taken, as far as the server keeps to version 3 of the protocol. */
export function rename(link: Link, from: string, to: string): Promise<void> {
  return link.ask((sftp, answered) => sftp.rename(from, to, (cause) => answered(cause, undefined)));
}

/** Replaces in one step. Source: posix-rename@openssh.com, OpenSSH PROTOCOL, section 4.3. */
export function replace(link: Link, from: string, to: string): Promise<void> {
  return link.ask((sftp, answered) =>
    sftp.ext_openssh_rename(from, to, (cause) => answered(cause, undefined)),
  );
}

export function makeFolder(link: Link, path: string): Promise<void> {
  return link.ask((sftp, answered) =>
    sftp.mkdir(path, { mode: 0o750 }, (cause) => answered(cause, undefined)),
  );
}

/** The next entries of an open folder; undefined behind the last one. */
export async function nextEntries(
  link: Link,
  handle: Buffer,
): Promise<readonly FileEntryWithStats[] | undefined> {
  try {
    return await link.ask<readonly FileEntryWithStats[]>((sftp, answered) => sftp.readdir(handle, answered));
  } catch (cause) {
    if (statusOf(cause) === status.eof) return undefined;
    throw cause;
  }
}

/** Bytes that are free for us; undefined where the server does not tell. Source: statvfs@openssh.com, OpenSSH PROTOCOL. */
export async function roomIn(link: Link, folder: string): Promise<number | undefined> {
  if (link.lost || !link.offers('statvfs@openssh.com')) return undefined;
  try {
    const told = await link.ask<{ readonly f_bavail: number; readonly f_frsize: number }>((sftp, answered) =>
      sftp.ext_openssh_statvfs(folder, answered),
    );
    return Number(told.f_bavail) * Number(told.f_frsize);
  } catch {
    return undefined;
  }
}

/** Closes what was only read, without waiting: nothing depends on the answer. */
export function letGo(link: Link, handle: Buffer): void {
  const closed = link.ask((sftp, answered) => sftp.close(handle, (cause) => answered(cause, undefined)));
  closed.catch(() => undefined);
}
