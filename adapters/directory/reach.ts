import { access, constants } from 'node:fs/promises';
import type { Reached } from '../../src/contract/source.ts';
import { systemFailure } from './failure.ts';
import { Landing } from './landing.ts';
import type { DirectoryOptions } from './options.ts';

/** Whether files can be read in the directory and renamed out of it. Throws what reading it throws. */
export async function reachDirectory(options: DirectoryOptions): Promise<Reached> {
  const { path } = options;
  const files = await new Landing(options).list();
  try {
    await access(path, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw systemFailure(cause, path);
  }
  return { address: path, told: [`${files.length} file${files.length === 1 ? '' : 's'} of this pattern`] };
}
