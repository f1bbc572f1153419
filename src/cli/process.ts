import { systemClock } from '../core/clock.ts';
import type { Terminal } from './terminal.ts';

/** A program of the command line: arguments and terminal in, exit code out. */
export type Program = (argv: readonly string[], terminal: Terminal) => Promise<number>;

/** Runs a program in this process: its arguments, its streams, its signals, its exit code. */
export async function runProcess(program?: Program): Promise<void> {
  silenceSqliteWarning();
  const run = program ?? (await import('./main.ts')).main;
  process.exitCode = await run(process.argv.slice(2), processTerminal());
}

/**
 * Node prints an ExperimentalWarning when `node:sqlite` is loaded. What the log asks of it is held by its tests, so
 * that one line is left out; every other warning is printed as ever.
 */
function silenceSqliteWarning(): void {
  const emit = process.emitWarning.bind(process);
  const quiet = (warning: string | Error, ...rest: unknown[]): void => {
    const text = typeof warning === 'string' ? warning : warning.message;
    const kind = typeof rest[0] === 'string' ? rest[0] : typeof warning === 'string' ? '' : warning.name;
    if (kind === 'ExperimentalWarning' && text.includes('SQLite')) return;
    Reflect.apply(emit, process, [warning, ...rest]);
  };
  process.emitWarning = quiet;
}

function processTerminal(): Terminal {
  const stop = new AbortController();
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    directory: process.cwd(),
    clock: systemClock(),
    columns: process.stdout.isTTY ? (process.stdout.columns ?? 100) : undefined,
    stderrIsTerminal: process.stderr.isTTY === true,
    interrupted: stop.signal,
    listenForSignals: () => {
      // The first signal asks for a graceful end; a second one finds the default again, and ends at once.
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(name));
    },
  };
}
