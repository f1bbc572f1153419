import { type Command, Option } from 'commander';
import { type Add, channelOption, configOption, numberOption, readingOptions } from './command-adding.ts';
import type { DaysOptions, ScheduleOptions } from './schedule.ts';
import type { PreviewOptions } from './schedule-preview.ts';

/** `clearport schedule`: expected files, the days on which they are expected, and the hours of sessions. */
export function addScheduleCommands(add: Add, program: Command): void {
  const schedule = program
    .command('schedule')
    .description('which files are due, which came, which days trade and settle, and when sessions run');
  const from = new Option('--from <date>', 'first day');
  const to = new Option('--to <date>', 'last day');
  add<ScheduleOptions>(
    'show',
    'what is due on a day, what came of it, and whether all is well',
    [new Option('--date <date>', 'this day; default: today'), from, to, channelOption, ...readingOptions],
    async (context, _args, options) => (await import('./schedule.ts')).schedule(context, options),
    schedule,
    true,
  );
  add<DaysOptions>(
    'calendar',
    'days on which the NYSE trades and DTC settles, why the others are closed, and when a trade settles',
    [from, to],
    async (context, _args, options) => (await import('./schedule.ts')).scheduleCalendar(context, options),
    schedule,
  );
  add<PreviewOptions>(
    'preview [channel]',
    'when FIX sessions begin and end, in local time and UTC, and why there is none on other days',
    [
      numberOption('--days <number>', 'so many days; default 14'),
      new Option('--from <date>', 'first day; default: today'),
      configOption,
    ],
    async (context, [channel], options) =>
      (await import('./schedule-preview.ts')).schedulePreview(context, channel, options),
    schedule,
  );
}
