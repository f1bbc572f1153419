import type { Buffer } from 'node:buffer';
import type { Decoded } from '../../src/contract/codec.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { sumOf, sumText, threeDigits } from './checksum.ts';
import type { Dictionary } from './dictionary.ts';
import { entryStride } from './entries.ts';
import { Findings } from './findings.ts';
import { type Grammar, Grammars } from './grammar.ts';
import { type FixPolicy, fixIssue } from './issues.ts';
import { learnNeeds, needsMet } from './known-needs.ts';
import { type FixMessage, IndexedMessage } from './message.ts';
import type { Checks } from './needed.ts';
import { neededBy, neededIssues } from './normalize.ts';
import { rootIndex } from './root-index.ts';
import { Shapes } from './shapes.ts';
import type { Switches } from './switches.ts';
import { numberIn, Tokenizer, tokenStride, wholeNumber } from './tokens.ts';
import { Walk } from './walk.ts';
import { isPlain, type Wire, wireOf } from './wire.ts';

/**
 * How a codec reads: `policy` weighs what is wrong, `switches` say what is judged, `dictionary` gives the facts for a BeginString(8)
 * and, over FIXT, an ApplVerID(1128).
 */
export interface DecodeOptions {
  readonly policy: FixPolicy;
  readonly switches: Switches;
  readonly dictionary: (beginString: string, applVerId?: string) => Dictionary;
}

/** XMLnonFIX(n), and the field that carries what it wraps, XmlData(213). */
const envelopeType = 'n';
const contentTag = 213;
/** The sum of `10=` and the last SOH. */
const trailerSum = 0x31 + 0x30 + 0x3d + 1;

/**
 * Reads one message after the other. It goes over the bytes twice: once for the fields and the sum, once over the fields for
 * everything that the dictionary says; of the second, where a message has the shape of an earlier one, only the values are left.
 * What a sound message does not need (texts, groups, issues) is made when it is asked for.
 */
export class Decoder {
  readonly #grammars: Grammars;
  readonly #tokens = new Tokenizer();
  readonly #findings: Findings;
  readonly #walk: Walk;
  readonly #shapes = new Shapes();
  /** That of the message that was read last; 0 where it was read without. */
  #shape = 0;

  readonly #options: DecodeOptions;
  /** This one reads what an envelope holds. */
  readonly #wrapped: boolean;
  #inside: Decoder | undefined;

  constructor(options: DecodeOptions, wrapped = false) {
    const { policy, switches, dictionary } = options;
    this.#options = options;
    this.#wrapped = wrapped;
    this.#grammars = new Grammars(dictionary, switches);
    this.#findings = new Findings(policy, switches, this.#tokens);
    this.#walk = new Walk(this.#tokens, this.#findings);
  }

  /**
   * The message of a frame, with everything that is wrong with it. A message comes back for anything that has fields at
   * all; whether it may be taken is for its issues to say. Codes: all of `fixIssues` but the framer's own.
   */
  decode(frame: Frame): Decoded<FixMessage> {
    const findings = this.#findings;
    const message = this.#read(frame);
    if (!findings.garbled) {
      this.#judgeNeeds(message, this.#shape);
      if (message.inner !== undefined) for (const issue of innerIssues(message.inner)) findings.add(issue);
    }
    return { message, issues: findings.issues };
  }

