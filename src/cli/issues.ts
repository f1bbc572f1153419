import type { IssueTable } from '../core/issue.ts';

/** Codes of the command line itself; every other code comes from the room that it names. */
export const cliIssues = {
  CLI_NODE_VERSION: {
    severity: 'error',
    meaning: 'The Node.js that runs clearport is older than it needs.',
    remedy: 'Install Node.js 22.13 or newer.',
  },
  CLI_USAGE: {
    severity: 'error',
    meaning:
      'The command line holds an unknown command, an unknown option, or lacks something that it needs.',
    remedy: 'Read `clearport help`, or `clearport help COMMAND` for one command.',
  },
  CLI_SYSTEM: {
    severity: 'error',
    meaning:
      'The operating system refused something: a file that is not there, may not be opened, or a full disk.',
    remedy: "Look at the place and the cause; both are the system's own words.",
  },
  CLI_BUG: {
    severity: 'error',
    meaning: 'Clearport itself went wrong. The exit code is 70, outside of what commands promise.',
    remedy: 'Report it with the lines that were printed. The log is as it was after its last commit.',
  },
  CLI_FILE_EXISTS: {
    severity: 'error',
    meaning: 'A file that the command would write is already there.',
    remedy: 'Name another file, or move the one that is there out of the way.',
  },
  CLI_CLOCK: {
    severity: 'error',
    meaning: 'The file that --clock names is not there, or holds no time.',
    remedy:
      'Write one ISO 8601 time in UTC into it, such as 2026-11-12T11:30:00Z; leave --clock out for the real time.',
  },
  DEMO_RUNNING: {
    severity: 'error',
    meaning: 'A demonstration that still runs, such as one with --serve, holds the directory.',
    remedy: 'End the other one, or name another directory with --directory.',
  },
  DEMO_STUCK: {
    severity: 'error',
    meaning: 'A process of the demonstration ended early, or did not get to the next step in time.',
    remedy: 'Look at what it wrote; on a machine that is very busy, run the demonstration again.',
  },
  DICTIONARY_UNUSABLE: {
    severity: 'error',
    meaning:
      'The FIX dictionary that the command names is not there, or is wrong, or has not what is asked for.',
    remedy: 'Run `clearport dictionary check` on it and mend what it tells.',
  },
  LAYOUT_UNUSABLE: {
    severity: 'error',
    meaning: 'The layout that --format names is not there, or is wrong.',
    remedy: 'Run `clearport layout check` on it and mend what it tells.',
  },
  UNKNOWN_FORMAT: {
    severity: 'error',
    meaning: 'The bytes are of no format that this build knows, or --format names one that it does not know.',
    remedy: 'Name one of the known formats with --format.',
  },
} as const satisfies IssueTable;

export type CliCode = keyof typeof cliIssues;
