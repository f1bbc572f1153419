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
}

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
});

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
