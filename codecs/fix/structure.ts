import { limits } from '../../src/core/limits.ts';
import { type Dictionary, type LevelFact, role } from './dictionary.ts';
import type { FixIssueCode } from './issues.ts';
import { takeInts } from './slab.ts';
import { numberIn, tokenStride } from './tokens.ts';

/** One entry of a repeating group; entry 0 is the message itself. */
export interface Entry {
  /** Tag of the group's count; 0 for the message. */
  readonly count: number;
  readonly parent: number;
  /** Field numbers: the first one, and behind the last one. */
  readonly from: number;
  to: number;
}

/** Which field belongs to which entry: `owners` is undefined where all belong to the message itself. */
export interface Structure {
  readonly entries: readonly Entry[];
  readonly owners: Int32Array | undefined;
}

/** Tells something wrong about a field, or about the tag that is missing. */
export type Tell = (code: FixIssueCode, field: number, tag: number, text: string) => void;

interface Open {
  readonly level: LevelFact;
  /** By tag: the stamp of the entry that last held it. */
  readonly seen: Int32Array;
  readonly tag: number;
  readonly countField: number;
  /** Entries that the count promises; -1 where it is no number. */
  readonly promised: number;
  /** The tag that begins each entry of this message; the standard's first one where the sender follows it. */
  first: number;
  entries: number;
  entry: number;
  stamp: number;
}

/** From here on tags are the users' own. Source: FIX 4.4, Volume 1, "User Defined Fields". */
const userTagsFrom = 5000;

/** By depth and tag: the stamp of the entry that last held the tag. Stamps are never used twice. */
const seen: Int32Array[] = [];
let stamps = 0;

/**
 * Which fields stand in which entry of which repeating group, read by the dictionary's groups.
 *
 * An entry begins with the group's first tag (where the sender begins with another of its tags, with that one, and it
 * is told). Tags that have no place in any open level belong to the entry that goes on behind them, so a venue's own
 * tags inside a group stay inside. Tells repeated tags, missing required ones, wrong counts and wrong order.
 */
