import type { Issue } from '../../src/core/issue.ts';

/**
 * How a codec takes what departs from the standard. `lenient`: as the table of issues weighs it; nothing that can be read is refused. `strict`:
 * what the network would refuse is an error: envelope, characters, formats, structure, rules. `repair`: lenient, and a message whose end is missing, or a
 * sequence that is not closed inside of one that is, is closed, said (`MT_REPAIRED`) and marked.
 */
export type MtPolicy = 'strict' | 'lenient' | 'repair';

/** An issue as it weighs under a policy. */
export function underPolicy(issue: Issue, policy: MtPolicy): Issue {
  if (policy !== 'strict' || issue.severity === 'error') return issue;
  const raised = issue.severity === 'warning' ? !keptWarnings.has(issue.code) : raisedInfo.has(issue.code);
  return raised ? { ...issue, severity: 'error' } : issue;
}

/** A type that this build has no structure of cannot be judged. */
const keptWarnings: ReadonlySet<string> = new Set(['MT_TYPE_UNKNOWN']);
/** Told only where the structure has no such field at all. */
const raisedInfo: ReadonlySet<string> = new Set(['MT_FIELD_UNKNOWN']);
