import type { VerifyReport } from '../contract/log.ts';
import { dataDirectory, personOf, type ReadingOptions, withControls } from './configured.ts';
import { type CommandContext, type ExitCode, pathOf, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';

export interface BackupOptions extends ReadingOptions {
  readonly by?: string;
}
export type RestoreOptions = ReadingOptions;

/** `clearport backup`: a consistent, verified copy while appends go on. */
export async function backup(
  context: CommandContext,
  target: string,
  options: BackupOptions,
): Promise<ExitCode> {
  const path = pathOf(context, target);
  const person = personOf({ ...options, reason: 'backup' });
  const report = await withControls(context, options, (control) => control.backup(path, person));
  return told(context, `backup in ${path}`, report);
}

/** `clearport restore`: a verified backup into an empty data directory. */
export async function restore(
  context: CommandContext,
  source: string,
  options: RestoreOptions,
): Promise<ExitCode> {
  const { restore: restoreLog } = await import('../log/index.ts');
  const target = await dataDirectory(context, options);
  const report = await restoreLog(pathOf(context, source), target);
  return told(context, `restored to ${target}`, report);
}

async function told(context: CommandContext, what: string, report: VerifyReport): Promise<ExitCode> {
  if (context.json) await printJson(context, jsonOf(report));
  else {
    const { blocks, entries } = report;
    const verdict = report.ok ? context.paint('good', 'verified') : context.paint('bad', 'does not verify');
    await context.printer.line(`${what}: ${entries} entries in ${blocks} blocks, ${verdict}`);
  }
  return report.ok ? 0 : 1;
}
