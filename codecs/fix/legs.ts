import type { FixLevel } from './message.ts';
import { decimalIn, listedWord } from './reading.ts';
import names from './tables/leg-tags.json' with { type: 'json' };
import { tag } from './tag.ts';

/** One leg of a trade in a spread or strategy. */
export interface Leg {
  /** The leg under the report's own names: its security, price and quantity; what is not a leg's, the report says. */
  readonly terms: FixLevel;
  /** Its name inside the report: LegRefID(654), else its security. */
  readonly name: string;
  /** The word of LegSide(624). */
  readonly side: string;
}

/**
 * The legs of a report that says of each what was traded: side, price and quantity. None where it leaves one of these out of
 * any leg: such a report tells the spread as a whole, and its legs are told elsewhere (MultiLegReportingType(442)).
 */
export function pricedLegs(root: FixLevel): readonly Leg[] {
  const legs: Leg[] = [];
  const taken = new Map<string, number>();
  for (const entry of root.group(tag.NoLegs)) {
    const terms = legTerms(root, entry);
    const side = listedWord('side', terms.get(tag.Side));
    const priced = decimalIn(terms, tag.LastPx) !== undefined && decimalIn(terms, tag.LastQty) !== undefined;
    if (side === undefined || !priced) return [];
    const name = entry.get(tag.LegRefID) ?? terms.get(tag.SecurityID) ?? terms.get(tag.Symbol) ?? '';
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    legs.push({ terms, side, name: times === 1 ? name : `${name}-${times}` });
  }
  return legs;
}

/**
 * The side on which one side of the report did a leg. Assumed: LegSide(624) is told of who buys the spread, so who sells it does
 * each leg the other way round; the standard does not say it.
 */
export function legSideOf(reported: string, leg: string): string {
  if (!reported.startsWith('sell')) return leg;
  if (leg === 'buy') return 'sell';
  return leg.startsWith('sell') ? 'buy' : leg;
}

function legTerms(root: FixLevel, leg: FixLevel): FixLevel {
  return {
    ...levelOf(root),
    get(field) {
      const own = ownTags.get(field);
      if (own !== undefined) return firstOf(leg, own);
      const inherited = inheritedTags.get(field);
      return (inherited === undefined ? undefined : firstOf(leg, inherited)) ?? root.get(field);
    },
  };
}

/** The members of a level, which may be a class of its own. */
function levelOf(level: FixLevel): FixLevel {
  return {
    get: (field) => level.get(field),
    has: (field) => level.has(field),
    fieldOf: (field) => level.fieldOf(field),
    group: (count) => level.group(count),
  };
}

function firstOf(leg: FixLevel, fields: readonly number[]): string | undefined {
  for (const field of fields) {
    const found = leg.get(field);
    if (found !== undefined) return found;
  }
  return undefined;
}

const ownTags = tagsOf(names.own);
const inheritedTags = tagsOf(names.inherited);

function tagsOf(table: Readonly<Record<string, string>>): ReadonlyMap<number, readonly number[]> {
  const number = (name: string): number => tag[name as keyof typeof tag];
  return new Map(
    Object.entries(table).map(([name, fields]) => [number(name), fields.split(' ').map(number)]),
  );
}
