import { type FixMessage, rejectReasonOf, role } from '../../codecs/fix/index.ts';
import { latin1Text } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { isHeaderTag, isTrailerTag } from './compose.ts';
import type { Inbound } from './core.ts';
import { isAdmin } from './emit.ts';
import type { FixSessionOptions } from './options.ts';

/** What a Reject(3) tells of a message: SessionRejectReason(373), and the tag as it stands in the message. */
export interface Fault {
  readonly reason: number;
  readonly tag?: string;
  readonly issue: Issue;
}

type Switches = Pick<
  FixSessionOptions,
  | 'validateFieldsOutOfOrder'
  | 'validateFieldsHaveValues'
  | 'validateUserDefinedFields'
  | 'validateUnorderedGroupFields'
  | 'allowUnknownMsgFields'
  | 'allowUnknownEnumValues'
  | 'validateIncomingMessage'
>;

/**
 * The one fault that is told of a message with several, or undefined where the dictionary has nothing to object to.
 * First the order of header, body and trailer, then MsgType(35), then what is missing, then field by field: header, trailer,
 * body, each by tag. Source: conduct of QuickFIX (`DataDictionary::validate`), which the public conformance pack holds.
 */
export function firstFault(inbound: Inbound, switches: Switches): Fault | undefined {
  const { message, issues } = inbound;
  if (!switches.validateIncomingMessage && !isAdmin(message.type)) return undefined;
  let first: Ranked | undefined;
  for (const issue of issues) {
    const fault = faultOf(inbound, issue);
    if (fault === undefined || allowed(fault, switches)) continue;
    const next = ranked(message, fault);
    if (first === undefined || isBefore(next, first)) first = next;
  }
  return first?.fault;
}

interface Ranked {
  readonly fault: Fault;
  /** Stage, part of the message, tag, and what is asked of one field first. */
  readonly rank: readonly number[];
}

/** SessionRejectReason(373). Source: FIX 4.4, Volume 6, field 373. */
const reasons = {
  invalidTag: 0,
  missing: 1,
  notInMessage: 2,
  undefinedTag: 3,
  noValue: 4,
  value: 5,
  format: 6,
  type: 11,
  repeated: 13,
  order: 14,
  groupOrder: 15,
  groupCount: 16,
  separator: 17,
} as const;

/** From here on tags are the users' own. Source: FIX 4.4, Volume 1, "User Defined Fields". */
const userTagsFrom = 5000;

/**
 * An unknown tag is told as reason 0, as the pack has it, and not as 3, "Undefined tag"; over FIXT also one that only the application's
 * version knows, in a message of the session.
 */
function faultOf({ message }: Inbound, issue: Issue): Fault | undefined {
  const said = rejectReasonOf(issue);
  if (said === undefined) return undefined;
  if (issue.code === 'FIX_TAG_INVALID') return pieceFault(message, issue);
  const unknown =
    said.reason === reasons.undefinedTag ||
    (said.reason === reasons.notInMessage && isForeign(message, said.tag ?? 0));
  const reason = unknown ? reasons.invalidTag : said.reason;
  if (said.tag === undefined || reason === reasons.type) return { reason, issue };
  return { reason, tag: String(said.tag), issue };
}

/**
 * A piece that is no field: a tag that is none, such as `0=` or `-1=`, or the rest of the value before it, which held a separator and is
 * no data field. Source: the public conformance pack, 14a_BadField, and its 14k_EmbeddedSOH, which its own engine does not pass.
 */
function pieceFault(message: FixMessage, issue: Issue): Fault {
  const from = issue.at?.offset ?? 0;
  const piece = latin1Text(message.bytes, from, from + (issue.at?.length ?? 0));
  const tag = /^(-?\d{1,20})=/.exec(piece)?.[1];
  if (tag !== undefined) return { reason: reasons.invalidTag, tag, issue };
  if (piece.includes('=')) return { reason: reasons.invalidTag, issue };
  const before = message.tagAt(fieldFrom(message, from) - 1);
  return { reason: reasons.separator, tag: String(before), issue };
}

