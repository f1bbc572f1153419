import type { Issue } from '../../src/core/issue.ts';
import type { FixMessage } from './message.ts';

/** What the events of a message cannot be made without, and is missing or cannot be read. */
export function neededIssues(_message: FixMessage): readonly Issue[] {
  return [];
}
