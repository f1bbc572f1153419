import type { Decoded } from '../../src/contract/codec.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { shownText } from '../../src/core/bytes.ts';
import type { Issue, Place } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { sumOf, sumText, threeDigits } from './checksum.ts';
import type { Dictionary } from './dictionary.ts';
import { type FixIssueCode, type FixPolicy, fixIssue, underPolicy } from './issues.ts';
import { type FixMessage, fixMessage } from './message.ts';
import { neededIssues } from './normalize.ts';
import { readStructure, type Tell } from './structure.ts';
import { numberIn, type Tokens, tokenize, tokenStride } from './tokens.ts';
import { checkValues } from './validate.ts';
import { type Wire, wireOf } from './wire.ts';

/** How a codec reads: `policy` weighs what is wrong, `dictionary` gives the facts for a BeginString(8) and, over FIXT, an ApplVerID(1128). */
export interface DecodeOptions {
  readonly policy: FixPolicy;
  readonly dictionary: (beginString: string, applVerId?: string) => Dictionary;
  /** This message stands in an envelope. */
  readonly wrapped?: boolean;
}

/**
 * The message of a frame, with everything that is wrong with it. A message comes back for anything that has fields at
 * all; whether it may be taken is for its issues to say. Codes: all of `fixIssues` but the framer's own.
 */
export function decodeFix(frame: Frame, options: DecodeOptions): Decoded<FixMessage> {
  const { message, findings } = read(frame, options);
  if (!findings.garbled) {
    for (const issue of neededIssues(message)) findings.add(issue);
    for (const issue of innerIssues(message.inner)) findings.add(issue);
  }
  return { message, issues: findings.issues };
}

function read(frame: Frame, options: DecodeOptions): { message: FixMessage; findings: Findings } {
  const wire = wireOf(frame);
  let tokens = tokenize(wire.bytes, 0, wire.bytes.length, limits.fixFieldsMax);
  const beginString = textAt(wire, tokens, 0, 8);
  const type = textAt(wire, tokens, 2, 35);
  const own = options.dictionary(beginString, applVerIdOf(beginString, wire, tokens, frame));
  const dictionary = dictionaryFor(type, own, options);
  // A dialect may have data fields of its own, which only its dictionary can tell.
  if (dictionary.dataOf !== undefined)
    tokens = tokenize(wire.bytes, 0, wire.bytes.length, limits.fixFieldsMax, dictionary.dataOf);
  const findings = new Findings(wire, options.policy, tokens.index, dictionary);
  const { tell } = findings;
  checkEnvelope(wire, tokens, findings);
  if (own.version !== beginString) tell('FIX_VERSION_FALLBACK', 0, 8, `is read as ${own.version}`);
  const known = own.message(type) !== undefined;
  if (dictionary !== own) tell('FIX_MSG_TYPE_LATER', 2, 35, `"${type}" is read as ${dictionary.version}`);
  else if (!known && type !== '') tell('FIX_MSG_TYPE_UNKNOWN', 2, 35, `does not list "${shownText(type)}"`);
  const voiced = own.version === beginString ? tell : without(fallbackSilence, tell);
  const judge = known ? voiced : without(unknownTypeSilence, voiced);
  const level = dictionary.message(type)?.level ?? dictionary.envelope;
  const structure = readStructure(wire.bytes, tokens.index, level, dictionary, judge);
  checkValues(wire.bytes, tokens.index, dictionary, judge);
  const { index } = tokens;
  const inner = type === envelopeType && options.wrapped !== true ? innerOf(wire, index, options) : undefined;
  const message = fixMessage({ bytes: frame.bytes, wire: wire.bytes, index, dictionary, structure, inner });
  return { message, findings };
}

/** FIXT: what the message says, else what its session's Logon said (`applVerId` of the context). */
function applVerIdOf(
  beginString: string,
  wire: Wire,
  tokens: Tokens,
  { context }: Frame,
): string | undefined {
  if (beginString !== transport) return undefined;
  for (let field = 3; field < tokens.count; field++) {
    const said = textAt(wire, tokens, field, applVerIdTag);
    if (said !== '') return said;
  }
  return context?.['applVerId'];
}

