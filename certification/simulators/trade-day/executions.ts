import assert from 'node:assert/strict';
import { type Execution, type FixBody, reportOf } from '../clearing-firm/executions.ts';
import { priceNear, type SimulatedSecurity, wirePrice } from '../clearing-firm/market.ts';
import { type Seeded, seeded } from '../clearing-firm/seeded.ts';
import { type BreakCase, caseAccounts } from './cases.ts';
import { type Charges, chargesOf, netCents } from './charges.ts';
import {
  accounts,
  dates,
  ordinary,
  renamedSecurity,
  securityAt,
  type TradeDate,
  twoSpellings,
} from './world.ts';

/** One execution with its money, and the case that it was made for. */
export interface DayExecution extends Execution {
  readonly tradeDate: TradeDate;
  readonly charges: Charges;
  readonly made: BreakCase | undefined;
}

/** A fill that stands at its place in the day because a case needs it. */
interface Made {
  readonly made: BreakCase;
  readonly place: number;
  readonly security: SimulatedSecurity;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
}

const madeFills: Readonly<Record<TradeDate, readonly Made[]>> = {
  [dates.first]: [
    { made: 'rejected', place: 0.11, security: securityAt(3), side: 'buy', quantity: 700 },
    { made: 'wrong-account', place: 0.17, security: securityAt(5), side: 'buy', quantity: 500 },
    { made: 'fee', place: 0.23, security: securityAt(7), side: 'sell', quantity: 1_000 },
    { made: 'cancel-rebill', place: 0.26, security: securityAt(9), side: 'buy', quantity: 400 },
    { made: 'two-spellings', place: 0.33, security: twoSpellings, side: 'buy', quantity: 120 },
    { made: 'two-spellings', place: 0.53, security: twoSpellings, side: 'buy', quantity: 80 },
    { made: 'cusip-change', place: 0.56, security: renamedSecurity, side: 'buy', quantity: 200 },
    { made: 'two-spellings', place: 0.63, security: twoSpellings, side: 'sell', quantity: 50 },
  ],
  [dates.second]: [
    { made: 'two-spellings', place: 0.13, security: twoSpellings, side: 'buy', quantity: 60 },
    { made: 'after-cut', place: 0.23, security: securityAt(11), side: 'sell', quantity: 600 },
    { made: 'healed-short', place: 0.33, security: securityAt(13), side: 'buy', quantity: 300 },
    { made: 'cusip-change', place: 0.63, security: renamedSecurity, side: 'sell', quantity: 100 },
  ],
};

/** 14:30 UTC to 21:00 UTC: the trading day, in milliseconds. */
const opensMs = 14.5 * 3_600_000;
const lastsMs = 6.5 * 3_600_000;

interface Order {
  readonly id: string;
  readonly clientOrder: string;
  readonly account: string;
  readonly security: SimulatedSecurity;
  readonly side: Execution['side'];
  readonly ordered: number;
  filled: number;
  turnover: number;
}

/** The fills of one day in the order of their time. On the first day there is a pair of twins among them. */
export function dayFills(seed: number, date: TradeDate, count: number): DayExecution[] {
  const random = seeded(seed * 100 + Number(date.slice(-2)));
  const made = new Map(madeFills[date].map((one) => [Math.floor(count * one.place), one]));
  assert(made.size === madeFills[date].length, 'every made fill has a place of its own');
  const twinAt = date === dates.first ? Math.floor(count * 0.05) : -1;
  const orders = new Orders(seed, date, random);
  const all: DayExecution[] = [];
  for (let index = 0; index < count; index += 1) {
    const before = all[index - 1];
    if (index === twinAt + 1 && before?.twin === true) {
      all.push({ ...before, id: execId(seed, date, index) });
      continue;
    }
    const wanted = made.get(index);
    const order = wanted === undefined ? orders.next() : orders.made(wanted);
    const fill = fillOf(order, index, { seed, date, count, random }, wanted);
    all.push({ ...fill, twin: index === twinAt });
  }
  return all;
}

