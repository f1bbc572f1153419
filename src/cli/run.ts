import type { Configuration, Gateway } from '../gateway/index.ts';
import type { ConfigOptions } from './check.ts';
import { fileClock } from './clock-file.ts';
import { configurationOf, type ReadingOptions } from './configured.ts';
import { type CommandContext, type ExitCode, pathOf, printJson } from './context.ts';
import { keepHeapSteady } from './steady-heap.ts';

export interface RunCommandOptions extends ConfigOptions, ReadingOptions {
  /** A file whose time is now. */
  readonly clock?: string;
}

/**
 * `clearport run`: the gateway, until it is told to stop. Its log goes to standard error (or to the configured file) as
 * one JSON object a line; standard output says once that it is ready.
 */
export async function run(context: CommandContext, options: RunCommandOptions): Promise<ExitCode> {
  const configuration = await configurationOf(context, options);
  keepHeapSteady();
  const { createLogger, installCrashHandler, runGateway } = await import('../gateway/index.ts');
  const { dayProjections, ledgerFollowers } = await import('./projections.ts');
  const { level, file } = configuration.log;
  const { mask } = configuration;
  const logger = createLogger({ level, mask, ...(file !== undefined && { file }) });
  const remove = installCrashHandler(logger, mask);
  try {
    const clock =
      options.clock === undefined
        ? context.terminal.clock
        : fileClock(pathOf(context, options.clock), context.terminal.clock);
    if (clock.source !== undefined) logger.warn({ clock: clock.source }, "not the machine's time");
    await runGateway({
      configuration,
      clock,
      logger,
      projections: dayProjections(configuration),
      followers: (own) => ledgerFollowers(configuration, own, logger),
      ready: (gateway) => void sayReady(context, configuration, gateway),
    });
    return 0;
  } finally {
    remove();
  }
}

async function sayReady(
  context: CommandContext,
  configuration: Configuration,
  gateway: Gateway,
): Promise<void> {
  const { data } = configuration;
  const { channels, clock } = await gateway.status();
  const names = channels.map(({ channel }) => channel);
  if (context.json)
    await printJson(context, {
      ready: true,
      pid: process.pid,
      data,
      channels: names,
      ...(clock && { clock }),
    });
  else
    await context.printer.line(
      `${context.paint('good', 'ready')}  ${names.length === 0 ? 'no channels' : names.join(', ')}  data in ${data}`,
    );
  if (clock !== undefined && !context.json)
    await context.printer.line(`${context.paint('doubt', 'time')}   ${clock.now}: ${clock.source}`);
  await context.printer.flush();
}
