import { seeded } from '../clearing-firm/seeded.ts';
import { cashOf } from './charges.ts';
import type { DayExecution } from './executions.ts';
import { type Activity, type DatedActivity, madeHoldings } from './their-activity.ts';
import { accounts, errorAccount, ordinary, twoSpellings } from './world.ts';

export type Basis = 'trade-date' | 'settlement-date';

/** What one account holds of one security, in shares. `security` is as the event catalogue names it: `cusip:990000108`. */
export interface Holding {
  readonly account: string;
  readonly security: string;
  readonly quantity: number;
}

/** What one account has, in hundredths of a dollar. */
export interface Balance {
  readonly account: string;
  readonly cents: number;
}

export interface Book {
  readonly holdings: readonly Holding[];
  readonly balances: readonly Balance[];
}

/** What changes a book, and from which day on by either basis. */
interface Movement {
  readonly account: string;
  readonly security: string;
  readonly quantity: number;
  readonly cents: number;
  readonly tradeDate: string;
  readonly settlementDate: string;
}

/** A security that has another name from a day on. */
interface Renaming {
  readonly from: string;
  readonly to: string;
  readonly date: string;
}

/** A side's books: worked out anew for every day and basis from what moved. Rows of nothing are left out. */
export class Books {
  readonly #opening: Book;
  readonly #movements: readonly Movement[];
  readonly #renamings: readonly Renaming[];

  constructor(opening: Book, movements: readonly Movement[], renamings: readonly Renaming[]) {
    this.#opening = opening;
    this.#movements = movements;
    this.#renamings = renamings;
  }

  at(basis: Basis, asOf: string): Book {
    const holdings = new Map<string, Holding>();
    const balances = new Map(this.#opening.balances.map((one) => [one.account, one.cents]));
    for (const holding of this.#opening.holdings) this.#hold(holdings, holding, asOf);
    for (const movement of this.#movements) {
      if ((basis === 'trade-date' ? movement.tradeDate : movement.settlementDate) > asOf) continue;
      const { account, security, quantity, cents } = movement;
      this.#hold(holdings, { account, security, quantity }, asOf);
      balances.set(account, (balances.get(account) ?? 0) + cents);
    }
    return {
      holdings: [...holdings.values()].filter(({ quantity }) => quantity !== 0).toSorted(byName),
      balances: [...balances].map(([account, cents]) => ({ account, cents })),
    };
  }

  #hold(holdings: Map<string, Holding>, holding: Holding, asOf: string): void {
    const renamed = this.#renamings.find(({ from, date }) => from === holding.security && date <= asOf);
    const security = renamed?.to ?? holding.security;
    const key = `${holding.account} ${security}`;
    const before = holdings.get(key)?.quantity ?? 0;
    holdings.set(key, { account: holding.account, security, quantity: before + holding.quantity });
  }
}

/** Opening books of both sides, as of the close of the 9th: nothing of before is still to settle. */
export function openingBook(seed: number): Book {
  const random = seeded(seed * 100 + 9);
  const holdings = accounts.flatMap((account) => {
    const chosen = ordinary.filter(() => random.below(4) === 0);
    return chosen.map((security) => ({
      account,
      security: cusipOf(security),
      quantity: random.between(1, 50) * 100 * (random.below(10) === 0 ? -1 : 1),
    }));
  });
  const made = madeHoldings.map((one) => ({ ...one, security: cusipOf(one.security) }));
  const kept = holdings.filter(
    ({ account, security }) => !made.some((one) => one.account === account && one.security === security),
  );
  const balances = accounts.map((account) => ({ account, cents: random.between(20_000_000, 300_000_000) }));
  return {
    holdings: [...kept, ...made].toSorted(byName),
    balances: [...balances, { account: errorAccount, cents: 0 }],
  };
}

/** Our books: the clearing firm's opening and our own trades, nothing else. */
export function ourBooks(opening: Book, trades: readonly DayExecution[], bySymbol: boolean): Books {
  return new Books(
    opening,
    trades.map((trade) => ({
      account: trade.account,
      security: bySymbol && trade.security === twoSpellings ? 'symbol:BRK.B' : cusipOf(trade.security),
      quantity: trade.side === 'buy' ? trade.quantity : -trade.quantity,
      cents: cashOf(trade, trade.charges),
      tradeDate: trade.tradeDate,
      settlementDate: trade.settlementDate,
    })),
    [],
  );
}

/** The clearing firm's books. `settlesOn` is its settlement date of a trade date, where it has a wrong idea of it. */
export function theirBooks(
  opening: Book,
  activity: readonly DatedActivity[],
  settlesOn: (tradeDate: string) => string,
): Books {
  const movements = activity.flatMap((one) => movementsOf(one, settlesOn));
  const renamings = activity.flatMap(({ date, activity: line }) =>
    line.record === 'rename' ? [{ from: cusipOf(line.security), to: `cusip:${line.cusip}`, date }] : [],
  );
  return new Books(opening, movements, renamings);
}

export function cusipOf({ id }: { readonly id: string }): string {
  return `cusip:${id}`;
}

function movementsOf(
  { date, activity }: DatedActivity,
  settlesOn: (tradeDate: string) => string,
): Movement[] {
  if (activity.record === 'rename') return [];
  if (activity.record === 'transfer' || activity.record === 'split') {
    const quantity = activity.record === 'split' ? activity.held : activity.quantity;
    const { account, security } = activity;
    const days = { tradeDate: date, settlementDate: date };
    return [{ account, security: cusipOf(security), quantity, cents: 0, ...days }];
  }
  return [bookedMovement(date, activity, settlesOn)];
}

/** What is rejected sits in the error account, without the customer's charges. */
function bookedMovement(
  date: string,
  activity: Extract<Activity, { record: 'trade' | 'cancel' | 'reject' }>,
  settlesOn: (tradeDate: string) => string,
): Movement {
  const { booking } = activity;
  const sign = (booking.side === 'buy' ? 1 : -1) * (activity.record === 'cancel' ? -1 : 1);
  const free = { commission: 0, secFee: 0, taf: 0 };
  const cents = cashOf(booking, activity.record === 'reject' ? free : booking.charges);
  return {
    account: activity.record === 'reject' ? activity.bookedAccount : booking.account,
    security: cusipOf(booking.security),
    quantity: sign * booking.quantity,
    cents: activity.record === 'cancel' ? -cents : cents,
    tradeDate: date,
    settlementDate: settlesOn(booking.tradeDate),
  };
}

function byName(left: Holding, right: Holding): number {
  const [one, other] = [`${left.account} ${left.security}`, `${right.account} ${right.security}`];
  return one < other ? -1 : one > other ? 1 : 0;
}
