import table from './tables/items.json' with { type: 'json' };

const known: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(table.items).map(([element, paths]) => [element, new Set(paths)]),
);

/**
 * Where the items of a large statement stand, by the element of its message (`SctiesBalCtdyRpt`): `BalForAcct`,
 * `SubAcctDtls/BalForSubAcct`. Undefined where nothing of the message repeats without bound.
 */
export function itemsOf(element: string): ReadonlySet<string> | undefined {
  return known.get(element);
}

/** Elements before the items that no item needs, but the end of the statement does. */
export const notForItems: ReadonlySet<string> = new Set(table.notForItems);

/** Elements that no other part needs, however large they are: they stand in their own frame alone. */
export const notForAny: ReadonlySet<string> = new Set(table.notForAny);