  /** What the events of a message need; of a shape of which that is known, by its values alone. */
  #judgeNeeds(message: FixMessage, shape: number): void {
    const { flat } = message;
    if (shape !== 0 && needsMet(this.#shapes, shape, flat.wire, flat.index)) {
      flat.complete = true;
      return;
    }
    const checks: Checks = [];
    const issues = neededIssues(message, checks);
    for (const issue of issues) this.#findings.add(issue);
    const decidedBy = shape === 0 || issues.length > 0 ? undefined : neededBy(message);
    if (decidedBy !== undefined) learnNeeds(this.#shapes, shape, flat, decidedBy, checks);
  }

  #read(frame: Frame): FixMessage {
    const tokens = this.#tokens;
    const own = isPlain(frame) ? frame.bytes : undefined;
    let wire = own === undefined ? wireOf(frame) : undefined;
    let bytes = own ?? (wire as Wire).bytes;
    let grammar = this.#take(bytes, frame);
    let sound = envelopeOk(bytes, tokens);
    if (!sound && wire === undefined) {
      // Where length and sum do not lead to the end, the message may be less than the frame.
      wire = wireOf(frame);
      if (wire.bytes.length !== bytes.length) {
        bytes = wire.bytes;
        grammar = this.#take(bytes, frame);
        sound = envelopeOk(bytes, tokens);
      }
    }
    this.#findings.begin(wire, grammar);
    const trailing = wire?.trailing === true;
    if (!sound || trailing) this.#judgeEnvelope(bytes, trailing);
    if (!grammar.usual) this.#judgeGrammar(grammar);
    const { slab } = tokens;
    const shapes = this.#shapes;
    const found = sound ? shapes.find(grammar, bytes, tokens) : 0;
    const shape = found !== 0 && shapes.accepts(found, grammar, bytes, tokens) ? found : 0;
    const entryCount = shape === 0 ? this.#walked(bytes, grammar, found === 0) : 0;
    this.#shape = shape;
    const inner = grammar.type === envelopeType ? this.#innerOf(bytes) : undefined;
    const { count } = tokens;
    const index = slab.take(count * tokenStride + entryCount * entryStride);
    const message = new IndexedMessage(frame.bytes, bytes, index, count, grammar, shapes, shape, inner);
    if (inner === undefined && shape === 0) rootIndex.of = message;
    return message;
  }

  /** Goes over all fields; what was sound is remembered, where it is not known. Gives the number of entries. */
  #walked(bytes: Buffer, grammar: Grammar, unknown: boolean): number {
    const { told } = this.#findings;
    const entryCount = this.#walk.run(bytes, grammar);
    if (unknown && this.#findings.told === told)
      this.#shapes.learn(grammar, this.#tokens, entryCount, this.#walk.counts);
    return entryCount;
  }

