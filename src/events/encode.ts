import assert from 'node:assert/strict';
import protobuf from 'protobufjs';
import { catalogue, type FieldPlan, type MessagePlan } from './catalogue.ts';
import { type Event, isPerspective, type UnknownField } from './event.ts';
import { type Members, membersOf } from './members.ts';

/**
 * The stored form of an event: protobuf, fields in the order of their numbers, empty text and empty lists left out. The
 * same event gives the same bytes. What was read as unknown is written again behind the fields of its message. Text must
 * be well-formed (no lone surrogates), counts are safe integers; anything else is our own bug and asserted.
 * Source: Protocol Buffers, "Encoding".
 */
export function encodeEvent(event: Event): Uint8Array {
  assert(isPerspective(event.perspective), `perspective "${event.perspective}"`);
  const { common, types } = catalogue();
  const writer = protobuf.Writer.create();
  const unknown = event.unknown ?? [];
  writeFields(writer, common, membersOf(event), '', unknown);
  if (event.type !== 'unknown') {
    const field = types.get(event.type);
    assert(field?.message !== undefined, `event type "${event.type}"`);
    writeField(writer, field, event.data, '', 'data', unknown);
  }
  writeUnknown(writer, '', unknown);
  return writer.finish();
}

type Unknown = readonly UnknownField[];

function writeFields(
  writer: protobuf.Writer,
  plan: MessagePlan,
  members: Members,
  at: string,
  unknown: Unknown,
): void {
  for (const field of plan.fields) {
    const value = members[field.name];
    if (value === undefined || value === '' || (field.always && value === 0)) continue;
    const name = field.message === undefined || unknown.length === 0 ? '' : placeOf(at, field.name);
    if (!field.list) {
      writeField(writer, field, value, at, name, unknown);
      continue;
    }
    assert(Array.isArray(value), field.name);
    for (const [index, item] of value.entries()) {
      writeField(writer, field, item, at, name === '' ? '' : placeOf(name, String(index)), unknown);
    }
  }
}

/** One field; `place` is where its own unknown fields stand, if it is a message. */
function writeField(
  writer: protobuf.Writer,
  field: FieldPlan,
  value: unknown,
  at: string,
  place: string,
  unknown: Unknown,
): void {
  if (field.message !== undefined) {
    assert(typeof value === 'object' && value !== null, field.name);
    writer.uint32(field.tag).fork();
    writeFields(writer, field.message, membersOf(value), place, unknown);
    writeUnknown(writer, place, unknown);
    writer.ldelim();
    return;
  }
  writeScalar(writer, field, value, at);
}

function writeScalar(writer: protobuf.Writer, field: FieldPlan, value: unknown, at: string): void {
  if (field.type === 'string') {
    assert(typeof value === 'string', placeOf(at, field.name));
    writer.uint32(field.tag).string(value);
    return;
  }
  writer.uint32(field.tag);
  if (field.type === 'bool') {
    assert(typeof value === 'boolean', placeOf(at, field.name));
    writer.bool(value);
    return;
  }
  const max = field.type === 'uint32' ? 0xffff_ffff : Number.MAX_SAFE_INTEGER;
  assert(Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= max, placeOf(at, field.name));
  writer.uint64(Number(value));
}

function writeUnknown(writer: protobuf.Writer, at: string, unknown: Unknown): void {
  for (const field of unknown) {
    if (field.at === at) writer.raw(Buffer.from(field.raw, 'base64'));
  }
}

/** The dotted name of a member of what stands at a place. */
export function placeOf(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}
