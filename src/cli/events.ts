import type { JsonValue } from '../core/json.ts';
import { nearest } from '../core/nearest.ts';
import { cloudEvent, type Event, eventJson, eventTypes, maskedEvent } from '../events/index.ts';
import { type CommandContext, cliError, type ExitCode, printJson } from './context.ts';
import { eventText } from './event-line.ts';
import type { EventsOptions } from './events-options.ts';
import { jsonOf } from './json-of.ts';
import { entriesOf } from './reading.ts';
import { type StandingEvent, standingEvents } from './standing.ts';
import { tableWriter } from './table.ts';
import { type Views, withViews } from './views.ts';

/** `clearport events`: what happened, in the order in which it was received, with the standing of each event. */
export function events(context: CommandContext, options: EventsOptions): Promise<ExitCode> {
  checkType(options.type);
  return withViews(context, options, (views) => printEvents(context, options, views));
}

/** A type that is not there would look like a day on which nothing happened. */
function checkType(type: string | undefined): void {
  const known = ['unknown', ...eventTypes];
  if (type === undefined || known.some((one) => one === type || one.startsWith(`${type}.`))) return;
  const families = known.map((one) => one.split('.')[0] ?? one);
  const meant = nearest(type, new Set([...known, ...families]));
  throw cliError('CLI_USAGE', `there is no type "${type}" of events`, {
    remedy: meant === undefined ? 'docs/events.md lists all types and families' : `Did you mean "${meant}"?`,
  });
}

async function printEvents(context: CommandContext, options: EventsOptions, views: Views): Promise<ExitCode> {
  const { printer, terminal, paint } = context;
  const table = tableWriter(columns, (line) => printer.line(line), terminal.columns);
  const settle = async (): Promise<void> => {
    await table.flush();
    await printer.flush();
  };
  for await (const entry of entriesOf(context, views.log, options, settle)) {
    for (const one of await standingEvents(entry, views.projections)) {
      if (!wanted(one, options)) continue;
      if (options.cloudevents === true) await printJson(context, enveloped(one));
      else if (context.json) await printJson(context, standingJson(one));
      else await table.row(eventRow(one, options.unmasked === true, paint));
    }
  }
  await settle();
  return 0;
}

/** The public form of one line of `events --json`. */
export function standingJson({ event, standing, first, offset, index }: StandingEvent): JsonValue {
  return { offset, index, standing, ...(first !== undefined && { first }), event: eventJson(event) };
}

/** CloudEvents 1.0; the standing is an extension attribute. */
function enveloped({ event, standing, offset }: StandingEvent): JsonValue {
  const source = `urn:clearport:${event.tenant}`;
  return jsonOf({ ...cloudEvent(event, { source, sequence: offset }), standing });
}

/** `--type trade` is the family, `--type trade.executed` one type of it. */
function wanted({ event, standing }: StandingEvent, options: EventsOptions): boolean {
  const { type } = options;
  const typed = type === undefined || event.type === type || event.type.startsWith(`${type}.`);
  return typed && (options.standing ?? standing) === standing;
}

const columns = [
  { head: 'received (UTC)' },
  { head: 'channel' },
  { head: 'event' },
  { head: 'standing' },
  { head: 'account' },
  { head: 'says', shrinks: true },
  { head: 'offset', align: 'right' as const },
];

const standingTones = { first: 'good', repeated: 'quiet', conflict: 'bad', void: 'quiet' } as const;

function eventRow(one: StandingEvent, unmasked: boolean, paint: CommandContext['paint']): string[] {
  const shown: Event = unmasked ? one.told : maskedEvent(one.told);
  return [
    shown.receivedAt.slice(0, 23).replace('T', ' '),
    shown.channel,
    one.event.type,
    paint(standingTones[one.standing], one.standing),
    shown.account ?? '',
    eventText(shown),
    String(one.offset),
  ];
}
