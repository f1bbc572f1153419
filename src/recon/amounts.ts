import { addDecimals, type Decimal, negateDecimal } from '../core/decimal.ts';

/** By which date a position or a balance counts a trade. */
export type Basis = 'trade-date' | 'settlement-date';

export const bases: readonly Basis[] = ['trade-date', 'settlement-date'];

/** One thing that can differ: how much of a security or of a currency an account has, by one basis. */
export interface Cell {
  readonly kind: 'position' | 'cash';
  readonly basis: Basis;
  readonly account: string;
  /** A security (`cusip:990000108`) or a currency. */
  readonly unit: string;
}

/** Amounts by the key of their cell. A cell that is not there is zero, and no zero stands in it. */
export type Amounts = ReadonlyMap<string, Decimal>;

export const zero: Decimal = { units: 0n, scale: 0 };
export const noAmounts: Amounts = new Map();

/** The text of a cell: different cells have different texts, whatever account numbers hold. */
export function cellKey({ kind, basis, account, unit }: Cell): string {
  return `${kind}|${basis}|${escaped(account)}|${escaped(unit)}`;
}

/** The cell of a key that {@link cellKey} wrote. */
export function cellOf(key: string): Cell {
  const [kind, basis, account = '', unit = ''] = key.split('|');
  return {
    kind: kind === 'cash' ? 'cash' : 'position',
    basis: basis === 'settlement-date' ? 'settlement-date' : 'trade-date',
    account: plain(account),
    unit: plain(unit),
  };
}

/** The sum of all, without its zeros. */
export function sumOf(...parts: readonly Amounts[]): Amounts {
  return sumOfAll(parts);
}

/** The same of a list that may be long: a call takes no hundred thousand arguments. */
export function sumOfAll(parts: readonly Amounts[]): Amounts {
  const sum = new Map<string, Decimal>();
  for (const part of parts) for (const [key, amount] of part) addTo(sum, key, amount);
  return sum;
}

export function minus(left: Amounts, right: Amounts): Amounts {
  const sum = new Map(left);
  for (const [key, amount] of right) addTo(sum, key, negateDecimal(amount));
  return sum;
}

export function negated(amounts: Amounts): Amounts {
  return new Map([...amounts].map(([key, amount]) => [key, negateDecimal(amount)]));
}

/** Only the cells that `keep` names. */
export function only(amounts: Amounts, keep: (key: string) => boolean): Amounts {
  return new Map([...amounts].filter(([key]) => keep(key)));
}

/** Adds in place; what becomes zero goes. */
export function addTo(sum: Map<string, Decimal>, key: string, amount: Decimal): void {
  const total = addDecimals(sum.get(key) ?? zero, amount);
  if (total.units === 0n) sum.delete(key);
  else sum.set(key, total);
}

export function isZero(amount: Decimal): boolean {
  return amount.units === 0n;
}

export function absolute(amount: Decimal): Decimal {
  return amount.units < 0n ? negateDecimal(amount) : amount;
}

export function sameAmount(left: Decimal, right: Decimal): boolean {
  return addDecimals(left, negateDecimal(right)).units === 0n;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('|', '%7C');
}

function plain(text: string): string {
  return text.replaceAll('%7C', '|').replaceAll('%25', '%');
}
