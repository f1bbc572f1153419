import type { Buffer } from 'node:buffer';
import type { Frame } from '../../src/contract/frame.ts';
import type { Dictionary } from './dictionary.ts';
import type { FixIssueCode } from './issues.ts';
import { type LevelPlan, type LevelPlans, levelPlansOf } from './level-plan.ts';
import { type Switches, silencedBy } from './switches.ts';
import { announceLengths, standardDataOf, type Tokenizer, tokenStride } from './tokens.ts';
import { type ValuePlan, valuePlanOf } from './value-plan.ts';
import { transport } from './versions.ts';

/** By what the messages of one type in one version are read. */
export interface Grammar {
  readonly type: string;
  /** BeginString(8), as far as it is one. */
  readonly beginString: string;
  /** The dictionary of the message's own version. */
  readonly own: Dictionary;
  /** The dictionary that reads it: `own`, or that of the first later version that has its type. */
  readonly dictionary: Dictionary;
  /** `own` lists the type. */
  readonly listed: boolean;
  /** Another number for each grammar: messages of two grammars may have the same tags. */
  readonly salt: number;
  /** `dictionary` lists the type. */
  readonly known: boolean;
  /** A type of a version that the dictionary is of: there is nothing to say about either. */
  readonly usual: boolean;
  readonly level: LevelPlan;
  readonly levels: LevelPlans;
  /** By the tag of a length field: the tag of the data field that it measures. */
  readonly dataOf: Int32Array;
  readonly values: ValuePlan;
  /** What is not told of these messages. */
  readonly silence: ReadonlySet<FixIssueCode>;
}

/** One version as a codec reads it. */
export interface Edition {
  readonly beginString: string;
  readonly dictionary: Dictionary;
  /** By the tag of a length field: the tag of the data field that it measures. */
  readonly dataOf: Int32Array;
  /** By `typeKey`. */
  readonly grammars: Map<number, Grammar>;
}

type DictionarySource = (beginString: string, applVerId?: string) => Dictionary;

/** What cannot be said of a message whose type is in no table: which tags belong to it. */
const unknownTypeSilence: readonly FixIssueCode[] = ['FIX_TAG_NOT_IN_MESSAGE', 'FIX_TAG_REPEATED'];
/** What another version's table cannot say: what this one lists, has and requires. */
const fallbackSilence: readonly FixIssueCode[] = [
  'FIX_REQUIRED_MISSING',
  'FIX_TAG_NOT_IN_MESSAGE',
  'FIX_TAG_UNKNOWN',
  'FIX_TAG_USER_DEFINED',
  'FIX_VALUE_ENUM',
];
/** A message of a type that its own version lacks is read by the first of these that has it. */
const laterVersions = ['FIX.4.4', 'FIXT.1.1'];
const msgTypeTag = 35;
/** ApplVerID(1128). */
const applVerIdTag = 1128;
/** Editions that are kept for what senders may call anything: BeginString(8) and ApplVerID(1128). */
const editionsMax = 64;
/** Grammars of one edition that are kept: more than any version has types. */
const grammarsMax = 1024;

/**
 * Finds the grammar of a message from its bytes, without making a string for those that were seen before.
 */
export class Grammars {
  readonly #dictionary: DictionarySource;
  readonly #silenced: readonly FixIssueCode[];
  readonly #begun: Edition[] = [];
  /** FIXT, by ApplVerID(1128). */
  readonly #carriers = new Map<string, Edition>();

  constructor(dictionary: DictionarySource, switches: Switches) {
    this.#dictionary = dictionary;
    this.#silenced = silencedBy(switches);
  }

