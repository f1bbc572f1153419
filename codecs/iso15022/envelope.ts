import type { Issue } from '../../src/core/issue.ts';
import { type FiccHeader, readFiccHeader } from './ficc-header.ts';
import { mtIssue } from './issues.ts';
import { ficcTextEnd, type TextEnd, textEnd } from './text-end.ts';

/** One block of a FIN message. Offsets are in bytes of the frame; the content stands between `{n:` and `}`. */
export interface MtBlock {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly content: string;
}

/** What stands around the text of a message. Every byte of it stays in the message's bytes. */
export interface MtEnvelope {
  /** `fin`: blocks of the network; `text`: block 4 alone; `ficc`: the clearing corporation's fixed header. */
  readonly kind: 'fin' | 'text' | 'ficc';
  /** In the order in which they stand. */
  readonly blocks: readonly MtBlock[];
  /** Who sent it and who receives it: BIC, or the participant's number of a depository; undefined where no block says. */
  readonly sender: string | undefined;
  readonly receiver: string | undefined;
  /** `548` of block 2; of a service message its service id, such as `21`. */
  readonly type: string | undefined;
  readonly service: boolean;
  /** Where the text stands: behind `{4:`, up to `-}`. Of an answer with its original: the original's. */
  readonly textFrom: number;
  readonly textTo: number;
  /** Present where `kind` is `ficc`. */
  readonly header?: FiccHeader;
  /** Of a service message 21: what the network answers. */
  readonly answer?: MtAnswer;
}

/** An ACK or NAK. Source: public descriptions of the service message 21 (UAK, UNK): 451 is 0 or 1, 405 the reason, 108 the user's reference. */
export interface MtAnswer {
  readonly accepted: boolean;
  readonly reason: string | undefined;
  readonly reference: string | undefined;
  /** The message that it answers, where it stands right behind it. */
  readonly original?: MtEnvelope;
}

export interface EnvelopeRead {
  readonly envelope: MtEnvelope | undefined;
  readonly issues: readonly Issue[];
  /** How the text ends. */
  readonly end?: TextEnd;
}

/** Bytes that stand between messages: blanks, line ends, NUL, SOH, ETX, and the `$` of RJE files. */
const separators = /[ \t\r\n\u0000\u0001\u0003$]*/y;

/**
 * What stands around the text of a message in its frame. `text` has one character a byte. Source: the structure of a FIN message: blocks
 * 1 to 5 and S; block 4 of a user message ends with a line `-}`, that of a service message holds blocks.
 */
export function readEnvelope(text: string): EnvelopeRead {
  const at = behindSeparators(text, 0);
  if (text.charCodeAt(at) === 0x7b) return readFin(text, at);
  const header = readFiccHeader(text, at) ?? readFiccHeader(text, 0);
  return header === undefined ? { envelope: undefined, issues: [] } : readFicc(text, header);
}

function readFin(text: string, from: number): EnvelopeRead {
  const issues: Issue[] = [];
  const read = readBlocks(text, from, issues);
  if (read.blocks.length === 0) return { envelope: undefined, issues };
  const envelope = envelopeOf(read);
  const original = originalOf(text, envelope, read);
  const behind = original?.at ?? read.at;
  if (behind < text.length) issues.push(trailing(text, behind));
  issues.push(...orderIssues(envelope.blocks), ...headerIssues(envelope));
  const end = (original ?? read).end;
  return {
    envelope: original === undefined ? envelope : answered(envelope, original.envelope),
    issues,
    ...(end !== undefined && { end }),
  };
}

function trailing(text: string, behind: number): Issue {
  const told = `${text.length - behind} bytes behind the last block`;
  return mtIssue('MT_TRAILING_BYTES', told, { offset: behind });
}

interface BlocksRead {
  readonly blocks: readonly MtBlock[];
  readonly end: TextEnd | undefined;
  /** Behind the last block and its separators; right behind the last block. */
  readonly at: number;
  readonly ended: number;
}

/** Blocks in rising order; a block 1 behind others is not of this message. */
function readBlocks(text: string, from: number, issues: Issue[]): BlocksRead {
  const blocks: MtBlock[] = [];
  let end: TextEnd | undefined;
  let at = from;
  let ended = from;
  while (text.charCodeAt(at) === 0x7b && text.charCodeAt(at + 2) === 0x3a) {
    const id = text.charAt(at + 1);
    if (originalBegins(text, at, blocks)) break;
    if (id === '4' && text.charCodeAt(at + 3) !== 0x7b) {
      end = textEnd(text, at + 3);
      blocks.push({ id, from: at, to: end.behind, content: text.slice(at + 3, end.to) });
      ended = end.behind;
    } else {
      const close = bracesEnd(text, at);
      const to = close < 0 ? text.length : close;
      if (close < 0) issues.push(mtIssue('MT_ENVELOPE', `block ${id} is not closed`, { offset: at }));
      blocks.push({ id, from: at, to, content: text.slice(at + 3, close < 0 ? to : to - 1) });
      ended = to;
    }
    at = behindSeparators(text, ended);
  }
  return { blocks, end, at, ended };
}

function behindSeparators(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code > 0x24) return at;
  separators.lastIndex = at;
  return at + (separators.exec(text)?.[0].length ?? 0);
}

