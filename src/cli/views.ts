import type { Log } from '../contract/log.ts';
import type { Configuration } from '../gateway/index.ts';
import type { Projections } from '../log/index.ts';
import { configurationIfAny, dataDirectory, type ReadingOptions } from './configured.ts';
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
    const configuration = await configurationIfAny(context, options);
    return await withProjections(log, await dataDirectory(context, options), use, configuration);
  } finally {
    await log.close();
  }
}

/** The same over a log that is open already. */
export async function withProjections<T>(
  log: Log,
  directory: string,
  use: (views: Views) => Promise<T>,
  configuration?: Configuration,
): Promise<T> {
  const { openProjections } = await import('../log/index.ts');
  const { dayProjections } = await import('./projections.ts');
  const views = { projections: dayProjections(configuration) };
  const projections = await openProjections(directory, log, views);
  try {
    await projections.catchUp();
    return await use({ log, projections });
  } finally {
    await projections.close();
  }
}
