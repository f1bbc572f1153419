import type { IssueTable } from '../../src/core/issue.ts';

/** Every code of the SFTP adapter; all of them are thrown, because only the world can fail here. */
export const sftpIssues = {
  SFTP_NO_PIN: {
    severity: 'error',
    meaning: 'No host key is pinned, so nobody could tell the server from somebody who stands in its place.',
    remedy:
      'See the keys with `clearport keys scan HOST`, compare them with what the operator tells, and put one into options.hostKeys.',
  },
  SFTP_HOST_KEY: {
    severity: 'error',
    meaning:
      'The server showed another host key than the pinned ones; nothing was said to it, neither name nor password.',
    remedy:
      'Ask the operator of the server whether the key was changed, by another way than this connection; only then pin the new one.',
  },
  SFTP_KEY: {
    severity: 'error',
    meaning: 'Our private key cannot be read, or needs another passphrase.',
    remedy: 'Check the files or variables that options.privateKey and options.passphrase refer to.',
  },
  SFTP_AUTHENTICATION: {
    severity: 'error',
    meaning: 'The server does not take our user name with this key or password.',
    remedy:
      'Check username, privateKey and password with the operator of the server; further attempts may lock the account.',
  },
  SFTP_ALGORITHMS: {
    severity: 'error',
    meaning: 'The server and we have no key exchange, host key type or cipher in common.',
    remedy:
      'Ask for an update of the server; for one that speaks nothing better, set options.algorithms.legacy to true.',
  },
  SFTP_CONNECTION: {
    severity: 'error',
    meaning: 'The server cannot be reached, or the connection to it was lost.',
    remedy: 'Check host, port and the way to it. The channel goes on by itself.',
  },
  SFTP_TIMEOUT: {
    severity: 'error',
    meaning: 'The server answered nothing for the configured time, so the connection was closed.',
    remedy:
      'Ask the operator of the server, or raise timeoutSeconds or connectTimeoutSeconds. The channel goes on by itself.',
  },
  SFTP_FOLDER: {
    severity: 'error',
    meaning: 'The folder at the server is not there, or may not be listed.',
    remedy: 'Check options.folder and the rights at the server. The channel goes on by itself.',
  },
  SFTP_FOLDER_FULL: {
    severity: 'error',
    meaning: 'The folder holds more files than can be listed in bounded memory.',
    remedy: 'Let old files be taken away, or set options.folder to one that holds the new ones only.',
  },
  SFTP_NAME: {
    severity: 'error',
    meaning: 'A file name would lead out of the folder, or cannot be the name of a file.',
    remedy: 'Use a plain name without a path.',
  },
  SFTP_FILE_GONE: {
    severity: 'error',
    meaning: 'A file that was listed is no longer there, or is no plain file (a link is not followed).',
    remedy: 'If somebody else takes files from this folder, give each its own.',
  },
  SFTP_TAKEN: {
    severity: 'error',
    meaning: 'A file of this name is already at the server, and was not to be replaced.',
    remedy: 'Use another name, or have the file that is there taken away.',
  },
  SFTP_DENIED: {
    severity: 'error',
    meaning: 'The server does not allow this.',
    remedy: 'Ask the operator of the server for the rights to read, write and rename in the folder.',
  },
  SFTP_DISK_FULL: {
    severity: 'error',
    meaning: 'The disk or the quota at the server is full; nothing stands there under the name.',
    remedy: 'Ask the operator of the server to make room. The channel goes on by itself.',
  },
  SFTP_NO_REPLACE: {
    severity: 'error',
    meaning:
      'The server cannot replace a file in one step (it lacks posix-rename), and it is not done in two: in between there would be none.',
    remedy: 'Send under a new name, or have the old file taken away first.',
  },
  SFTP_SIZE: {
    severity: 'error',
    meaning: 'What the server holds after a put is not as long as what was sent; it was not published.',
    remedy: 'Ask the operator of the server. The channel goes on by itself.',
  },
  SFTP_IN_DOUBT: {
    severity: 'error',
    meaning:
      'The connection was lost while a file got its name, and the server could not be asked whether it did.',
    remedy: 'Look whether the file stands there before it is sent again.',
  },
  SFTP_FAILED: {
    severity: 'error',
    meaning: 'The server refused to read, write or rename a file; the cause is its own word.',
    remedy: 'Ask the operator of the server. The channel goes on by itself.',
  },
  SFTP_CLOSED: {
    severity: 'error',
    meaning: 'The place was closed on our side before or while it was used.',
    remedy: 'Nothing: it happens when the gateway stops.',
  },
} as const satisfies IssueTable;

export type SftpCode = keyof typeof sftpIssues;
