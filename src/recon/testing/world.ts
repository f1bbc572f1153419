import { type Decimal, multiplyDecimals, readDecimal } from '../../core/decimal.ts';
import { type Amounts, bases, cellKey, cellOf, sumOf, sumOfAll, zero } from '../amounts.ts';
import { effectOf, type Moving } from '../effect.ts';
import { namesOf } from '../names.ts';
import { renamed } from '../other-causes.ts';
import type { Day, Ended, Evidence, Posting, Rejection, Side, Trade } from '../terms.ts';

/** Two books of one business date, before they are compared: what stands on both sides, and what on one. */
export interface World {
  date: string;
  readonly opening: Amounts;
  readonly ours: BookSide;
  readonly theirs: BookSide & { readonly rejections: Rejection[] };
  readonly symbols: Map<string, string>;
  readonly prices: Map<string, Decimal>;
  readonly known: Set<string>;
  /** Our names that the clearer does not use, by their canonical name. */
  readonly ourNames: Map<string, string>;
  readonly changes: { former: string; next: string; effective: string; evidence: Evidence }[];
  /** What nobody says anything about, on their side. */
  extra: Amounts;
  activity: boolean;
}

export interface BookSide {
  trades: Trade[];
  ended: Trade[];
  postings: Posting[];
}

export const businessDate = '2026-11-11';
export const cutAt = Date.parse('2026-11-11T23:00:00Z') * 1000;

export function decimal(text: string | number): Decimal {
  const read = readDecimal(String(text));
  return read.ok ? read.value : zero;
}

export function evidence(side: Side, what: string): Evidence {
  return { side, offset: offsetOf(`${side}${what}`), what, source: `${side}/file:${what}` };
}

function offsetOf(text: string): number {
  return [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 1_000_003, 7);
}

export interface TradeGiven {
  readonly reference: string;
  readonly account: string;
  readonly security: string;
  readonly quantity: number;
  /** In hundredths. */
  readonly price: number;
  readonly fee?: number;
  readonly tradeDate?: string;
  readonly settlementDate?: string;
  readonly at?: number;
}

export function trade(side: Side, given: TradeGiven): Trade {
  const { reference, account, security, tradeDate = '2026-11-10', settlementDate = '2026-11-12' } = given;
  const quantity = decimal(given.quantity);
  const price: Decimal = { units: BigInt(given.price), scale: 2 };
  const charges = new Map([
    ['commission', decimal(1)],
    ...(given.fee === undefined ? [] : ([['taf', { units: BigInt(given.fee), scale: 2 }]] as const)),
  ]);
  return {
    id: `${side}-${reference}`,
    key: `trade|${reference}`,
    evidence: evidence(side, reference),
    at: given.at ?? cutAt - 10_000_000_000,
    references: side === 'ours' ? [reference] : [reference, `T-${reference}`],
    account,
    security,
    quantity,
    price,
    cash: cashOf(quantity, price, charges),
    currency: 'USD',
    charges,
    saysMoney: true,
    tradeDate,
    settlementDate,
  };
}

/** Principal and charges, by the books of both sides. */
export function cashOf(quantity: Decimal, price: Decimal, charges: ReadonlyMap<string, Decimal>): Decimal {
  const gross = multiplyDecimals(quantity, price);
  const total = [...charges.values()].reduce(
    (sum, one) => sum + one.units * 10n ** BigInt(4 - one.scale),
    0n,
  );
  return { units: -gross.units * 10n ** BigInt(4 - gross.scale) - total, scale: 4 };
}

export function taken(one: Trade, because: Ended['because'], at: number): Trade {
  return { ...one, ended: { because, at, evidence: evidence('ours', `bust ${one.id}`) } };
}

/** The day as the pure core reads it. */
export function dayOf(world: World): Day {
  const { date, symbols } = world;
  const theirNames = [...symbols]
    .filter(([name]) => !world.ourNames.has(name))
    .map(([name, symbol]) => ({ name, symbol, current: true }));
  const ourNames = [...world.ourNames.keys()].map((name) => ({ name }));
  const names = namesOf(ourNames, theirNames, world.changes, date);
  const theirs = sumOf(world.opening, amountsOf(world.theirs, date), world.extra, rejectedOf(world));
  const plain = sumOf(world.opening, amountsOf(world.ours, date));
  const ours = [...world.ourNames].reduce(
    (book, [name, canonical]) => sumOf(book, renamed(book, { name: canonical, canonical: name })),
    plain,
  );
  const rows = new Map([...theirs.keys()].map((key) => [key, evidence('theirs', `row ${key}`)]));
  const snapshot = { channel: 'clr', closedAt: 1, cutAt, complete: true, bases };
  return {
    date,
    snapshots: {
      positions: { ...snapshot, key: `positions/${date}` },
      cash: { ...snapshot, key: `cash/${date}` },
      ...(world.activity && { activity: { ...snapshot, key: `activity/${date}` } }),
    },
    ours: { ...world.ours, amounts: ours },
    theirs: { ...world.theirs, amounts: theirs, rows, prices: world.prices },
    otherNames: names.others,
    listed: new Set(world.activity ? ['2026-11-10', date] : []),
    symbols,
    known: world.known,
  };
}

function amountsOf({ trades, postings }: BookSide, date: string): Amounts {
  return sumOfAll([...trades, ...postings].map((one: Moving) => effectOf(one, date)));
}

/** A rejected fill sits in the error account, with its principal. */
function rejectedOf(world: World): Amounts {
  return sumOf(
    ...world.theirs.rejections.map((one) => {
      const { bookedAccount: account, tradeDate, settlementDate } = one;
      if (account === undefined || tradeDate === undefined || settlementDate === undefined) return new Map();
      const cash = cashOf(one.quantity, one.price, new Map());
      return effectOf({ ...one, account, cash, tradeDate, settlementDate }, world.date);
    }),
  );
}

export function holding(account: string, unit: string, amount: Decimal): Amounts {
  const kind = unit.includes(':') ? 'position' : 'cash';
  return sumOf(
    new Map([[cellKey({ kind, basis: 'trade-date', account, unit }), amount]]),
    new Map([[cellKey({ kind, basis: 'settlement-date', account, unit }), amount]]),
  );
}

export function accountsIn(amounts: Amounts): readonly string[] {
  return [...new Set([...amounts.keys()].map((key) => cellOf(key).account))];
}