/** `20X1100042`: seed, day and number. */
export function execId(seed: number, date: TradeDate, index: number): string {
  return `${seed}X${date.slice(-2)}${String(index + 1).padStart(5, '0')}`;
}

/** ExecutionReport(8) with its charges and net amount, as both drop copies of the trade days tell it. */
export function moneyReportOf(execution: DayExecution, bySymbol: boolean): FixBody {
  const { charges } = execution;
  const body = reportOf(execution).filter(([tag]) => !bySymbol || (tag !== 48 && tag !== 22));
  const at = body.findIndex(([tag]) => tag === 453);
  const money: FixBody = [
    [381, wirePrice(execution.quantity * execution.cents)],
    [118, wirePrice(netCents(execution, charges))],
    ...(execution.side === 'buy' ? [] : feesOf(charges)),
  ];
  const priced = body.map(
    ([tag, value]) => [tag, tag === 12 ? wirePrice(charges.commission) : value] as const,
  );
  return [...priced.slice(0, at), ...money, ...priced.slice(at)];
}

/** NoMiscFees(136): the fee of Section 31 as Regulatory, the trading activity fee as Levy. Both words are FIX 4.4's. */
function feesOf({ secFee, taf }: Charges): FixBody {
  return [
    [136, '2'],
    [137, wirePrice(secFee)],
    [138, 'USD'],
    [139, '1'],
    [137, wirePrice(taf)],
    [138, 'USD'],
    [139, '6'],
  ];
}

class Orders {
  readonly #prefix: string;
  readonly #random: Seeded;
  #open: Order | undefined;
  #count = 0;

  constructor(seed: number, date: TradeDate, random: Seeded) {
    this.#prefix = `${seed}D${date.slice(-2)}`;
    this.#random = random;
  }

  /** An order with room left, or a new one: about two fills an order. */
  next(): Order {
    const random = this.#random;
    const last = this.#open;
    if (last !== undefined && last.filled < last.ordered && random.below(100) < 60) return last;
    this.#open = this.#new({
      account: pick(random, accounts),
      security: pick(random, ordinary),
      side: random.pick(['buy', 'buy', 'buy', 'sell', 'sell', 'sell-short']),
      ordered: random.between(1, 40) * 100,
    });
    return this.#open;
  }

  made({ made, security, side, quantity }: Made): Order {
    return this.#new({ account: caseAccounts[made][0], security, side, ordered: quantity });
  }

  #new(terms: Pick<Order, 'account' | 'security' | 'side' | 'ordered'>): Order {
    this.#count += 1;
    const number = String(this.#count).padStart(5, '0');
    const id = `${this.#prefix}O${number}`;
    return { ...terms, id, clientOrder: `${this.#prefix}K${number}`, filled: 0, turnover: 0 };
  }
}

interface Day {
  readonly seed: number;
  readonly date: TradeDate;
  readonly count: number;
  readonly random: Seeded;
}

function fillOf(order: Order, index: number, day: Day, wanted: Made | undefined): DayExecution {
  const { random } = day;
  const left = order.ordered - order.filled;
  const whole = wanted !== undefined || left <= 100 || random.below(3) === 0;
  const quantity = whole ? left : random.between(1, left / 100 - 1) * 100;
  const cents = priceNear(order.security, random);
  order.filled += quantity;
  order.turnover += quantity * cents;
  return {
    kind: 'fill',
    id: execId(day.seed, day.date, index),
    reference: undefined,
    order: order.id,
    clientOrder: order.clientOrder,
    account: order.account,
    security: order.security,
    side: order.side,
    ordered: order.ordered,
    quantity,
    cents,
    cumulative: order.filled,
    turnover: order.turnover,
    tradeDate: day.date,
    settlementDate: dates.settlement,
    atMs: opensMs + Math.floor((lastsMs * index) / day.count),
    twin: false,
    charges: chargesOf({ side: order.side, quantity, cents }),
    made: wanted?.made,
  };
}

function pick<T>(random: Seeded, from: readonly T[]): T {
  const found = from[random.below(from.length)];
  assert(found !== undefined);
  return found;
}
