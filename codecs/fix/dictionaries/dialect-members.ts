import { nearest } from '../../../src/core/nearest.ts';
import type { YamlPath } from '../../../src/core/yaml-source.ts';
import type { FixTable } from '../dictionary.ts';
import { type Item, items } from '../structure-text.ts';
import type { AddedData, ChangeData, MemberData } from './dialect-schema.ts';
import type { DictionaryIssueCode } from './issues.ts';

/** Tells what cannot be changed, by the path of the change in the dialect. */
export type TellChange = (code: DictionaryIssueCode, text: string, path: YamlPath) => void;

/** What a member text names, and whether it ends with an exclamation mark. */
interface Named {
  readonly tag: number;
  readonly component?: string;
  readonly required: boolean;
}

/**
 * Changes the members of levels. A tag that stands in a component is found there: the component is then spelled out on the level that is
 * changed, so that nothing changes for others that use it.
 */
export class MemberChanges {
  readonly #table: FixTable;
  readonly #names: ReadonlyMap<string, number>;
  readonly #tell: TellChange;

  constructor(table: FixTable, tell: TellChange) {
    this.#table = table;
    this.#names = new Map(Object.entries(table.fields).map(([tag, [name]]) => [name, Number(tag)]));
    this.#tell = tell;
  }

  /** Members as they are written, all anew. */
  listed(members: readonly MemberData[], path: YamlPath): readonly Item[] {
    return members.flatMap((member, at): readonly Item[] => {
      const here = [...path, at];
      if (typeof member === 'string') return this.#items(member, here);
      return this.#group(member, here);
    });
  }

  /** A level after a change of it. */
  changed(list: readonly Item[], change: ChangeData, path: YamlPath): readonly Item[] {
    let level = list;
    for (const [at, text] of change.remove.entries())
      level = this.#removed(level, text, [...path, 'remove', at]);
    for (const [key, texts] of Object.entries({ require: change.require, optional: change.optional }))
      for (const [at, text] of texts.entries())
        level = this.#flagged(level, text, key === 'require', [...path, key, at]);
    for (const [at, member] of change.add.entries()) level = this.#added(level, member, [...path, 'add', at]);
    for (const [tag, inner] of Object.entries(change.groups))
      level = this.#inGroup(level, Number(tag), inner, [...path, 'groups', tag]);
    return level;
  }

  #removed(list: readonly Item[], text: string, path: YamlPath): readonly Item[] {
    const [level, at] = this.#find(list, text, path);
    return at < 0 ? level : level.toSpliced(at, 1);
  }

  #flagged(list: readonly Item[], text: string, required: boolean, path: YamlPath): readonly Item[] {
    const [level, at] = this.#find(list, text, path);
    const item = level[at];
    return item === undefined ? level : level.with(at, { ...item, required });
  }

  #added(list: readonly Item[], member: AddedData, path: YamlPath): readonly Item[] {
    const fresh =
      typeof member === 'string'
        ? this.#items(member, path)
        : 'group' in member
          ? this.#group(member, path)
          : this.#items(member.member, [...path, 'member']);
    for (const { tag, component } of fresh) {
      if (this.#exposed(list, tag, component ?? '') === undefined) continue;
      this.#tell('DIALECT_CHANGE', `${component ?? this.#called(tag)} is there already`, path);
      return list;
    }
    const after = typeof member === 'string' ? undefined : member.after;
    if (after === undefined) return [...list, ...fresh];
    const [level, at] = this.#find(list, after, [...path, 'after']);
    return at < 0 ? level : level.toSpliced(at + 1, 0, ...fresh);
  }

  #inGroup(list: readonly Item[], tag: number, change: ChangeData, path: YamlPath): readonly Item[] {
    const [level, at] = this.#find(list, String(tag), path);
    const item = level[at];
    if (item === undefined) return level;
    if (item.inner !== undefined)
      return level.with(at, { ...item, inner: this.changed(item.inner, change, path) });
    this.#tell('DIALECT_CHANGE', `${this.#called(tag)} is no repeating group here`, path);
    return level;
  }

  /** The level with the member on it, components spelled out where it stands in one, and where it is; -1 where it is not. */
  #find(list: readonly Item[], text: string, path: YamlPath): readonly [readonly Item[], number] {
    const named = this.#named(text, path);
    if (named === undefined) return [list, -1];
    const level = this.#exposed(list, named.tag, named.component ?? '');
    if (level !== undefined) return [level, level.findIndex((item) => isSame(item, named))];
    this.#tell('DIALECT_CHANGE', `${named.component ?? this.#called(named.tag)} is not there`, path);
    return [list, -1];
  }

  #exposed(list: readonly Item[], tag: number, component: string): readonly Item[] | undefined {
    if (list.some((item) => item.tag === tag && (item.component ?? '') === component)) return list;
    for (const [at, item] of list.entries()) {
      if (item.component === undefined) continue;
      const inner = this.#exposed(items(this.#table.components[item.component] ?? ''), tag, component);
      if (inner === undefined) continue;
      // What an optional component requires does not bind; spelled out it must not begin to.
      const bound = item.required ? inner : inner.map((one) => ({ ...one, required: false }));
      return list.toSpliced(at, 1, ...bound);
    }
    return undefined;
  }

  #group(member: Exclude<MemberData, string>, path: YamlPath): readonly Item[] {
    const inner = this.listed(member.entry, [...path, 'entry']);
    return this.#items(member.group, [...path, 'group']).map((item) => ({ ...item, inner }));
  }

  #items(text: string, path: YamlPath): readonly Item[] {
    const named = this.#named(text, path);
    if (named === undefined) return [];
    if (named.component === undefined || Object.hasOwn(this.#table.components, named.component))
      return [named];
    this.#tell('DICTIONARY_REFERENCE', `there is no component "${named.component}"`, path);
    return [];
  }

  #named(text: string, path: YamlPath): Named | undefined {
    const required = text.endsWith('!');
    const bare = required ? text.slice(0, -1) : text;
    if (bare.startsWith('@')) return { tag: 0, component: bare.slice(1), required };
    const [, name = '', number = ''] = /^([A-Za-z][\w.-]*)?\(?(\d+)?\)?$/.exec(bare) ?? [];
    const tag = number === '' ? (this.#names.get(name) ?? 0) : Number(number);
    if (!Object.hasOwn(this.#table.fields, tag)) {
      const meant = nearest(name, this.#names.keys());
      const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
      this.#tell('DICTIONARY_REFERENCE', `there is no field "${bare}"${hint}`, path);
      return undefined;
    }
    const called = this.#table.fields[tag]?.[0] ?? '';
    if (name === '' || name === called) return { tag, required };
    this.#tell('DIALECT_CHANGE', `${tag} is ${called}, not ${name}`, path);
    return undefined;
  }

  #called(tag: number): string {
    return `${this.#table.fields[tag]?.[0] ?? 'tag '}(${tag})`;
  }
}

function isSame(item: Item, { tag, component }: Named): boolean {
  return item.tag === tag && item.component === component;
}
