import assert from 'node:assert/strict';
import type { JsonValue } from '../core/json.ts';
import type { Event } from './event.ts';
import { eventJson } from './json.ts';
import { eventSchemaId } from './schema.ts';

/** What the envelope needs and the event does not say. */
export interface CloudEventOptions {
  /** URI reference of who sends it out; with the id, unique for ever: `urn:clearport:broker:prod`. */
  readonly source: string;
  /** What orders events inside a partition: the log's offset or the channel's sequence. */
  readonly sequence?: number;
  /** Events with the same key stay in order; left out: the channel. Never an account: the envelope is not masked. */
  readonly partitionKey?: string;
  /** Absolute URI of the schema of `data`; left out: the name that the schema gives itself. */
  readonly dataSchema?: string;
}

/** A CloudEvents 1.0 event in structured mode. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  readonly partitionkey: string;
  readonly sequence?: string;
  readonly data: JsonValue;
}

/**
 * The event in its envelope for the way out. `type` is `org.clearport.trade.executed.v1`; `subject` is the business
 * key; `time` is when it happened if the source said that as RFC 3339 asks (with a zone), else when it was received,
 * for every event by this same rule; `sequence` is padded so that it sorts as text; `data` is the whole JSON form.
 * Source: CloudEvents 1.0.2, "Context Attributes"; its extensions "Partitioning" and "Sequence".
 */
export function cloudEvent(event: Event, options: CloudEventOptions): CloudEvent {
  const { source, sequence, partitionKey, dataSchema } = options;
  assert(source !== '', 'a CloudEvents source is never empty');
  return {
    specversion: '1.0',
    id: event.id,
    source,
    type: `org.clearport.${event.type}.v1`,
    ...(event.businessKey !== undefined && { subject: event.businessKey }),
    time: timeOf(event),
    datacontenttype: 'application/json',
    dataschema: dataSchema ?? eventSchemaId,
    partitionkey: partitionKey ?? event.channel,
    ...(sequence !== undefined && { sequence: String(sequence).padStart(16, '0') }),
    data: eventJson(event),
  };
}

/** Source: RFC 3339, section 5.6: date, time to the second at least, and an offset. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function timeOf({ occurredAt, receivedAt }: Event): string {
  return occurredAt !== undefined && instant.test(occurredAt) ? occurredAt : receivedAt;
}
