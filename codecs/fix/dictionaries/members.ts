import type { FixTable } from '../dictionary.ts';
import { type Item, items } from '../structure-text.ts';

/** A field at its place on a level, components spelled out. */
export interface Member {
  readonly tag: number;
  readonly required: boolean;
  /** The component that brings it; empty where the level itself lists it. */
  readonly from: string;
  /** What an entry of a group holds. */
  readonly inner?: readonly Member[];
}

/** The members of a structure text in their order. What an optional component requires does not bind, as in every dictionary here. */
export function membersOf(table: FixTable, text: string): readonly Member[] {
  return spelled(table, items(text), true, '');
}

function spelled(table: FixTable, list: readonly Item[], binding: boolean, from: string): readonly Member[] {
  return list.flatMap(({ tag, component, required, inner }): readonly Member[] => {
    const bound = binding && required;
    if (component !== undefined)
      return spelled(table, items(table.components[component] ?? ''), bound, from === '' ? component : from);
    const member = { tag, required: bound, from };
    return [inner === undefined ? member : { ...member, inner: spelled(table, inner, true, '') }];
  });
}

/** A row of a table by its key; undefined where it has none, whatever objects of the language answer to. */
export function rowIn<Row>(rows: Readonly<Record<string, Row>>, key: string): Row | undefined {
  return Object.hasOwn(rows, key) ? rows[key] : undefined;
}

/** `Side(54)`; of an unknown number, `tag 54`. */
export function calledIn({ fields }: FixTable, tag: number): string {
  const name = fields[tag]?.[0];
  return name === undefined ? `tag ${tag}` : `${name}(${tag})`;
}

/** `ExecutionReport(8)`. */
export function messageIn({ messages }: FixTable, type: string): string {
  const name = rowIn(messages, type)?.[0];
  return name === undefined ? type : `${name}(${type})`;
}
