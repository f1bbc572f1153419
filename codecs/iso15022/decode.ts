import type { Decoded } from '../../src/contract/codec.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { latin1Text, shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { codeIssues } from './code-lists.ts';
import { type MtEnvelope, readEnvelope } from './envelope.ts';
import { readFields } from './fields.ts';
import { guessType } from './guess-type.ts';
import { mtIssue } from './issues.ts';
import { judgeFields } from './judge-fields.ts';
import { type MtMessage, mtMessage } from './message.ts';
import { type MtPolicy, underPolicy } from './policy.ts';
import { cutText, repairedOf } from './repair.ts';
import { ruleIssues } from './rules.ts';
import { judgeStructure, type Structure, structureFor } from './structure.ts';
import type { TextEnd } from './text-end.ts';
import { fieldsIn, findFields, type MtSequence, readTree } from './tree.ts';

/** How a message is read. */
export interface DecodeOptions {
  /** `lenient` where left out. */
  readonly policy?: MtPolicy;
  /** `events` where left out. */
  readonly judged?: Judged;
}

/**
 * What a message is judged by. `text`: envelope, character sets, formats, and the balance of sequences; `rules`: that, and the structure of its
 * type with qualifiers, code lists and the network's rules; `events`: that, and what its events cannot be made without.
 */
export type Judged = 'text' | 'rules' | 'events';

/**
 * The message of a frame, and everything that is wrong with it. A message comes back for anything that has a block or a fixed header;
 * whether it may be taken is for its issues to say. Codes: all of `iso15022Issues` but the framer's own.
 */
export function decodeMt(
  frame: Frame,
  neededIssues: (message: MtMessage) => readonly Issue[],
  { policy = 'lenient', judged = 'events' }: DecodeOptions = {},
): Decoded<MtMessage> {
  const { bytes } = frame;
  if (bytes.length > limits.mtMessageBytesMax) {
    return { issues: [mtIssue('MT_MESSAGE_TOO_LONG', `${bytes.length} bytes`, { offset: 0 })] };
  }
  const text = latin1Text(bytes);
  const { envelope, issues, end } = readEnvelope(text);
  if (envelope === undefined) return { issues: [noMessage(text)] };
  const found = [...issues];
  const source = sourceOf({ bytes, text, envelope, policy }, end, found);
  const { message, structure } = readMessage(source, found);
  const texted = envelope.textTo >= 0 && !envelope.service;
  if (judged !== 'text' && texted) judgeType(message, structure, found);
  if (judged === 'events') found.push(...neededIssues(message));
  return { message, issues: worstFirst(policy === 'strict' ? found.map(raised) : found) };
}

function raised(issue: Issue): Issue {
  return underPolicy(issue, 'strict');
}

/** What is no message is said to be none; fields without an envelope are named, for people wonder at those. */
function noMessage(text: string): Issue {
  const fields = /(?:^|\n):\d{2,3}[A-Z]?:/.test(text.slice(0, 4096));
  const why = fields ? 'fields without block 4 or a fixed header' : 'no block of a message';
  return mtIssue('MT_GARBAGE', why, { offset: 0 });
}

/** What a message is read from. */
interface Source {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly envelope: MtEnvelope;
  readonly policy: MtPolicy;
  /** The text has no end, and was closed behind its last whole line. */
  readonly cut?: boolean;
}

/** Says how the text ends; closes it where the policy is to repair. */
function sourceOf(source: Source, end: TextEnd | undefined, found: Issue[]): Source {
  const { envelope, policy, text } = source;
  if (end === undefined || end.how === 'line' || envelope.service) return source;
  if (end.how === 'glued') {
    const why = 'the end of block 4 does not stand on a line of its own';
    found.push(mtIssue('MT_TEXT_END', why, { offset: end.to }));
    return source;
  }
  const why = envelope.kind === 'ficc' ? 'the text has no line - at its end' : 'block 4 does not end with -}';
  if (policy !== 'repair') {
    found.push(mtIssue('MT_TEXT_UNCLOSED', why, { offset: envelope.textFrom }));
    return source;
  }
  const textTo = cutText(text, envelope);
  const told = `${why}: closed, and the last ${envelope.textTo - textTo} bytes are not read`;
  found.push(mtIssue('MT_REPAIRED', told, { offset: textTo }));
  return { ...source, envelope: { ...envelope, textTo }, cut: true };
}

