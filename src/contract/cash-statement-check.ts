import { addDecimals, compareDecimals, type Decimal, decimalText, readDecimal } from '../core/decimal.ts';
import type { CashBalanceKind, CashEntry, CashHead, CashStatement } from './cash-statement.ts';

/**
 * What is wrong with the sums of a statement, in sentences: the opening balance and the booked entries of a page have to
 * give its closing balance, and all of them have one currency. Nothing where one of the two balances is missing.
 */
export function cashSumProblems(said: CashStatement): readonly string[] {
  const opening = said.balances.find(({ kind }) => openings.has(kind));
  const closing = said.balances.find(({ kind }) => closings.has(kind));
  if (opening === undefined || closing === undefined) return [];
  const strange = [closing, ...said.entries].find(({ currency }) => currency !== opening.currency);
  if (strange !== undefined) return [`${strange.currency} stands beside ${opening.currency}`];
  const booked = said.entries.filter(isBooked);
  const sum = [opening, ...booked].map(({ amount }) => decimalOf(amount)).reduce(addDecimals);
  if (compareDecimals(sum, decimalOf(closing.amount)) === 0) return [];
  return [
    `${opening.amount} and ${booked.length} entries give ${decimalText(sum)}, the closing balance is ${closing.amount}`,
  ];
}

function isBooked({ status = 'booked' }: CashEntry): boolean {
  return status === 'booked';
}

const openings: ReadonlySet<CashBalanceKind> = new Set(['opening', 'page-opening']);
const closings: ReadonlySet<CashBalanceKind> = new Set(['closing', 'page-closing']);

function decimalOf(text: string): Decimal {
  const read = readDecimal(text);
  return read.ok ? read.value : { units: 0n, scale: 0 };
}

/** What a statement says of its place among others, as far as gaps are found by it. */
export type CashPlace = Pick<CashHead, 'account' | 'number' | 'page' | 'more' | 'balances'>;

/**
 * What is missing between statements of one account that came one after the other, in sentences: a page, a statement
 * number, or a closing balance that is not the next opening balance. A number that starts again at 1 is a new year.
 */
export function cashGaps(before: CashPlace, next: CashPlace): readonly string[] {
  if (before.account !== next.account) return [];
  const gaps: string[] = [];
  const [last, now] = [numberOf(before), numberOf(next)];
  const same = last !== undefined && last === now;
  if (before.more === true && same && next.page !== (before.page ?? 1) + 1)
    gaps.push(`page ${(before.page ?? 1) + 1} of statement ${last} is missing`);
  if (before.more === true && !same) gaps.push(`statement ${last ?? '?'} has no last page`);
  if (!same && (next.page ?? 1) > 1) gaps.push(`page 1 of statement ${now ?? '?'} is missing`);
  if (last !== undefined && now !== undefined && !same && now !== last + 1 && now !== 1)
    gaps.push(`statement ${last + 1} is missing: ${now} follows ${last}`);
  const closed = before.balances.find(({ kind }) => closings.has(kind));
  const opened = next.balances.find(({ kind }) => openings.has(kind));
  if (closed !== undefined && opened !== undefined && !sameAmount(closed.amount, opened.amount))
    gaps.push(`the balance before is ${closed.amount}, this one opens with ${opened.amount}`);
  return gaps;
}

function numberOf({ number }: CashPlace): number | undefined {
  return number !== undefined && /^\d{1,9}$/.test(number) ? Number(number) : undefined;
}

function sameAmount(left: string, right: string): boolean {
  return compareDecimals(decimalOf(left), decimalOf(right)) === 0;
}
