import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import {
  executionsMin,
  morning,
  morningDefaults,
  type PlantedCase,
  plantedCases,
} from '../../../certification/simulators/clearing-firm/index.ts';
import { openSqliteLog } from '../../log/index.ts';
import { type CommandContext, cliError } from '../context.ts';
import { spoken } from '../main.ts';
import type { Terminal } from '../terminal.ts';
import { withProjections } from '../views.ts';
import { readEvidence } from './evidence.ts';
import { play } from './play.ts';
import { arrivedLines, endLines, openingLines, quarantineLines, verdictLines } from './report.ts';
import { verdicts } from './verdicts.ts';

interface DemoSettings {
  readonly seed: number;
  readonly executions: number;
  readonly directory: string;
  readonly leaveOut: readonly PlantedCase[];
}

/**
 * The demonstration, first act: a simulated clearing firm plays a morning to a gateway, everything that can go wrong is
 * planted in it, and the log is compared with the truth. Exit code 0 exactly when every case was found as planted.
 */
export function demo(argv: readonly string[], terminal: Terminal): Promise<number> {
  return spoken(argv, terminal, runDemo);
}

async function runDemo(argv: readonly string[], context: CommandContext): Promise<number> {
  const settings = settingsOf(argv, context);
  if (settings === undefined) return 0;
  const { printer } = context;
  const print = async (lines: readonly string[]): Promise<void> => {
    for (const line of lines) await printer.line(line);
    await printer.flush();
  };
  await print(openingLines(settings, context.paint));
  const played = await play(settings, (line) => void print([`  ${line}`]));
  const log = await openSqliteLog(played.data, { readOnly: true, clock: context.terminal.clock });
  const evidence = await withProjections(log, played.data, readEvidence);
  await log.close();
  const { truth } = morning({ ...morningDefaults, seed: settings.seed, executions: settings.executions });
  const judged = verdicts(truth, evidence);
  await print(arrivedLines(evidence, context.paint));
  await print(quarantineLines(evidence, context.paint));
  await print(verdictLines(judged, context.paint));
  await print(endLines(judged, played, context));
  return judged.every((verdict) => verdict.ok) && played.gatewayExit === 0 ? 0 : 1;
}

/** The settings of the command line; undefined where help was asked for. */
function settingsOf(argv: readonly string[], context: CommandContext): DemoSettings | undefined {
  const program = new Command('npm run demo --')
    .description('A morning of a simulated clearing firm, with everything that can go wrong planted in it.')
    .addOption(
      new Option('--seed <number>', 'the same seed gives the same morning').argParser(Number).default(20),
    )
    .addOption(new Option('--executions <number>', 'how many fills').argParser(Number).default(2000))
    .addOption(new Option('--directory <path>', 'where everything is kept').default('.clearport/demo'))
    .addOption(
      new Option('--leave-out <case...>', 'leave a case out on the wire').choices(plantedCases).default([]),
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.printer.line(text.trimEnd()),
      writeErr: () => undefined,
      outputError: () => undefined,
    });
  program.parse([...argv], { from: 'user' });
  const settings = program.opts<DemoSettings>();
  if (!(settings.executions >= executionsMin) || !Number.isSafeInteger(settings.seed))
    throw cliError(
      'CLI_USAGE',
      `the morning needs ${executionsMin} executions or more, and a whole number as seed`,
    );
  return { ...settings, directory: resolve(context.terminal.directory, settings.directory) };
}
