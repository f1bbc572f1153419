import { Buffer } from 'node:buffer';
import { shownText } from '../../src/core/bytes.ts';
import { limits } from '../../src/core/limits.ts';
import { role } from './dictionary.ts';
import { entryFrom, entryParent, entryStride, entryTag, entryTo } from './entries.ts';
import type { Findings } from './findings.ts';
import { formOk } from './formats.ts';
import type { Grammar } from './grammar.ts';
import type { FixIssueCode } from './issues.ts';
import { placing } from './level-plan.ts';
import { holds, nothingPlain, OpenLevel, plainIn } from './open-level.ts';
import { rootIndex } from './root-index.ts';
import { type Tokenizer, tokenStride, wholeNumber } from './tokens.ts';

/** From here on tags are the users' own. Source: FIX 4.4, Volume 1, "User Defined Fields". */
const userTagsFrom = 5000;

/**
 * Goes over the fields of a message once: which entry of which repeating group each of them stands in, and everything that its
 * grammar has to say. A sound message costs one look at a table for its place and one for its value, and makes no object.
 *
 * An entry begins with the group's first tag (where the sender begins with another of its tags, with that one, and it is told).
 * Tags that have no place in any open level belong to the entry that goes on behind them, so a venue's own tags inside a group
 * stay inside.
 */
export class Walk {
  readonly #tokens: Tokenizer;
  readonly #findings: Findings;
  /** The levels that are open, outermost first, as far as `#depth`; further ones wait to be used. */
  readonly #levels: OpenLevel[] = [new OpenLevel()];
  #depth = 0;
  /** The innermost one. */
  #top = this.#levels[0] as OpenLevel;
  #bytes: Buffer = Buffer.alloc(0);
  #grammar: Grammar | undefined;
  #stamp = 0;
  /** The fields of the counts, each with the entries that it promises: what is found hangs on them and on the tags. */
  readonly counts: number[] = [];
  /** Entries of this message so far, itself included. */
  #entries = 0;
  /** What entries are written to, and where the next one is. */
  #ints = new Int32Array(0);
  #free = 0;
  /** 0, 1, 2: header, body, trailer. */
  #section = 0;
  /** The first of the fields that wait, inside a group, for the next one that is known: to whom that belongs, they do. -1: none. */
  #waiting = -1;
  readonly #strangers = new Set<number>();
  /** What is plain inside an entry. */
  readonly #plainInEntry: number;

  constructor(tokens: Tokenizer, findings: Findings) {
    this.#tokens = tokens;
    this.#findings = findings;
    // Where the order inside entries counts, each of their fields is looked at.
    this.#plainInEntry = findings.switches.validateUnorderedGroupFields ? nothingPlain : role.member;
  }

  /**
   * Writes behind the fields of the tokenizer {@link entryStride} numbers for each entry, in the order in which they begin: the tag
   * of its count, the number of the entry that it stands in, its first field, and the field behind its last one. Entry 0 is the
   * message itself. Returns how many there are.
   */
  run(bytes: Buffer, grammar: Grammar): number {
    const { count, slab } = this.#tokens;
    slab.reserve(count * (tokenStride + entryStride) + entryStride, count * tokenStride);
    this.#begin(bytes, grammar);
    const { ints, free } = slab;
    const { values } = grammar;
    const { plans } = values;
    const { roles } = grammar.levels;
    const stamp = this.#stamp;
    const { seen } = rootIndex;
    // What another module names is looked up each time; here it is a number.
    const [mask, stride] = [placing, tokenStride];
    let open = this.#top;
    let { since, plain, missing, seenAt } = open;
    let { low, size, base } = open.plan;
    for (let field = 0, at = free; field < count; field++, at = (at + stride) | 0) {
      const tag = ints[at] as number;
      const number = (tag - low) | 0;
      const found = number >= 0 && number < size ? (roles[(base + number) | 0] as number) : 0;
      if ((found & mask) === plain && (seen[(seenAt + tag) | 0] as number) < since) {
        seen[(seenAt + tag) | 0] = (stamp + field) | 0;
        missing = (missing - ((found >> 1) & 1)) | 0;
      } else {
        open.missing = missing;
        this.#turn(field, tag);
        open = this.#top;
        ({ since, plain, missing, seenAt } = open);
        ({ low, size, base } = open.plan);
      }
      const from = ints[at + 1] as number;
      const to = ints[at + 2] as number;
      const plan = tag < plans.length ? (plans[tag] as number) : 0;
      if (from === to) this.#empty(field, tag);
      else if (plan !== 0 && !values.accepts(plan, bytes, from, to)) this.#judge(field, tag, from, to);
    }
    open.missing = missing;
    this.#end(count);
    return this.#entries;
  }

