import type { Entry } from '../contract/entry.ts';
import { decodeEvent, type Event } from '../events/index.ts';
import type { Projections, Standing, Telling } from '../log/index.ts';

/** An event with what it is to its fact. */
export interface StandingEvent {
  /** As it is shown: a trade that was told before is a `trade.repeated` that names the first telling. */
  readonly event: Event;
  /** As it was told. */
  readonly told: Event;
  readonly standing: Standing;
  /** Id of the event that told the fact first, where that is another one. */
  readonly first: string | undefined;
  /** Offset of the entry that carries it, and which of its events it is, from 0. */
  readonly offset: number;
  readonly index: number;
}

/** The events of an entry with their standing; the views are brought up to date where they are behind. */
export async function standingEvents(
  entry: Entry,
  projections: Projections,
): Promise<readonly StandingEvent[]> {
  if (entry.events.length === 0) return [];
  let tellings = projections.facts.entry(entry.offset);
  if (tellings.length === 0) {
    await projections.catchUp();
    tellings = projections.facts.entry(entry.offset);
  }
  return entry.events.map((bytes, index) => {
    const telling = tellings.find((one) => one.index === index);
    return standingEvent(decodeEvent(bytes), entry.offset, index, telling);
  });
}

function standingEvent(
  told: Event,
  offset: number,
  index: number,
  telling: Telling | undefined,
): StandingEvent {
  const standing = telling?.standing ?? 'first';
  const first = telling?.first;
  const event = standing === 'repeated' && told.type.startsWith('trade.') ? repeatOf(told, first) : told;
  return { event, told, standing, first, offset, index };
}

/** The same telling, shown as what it is: a repeat. What it said stands in the log, under its offset. */
function repeatOf(told: Event, first: string | undefined): Event {
  const data = { toldAs: told.type, ...(first !== undefined && { repeats: first }) };
  return { ...told, type: 'trade.repeated', data };
}
