import type { Decimal } from '../core/decimal.ts';
import { type Amounts, cellOf, minus, only, sumOf, sumOfAll, zero } from './amounts.ts';
import { type Chosen, choose } from './choose.ts';
import { findingsOf } from './findings.ts';
import { looksLike } from './looks-like.ts';
import { nameCauses, postingCauses } from './other-causes.ts';
import type { Pair } from './pair-trades.ts';
import type { Day, Explanation, Finding } from './terms.ts';
import { tradeCauses } from './trade-causes.ts';

/** What one comparison found. */
export interface Comparison {
  readonly findings: readonly Finding[];
  /** Theirs less ours, where a snapshot looks. Predictions and residual add up to it, cell by cell. */
  readonly observed: Amounts;
  readonly predicted: Amounts;
  readonly residual: Amounts;
  readonly counts: ComparisonCounts;
  /** Trades that both sides tell alike. */
  readonly agreed: readonly Pair[];
}

export interface ComparisonCounts {
  readonly accounts: number;
  readonly positions: number;
  readonly balances: number;
  readonly trades: number;
  readonly positionsAgreed: number;
  readonly balancesAgreed: number;
  readonly tradesAgreed: number;
  /** Positions that are another number by trade date than by settlement date, and agree by both: no breaks. */
  readonly timing: number;
}

/**
 * Our book against the clearer's for one business date. Differences are observed first; then everything that evidence
 * says is taken as an explanation with what it predicts; what several explanations predict for one balance is told
 * apart by subtracting; what is left over stays unexplained, with its amount.
 */
export function explain(day: Day): Comparison {
  const looked = lookedAt(day);
  const observed = only(minus(day.theirs.amounts, day.ours.amounts), looked);
  const names =
    day.snapshots.positions === undefined ? [] : nameCauses(day).map((one) => believed(one, looked));
  const named = predictedBy(names);
  const trades = tradeCauses(day);
  const choice = choose(minus(observed, named), [...trades.explanations, ...postingCauses(day)], looked);
  const ours = sumOf(day.ours.amounts, named);
  const weak = looksLike(choice.residual, ours, day);
  const residual = minus(choice.residual, predictedBy(weak));
  const chosen = [...names, ...choice.chosen, ...weak, ...leftOver(residual, day)];
  const findings = findingsOf(chosen, day);
  return {
    findings,
    observed,
    predicted: minus(observed, residual),
    residual,
    counts: countsOf(day, ours, looked, trades.compared, trades.agreed.length),
    agreed: trades.agreed,
  };
}

/** Whether a snapshot of the day looks at a cell: a complete one looks at all, another at what stands in it. */
function lookedAt({ snapshots, theirs }: Day): (key: string) => boolean {
  return (key) => {
    const { kind, basis } = cellOf(key);
    const snapshot = kind === 'position' ? snapshots.positions : snapshots.cash;
    if (snapshot === undefined || !snapshot.bases.includes(basis)) return false;
    return snapshot.complete || theirs.rows.has(key);
  };
}

function believed(explanation: Explanation, looked: (key: string) => boolean): Chosen {
  return { explanation, predicted: only(explanation.variants[0] ?? new Map(), looked) };
}

function predictedBy(chosen: readonly Chosen[]): Amounts {
  return sumOfAll(chosen.map(({ predicted }) => predicted));
}

/** One explanation that explains nothing for each account and unit; of a security nobody knows, one for all accounts. */
function leftOver(residual: Amounts, day: Day): readonly Chosen[] {
  const groups = Map.groupBy([...residual.keys()].sort(), (key) => {
    const { kind, account, unit } = cellOf(key);
    const unknown = kind === 'position' && !day.known.has(unit);
    return unknown ? `unknown-security|${unit}` : `${kind}|${account}|${unit}`;
  });
  return [...groups].map(([subject, keys]) => {
    const cell = cellOf(keys[0] ?? '');
    const predicted = new Map(keys.map((key) => [key, residual.get(key) ?? zero]));
    const unknown = subject.startsWith('unknown-security|');
    const explanation: Explanation = {
      cause: unknown ? 'unknown-security' : 'unexplained',
      subject,
      owner: unknown ? 'us' : 'clearer',
      variants: [predicted],
      standsAlone: true,
      evidence: [],
      fields: [],
      detail: { about: 'cell', account: cell.account, unit: cell.unit },
    };
    return { explanation, predicted };
  });
}

function countsOf(
  day: Day,
  ours: Amounts,
  looked: (key: string) => boolean,
  trades: number,
  tradesAgreed: number,
): ComparisonCounts {
  const differ = minus(day.theirs.amounts, ours);
  const accounts = new Set<string>();
  const places = { position: new Map<string, boolean>(), cash: new Map<string, boolean>() };
  for (const key of new Set([...day.theirs.amounts.keys(), ...ours.keys()])) {
    if (!looked(key)) continue;
    const { kind, account, unit } = cellOf(key);
    const place = `${account}|${unit}`;
    accounts.add(account);
    places[kind].set(place, (places[kind].get(place) ?? true) && !differ.has(key));
  }
  const agreed = (found: ReadonlyMap<string, boolean>): number => [...found.values()].filter(Boolean).length;
  return {
    accounts: accounts.size,
    positions: places.position.size,
    balances: places.cash.size,
    trades,
    positionsAgreed: agreed(places.position),
    balancesAgreed: agreed(places.cash),
    tradesAgreed,
    timing: timingOf(ours, places.position),
  };
}

function timingOf(ours: Amounts, agreed: ReadonlyMap<string, boolean>): number {
  const signed = [...ours].filter(([key]) => cellOf(key).kind === 'position');
  const byTrade = new Map(signed.filter(([key]) => cellOf(key).basis === 'trade-date').map(placed));
  const bySettlement = new Map(signed.filter(([key]) => cellOf(key).basis === 'settlement-date').map(placed));
  const open = new Set([...minus(byTrade, bySettlement).keys()]);
  return [...open].filter((place) => agreed.get(place) === true).length;
}

function placed([key, amount]: readonly [string, Decimal]): readonly [string, Decimal] {
  const { account, unit } = cellOf(key);
  return [`${account}|${unit}`, amount];
}
