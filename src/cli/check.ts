import type { JsonValue } from '../core/json.ts';
import type {
  ChannelReach,
  CheckedConfiguration,
  Configuration,
  ConfigurationFinding,
} from '../gateway/index.ts';
import { type CommandContext, type ExitCode, pathOf, printJson } from './context.ts';

export interface ConfigOptions {
  readonly config: string;
}

export interface CheckOptions extends ConfigOptions {
  readonly connect?: boolean;
}

/**
 * `clearport check`: everything that is wrong with a configuration, and with `--connect` which counterparties can be
 * reached. Exit code 2 when it cannot be used, 3 when somebody could not be reached.
 */
export async function check(context: CommandContext, options: CheckOptions): Promise<ExitCode> {
  const { checkConfiguration } = await import('../gateway/index.ts');
  const path = pathOf(context, options.config);
  const checked = await checkConfiguration(path, context.terminal.env);
  await printChecked(context, path, checked);
  if (checked.configuration === undefined) return 2;
  return options.connect === true ? connect(context, checked.configuration) : 0;
}

async function printChecked(
  context: CommandContext,
  path: string,
  { configuration, findings }: CheckedConfiguration,
): Promise<void> {
  const channels = [...(configuration?.channels.keys() ?? [])];
  if (context.json) {
    const list = findings.map(({ code, severity, message, at, remedy, file }) => ({
      code,
      severity,
      message,
      remedy,
      ...(at !== undefined && { at: { ...at } }),
      ...(file !== undefined && { file }),
    }));
    await printJson(context, { ok: configuration !== undefined, path, channels, findings: list });
    return;
  }
  for (const finding of findings)
    for (const line of findingLines(path, finding, context)) await context.printer.line(line);
  if (configuration !== undefined)
    await context.printer.line(
      `${context.paint('good', 'ok')}  ${path}: ${channels.length} channel${channels.length === 1 ? '' : 's'} (${channels.join(', ')})`,
    );
}

async function connect(context: CommandContext, configuration: Configuration): Promise<ExitCode> {
  const { reachChannels } = await import('../gateway/index.ts');
  context.hide(configuration.mask);
  const { clock, interrupted } = context.terminal;
  const all = await reachChannels(configuration, { clock, signal: interrupted });
  const bare = all.some(({ failure }) => failure !== undefined && failure.remedy === undefined);
  const known = bare ? await (await import('./remedies.ts')).remedies() : undefined;
  for (const one of all) {
    const remedy = one.failure?.remedy ?? known?.get(one.failure?.code ?? '');
    const lines = context.json ? [JSON.stringify(reachJson(one, remedy))] : reachLines(one, remedy, context);
    for (const line of lines) await context.printer.line(configuration.mask.text(line));
  }
  return all.some(({ failure }) => failure !== undefined) ? 3 : 0;
}

function reachJson(
  { channel, adapter, ms, reached, failure }: ChannelReach,
  remedy: string | undefined,
): JsonValue {
  const plain = { channel, adapter, reached: failure === undefined, ms };
  if (failure === undefined) return { ...plain, address: reached?.address ?? '', told: reached?.told ?? [] };
  const { code, message, place, retryable } = failure;
  return { ...plain, error: { code, message, place, remedy, retryable } };
}

function reachLines(
  { channel, ms, reached, failure }: ChannelReach,
  remedy: string | undefined,
  { paint }: CommandContext,
): string[] {
  if (failure === undefined) {
    const { address = '', told = [] } = reached ?? {};
    return [`${paint('good', 'reached')}  ${channel}  ${address}  ${ms} ms  ${told.join('; ')}`.trimEnd()];
  }
  const { code, message, place } = failure;
  return [
    `${paint('bad', 'not reached')}  ${channel}  ${paint('strong', code)}: ${message}  ${ms} ms`,
    ...(place === undefined ? [] : [`  ${paint('quiet', 'at    ')} ${place}`]),
    ...(remedy === undefined ? [] : [`  ${paint('quiet', 'mend  ')} ${remedy}`]),
  ];
}

export function findingLines(
  path: string,
  finding: ConfigurationFinding,
  { paint }: Pick<CommandContext, 'paint'>,
): string[] {
  const { at, code, severity, message, remedy, file = path } = finding;
  const place = at?.line === undefined ? file : `${file}:${at.line}:${at.column ?? 1}`;
  return [
    `${paint(severity === 'error' ? 'bad' : 'doubt', severity)} ${paint('strong', code)}: ${message}`,
    `  ${paint('quiet', 'at    ')} ${place}${at?.field === undefined ? '' : `  ${at.field}`}`,
    `  ${paint('quiet', 'mend  ')} ${remedy}`,
  ];
}