/** The number of the field whose value begins at an offset; behind the last one where none does. */
function fieldFrom(message: FixMessage, offset: number): number {
  let field = 0;
  while (field < message.fieldCount && message.fromAt(field) !== offset) field++;
  return field;
}

function allowed({ reason, tag, issue }: Fault, switches: Switches): boolean {
  switch (reason) {
    case reasons.order:
      return !switches.validateFieldsOutOfOrder;
    case reasons.noValue:
      return !switches.validateFieldsHaveValues;
    case reasons.value:
      return issue.code === 'FIX_VALUE_ENUM' && switches.allowUnknownEnumValues;
    case reasons.groupOrder:
      return !switches.validateUnorderedGroupFields;
    case reasons.invalidTag:
    case reasons.notInMessage:
      if (issue.code === 'FIX_TAG_INVALID') return false;
      return Number(tag) < userTagsFrom
        ? switches.allowUnknownMsgFields
        : !switches.validateUserDefinedFields;
    default:
      return false;
  }
}

/** Of one field: is it there twice, has it a value, of the right form, in the list, a known tag, a place in the message, a right count. */
const ofOneField: readonly number[] = [
  reasons.repeated,
  reasons.noValue,
  reasons.format,
  reasons.value,
  reasons.invalidTag,
  reasons.notInMessage,
  reasons.groupCount,
];

function ranked(message: FixMessage, fault: Fault): Ranked {
  const tag = Number(fault.tag ?? 0);
  const group = groupAround(message, fault.issue);
  const place = group === undefined ? ofOneField.indexOf(fault.reason) : ofOneField.length;
  const part = isHeaderTag(tag) ? 0 : isTrailerTag(tag) ? 1 : 2;
  const last = place < 0 ? ofOneField.length - 1 : place;
  return { fault, rank: [stageOf(message, fault), part, group ?? tag, last] };
}

/** The count of the outermost group that the field stands in: what is wrong inside comes behind what is wrong with the group. */
function groupAround(message: FixMessage, { at }: Issue): number | undefined {
  const { entries, owners } = message.flat.structure;
  if (at?.offset === undefined || owners === undefined) return undefined;
  let entry = entries[owners[fieldFrom(message, at.offset)] ?? 0];
  while (entry !== undefined && entry.parent !== 0) entry = entries[entry.parent];
  return entry?.count || undefined;
}

function stageOf(message: FixMessage, { reason, tag, issue }: Fault): number {
  if (reason === reasons.order) return 0;
  if (reason === reasons.type) return 1;
  if (issue.code !== 'FIX_REQUIRED_MISSING') return 4;
  const ofMessage = message.dictionary.message(message.type)?.level.required.includes(Number(tag)) === true;
  return ofMessage && !message.root.has(Number(tag)) ? 2 : 3;
}

function isBefore({ rank }: Ranked, other: Ranked): boolean {
  const at = rank.findIndex((one, place) => one !== other.rank[place]);
  return at >= 0 && (rank[at] ?? 0) < (other.rank[at] ?? 0);
}

/** Over FIXT: a field of no message of the session, in one of them. */
function isForeign(message: FixMessage, tag: number): boolean {
  const { dictionary, beginString, type } = message;
  if (beginString !== 'FIXT.1.1' || !isAdmin(type)) return false;
  return !dictionary.types.some((other) => isAdmin(other) && hasPlace(dictionary.message(other)?.level, tag));
}

type Level = NonNullable<ReturnType<FixMessage['dictionary']['message']>>['level'];

function hasPlace(level: Level | undefined, tag: number): boolean {
  if (level === undefined) return false;
  if (((level.roles[tag] ?? 0) & role.member) !== 0) return true;
  return [...level.groups.values()].some((entry) => hasPlace(entry, tag));
}