const transport = 'FIXT.1.1';
/** ApplVerID(1128). */
const applVerIdTag = 1128;

function dictionaryFor(type: string, own: Dictionary, options: DecodeOptions): Dictionary {
  if (type === '' || own.message(type) !== undefined) return own;
  const later = laterVersions.map((version) => options.dictionary(version));
  return later.find((dictionary) => dictionary.message(type) !== undefined) ?? own;
}

/** A message of a type that its own version lacks is read by the first of these that has it. */
const laterVersions = ['FIX.4.4', 'FIXT.1.1'];
/** XMLnonFIX(n), and the field that carries what it wraps, XmlData(213). */
const envelopeType = 'n';
const contentTag = 213;

/** The FIX message inside an envelope, if there is one. What it wraps in turn stays wrapped. */
function innerOf(wire: Wire, index: Int32Array, options: DecodeOptions): FixMessage | undefined {
  for (let at = 0; at < index.length; at += tokenStride) {
    if (index[at] !== contentTag) continue;
    const content = wire.bytes.subarray(index[at + 1], index[at + 2]);
    const start = content.indexOf('8=FIX');
    if (start < 0) return undefined;
    const { message } = read({ bytes: content.subarray(start) }, { ...options, wrapped: true });
    return message;
  }
  return undefined;
}

/**
 * What the events of an inner message lack. Its own sums are not judged: the envelope's cover its bytes, and who wraps
 * a message need not leave it as it was.
 */
function innerIssues(inner: FixMessage | undefined): readonly Issue[] {
  if (inner === undefined) return [];
  return neededIssues(inner).map(({ message, at }) => fixIssue('FIX_INNER_MESSAGE', `inner ${message}`, at));
}

/** What cannot be said of a message whose type is in no table: which tags belong to it. */
const unknownTypeSilence: ReadonlySet<FixIssueCode> = new Set(['FIX_TAG_NOT_IN_MESSAGE', 'FIX_TAG_REPEATED']);
/** What another version's table cannot say: what this one lists, has and requires. */
const fallbackSilence: ReadonlySet<FixIssueCode> = new Set([
  'FIX_REQUIRED_MISSING',
  'FIX_TAG_NOT_IN_MESSAGE',
  'FIX_TAG_UNKNOWN',
  'FIX_VALUE_ENUM',
]);

function without(silence: ReadonlySet<FixIssueCode>, tell: Tell): Tell {
  return (code, field, tag, text) => {
    if (!silence.has(code)) tell(code, field, tag, text);
  };
}

/** BeginString(8), BodyLength(9), MsgType(35) in front, CheckSum(10) at the end, length and sum right. */
function checkEnvelope(wire: Wire, { index, count, badData, overflow }: Tokens, findings: Findings): void {
  const { tell } = findings;
  if (index[0] !== 8 || index[tokenStride] !== 9 || index[2 * tokenStride] !== 35) {
    tell('FIX_FIRST_FIELDS', 0, 8, 'and 9 and 35 do not come first');
  }
  const last = count - 1;
  const trailer = index[last * tokenStride] === 10 ? (index[last * tokenStride + 1] ?? 0) - 3 : -1;
  checkLength(wire, index, trailer, tell);
  checkSum(wire, index, last, trailer, tell);
  if (overflow)
    tell('FIX_TOO_MANY_FIELDS', last, 0, `the message has more than ${limits.fixFieldsMax} fields`);
  if (badData >= 0) {
    tell(
      'FIX_DATA_LENGTH',
      badData,
      index[badData * tokenStride] ?? 0,
      'is not as long as its length field says',
    );
  }
  if (wire.trailing) tell('FIX_TRAILING_BYTES', last, 0, 'bytes follow the message');
}

