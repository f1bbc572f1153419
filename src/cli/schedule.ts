import {
  addDays,
  calendarZone,
  isDate,
  settlementDate,
  settlementDays,
  tradingDays,
} from '../calendar/index.ts';
import type { Log } from '../contract/log.ts';
import { isoOfMicros, type Micros } from '../core/clock.ts';
import { dateInZone } from '../core/zone.ts';
import { type ChannelConfiguration, FeedsView, keptOf } from '../gateway/index.ts';
import { configurationOf, type ReadingOptions } from './configured.ts';
import { type CommandContext, cliError, type ExitCode, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';
import { type BoardLine, boardOf, clockText, dayName, headline } from './schedule-board.ts';
import { type Column, foldedLines, tableLines } from './table.ts';
import type { Tone } from './terminal.ts';
import { withViews } from './views.ts';

export interface DaysOptions {
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
}

export interface ScheduleOptions extends DaysOptions, ReadingOptions {
  readonly channel?: string;
}

/** More days than anybody reads at once; a year and its ends. */
const daysMax = 370;

/** `clearport schedule`: what is due on a day, and what came of it. Exit code 1 where somebody has to do something. */
export async function schedule(context: CommandContext, options: ScheduleOptions): Promise<ExitCode> {
  const configuration = await configurationOf(context, options);
  const { channel } = options;
  if (channel !== undefined && !configuration.channels.has(channel))
    throw cliError('CLI_USAGE', `there is no channel "${channel}"`, {
      remedy: 'use a name of the configuration',
    });
  const channels = [...configuration.channels.values()].filter(
    ({ name, files }) => files !== undefined && (channel ?? name) === name,
  );
  const boards = await withViews(context, options, async ({ log, projections }) => {
    const view = new FeedsView(projections.store);
    // Where the log is ahead of this machine's clock, as with a clock that was set, the log is right.
    const now = Math.max(context.terminal.clock.now(), view.latest());
    const today = dateInZone(isoOfMicros(now), channels[0]?.zone ?? calendarZone);
    const since = await waitingSince(log, channels);
    return daysOf(options, today, today).map((date) => boardOf(channels, view, date, now, since));
  });
  for (const board of boards) {
    if (context.json) for (const line of board.lines) await printJson(context, jsonOf(line));
    else {
      const open = board.lines.some((line) => line.open);
      await context.printer.line(context.paint(open ? 'bad' : 'strong', headline(board)));
      if (board.lines.length > 0)
        for (const line of rows(context, board.lines)) await context.printer.line(line);
      if (board !== boards.at(-1)) await context.printer.line('');
    }
  }
  return boards.some(({ lines }) => lines.some(({ open }) => open)) ? 1 : 0;
}

/** From when on each channel waits for what it expects; without those that never ran. */
async function waitingSince(
  log: Log,
  channels: readonly ChannelConfiguration[],
): Promise<ReadonlyMap<string, Micros>> {
  const heads = await Promise.all(channels.map(({ name }) => log.head(name)));
  return new Map(
    heads.flatMap((head) => {
      const { since } = keptOf(head);
      return since === undefined ? [] : [[head.channel, since] as const];
    }),
  );
}

/** `clearport schedule calendar`: which days trade and settle, why the others do not, and when a trade settles. */
export async function scheduleCalendar(context: CommandContext, options: DaysOptions): Promise<ExitCode> {
  const today = dateInZone(isoOfMicros(context.terminal.clock.now()), calendarZone);
  const days = daysOf(options, today, addDays(today, 13)).map(calendarDay);
  if (context.json) {
    for (const day of days) await printJson(context, jsonOf(day));
    return 0;
  }
  const columns = [
    { head: 'day' },
    { head: 'trading' },
    { head: 'settlement' },
    { head: 'a trade settles' },
    { head: 'why closed', shrinks: true },
  ];
  const table = days.map(({ date, trading, settlement, settles, noTrading, noSettlement, closesAt }) => [
    dayName(date),
    trading ? (closesAt === undefined ? 'open' : `to ${closesAt}`) : 'closed',
    settlement ? 'open' : 'closed',
    settles ?? '',
    [...new Set([noTrading, noSettlement])].filter((reason) => reason !== undefined).join('; '),
  ]);
  for (const line of tableLines(columns, table, context.terminal.columns)) await context.printer.line(line);
  return 0;
}

/** One day as both calendars have it. */
interface CalendarDay {
  readonly date: string;
  readonly trading: boolean;
  readonly settlement: boolean;
  /** When a regular-way trade of this day settles. */
  readonly settles?: string;
  readonly noTrading?: string;
  readonly noSettlement?: string;
  /** When trading ends early, in New York. */
  readonly closesAt?: string;
}

function calendarDay(date: string): CalendarDay {
  const noTrading = tradingDays.reason(date);
  const noSettlement = settlementDays.reason(date);
  const closesAt = tradingDays.earlyClose?.(date);
  return {
    date,
    trading: noTrading === undefined,
    settlement: noSettlement === undefined,
    ...(noTrading === undefined ? { settles: settlementDate(date) } : { noTrading }),
    ...(noSettlement !== undefined && { noSettlement }),
    ...(closesAt !== undefined && { closesAt }),
  };
}

const tones: Readonly<Record<string, Tone>> = {
  accepted: 'good',
  late: 'doubt',
  missing: 'bad',
  'restated-held': 'bad',
  'not due': 'quiet',
  'before us': 'quiet',
  superseded: 'quiet',
  duplicate: 'quiet',
};

function rows({ paint, terminal }: CommandContext, lines: readonly BoardLine[]): string[] {
  const columns: readonly Column[] = [
    { head: 'feed' },
    { head: 'of' },
    { head: 'due' },
    { head: 'arrived' },
    { head: 'verdict' },
    { head: 'entries', align: 'right' },
    { head: 'channel' },
    { head: 'what' },
  ];
  const cells = lines.map((line) => [
    [line.feed, line.cycle].filter((word) => word !== undefined).join(' '),
    line.businessDate ?? '',
    clockText(line.dueAt, line.zone),
    clockText(line.arrivedAt, line.zone),
    paint(tones[line.state] ?? (line.open ? 'bad' : 'doubt'), line.state),
    line.records === undefined ? '' : String(line.records),
    line.channel,
    whatOf(line),
  ]);
  return foldedLines(columns, cells, terminal.columns);
}

/** Why, and what was decided; of a good file what it held, of a missing one whom to ask. */
function whatOf({ why, decided, held, open, totals = [], name, state, owner }: BoardLine): string {
  if (state === 'missing' && owner !== undefined) return `ask ${owner}`;
  const waits =
    held !== undefined && decided === undefined && open ? `clearport quarantine show ${held}` : undefined;
  const words = why === undefined ? totals.slice(0, 2).join(', ') : why;
  // Some causes begin with the file's name themselves.
  return [
    name !== undefined && words.startsWith(name) ? undefined : name,
    words === '' ? undefined : words,
    decided,
    waits,
  ]
    .filter((word) => word !== undefined)
    .join(': ');
}

function daysOf({ date, from, to }: DaysOptions, first: string, last: string): readonly string[] {
  for (const text of [date, from, to]) {
    if (text !== undefined && !isDate(text))
      throw cliError('CLI_USAGE', `"${text}" is no date`, { remedy: 'write a date as 2026-11-12' });
  }
  const begin = date ?? from ?? first;
  const end = date ?? to ?? (from === undefined ? last : addDays(from, span(first, last)));
  const days: string[] = [];
  for (let day = begin; day <= end && days.length <= daysMax; day = addDays(day, 1)) days.push(day);
  if (days.length > 0 && days.length <= daysMax) return days;
  throw cliError('CLI_USAGE', `${begin} to ${end} is no range of at most ${daysMax} days`, {
    remedy: 'give --from and --to, the earlier one first',
  });
}

function span(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000);
}
