import type { FileSourceAdapter } from '../../src/contract/source.ts';
import { Landing } from './landing.ts';
import { type DirectoryOptions, directoryOptions } from './options.ts';
import { reachDirectory } from './reach.ts';

export { directoryIssues } from './issues.ts';
export type { DirectoryOptions } from './options.ts';

/** Files that somebody puts into a directory of this machine. */
export const directory: FileSourceAdapter<DirectoryOptions> = {
  shape: 'files',
  id: 'directory',
  options: directoryOptions,
  secrets: [],
  paths: ['path'],
  open: async (options) => new Landing(options),
  reach: reachDirectory,
};
