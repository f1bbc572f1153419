import { createHash } from 'node:crypto';
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  decimalText,
  multiplyDecimals,
  negateDecimal,
} from '../core/decimal.ts';
import {
  type Amounts,
  absolute,
  type Basis,
  bases,
  type Cell,
  cellOf,
  sameAmount,
  sumOfAll,
  zero,
} from './amounts.ts';
import type { Chosen } from './choose.ts';
import { messageOf } from './message.ts';
import type { Day, Evidence, Explanation, Finding, Member, Trade } from './terms.ts';
import { nextStepsOf, sentenceOf } from './wording.ts';

/** The breaks of explanations that are believed: those of one subject are one break. */
export function findingsOf(chosen: readonly Chosen[], day: Day): readonly Finding[] {
  const groups = Map.groupBy(chosen, ({ explanation }) => explanation.subject);
  return [...groups.values()].map((group) => findingOf(group, day)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** `BRK-3f9a2c1e07`: the same subject has the same name on every machine and on every day. */
export function breakId(subject: string): string {
  return `BRK-${createHash('sha256').update(subject).digest('hex').slice(0, 10)}`;
}

/** What an explanation of a subject says, all of it together. */
export interface Told {
  readonly id: string;
  readonly explanations: readonly [Explanation, ...Explanation[]];
  readonly predicted: Amounts;
  readonly members: readonly Member[];
  readonly evidence: readonly Evidence[];
}

function findingOf(group: readonly Chosen[], day: Day): Finding {
  const [first, ...rest] = group.map(({ explanation }) => explanation);
  if (first === undefined) throw new Error('a subject has an explanation');
  const predicted = sumOfAll(group.map((one) => one.predicted));
  const explanations: Told['explanations'] = [first, ...rest];
  const members = membersOf(explanations, predicted, day);
  const evidence = evidenceOf(explanations, predicted, day);
  const told: Told = { id: breakId(first.subject), explanations, predicted, members, evidence };
  const kinds = new Set(members.map(({ kind }) => kind));
  return {
    id: told.id,
    subject: first.subject,
    cause: first.cause,
    kind: kinds.has('position') ? 'position' : kinds.has('cash') ? 'cash' : 'trade',
    owner: first.owner,
    sentence: sentenceOf(told, day),
    atRisk: decimalText(atRiskOf(told, day)),
    accounts: [
      ...new Set([...members.map(({ account }) => account), ...explanations.flatMap(accountsOf)]),
    ].sort(),
    securities: [...new Set(members.filter(({ kind }) => kind !== 'cash').map(({ unit }) => unit))].sort(),
    members,
    evidence,
    message: messageOf(told, day),
    nextSteps: nextStepsOf(told),
  };
}

/** Accounts that the words of an explanation name, whether or not a difference is seen in them. */
function accountsOf({ detail }: Explanation): readonly string[] {
  if (detail.about === 'posting') return [detail.ours, detail.theirs].flatMap((one) => one?.account ?? []);
  if (detail.about !== 'trade') return [];
  const { ours, theirs, rejection } = detail;
  const named = [ours?.account, theirs?.account, rejection?.account, rejection?.bookedAccount];
  return named.filter((one) => one !== undefined).filter((one) => one !== '');
}

function membersOf(explanations: readonly Explanation[], predicted: Amounts, day: Day): readonly Member[] {
  const cells = [...predicted].sort(([left], [right]) => (inOrder(left) < inOrder(right) ? -1 : 1));
  const fields = explanations.flatMap((one) => one.fields);
  return [
    ...cells.map(([key, difference]): Member => {
      const { kind, basis, account, unit } = cellOf(key);
      const ours = decimalText(day.ours.amounts.get(key) ?? zero);
      const theirs = decimalText(day.theirs.amounts.get(key) ?? zero);
      return { kind, basis, account, unit, ours, theirs, difference: decimalText(difference) };
    }),
    ...fields.map(({ account, security, field, ours, theirs }): Member => {
      return { kind: 'trade', account, unit: security, field, ours, theirs, difference: '' };
    }),
  ];
}

/** Securities before cash, by trade date before by settlement date. */
function inOrder(key: string): string {
  const { kind, basis } = cellOf(key);
  return `${kind === 'position' ? 0 : 1} ${basis === 'trade-date' ? 0 : 1} ${key}`;
}

/** Rows of their snapshots that a break is seen in, at most. Reason: a split is seen in every account that holds it. */
const rowsMax = 20;

/** What the explanations go by, and the rows of their snapshots that differ. */
function evidenceOf(explanations: readonly Explanation[], predicted: Amounts, day: Day): readonly Evidence[] {
  const cells = [...predicted.keys()].sort((left, right) => (inOrder(left) < inOrder(right) ? -1 : 1));
  const rows = cells.flatMap((key) => day.theirs.rows.get(key) ?? []);
  const found = new Map<string, Evidence>();
  for (const one of [...explanations.flatMap(({ evidence }) => evidence), ...rows.slice(0, rowsMax)])
    if (!found.has(`${one.side}|${one.offset}|${one.what}`))
      found.set(`${one.side}|${one.offset}|${one.what}`, one);
  return [...found.values()];
}

/**
 * What it is worth: the securities that are too many or too few at the clearer's prices, whichever is more, so that a
 * trade in the wrong account counts once and not twice; where no securities differ, the cash. By trade date where that
 * differs. A trade that no snapshot shows yet counts with its own price.
 */
function atRiskOf({ explanations, predicted }: Told, day: Day): Decimal {
  const value = (kind: Cell['kind'], basis: Basis): Decimal => {
    const sums = { more: zero, less: zero };
    for (const [key, difference] of predicted) {
      const cell = cellOf(key);
      if (cell.kind !== kind || cell.basis !== basis) continue;
      const price = kind === 'cash' ? one : priceOf(cell.unit, explanations, day);
      const way = difference.units < 0n ? 'less' : 'more';
      sums[way] = addDecimals(sums[way], multiplyDecimals(absolute(difference), price));
    }
    return larger(sums.more, sums.less);
  };
  for (const kind of ['position', 'cash'] as const) {
    for (const basis of bases) {
      const found = value(kind, basis);
      if (found.units !== 0n) return found;
    }
  }
  const [{ cause }] = explanations;
  return explanations.map(tradeValueOf).reduce(cause === 'fee' ? addDecimals : larger, zero);
}

const one: Decimal = { units: 1n, scale: 0 };

function larger(left: Decimal, right: Decimal): Decimal {
  return compareDecimals(left, right) < 0 ? right : left;
}

function priceOf(security: string, explanations: readonly Explanation[], day: Day): Decimal {
  const said = day.theirs.prices.get(security);
  if (said !== undefined) return said;
  for (const { detail } of explanations) {
    if (detail.about === 'name') return day.theirs.prices.get(detail.other.canonical) ?? zero;
    if (detail.about === 'trade') return (detail.ours ?? detail.theirs ?? detail.rejection)?.price ?? zero;
  }
  return zero;
}

/** What a trade is worth of which no balance shows a difference: where only its money differs, that difference. */
function tradeValueOf({ detail }: Explanation): Decimal {
  if (detail.about !== 'trade') return zero;
  const { ours, theirs, rejection } = detail;
  const trade = ours ?? theirs ?? rejection;
  if (trade === undefined) return zero;
  if (ours !== undefined && theirs !== undefined && isSameDeal(ours, theirs))
    return absolute(addDecimals(theirs.cash, negateDecimal(ours.cash)));
  return absolute(multiplyDecimals(trade.quantity, trade.price));
}

/** True for two tellings that bring the same securities to the same account on the same days. */
function isSameDeal(ours: Trade, theirs: Trade): boolean {
  const standing = ours.ended === undefined && theirs.ended === undefined && theirs.saysMoney;
  const days = ours.settlementDate === theirs.settlementDate;
  const place = ours.account === theirs.account && ours.security === theirs.security;
  return standing && days && place && sameAmount(ours.quantity, theirs.quantity);
}
