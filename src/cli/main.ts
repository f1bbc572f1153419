import { type Command, CommanderError } from 'commander';
import { nearest } from '../core/nearest.ts';
import { type Mask, noSecrets } from '../gateway/mask.ts';
import { commandLine } from './command-line.ts';
import { type CommandContext, cliError } from './context.ts';
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
  try {
    await program.parseAsync([...helpAsked(program, argv)], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode === 0) throw error;
    const path = named(program, argv);
    const remedy = `Read \`${['clearport help', ...path].join(' ')}\`.`;
    // A command that only holds others: Commander has its help in mind, and no words of its own.
    if (error.code !== 'commander.help') throw usageError(error, remedy);
    const under = commandAt(program, path).commands.map((one) => one.name());
    throw cliError('CLI_USAGE', `"${path.join(' ')}" needs one of: ${under.join(', ')}`, { remedy });
  }
  return code;
}

/**
 * `help breaks show` is `breaks show --help`: Commander by itself looks one level deep, and says nothing of a name that
 * it does not know.
 */
function helpAsked(program: Command, argv: readonly string[]): readonly string[] {
  const [help, ...words] = argv;
  const names = words.filter((word) => !word.startsWith('-'));
  if (help !== 'help' || names.length === 0) return argv;
  const path = named(program, names);
  if (path.length === names.length) return [...names, '--help'];
  const under = commandAt(program, path);
  const wrong = names[path.length] ?? '';
  const meant = nearest(wrong, new Set(under.commands.map((one) => one.name())));
  throw cliError('CLI_USAGE', `there is no command "${names.slice(0, path.length + 1).join(' ')}"`, {
    remedy:
      meant === undefined ? cliIssues.CLI_USAGE.remedy : `Did you mean "${[...path, meant].join(' ')}"?`,
  });
}

function commandAt(program: Command, path: readonly string[]): Command {
  return path.reduce<Command>(
    (command, name) => command.commands.find((one) => one.name() === name) ?? command,
    program,
  );
}

/** The words at the front that name a command and those under it. */
function named(program: Command, words: readonly string[]): readonly string[] {
  const path: string[] = [];
  let at: Command | undefined = program;
  for (const word of words) {
    at = at.commands.find((one) => one.name() === word);
    if (at === undefined) break;
    path.push(word);
  }
  return path;
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
async function told(error: unknown, terminal: Terminal, json: boolean, mask: Mask): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const failure = await withRemedy(failureOf(error instanceof CommanderError ? usageError(error) : error));
  const paint = paintFor(terminal, terminal.stderrIsTerminal);
  const lines = json ? [JSON.stringify(failureJson(failure))] : failureLines(failure, paint);
  terminal.stderr.write(`${mask.text(lines.join('\n'))}\n`);
  return failure.exitCode;
}

/** Whoever threw it may have left the mend to the table in which its code stands. */
async function withRemedy(failure: Failure): Promise<Failure> {
  if (failure.remedy !== undefined) return failure;
  const { remedies } = await import('./remedies.ts');
  const remedy = (await remedies()).get(failure.code);
  return remedy === undefined ? failure : { ...failure, remedy };
}

/** Commander's own words, in our shape. */
function usageError(error: CommanderError, remedy: string = cliIssues.CLI_USAGE.remedy): Error {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest.map((line) => line.trim().replace(/^\((.*)\)$/, '$1')).join(' ');
  return cliError('CLI_USAGE', first, { remedy: suggestion === '' ? remedy : suggestion });
}
