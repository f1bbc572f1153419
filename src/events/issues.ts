import { type IssueTable, issueMaker } from '../core/issue.ts';

/** The codes of the event catalogue. `EVENT_DAMAGED` is thrown: a stored event is ours, not a counterparty's. */
export const eventIssues = {
  EVENT_DAMAGED: {
    severity: 'error',
    meaning: 'A stored event holds bytes that no version of Clearport writes.',
    remedy: 'Run `clearport verify` on the log; if it finds damage, restore a backup.',
  },
  EVENT_JSON: {
    severity: 'error',
    meaning: 'JSON that should be an event is none: a member is missing, unknown, or of the wrong type.',
    remedy: 'Compare it with `docs/schema/event.schema.json`; the place names the member.',
  },
} as const satisfies IssueTable;

export const eventIssue = issueMaker(eventIssues);
