import type { Decoded } from '../contract/codec.ts';
import type { Entry } from '../contract/entry.ts';
import type { JsonValue } from '../core/json.ts';
import { nearest } from '../core/nearest.ts';
import { maskedEvent, searchKinds } from '../events/index.ts';
import type { SearchHit } from '../log/index.ts';
import type { ReadingOptions } from './configured.ts';
import { type CommandContext, cliError, type ExitCode, printJson } from './context.ts';
import { issueJson } from './decode.ts';
import { issueLine, viewLines } from './decode-lines.ts';
import { entryJson } from './entries.ts';
import { entryDecoder } from './entry-codec.ts';
import { eventLine, eventText } from './event-line.ts';
import { standingJson } from './events.ts';
import { type StandingEvent, standingEvents } from './standing.ts';
import { tableLines } from './table.ts';
import { type Views, withViews } from './views.ts';

export interface FindOptions extends ReadingOptions {
  readonly show?: boolean;
  readonly limit: number;
  readonly unmasked?: boolean;
}

/** `clearport find`: every event under a business key, whatever sort of key it is. */
export function find(context: CommandContext, key: string, options: FindOptions): Promise<ExitCode> {
  return withViews<ExitCode>(context, options, async (views) => {
    const hits = hitsOf(views, key, options.limit);
    if (hits.length === 0) checkKind(key);
    const found: StandingEvent[] = [];
    for (const hit of hits) found.push(...(await eventOfHit(views, hit)));
    if (options.show === true) await show(context, views, found, options);
    else if (context.json) for (const one of found) await printJson(context, standingJson(one));
    else await list(context, key, found, options);
    return 0;
  });
}

/** `exec:E123` asks for one kind of key; where that finds nothing, the text as a whole may be a key. */
function hitsOf({ projections }: Views, key: string, limit: number): readonly SearchHit[] {
  const query = { voided: true, limit };
  const named = namedKind(key);
  const hits = named === undefined ? [] : projections.search.find({ ...query, ...named });
  return hits.length > 0 ? hits : projections.search.find({ ...query, value: key });
}

function namedKind(key: string): { readonly kind: string; readonly value: string } | undefined {
  const [, kind, value] = /^([a-zA-Z-]+):(.+)$/.exec(key) ?? [];
  return kind === undefined || value === undefined ? undefined : { kind, value };
}

/** A kind that is not there would look like a key that nobody used. */
function checkKind(key: string): void {
  const kind = namedKind(key)?.kind;
  const kinds = searchKinds();
  if (kind === undefined || kinds.includes(kind)) return;
  const meant = nearest(kind, kinds);
  const hint = meant === undefined ? '' : `Did you mean "${meant}"? `;
  throw cliError('CLI_USAGE', `"${kind}" is no kind of key, and nothing is known under the whole of it`, {
    remedy: `${hint}Kinds are ${kinds.join(', ')}; without one, every kind is looked at`,
  });
}

async function eventOfHit({ log, projections }: Views, hit: SearchHit): Promise<readonly StandingEvent[]> {
  const entry = await log.get(hit.offset);
  if (entry === undefined) return [];
  return (await standingEvents(entry, projections)).filter((one) => one.index === hit.index);
}

async function list(
  context: CommandContext,
  key: string,
  found: readonly StandingEvent[],
  options: FindOptions,
): Promise<void> {
  const { printer, terminal } = context;
  if (found.length === 0) {
    await printer.line(`Nothing is known under ${key}.`);
    return;
  }
  const columns = [
    { head: 'offset', align: 'right' as const },
    { head: 'received (UTC)' },
    { head: 'channel' },
    { head: 'event' },
    { head: 'standing' },
    { head: 'account' },
    { head: 'says', shrinks: true },
  ];
  const rows = found.map((one) => {
    const shown = options.unmasked === true ? one.told : maskedEvent(one.told);
    const received = shown.receivedAt.slice(0, 23).replace('T', ' ');
    const { offset, event, standing } = one;
    return [
      String(offset),
      received,
      shown.channel,
      event.type,
      standing,
      shown.account ?? '',
      eventText(shown),
    ];
  });
  for (const line of tableLines(columns, rows, terminal.columns)) await printer.line(line);
  if (found.length === options.limit) context.note(`only the first ${options.limit}; --limit shows more`);
}

/** Each message whole: where it came from, its fields, and what it meant. */
async function show(
  context: CommandContext,
  { log, projections }: Views,
  found: readonly StandingEvent[],
  options: FindOptions,
): Promise<void> {
  const decode = await entryDecoder(context, options);
  for (const offset of new Set(found.map((one) => one.offset))) {
    const entry = await log.get(offset);
    if (entry === undefined) continue;
    const told = await standingEvents(entry, projections);
    if (context.json) await printJson(context, shownJson(entry, await decode(log, entry), told));
    else
      for (const line of shownLines(
        context,
        entry,
        await decode(log, entry),
        told,
        options.unmasked === true,
      ))
        await context.printer.line(line);
  }
}

function shownJson(entry: Entry, decoded: Decoded | undefined, told: readonly StandingEvent[]): JsonValue {
  const { message, issues } = decoded ?? { message: undefined, issues: entry.issues };
  return {
    entry: entryJson(entry),
    message: message?.view() ?? null,
    issues: issues.map(issueJson),
    events: told.map(standingJson),
  };
}

function shownLines(
  { paint }: CommandContext,
  entry: Entry,
  decoded: Decoded | undefined,
  told: readonly StandingEvent[],
  unmasked: boolean,
): string[] {
  const { message, issues } = decoded ?? { message: undefined, issues: entry.issues };
  const name = message === undefined ? entry.kind : `${message.standard} ${message.name}(${message.type})`;
  return [
    `${paint('strong', name)}  ${entry.channel}, offset ${entry.offset}, ${entry.direction}`,
    ...(message === undefined ? [] : viewLines(message.view(), unmasked)),
    ...issues.map((issue) => issueLine(issue, paint, unmasked)),
    ...told.map((one) => `  ${paint('good', '=>')} ${one.standing}  ${eventLine(one.told, unmasked)}`),
    '',
  ];
}
