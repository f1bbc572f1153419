import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of `package.json`. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What one run of vitest came to. A file that could not even be loaded is one failure. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One test of a run, for reports. */
export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly status: string;
  readonly durationMs: number;
  /** What it failed with, in vitest's words; empty where it did not. */
  readonly failures: readonly string[];
  /** What the test recorded about itself with `recordFacts`. */
  readonly facts: Readonly<Record<string, string | number>>;
}

export interface VitestRun extends Tally {
  /** The files that could not be loaded, each with the reason. */
  readonly unloaded: readonly string[];
  readonly tests: readonly TestResult[];
}

export interface VitestOptions {
  /** The node that runs it; left out: this one. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs vitest with its output in plain view, and gives its counts back. It fails as a whole only where it cannot run. */
export function runVitest(args: readonly string[], options: VitestOptions = {}): VitestRun {
  const directory = mkdtempSync(join(tmpdir(), 'clearport-vitest-'));
  const report = join(directory, 'report.json');
  try {
    const { status } = spawnSync(
      options.node ?? process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        ...args,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...options.env } },
    );
    return readReport(report, status ?? 1);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Why the file could not be loaded. */
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly duration?: number | null;
      readonly failureMessages?: readonly string[];
      readonly meta?: { readonly facts?: Readonly<Record<string, string | number>> };
    }[];
  }[];
}

function readReport(path: string, status: number): VitestRun {
  const files = filesOf(path);
  const tests = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({
      file: inRoot(name),
      name: test.fullName,
      status: test.status,
      durationMs: Math.round(test.duration ?? 0),
      failures: test.failureMessages ?? [],
      facts: test.meta?.facts ?? {},
    })),
  );
  const count = (wanted: (status: string) => boolean): number =>
    tests.filter((test) => wanted(test.status)).length;
  const passed = count((is) => is === 'passed');
  const unloaded = files
    .filter(
      ({ status: is, assertionResults }) =>
        is === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    )
    .map(({ name, message }) => `${inRoot(name)}: ${message ?? 'could not be loaded'}`);
  const failed = count((is) => is === 'failed') + unloaded.length;
  // Vitest also fails for what no test is to blame for, such as an error that nobody caught.
  const unnamed = status !== 0 && failed === 0 ? 1 : 0;
  const skipped = tests.length - passed - (failed - unloaded.length);
  return { passed, failed: failed + unnamed, skipped, unloaded, tests };
}

function inRoot(file: string): string {
  return file.startsWith(root) ? file.slice(root.length) : file;
}

function filesOf(path: string): JsonReport['testResults'] {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as JsonReport).testResults;
  } catch {
    return [];
  }
}
