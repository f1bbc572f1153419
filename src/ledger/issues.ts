import type { IssueTable } from '../core/issue.ts';

/** Every code of the ledger and its bridges. */
export const ledgerIssues = {
  LEDGER_OTHER_LOG: {
    severity: 'error',
    meaning:
      'The outside ledger holds postings of another log: what stands at its position is not what this log has there.',
    remedy:
      'Restore the log that belongs to it, or give this log a ledger of its own (another schema, another file).',
  },
  LEDGER_UNREACHABLE: {
    severity: 'error',
    meaning: 'The outside ledger cannot be reached, or the connection was lost on the way.',
    remedy:
      'Nothing: postings wait in the log, and go on where the ledger left off. Look at its server if it lasts.',
  },
  LEDGER_REFUSED: {
    severity: 'error',
    meaning: 'The outside ledger was reached and refused what was sent: rights, schema or a rule of its own.',
    remedy: 'Read the reason; mend the rights or the schema. Postings wait in the log meanwhile.',
  },
  LEDGER_UNBALANCED: {
    severity: 'error',
    meaning: 'The legs of a transaction do not sum to zero in every unit. Nothing of it was posted.',
    remedy: 'This is a bug: report it with the offset that the message names.',
  },
  LEDGER_FILE: {
    severity: 'error',
    meaning:
      'The journal file cannot be read or written, or somebody changed what the bridge wrote at its end.',
    remedy:
      'Look at the file, its rights and its disk; what is not ours belongs into a file that includes this one.',
  },
} as const satisfies IssueTable;