  /** The edition that the first field names; for FIXT, before its ApplVerID(1128) is known, any of it. */
  editionAt(bytes: Buffer): Edition {
    for (const edition of this.#begun) if (beginsWith(bytes, edition.beginString)) return edition;
    const end = bytes.subarray(0, beginStringBytesMax).indexOf(1);
    const said = bytes[0] === 0x38 && bytes[1] === 0x3d && end > 0 ? bytes.toString('latin1', 2, end) : '';
    const edition = this.#edition(said);
    if (this.#begun.length === editionsMax) this.#begun.length = 0;
    if (said !== '') this.#begun.push(edition);
    return edition;
  }

  /** The grammar of a message that was taken apart: of its MsgType(35), where that is the third field. */
  grammarOf(begun: Edition, bytes: Buffer, tokens: Tokenizer, context: Frame['context']): Grammar {
    const { slab, count } = tokens;
    const edition = begun.beginString === transport ? this.#carried(begun, bytes, tokens, context) : begun;
    const at = slab.free + 2 * tokenStride;
    if (count < 3 || slab.ints[at] !== msgTypeTag) return this.#grammar(edition, '');
    const from = slab.ints[at + 1] as number;
    const to = slab.ints[at + 2] as number;
    const key = typeKey(bytes, from, to);
    const known = key < 0 ? undefined : edition.grammars.get(key);
    return (
      known ?? this.#keep(edition, key, bytes.toString('latin1', from, Math.min(to, from + typeBytesMax)))
    );
  }

  /** FIXT: what the message says, else what its session's Logon said (`applVerId` of the context). */
  #carried(begun: Edition, bytes: Buffer, tokens: Tokenizer, context: Frame['context']): Edition {
    const said = applVerIdIn(bytes, tokens) ?? context?.['applVerId'];
    if (said === undefined) return begun;
    const known = this.#carriers.get(said);
    if (known !== undefined) return known;
    const edition = this.#edition(transport, said);
    if (this.#carriers.size === editionsMax) this.#carriers.clear();
    this.#carriers.set(said, edition);
    return edition;
  }

  #edition(beginString: string, applVerId?: string): Edition {
    const dictionary = this.#dictionary(beginString, applVerId);
    return { beginString, dictionary, dataOf: lengthsOf(dictionary), grammars: new Map() };
  }

  /** Types of no dictionary may be anything: not all of them are kept. */
  #keep(edition: Edition, key: number, type: string): Grammar {
    const grammar = this.#grammar(edition, type);
    if (key >= 0 && edition.grammars.size < grammarsMax) edition.grammars.set(key, grammar);
    return grammar;
  }

  #grammar({ beginString, dictionary: own }: Edition, type: string): Grammar {
    const listed = own.message(type) !== undefined;
    const dictionary = listed || type === '' ? own : (this.#later(type) ?? own);
    const silence = new Set(this.#silenced);
    const fallback = own.version !== beginString;
    if (fallback) for (const code of fallbackSilence) silence.add(code);
    if (!listed) for (const code of unknownTypeSilence) silence.add(code);
    const levels = levelPlansOf(dictionary);
    const level = levels.of(dictionary.message(type)?.level ?? dictionary.envelope);
    const usual = listed && !fallback;
    const dataOf = lengthsOf(dictionary);
    return {
      type,
      beginString,
      salt: nextSalt(),
      known: dictionary.message(type) !== undefined,
      own,
      dictionary,
      listed,
      usual,
      level,
      levels,
      dataOf,
      values: valuePlanOf(dictionary),
      silence,
    };
  }

  #later(type: string): Dictionary | undefined {
    return laterVersions
      .map((version) => this.#dictionary(version))
      .find((later) => later.message(type) !== undefined);
  }
}

let grammars = 0;

/** Far from that of the grammar before, in the high bits. */
function nextSalt(): number {
  return Math.imul(grammars++, 0x9e37_79b1);
}

function lengthsOf({ dataOf }: Dictionary): Int32Array {
  return dataOf === undefined ? standardDataOf : announceLengths(dataOf);
}

/** `8=` and a BeginString(8): far more than `FIXT.1.1` needs. */
const beginStringBytesMax = 26;
const typeBytesMax = 24;

/** True when the first field is this BeginString(8). */
function beginsWith(bytes: Uint8Array, beginString: string): boolean {
  const { length } = beginString;
  if (bytes[length + 2] !== 1 || bytes[0] !== 0x38 || bytes[1] !== 0x3d) return false;
  for (let at = length - 1; at >= 0; at--) {
    if (bytes[at + 2] !== beginString.charCodeAt(at)) return false;
  }
  return true;
}

/** A number for each type of up to three bytes, which is what the standard has; -1 for longer ones. */
function typeKey(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > 3) return -1;
  let key = to - from;
  for (let at = from; at < to; at++) key = (key << 8) | (bytes[at] as number);
  return key;
}

/** The first ApplVerID(1128) that has a value. */
function applVerIdIn(bytes: Buffer, { slab, count }: Tokenizer): string | undefined {
  const { ints, free } = slab;
  for (let at = free; at < free + count * tokenStride; at += tokenStride) {
    if (ints[at] !== applVerIdTag || ints[at + 1] === ints[at + 2]) continue;
    const from = ints[at + 1] as number;
    const to = ints[at + 2] as number;
    if (to - from === 1) return String.fromCharCode(bytes[from] as number);
    return bytes.toString('latin1', from, Math.min(to, from + typeBytesMax));
  }
  return undefined;
}
