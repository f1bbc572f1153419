import type { Message } from 'rhea';
import { concatBytes, utf8Bytes } from '../../src/core/bytes.ts';

/** What of a message is ours: its own id, its bytes, and everything that was said about them. */
export interface ReadMessage {
  readonly id: string | undefined;
  readonly bytes: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
  readonly redeliveries: number;
}

/** Typecodes of body sections. Source: OASIS AMQP 1.0, part 3, section 3.2.6 to 3.2.8. */
const dataSection = 0x75;

/** Fields of the properties section, as the standard writes them. Source: OASIS AMQP 1.0, part 3, section 3.2.4. */
const standardFields = [
  'message_id',
  'user_id',
  'to',
  'subject',
  'reply_to',
  'correlation_id',
  'content_type',
  'content_encoding',
  'absolute_expiry_time',
  'creation_time',
  'group_id',
  'group_sequence',
  'reply_to_group_id',
] as const;

/**
 * A message as it is kept. `properties` are the application's under their own names, and the standard's under
 * `amqp.` and theirs, such as `amqp.content-type`; values that are no single value are left out.
 */
export function readMessage(message: Message | Uint8Array): ReadMessage {
  // A message in a format of its own is not taken apart by the library.
  if (message instanceof Uint8Array)
    return { id: undefined, bytes: Uint8Array.from(message), properties: {}, redeliveries: 0 };
  return {
    id: textOf(message.message_id),
    bytes: bytesOf(message.body),
    properties: propertiesOf(message),
    redeliveries: redeliveriesOf(message),
  };
}

/** Data sections one after the other, or the text or binary of an amqp-value; anything else as JSON, to be looked at. */
function bytesOf(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return utf8Bytes(body);
  if (body instanceof Uint8Array) return Uint8Array.from(body);
  if (isSection(body) && body.typecode === dataSection) {
    const parts = body.multiple === true && Array.isArray(body.content) ? body.content : [body.content];
    return concatBytes(parts.filter((part): part is Uint8Array => part instanceof Uint8Array));
  }
  return utf8Bytes(JSON.stringify(isSection(body) ? body.content : body) ?? '');
}

function propertiesOf(message: Message): Readonly<Record<string, string>> {
  const own = Object.entries(message.application_properties ?? {});
  const standard = standardFields.map(
    (field) => [`amqp.${field.replaceAll('_', '-')}`, message[field]] as const,
  );
  const annotations = Object.entries(message.message_annotations ?? {}).map(
    ([name, value]) => [`amqp.annotation.${name}`, value] as const,
  );
  const told = [...own, ...annotations, ...standard].flatMap(([name, value]) => {
    const text = textOf(value);
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(told);
}

/** The broker's own count; where it only says that it was not the first time, once. */
function redeliveriesOf(message: Message): number {
  const counts = [message.delivery_count, message.message_annotations?.['x-delivery-count']];
  const told = counts.find((count) => typeof count === 'number' && count > 0);
  if (typeof told === 'number') return told;
  return message.first_acquirer === false ? 1 : 0;
}

/** A single value as text: 16 bytes as a UUID, other bytes as hex, times as ISO 8601. Undefined for what has parts. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return hexOrUuid(Buffer.from(value).toString('hex'));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  return typeof value === 'object' ? undefined : String(value);
}

function hexOrUuid(hex: string): string {
  if (hex.length !== 32) return hex;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

interface Section {
  readonly typecode: number;
  readonly content: unknown;
  readonly multiple?: boolean;
}

function isSection(body: unknown): body is Section {
  return typeof body === 'object' && body !== null && 'typecode' in body && 'content' in body;
}
