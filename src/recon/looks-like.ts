import { addDecimals, type Decimal, decimalText, negateDecimal } from '../core/decimal.ts';
import { type Amounts, bases, cellKey, cellOf, only, sameAmount, zero } from './amounts.ts';
import type { Chosen } from './choose.ts';
import { plainSymbol } from './names.ts';
import type { Day, Explanation, OtherName } from './terms.ts';

/**
 * Causes that no event speaks for, read off what is left over: a security that all of its holders have in one exact
 * ratio, and holdings that stand under another name with the same symbol or price. `ours` is our book under the names
 * that are compared.
 */
export function looksLike(residual: Amounts, ours: Amounts, day: Day): readonly Chosen[] {
  const found: Chosen[] = [];
  const left = bySecurity(residual);
  const add = (chosen: Chosen | undefined): void => {
    if (chosen === undefined) return;
    found.push(chosen);
    // All that is predicted is the whole of what was left there.
    for (const key of chosen.predicted.keys()) {
      const { unit } = cellOf(key);
      left.get(unit)?.delete(key);
      if (left.get(unit)?.size === 0) left.delete(unit);
    }
  };
  const book = bySecurity(ours);
  for (const security of [...left.keys()].sort()) add(splitOf(security, left, book));
  const strangers = strangersOf(left, book, day);
  for (const security of [...left.keys()].sort()) add(otherNameOf(security, left, book, strangers));
  return found;
}

/** Positions by security: a day has too many of them to look through all for each. */
type Positions = ReadonlyMap<string, ReadonlyMap<string, Decimal>>;

function bySecurity(amounts: Amounts): Map<string, Map<string, Decimal>> {
  const found = new Map<string, Map<string, Decimal>>();
  for (const [key, amount] of amounts) {
    const { kind, unit } = cellOf(key);
    if (kind !== 'position') continue;
    const held = found.get(unit);
    if (held === undefined) found.set(unit, new Map([[key, amount]]));
    else held.set(key, amount);
  }
  return found;
}

/** Largest number in a ratio that is taken for a split. Reason: splits beyond 100:1 are rare, and chance finds ratios. */
const ratioMax = 100n;

function splitOf(security: string, left: Positions, book: Positions): Chosen | undefined {
  const held: Amounts = book.get(security) ?? new Map();
  const changed: Amounts = left.get(security) ?? new Map();
  const byTradeDate = only(held, (key) => cellOf(key).basis === 'trade-date');
  const ratio = ratioOf(byTradeDate, changed);
  if (ratio === undefined || byTradeDate.size < 2) return undefined;
  if ([...changed.keys()].some((key) => !held.has(key))) return undefined;
  const follows = bases.filter((basis) =>
    [...held].every(([key, amount]) => {
      if (cellOf(key).basis !== basis) return true;
      return scaled(amount, addDecimals(amount, changed.get(key) ?? zero), ratio);
    }),
  );
  const predicted = only(changed, (key) => follows.includes(cellOf(key).basis));
  const explanation: Explanation = {
    ...weak('corporate-action', `corporate-action|${security}`, predicted),
    detail: { about: 'ratio', security, ...ratio },
  };
  return { explanation, predicted };
}

interface Ratio {
  readonly next: bigint;
  readonly former: bigint;
}

/** The one ratio of theirs to ours over all holders; undefined where there is none, or where it is one. */
function ratioOf(held: Amounts, changed: Amounts): Ratio | undefined {
  const [first] = held;
  if (first === undefined) return undefined;
  const [key, amount] = first;
  const ratio = reduced(amount, addDecimals(amount, changed.get(key) ?? zero));
  if (ratio === undefined) return undefined;
  const all = [...held].every(([at, own]) => scaled(own, addDecimals(own, changed.get(at) ?? zero), ratio));
  return all ? ratio : undefined;
}

function reduced(ours: Decimal, theirs: Decimal): Ratio | undefined {
  const scale = Math.max(ours.scale, theirs.scale);
  const former = ours.units * 10n ** BigInt(scale - ours.scale);
  const next = theirs.units * 10n ** BigInt(scale - theirs.scale);
  const divisor = gcd(former, next);
  if (divisor === 0n) return undefined;
  const ratio = { former: former / divisor, next: next / divisor };
  const positive = ratio.former < 0n ? { former: -ratio.former, next: -ratio.next } : ratio;
  const fits = positive.next > 0n && positive.next <= ratioMax && positive.former <= ratioMax;
  return fits && positive.next !== positive.former ? positive : undefined;
}

function scaled(ours: Decimal, theirs: Decimal, { next, former }: Ratio): boolean {
  return sameAmount(
    { units: ours.units * next, scale: ours.scale },
    { units: theirs.units * former, scale: theirs.scale },
  );
}

function gcd(left: bigint, right: bigint): bigint {
  let [one, other] = [left < 0n ? -left : left, right < 0n ? -right : right];
  while (other !== 0n) [one, other] = [other, one % other];
  return one;
}

/** Securities of theirs that we hold nothing of, by what tells that they are another name of one of ours. */
interface Strangers {
  alike(security: string): readonly string[];
}

function strangersOf(left: Positions, book: Positions, { symbols, theirs: { prices } }: Day): Strangers {
  const marksOf = (security: string): readonly string[] => {
    const symbol = symbols.get(security);
    const price = prices.get(security);
    return [
      ...(symbol === undefined ? [] : [`symbol ${plainSymbol(symbol)}`]),
      ...(price === undefined ? [] : [`price ${decimalText(price)}`]),
    ];
  };
  const byMark = new Map<string, string[]>();
  for (const security of left.keys()) {
    if (book.has(security)) continue;
    for (const mark of marksOf(security)) byMark.set(mark, [...(byMark.get(mark) ?? []), security]);
  }
  return {
    alike: (security) => [...new Set(marksOf(security).flatMap((mark) => byMark.get(mark) ?? []))].sort(),
  };
}

/** All that we hold under a name is missing there, and stands account by account under another name of theirs. */
function otherNameOf(
  security: string,
  left: Positions,
  book: Positions,
  strangers: Strangers,
): Chosen | undefined {
  const held = book.get(security);
  const missing = left.get(security);
  if (held === undefined || missing === undefined) return undefined;
  const gone = [...held].every(([key, amount]) =>
    sameAmount(missing.get(key) ?? zero, negateDecimal(amount)),
  );
  if (!gone) return undefined;
  const canonical = strangers
    .alike(security)
    .find((name) => sameHoldings(held, left.get(name) ?? new Map(), name));
  if (canonical === undefined) return undefined;
  const predicted = new Map([...missing, ...(left.get(canonical) ?? [])]);
  const other: OtherName = { name: security, canonical, by: 'looks', evidence: [] };
  const explanation: Explanation = {
    ...weak('identifier', `identifier|${security}|${canonical}`, predicted),
    detail: { about: 'name', other },
  };
  return { explanation, predicted };
}

function sameHoldings(held: Amounts, theirs: Amounts, name: string): boolean {
  if (held.size !== theirs.size) return false;
  return [...held].every(([key, amount]) => {
    const found = theirs.get(cellKey({ ...cellOf(key), unit: name }));
    return found !== undefined && sameAmount(found, amount);
  });
}

function weak(cause: Explanation['cause'], subject: string, predicted: Amounts): Omit<Explanation, 'detail'> {
  const variants = [predicted];
  return { cause, subject, owner: 'us', variants, standsAlone: false, evidence: [], fields: [] };
}
