import type { Entry } from '../contract/entry.ts';
import type { Log, ReadOptions } from '../contract/log.ts';
import { decodeEvent, type Event, economics } from '../events/index.ts';
import type { Standing } from './events-options.ts';

export interface StandingEvent {
  readonly event: Event;
  readonly standing: Standing;
  /** Offset of the entry that carries it. */
  readonly offset: number;
  /** Id of the event that told the fact first, where this one does not. */
  readonly first?: string;
}

export async function* standingEvents(
  log: Log,
  _directory: string,
  options: ReadOptions = {},
): AsyncIterable<StandingEvent> {
  const facts = new Map<string, { id: string; economics: string }>();
  for await (const entry of log.read(options)) yield* ofEntry(entry, facts);
}

function* ofEntry(
  entry: Entry,
  facts: Map<string, { id: string; economics: string }>,
): Iterable<StandingEvent> {
  for (const bytes of entry.events) {
    const event = decodeEvent(bytes);
    const key = event.businessKey;
    const first = key === undefined ? undefined : facts.get(key);
    if (first === undefined) {
      if (key !== undefined) facts.set(key, { id: event.id, economics: economics(event) });
      yield { event, standing: 'first', offset: entry.offset };
    } else {
      const same = first.economics === economics(event);
      yield { event, standing: same ? 'repeated' : 'conflict', offset: entry.offset, first: first.id };
    }
  }
}
