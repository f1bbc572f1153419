import { addDecimals, type Decimal, negateDecimal } from '../core/decimal.ts';
import { type Amounts, bases, type Cell, cellKey, cellOf, only, sameAmount, sumOf, zero } from './amounts.ts';
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
  let left = residual;
  const add = (chosen: Chosen | undefined): void => {
    if (chosen === undefined) return;
    found.push(chosen);
    left = sumOf(left, new Map([...chosen.predicted].map(([key, amount]) => [key, negateDecimal(amount)])));
  };
  const book = bookOf(ours);
  for (const security of securitiesIn(left)) add(splitOf(security, left, book));
  for (const security of securitiesIn(left)) add(otherNameOf(security, left, book, day));
  return found;
}

/** Our positions by security. */
type Book = ReadonlyMap<string, Amounts>;

function bookOf(ours: Amounts): Book {
  const book = new Map<string, Map<string, Decimal>>();
  for (const [key, amount] of ours) {
    const { kind, unit } = cellOf(key);
    if (kind !== 'position') continue;
    const held = book.get(unit);
    if (held === undefined) book.set(unit, new Map([[key, amount]]));
    else held.set(key, amount);
  }
  return book;
}

function securitiesIn(residual: Amounts): readonly string[] {
  const cells = [...residual.keys()].map(cellOf).filter(({ kind }) => kind === 'position');
  return [...new Set(cells.map(({ unit }) => unit))].sort();
}

/** Largest number in a ratio that is taken for a split. Reason: splits beyond 100:1 are rare, and chance finds ratios. */
const ratioMax = 100n;

function splitOf(security: string, residual: Amounts, book: Book): Chosen | undefined {
  const held = book.get(security) ?? new Map();
  const changed = only(residual, (key) => isPosition(key, security));
  const byTradeDate = only(held, (key) => cellOf(key).basis === 'trade-date');
  const ratio = ratioOf(byTradeDate, changed);
  if (ratio === undefined || byTradeDate.size < 2) return undefined;
  if ([...changed.keys()].some((key) => !held.has(key))) return undefined;
  const follows = bases.filter((basis) =>
    [...held].every(([key, amount]) => {
      if (cellOf(key).basis !== basis) return true;
      return scaled(amount, addDecimals(amount, residual.get(key) ?? zero), ratio);
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

/** All that we hold under a name is missing there, and stands account by account under another name of theirs. */
function otherNameOf(security: string, residual: Amounts, book: Book, day: Day): Chosen | undefined {
  const held = book.get(security);
  if (held === undefined) return undefined;
  const gone = [...held].every(([key, amount]) =>
    sameAmount(residual.get(key) ?? zero, negateDecimal(amount)),
  );
  if (!gone) return undefined;
  const canonical = securitiesIn(residual).find(
    (name) =>
      !book.has(name) &&
      isAlike(security, name, day) &&
      sameHoldings(held, positionsIn(residual, name), name),
  );
  if (canonical === undefined) return undefined;
  const predicted = only(residual, (key) => isPosition(key, security) || isPosition(key, canonical));
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

function isAlike(ours: string, theirs: string, { symbols, theirs: { prices } }: Day): boolean {
  const [one, other] = [symbols.get(ours), symbols.get(theirs)];
  if (one !== undefined && other !== undefined && plainSymbol(one) === plainSymbol(other)) return true;
  const [price, otherPrice] = [prices.get(ours), prices.get(theirs)];
  return price !== undefined && otherPrice !== undefined && sameAmount(price, otherPrice);
}

function positionsIn(residual: Amounts, security: string): Amounts {
  return only(residual, (key) => isPosition(key, security));
}

function isPosition(key: string, security: string): boolean {
  const { kind, unit }: Cell = cellOf(key);
  return kind === 'position' && unit === security;
}

function weak(cause: Explanation['cause'], subject: string, predicted: Amounts): Omit<Explanation, 'detail'> {
  const variants = [predicted];
  return { cause, subject, owner: 'us', variants, standsAlone: false, evidence: [], fields: [] };
}
