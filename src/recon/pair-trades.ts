import { decimalText } from '../core/decimal.ts';
import type { Trade } from './terms.ts';

/** Two tellings of one trade, or one that the other side does not tell. */
export interface Pair {
  readonly ours?: Trade;
  readonly theirs?: Trade;
}

/**
 * Which of our trades is which of theirs: by reference and trade date, else by reference, else by account, security,
 * quantity, price and trade date, else (only for trades that name no reference) by the same without the account. Each
 * trade is in one pair: equal trades are paired one by one, and what is left over is left over. References that are
 * `spoken` for (rejected, taken back) are only paired by reference: a twin must not take the place of such a trade.
 */
export function pairTrades(
  ours: readonly Trade[],
  theirs: readonly Trade[],
  spoken: ReadonlySet<string> = new Set(),
): readonly Pair[] {
  const rest = { ours: inOrder(ours), theirs: inOrder(theirs) };
  const pairs: Pair[] = [];
  const dated = (trade: Trade, names: readonly string[]): string[] =>
    names.map((name) => `${dateOf(trade)}|${name}`);
  const own = ({ references, replaces }: Trade): string[] => [
    ...references.slice(0, 1),
    ...(replaces === undefined ? [] : [replaces]),
  ];
  // A number that only one side gives can be anybody's on the other: there the deal must be alike too.
  const alike = (trade: Trade): string[] => trade.references.map((name) => `${trade.security}|${name}`);
  pairBy(rest, pairs, (trade) => dated(trade, own(trade)));
  pairBy(rest, pairs, (trade) => dated(trade, alike(trade)));
  pairBy(rest, pairs, alike);
  const free = (trade: Trade): boolean => !trade.references.some((name) => spoken.has(name));
  pairBy(rest, pairs, (trade) => (free(trade) ? [`${trade.account}|${deal(trade)}`] : []));
  pairBy(rest, pairs, (trade) => (trade.references.length === 0 ? [deal(trade)] : []), true);
  return [
    ...pairs,
    ...rest.ours.map((one) => ({ ours: one })),
    ...rest.theirs.map((one) => ({ theirs: one })),
  ];
}

interface Rest {
  ours: Trade[];
  theirs: Trade[];
}

/**
 * Takes the pairs that share a name out of the rest; the earlier name of both counts before a later one. With
 * `theirNamesOnly` the names of ours are the deal itself.
 */
function pairBy(
  rest: Rest,
  pairs: Pair[],
  namesOf: (trade: Trade) => readonly string[],
  theirNamesOnly = false,
): void {
  const waiting = new Waiting();
  for (const trade of rest.ours)
    for (const name of new Set(theirNamesOnly ? [deal(trade)] : namesOf(trade))) waiting.add(name, trade);
  const taken = new Set<Trade>();
  rest.theirs = rest.theirs.filter((theirs) => {
    const found = waiting.take(namesOf(theirs), theirs);
    if (found === undefined) return true;
    taken.add(found);
    pairs.push({ ours: found, theirs });
    return false;
  });
  rest.ours = rest.ours.filter((trade) => !taken.has(trade));
}

/** Trades of ours that wait for their counterpart, each under all of its names. */
class Waiting {
  readonly #queues = new Map<string, { readonly trades: Trade[]; next: number }>();
  readonly #taken = new Set<Trade>();

  add(name: string, trade: Trade): void {
    for (const key of keysOf(name, trade)) {
      const queue = this.#queues.get(key);
      if (queue === undefined) this.#queues.set(key, { trades: [trade], next: 0 });
      else queue.trades.push(trade);
    }
  }

  /** Among several under one name, the first of those that agree most: same deal and account, same deal, any. */
  take(names: readonly string[], theirs: Trade): Trade | undefined {
    for (const name of names) {
      for (const key of keysOf(name, theirs)) {
        const found = this.#first(key);
        if (found === undefined) continue;
        this.#taken.add(found);
        return found;
      }
    }
    return undefined;
  }

  /** What was taken under another name is passed over once and for all: equal trades may be many thousands. */
  #first(key: string): Trade | undefined {
    const queue = this.#queues.get(key);
    if (queue === undefined) return undefined;
    for (; queue.next < queue.trades.length; queue.next += 1) {
      const trade = queue.trades[queue.next];
      if (trade !== undefined && !this.#taken.has(trade)) return trade;
    }
    return undefined;
  }
}

function keysOf(name: string, trade: Trade): readonly string[] {
  const same = `${name}\n${deal(trade)}`;
  return [`${same}\n${trade.account}`, same, name];
}

/** A trade that was booked later counts under the day that it is booked for. */
function dateOf({ tradeDate, asOf }: Trade): string {
  return asOf?.slice(0, 10) ?? tradeDate;
}

function deal(trade: Trade): string {
  const { security, quantity, price } = trade;
  return [security, decimalText(quantity), decimalText(price), dateOf(trade)].join('|');
}

function inOrder(trades: readonly Trade[]): Trade[] {
  return [...trades].sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
}
