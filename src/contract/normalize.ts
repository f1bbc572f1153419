import { isoOfMicros } from '../core/clock.ts';
import type { Event, EventCommon, EventOf, EventType } from '../events/event.ts';
import type { EventDataByType } from '../events/event-types.ts';
import { eventId } from '../events/identity.ts';
import type { NormalizeContext } from './codec.ts';
import { originText } from './origin.ts';

/** Data on its way into an event: members that may be left out may also be undefined or empty, and are left out then. */
export type Given<T> = T extends string | number | boolean | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Given<Item>[]
    : {
        readonly [K in keyof T]: Record<never, never> extends Pick<T, K>
          ? Given<T[K]> | undefined
          : Given<T[K]>;
      };

/** The common attributes that the context gives every event, whatever its message says. */
type FromContext =
  | 'id'
  | 'channel'
  | 'perspective'
  | 'tenant'
  | 'origin'
  | 'revision'
  | 'slot'
  | 'receivedAt';

export type GivenAttributes = Given<Omit<EventCommon, FromContext | 'unknown'>>;

/**
 * An event of one message. `slot` is its stable name inside the message (`trade`, `allocation`; with an id where there
 * can be more than one), never an ordinal. The context gives id, channel, perspective, tenant, origin, revision, time
 * of receipt, and the reporter where the attributes do not name one. Members that are undefined, empty text or empty
 * lists are left out, at every depth.
 */
export function eventOf<T extends EventType>(
  context: NormalizeContext,
  slot: string,
  type: T,
  attributes: GivenAttributes,
  data: Given<EventDataByType[T]>,
): EventOf<T> {
  const origin = originText(context.origin);
  const common: Given<EventCommon> = {
    id: eventId(context.channel, origin, slot, context.revision),
    channel: context.channel,
    perspective: context.perspective,
    tenant: context.tenant,
    origin,
    revision: context.revision,
    slot,
    reportedBy: context.reportedBy,
    reporterRole: context.reporterRole,
    receivedAt: isoOfMicros(context.receivedAt),
  };
  const event: Record<string, unknown> = {};
  fill(event, common);
  fill(event, attributes);
  event['type'] = type;
  event['data'] = fill({}, data);
  return event as unknown as EventOf<T>;
}

/** Copies what is not empty. A list keeps its length: an empty member of it would be somebody else's number. */
function fill(event: Record<string, unknown>, given: object): object {
  const members = given as Readonly<Record<string, unknown>>;
  for (const name in members) {
    const member = members[name];
    if (member === undefined || member === '') continue;
    if (typeof member !== 'object' || member === null) event[name] = member;
    else if (!Array.isArray(member)) event[name] = fill({}, member);
    else if (member.length > 0) event[name] = member.map(filledItem);
  }
  return event;
}

function filledItem(item: unknown): unknown {
  return typeof item === 'object' && item !== null ? fill({}, item) : item;
}

/**
 * The events of one message, each under a slot of its own: a message that says one thing twice where the standard has it once
 * gives both, the later ones as `NAME-2`, `NAME-3`.
 */
export function inOwnSlots(context: NormalizeContext, events: readonly Event[]): readonly Event[] {
  /** By slot: the number that the next one of this name gets. */
  const taken = new Map<string, number>();
  return events.map((event) => {
    let { slot } = event;
    let count = taken.get(slot) ?? 1;
    for (; taken.has(slot); slot = `${event.slot}-${count}`) count += 1;
    taken.set(event.slot, count);
    taken.set(slot, taken.get(slot) ?? 1);
    if (slot === event.slot) return event;
    const id = eventId(context.channel, originText(context.origin), slot, context.revision);
    return { ...event, id, slot };
  });
}