function checkLength(wire: Wire, index: Int32Array, trailer: number, tell: Tell): void {
  const bodyAt = (index[tokenStride + 2] ?? 0) + 1;
  const said = index[tokenStride] === 9 ? numberIn(wire.bytes, index, 1) : -1;
  if (said < 0) tell('FIX_BODY_LENGTH', 1, 9, 'is missing or no number');
  else if (trailer < 0) tell('FIX_BODY_LENGTH', 1, 9, 'leads to no CheckSum(10)');
  else if (said !== trailer - bodyAt)
    tell('FIX_BODY_LENGTH', 1, 9, `says ${said}, the body has ${trailer - bodyAt}`);
}

function checkSum(wire: Wire, index: Int32Array, last: number, trailer: number, tell: Tell): void {
  if (trailer < 0) {
    tell('FIX_CHECKSUM', last, 10, 'is not the last field');
    return;
  }
  const from = index[last * tokenStride + 1] as number;
  const to = index[last * tokenStride + 2] as number;
  const sum = sumOf(wire.bytes, 0, trailer);
  if (to - from === 3 && threeDigits(wire.bytes, from) === sum) return;
  const said = shownText(wire.bytes.toString('latin1', from, Math.min(to, from + 10)));
  tell('FIX_CHECKSUM', last, 10, `says ${said}, the bytes sum to ${sumText(sum)}`);
}

function textAt({ bytes }: Wire, { index }: Tokens, field: number, tag: number): string {
  const at = field * tokenStride;
  if (index[at] !== tag) return '';
  const from = index[at + 1] as number;
  const to = Math.min(index[at + 2] as number, from + 24);
  return to - from === 1 ? String.fromCharCode(bytes[from] as number) : bytes.toString('latin1', from, to);
}

/** Collects what is wrong, up to the limit; an error always finds a place. */
class Findings {
  readonly issues: Issue[] = [];
  readonly #wire: Wire;
  readonly #policy: FixPolicy;
  readonly #index: Int32Array;
  readonly #dictionary: Dictionary;
  /** The bytes themselves are wrong: what they say is not worth asking. */
  garbled = false;

  constructor(wire: Wire, policy: FixPolicy, index: Int32Array, dictionary: Dictionary) {
    this.#wire = wire;
    this.#policy = policy;
    this.#index = index;
    this.#dictionary = dictionary;
  }

  readonly tell = (code: FixIssueCode, field: number, tag: number, text: string): void => {
    const named = tag === 0 ? undefined : this.#name(tag);
    if (garbledCodes.has(code)) this.garbled = true;
    this.add(
      fixIssue(code, named === undefined ? text : `${named} ${text}`, this.#place(code, field, named)),
    );
  };

  add(issue: Issue): void {
    const weighed = underPolicy(issue, this.#policy);
    if (this.issues.length < limits.issuesPerFrameMax) {
      this.issues.push(weighed);
      return;
    }
    if (weighed.severity !== 'error') return;
    const lighter = this.issues.findLastIndex(({ severity }) => severity !== 'error');
    if (lighter >= 0) this.issues[lighter] = weighed;
  }

  #name(tag: number): string {
    const fact = this.#dictionary.field(tag);
    return fact === undefined ? `tag ${tag}` : `${fact.name}(${tag})`;
  }

  #place(code: FixIssueCode, field: number, named: string | undefined): Place {
    const at = field * tokenStride;
    const from = this.#wire.place(this.#index[at + 1] ?? 0);
    const length = this.#wire.place(this.#index[at + 2] ?? 0) - from;
    const missing = code === 'FIX_REQUIRED_MISSING';
    const place = missing ? {} : { offset: from, length };
    return named === undefined ? place : { ...place, field: named };
  }
}

const garbledCodes: ReadonlySet<FixIssueCode> = new Set<FixIssueCode>([
  'FIX_BODY_LENGTH',
  'FIX_CHECKSUM',
  'FIX_FIRST_FIELDS',
  'FIX_TOO_MANY_FIELDS',
  'FIX_DATA_LENGTH',
]);
