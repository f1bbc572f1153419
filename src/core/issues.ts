import type { IssueTable } from './issue.ts';

/** The codes that single values fail with, whatever room reads them. */
export const coreIssues = {
  DECIMAL_VALUE: {
    severity: 'error',
    meaning: 'A quantity, price or amount is no plain decimal number.',
    remedy:
      'Look at the field that the place names; no exponent, grouping, blank or currency sign may stand in it.',
  },
} as const satisfies IssueTable;
