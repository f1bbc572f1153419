import type { IssueTable } from '../../../src/core/issue.ts';

/** Codes of the simulated counterparties. */
export const simulatorIssues = {
  SIM_LISTEN: {
    severity: 'error',
    meaning: 'The simulated counterparty cannot listen on its port: something else does.',
    remedy: 'Take another port with --port, or 0 for a free one, and put it into the configuration.',
  },
} as const satisfies IssueTable;
