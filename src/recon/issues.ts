import type { IssueTable } from '../core/issue.ts';

/** The codes of the comparison. */
export const reconIssues = {
  RECON_BREAK_UNKNOWN: {
    severity: 'error',
    meaning: 'There is no break of that name, neither open nor closed.',
    remedy: 'Use a name that `clearport breaks` lists; with `--status all` it lists closed ones too.',
  },
} as const satisfies IssueTable;
