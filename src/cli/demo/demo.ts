import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import {
  streams,
  type TradeDayCase,
  tradeDayCases,
  tradeDayDefaults,
  tradeDayExecutionsMin,
  tradeDays,
} from '../../../certification/simulators/trade-day/index.ts';
import { loadConfiguration } from '../../gateway/index.ts';
import { openSqliteLog } from '../../log/index.ts';
import { type CommandContext, cliError } from '../context.ts';
import { spoken } from '../main.ts';
import type { Terminal } from '../terminal.ts';
import { withProjections } from '../views.ts';
import { bookLines, breakLines, feedLines } from './day-report.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import { type Played, play } from './play.ts';
import { arrivedLines, endLines, openingLines, quarantineLines, verdictLines } from './report.ts';
import type { Verdict } from './verdict.ts';
import { verdicts } from './verdicts.ts';

interface DemoSettings {
  readonly seed: number;
  readonly executions: number;
  readonly directory: string;
  readonly leaveOut: readonly TradeDayCase[];
  readonly serve?: boolean;
}

/**
 * The demonstration: three trade days between a gateway and a simulated other side, everything that can go wrong planted
 * in them; feeds, book and breaks are compared with the truth. Exit code 0 exactly when every planted fault and break
 * was found, and no other.
 */
export function demo(argv: readonly string[], terminal: Terminal): Promise<number> {
  return spoken(argv, terminal, runDemo);
}

async function runDemo(argv: readonly string[], context: CommandContext): Promise<number> {
  const settings = settingsOf(argv, context);
  if (settings === undefined) return 0;
  const began = performance.now();
  await print(context, openingLines(settings, context.paint));
  const played = await play(settings, (line) => void print(context, [`  ${line}`]));
  try {
    const gatewayExit = settings.serve === true ? undefined : await played.stage.close();
    const judged = await judge(context, settings, played, began, gatewayExit);
    const inOrder = gatewayExit === undefined ? await serve(context, played) : gatewayExit === 0;
    return judged.every((verdict) => verdict.ok) && inOrder ? 0 : 1;
  } finally {
    await played.stage.kill();
  }
}

/** Reads what the log and its views say, compares it with the truth, and prints both. */
async function judge(
  context: CommandContext,
  settings: DemoSettings,
  played: Played,
  began: number,
  gatewayExit: number | string | undefined,
): Promise<readonly Verdict[]> {
  const { paint, terminal } = context;
  const { truth } = tradeDays(settings);
  const configuration = await loadConfiguration(played.stage.configuration, terminal.env);
  const log = await openSqliteLog(played.stage.data, { readOnly: true, clock: terminal.clock });
  try {
    const read = async (views: Parameters<typeof readEvidence>[0]): Promise<readonly Verdict[]> => {
      const evidence: Evidence = await readEvidence(views);
      const judged = verdicts(truth, evidence, played.queue);
      await print(context, arrivedLines(evidence, paint));
      await print(context, quarantineLines(evidence, paint));
      await print(context, feedLines(evidence, paint));
      await print(context, bookLines(evidence, paint));
      await print(context, breakLines(evidence, paint));
      await print(context, verdictLines(judged, paint));
      const seconds = (performance.now() - began) / 1000;
      await print(context, endLines({ played, seconds, verdicts: judged, evidence, gatewayExit }, context));
      return judged;
    };
    return await withProjections(log, played.stage.data, read, configuration);
  } finally {
    await log.close();
  }
}

/** Both processes stay until a person ends them. True where nothing else did, and the gateway stopped in order. */
async function serve(context: CommandContext, { stage }: Played): Promise<boolean> {
  const { interrupted } = context.terminal;
  context.terminal.listenForSignals();
  for (const stream of streams) await stage.do({ do: 'open', stream });
  await print(context, [
    '',
    `Gateway (process ${stage.gateway.pid}) and other side (process ${stage.side.pid}) run on. Ctrl-C ends both.`,
  ]);
  const asked = new Promise<'asked'>((end) => {
    interrupted.addEventListener('abort', () => end('asked'), { once: true });
    if (interrupted.aborted) end('asked');
  });
  const first = await Promise.race([asked, stage.gateway.ended(), stage.side.ended()]);
  const exit = await stage.close();
  const why = first === 'asked' ? '' : ' One of them ended by itself.';
  await print(context, ['', `Both are ended, the gateway with ${exit}.${why}`]);
  return first === 'asked' && exit === 0;
}

async function print({ printer }: CommandContext, lines: readonly string[]): Promise<void> {
  for (const line of lines) await printer.line(line);
  await printer.flush();
}

/** The settings of the command line; undefined where help was asked for. */
function settingsOf(argv: readonly string[], context: CommandContext): DemoSettings | undefined {
  const { seed, executions } = tradeDayDefaults;
  const program = new Command('npm run demo --')
    .description('Three trade days with a simulated clearing firm, and everything that can go wrong planted.')
    .addOption(
      new Option('--seed <number>', 'the same seed gives the same days').argParser(Number).default(seed),
    )
    .addOption(new Option('--executions <number>', 'how many fills').argParser(Number).default(executions))
    .addOption(new Option('--directory <path>', 'where everything is kept').default('.clearport/demo'))
    .addOption(
      new Option('--leave-out <case...>', 'leave a case out of what is played')
        .choices(tradeDayCases)
        .default([]),
    )
    .addOption(new Option('--serve', 'keep both processes running for a look around'))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.printer.line(text.trimEnd()),
      writeErr: () => undefined,
      outputError: () => undefined,
    });
  program.parse([...argv], { from: 'user' });
  const settings = program.opts<DemoSettings>();
  const enough = Number.isSafeInteger(settings.executions) && settings.executions >= tradeDayExecutionsMin;
  if (!enough || !Number.isSafeInteger(settings.seed) || settings.seed < 0)
    throw cliError(
      'CLI_USAGE',
      `the days need ${tradeDayExecutionsMin} executions or more, and a whole number as seed`,
    );
  return { ...settings, directory: resolve(context.terminal.directory, settings.directory) };
}
