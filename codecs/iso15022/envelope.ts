import type { Issue } from '../../src/core/issue.ts';
import { mtIssue } from './issues.ts';

/** One block of a FIN message. Offsets are in bytes of the frame; the content stands between `{n:` and `}`. */
export interface MtBlock {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly content: string;
}

/** What stands around the text of a message. Every byte of it stays in the message's bytes. */
export interface MtEnvelope {
  /** In the order in which they stand. */
  readonly blocks: readonly MtBlock[];
  /** Who sent it and who receives it: BIC, or the participant's number of a depository; undefined where no block says. */
  readonly sender: string | undefined;
  readonly receiver: string | undefined;
  /** `548` of block 2; of a service message its service id, such as `21`. */
  readonly type: string | undefined;
  readonly service: boolean;
  /** Where the text stands: behind `{4:`, up to `-}`. */
  readonly textFrom: number;
  readonly textTo: number;
}

export interface EnvelopeRead {
  readonly envelope: MtEnvelope | undefined;
  readonly issues: readonly Issue[];
}

/** Bytes that stand between messages: blanks, line ends, NUL, SOH, ETX, and the `$` of RJE files. */
const separators = /[ \t\r\n\u0000\u0001\u0003$]*/y;

/**
 * The blocks of a message in its frame. `text` has one character a byte. Source: the structure of a FIN message: blocks
 * 1 to 5 and S; block 4 of a user message ends with a line `-}`, that of a service message holds blocks.
 */
export function readEnvelope(text: string): EnvelopeRead {
  const issues: Issue[] = [];
  const blocks: MtBlock[] = [];
  let textTo = -1;
  let at = behindSeparators(text, 0);
  while (text[at] === '{' && text[at + 2] === ':') {
    const id = text[at + 1] ?? '';
    if (id === '4' && text[at + 3] !== '{') {
      const end = textEnd(text, at + 3);
      textTo = end.to;
      if (!end.closed) {
        issues.push(mtIssue('MT_TEXT_UNCLOSED', 'block 4 does not end with -}', { offset: at }));
      }
      blocks.push({ id, from: at, to: end.behind, content: text.slice(at + 3, end.to) });
      at = end.behind;
    } else {
      const close = bracesEnd(text, at);
      const to = close < 0 ? text.length : close;
      if (close < 0) issues.push(mtIssue('MT_ENVELOPE', `block ${id} is not closed`, { offset: at }));
      blocks.push({ id, from: at, to, content: text.slice(at + 3, close < 0 ? to : to - 1) });
      at = to;
    }
    at = behindSeparators(text, at);
  }
  if (blocks.length === 0) return { envelope: undefined, issues };
  if (at < text.length) {
    issues.push(
      mtIssue('MT_TRAILING_BYTES', `${text.length - at} bytes behind the last block`, { offset: at }),
    );
  }
  const envelope = envelopeOf(blocks, textTo);
  return { envelope, issues: [...issues, ...orderIssues(blocks), ...headerIssues(envelope)] };
}

function behindSeparators(text: string, at: number): number {
  separators.lastIndex = at;
  return at + (separators.exec(text)?.[0].length ?? 0);
}

interface TextEnd {
  readonly to: number;
  readonly behind: number;
  readonly closed: boolean;
}

/** `-}` behind a line end, or at once. Where there is none the text goes to the end. */
function textEnd(text: string, from: number): TextEnd {
  for (let close = text.indexOf('-}', from); close >= 0; close = text.indexOf('-}', close + 1)) {
    if (close === from || text[close - 1] === '\n') return { to: close, behind: close + 2, closed: true };
  }
  return { to: text.length, behind: text.length, closed: false };
}

/** Behind the brace that closes the one at `at`; -1 where none does. */
function bracesEnd(text: string, at: number): number {
  let depth = 0;
  for (let next = at; next < text.length; next++) {
    if (text[next] === '{') depth++;
    else if (text[next] === '}' && --depth === 0) return next + 1;
  }
  return -1;
}

function envelopeOf(blocks: readonly MtBlock[], textTo: number): MtEnvelope {
  const content = (id: string): string => blocks.find((block) => block.id === id)?.content ?? '';
  const basic = /^[A-Z](\d\d)([A-Z0-9]{12})\d{10}$/.exec(content('1'));
  const output = /^O(\d{3})\d{10}([A-Z0-9]{12})\d{20}[A-Z]?$/.exec(content('2'));
  const input = /^I(\d{3})([A-Z0-9]{12})[A-Z]?\d*$/.exec(content('2'));
  const own = basic?.[2] === undefined ? undefined : institution(basic[2]);
  const theirs = institution(output?.[2] ?? input?.[2] ?? '');
  const service = basic !== null && basic[1] !== '01';
  const text = blocks.find((block) => block.id === '4');
  return {
    blocks,
    sender: output !== null ? theirs : own,
    receiver: output !== null ? own : theirs,
    type: output?.[1] ?? input?.[1] ?? (service ? basic[1] : undefined),
    service,
    textFrom: text === undefined ? -1 : text.from + 3,
    textTo,
  };
}

/** The institution of a logical terminal: its eight characters, and the branch where it is not the head office. */
function institution(terminal: string): string | undefined {
  if (terminal.length !== 12) return undefined;
  const branch = terminal.slice(9);
  return branch === 'XXX' ? terminal.slice(0, 8) : terminal.slice(0, 8) + branch;
}

const order = ['1', '2', '3', '4', '5', 'S'];

function orderIssues(blocks: readonly MtBlock[]): readonly Issue[] {
  let last = -1;
  const issues: Issue[] = [];
  for (const { id, from } of blocks) {
    const rank = order.indexOf(id);
    const why = rank < 0 ? 'is unknown' : rank === last ? 'stands again' : 'is out of order';
    if (rank <= last)
      issues.push(mtIssue('MT_ENVELOPE', `block ${id} ${why}`, { offset: from, field: `block ${id}` }));
    last = Math.max(last, rank);
  }
  return issues;
}

function headerIssues({ blocks, sender, receiver, type, service }: MtEnvelope): readonly Issue[] {
  const bare = blocks.every(({ id }) => id === '4');
  if (bare || service || (sender !== undefined && receiver !== undefined && type !== undefined)) return [];
  const lacking = [
    ...(type === undefined ? ['type'] : []),
    ...(sender === undefined ? ['sender'] : []),
    ...(receiver === undefined ? ['receiver'] : []),
  ];
  return [mtIssue('MT_ENVELOPE', `blocks 1 and 2 do not say the ${lacking.join(' and ')}`, { offset: 0 })];
}