  #begin(bytes: Buffer, grammar: Grammar): void {
    const { count, slab } = this.#tokens;
    const { level } = grammar;
    this.#bytes = bytes;
    this.#grammar = grammar;
    this.#stamp = rootIndex.begin(count, level.tagsEnd, level.depth);
    this.#section = 0;
    this.#waiting = -1;
    this.#entries = 0;
    this.counts.length = 0;
    this.#depth = 0;
    if (this.#strangers.size > 0) this.#strangers.clear();
    const open = this.#levels[0] as OpenLevel;
    this.#top = open;
    open.begin(level, 0, this.#stamp);
    open.plain = plainIn[0] as number;
    open.first = -1;
    open.entries = 1;
    open.missing = level.required.length;
    this.#ints = slab.ints;
    this.#free = slab.free + count * tokenStride;
    this.#write(open, 0, 0, count);
  }

  #end(count: number): void {
    while (this.#depth > 0) this.#close(this.#waiting < 0 ? count : this.#waiting);
    this.#settle(count);
    this.#finish(this.#levels[0] as OpenLevel, count);
  }

  /**
   * A field that begins, ends or opens something, or stands out of place. What a sender does who follows the standard is looked for
   * first: it goes on in the innermost level, or back to the one around it.
   */
  #turn(field: number, tag: number): void {
    const top = this.#top;
    const found = this.#roleOf(top, tag);
    if (this.#waiting >= 0) this.#seek(field, tag);
    else if (found === 0) this.#back(field, tag);
    else if (tag === top.first && top.entries < top.promised) this.#enter(top, field, tag, found);
    else if (tag === top.first || top.entries === 0 || holds(top, tag)) this.#seek(field, tag);
    else this.#member(top, field, tag, found);
  }

  /** A field that the innermost level has no place for: mostly it goes on with the one around. */
  #back(field: number, tag: number): void {
    const around = this.#depth > 0 ? (this.#levels[this.#depth - 1] as OpenLevel) : undefined;
    const found = around === undefined ? 0 : this.#roleOf(around, tag);
    if (around === undefined || found === 0 || tag === around.first || holds(around, tag)) {
      this.#seek(field, tag);
      return;
    }
    this.#close(field);
    this.#member(around, field, tag, found);
  }

  /** Any field at all: the level that it belongs to, with what is inside of that closed. */
  #seek(field: number, tag: number): void {
    const home = this.#homeOf(tag);
    if (home < 0) {
      this.#stranger(field, tag);
      return;
    }
    while (this.#depth > home || (this.#depth > 0 && !this.#belongs(this.#top, tag)))
      this.#close(this.#waiting < 0 ? field : this.#waiting);
    if (this.#waiting >= 0) this.#settle(field);
    const top = this.#top;
    const found = this.#roleOf(top, tag);
    if (tag === top.first || top.entries === 0) this.#enter(top, field, tag, found);
    else if (holds(top, tag)) this.#again(top, field, tag, found);
    else this.#member(top, field, tag, found);
  }

  /** The innermost open level that has a place for a tag, or -1. */
  #homeOf(tag: number): number {
    let depth = this.#depth;
    while (depth >= 0 && this.#roleOf(this.#levels[depth] as OpenLevel, tag) === 0) depth--;
    return depth;
  }

  /** What a tag is on a level; 0: it has no place there. */
  #roleOf({ plan }: OpenLevel, tag: number): number {
    const number = tag - plan.low;
    if (number < 0 || number >= plan.size) return 0;
    return (this.#grammar as Grammar).levels.roles[plan.base + number] as number;
  }

  #belongs(open: OpenLevel, tag: number): boolean {
    if (this.#roleOf(open, tag) === 0) return false;
    const full = open.entries >= open.promised;
    const again = tag === open.first ? full : holds(open, tag);
    return !(again && this.#wantedAbove(tag));
  }

  /** True when a level around the innermost one has a place for the tag that is still empty. */
  #wantedAbove(tag: number): boolean {
    for (let depth = this.#depth - 1; depth >= 0; depth--) {
      const open = this.#levels[depth] as OpenLevel;
      if (this.#roleOf(open, tag) !== 0) return tag === open.first || !holds(open, tag);
    }
    return false;
  }

  /** The first of its tag on a level. */
  #member(open: OpenLevel, field: number, tag: number, found: number): void {
    rootIndex.seen[open.seenAt + tag] = this.#stamp + field;
    if ((found & role.required) !== 0) open.missing--;
    this.#inPlace(open, field, tag, found);
  }

  /** Another of its tag: it has a place in the order, and may open a group, like the first one. */
  #again(open: OpenLevel, field: number, tag: number, found: number): void {
    this.#tell('FIX_TAG_REPEATED', field, tag, 'stands more than once');
    this.#inPlace(open, field, tag, found);
  }

