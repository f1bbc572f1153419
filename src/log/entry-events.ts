import type { Entry } from '../contract/entry.ts';
import { GatewayError } from '../core/errors.ts';
import { catalogue } from '../events/catalogue.ts';
import { decodeEvent, type Event } from '../events/index.ts';
import { sha256 } from './draft.ts';

/** An event and its place in its entry, from 0. */
export interface PlacedEvent {
  readonly index: number;
  readonly event: Event;
}

const decoded = new WeakMap<Entry, readonly PlacedEvent[]>();

/** The events of an entry, decoded once for all views. What cannot be decoded is left to `verify` and its people. */
export function eventsOf(entry: Entry): readonly PlacedEvent[] {
  const known = decoded.get(entry);
  if (known !== undefined) return known;
  const events = entry.events.flatMap((bytes, index) => {
    const event = readable(bytes);
    return event === undefined ? [] : [{ index, event }];
  });
  decoded.set(entry, events);
  return events;
}

function readable(bytes: Uint8Array): Event | undefined {
  try {
    return decodeEvent(bytes);
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

let marks: string | undefined;

/** Changes when the catalogue marks other fields as keys or as economics: then views fold differently. */
export function catalogueFingerprint(): string {
  const { common, messages } = catalogue();
  marks ??= sha256(
    JSON.stringify(
      [common, ...messages].map(({ name, fields }) => [
        name,
        fields.map((field) => [field.number, field.name, field.key, field.economics, field.kind]),
      ]),
    ),
  ).slice(0, 16);
  return marks;
}