  /** Takes the bytes apart, and says by what they are read. */
  #take(bytes: Buffer, { context }: Frame): Grammar {
    const tokens = this.#tokens;
    const edition = this.#grammars.editionAt(bytes);
    tokens.read(bytes, edition.dataOf, limits.fixFieldsMax);
    const grammar = this.#grammars.grammarOf(edition, bytes, tokens, context);
    // A dialect may have data fields of its own, and FIXT says late which one it is.
    if (grammar.dataOf !== edition.dataOf) tokens.read(bytes, grammar.dataOf, limits.fixFieldsMax);
    return grammar;
  }

  /** The version and the type, where they are not simply those of a dictionary. */
  #judgeGrammar({ beginString, own, dictionary, listed, type }: Grammar): void {
    const findings = this.#findings;
    if (own.version !== beginString) findings.tell('FIX_VERSION_FALLBACK', 0, 8, `is read as ${own.version}`);
    if (dictionary !== own)
      findings.tell('FIX_MSG_TYPE_LATER', 2, 35, `"${type}" is read as ${dictionary.application}`);
    else if (!listed && type !== '')
      findings.tell('FIX_MSG_TYPE_UNKNOWN', 2, 35, `does not list "${shownText(type)}"`);
  }

  /** The FIX message inside an envelope, if there is one. What it wraps in turn stays wrapped. */
  #innerOf(bytes: Buffer): FixMessage | undefined {
    const { count, slab } = this.#tokens;
    for (let at = slab.free; at < slab.free + count * tokenStride; at += tokenStride) {
      if (slab.ints[at] !== contentTag) continue;
      const content = bytes.subarray(slab.ints[at + 1], slab.ints[at + 2]);
      const start = content.indexOf('8=FIX');
      if (start < 0 || this.#wrapped) return undefined;
      this.#inside ??= new Decoder(this.#options, true);
      return this.#inside.#read({ bytes: content.subarray(start) });
    }
    return undefined;
  }

  /** Says what is wrong with BeginString(8), BodyLength(9), MsgType(35) in front and CheckSum(10) at the end. */
  #judgeEnvelope(bytes: Buffer, trailing: boolean): void {
    const findings = this.#findings;
    const { count, slab, badData, overflow } = this.#tokens;
    const index = slab.ints.subarray(slab.free, slab.free + count * tokenStride);
    if (index[0] !== 8 || index[tokenStride] !== 9 || index[2 * tokenStride] !== 35)
      findings.tell('FIX_FIRST_FIELDS', 0, 8, 'and 9 and 35 do not come first');
    const last = count - 1;
    const trailer = index[last * tokenStride] === 10 ? (index[last * tokenStride + 1] ?? 0) - 3 : -1;
    this.#judgeLength(bytes, index, trailer);
    this.#judgeSum(bytes, index, last, trailer);
    if (overflow) {
      const text = `the message has more than ${limits.fixFieldsMax} fields`;
      findings.tell('FIX_TOO_MANY_FIELDS', last, 0, text);
    }
    if (badData >= 0) {
      const tag = index[badData * tokenStride] ?? 0;
      findings.tell('FIX_DATA_LENGTH', badData, tag, 'is not as long as its length field says');
    }
    if (trailing) findings.tell('FIX_TRAILING_BYTES', last, 0, 'bytes follow the message');
  }

  #judgeLength(bytes: Buffer, index: Int32Array, trailer: number): void {
    const findings = this.#findings;
    const bodyAt = (index[tokenStride + 2] ?? 0) + 1;
    const said = index[tokenStride] === 9 ? numberIn(bytes, index, 1) : -1;
    if (said < 0) findings.tell('FIX_BODY_LENGTH', 1, 9, 'is missing or no number');
    else if (trailer < 0) findings.tell('FIX_BODY_LENGTH', 1, 9, 'leads to no CheckSum(10)');
    else if (said !== trailer - bodyAt)
      findings.tell('FIX_BODY_LENGTH', 1, 9, `says ${said}, the body has ${trailer - bodyAt}`);
  }

  #judgeSum(bytes: Buffer, index: Int32Array, last: number, trailer: number): void {
    if (trailer < 0) {
      this.#findings.tell('FIX_CHECKSUM', last, 10, 'is not the last field');
      return;
    }
    const from = index[last * tokenStride + 1] as number;
    const to = index[last * tokenStride + 2] as number;
    const sum = sumOf(bytes, 0, trailer);
    if (to - from === 3 && threeDigits(bytes, from) === sum) return;
    const said = shownText(bytes.toString('latin1', from, Math.min(to, from + 10)));
    this.#findings.tell('FIX_CHECKSUM', last, 10, `says ${said}, the bytes sum to ${sumText(sum)}`);
  }
}

/**
 * True for a message that has BeginString(8), BodyLength(9), MsgType(35) in front, CheckSum(10) at the end, and length and sum
 * right.
 */
function envelopeOk(bytes: Buffer, { count, slab, sum, badData, overflow }: Tokenizer): boolean {
  if (count < 4 || badData >= 0 || overflow) return false;
  const { ints, free } = slab;
  if (ints[free] !== 8 || ints[free + 3] !== 9 || ints[free + 6] !== 35) return false;
  const last = free + (count - 1) * tokenStride;
  const value = ints[last + 1] as number;
  if (ints[last] !== 10 || value + 4 !== bytes.length) return false;
  const bodyAt = (ints[free + 5] as number) + 1;
  const said = wholeNumber(bytes, ints[free + 4] as number, bodyAt - 1);
  return said === value - 3 - bodyAt && threeDigits(bytes, value) === sumBefore(bytes, value, sum);
}

/** CheckSum(10) as it should be, from the sum of all bytes: without `10=`, three digits and a separator. */
function sumBefore(bytes: Buffer, value: number, sum: number): number {
  const digits = (bytes[value] as number) + (bytes[value + 1] as number) + (bytes[value + 2] as number);
  return (sum - trailerSum - digits) & 0xff;
}

/**
 * What the events of an inner message lack. Its own sums are not judged: the envelope's cover its bytes, and who wraps
 * a message need not leave it as it was.
 */
function innerIssues(inner: FixMessage): readonly Issue[] {
  return neededIssues(inner).map(({ message, at }) => fixIssue('FIX_INNER_MESSAGE', `inner ${message}`, at));
}
