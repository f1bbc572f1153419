import { type IssueTable, issueMaker } from '../core/issue.ts';

/**
 * Every code of the entry log: issues that stand on entries, findings of `verify`, and errors that are thrown when the
 * world (or a caller's assumption about it) failed.
 */
export const logIssues = {
  LOG_CONFLICT: {
    severity: 'error',
    meaning:
      'Another message came under an origin (a sequence number, a file record, a message id) that is taken by a message with another digest. The log keeps both: the first one counts, this one waits for a person.',
    remedy:
      'Compare the two entries; ask the sender which of them is right, and replay the right one as a revision.',
  },
  LOG_CHAIN: {
    severity: 'error',
    meaning:
      'A block does not hash to its chain value, or does not follow the block before it: the log was changed after it was written.',
    remedy: 'Restore the newest backup that verifies, and find out who or what wrote to the database file.',
  },
  LOG_SEQUENCE: {
    severity: 'error',
    meaning:
      'The sequence numbers of a channel are not dense, or its epochs do not count up: entries are missing or doubled.',
    remedy: 'Restore the newest backup that verifies.',
  },
  LOG_BLOCK: {
    severity: 'error',
    meaning:
      'A block cannot be read, or the columns beside it (channel, count, position, times) do not say what the block itself says.',
    remedy: 'Restore the newest backup that verifies.',
  },
  LOG_BLOB: {
    severity: 'error',
    meaning: 'The chunks of a large entry are missing, superfluous or do not hash to what its block says.',
    remedy: 'Restore the newest backup that verifies.',
  },
  LOG_INDEX: {
    severity: 'error',
    meaning:
      'An index table (ranges, keys, revisions, repeats) does not say what the blocks say: redelivered messages could be lost or doubled.',
    remedy: 'Restore the newest backup that verifies.',
  },
  LOG_EXPIRY: {
    severity: 'error',
    meaning: 'Bytes are missing from a block and no recorded expiry accounts for it.',
    remedy: 'Restore the newest backup that holds them, and find out who removed them.',
  },
  LOG_CHECKPOINT: {
    severity: 'error',
    meaning:
      'A checkpoint does not agree with the log: history was rewritten, or its end was cut off, after the checkpoint was signed.',
    remedy: 'Keep both, and compare the log with the newest backup from before the checkpoint.',
  },
  LOG_CHECKPOINT_SIGNATURE: {
    severity: 'error',
    meaning: 'A checkpoint is not signed by the key that it names, or does not follow the one before it.',
    remedy: 'Find the true checkpoint in the second place, and treat the log as suspect until it verifies.',
  },
  LOG_REVISION: {
    severity: 'error',
    meaning:
      'A revision must stand under the origin of an entry that exists, and count one more than its newest revision.',
    remedy: 'Read the newest revision of the entry again, and repeat the correction on top of it.',
  },
  LOG_EPOCH: {
    severity: 'error',
    meaning: 'A new epoch must be one more than the epoch of the channel: somebody else has begun it.',
    remedy: 'Load the state of the channel again before going on.',
  },
  LOG_MISSING: {
    severity: 'error',
    meaning: 'There is no log in this directory.',
    remedy:
      'Name the data directory of a gateway that has run, or the directory of a backup; a new log begins with the first run.',
  },
  LOG_LOCKED: {
    severity: 'error',
    meaning: 'Another process owns the log. One process writes a log at a time, so that nothing is doubled.',
    remedy: 'Use the running gateway, stop it first, or open the log for reading only.',
  },
  LOG_VERSION: {
    severity: 'error',
    meaning: 'The log was written by another version of Clearport, in a form that this one cannot read.',
    remedy:
      'Run the newer version; an older one never changes a newer log. An older log is taken up when it is opened for writing, as by "clearport run".',
  },
  LOG_NOT_A_DATABASE: {
    severity: 'error',
    meaning: 'The file where the log should be is no SQLite database, or its first page is destroyed.',
    remedy: 'Check the data directory; move the file away, and restore the newest backup.',
  },
  LOG_FOREIGN: {
    severity: 'error',
    meaning: 'The file where the log should be is a SQLite database, but no entry log.',
    remedy: 'Check the data directory; a log is kept in a directory of its own.',
  },
  LOG_DAMAGED: {
    severity: 'error',
    meaning: 'The log was changed or cut outside of Clearport: SQLite or the chain of a block says so.',
    remedy: 'Keep the damaged files, run `clearport verify`, and restore the newest backup that verifies.',
  },
  LOG_DISK_FULL: {
    severity: 'error',
    meaning: 'The disk of the log is full. Nothing of the batch was kept and nothing was accepted.',
    remedy: 'Free space on the disk of the data directory; the next append works without a restart.',
  },
  LOG_AFTER_FAILURE: {
    severity: 'error',
    meaning:
      'An earlier commit of this channel failed, so a later position of it is refused: it speaks of entries that are not in the log, and their source would never send them again.',
    remedy:
      'None needed: the channel asks the log where it stands and goes on from there. Look for the error before this one.',
  },
  LOG_PERMISSION: {
    severity: 'error',
    meaning: 'The user that runs this may not read or write the data directory.',
    remedy: 'Give the user of the process the data directory and its files, or name another directory.',
  },
  LOG_IO: {
    severity: 'error',
    meaning: 'The disk or the file system of the log failed.',
    remedy: 'Look at the system log for this disk; the gateway tries again.',
  },
  LOG_WRITER: {
    severity: 'error',
    meaning: 'The thread that writes the log ended unexpectedly. What was acknowledged is safe.',
    remedy: 'Restart the gateway, and report the cause that stands with this error.',
  },
  LOG_EXISTS: {
    severity: 'error',
    meaning: 'There already is something where a backup or a restored log should be written.',
    remedy: 'Name a place that does not exist yet; nothing is ever overwritten.',
  },
  LOG_CLOSED: {
    severity: 'error',
    meaning: 'The log was closed.',
    remedy: 'Open it again.',
  },
  LOG_READ_ONLY: {
    severity: 'error',
    meaning: 'The log was opened for reading only.',
    remedy: 'Write through the gateway that owns the log, or open it as the owner while nothing else runs.',
  },
  LOG_KEY: {
    severity: 'error',
    meaning: 'The key for signing checkpoints is not an Ed25519 private key in PKCS#8 PEM.',
    remedy: 'Make one with `openssl genpkey -algorithm ed25519`.',
  },
  LOG_EXPIRED: {
    severity: 'error',
    meaning: 'The bytes of this entry have expired; only their proof is left.',
    remedy: 'Look for them in a backup from before the expiry.',
  },
  LOG_UNSUPPORTED: {
    severity: 'error',
    meaning: 'This engine of the log cannot do that.',
    remedy: 'Use the SQLite engine.',
  },
} as const satisfies IssueTable;

export const logIssue = issueMaker(logIssues);
