import type { Limits } from '../../../src/core/limits.ts';
import type { FixTable } from '../dictionary.ts';
import { type Item, items } from '../structure-text.ts';
import type { DictionaryIssueCode } from './issues.ts';

/** Tells something about a message (by its type) or a component (by `@` and its name). */
export type TellStructure = (code: DictionaryIssueCode, text: string, key: string) => void;

/**
 * What only the whole of a table shows: components that are missing or hold themselves, levels that are too deep, messages with too
 * many members, tags that stand twice on a level. Each component is looked at once, however often it is used, so a table that would
 * unfold to billions of members costs no more than its text.
 */
export function checkStructures(table: FixTable, limits: Limits, tell: TellStructure): void {
  const check = new StructureCheck(table, limits, tell);
  const names = Object.keys(table.components);
  for (const name of names) check.component(name);
  if (check.broken) return;
  for (const name of names) check.groups(name);
  const envelope = [...items(table.header), ...items(table.trailer)];
  check.level(envelope, '8');
  for (const [type, [, , body]] of Object.entries(table.messages))
    check.level([...items(body), ...envelope], type);
}

interface Weight {
  readonly members: number;
  readonly depth: number;
}

const none: Weight = { members: 0, depth: 0 };

class StructureCheck {
  readonly #table: FixTable;
  readonly #limits: Limits;
  readonly #tell: TellStructure;
  readonly #weights = new Map<string, Weight | 'open'>();
  readonly #parsed = new Map<string, readonly Item[]>();
  readonly #tags = new Map<string, readonly number[]>();
  #nested = 0;
  broken = false;

  constructor(table: FixTable, limits: Limits, tell: TellStructure) {
    this.#table = table;
    this.#limits = limits;
    this.#tell = tell;
  }

  component(name: string): Weight {
    const known = this.#weights.get(name);
    if (known === 'open')
      return this.#fail('DICTIONARY_CYCLE', `the component "${name}" holds itself`, `@${name}`);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.#table.components, name))
      return this.#fail('DICTIONARY_REFERENCE', `there is no component "${name}"`, `@${name}`);
    if (this.#nested >= this.#limits.dictionaryDepthMax)
      return this.#fail('DICTIONARY_LIMIT', `components nested ${this.#nested} deep`, `@${name}`);
    this.#weights.set(name, 'open');
    this.#nested++;
    const weight = this.#weigh(this.#items(name), `@${name}`);
    this.#nested--;
    this.#weights.set(name, weight);
    return weight;
  }

  /** The groups that a component lists itself. */
  groups(name: string): void {
    for (const { inner } of this.#items(name)) if (inner !== undefined) this.#twice(inner, `@${name}`);
  }

  /** One message; the groups of its components were looked at with them. */
  level(list: readonly Item[], key: string): void {
    const { members, depth } = this.#weigh(list, key);
    if (this.broken) return;
    const { fixMembersMax, fixGroupDepthMax } = this.#limits;
    if (members > fixMembersMax)
      this.#fail('DICTIONARY_LIMIT', `${members} members (${fixMembersMax} at most)`, key);
    else if (depth > fixGroupDepthMax)
      this.#fail('DICTIONARY_LIMIT', `groups nested ${depth} deep (${fixGroupDepthMax} at most)`, key);
    else this.#twice(list, key);
  }

  #twice(list: readonly Item[], key: string): void {
    const seen = new Set<number>();
    for (const tag of this.#flat(list)) {
      if (seen.has(tag)) this.#tell('DICTIONARY_TWICE', `tag ${tag} has two places`, key);
      seen.add(tag);
    }
    for (const { inner } of list) if (inner !== undefined) this.#twice(inner, key);
  }

  /** The tags of a level, without those inside of groups. */
  #flat(list: readonly Item[]): readonly number[] {
    return list.flatMap(({ tag, component }) => (component === undefined ? [tag] : this.#flatOf(component)));
  }

  #flatOf(name: string): readonly number[] {
    const known = this.#tags.get(name) ?? this.#flat(this.#items(name));
    this.#tags.set(name, known);
    return known;
  }

  #items(name: string): readonly Item[] {
    const known = this.#parsed.get(name) ?? items(this.#table.components[name] ?? '');
    this.#parsed.set(name, known);
    return known;
  }

  #weigh(list: readonly Item[], key: string): Weight {
    return list.reduce((sum, { component, inner }) => {
      const held = component === undefined ? this.#weigh(inner ?? [], key) : this.component(component);
      const own = component === undefined ? 1 : 0;
      const deeper = held.depth + (inner === undefined ? 0 : 1);
      return { members: sum.members + held.members + own, depth: Math.max(sum.depth, deeper) };
    }, none);
  }

  #fail(code: DictionaryIssueCode, text: string, key: string): Weight {
    this.broken = true;
    this.#tell(code, text, key);
    return none;
  }
}
