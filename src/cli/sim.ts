import { createInterface } from 'node:readline';
import type { FirmNews, PlantedCase } from '../../certification/simulators/clearing-firm/index.ts';
import type { TradeDayCase } from '../../certification/simulators/trade-day/index.ts';
import type { Clock } from '../core/clock.ts';
import { fileClock } from './clock-file.ts';
import { type CommandContext, cliError, type ExitCode, pathOf } from './context.ts';
import { simAcceptance } from './sim-acceptance.ts';

export interface SimulatorOptions {
  readonly port: number;
  readonly seed: number;
  readonly executions: number;
  readonly rate: number;
  readonly scenario: 'morning' | 'trade-day';
  readonly leaveOut?: readonly TradeDayCase[];
  readonly once?: boolean;
  readonly keys: string;
  readonly clock?: string;
}

/**
 * `clearport sim clearing-firm`: a simulated counterparty on 127.0.0.1; it stays, as a counterparty does, until it is
 * told to end. `morning` plays to whoever logs on; with `--json` the first line holds the port. `trade-day` is both FIX
 * sessions, the SFTP server and the queue of three days, and does what lines of JSON on standard input tell it.
 * `clearport sim fix-acceptance`: the acceptor of FIX's public conformance pack.
 */
export async function sim(
  context: CommandContext,
  name: string,
  options: SimulatorOptions,
): Promise<ExitCode> {
  if (name !== 'clearing-firm' && name !== 'fix-acceptance')
    throw cliError('CLI_USAGE', `there is no simulated counterparty "${name}"`, {
      remedy: 'known: clearing-firm, fix-acceptance',
    });
  const { clock } = context.terminal;
  const told = options.clock === undefined ? clock : fileClock(pathOf(context, options.clock), clock);
  context.terminal.listenForSignals();
  if (name === 'fix-acceptance') return simAcceptance(context, options.port, told, interruption(context));
  return options.scenario === 'trade-day'
    ? playTradeDays(context, options, told)
    : playMorning(context, options, told);
}

async function playMorning(
  context: CommandContext,
  options: SimulatorOptions,
  clock: Clock,
): Promise<ExitCode> {
  const firm = await import('../../certification/simulators/clearing-firm/index.ts');
  requireExecutions(options.executions, firm.executionsMin);
  const leaveOut = (options.leaveOut ?? []).map((one) => {
    const known = firm.plantedCases.find((planted: PlantedCase) => planted === one);
    if (known === undefined)
      throw cliError('CLI_USAGE', `"${one}" is no case of a morning`, { remedy: 'use --scenario trade-day' });
    return known;
  });
  const { port, seed, executions, rate } = options;
  const running = await firm.openClearingFirm({
    ...firm.morningDefaults,
    port,
    seed,
    executions,
    rate,
    leaveOut,
    clock,
    tell: (news) => void tell(context, news),
  });
  const ended = interruption(context);
  await Promise.race([ended, options.once === true ? running.played : ended]);
  await running.close();
  return 0;
}

async function playTradeDays(
  context: CommandContext,
  options: SimulatorOptions,
  clock: Clock,
): Promise<ExitCode> {
  const days = await import('../../certification/simulators/trade-day/index.ts');
  requireExecutions(options.executions, days.tradeDayExecutionsMin);
  const { seed, executions, leaveOut = [] } = options;
  const say = (line: unknown): void => {
    void context.printer.line(JSON.stringify(line)).then(() => context.printer.flush());
  };
  const keys = pathOf(context, options.keys);
  const side = await days.openOtherSide({ seed, executions, leaveOut, keys, clock, tell: say });
  const input = createInterface({ input: context.terminal.stdin });
  // Whoever tells it what to do is gone when standard input ends; then there is nothing to stay for.
  const left = new Promise<void>((resolve) => input.on('close', resolve));
  input.on('line', (line) => {
    const command = days.sideCommandOf(line);
    if (command === undefined) say({ news: 'not-understood', line });
    else
      side.command(command).catch((cause: unknown) => say({ news: 'failed', command, why: String(cause) }));
  });
  await Promise.race([interruption(context), left]);
  input.close();
  await side.close();
  return 0;
}

function requireExecutions(executions: number, least: number): void {
  if (executions >= least) return;
  throw cliError('CLI_USAGE', `--executions ${executions} leaves no room for the planted cases`, {
    remedy: `use ${least} or more`,
  });
}

function interruption({ terminal: { interrupted } }: CommandContext): Promise<void> {
  return new Promise<void>((resolve) => {
    interrupted.addEventListener('abort', () => resolve(), { once: true });
    if (interrupted.aborted) resolve();
  });
}

async function tell(context: CommandContext, news: FirmNews): Promise<void> {
  await context.printer.line(context.json ? JSON.stringify(news) : newsLine(news, context));
  await context.printer.flush();
}

function newsLine(news: FirmNews, { paint }: CommandContext): string {
  switch (news.news) {
    case 'listening':
      return `Simulated clearing firm SIMCLEAR listens on 127.0.0.1:${news.port} (FIX.4.4, for DEMOBRKR).`;
    case 'up':
      return `${paint('good', 'up')}: DEMOBRKR has logged on.`;
    case 'down':
      return `${paint('doubt', 'down')}: ${news.reason}`;
    case 'mark':
      return `${news.sent} messages sent; a good moment to restart the other side.`;
    case 'reset':
      return 'Intraday reset: both sides begin at 1 again.';
    case 'trouble':
      return `${paint('doubt', news.code)}: ${news.message}`;
    case 'played':
      return `Everything was played: ${news.sent} messages, and the other side has them all.`;
  }
}
