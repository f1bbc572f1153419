import type { Basis, Book, Books } from './books.ts';
import { type BreakCase, breakCases, caseAccounts, causes } from './cases.ts';
import { dates } from './world.ts';

/** One number that differs between our books and the clearing firm's. Shares, or hundredths of a dollar. */
export interface ExpectedDifference {
  readonly kind: 'position' | 'cash';
  readonly basis: Basis;
  readonly account: string;
  /** A security (`cusip:990000108`) or `USD`. */
  readonly unit: string;
  readonly ours: number;
  readonly theirs: number;
}

/** One break that must be found: one cause, and every difference that it makes. */
export interface ExpectedBreak {
  readonly name: BreakCase;
  readonly cause: string;
  readonly differences: readonly ExpectedDifference[];
  /** Business date of the clearing firm's books that it shows in first. */
  readonly since: string;
  /** Gone at the end, and still told. */
  readonly healed: boolean;
  /** What is at stake, in hundredths of a dollar. */
  readonly cents: number;
}

/** What the clearing firm reported as of a day, where it is not what it booked: the files that were corrected later. */
export interface Reported {
  at(basis: Basis, asOf: string): Book;
}

const days = [dates.first, dates.second] as const;
const bases: readonly Basis[] = ['trade-date', 'settlement-date'];
const healing: ReadonlySet<string> = new Set(['healed-short', 'healed-absent'] satisfies BreakCase[]);

/**
 * The breaks between our books and what the clearing firm reported first, each given to the case whose accounts it is
 * in. Differences that no case accounts for come back as well, under no name: there must be none.
 */
export function expectedBreaks(
  ours: Books,
  theirs: Reported,
  price: (unit: string) => number,
): { readonly breaks: readonly ExpectedBreak[]; readonly strange: readonly ExpectedDifference[] } {
  const byDay = days.map((date) => ({ date, found: differencesOn(date, ours, theirs) }));
  const last = byDay.at(-1)?.found ?? [];
  const breaks = breakCases.flatMap((name): ExpectedBreak[] => {
    const of = (found: readonly ExpectedDifference[]) =>
      found.filter(({ account }) => concerns(name, account));
    const since = byDay.find(({ found }) => of(found).length > 0)?.date;
    const differences = of(last);
    if (since === undefined) return [];
    return [
      {
        name,
        cause: causes[name],
        differences,
        since,
        healed: healing.has(name),
        cents: atRisk(differences, price),
      },
    ];
  });
  const strange = byDay.flatMap(({ found }) =>
    found.filter(({ account }) => !breakCases.some((name) => concerns(name, account))),
  );
  return { breaks, strange };
}

function concerns(name: BreakCase, account: string): boolean {
  return caseAccounts[name].includes(account);
}

function differencesOn(date: string, ours: Books, theirs: Reported): ExpectedDifference[] {
  return bases.flatMap((basis) => compared(basis, ours.at(basis, date), theirs.at(basis, date)));
}

function compared(basis: Basis, ours: Book, theirs: Book): ExpectedDifference[] {
  const rows = new Map<string, ExpectedDifference>();
  const add = (
    kind: 'position' | 'cash',
    account: string,
    unit: string,
    our: number,
    their: number,
  ): void => {
    const key = `${kind} ${account} ${unit}`;
    const row = rows.get(key) ?? { kind, basis, account, unit, ours: 0, theirs: 0 };
    rows.set(key, { ...row, ours: row.ours + our, theirs: row.theirs + their });
  };
  for (const { account, security, quantity } of ours.holdings)
    add('position', account, security, quantity, 0);
  for (const { account, security, quantity } of theirs.holdings)
    add('position', account, security, 0, quantity);
  for (const { account, cents } of ours.balances) add('cash', account, 'USD', cents, 0);
  for (const { account, cents } of theirs.balances) add('cash', account, 'USD', 0, cents);
  return [...rows.values()].filter((row) => row.ours !== row.theirs);
}

/**
 * Shares by the price of the clearing firm's file, the larger of what is too much and what is too little: what one
 * account lacks and another has is at stake once. Where no shares differ, the cash.
 */
function atRisk(differences: readonly ExpectedDifference[], price: (unit: string) => number): number {
  const sum = (kind: 'position' | 'cash', sign: 1 | -1): number =>
    differences
      .filter((one) => one.kind === kind && one.basis === 'trade-date')
      .map((one) => (one.theirs - one.ours) * sign * (kind === 'cash' ? 1 : price(one.unit)))
      .filter((value) => value > 0)
      .reduce((total, value) => total + value, 0);
  const positions = Math.max(sum('position', 1), sum('position', -1));
  return positions > 0 ? positions : Math.max(sum('cash', 1), sum('cash', -1));
}
