import { isUtf8 } from 'node:buffer';
import protobuf from 'protobufjs';
import { GatewayError } from '../core/errors.ts';
import { catalogue, type FieldPlan, type MessagePlan } from './catalogue.ts';
import { placeOf } from './encode.ts';
import { type Event, isPerspective, type UnknownField } from './event.ts';

/**
 * The event that {@link encodeEvent} wrote, this version or another. Fields and types of a newer catalogue are kept in
 * `unknown`, as they came. Throws a `GatewayError` with the code `EVENT_DAMAGED` for bytes that no version writes:
 * stored events are ours, so their damage is the disk's or a program's, and never a counterparty's.
 */
export function decodeEvent(bytes: Uint8Array): Event {
  const reader = protobuf.Reader.create(bytes);
  const unknown: UnknownField[] = [];
  let event: Record<string, unknown>;
  try {
    event = readFields({ reader, unknown }, catalogue().common, bytes.length, '');
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw damaged(`it breaks off or is garbled near byte ${reader.pos}`, cause);
  }
  if (!isPerspective(event['perspective'])) throw damaged('its perspective is none that is known');
  if (event['type'] === undefined) {
    if (!unknown.some(({ at, number }) => at === '' && number >= dataNumberMin))
      throw damaged('it has no data');
    event['type'] = 'unknown';
    event['data'] = {};
  }
  if (unknown.length > 0) event['unknown'] = unknown;
  return event as unknown as Event;
}

/** Fields of `Event` from here on hold the data of one type each; below are the common attributes. */
export const dataNumberMin = 100;

interface Reading {
  readonly reader: protobuf.Reader;
  readonly unknown: UnknownField[];
}

function readFields(reading: Reading, plan: MessagePlan, end: number, at: string): Record<string, unknown> {
  const { reader } = reading;
  const members: Record<string, unknown> = {};
  while (reader.pos < end) {
    const start = reader.pos;
    const tag = reader.uint32();
    const field = plan.byTag.get(tag);
    if (field !== undefined) {
      if (readField(reading, field, members, at)) continue;
    } else if (plan.name === 'Event' && readData(reading, tag, members)) continue;
    keep(reading, start, tag, at);
  }
  if (reader.pos !== end) throw damaged(`a field of "${at}" runs over its end`);
  for (const { name, type } of plan.always) {
    if (members[name] === undefined) members[name] = type === 'string' ? '' : 0;
  }
  return members;
}

/** Reads one field into its member; false where the value is beyond what this version can hold. */
function readField(
  reading: Reading,
  field: FieldPlan,
  members: Record<string, unknown>,
  at: string,
): boolean {
  const { name } = field;
  if (!field.list) {
    if (members[name] !== undefined) throw damaged(`"${placeOf(at, name)}" stands there twice`);
    const place = field.message === undefined ? name : placeOf(at, name);
    const value = readValue(reading, field, place);
    if (value !== undefined) members[name] = value;
    return value !== undefined;
  }
  const list = (members[name] ?? []) as unknown[];
  const place = field.message === undefined ? name : `${placeOf(at, name)}.${list.length}`;
  list.push(readValue(reading, field, place));
  members[name] = list;
  return true;
}

/** Reads the data of the event, if this version knows the type that the tag stands for. */
function readData(reading: Reading, tag: number, members: Record<string, unknown>): boolean {
  const { typeByNumber, types } = catalogue();
  const type = typeByNumber.get(tag >>> 3);
  const plan = type === undefined ? undefined : types.get(type)?.message;
  if (plan === undefined || (tag & 7) !== 2) return false;
  if (members['type'] !== undefined) throw damaged('it has data of two types');
  members['type'] = type;
  members['data'] = readMessage(reading, plan, 'data');
  return true;
}

function readMessage(reading: Reading, plan: MessagePlan, place: string): Record<string, unknown> {
  const end = reading.reader.uint32() + reading.reader.pos;
  return readFields(reading, plan, end, place);
}

function readValue(reading: Reading, field: FieldPlan, place: string): unknown {
  const { reader } = reading;
  if (field.message !== undefined) return readMessage(reading, field.message, place);
  if (field.type === 'string') return readText(reader, place);
  if (field.type === 'bool') return reader.bool();
  const read = reader.uint64();
  const value = typeof read === 'number' ? read : protobuf.util.LongBits.from(read).toNumber(true);
  return value <= (field.type === 'uint32' ? 0xffff_ffff : Number.MAX_SAFE_INTEGER) ? value : undefined;
}

/** A text. The replacement character is rare enough to look at the bytes again: it may stand for what was no UTF-8. */
function readText(reader: protobuf.Reader, place: string): string {
  const start = reader.pos;
  const text = reader.string();
  if (!text.includes('\ufffd')) return text;
  const end = reader.pos;
  reader.pos = start;
  if (!isUtf8(reader.bytes())) throw damaged(`"${place}" is no text`);
  reader.pos = end;
  return text;
}

/** Keeps a field that cannot be read, tag and value. */
function keep({ reader, unknown }: Reading, start: number, tag: number, at: string): void {
  const number = tag >>> 3;
  if (number === 0) throw damaged(`a field of "${at}" has the number 0`);
  reader.pos = start;
  reader.uint32();
  reader.skipType(tag & 7);
  const raw = Buffer.from(reader.buf.subarray(start, reader.pos)).toString('base64');
  unknown.push({ at, number, raw });
}

function damaged(why: string, cause?: unknown): GatewayError {
  return new GatewayError('EVENT_DAMAGED', `a stored event cannot be read: ${why}`, {
    remedy: 'Run `clearport verify` on the log; if it finds damage, restore a backup.',
    ...(cause !== undefined && { cause }),
  });
}
