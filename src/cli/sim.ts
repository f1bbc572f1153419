import type { FirmNews, PlantedCase } from '../../certification/simulators/clearing-firm/index.ts';
import { type CommandContext, cliError, type ExitCode } from './context.ts';

export interface SimulatorOptions {
  readonly port: number;
  readonly seed: number;
  readonly executions: number;
  readonly rate: number;
  readonly scenario: 'morning';
  readonly leaveOut?: readonly PlantedCase[];
  readonly once?: boolean;
}

/**
 * `clearport sim clearing-firm`: listens on 127.0.0.1 and plays its morning to whoever logs on; then stays, as a
 * counterparty does, until it is told to end. With `--json` the first line holds the port.
 */
export async function sim(
  context: CommandContext,
  name: string,
  options: SimulatorOptions,
): Promise<ExitCode> {
  const firm = await import('../../certification/simulators/clearing-firm/index.ts');
  if (name !== 'clearing-firm')
    throw cliError('CLI_USAGE', `there is no simulated counterparty "${name}"`, {
      remedy: 'known: clearing-firm',
    });
  if (options.executions < firm.executionsMin)
    throw cliError('CLI_USAGE', `--executions ${options.executions} leaves no room for the planted cases`, {
      remedy: `use ${firm.executionsMin} or more`,
    });
  context.terminal.listenForSignals();
  const { interrupted, clock } = context.terminal;
  const running = await firm.openClearingFirm({
    ...firm.morningDefaults,
    ...options,
    leaveOut: options.leaveOut ?? [],
    clock,
    tell: (news) => void tell(context, news),
  });
  const ended = new Promise<void>((resolve) => {
    interrupted.addEventListener('abort', () => resolve(), { once: true });
    if (interrupted.aborted) resolve();
  });
  await Promise.race([ended, options.once === true ? running.played : ended]);
  await running.close();
  return 0;
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