export function readStructure(
  bytes: Uint8Array,
  index: Int32Array,
  root: LevelFact,
  dictionary: Dictionary,
  tell: Tell,
): Structure {
  return new Walk(bytes, index, root, dictionary, tell).run();
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #index: Int32Array;
  readonly #dictionary: Dictionary;
  readonly #tell: Tell;
  readonly #count: number;
  readonly #open: Open[];
  readonly #entries: Entry[];
  readonly #roles: Uint8Array;
  readonly #rootSeen: Int32Array;
  readonly #rootStamp: number;
  #owners: Int32Array | undefined;
  /** The next field at or behind the current one whose tag has a place on an open level. */
  #knownNext = -1;
  #section = 0;
  #strangers: Set<number> | undefined;

  constructor(bytes: Uint8Array, index: Int32Array, root: LevelFact, dictionary: Dictionary, tell: Tell) {
    restamp();
    this.#bytes = bytes;
    this.#index = index;
    this.#dictionary = dictionary;
    this.#tell = tell;
    this.#count = index.length / tokenStride;
    this.#entries = [{ count: 0, parent: 0, from: 0, to: this.#count }];
    const stamp = nextStamp();
    this.#roles = root.roles;
    this.#rootSeen = seenAt(0, root.roles.length);
    this.#rootStamp = stamp;
    const seen = this.#rootSeen;
    this.#open = [
      { level: root, seen, tag: 0, countField: -1, promised: 1, first: 0, entries: 1, entry: 0, stamp },
    ];
  }

  run(): Structure {
    for (let field = 0; field < this.#count; field++) {
      const tag = this.#tagOf(field);
      if (this.#open.length === 1 && this.#plain(tag)) continue;
      const open = this.#place(field, tag);
      if (this.#owners !== undefined) this.#owners[field] = open.entry;
      const found = roleOf(open.level, tag);
      if (found === 0) this.#stranger(field, tag, open);
      else this.#member(field, tag, found, open);
    }
    while (this.#open.length > 1) this.#close(this.#count);
    this.#required(this.#top());
    return { entries: this.#entries, owners: this.#owners };
  }

  /** The common case, in short: a field of the message itself, in its place, for the first time, and no group. */
  #plain(tag: number): boolean {
    const found = tag < this.#roles.length ? (this.#roles[tag] as number) : 0;
    if (found === 0 || (found & role.group) !== 0 || this.#rootSeen[tag] === this.#rootStamp) return false;
    if (sectionOf(found) !== this.#section) return false;
    this.#rootSeen[tag] = this.#rootStamp;
    return true;
  }

  #tagOf(field: number): number {
    return this.#index[field * tokenStride] as number;
  }

  #top(): Open {
    return this.#open[this.#open.length - 1] as Open;
  }

  /** The level that a field belongs to; levels that it ends are closed, and the entry that it begins is opened. */
  #place(field: number, tag: number): Open {
    if (this.#open.length === 1) return this.#top();
    const deciding = this.#knownTag(field, tag);
    for (;;) {
      const open = this.#top();
      if (this.#open.length === 1 || this.#belongs(open, deciding)) {
        if (this.#open.length > 1 && this.#begins(open, tag)) this.#begin(open, field, tag);
        return open;
      }
      this.#close(field);
    }
  }

  #begins(open: Open, tag: number): boolean {
    return tag === open.first || (open.entries === 0 && roleOf(open.level, tag) !== 0);
  }

  #belongs(open: Open, tag: number): boolean {
    if (roleOf(open.level, tag) === 0) return false;
    const full = open.entries >= open.promised;
    const again = tag === open.first ? full : open.seen[tag] === open.stamp;
    return !(again && this.#wantedAbove(tag));
  }

  /** True when a level around the innermost one has a place for the tag that is still empty. */
  #wantedAbove(tag: number): boolean {
    for (let depth = this.#open.length - 2; depth >= 0; depth--) {
      const open = this.#open[depth] as Open;
      if (roleOf(open.level, tag) !== 0) return tag === open.first || open.seen[tag] !== open.stamp;
    }
    return false;
  }

  /** The tag that decides about a field: its own, or the next one that any open level knows. */
  #knownTag(field: number, tag: number): number {
    if (this.#knownAnywhere(tag)) return tag;
    if (this.#knownNext < field) {
      this.#knownNext = field;
      while (this.#knownNext < this.#count && !this.#knownAnywhere(this.#tagOf(this.#knownNext)))
        this.#knownNext++;
    }
    return this.#tagOf(this.#knownNext);
  }

  #knownAnywhere(tag: number): boolean {
    for (const open of this.#open) if (roleOf(open.level, tag) !== 0) return true;
    return false;
  }

  #member(field: number, tag: number, found: number, open: Open): void {
    if (open.seen[tag] === open.stamp) this.#tell('FIX_TAG_REPEATED', field, tag, 'stands more than once');
    open.seen[tag] = open.stamp;
    if (open.tag === 0) this.#sectionOf(field, tag, found);
    if ((found & role.group) !== 0) this.#openGroup(field, tag, open);
  }

  #sectionOf(field: number, tag: number, found: number): void {
    const section = sectionOf(found);
    if (section < this.#section)
      this.#tell('FIX_TAG_ORDER', field, tag, 'stands behind its part of the message');
    else this.#section = section;
  }

  #stranger(field: number, tag: number, open: Open): void {
    if (tag === 0) {
      this.#tell('FIX_TAG_INVALID', field, 0, 'a piece that begins with no tag');
      return;
    }
    if (this.#dictionary.field(tag) !== undefined) {
      this.#tell('FIX_TAG_NOT_IN_MESSAGE', field, tag, 'has no place in this message');
    } else if (tag < userTagsFrom) {
      this.#tell('FIX_TAG_UNKNOWN', field, tag, 'is not in this version');
    }
    if (open.tag !== 0) return;
    this.#strangers ??= new Set();
    if (this.#strangers.has(tag)) this.#tell('FIX_TAG_REPEATED', field, tag, 'stands more than once');
    this.#strangers.add(tag);
  }

  #openGroup(field: number, tag: number, around: Open): void {
    const level = around.level.groups.get(tag);
    const promised = numberIn(this.#bytes, this.#index, field);
    if (level === undefined || promised === 0) return;
    if (this.#open.length > limits.fixGroupDepthMax) {
      this.#tell('FIX_GROUP_DEPTH', field, tag, `groups are nested deeper than ${limits.fixGroupDepthMax}`);
      return;
    }
    this.#owners ??= takeInts(this.#count);
    const { entry } = around;
    const stamp = nextStamp();
    this.#open.push({
      level,
      seen: seenAt(this.#open.length, level.roles.length),
      tag,
      countField: field,
      promised,
      first: level.first,
      entries: 0,
      entry,
      stamp,
    });
    this.#knownNext = -1;
  }

  #begin(open: Open, field: number, tag: number): void {
    if (open.entries > 0) this.#finishEntry(open, field);
    else if (tag !== open.first) {
      this.#tell('FIX_GROUP_ORDER', field, tag, `begins an entry in place of ${open.first}`);
      open.first = tag;
    }
    const parent = this.#open[this.#open.length - 2]?.entry ?? 0;
    this.#entries.push({ count: open.tag, parent, from: field, to: this.#count });
    open.entries++;
    open.entry = this.#entries.length - 1;
    open.stamp = nextStamp();
  }

  #finishEntry(open: Open, field: number): void {
    const entry = this.#entries[open.entry];
    if (entry !== undefined && open.entries > 0) entry.to = field;
    if (open.entries > 0) this.#required(open);
  }

  #close(field: number): void {
    const open = this.#top();
    this.#finishEntry(open, field);
    if (open.entries !== open.promised) {
      this.#tell('FIX_GROUP_COUNT', open.countField, open.tag, `${open.entries} entries follow`);
    }
    this.#open.pop();
    this.#knownNext = -1;
  }

  #required(open: Open): void {
    for (const tag of open.level.required) {
      if (open.seen[tag] !== open.stamp) {
        this.#tell(
          'FIX_REQUIRED_MISSING',
          this.#entries[open.entry]?.from ?? 0,
          tag,
          'is required and missing',
        );
      }
    }
  }
}

function sectionOf(found: number): number {
  return (found & role.header) !== 0 ? 0 : (found & role.trailer) !== 0 ? 2 : 1;
}

function roleOf(level: LevelFact, tag: number): number {
  return tag < level.roles.length ? (level.roles[tag] as number) : 0;
}

function seenAt(depth: number, size: number): Int32Array {
  const known = seen[depth];
  if (known !== undefined && known.length >= size) return known;
  const made = new Int32Array(size);
  seen[depth] = made;
  return made;
}

function nextStamp(): number {
  stamps++;
  return stamps;
}

/** Before the stamps outgrow their place, everything begins anew; never inside a message. */
function restamp(): void {
  if (stamps < 0x40000000) return;
  for (const stamped of seen) stamped.fill(0);
  stamps = 0;
}
