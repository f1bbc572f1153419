import { z } from 'zod';

/** Options of a landing directory, and their documentation. */
export const directoryOptions = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe('The landing directory; relative paths count from the configuration file.'),
  archive: z
    .string()
    .min(1)
    .default('archive')
    .describe('Where files go by rename once they are booked, relative to `path` and on the same disk.'),
  pattern: z
    .string()
    .min(1)
    .max(200)
    .default('*')
    .describe(
      'Which names are picked up: `*` for any characters, `?` for one. Names that begin with a dot never are.',
    ),
});

export type DirectoryOptions = z.output<typeof directoryOptions>;
