import type { ConfigurationFinding } from '../gateway/index.ts';
import { type CommandContext, type ExitCode, pathOf, printJson } from './context.ts';

export interface ConfigOptions {
  readonly config: string;
}

/** `clearport check`: everything that is wrong with a configuration. Exit code 2 when it cannot be used. */
export async function check(context: CommandContext, options: ConfigOptions): Promise<ExitCode> {
  const { checkConfiguration } = await import('../gateway/index.ts');
  const path = pathOf(context, options.config);
  const { configuration, findings } = await checkConfiguration(path, context.terminal.env);
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
  } else {
    for (const finding of findings)
      for (const line of findingLines(path, finding, context)) await context.printer.line(line);
    if (configuration !== undefined)
      await context.printer.line(
        `${context.paint('good', 'ok')}  ${path}: ${channels.length} channel${channels.length === 1 ? '' : 's'} (${channels.join(', ')})`,
      );
  }
  return configuration === undefined ? 2 : 0;
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
