import type { Log } from '../contract/log.ts';
import type { Projections } from '../log/index.ts';
import { dataDirectory, type ReadingOptions } from './configured.ts';
import type { CommandContext } from './context.ts';
import { openLog } from './reading.ts';

/** The log with its views, for reading. */
export interface Views {
  readonly log: Log;
  readonly projections: Projections;
}

/** Runs `use` with the log and its views, brought up to date, and closes them. */
export async function withViews<T>(
  context: CommandContext,
  options: ReadingOptions,
  use: (views: Views) => Promise<T>,
): Promise<T> {
  const log = await openLog(context, options);
  try {
    return await withProjections(log, await dataDirectory(context, options), use);
  } finally {
    await log.close();
  }
}

/** The same over a log that is open already. */
export async function withProjections<T>(
  log: Log,
  directory: string,
  use: (views: Views) => Promise<T>,
): Promise<T> {
  const { openProjections } = await import('../log/index.ts');
  const projections = await openProjections(directory, log);
  try {
    await projections.catchUp();
    return await use({ log, projections });
  } finally {
    await projections.close();
  }
}
