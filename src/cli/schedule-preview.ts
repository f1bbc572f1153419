import { addDays, isDate, type SessionDay, sessionDay } from '../calendar/index.ts';
import type { SessionSchedule } from '../contract/session.ts';
import { isoOfMicros, type Micros } from '../core/clock.ts';
import { wallTimeOf } from '../core/local-time.ts';
import { dateInZone } from '../core/zone.ts';
import { isSession, scheduleOfChannel } from '../gateway/index.ts';
import { configurationOf, type ReadingOptions } from './configured.ts';
import { type CommandContext, cliError, type ExitCode, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';
import { dayName } from './schedule-board.ts';
import { foldedLines } from './table.ts';

export interface PreviewOptions extends ReadingOptions {
  readonly days?: number;
  readonly from?: string;
}

/** One date of one channel: a session that begins on it, or why none does. Instants are ISO 8601 in UTC. */
interface PreviewLine {
  readonly channel: string;
  readonly date: string;
  readonly zone: string;
  readonly from?: string;
  readonly to?: string;
  /** The same on the clocks of the zone, as `2026-11-10 17:00:00`. */
  readonly localFrom?: string;
  readonly localTo?: string;
  /** Why there is no session. */
  readonly reason?: string;
  /** Minutes by which the clocks are moved within it. */
  readonly clockMinutes?: number;
}

const daysUsual = 14;
const daysMax = 370;

/** `clearport schedule preview`: the coming sessions of FIX channels, and why there is none on the other days. */
export async function schedulePreview(
  context: CommandContext,
  channel: string | undefined,
  options: PreviewOptions,
): Promise<ExitCode> {
  const { days = daysUsual, from } = options;
  if (days < 1 || days > daysMax)
    throw cliError('CLI_USAGE', `--days ${days}`, { remedy: `give 1 to ${daysMax} days` });
  if (from !== undefined && !isDate(from))
    throw cliError('CLI_USAGE', `"${from}" is no date`, { remedy: 'write a date as 2026-11-12' });
  const configuration = await configurationOf(context, options);
  const sessions = [...configuration.channels.values()].filter(
    (one) => isSession(one) && (channel ?? one.name) === one.name,
  );
  if (channel !== undefined && sessions.length === 0)
    throw cliError('CLI_USAGE', `there is no channel "${channel}" with a session`, {
      remedy: 'use the name of a FIX channel of the configuration',
    });
  for (const one of sessions) {
    const schedule = scheduleOfChannel(one);
    if (schedule === undefined) {
      if (!context.json) await context.printer.line(`${one.name}: always, no schedule`);
      continue;
    }
    const today = dateInZone(isoOfMicros(context.terminal.clock.now()), schedule.zone);
    const begin = from ?? today;
    const lines = Array.from({ length: days }, (_, n) =>
      lineOf(one.name, schedule.zone, sessionDay(schedule, addDays(begin, n))),
    );
    await print(context, schedule, lines);
  }
  return 0;
}

function lineOf(
  channel: string,
  zone: string,
  { date, window, reason, clockMinutes }: SessionDay,
): PreviewLine {
  return {
    channel,
    date,
    zone,
    ...(window !== undefined && {
      from: isoOfMicros(window.from),
      to: isoOfMicros(window.to),
      localFrom: localText(window.from, zone),
      localTo: localText(window.to, zone),
    }),
    ...(reason !== undefined && { reason }),
    ...(clockMinutes !== undefined && { clockMinutes }),
  };
}

async function print(
  context: CommandContext,
  { zone, startDay }: SessionSchedule,
  lines: readonly PreviewLine[],
): Promise<void> {
  if (context.json) {
    for (const line of lines) await printJson(context, jsonOf({ ...line }));
    return;
  }
  await context.printer.line(context.paint('strong', `${lines[0]?.channel ?? ''} (${zone})`));
  const columns = [{ head: 'day' }, { head: 'opens' }, { head: 'closes' }, { head: 'UTC' }, { head: 'why' }];
  // A weekly session begins once a week: the days on which nothing begins say nothing.
  const shown = startDay === undefined ? lines : lines.filter(({ from }) => from !== undefined);
  const rows = shown.map((line) => [
    dayName(line.date),
    line.localFrom?.slice(11) ?? 'no session',
    line.localTo === undefined ? '' : line.localTo,
    line.from === undefined ? '' : `${minute(line.from)} to ${minute(line.to)}`,
    line.reason ?? clockWords(line.clockMinutes),
  ]);
  for (const line of foldedLines(columns, rows, context.terminal.columns)) await context.printer.line(line);
}

function clockWords(minutes: number | undefined): string {
  if (minutes === undefined) return '';
  const way = minutes > 0 ? 'forward' : 'back';
  return `the clocks go ${way} by ${Math.abs(minutes)} min`;
}

function localText(instant: Micros, zone: string): string {
  const { date, time } = wallTimeOf(instant, zone);
  return `${date} ${time.endsWith(':00') ? time.slice(0, 5) : time}`;
}

function minute(iso: string | undefined): string {
  return iso === undefined ? '' : `${iso.slice(5, 10)} ${iso.slice(11, 16)}`;
}
