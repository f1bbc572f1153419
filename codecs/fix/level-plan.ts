import { type Dictionary, type LevelFact, role } from './dictionary.ts';

/** Beside the roles of `dictionary.ts`: the tag that begins an entry. */
export const begins = 32;

/** A level of a dictionary as a walk reads it: a message, or one entry of a repeating group. */
export interface LevelPlan {
  /** Of the tags that have a place here, the lowest one, and how many numbers there are from it to the highest. */
  readonly low: number;
  readonly size: number;
  /** Where their roles stand in `LevelPlans.roles`. */
  readonly base: number;
  readonly first: number;
  readonly members: readonly number[];
  readonly required: readonly number[];
  /** By the tag of the count. */
  readonly groups: ReadonlyMap<number, LevelPlan>;
  /** How deep groups are nested below. */
  readonly depth: number;
  /** Above the highest tag here and below. */
  readonly tagsEnd: number;
}

/**
 * The levels of one dictionary, their roles behind one another: a walk goes through many levels of many messages, and what is in one
 * piece is found with one look. Levels that are alike, as the parties of most messages are, are one.
 */
export class LevelPlans {
  /** By level and tag: a sum of `role` and {@link begins}. Another array after a level was added. */
  roles = new Uint8Array(4096);
  #end = 0;
  readonly #known = new Map<string, LevelPlan>();

  /** The plan of a message. */
  of(level: LevelFact): LevelPlan {
    return this.#of(level, 0);
  }

  #of(level: LevelFact, ofFirst: number): LevelPlan {
    const inner = [...level.groups].map(([count, entry]) => [count, this.#of(entry, begins)] as const);
    const groups = new Map(inner);
    const { first, members, parts } = level;
    const roles = parts.map((part, at) => part | (members[at] === first ? ofFirst : 0));
    const inside = [...groups.values()].map(({ base, low }) => `${base}:${low}`);
    const key = `${first},${members.join()},${roles.join()},${inside.join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = this.#add(level, roles, groups);
    this.#known.set(key, made);
    return made;
  }

  #add(level: LevelFact, roles: readonly number[], groups: ReadonlyMap<number, LevelPlan>): LevelPlan {
    const { members, required, first } = level;
    const low = members.reduce((least, tag) => Math.min(least, tag), Number.MAX_SAFE_INTEGER);
    const end = members.reduce((most, tag) => Math.max(most, tag), 0) + 1;
    const size = Math.max(0, end - low);
    const base = this.#end;
    this.#reserve(base + size);
    for (const [number, tag] of members.entries()) this.roles[base + tag - low] = roles[number] ?? 0;
    this.#end = base + size;
    const inside = [...groups.values()];
    const depth = inside.reduce((most, inner) => Math.max(most, inner.depth + 1), 0);
    const tagsEnd = inside.reduce((most, inner) => Math.max(most, inner.tagsEnd), end);
    return { low, size, base, first, members, required, groups, depth, tagsEnd };
  }

  #reserve(end: number): void {
    if (end <= this.roles.length) return;
    const grown = new Uint8Array(end * 2);
    grown.set(this.roles);
    this.roles = grown;
  }
}

const plans = new WeakMap<Dictionary, LevelPlans>();

/** The levels of a dictionary, which all that read by it share. */
export function levelPlansOf(dictionary: Dictionary): LevelPlans {
  const known = plans.get(dictionary);
  if (known !== undefined) return known;
  const made = new LevelPlans();
  plans.set(dictionary, made);
  return made;
}

export const noLevel: LevelPlan = {
  low: 0,
  size: 0,
  base: 0,
  first: -1,
  members: [],
  required: [],
  groups: new Map(),
  depth: 0,
  tagsEnd: 0,
};

/** What a level asks of the roles of fields that need no further look. */
export const placing = role.member | role.group | role.header | role.trailer | begins;
