import type { Execution } from '../clearing-firm/executions.ts';
import type { Morning, PlantedCase, Step, Truth } from '../clearing-firm/morning.ts';
import { scriptOf } from '../clearing-firm/script.ts';
import { caseAccounts, type TradeDayCase } from './cases.ts';
import { type DayExecution, moneyReportOf } from './executions.ts';
import type { OurTrades } from './our-trades.ts';
import { fillsOf } from './our-trades.ts';
import { feeCents } from './their-activity.ts';
import { dates, theirSpelling, twoSpellings } from './world.ts';

/** The two FIX sessions: what our order system says happened, and what the clearing firm says. */
export const streams = ['orders', 'clearer-dropcopy'] as const;
export type Stream = (typeof streams)[number];

/** What each session plays when it is opened: on the first day, on the second, and in its evening. */
export type Part = 'first' | 'second' | 'evening';

export interface FixScript {
  readonly parts: Readonly<Record<Part, readonly Step[]>>;
  readonly truth: Truth;
}

/** Both sessions. Cases of the first act are planted on both; the one that the gateway is killed in on the second day. */
export function fixScript(
  stream: Stream,
  trades: OurTrades,
  planted: (name: TradeDayCase) => boolean,
): FixScript {
  const told = (execution: DayExecution): DayExecution => asTold(stream, execution, planted);
  const changes = { bust: told(trades.bust), correction: told(trades.correction) };
  const report = (execution: Execution) =>
    moneyReportOf(execution as DayExecution, stream === 'orders' && execution.security.id === 'BRK.B');
  const script = (
    date: typeof dates.first | typeof dates.second,
    cases: (name: PlantedCase) => boolean,
  ): Morning =>
    scriptOf(fillsOf(trades, date).map(told), changes, {
      spoiledId: `${trades.bust.id}V`,
      report,
      planted: (name) => planted(name) && cases(name),
    });
  const first = script(dates.first, (name) => name !== 'restart');
  const second = script(dates.second, (name) => name === 'restart');
  const evening: Step[] =
    stream === 'orders' && planted('after-cut')
      ? [{ step: 'send', body: report(told(trades.lateBust)), wire: 'plain' }, { step: 'settle' }]
      : [];
  const parts = { first: first.steps, second: second.steps, evening };
  return { parts, truth: wholeTruth(stream, first.truth, second.truth, told(trades.lateBust)) };
}

/** The second day adds its fills, and on our side the bust of its evening. */
function wholeTruth(stream: Stream, first: Truth, second: Truth, lateBust: DayExecution): Truth {
  const fills = second.events.filter((one) => one.type === 'trade.executed' && one.standing === 'first');
  const late = { type: 'trade.busted', standing: 'first', execution: lateBust } as const;
  return { ...first, events: [...first.events, ...fills, ...(stream === 'orders' ? [late] : [])] };
}

/** One execution in the words of one side. */
function asTold(
  stream: Stream,
  execution: DayExecution,
  planted: (name: TradeDayCase) => boolean,
): DayExecution {
  if (execution.security === twoSpellings) return { ...execution, security: spelled(stream, planted) };
  if (stream === 'orders' || execution.made === undefined || !planted(execution.made)) return execution;
  const other = caseAccounts[execution.made][1];
  if (execution.made === 'wrong-account' && other !== undefined) return { ...execution, account: other };
  if (execution.made !== 'fee') return execution;
  const { charges } = execution;
  return { ...execution, charges: { ...charges, secFee: charges.secFee + feeCents } };
}

/** Our order system knows the class B shares by symbol alone; the clearing firm has a CUSIP, and another spelling. */
function spelled(stream: Stream, planted: (name: TradeDayCase) => boolean): DayExecution['security'] {
  if (!planted('two-spellings')) return twoSpellings;
  if (stream === 'orders') return { ...twoSpellings, id: twoSpellings.symbol };
  return { ...twoSpellings, symbol: theirSpelling };
}
