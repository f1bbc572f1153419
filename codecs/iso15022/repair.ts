import { latin1Bytes } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { MtEnvelope } from './envelope.ts';
import { mtIssue } from './issues.ts';
import type { MtSequence, TreeRead } from './tree.ts';

/** What was closed in a message that came without its end. The bytes of the message stay as they came. */
export interface MtRepair {
  /** Codes of the sequences that were closed, innermost first. */
  readonly closed: readonly string[];
  /** Bytes at the end that were not read: a last line without a line end, which may be cut anywhere. */
  readonly unread: number;
  /** The message as it would stand closed: 16S of what was open, and the end of the text. */
  readonly bytes: Uint8Array;
}

/** Behind the last whole line of a text that does not end. A line without its line end may say less than it should. */
export function cutText(text: string, { textFrom, textTo }: MtEnvelope): number {
  return Math.max(textFrom, text.lastIndexOf('\n', textTo - 1) + 1);
}

/** The repair of a tree, and its issues: sequences that were closed are no errors any more. `cut`: the text has no end. */
export function repairedOf(
  text: string,
  { textTo, kind }: MtEnvelope,
  { issues, unclosed }: TreeRead,
  cut: boolean,
): { readonly repair: MtRepair; readonly issues: readonly Issue[] } {
  const end = kind === 'ficc' ? '-' : '-}';
  const repair = {
    closed: unclosed.map(({ code }) => code),
    unread: cut ? text.length - textTo : 0,
    bytes: latin1Bytes(closedText(text.slice(0, textTo), unclosed) + (cut ? end : text.slice(textTo))),
  };
  return { repair, issues: issues.map(repairedIssue) };
}

function repairedIssue(issue: Issue): Issue {
  return issue.code === 'MT_SEQUENCE_UNCLOSED'
    ? mtIssue('MT_REPAIRED', `${issue.message}; closed`, issue.at)
    : issue;
}

/** The text with a 16S where each of these sequences ends. */
function closedText(text: string, unclosed: readonly MtSequence[]): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  let closed = '';
  let at = 0;
  for (const { code, to } of [...unclosed].sort((left, right) => left.to - right.to)) {
    const before = text.slice(at, to);
    const ended = before === '' || before.endsWith('\n');
    closed += `${before}${ended ? '' : lineEnd}:16S:${code}${lineEnd}`;
    at = to;
  }
  return closed + text.slice(at);
}