interface Read {
  readonly message: MtMessage;
  readonly structure: Structure | undefined;
}

/** The message, judged by nothing but itself. */
function readMessage({ bytes, text, envelope, policy, cut = false }: Source, found: Issue[]): Read {
  if (envelope.textTo < 0) return withoutText(bytes, envelope, found);
  if (envelope.service) return answered(bytes, text, envelope);
  const { textFrom, textTo } = envelope;
  const read = readFields(text, textFrom, textTo, limits.mtFieldsMax);
  const tree = readTree(read.fields, textFrom, textTo, limits.mtDepthMax);
  const repairs = policy === 'repair' && (cut || tree.unclosed.length > 0);
  const repaired = repairs ? repairedOf(text, envelope, tree, cut) : undefined;
  for (const issue of read.issues) found.push(issue);
  for (const issue of repaired?.issues ?? tree.issues) found.push(issue);
  if (read.fields.length === 0) {
    found.push(mtIssue('MT_TEXT_MISSING', 'there is no field in the text', { offset: textFrom }));
  }
  judgeFields(text, read.fields, envelope.kind, found);
  const type = envelope.type ?? guessType(tree.root);
  const structure = structureFor(type);
  const { root } = tree;
  return {
    message: mtMessage({ bytes, envelope, root, type, structure, repair: repaired?.repair }),
    structure,
  };
}

function judgeType(
  { root, envelope, type }: MtMessage,
  structure: Structure | undefined,
  found: Issue[],
): void {
  found.push(...typeIssues(envelope, type, structure));
  if (structure === undefined) return;
  found.push(...judgeStructure(root, structure), ...functionIssues(root, structure));
  found.push(...ruleIssues(root, structure.type));
  found.push(...codeIssues(root));
}

function withoutText(bytes: Uint8Array, envelope: MtEnvelope, found: Issue[]): Read {
  const root: MtSequence = { code: '', id: '', from: 0, to: bytes.length, items: [] };
  const message = mtMessage({ bytes, envelope, root, type: envelope.type ?? '', structure: undefined });
  if (!envelope.service) found.push(mtIssue('MT_TEXT_MISSING', 'there is no block 4', { offset: 0 }));
  return { message, structure: undefined };
}

/** An answer with the message that it answers: that one's text can be looked up, and is not judged. */
function answered(bytes: Uint8Array, text: string, envelope: MtEnvelope): Read {
  const { textFrom, textTo, answer, type = '' } = envelope;
  const { fields } = readFields(text, textFrom, textTo, limits.mtFieldsMax);
  const { root } = readTree(fields, textFrom, textTo, limits.mtDepthMax);
  const structure = structureFor(answer?.original?.type ?? '');
  if (structure !== undefined) judgeStructure(root, structure);
  return { message: mtMessage({ bytes, envelope, root, type, structure }), structure };
}

function typeIssues(envelope: MtEnvelope, type: string, structure: Structure | undefined): readonly Issue[] {
  if (structure === undefined) {
    const said = type === '' ? 'nothing says what type it is' : `${type} has no structure here`;
    return [mtIssue('MT_TYPE_UNKNOWN', said, { offset: 0, field: 'block 2' })];
  }
  return envelope.type === undefined
    ? [mtIssue('MT_TYPE_GUESSED', `read as ${type}`, { offset: 0, field: 'block 2' })]
    : [];
}

/** At most as many as are told for one frame; errors are never crowded out by what weighs less. */
function worstFirst(issues: readonly Issue[]): readonly Issue[] {
  const max = limits.issuesPerFrameMax;
  if (issues.length <= max) return issues;
  const errors = issues.filter(({ severity }) => severity === 'error').slice(0, max);
  const rest = issues.filter(({ severity }) => severity !== 'error').slice(0, max - errors.length);
  return [...errors, ...rest];
}

/** The functions of the message (23G) that its structure lists, else an issue. */
export function functionIssues(root: MtSequence, { functions, type }: Structure): readonly Issue[] {
  if (functions.length === 0) return [];
  const field = fieldsIn(root).find(({ tag }) => tag === '23G') ?? findFields(root, 'GENL.23G')[0];
  const said = field?.value.slice(0, 4);
  if (field === undefined || said === undefined || functions.includes(said)) return [];
  const text = `23G of MT${type} cannot be "${shownText(said)}"`;
  return [mtIssue('MT_FIELD_FORMAT', text, { offset: field.from, field: ':23G:' })];
}
