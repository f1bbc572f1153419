import type { FileSource, Reached } from '../../src/contract/source.ts';
import { sftpError } from './failure.ts';
import type { SftpOptions } from './options.ts';

export async function openSftp({ host, port }: SftpOptions): Promise<FileSource> {
  throw sftpError('SFTP_CLOSED', 'is not built yet', `${host}:${port}`);
}

export async function reachSftp({ host, port }: SftpOptions, _signal: AbortSignal): Promise<Reached> {
  throw sftpError('SFTP_CLOSED', 'is not built yet', `${host}:${port}`);
}
