import type { FileInfo } from '../../src/contract/source.ts';
import { isPlainName, matcher } from '../../src/core/file-name.ts';
import { sftpError } from './failure.ts';
import type { Link } from './link.ts';
import type { SftpOptions } from './options.ts';
import { letGo, lstat, nextEntries } from './requests.ts';

/** An entry takes some hundreds of bytes while it is listed; a folder with more is no landing place any more. */
const entriesMax = 100_000;

/** Which names are picked up: those of the pattern that are not ignored and lead nowhere else. */
export function picker({ pattern, ignore }: SftpOptions): (name: string) => boolean {
  const wanted = matcher(pattern);
  const ignored = ignore.map(matcher);
  return (name) => wanted(name) && isPlainName(name) && !ignored.some((ignores) => ignores(name));
}

/** Plain files of a folder that are picked up, in the order of their names. Throws `SFTP_FOLDER_FULL`. */
export async function listFiles(
  link: Link,
  folder: string,
  picked: (name: string) => boolean,
): Promise<readonly FileInfo[]> {
  const handle = await link.ask<Buffer>((sftp, answered) => sftp.opendir(folder, answered));
  const infos: FileInfo[] = [];
  try {
    for (let seen = 0; ; ) {
      const batch = await nextEntries(link, handle);
      if (batch === undefined) break;
      seen += batch.length;
      if (seen > entriesMax)
        throw sftpError('SFTP_FOLDER_FULL', `holds more than ${entriesMax} entries`, folder);
      for (const { filename, attrs } of batch) {
        if (!picked(filename)) continue;
        // A server may leave the kind of a file out of its list.
        const stats = attrs.mode === undefined ? await lstat(link, `${folder}/${filename}`) : attrs;
        if (stats?.isFile() !== true) continue;
        infos.push({ name: filename, size: stats.size, modifiedAt: stats.mtime * 1_000_000 });
      }
    }
  } finally {
    letGo(link, handle);
  }
  return infos.sort((left, right) => (left.name < right.name ? -1 : 1));
}
