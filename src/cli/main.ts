import { CommanderError } from 'commander';
import { type Mask, noSecrets } from '../gateway/mask.ts';
import { commandLine } from './command-line.ts';
import type { CommandContext } from './context.ts';
import { type Failure, failureJson, failureLines, failureOf } from './failure.ts';
import { firstSteps } from './first-steps.ts';
import { cliIssues } from './issues.ts';
import { OutputClosed, openPrinter, type Printer } from './printer.ts';
import { paintFor, type Terminal } from './terminal.ts';

/**
 * Runs one command line and gives its exit code: 0 ok, 1 findings, 2 wrong usage or configuration, 3 the outside world
 * failed. (70 is a bug of ours.) Data goes to standard output; everything about it goes to standard error.
 */
export function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  return spoken(argv, terminal, run);
}

/** Runs a program with a printer, and tells what it throws in the shape of every error of the command line. */
export async function spoken(
  argv: readonly string[],
  terminal: Terminal,
  program: (argv: readonly string[], context: CommandContext) => Promise<number>,
): Promise<number> {
  const printer = openPrinter(terminal.stdout);
  // Whoever closed standard error does not want to hear about it.
  terminal.stderr.on('error', () => undefined);
  const json = argv.includes('--json');
  const shown = { mask: noSecrets };
  try {
    const hide = (mask: Mask): void => {
      shown.mask = mask;
    };
    const code = await program(argv, contextOf(terminal, printer, json, hide));
    await printer.flush();
    return code;
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    await printer.flush().catch(() => undefined);
    return told(error, terminal, json, shown.mask);
  }
}

async function run(argv: readonly string[], context: CommandContext): Promise<number> {
  if (argv.length === 0) {
    for (const line of firstSteps(context.paint)) await context.printer.line(line);
    return 0;
  }
  let code = 0;
  const program = commandLine(context, (ended) => {
    code = ended;
  });
  await program.parseAsync([...argv], { from: 'user' });
  return code;
}

function contextOf(
  terminal: Terminal,
  printer: Printer,
  json: boolean,
  hide: CommandContext['hide'],
): CommandContext {
  return {
    terminal,
    printer,
    json,
    hide,
    paint: json ? (_tone, text) => text : paintFor(terminal),
    note: (line) => void terminal.stderr.write(`${line}\n`),
  };
}

/** Prints what failed, on standard error, and gives the exit code. Help and version are no failures. */
function told(error: unknown, terminal: Terminal, json: boolean, mask: Mask): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const failure = error instanceof CommanderError ? usageFailure(error) : failureOf(error);
  const paint = paintFor(terminal, terminal.stderrIsTerminal);
  const lines = json ? [JSON.stringify(failureJson(failure))] : failureLines(failure, paint);
  terminal.stderr.write(`${mask.text(lines.join('\n'))}\n`);
  return failure.exitCode;
}

/** Commander's own words, in our shape. */
function usageFailure(error: CommanderError): Failure {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest.map((line) => line.trim().replace(/^\((.*)\)$/, '$1')).join(' ');
  return {
    code: 'CLI_USAGE',
    message: first,
    remedy: suggestion === '' ? cliIssues.CLI_USAGE.remedy : suggestion,
    retryable: false,
    exitCode: 2,
  };
}
