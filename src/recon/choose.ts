import { type Decimal, negateDecimal } from '../core/decimal.ts';
import { type Amounts, addTo } from './amounts.ts';
import type { Explanation } from './terms.ts';

/** An explanation that is believed, and which of its variants. */
export interface Chosen {
  readonly explanation: Explanation;
  readonly predicted: Amounts;
}

export interface Choice {
  readonly chosen: readonly Chosen[];
  /** What no explanation that is believed predicts: observed less predicted. */
  readonly residual: Amounts;
}

/** Combinations that are all tried; beyond, they are improved one by one. Reason: some milliseconds an account. */
const combinationsMax = 4_096;

/**
 * Which explanations to believe: those that together leave the fewest cells unexplained, and of those the most that
 * evidence speaks for. Cells that no snapshot looks at (`looked` says no) prove and disprove nothing: there an
 * explanation is believed where its evidence stands alone.
 */
export function choose(
  observed: Amounts,
  explanations: readonly Explanation[],
  looked: (key: string) => boolean,
): Choice {
  const cases = explanations.map((explanation) => caseOf(explanation, looked));
  const chosen: Chosen[] = [];
  const residual = new Map(observed);
  for (const group of connected(cases)) {
    const options = settle(group, observed);
    for (const [index, one] of group.entries()) {
      const predicted = one.options[options[index] ?? -1];
      if (predicted === undefined) continue;
      chosen.push({ explanation: one.explanation, predicted });
      for (const [key, amount] of predicted) addTo(residual, key, negateDecimal(amount));
    }
  }
  return { chosen: chosen.filter(({ explanation, predicted }) => says(explanation, predicted)), residual };
}

/** What predicts nothing is timing, and no break; unless what it is about differs in itself. */
function says({ standsAlone, fields }: Explanation, predicted: Amounts): boolean {
  return predicted.size > 0 || (standsAlone && fields.length > 0);
}

interface Case {
  readonly explanation: Explanation;
  /** Predictions where a snapshot looks, without repeats. */
  readonly options: readonly Amounts[];
  /** It is not believed unless it explains something that is seen. */
  readonly needsProof: boolean;
}

function caseOf(explanation: Explanation, looked: (key: string) => boolean): Case {
  const seen = new Set<string>();
  const options = explanation.variants
    .map((variant) => new Map([...variant].filter(([key]) => looked(key))))
    .filter((variant) => {
      const text = [...variant].map(([key, { units, scale }]) => `${key}=${units}/${scale}`).join('\n');
      return !seen.has(text) && seen.add(text);
    });
  return { explanation, options, needsProof: !explanation.standsAlone };
}

/** Explanations that share a cell are settled together. */
function connected(cases: readonly Case[]): readonly (readonly Case[])[] {
  const parent = cases.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at && parent[at] !== undefined) at = parent[at] ?? at;
    return at;
  };
  const first = new Map<string, number>();
  for (const [index, one] of cases.entries()) {
    for (const option of one.options) {
      for (const key of option.keys()) {
        const other = first.get(key);
        if (other === undefined) first.set(key, index);
        else parent[root(index)] = root(other);
      }
    }
  }
  const groups = Map.groupBy(cases.keys(), root);
  return [...groups.values()].map((indices) => indices.flatMap((index) => cases[index] ?? []));
}

/** The option of each case, -1 for not believed. */
function settle(group: readonly Case[], observed: Amounts): readonly number[] {
  const all = group.map((one) => (one.options.length === 0 ? -1 : 0));
  const none = group.map(() => -1);
  if (costOf(group, all, observed).cells === 0 && proven(group, all)) return all;
  const size = group.reduce((product, one) => product * (one.options.length + 1), 1);
  if (size <= combinationsMax) return best(combinations(group), group, observed);
  return best([improved(all, group, observed), improved(none, group, observed)], group, observed);
}

