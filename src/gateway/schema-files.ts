import { z } from 'zod';

/** How files become entries, and which are expected. */
export interface FileSettings {
  /** Id of a framer; absent: the codec's own. */
  readonly framer?: string;
  /**
   * Regular expression over the file's name; its group `key`, its first group, or all of it is the file's key, where the
   * file does not say one itself. Its group `date` is the business date that the name claims.
   */
  readonly key: string;
  readonly pollMs: number;
  /** A file is whole when size and time of change stayed the same over so many looks. */
  readonly settlePolls: number;
  /** Name of the file that says that another one is whole: `{name}` or `{stem}` is that other one's. */
  readonly doneFile?: string;
  /** What becomes of other bytes under a key that is booked. Default: they are held. */
  readonly restated?: 'hold' | 'supersede';
  /** Files that have to come. */
  readonly expect?: readonly Expectation[];
}

/** One file that has to come, day after day. */
export interface Expectation {
  readonly name: string;
  /** Regular expression over the file's name, or over its key. */
  readonly pattern: string;
  readonly cycle?: string;
  /** `HH:MM` in the channel's zone. */
  readonly due: string;
  /** On which days it is due. */
  readonly days: 'trading' | 'settlement' | 'every';
  /** Which business date the file that is due on a day has. */
  readonly speaksOf: 'same-day' | 'previous-trading-day';
  /** From the due time to the alarm. */
  readonly graceMinutes: number;
}

const expectation = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,62}$/,
      'must be lower-case letters, digits and hyphens, beginning with a letter',
    )
    .describe(
      'What the feed is called: it stands in its events. It never changes, as the name of a channel.',
    ),
  pattern: z
    .string()
    .refine(isPattern, 'must be a regular expression')
    .describe("Regular expression over the file's name or over its key: which files are this feed."),
  cycle: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .optional()
    .describe('Cycle of the day, such as SOD or EOD; for people.'),
  due: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time from 00:00 to 23:59')
    .describe("When it is due, `HH:MM` in the channel's zone."),
  days: z
    .enum(['trading', 'settlement', 'every'])
    .default('trading')
    .describe('On which days it is due: days on which the NYSE trades, on which DTC settles, or every day.'),
  speaksOf: z
    .enum(['same-day', 'previous-trading-day'])
    .default('same-day')
    .describe('Which business date the file that is due on a day speaks of.'),
  graceMinutes: z
    .number()
    .int()
    .min(0)
    .max(720)
    .default(0)
    .describe('Time from the due time to the alarm, in minutes.'),
});

/** The group `files` of a channel. */
export const fileSettings = z.strictObject({
  framer: z.string().optional().describe("How a file is cut into messages. Default: the codec's own way."),
  key: z
    .string()
    .default('.+')
    .refine(isPattern, 'must be a regular expression')
    .describe(
      "Regular expression over the file's name. Its group `key`, else its first group, else all of the match is the file's key, where the file itself does not say one: the same key is the same file. Its group `date` is the business date that the name claims.",
    ),
  pollMs: z
    .number()
    .int()
    .min(10)
    .max(3_600_000)
    .default(5000)
    .describe('Time between two looks at the place, in milliseconds.'),
  settlePolls: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(2)
    .describe('A file is whole when its size and its time of change stayed the same over so many looks.'),
  doneFile: z
    .string()
    .regex(/\{(?:name|stem)\}/, 'must hold {name} or {stem}')
    .optional()
    .describe(
      'A file is whole when the file of this name is there too: {name} is its own name, {stem} its name without the ending. Takes the place of settlePolls.',
    ),
  restated: z
    .enum(['hold', 'supersede'])
    .default('hold')
    .describe(
      'What becomes of other bytes under a key that is booked: held for a person, or booked in its place.',
    ),
  expect: z
    .array(expectation)
    .max(100)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'must have names that differ')
    .optional()
    .describe('Files that have to come, with the time at which each is due: what is late is told.'),
});

/** The settings as the gateway holds them. */
export function fileSettingsOf(read: z.output<typeof fileSettings>): FileSettings {
  const { framer, doneFile, expect, ...rest } = read;
  return {
    ...rest,
    ...(framer !== undefined && { framer }),
    ...(doneFile !== undefined && { doneFile }),
    ...(expect !== undefined && { expect: expect.map(expectationOf) }),
  };
}

function expectationOf({ cycle, ...rest }: z.output<typeof expectation>): Expectation {
  return cycle === undefined ? rest : { ...rest, cycle };
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
