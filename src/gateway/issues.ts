import type { IssueTable } from '../core/issue.ts';

/** Every code of the gateway: findings in a configuration, what holds an entry or a file, and what it throws. */
export const gatewayIssues = {
  CONFIG_NOT_FOUND: {
    severity: 'error',
    meaning: 'There is no configuration file at the given path, or it cannot be read.',
    remedy: 'Give the right path with --config, or write a starting configuration with "clearport init".',
  },
  CONFIG_YAML: {
    severity: 'error',
    meaning:
      'The configuration is not well-formed YAML, holds a key twice, or is larger or deeper than a configuration can be.',
    remedy: 'Mend the line that is named.',
  },
  CONFIG_UNKNOWN_KEY: {
    severity: 'error',
    meaning: 'The configuration holds a key that nothing reads; what it was meant to change stays unchanged.',
    remedy: 'Take the line out, or use a key that docs/configuration.md lists.',
  },
  CONFIG_MISSING_KEY: {
    severity: 'error',
    meaning: 'A key that has no default is missing.',
    remedy: 'Add the key; docs/configuration.md says what it means.',
  },
  CONFIG_VALUE: {
    severity: 'error',
    meaning: 'A value is not one that its key can take.',
    remedy: 'Write a value as the message says.',
  },
  CONFIG_SECRET_IN_PLAIN_TEXT: {
    severity: 'error',
    meaning:
      'A key that holds a secret has it written out in the file, where copies, mails and backups will carry it.',
    remedy: `Write a reference, \${env:NAME} or \${file:path}, and change the secret: it has been written down.`,
  },
  CONFIG_SECRET_TOO_SHORT: {
    severity: 'warning',
    meaning: 'A secret has fewer than 4 characters, so it cannot be hidden in what is logged.',
    remedy: 'Use a longer secret.',
  },
  CONFIG_SECRET_FILE_OPEN: {
    severity: 'warning',
    meaning: 'A file that holds a secret can be read by other users of the machine.',
    remedy: 'Take the rights away from group and others: chmod 600.',
  },
  CONFIG_REFERENCE: {
    severity: 'error',
    meaning: 'A reference to an environment variable or a file leads nowhere, or is not written as one.',
    remedy: `Set the variable, put the file in its place, or mend the reference: \${env:NAME} or \${file:path}.`,
  },
  CONFIG_CHANNEL_NAME: {
    severity: 'error',
    meaning: 'A channel has a name that cannot stand in event ids for ever.',
    remedy:
      'Use 1 to 63 lower-case letters, digits and hyphens, beginning with a letter; "gateway" and "log" are taken.',
  },
  CHANNEL_UNKNOWN: {
    severity: 'error',
    meaning: 'No channel of this name is configured.',
    remedy: 'Use one of the names under "channels" in the configuration.',
  },
  CHANNEL_NOT_CONFIGURED: {
    severity: 'warning',
    meaning:
      'The log holds a channel that the configuration does not have. A channel that was renamed begins anew and books everything again.',
    remedy: 'Give the channel its old name back, or leave it out for good if it has ended.',
  },
  CHANNEL_NO_SESSION: {
    severity: 'error',
    meaning: 'The channel has no session, so there is nothing to set, reset or log out.',
    remedy: 'Name a channel whose adapter holds a session.',
  },
  SESSION_UNKNOWN: {
    severity: 'error',
    meaning:
      'The session that was named is none of the channel, or the channel has several and none was named.',
    remedy: 'Name one that `clearport sessions` shows, with `--session`.',
  },
  CHANNEL_FAILED: {
    severity: 'error',
    meaning: 'A channel could not be opened, and waiting will not help.',
    remedy: 'See the cause; mend it and start again.',
  },
  CHANNEL_RETRYING: {
    severity: 'warning',
    meaning: 'A channel could not be opened or read, and is tried again with growing pauses.',
    remedy: 'See the cause; nothing is lost meanwhile.',
  },
  CHANNEL_UNREACHED: {
    severity: 'error',
    meaning: 'The counterparty of a channel was asked whether it is there, and gave no usable answer.',
    remedy: 'Check host, port and the way to it, firewalls included; ask its operator whether it is up.',
  },
  CODEC_THREW: {
    severity: 'error',
    meaning:
      'A codec failed on a message by a bug of ours. The message is in quarantine, nothing of it was booked.',
    remedy: 'Report it with the bytes of the entry; after an update, "clearport replay" reads it again.',
  },
  MESSAGE_UNKNOWN_KIND: {
    severity: 'error',
    meaning: 'A message came on a channel of several standards, and none of its codecs knows what it is.',
    remedy:
      'Look at its beginning. Add the codec that reads it to the channel and replay, or discard it and tell the sender.',
  },
  MESSAGE_TOO_LARGE: {
    severity: 'error',
    meaning: 'A queue message is larger than any message of the business can be. It was kept, and not read.',
    remedy:
      'Ask the sender what it was; several messages in one have to be sent one by one. Then discard it.',
  },
  MESSAGE_NO_ID: {
    severity: 'warning',
    meaning:
      'A queue message came without an id, and the channel names no property that could stand for it: if it is delivered twice, it is taken twice.',
    remedy:
      'Have the sender set the message id, or name a property that is unique for each message under messages.key.',
  },
  REASON_MISSING: {
    severity: 'error',
    meaning: 'Something that changes what is booked or sent was asked for without saying who asks and why.',
    remedy: 'Give a reason, in words that somebody else understands in a year.',
  },
  BASELINE_SNAPSHOT_UNKNOWN: {
    severity: 'error',
    meaning: 'A snapshot that was to become the opening book is not in the log.',
    remedy: 'Take the name of a snapshot that arrived: its file key, and the channel that it came on.',
  },
  BASELINE_SNAPSHOT_INCOMPLETE: {
    severity: 'error',
    meaning: 'A snapshot that was to become the opening book is not whole: rows or its end are missing.',
    remedy: 'Settle what is in quarantine, or wait for the whole file; then adopt it.',
  },
  BASELINE_DATES_DIFFER: {
    severity: 'error',
    meaning: 'The snapshots of positions and of cash for one opening book are of different business dates.',
    remedy: 'Name two snapshots of the same business date.',
  },
  OUTBOX_DIRECTION: {
    severity: 'error',
    meaning: 'Something was to be sent on a channel that only takes messages in.',
    remedy: 'Set the direction of the channel to out or both, if its counterparty expects messages there.',
  },
  OUTBOX_REFUSED: {
    severity: 'error',
    meaning:
      'What was to be sent is not what its receiver can read. Nothing was written, and nothing went out.',
    remedy: 'Mend it at the place that is named. --as-is sends bytes in spite of what the codec says.',
  },
  OUTBOX_NO_COMPOSE: {
    severity: 'error',
    meaning: 'The codec of the channel makes no messages from data.',
    remedy: 'Give the finished bytes with --file.',
  },
  OUTBOX_NAME: {
    severity: 'error',
    meaning: 'A file was to be sent without a name, or under one that cannot be a file name.',
    remedy: 'Give a plain name with --name.',
  },
  OUTBOX_KEY: {
    severity: 'error',
    meaning: 'The key of a command cannot stand in the log for ever.',
    remedy: 'Use 1 to 100 letters, digits, dots, colons, hyphens and underscores.',
  },
  OUTBOX_KEY_TAKEN: {
    severity: 'error',
    meaning: 'A key that was used for one thing was given for another. Nothing was sent.',
    remedy: 'Give the other thing another key.',
  },
  OUTBOX_TOO_LARGE: {
    severity: 'error',
    meaning: 'What was to be sent is larger than a command can carry (32 MiB).',
    remedy: 'Send it in parts.',
  },
  OUTBOX_WAITS: {
    severity: 'warning',
    meaning:
      'Something that was committed for sending could not go out yet; it is tried again with growing pauses.',
    remedy: 'See the reason; nothing is lost meanwhile, and nothing goes out twice.',
  },
  OUTBOX_LOST: {
    severity: 'error',
    meaning: 'The log holds a command without the message that it was committed with.',
    remedy: 'Run "clearport verify": the log was changed by somebody else, or restored in part.',
  },
  QUARANTINE_UNKNOWN: {
    severity: 'error',
    meaning: 'There is no quarantined entry at this offset.',
    remedy: 'Take an offset from "clearport quarantine".',
  },
  QUARANTINE_DECIDED: {
    severity: 'error',
    meaning: 'Somebody has decided about this entry already, in another way.',
    remedy: 'Look at the entry; "clearport replay" reads a decided entry again.',
  },
  QUARANTINE_UNREADABLE: {
    severity: 'error',
    meaning:
      'The entry cannot be taken as it stands: its bytes are no message, or a whole file that was held.',
    remedy: 'Repair it with the right bytes, or discard it.',
  },
  QUARANTINE_STILL_WRONG: {
    severity: 'error',
    meaning: 'The bytes of a repair are not a good message either. Nothing was written.',
    remedy: 'See the issues, and repair with other bytes.',
  },
  REPLAY_RANGE: {
    severity: 'error',
    meaning: 'The range of a replay is empty, or longer than there are offsets.',
    remedy: 'Give --from and --to as "clearport entries" shows offsets, the lower one first.',
  },
  FILE_DUPLICATE: {
    severity: 'warning',
    meaning: 'A file came again: same key, same bytes. It was not booked again.',
    remedy: 'Nothing to do. If it comes every day, the sender or the pick-up repeats itself.',
  },
  FILE_REFUSED: {
    severity: 'error',
    meaning:
      'A file was judged whole and refused. It is one entry in quarantine, and nothing of it is booked.',
    remedy:
      'See the entry for the cause, and ask the sender for a good file: its key is free. Release the entry only to believe it all the same.',
  },
  FEED_LATE: {
    severity: 'error',
    meaning:
      'A file that is expected (files.expect) has not come by its due time. It is told once for each feed and day.',
    remedy: 'See "clearport schedule", and whether the place of the files is reached; then ask the sender.',
  },
  FILE_STALE: {
    severity: 'error',
    meaning:
      "A file's name and its content speak of different days, or its bytes were booked under another key: yesterday's file under today's name. It is held, and nothing of it is booked.",
    remedy: 'Ask the sender for the file of the day. Release the held one if only its name is wrong.',
  },
  FILE_RESTATED: {
    severity: 'error',
    meaning:
      'A file came under a key that is taken, with other bytes. It is held, and nothing of it is booked.',
    remedy:
      'Ask the sender which one holds. Release the held file to have it take the place of what is booked, or discard it; with files.restated set to supersede this needs nobody.',
  },
  FILE_UNREADABLE: {
    severity: 'error',
    meaning: 'A file holds not a single frame of the standard that its channel reads.',
    remedy: 'Look at its quarantined entries; it may belong to another channel, or be packed or encrypted.',
  },
  FILE_NO_KEY: {
    severity: 'warning',
    meaning: "A file's name does not match the channel's key pattern. The file stays where it is, unread.",
    remedy: 'Mend files.key, or narrow the pattern that picks files up.',
  },
  FILE_CHANGED: {
    severity: 'error',
    meaning: 'A file changed while it was read, or after part of it was booked.',
    remedy:
      'Nothing is lost: it is read again. If it goes on, raise files.settlePolls or have the sender rename files into place.',
  },
  FILE_NO_ROOM: {
    severity: 'error',
    meaning:
      'A file is too large for the room that is left on our disk: it was not copied, and stays where it is.',
    remedy: 'Make room on the disk of the data directory. The file is tried again by itself.',
  },
  FILE_COPY_LOST: {
    severity: 'error',
    meaning:
      'A file is booked in part, and neither our copy of it (data/staging) nor the file itself is there any more.',
    remedy:
      'Put the same file back into its place, from the archive or from the sender: the booking goes on where it was.',
  },
  CONTROL_TAKEN: {
    severity: 'error',
    meaning: 'Another gateway runs on this data directory.',
    remedy:
      'Stop it first ("clearport" commands reach it through its control socket), or use another data directory.',
  },
  CONTROL_PATH: {
    severity: 'error',
    meaning:
      'The path of the control socket in the data directory is longer than the system allows (107 bytes).',
    remedy: 'Use a shorter data directory.',
  },
  CONTROL_CLOSED: {
    severity: 'error',
    meaning: 'The gateway went away before it answered.',
    remedy: 'See its log, and ask again: every action may be repeated.',
  },
  CONTROL_REQUEST: {
    severity: 'error',
    meaning:
      'The control socket got something that is no request: a wrong method, wrong members, or a line that is too long.',
    remedy: 'Use a clearport command of the same version as the gateway.',
  },
  CONTROL_FAILED: {
    severity: 'error',
    meaning:
      'The gateway could not do what its control socket was asked for, for a reason without a code of its own.',
    remedy: 'See its log for the cause. Nothing was half done.',
  },
  GATEWAY_STORE_FAILED: {
    severity: 'error',
    meaning:
      'A commit of a session failed, and the session went on before it asked the log where it stands. Nothing was taken.',
    remedy: 'None needed: the session hangs up and goes on from the log. Look for the error before this one.',
  },
  GATEWAY_NO_DATA: {
    severity: 'error',
    meaning: 'The data directory holds no log: no gateway ever ran on it.',
    remedy: 'Start one with "clearport run", or name the right data directory.',
  },
  GATEWAY_NOT_RUNNING: {
    severity: 'error',
    meaning: 'This needs a running gateway, and none runs on the data directory.',
    remedy: 'Start it with "clearport run".',
  },
  GATEWAY_STOP_SLOW: {
    severity: 'warning',
    meaning:
      'A channel did not close in time, and was left. What it had committed is safe, the rest comes again.',
    remedy: 'Nothing to do; if it happens often, look for a peer that does not answer a Logout.',
  },
  GATEWAY_CRASH: {
    severity: 'error',
    meaning:
      'The gateway ended on a bug of ours (exit code 70). What was committed is safe, the rest comes again.',
    remedy: 'Start it again, and report the line.',
  },
  CHECKPOINT_KEY_MISSING: {
    severity: 'error',
    meaning: 'No key is configured that could sign a checkpoint.',
    remedy: `Set checkpoint.key to \${file:path} of an Ed25519 private key (PKCS#8 PEM).`,
  },
} as const satisfies IssueTable;
