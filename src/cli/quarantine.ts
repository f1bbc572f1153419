import { latin1Text, shownText } from '../core/bytes.ts';
import type { Decision, QuarantinedDetail, QuarantinedEntry } from '../gateway/index.ts';
import {
  configurationOf,
  offsetOf,
  type PersonOptions,
  personOf,
  type ReadingOptions,
  withControls,
} from './configured.ts';
import { type CommandContext, type ExitCode, printJson } from './context.ts';
import { issueLine, viewLines } from './decode-lines.ts';
import { differenceLines, textLines } from './difference-lines.ts';
import { jsonOf } from './json-of.ts';
import { input } from './pieces.ts';
import { remedies } from './remedies.ts';
import { tableLines } from './table.ts';

export interface QuarantineOptions extends ReadingOptions, PersonOptions {
  readonly channel?: string;
  readonly unmasked?: boolean;
  readonly file?: string;
}

/** `clearport quarantine list`: what waits for a person. Exit code 1 when anything does. */
export async function quarantineList(context: CommandContext, options: QuarantineOptions): Promise<ExitCode> {
  const { channel } = options;
  const selection = channel === undefined ? {} : { channel };
  const found = await withControls(context, options, (control) => control.quarantine(selection));
  if (context.json) for (const entry of found) await printJson(context, jsonOf(entry));
  else await printList(context, found);
  return found.length === 0 ? 0 : 1;
}

/** `clearport quarantine show`: one entry, its bytes and what today's codec makes of them. */
export async function quarantineShow(
  context: CommandContext,
  offset: string,
  options: QuarantineOptions,
): Promise<ExitCode> {
  const detail = await withControls(context, options, (control) => control.quarantined(offsetOf(offset)));
  if (context.json) await printJson(context, jsonOf(detail));
  else {
    const unmasked = options.unmasked === true;
    const fields = await fieldLines(context, detail, options);
    const mends = await remedies();
    for (const line of [...detailLines(detail, unmasked, context, mends), ...fields])
      await context.printer.line(line);
  }
  return 0;
}

/** `clearport quarantine release|discard`: a decision about one entry or several, each written with its reason. */
export async function quarantineDecide(
  context: CommandContext,
  action: 'release' | 'discard',
  offsets: readonly string[],
  options: QuarantineOptions,
): Promise<ExitCode> {
  const person = personOf(options);
  const chosen = offsets.map(offsetOf);
  await withControls(context, options, async (control) => {
    for (const offset of chosen) await told(context, action, await control[action](offset, person));
  });
  return 0;
}

/** `clearport quarantine repair`: reads an entry by other bytes. */
export async function quarantineRepair(
  context: CommandContext,
  offset: string,
  options: QuarantineOptions,
): Promise<ExitCode> {
  const person = personOf(options);
  const parts: Uint8Array[] = [];
  for await (const chunk of input(context, options.file ?? '-')) parts.push(chunk);
  const bytes = Buffer.concat(parts);
  const decision = await withControls(context, options, (control) =>
    control.repair(offsetOf(offset), bytes, person),
  );
  await told(context, 'repair', decision);
  return 0;
}

async function printList(context: CommandContext, found: readonly QuarantinedEntry[]): Promise<void> {
  if (found.length === 0) return context.printer.line('Nothing is in quarantine.');
  const columns = [
    { head: 'offset', align: 'right' as const },
    { head: 'channel' },
    { head: 'received (UTC)' },
    { head: 'type' },
    { head: 'bytes', align: 'right' as const },
    { head: 'why', shrinks: true },
  ];
  const rows = found.map((entry) => [
    String(entry.offset),
    entry.channel,
    entry.receivedAt.slice(0, 19).replace('T', ' '),
    entry.type ?? '-',
    String(entry.size),
    whyOf(entry),
  ]);
  for (const line of tableLines(columns, rows, context.terminal.columns)) await context.printer.line(line);
  context.note(
    '"clearport quarantine show OFFSET" shows one with its mend; release, discard or repair decides it.',
  );
}

/** The first error names the cause; the rest repeats it. */
function whyOf(entry: QuarantinedEntry): string {
  const issue = entry.issues.find(({ severity }) => severity === 'error') ?? entry.issues[0];
  return issue === undefined ? 'no reason was recorded' : `${issue.code}: ${issue.message}`;
}

function detailLines(
  detail: QuarantinedDetail,
  unmasked: boolean,
  { paint }: CommandContext,
  mends: ReadonlyMap<string, string>,
): string[] {
  const bytes = unmasked ? shownText(latin1Text(Buffer.from(detail.bytes, 'base64')), 4096) : detail.shown;
  const { decided } = detail;
  return [
    `${paint('strong', `${detail.channel} ${detail.origin}`)}  offset ${detail.offset}, received ${detail.receivedAt}`,
    ...detail.issues.flatMap((issue) => {
      const mend = mends.get(issue.code);
      return [
        issueLine(issue, paint, unmasked),
        ...(mend === undefined ? [] : [`    ${paint('quiet', 'mend')}  ${mend}`]),
      ];
    }),
    ...(decided?.by === undefined ? [] : [`  decided by ${decided.by}: ${decided.reason ?? ''}`]),
    ...(detail.difference === undefined ? [] : differenceLines(detail.difference, unmasked, paint)),
    '',
    ...textLines(bytes),
  ];
}

/** The fields of the entry, as the codec of its channel reads its bytes; none where it cannot. */
async function fieldLines(
  context: CommandContext,
  detail: QuarantinedDetail,
  options: QuarantineOptions,
): Promise<string[]> {
  // A whole file is many messages; its text says enough.
  if (detail.type === 'file') return [];
  const { codecFor } = await import('../gateway/index.ts');
  const { channels } = await configurationOf(context, options);
  const codecs = channels.get(detail.channel)?.codecs ?? [];
  const bytes = Buffer.from(detail.bytes, 'base64');
  const codec = codecs[0] && codecFor({ codec: codecs[0], codecs }, bytes);
  const message = codec?.decode({ bytes }).message;
  return message === undefined ? [] : ['', ...viewLines(message.view(), options.unmasked === true)];
}

async function told(context: CommandContext, action: string, decision: Decision): Promise<void> {
  if (context.json) return printJson(context, jsonOf(decision));
  const { offset, origin, outcome, events, later } = decision;
  const done =
    later === true ? 'done; its channel books the file at its next look' : `done, ${events.length} events`;
  const what = outcome === 'repeated' ? 'was done before; nothing was written' : done;
  return context.printer.line(`${action} ${offset} (${origin}): ${what}`);
}
