import type { Buffer } from 'node:buffer';
import type { Issue, Place } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import type { Dictionary } from './dictionary.ts';
import type { Grammar } from './grammar.ts';
import { type FixIssueCode, type FixPolicy, fixIssue, underPolicy } from './issues.ts';
import type { Switches } from './switches.ts';
import { type Tokenizer, tokenStride } from './tokens.ts';
import type { Wire } from './wire.ts';

/** What a message that is sound has. Never changed. */
const none: readonly Issue[] = Object.freeze([]);

/**
 * Collects what is wrong with one message after the other, up to the limit; an error always finds a place. Nothing is made
 * until something is told.
 */
export class Findings {
  readonly switches: Switches;
  /** The bytes themselves are wrong: what they say is not worth asking. */
  garbled = false;
  /** How much was told of the message, whether or not there was room to keep it. */
  told = 0;
  readonly #policy: FixPolicy;
  readonly #tokens: Tokenizer;
  #issues: Issue[] | undefined;
  #wire: Wire | undefined;
  #grammar: Grammar | undefined;

  constructor(policy: FixPolicy, switches: Switches, tokens: Tokenizer) {
    this.#policy = policy;
    this.switches = switches;
    this.#tokens = tokens;
  }

  get issues(): readonly Issue[] {
    return this.#issues ?? none;
  }

  /** A new message; `wire` where its offsets are not those of its frame. */
  begin(wire: Wire | undefined, grammar: Grammar): void {
    this.garbled = false;
    this.told = 0;
    this.#issues = undefined;
    this.#wire = wire;
    this.#grammar = grammar;
  }

  /** Tells something wrong about a field, or (`field` says where it should be) about the tag that is missing; tag 0 is not named. */
  tell(code: FixIssueCode, field: number, tag: number, text: string): void {
    if (this.#grammar?.silence.has(code)) return;
    if (garbledCodes.has(code)) this.garbled = true;
    const named = tag === 0 ? undefined : nameOf(tag, this.#grammar?.dictionary);
    this.add(
      fixIssue(code, named === undefined ? text : `${named} ${text}`, this.#place(code, field, named)),
    );
  }

  /** Tells a piece that begins with no tag. Where it has a number before an equals sign, that is named: a Reject(3) can say it. */
  tellPiece(field: number, bytes: Buffer): void {
    if (this.#grammar?.silence.has('FIX_TAG_INVALID')) return;
    const { ints, free } = this.#tokens.slab;
    const at = free + field * tokenStride;
    const head = bytes.toString(
      'latin1',
      ints[at + 1],
      Math.min(ints[at + 2] as number, (ints[at + 1] as number) + 12),
    );
    const number = /^(-?\d{1,9})=/.exec(head)?.[1];
    const named = number === undefined ? undefined : `tag ${number}`;
    this.add(
      fixIssue(
        'FIX_TAG_INVALID',
        'a piece that begins with no tag',
        this.#place('FIX_TAG_INVALID', field, named),
      ),
    );
  }

  add(issue: Issue): void {
    this.told++;
    const weighed = underPolicy(issue, this.#policy);
    this.#issues ??= [];
    if (this.#issues.length < limits.issuesPerFrameMax) {
      this.#issues.push(weighed);
      return;
    }
    if (weighed.severity !== 'error') return;
    const lighter = this.#issues.findLastIndex(({ severity }) => severity !== 'error');
    if (lighter >= 0) this.#issues[lighter] = weighed;
  }

  #place(code: FixIssueCode, field: number, named: string | undefined): Place {
    const { ints, free } = this.#tokens.slab;
    const at = free + field * tokenStride;
    const from = this.#offset(ints[at + 1] ?? 0);
    const length = this.#offset(ints[at + 2] ?? 0) - from;
    const missing = code === 'FIX_REQUIRED_MISSING';
    const place = missing ? {} : { offset: from, length };
    return named === undefined ? place : { ...place, field: named };
  }

  #offset(inMessage: number): number {
    return this.#wire === undefined ? inMessage : this.#wire.place(inMessage);
  }
}

function nameOf(tag: number, dictionary: Dictionary | undefined): string {
  const fact = dictionary?.field(tag);
  return fact === undefined ? `tag ${tag}` : `${fact.name}(${tag})`;
}

const garbledCodes: ReadonlySet<FixIssueCode> = new Set<FixIssueCode>([
  'FIX_BODY_LENGTH',
  'FIX_CHECKSUM',
  'FIX_FIRST_FIELDS',
  'FIX_TOO_MANY_FIELDS',
  'FIX_DATA_LENGTH',
]);
