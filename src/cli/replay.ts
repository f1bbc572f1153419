import type { JsonValue } from '../core/json.ts';
import type { ReplayDifference, ReplayReport } from '../gateway/index.ts';
import { type PersonOptions, personOf, type ReadingOptions, withControls } from './configured.ts';
import { type CommandContext, type ExitCode, printJson } from './context.ts';
import { jsonOf } from './json-of.ts';

export interface ReplayOptions extends ReadingOptions, PersonOptions {
  readonly dryRun?: boolean;
  readonly quarantined?: boolean;
  readonly channel?: string;
  readonly from?: number;
  readonly to?: number;
}

/** `clearport replay`: what today's codecs would say of the log, and with a reason, makes it so. Exit code 1: a dry run found a difference. */
export async function replay(context: CommandContext, options: ReplayOptions): Promise<ExitCode> {
  const dryRun = options.dryRun === true;
  const person = dryRun ? { by: 'dry run', reason: 'dry run' } : personOf(options);
  const { channel, from, to } = options;
  const request = {
    dryRun,
    quarantinedOnly: options.quarantined === true,
    ...(channel !== undefined && { channel }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  const report = await withControls(context, options, (control) => control.replay(request, person));
  if (context.json) await printJson(context, jsonOf(report));
  else for (const line of reportLines(report, context)) await context.printer.line(line);
  return dryRun && report.differences.length > 0 ? 1 : 0;
}

function reportLines(report: ReplayReport, { paint }: CommandContext): string[] {
  const told = report.changed + report.understood + report.fails - report.differences.length;
  return [
    ...report.differences.flatMap((difference) => differenceLines(difference, paint)),
    ...(told > 0 ? [`and ${told} more differences`] : []),
    `${report.read} entries read: ${report.unchanged} unchanged, ${report.changed} changed, ` +
      `${report.understood} newly understood, ${report.fails} fail, ${report.stillHeld} still held`,
    `${report.eventsAdded} events added, ${report.eventsVoided} voided; ` +
      (report.dryRun ? 'dry run: nothing was committed' : `${report.committed} revisions committed`),
  ];
}

function differenceLines(difference: ReplayDifference, paint: CommandContext['paint']): string[] {
  const { channel, offset, origin, kind, added, voided, issues } = difference;
  return [
    `${paint('strong', kind)}  ${channel} ${origin}  offset ${offset}`,
    ...voided.map((event) => paint('bad', `  - ${brief(event)}`)),
    ...added.map((event) => paint('good', `  + ${brief(event)}`)),
    ...issues.map((issue) => `  ${issue.severity} ${issue.code}: ${issue.message}`),
  ];
}

/** Type and id of an event, and what it says about itself. */
function brief(event: JsonValue): string {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return String(event);
  const { type, id, data } = event as { readonly [key: string]: JsonValue | undefined };
  return `${String(type)}  ${String(id)}  ${JSON.stringify(data ?? {})}`;
}
