import type { Entry } from '../contract/entry.ts';
import { originText } from '../contract/origin.ts';
import { isoOfMicros } from '../core/clock.ts';
import type { JsonValue } from '../core/json.ts';
import type { ReadingOptions } from './configured.ts';
import { type CommandContext, type ExitCode, printJson } from './context.ts';
import { issueJson } from './decode.ts';
import { entriesOf, openLog, type Range } from './reading.ts';
import { tableWriter } from './table.ts';

export interface EntriesOptions extends ReadingOptions, Range {
  readonly kind?: string;
}

/** `clearport entries`: everything that the log holds, in order, without its bytes. */
export async function entries(context: CommandContext, options: EntriesOptions): Promise<ExitCode> {
  const log = await openLog(context, options);
  const table = tableWriter(columns, (line) => context.printer.line(line), context.terminal.columns);
  const settle = async (): Promise<void> => {
    await table.flush();
    await context.printer.flush();
  };
  try {
    for await (const entry of entriesOf(context, log, options, settle)) {
      if (options.kind !== undefined && entry.kind !== options.kind) continue;
      if (context.json) await printJson(context, entryJson(entry));
      else await table.row(entryRow(entry));
    }
    await settle();
    return 0;
  } finally {
    await log.close();
  }
}

/** The public form of one line of `entries --json`: everything but the bytes. */
export function entryJson(entry: Entry): JsonValue {
  const { offset, channel, sequence, kind, direction, origin, receivedAt, type, size, storage } = entry;
  return {
    offset,
    channel,
    sequence,
    kind,
    direction,
    origin: originText(origin),
    receivedAt: isoOfMicros(receivedAt),
    ...(type !== undefined && { type }),
    size,
    storage,
    digest: entry.digest,
    events: entry.events.length,
    issues: entry.issues.map(issueJson),
    revision: entry.revision,
    ...(entry.voids !== undefined && { voids: entry.voids }),
    ...(entry.codec !== undefined && { codec: { ...entry.codec } }),
    ...(entry.by !== undefined && { by: entry.by }),
    ...(entry.reason !== undefined && { reason: entry.reason }),
    chain: entry.chain,
  };
}

const columns = [
  { head: 'offset', align: 'right' as const },
  { head: 'received (UTC)' },
  { head: 'channel' },
  { head: 'dir' },
  { head: 'kind' },
  { head: 'type' },
  { head: 'origin' },
  { head: 'bytes', align: 'right' as const },
  { head: 'events', align: 'right' as const },
  { head: 'note', shrinks: true },
];

function entryRow(entry: Entry): string[] {
  return [
    String(entry.offset),
    timeText(entry.receivedAt),
    entry.channel,
    entry.direction,
    entry.kind,
    entry.type ?? '',
    originText(entry.origin),
    String(entry.size),
    String(entry.events.length),
    entry.reason ?? entry.issues[0]?.code ?? '',
  ];
}

/** `2026-11-12 13:30:00.123`, UTC. */
export function timeText(micros: number): string {
  return isoOfMicros(micros).slice(0, 23).replace('T', ' ');
}
