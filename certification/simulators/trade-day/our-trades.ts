import assert from 'node:assert/strict';
import { type DayExecution, dayFills } from './executions.ts';
import { dates, type TradeDate } from './world.ts';

/** What happened in the market, as our order system knows it. */
export interface OurTrades {
  /** Every fill of both days, in order, those that were taken back or corrected later included. */
  readonly fills: readonly DayExecution[];
  /** Taken back within its day, on both sides. */
  readonly bust: DayExecution;
  /** Another price, on both sides. */
  readonly correction: DayExecution;
  /** Taken back in the evening of the second day, when the clearing firm's books were closed. */
  readonly lateBust: DayExecution;
}

/** Where the fills stand in the first day that are taken back and corrected later in it. */
const changedPlaces = { busted: 0.06, corrected: 0.08 } as const;

export function ourTrades(seed: number, executions: number): OurTrades {
  const half = Math.ceil(executions / 2);
  const first = dayFills(seed, dates.first, half);
  const second = dayFills(seed, dates.second, executions - half);
  const busted = plain(first, changedPlaces.busted);
  const corrected = plain(first, changedPlaces.corrected);
  const late = second.find((fill) => fill.made === 'after-cut');
  assert(late !== undefined && busted !== corrected);
  return {
    fills: [...first, ...second],
    bust: { ...busted, kind: 'bust', id: `${seed}B10`, reference: busted.id },
    correction: correctionOf(corrected, seed),
    lateBust: { ...late, kind: 'bust', id: `${seed}B11`, reference: late.id, atMs: eveningMs },
  };
}

/** Every execution that counts at the end: fills that stand, and the corrected one in its new state. */
export function counted({ fills, bust, correction, lateBust }: OurTrades, planted: boolean): DayExecution[] {
  const gone = new Set([bust.reference, ...(planted ? [lateBust.reference] : [])]);
  return fills
    .filter((fill) => !gone.has(fill.id))
    .map((fill) => (fill.id === correction.reference ? correction : fill));
}

export function fillsOf(trades: OurTrades, date: TradeDate): readonly DayExecution[] {
  return trades.fills.filter((fill) => fill.tradeDate === date);
}

/** 23:40 UTC, 18:40 in New York: after the cut. */
const eveningMs = (23 * 60 + 40) * 60_000;

/** The same trade seven cents dearer. Charges were agreed with the first price and stay. */
function correctionOf(fill: DayExecution, seed: number): DayExecution {
  return { ...fill, kind: 'correction', id: `${seed}C10`, reference: fill.id, cents: fill.cents + 7 };
}

/** The first fill from this place on that no case has a claim on. */
function plain(fills: readonly DayExecution[], place: number): DayExecution {
  const found = fills
    .slice(Math.floor(fills.length * place))
    .find((fill) => !fill.twin && fill.made === undefined);
  assert(found !== undefined);
  return found;
}