/** Behind the brace that closes the one at `at`; -1 where none does. */
function bracesEnd(text: string, at: number): number {
  let depth = 0;
  for (let next = at; next < text.length; next++) {
    const code = text.charCodeAt(next);
    if (code === 0x7b) depth++;
    else if (code === 0x7d && --depth === 0) return next + 1;
  }
  return -1;
}

/**
 * `{1:F01…}{2:I`: a message that went to the network, which stands right behind the answer to it. Any other message there is one of its
 * own. Source: public descriptions of what interfaces hand to applications.
 */
const original = /\{1:F01[^{}]{0,40}\}\{2:I/y;

/** True where the message that was answered begins: right behind the blocks of a service message. */
function originalBegins(text: string, at: number, blocks: readonly MtBlock[]): boolean {
  const last = blocks.at(-1);
  if (last === undefined || last.to !== at || !isAnswer(blocks)) return false;
  original.lastIndex = at;
  return original.test(text);
}

function isAnswer(blocks: readonly MtBlock[]): boolean {
  return blocks[0]?.id === '1' && /^[A-Z]21/.test(blocks[0].content) && blocks.some(({ id }) => id === '4');
}

/** The original's own faults are not told: it was ours, and it is answered. */
function originalOf(
  text: string,
  { service }: MtEnvelope,
  { at, blocks }: BlocksRead,
): (BlocksRead & { readonly envelope: MtEnvelope }) | undefined {
  if (!service || at >= text.length || !originalBegins(text, at, blocks)) return undefined;
  const read = readBlocks(text, at, []);
  return { ...read, envelope: envelopeOf(read) };
}

function answered(envelope: MtEnvelope, sent: MtEnvelope): MtEnvelope {
  const { answer } = envelope;
  const { textFrom, textTo } = sent;
  if (answer === undefined) return envelope;
  return { ...envelope, textFrom, textTo, answer: { ...answer, original: sent } };
}

const basicHeader = /^[A-Z](\d\d)([A-Z0-9]{12}|[A-Z0-9]{8} {4}|[A-Z0-9]{8})(?:\d{10})?$/;
const outputHeader = /^O(\d{3})\d{10}([A-Z0-9]{12})\d{20}[A-Z]?$/;
const inputHeader = /^I(\d{3})([A-Z0-9]{12}|[A-Z0-9]{8} {4}|[A-Z0-9]{8})(?:[A-Z]\d*)?$/;

function envelopeOf({ blocks, end }: BlocksRead): MtEnvelope {
  const content = (id: string): string => blocks.find((block) => block.id === id)?.content ?? '';
  const basic = basicHeader.exec(content('1'));
  const output = outputHeader.exec(content('2'));
  const input = output === null ? inputHeader.exec(content('2')) : null;
  const own = basic?.[2] === undefined ? undefined : institution(basic[2]);
  const theirs = institution(output?.[2] ?? input?.[2] ?? '');
  const service = basic !== null && basic[1] !== '01';
  const text = blocks.find((block) => block.id === '4');
  return {
    kind: blocks.every(({ id }) => id === '4') ? 'text' : 'fin',
    blocks,
    sender: output !== null ? theirs : own,
    receiver: output !== null ? own : theirs,
    type: output?.[1] ?? input?.[1] ?? (service ? basic[1] : undefined),
    service,
    textFrom: text === undefined ? -1 : text.from + 3,
    textTo: end?.to ?? -1,
    ...(basic?.[1] === '21' && { answer: answerOf(text?.content ?? '') }),
  };
}

function answerOf(text: string): MtAnswer {
  return {
    accepted: !text.includes('{451:1}'),
    reason: /\{405:([^}]{1,20})\}/.exec(text)?.[1],
    reference: /\{108:([^}]{1,35})\}/.exec(text)?.[1],
  };
}

/**
 * The institution of a logical terminal: its eight characters, and the branch where it is not the head office. A depository's
 * participant may stand with its number alone. Source: the depository's page of its message header.
 */
function institution(terminal: string): string | undefined {
  const id = terminal.trimEnd();
  if (id.length === 8) return id;
  if (id.length !== 12) return undefined;
  const branch = id.slice(9);
  return branch === 'XXX' ? id.slice(0, 8) : id.slice(0, 8) + branch;
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

function headerIssues({ kind, sender, receiver, type, service }: MtEnvelope): readonly Issue[] {
  if (kind === 'text' || service) return [];
  if (sender !== undefined && receiver !== undefined && type !== undefined) return [];
  const lacking = [
    ...(type === undefined ? ['type'] : []),
    ...(sender === undefined ? ['sender'] : []),
    ...(receiver === undefined ? ['receiver'] : []),
  ];
  const where = kind === 'ficc' ? 'the header does' : 'blocks 1 and 2 do';
  return [mtIssue('MT_ENVELOPE', `${where} not say the ${lacking.join(' and ')}`, { offset: 0 })];
}

function readFicc(text: string, header: FiccHeader): EnvelopeRead {
  const end = ficcTextEnd(text, header.behind);
  const behind = behindSeparators(text, end.behind);
  const { sender, receiver, type } = header;
  const envelope: MtEnvelope = {
    kind: 'ficc',
    blocks: [],
    sender,
    receiver,
    type,
    service: false,
    textFrom: header.behind,
    textTo: end.to,
    header,
  };
  const issues = [...headerIssues(envelope), ...(behind < text.length ? [trailing(text, behind)] : [])];
  return { envelope, issues, end };
}
