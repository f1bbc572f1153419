import type { FileSourceAdapter } from '../../src/contract/source.ts';
import { type SftpOptions, sftpOptions, sftpSecrets } from './options.ts';
import { openSftp, reachSftp } from './place.ts';

export { type HostKey, type Pin, pinOf } from './host-key.ts';
export { sftpIssues } from './issues.ts';
export type { SftpOptions, SftpOptionsInput } from './options.ts';
export { type PrivateKeyFacts, privateKeyFacts } from './private-key.ts';
export { scanHostKeys } from './scan.ts';

/** Files in a folder of an SFTP server: `docs/sftp.md`. */
export const sftp: FileSourceAdapter<SftpOptions> = {
  shape: 'files',
  id: 'sftp',
  options: sftpOptions,
  secrets: sftpSecrets,
  open: openSftp,
  reach: reachSftp,
};