function proven(group: readonly Case[], options: readonly number[]): boolean {
  return group.every((one, index) => !one.needsProof || (one.options[options[index] ?? -1]?.size ?? 1) > 0);
}

interface Cost {
  readonly cells: number;
  readonly doubts: number;
}

/** Cells left over; then evidence that is not believed, belief that nothing proves, and variants that are less likely. */
function costOf(group: readonly Case[], options: readonly number[], observed: Amounts): Cost {
  const left = leftOver(group, options, observed);
  const doubts = group.reduce((sum, one, index) => sum + doubtOf(one, options[index] ?? -1), 0);
  return { cells: left.size, doubts };
}

/** What the options leave of the cells that the group speaks of. */
function leftOver(
  group: readonly Case[],
  options: readonly number[],
  observed: Amounts,
): Map<string, Decimal> {
  const left = new Map<string, Decimal>();
  for (const one of group)
    for (const option of one.options)
      for (const key of option.keys()) {
        const amount = observed.get(key);
        if (amount !== undefined) left.set(key, amount);
      }
  for (const [index, one] of group.entries())
    for (const [key, amount] of one.options[options[index] ?? -1] ?? [])
      addTo(left, key, negateDecimal(amount));
  return left;
}

function doubtOf({ explanation, options, needsProof }: Case, option: number): number {
  const predicted = options[option];
  if (explanation.guess === true) return predicted === undefined ? 0 : 1 + option;
  if (predicted === undefined) return needsProof && options.every(({ size }) => size === 0) ? 0 : 100;
  return needsProof && predicted.size === 0 ? 1_000 : option;
}

function better(left: Cost, right: Cost): boolean {
  return left.cells === right.cells ? left.doubts < right.doubts : left.cells < right.cells;
}

function best(
  candidates: Iterable<readonly number[]>,
  group: readonly Case[],
  observed: Amounts,
): readonly number[] {
  let found: readonly number[] = [];
  let cost: Cost | undefined;
  for (const candidate of candidates) {
    const next = costOf(group, candidate, observed);
    if (cost !== undefined && !better(next, cost)) continue;
    found = candidate;
    cost = next;
  }
  return found;
}

function* combinations(group: readonly Case[], from = 0): Iterable<readonly number[]> {
  const one = group[from];
  if (one === undefined) {
    yield [];
    return;
  }
  for (const rest of combinations(group, from + 1)) {
    for (let option = -1; option < one.options.length; option += 1) yield [option, ...rest];
  }
}

/** Changes one at a time for the better until nothing gets better. */
function improved(start: readonly number[], group: readonly Case[], observed: Amounts): readonly number[] {
  const found = [...start];
  const left = leftOver(group, found, observed);
  for (let again = true; again; ) {
    again = false;
    for (const [index, one] of group.entries()) {
      const before = found[index] ?? -1;
      const next = bestOption(one, before, left);
      if (next === before) continue;
      change(left, one, before, next);
      found[index] = next;
      again = true;
    }
  }
  return found;
}

/** The option of one case that is best while all others stay as they are. */
function bestOption(one: Case, before: number, left: Map<string, Decimal>): number {
  let found = before;
  let cost: Cost = { cells: 0, doubts: doubtOf(one, before) };
  for (let option = -1; option < one.options.length; option += 1) {
    if (option === before) continue;
    const cells = change(left, one, before, option);
    change(left, one, option, before);
    const next = { cells, doubts: doubtOf(one, option) };
    if (!better(next, cost)) continue;
    found = option;
    cost = next;
  }
  return found;
}

/** Puts another option in the place of one. Gives how many more cells are left over by it. */
function change(left: Map<string, Decimal>, one: Case, before: number, next: number): number {
  const size = left.size;
  for (const [key, amount] of one.options[before] ?? []) addTo(left, key, amount);
  for (const [key, amount] of one.options[next] ?? []) addTo(left, key, negateDecimal(amount));
  return left.size - size;
}
