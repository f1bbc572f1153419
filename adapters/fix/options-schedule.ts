import { z } from 'zod';

/** Days as people write them in a schedule, Sunday first. */
export const weekdayNames = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type WeekdayName = (typeof weekdayNames)[number];

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, 'a time of day: HH:MM or HH:MM:SS');
const weekday = z.enum(weekdayNames);

/** When a session runs. Source of the words: QuickFIX, "Configuring QuickFIX", StartTime to NonStopSession. */
export const scheduleOptions = z
  .strictObject({
    zone: z
      .string()
      .refine(isZone, 'must be an IANA time zone, such as America/New_York')
      .default('America/New_York')
      .describe('IANA zone of all times of the schedule; its change of the clocks is followed.'),
    startTime: timeOfDay.optional().describe('When a session begins: `17:00`, or with seconds.'),
    endTime: timeOfDay
      .optional()
      .describe('When it ends; at or before `startTime`, on the next day. Equal to it: the whole day long.'),
    startDay: weekday.optional().describe('Weekly sessions: the day on which the session begins.'),
    endDay: weekday.optional().describe('Weekly sessions: the day on which it ends.'),
    weekdays: z
      .array(weekday)
      .min(1)
      .optional()
      .describe('Daily sessions: the days on which one begins. Default: all seven.'),
    nonStop: z
      .boolean()
      .default(false)
      .describe('One session without end: nothing is ever reset, nobody is logged out. Without any times.'),
    holidays: z
      .enum(['none', 'nyse', 'dtc'])
      .default('none')
      .describe(
        'Daily sessions: whose closed days have none. A session does not run when its last moment falls on a closed day.',
      ),
  })
  .describe('When the session runs, and begins anew. Default: for as long as the channel does.');

export type ScheduleOptions = z.output<typeof scheduleOptions>;

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
