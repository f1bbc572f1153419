import assert from 'node:assert/strict';
import { type Book, type Books, openingBook, ourBooks, theirBooks } from './books.ts';
import { type ExpectedBreak, expectedBreaks } from './breaks.ts';
import type { TradeDayCase } from './cases.ts';
import type { DayExecution } from './executions.ts';
import { type TradeDayFile, tradeDayFiles } from './files.ts';
import { counted, ourTrades } from './our-trades.ts';
import { closingCents, withTwoErrors } from './rows.ts';
import { type FixScript, fixScript, type Stream } from './sessions.ts';
import {
  type ExpectedStatus,
  expectedStatuses,
  poisonText,
  type QueueMessage,
  statusMessages,
} from './statuses.ts';
import { theirActivity } from './their-activity.ts';
import { dates } from './world.ts';

export interface TradeDayOptions {
  readonly seed: number;
  /** Fills of both days together. */
  readonly executions: number;
  /** Cases that are promised in the truth and left out of what is played: so a test proves that their absence is noticed. */
  readonly leaveOut: readonly TradeDayCase[];
}

export const tradeDayDefaults: TradeDayOptions = { seed: 20, executions: 2_200, leaveOut: [] };

/** Fewer leave no room between the planted cases of a day. */
export const tradeDayExecutionsMin = 400;

/** What really happened, and what must be found: whatever Clearport says is compared with this, and with nothing else. */
export interface TradeDayTruth {
  readonly sessions: Readonly<Record<Stream, FixScript['truth']>>;
  readonly files: readonly TradeDayFile[];
  readonly statuses: readonly ExpectedStatus[];
  /** How many messages of the queue are of no known kind, and what stands in them. */
  readonly poisoned: number;
  readonly poison: string;
  /** The books of the 9th, adopted as the baseline. */
  readonly opening: Book;
  /** Our trades that count at the end. */
  readonly trades: readonly DayExecution[];
  /** Our books of any day. */
  readonly ours: Books;
  /** The clearing firm's books of any day, as it finally reported them. */
  readonly theirs: Books;
  readonly breaks: readonly ExpectedBreak[];
}

/** What the other side plays. */
export interface TradeDayPlay {
  readonly sessions: Readonly<Record<Stream, FixScript['parts']>>;
  readonly files: readonly TradeDayFile[];
  readonly holiday: readonly QueueMessage[];
  readonly morning: readonly QueueMessage[];
}

export interface TradeDays {
  readonly truth: TradeDayTruth;
  readonly play: TradeDayPlay;
}

/** The three days, and the truth about them. The same options give the same days. */
export function tradeDays(options: TradeDayOptions): TradeDays {
  assert(options.executions >= tradeDayExecutionsMin);
  const whole = worldOf(options, () => true);
  if (options.leaveOut.length === 0) return { truth: truthOf(whole), play: playOf(whole) };
  const played = worldOf(options, (name) => !options.leaveOut.includes(name));
  return { truth: truthOf(whole), play: playOf(played) };
}

interface World {
  readonly sessions: Readonly<Record<Stream, FixScript>>;
  readonly files: readonly TradeDayFile[];
  readonly holiday: readonly QueueMessage[];
  readonly morning: readonly QueueMessage[];
  readonly opening: Book;
  readonly trades: readonly DayExecution[];
  readonly ours: Books;
  readonly theirs: Books;
}

function worldOf({ seed, executions }: TradeDayOptions, planted: (name: TradeDayCase) => boolean): World {
  const market = ourTrades(seed, executions);
  const activity = theirActivity(market, planted);
  const opening = openingBook(seed);
  const trades = counted(market, planted('after-cut'));
  const theirs = theirBooks(opening, activity, planted('timing') ? settlesOn : settlesNextDay);
  const bookings = activity.flatMap(({ date, activity: line }) =>
    line.record === 'trade' && date === dates.first ? [line.booking] : [],
  );
  return {
    sessions: {
      orders: fixScript('orders', market, planted),
      'clearer-dropcopy': fixScript('clearer-dropcopy', market, planted),
    },
    files: tradeDayFiles({ seed, theirs, activity, planted }),
    holiday: statusMessages('holiday', bookings, planted('poisoned')),
    morning: statusMessages('morning', bookings, false),
    opening,
    trades,
    ours: ourBooks(opening, trades, planted('two-spellings')),
    theirs,
  };
}

function truthOf(world: World): TradeDayTruth {
  const { holiday, morning, ours, theirs } = world;
  const price = (unit: string): number => closingCents(unit, dates.second, true);
  const { breaks, strange } = expectedBreaks(
    ours,
    withTwoErrors(theirs, () => true),
    price,
  );
  assert.deepEqual(strange, [], 'every difference belongs to a case');
  return {
    sessions: {
      orders: world.sessions.orders.truth,
      'clearer-dropcopy': world.sessions['clearer-dropcopy'].truth,
    },
    files: world.files,
    statuses: expectedStatuses([...holiday, ...morning]),
    poisoned: holiday.filter(({ expected }) => expected === undefined).length,
    poison: poisonText,
    opening: world.opening,
    trades: world.trades,
    ours,
    theirs,
    breaks,
  };
}

function playOf({ sessions, files, holiday, morning }: World): TradeDayPlay {
  return {
    sessions: { orders: sessions.orders.parts, 'clearer-dropcopy': sessions['clearer-dropcopy'].parts },
    files,
    holiday,
    morning,
  };
}

/** T+1, over the 11th on which the depository is closed. */
function settlesOn(): string {
  return dates.settlement;
}

/** What somebody would compute who does not know the holiday. */
function settlesNextDay(tradeDate: string): string {
  return tradeDate === dates.first ? dates.second : dates.settlement;
}
