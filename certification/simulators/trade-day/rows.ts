import type { SimulatedSecurity } from '../clearing-firm/market.ts';
import { seeded } from '../clearing-firm/seeded.ts';
import { type Basis, type Book, type Books, cusipOf, type Holding } from './books.ts';
import type { Reported } from './breaks.ts';
import { caseAccounts } from './cases.ts';
import type { DatedActivity } from './their-activity.ts';
import {
  dates,
  errorAccount,
  newCusip,
  renamedSecurity,
  securities,
  securityAt,
  splitSecurity,
  theirSpelling,
  twoSpellings,
} from './world.ts';

/** A line of the positions file. Shares, and hundredths of a dollar. */
export interface PositionRow {
  readonly account: string;
  readonly accountType: AccountType;
  readonly cusip: string;
  readonly symbol: string;
  readonly tradeDate: number;
  readonly settlementDate: number;
  readonly cents: number;
}

/** A line of the cash file, in hundredths of a dollar. */
export interface CashRow {
  readonly account: string;
  readonly accountType: AccountType;
  readonly tradeDate: number;
  readonly settlementDate: number;
}

/** A line of the street's file: what one participant owes or is owed in one security. Signed, plus is long. */
export interface ObligationRow {
  readonly cusip: string;
  readonly opening: number;
  readonly settling: number;
  readonly miscellaneous: number;
  readonly closing: number;
  readonly cents: number;
  readonly markCents: number;
}

export type AccountType = 'margin' | 'error';

/** What the positions file says of a day: trade date and settlement date side by side. */
export function positionRows(books: Reported, asOf: string, split: boolean): PositionRow[] {
  const rows = new Map<string, PositionRow>();
  for (const basis of ['trade-date', 'settlement-date'] as const) {
    for (const { account, security, quantity } of books.at(basis, asOf).holdings) {
      const key = `${account} ${security}`;
      const row = rows.get(key) ?? emptyRow(account, security, closingCents(security, asOf, split));
      const member = basis === 'trade-date' ? 'tradeDate' : 'settlementDate';
      rows.set(key, { ...row, [member]: quantity });
    }
  }
  return [...rows.keys()].toSorted().flatMap((key) => rows.get(key) ?? []);
}

export function cashRows(books: Reported, asOf: string): CashRow[] {
  const settled = new Map(
    books.at('settlement-date', asOf).balances.map(({ account, cents }) => [account, cents]),
  );
  return books.at('trade-date', asOf).balances.map(({ account, cents }) => ({
    account,
    accountType: accountTypeOf(account),
    tradeDate: cents,
    settlementDate: settled.get(account) ?? 0,
  }));
}

/**
 * What the street nets for the participant: this firm's trades and those of all others that the clearing firm clears
 * for, so that it ties to nobody's alone.
 */
export function obligationRows(
  seed: number,
  activity: readonly DatedActivity[],
  date: string,
): ObligationRow[] {
  const random = seeded(seed * 100 + 12);
  return securities.map((security) => {
    const settling = netOf(security, activity) + random.between(-400, 400) * 100;
    const opening = random.below(5) === 0 ? random.between(-20, 20) * 100 : 0;
    const cents = closingCents(cusipOf(security), date, false);
    const markCents = opening * random.between(-20, 20);
    return {
      cusip: security.id,
      opening,
      settling,
      miscellaneous: 0,
      closing: opening + settling,
      cents,
      markCents,
    };
  });
}

/** The clearing firm's price at the close of a day. The split halves it, where it is known. */
export function closingCents(security: string, asOf: string, split: boolean): number {
  const cents = securityOf(security).cents;
  const drift = asOf === dates.opening ? 0 : ((cents * Number(asOf.slice(-2))) % 41) - 20;
  const whole = cents + drift;
  return split && asOf >= dates.second && security === cusipOf(splitSecurity) ? Math.floor(whole / 2) : whole;
}

type Planted = (name: 'healed-absent' | 'healed-short') => boolean;

/** The first positions file of the second day: one row is not there, and another one lacks the last fill. */
export function withTwoErrors(books: Books, planted: Planted): Reported {
  return { at: (basis, asOf) => spoiled(books.at(basis, asOf), basis, asOf, planted) };
}

function spoiled(book: Book, basis: Basis, asOf: string, planted: Planted): Book {
  if (asOf !== dates.second) return book;
  const absent = { account: caseAccounts['healed-absent'][0], security: cusipOf(securityAt(15)) };
  const short = { account: caseAccounts['healed-short'][0], security: cusipOf(securityAt(13)) };
  const holdings = book.holdings
    .filter((one) => !(planted('healed-absent') && isOf(one, absent)))
    .map((one) =>
      planted('healed-short') && isOf(one, short) && basis === 'trade-date'
        ? { ...one, quantity: one.quantity - shortQuantity }
        : one,
    );
  return { ...book, holdings };
}

const shortQuantity = 300;

function isOf(left: Omit<Holding, 'quantity'>, right: Omit<Holding, 'quantity'>): boolean {
  return left.account === right.account && left.security === right.security;
}

function netOf(security: SimulatedSecurity, activity: readonly DatedActivity[]): number {
  let net = 0;
  for (const { activity: line } of activity) {
    if (line.record !== 'trade' || line.booking.security !== security) continue;
    net += line.booking.side === 'buy' ? line.booking.quantity : -line.booking.quantity;
  }
  return net;
}

function emptyRow(account: string, security: string, cents: number): PositionRow {
  const { id, symbol } = securityOf(security);
  return {
    account,
    accountType: accountTypeOf(account),
    cusip: security === `cusip:${newCusip}` ? newCusip : id,
    symbol: symbol === twoSpellings.symbol ? theirSpelling : symbol,
    tradeDate: 0,
    settlementDate: 0,
    cents,
  };
}

function accountTypeOf(account: string): AccountType {
  return account === errorAccount ? 'error' : 'margin';
}

function securityOf(name: string): SimulatedSecurity {
  if (name === `cusip:${newCusip}`) return renamedSecurity;
  return securities.find((one) => cusipOf(one) === name) ?? twoSpellings;
}
