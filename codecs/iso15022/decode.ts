import type { Decoded } from '../../src/contract/codec.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { latin1Text, shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { type MtEnvelope, readEnvelope } from './envelope.ts';
import { fieldName, type MtField, readFields } from './fields.ts';
import { formatOk, formatText } from './formats.ts';
import { mtIssue } from './issues.ts';
import { type MtMessage, mtMessage } from './message.ts';
import { judgeStructure, type Structure, structureFor } from './structure.ts';
import { fieldsIn, findFields, type MtSequence, readTree, sequencesIn } from './tree.ts';

/**
 * The message of a frame, and everything that is wrong with it. A message comes back for anything that has a block;
 * whether it may be taken is for its issues to say. Codes: all of `iso15022Issues` but the framer's own.
 */
export function decodeMt(
  frame: Frame,
  neededIssues: (message: MtMessage) => readonly Issue[],
): Decoded<MtMessage> {
  const { bytes } = frame;
  if (bytes.length > limits.mtMessageBytesMax) {
    return { issues: [mtIssue('MT_MESSAGE_TOO_LONG', `${bytes.length} bytes`, { offset: 0 })] };
  }
  const text = latin1Text(bytes);
  const { envelope, issues } = readEnvelope(text);
  if (envelope === undefined) {
    return { issues: [mtIssue('MT_GARBAGE', 'no block of a message', { offset: 0 })] };
  }
  if (envelope.service || envelope.textTo < 0) return withoutText(bytes, envelope, issues);
  const { textFrom, textTo } = envelope;
  const read = readFields(text, textFrom, textTo, limits.mtFieldsMax);
  const tree = readTree(read.fields, textFrom, textTo, limits.mtDepthMax);
  const type = envelope.type ?? guessedType(tree.root);
  const structure = structureFor(type);
  const found = [...issues, ...read.issues, ...tree.issues];
  if (read.fields.length === 0)
    found.push(mtIssue('MT_TEXT_MISSING', 'block 4 is empty', { offset: textFrom }));
  found.push(...typeIssues(envelope, type, structure));
  if (structure !== undefined) {
    found.push(...judgeStructure(tree.root, structure), ...functionIssues(tree.root, structure));
  }
  found.push(...formatIssues(read.fields));
  const message = mtMessage({ bytes, envelope, root: tree.root, type, structure });
  found.push(...neededIssues(message));
  return { message, issues: worstFirst(found) };
}

function withoutText(bytes: Uint8Array, envelope: MtEnvelope, issues: readonly Issue[]): Decoded<MtMessage> {
  const root: MtSequence = { code: '', id: '', from: 0, to: bytes.length, items: [] };
  const message = mtMessage({ bytes, envelope, root, type: envelope.type ?? '', structure: undefined });
  const missing = envelope.service ? [] : [mtIssue('MT_TEXT_MISSING', 'there is no block 4', { offset: 0 })];
  return { message, issues: worstFirst([...issues, ...missing]) };
}

/**
 * The type of a bare text, told by its structure: MT548 alone has GENL/STAT and SETTRAN, or GENL/STAT with a status that
 * only it has. Source: the sequences of MT509, MT548 and MT567, which share their beginning.
 */
function guessedType(root: MtSequence): string {
  const others = sequencesIn(root).filter(({ code }) => code !== 'GENL');
  if (findFields(root, 'GENL/STAT.25D').length === 0 || findFields(root, 'GENL.20C::CORP').length > 0)
    return '';
  if (others.some(({ code }) => code === 'SETTRAN')) return '548';
  const settles = findFields(root, 'GENL/STAT.25D').some(({ qualifier }) =>
    /^(SETT|INMH|TPRC)$/.test(qualifier),
  );
  return settles && others.every(({ code }) => code === 'ADDINFO') ? '548' : '';
}

function typeIssues(envelope: MtEnvelope, type: string, structure: Structure | undefined): readonly Issue[] {
  if (structure === undefined) {
    const said = type === '' ? 'nothing says what type it is' : `MT${type} has no structure here`;
    return [mtIssue('MT_TYPE_UNKNOWN', said, { offset: 0, field: 'block 2' })];
  }
  return envelope.type === undefined
    ? [mtIssue('MT_TYPE_GUESSED', `read as MT${type}`, { offset: 0, field: 'block 2' })]
    : [];
}

const outsideX = /[^A-Za-z0-9/\-?:().,'+ \r\n]/;

function formatIssues(fields: readonly MtField[]): readonly Issue[] {
  const issues: Issue[] = [];
  for (const field of fields) {
    if (issues.length >= limits.issuesPerFrameMax) break;
    const name = fieldName(field);
    const at = { offset: field.from, length: field.to - field.from, field: name };
    const strange = outsideX.exec(field.value);
    if (strange !== null) {
      issues.push(mtIssue('MT_CHARACTER', `${name} has "${shownText(strange[0])}"`, at));
    } else if (formatOk(field.tag, field.value) === false) {
      const text = `${name} is not ${formatText(field.tag)}: "${shownText(field.value)}"`;
      issues.push(mtIssue('MT_FIELD_FORMAT', text, at));
    }
  }
  return issues;
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
