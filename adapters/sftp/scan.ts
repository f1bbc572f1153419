import { sftpError } from './failure.ts';
import type { HostKey } from './host-key.ts';

/** The host keys that a server shows to whoever asks. Nobody is logged in. */
export async function scanHostKeys(
  host: string,
  port: number,
  _signal: AbortSignal,
): Promise<readonly HostKey[]> {
  throw sftpError('SFTP_CLOSED', 'is not built yet', `${host}:${port}`);
}