  #inPlace(open: OpenLevel, field: number, tag: number, found: number): void {
    if (this.#depth === 0) this.#inSection(open, field, tag, found);
    else if (this.#plainInEntry === nothingPlain) this.#inOrder(open, field, tag);
    if ((found & role.group) !== 0) this.#openGroup(open, field, tag);
  }

  #inSection(open: OpenLevel, field: number, tag: number, found: number): void {
    const section = (found & role.header) !== 0 ? 0 : (found & role.trailer) !== 0 ? 2 : 1;
    if (section < this.#section) {
      this.#tell('FIX_TAG_ORDER', field, tag, 'stands behind its part of the message');
      return;
    }
    this.#section = section;
    open.plain = plainIn[section] as number;
  }

  #inOrder(open: OpenLevel, field: number, tag: number): void {
    const place = open.plan.members.indexOf(tag);
    if (place < open.last) this.#tell('FIX_GROUP_ORDER', field, tag, 'stands behind its place in the entry');
    else open.last = place;
  }

  /** A field whose tag no open level knows. Inside a group it waits until one comes that is known. */
  #stranger(field: number, tag: number): void {
    this.#outOfPlace(field, tag);
    if (this.#depth === 0) this.#strangerOfMessage(field, tag);
    else if (this.#waiting < 0) {
      this.#waiting = field;
      this.#top.plain = nothingPlain;
    }
  }

  #outOfPlace(field: number, tag: number): void {
    if (tag === 0) {
      this.#findings.tellPiece(field, this.#bytes);
      return;
    }
    const { allowUnknownMsgFields, validateUserDefinedFields } = this.#findings.switches;
    const judged = tag < userTagsFrom ? !allowUnknownMsgFields : validateUserDefinedFields;
    if (!judged) return;
    if (this.#grammar?.dictionary.field(tag) !== undefined) {
      this.#tell('FIX_TAG_NOT_IN_MESSAGE', field, tag, 'has no place in this message');
    } else if (tag < userTagsFrom) {
      this.#tell('FIX_TAG_UNKNOWN', field, tag, 'is not in this version');
    } else {
      this.#tell('FIX_TAG_USER_DEFINED', field, tag, 'is in no dictionary');
    }
  }

  /** Those that waited have got to know where they stand: in the innermost level that is open now. */
  #settle(field: number): void {
    const { ints, free } = this.#tokens.slab;
    const from = this.#waiting;
    this.#waiting = -1;
    const open = this.#top;
    if (this.#depth > 0) open.plain = open.entries === 0 ? nothingPlain : this.#plainInEntry;
    else if (from >= 0) {
      for (let waited = from; waited < field; waited++)
        this.#strangerOfMessage(waited, ints[free + waited * tokenStride] as number);
    }
  }

  /** Strangers may stand once, too. Those that the index has no place for are remembered one by one. */
  #strangerOfMessage(field: number, tag: number): void {
    if (tag === 0) return;
    const open = this.#levels[0] as OpenLevel;
    const indexed = tag < rootIndex.tagsEnd;
    const known = indexed ? holds(open, tag) : this.#strangers.has(tag);
    if (known) this.#tell('FIX_TAG_REPEATED', field, tag, 'stands more than once');
    else if (indexed) rootIndex.seen[tag] = this.#stamp + field;
    else this.#strangers.add(tag);
  }

  #openGroup(around: OpenLevel, field: number, tag: number): void {
    const { ints, free } = this.#tokens.slab;
    const at = free + field * tokenStride;
    const level = around.plan.groups.get(tag);
    const promised = wholeNumber(this.#bytes, ints[at + 1] as number, ints[at + 2] as number);
    this.counts.push(field, promised);
    if (level === undefined || promised === 0) return;
    if (this.#depth === limits.fixGroupDepthMax) {
      this.#tell('FIX_GROUP_DEPTH', field, tag, `groups are nested deeper than ${limits.fixGroupDepthMax}`);
      return;
    }
    this.#depth++;
    const open = this.#levels[this.#depth] ?? new OpenLevel();
    this.#levels[this.#depth] = open;
    this.#top = open;
    open.begin(level, this.#depth * rootIndex.tagsEnd, this.#stamp + field);
    open.plain = nothingPlain;
    open.tag = tag;
    open.countField = field;
    open.promised = promised;
    open.entry = around.entry;
    open.around = around.entry;
  }

  /** The next entry of a group begins. */
  #enter(open: OpenLevel, field: number, tag: number, found: number): void {
    if (open.entries > 0) this.#finish(open, field);
    else if (tag !== open.first) {
      this.#tell('FIX_GROUP_ORDER', field, tag, `begins an entry in place of ${open.first}`);
      open.first = tag;
    }
    open.entries++;
    open.since = this.#stamp + field;
    open.plain = this.#plainInEntry;
    open.last = 0;
    open.missing = open.plan.required.length;
    this.#write(open, open.around, field, field);
    this.#member(open, field, tag, found);
  }

  /** An entry ends before `field`. */
  #finish(open: OpenLevel, field: number): void {
    this.#ints[open.place + entryTo] = field;
    if (open.missing > 0) this.#required(open);
  }

  #close(field: number): void {
    const open = this.#top;
    if (open.entries > 0) this.#finish(open, field);
    if (open.entries !== open.promised) {
      this.#tell('FIX_GROUP_COUNT', open.countField, open.tag, `counts wrong: ${open.entries} follow`);
    }
    this.#depth--;
    this.#top = this.#levels[this.#depth] as OpenLevel;
  }

  #required(open: OpenLevel): void {
    const { ints } = this.#tokens.slab;
    const from = ints[open.place + entryFrom] as number;
    for (const tag of open.plan.required) {
      if (!holds(open, tag)) this.#tell('FIX_REQUIRED_MISSING', from, tag, 'is required and missing');
    }
  }

  #empty(field: number, tag: number): void {
    if (tag !== 0) this.#tell('FIX_VALUE_EMPTY', field, tag, 'has no value');
  }

  /** A value that its field's plan does not take, or whose field has not been met yet. */
  #judge(field: number, tag: number, from: number, to: number): void {
    const bytes = this.#bytes;
    const grammar = this.#grammar as Grammar;
    if (grammar.values.accepts(grammar.values.planOf(tag), bytes, from, to)) return;
    const fact = grammar.dictionary.field(tag);
    if (fact === undefined) return;
    if (!formOk(fact.kind, bytes, from, to)) {
      this.#tell('FIX_VALUE_FORMAT', field, tag, `cannot be "${shown(bytes, from, to)}"`);
      return;
    }
    const text = bytes.toString('latin1', from, to);
    for (const word of fact.kind === 'words' ? text.split(' ') : [text]) {
      if (fact.values?.has(word) === false)
        this.#tell('FIX_VALUE_ENUM', field, tag, `does not list "${shownText(word)}"`);
    }
  }

  #tell(code: FixIssueCode, field: number, tag: number, text: string): void {
    this.#findings.tell(code, field, tag, text);
  }

  #write(open: OpenLevel, parent: number, from: number, to: number): void {
    const ints = this.#ints;
    const at = this.#free;
    ints[at + entryTag] = open.tag;
    ints[at + entryParent] = parent;
    ints[at + entryFrom] = from;
    ints[at + entryTo] = to;
    open.place = at;
    open.entry = this.#entries++;
    this.#free = at + entryStride;
  }
}

function shown(bytes: Buffer, from: number, to: number): string {
  return shownText(bytes.toString('latin1', from, Math.min(to, from + 80)));
}
