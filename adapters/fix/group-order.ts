import type { FixMessage, LevelFact } from '../../codecs/fix/index.ts';

/**
 * The first field that stands behind one which the dictionary has behind it, in an entry of a repeating group: its place in the
 * message; -1 where there is none. Whoever reads groups by their first tag reads such a message all the same, so the codec says
 * nothing of it. Source: FIX 4.4, Volume 1, "Repeating groups": fields of an entry are in the order of the standard.
 */
export function fieldOutOfGroupOrder(message: FixMessage): number {
  const { entries, owners } = message.flat.structure;
  const root = message.dictionary.message(message.type)?.level;
  if (owners === undefined || root === undefined) return -1;
  const levels: (LevelFact | undefined)[] = [root];
  const reached = new Array<number>(entries.length).fill(-1);
  for (let field = 0; field < message.fieldCount; field++) {
    const at = owners[field] ?? 0;
    if (at === 0) continue;
    const level = levelOf(at, entries, levels);
    const place = level === undefined ? undefined : placesOf(level).get(message.tagAt(field));
    if (place === undefined) continue;
    if (place < (reached[at] ?? -1)) return field;
    reached[at] = place;
  }
  return -1;
}

type Entries = FixMessage['flat']['structure']['entries'];

function levelOf(at: number, entries: Entries, levels: (LevelFact | undefined)[]): LevelFact | undefined {
  const entry = entries[at];
  if (at in levels || entry === undefined) return levels[at];
  levels[at] = levelOf(entry.parent, entries, levels)?.groups.get(entry.count);
  return levels[at];
}

const places = new WeakMap<LevelFact, ReadonlyMap<number, number>>();

/** By tag: the place in the standard's order. */
function placesOf(level: LevelFact): ReadonlyMap<number, number> {
  const known = places.get(level);
  if (known !== undefined) return known;
  const made = new Map(level.members.map((tag, place) => [tag, place]));
  places.set(level, made);
  return made;
}
