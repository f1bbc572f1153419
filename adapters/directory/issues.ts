import type { IssueTable } from '../../src/core/issue.ts';

/** Every code of the directory adapter; all of them are thrown, because only the world can fail here. */
export const directoryIssues = {
  DIRECTORY_MISSING: {
    severity: 'error',
    meaning: 'The landing directory is not there, is no directory, or may not be read and written.',
    remedy: 'Make it, or mend options.path and its rights. The channel goes on by itself.',
  },
  DIRECTORY_NAME: {
    severity: 'error',
    meaning: 'A file name would lead out of the landing directory, or cannot be the name of a file.',
    remedy: 'Use a plain name without a path.',
  },
  DIRECTORY_FILE_GONE: {
    severity: 'error',
    meaning: 'A file that was listed is no longer there, or is no plain file (a link is not followed).',
    remedy: 'If somebody else takes files from this directory, give each its own.',
  },
  DIRECTORY_TAKEN: {
    severity: 'error',
    meaning: 'A file of this name is already there, and was not to be replaced.',
    remedy: 'Use another name, or take the file that is there away.',
  },
  DIRECTORY_OTHER_DISK: {
    severity: 'error',
    meaning:
      'The archive directory is on another disk than the landing directory, so a file cannot be renamed into it.',
    remedy: 'Put options.archive on the disk of options.path.',
  },
  DIRECTORY_FAILED: {
    severity: 'error',
    meaning: 'The system refused to read, write or rename a file; the cause is its own word.',
    remedy: 'Mend the cause (rights, a full disk, a disk that is gone). The channel goes on by itself.',
  },
} as const satisfies IssueTable;

export type DirectoryCode = keyof typeof directoryIssues;
