import assert from 'node:assert/strict';
import {
  type Basis,
  type Book,
  type BreakCase,
  dates,
  type ExpectedBreak,
  type TradeDayTruth,
  utcOf,
} from '../../../certification/simulators/trade-day/index.ts';
import { microsOfIso } from '../../core/clock.ts';
import { decimalText } from '../../core/decimal.ts';
import type { AgedBreak, HistoryRow } from '../../recon/index.ts';
import type { Evidence } from './evidence.ts';
import type { Verdict } from './verdict.ts';

const bases: readonly Basis[] = ['trade-date', 'settlement-date'];
const days = [dates.first, dates.second, dates.settlement] as const;

/** Our book and the breaks, judged by the generator's own books. */
export function breakVerdicts(truth: TradeDayTruth, evidence: Evidence): readonly Verdict[] {
  return [
    book(truth, evidence),
    timing(truth, evidence),
    ...truth.breaks.map((expected) => oneBreak(truth, expected, evidence)),
  ];
}

/**
 * The break that a case must make: its cause, its accounts, every number, what is at risk, since when, and where it is
 * gone, that the corrected file healed it.
 */
function breakOf(truth: TradeDayTruth, expected: ExpectedBreak, evidence: Evidence): AgedBreak | undefined {
  const wanted = expectedText(expected);
  return evidence.breaks.find(
    (found) =>
      breakText(found) === wanted &&
      found.openedOn === expected.since &&
      (!expected.healed || healedByCorrection(truth, evidence.histories.get(found.id) ?? [])),
  );
}

/** Opened before the corrected file came, and healed by nothing before it. */
function healedByCorrection({ files }: TradeDayTruth, history: readonly HistoryRow[]): boolean {
  const arrives = files.find(({ id }) => id === 'positions-corrected')?.arrives;
  assert(arrives !== undefined);
  const corrected = microsOfIso(utcOf(arrives.date, arrives.time)) ?? 0;
  const [first, last] = [history[0], history.at(-1)];
  return first?.what === 'opened' && first.at < corrected && last?.what === 'healed' && last.at >= corrected;
}

/** All that a break says of its differences, in one line: the same line for the break that was meant and the one found. */
export function expectedText({ cause, healed, cents, differences }: ExpectedBreak): string {
  const parts = differences.map(differenceText).toSorted();
  return [cause, healed ? 'closed' : 'open', centsText(cents), ...parts].join(', ');
}

export function breakText({ cause, status, atRisk, members }: AgedBreak): string {
  const parts = members.filter(({ kind }) => kind !== 'trade').map(memberText);
  return [cause, status, atRisk, ...parts.toSorted()].join(', ');
}

/** Breaks that nobody planted. */
export function strangeBreaks(truth: TradeDayTruth, evidence: Evidence): readonly AgedBreak[] {
  const known = new Set(truth.breaks.map((expected) => breakOf(truth, expected, evidence)));
  return evidence.breaks.filter((one) => !known.has(one));
}

const plantedWords: Readonly<Record<BreakCase, string>> = {
  rejected: 'a fill in their error account',
  'wrong-account': 'a fill in a wrong account',
  'corporate-action': 'a 2:1 split on one side only',
  'cancel-rebill': 'a cancel and rebill: cash differs',
  'after-cut': 'our bust after their cut',
  'two-spellings': 'BRK.B here, BRK B there',
  'cusip-change': 'a CUSIP that changed on one side',
  transfer: 'a transfer without a trade',
  fee: 'three cents of a regulatory fee',
  'healed-short': '300 short, then corrected',
  'healed-absent': 'a row left out, then corrected',
};

function oneBreak(truth: TradeDayTruth, expected: ExpectedBreak, evidence: Evidence): Verdict {
  const found = breakOf(truth, expected, evidence);
  const near = evidence.breaks.filter(({ accounts }) =>
    expected.differences.some(({ account }) => accounts.includes(account)),
  );
  const instead = near.map(({ cause, status }) => `${cause} (${status})`).join(', ');
  return {
    name: expected.name,
    planted: plantedWords[expected.name],
    found:
      found === undefined
        ? instead || 'no break'
        : `${found.cause}, ${countText(expected.differences.length)}${expected.healed ? ', healed' : ''}`,
    ok: found !== undefined,
  };
}

/** All positions and balances of three days by both bases. */
function book(truth: TradeDayTruth, { book: view }: Evidence): Verdict {
  let rows = 0;
  let right = true;
  for (const asOf of days) {
    for (const basis of bases) {
      const wanted = bookTexts(truth.ours.at(basis, asOf));
      const found = [
        ...view.positions({ basis, asOf }).map((one) => `${one.account} ${one.security} ${one.quantity}`),
        ...view.cash({ basis, asOf }).map((one) => `${one.account} ${one.currency} ${one.amount}`),
      ].toSorted();
      rows += wanted.length;
      right &&= JSON.stringify(wanted) === JSON.stringify(found);
    }
  }
  return {
    name: 'book',
    planted: `${rows} balances: ${days.length} days, both bases`,
    found: right ? 'all, to the share and the cent' : 'other balances',
    ok: right,
  };
}

/** Trades of both days are not settled on the 11th: their two columns differ, and that is no break. */
function timing(truth: TradeDayTruth, evidence: Evidence): Verdict {
  const asOf = dates.second;
  const settled = new Map(
    truth.theirs
      .at('settlement-date', asOf)
      .holdings.map((one) => [`${one.account} ${one.security}`, one.quantity]),
  );
  const apart = truth.theirs
    .at('trade-date', asOf)
    .holdings.filter((one) => (settled.get(`${one.account} ${one.security}`) ?? 0) !== one.quantity).length;
  const found = apartIn(evidence, asOf);
  const named = evidence.breaks.filter(({ members }) =>
    members.some(({ kind, basis }) => kind === 'cash' && basis === 'settlement-date'),
  );
  return {
    name: 'timing',
    planted: `${apart} positions not settled yet`,
    found: `${found} seen, ${named.length} breaks of it`,
    ok: found === apart && named.length === 0,
  };
}

/** Positions that the clearing firm reports differently by trade date and by settlement date. */
function apartIn(evidence: Evidence, asOf: string): number {
  const rows = evidence.theirs(asOf);
  const settled = new Map(
    rows
      .filter(({ basis }) => basis === 'settlement-date')
      .map((row) => [`${row.account} ${row.security}`, row.amount]),
  );
  return rows.filter(
    (row) =>
      row.basis === 'trade-date' &&
      row.amount !== '0' &&
      row.amount !== settled.get(`${row.account} ${row.security}`),
  ).length;
}

function bookTexts({ holdings, balances }: Book): string[] {
  return [
    ...holdings.map((one) => `${one.account} ${one.security} ${one.quantity}`),
    ...balances.filter(({ cents }) => cents !== 0).map((one) => `${one.account} USD ${centsText(one.cents)}`),
  ].toSorted();
}

function countText(count: number): string {
  return count === 1 ? '1 difference' : `${count} differences`;
}

function differenceText(one: ExpectedBreak['differences'][number]): string {
  const text = (amount: number): string => (one.kind === 'cash' ? centsText(amount) : String(amount));
  return [one.kind, one.basis, one.account, one.unit, text(one.ours), text(one.theirs)].join(' ');
}

function memberText({ kind, basis, account, unit, ours, theirs }: AgedBreak['members'][number]): string {
  return [kind, basis, account, unit, ours, theirs].join(' ');
}

function centsText(cents: number): string {
  return decimalText({ units: BigInt(Math.round(cents * 100)), scale: 4 });
}
