import assert from 'node:assert/strict';
import { catalogue, type FieldPlan, type MessagePlan } from './catalogue.ts';
import { type Event, isPerspective, type UnknownField } from './event.ts';
import { EventWriter } from './event-writer.ts';
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
  const { unknown = none } = event;
  writer.begin();
  writeFields(common, membersOf(event), '', unknown);
  if (event.type !== 'unknown') {
    const field = types.get(event.type);
    assert(field?.message !== undefined, `event type "${event.type}"`);
    writeField(field, event.data, '', 'data', unknown);
  }
  writeUnknown('', unknown);
  return writer.finish();
}

type Unknown = readonly UnknownField[];

const none: Unknown = [];
/** One event is written at a time; one that was given up half-way is forgotten by the next. */
const writer = new EventWriter();

function writeFields(plan: MessagePlan, members: Members, at: string, unknown: Unknown): void {
  for (const field of plan.fields) {
    const value = members[field.name];
    if (value === undefined || value === '' || (field.always && value === 0)) continue;
    const name = field.message === undefined || unknown.length === 0 ? '' : placeOf(at, field.name);
    if (!field.list) {
      writeField(field, value, at, name, unknown);
      continue;
    }
    if (!Array.isArray(value)) assert.fail(field.name);
    for (let index = 0; index < value.length; index++) {
      writeField(field, value[index], at, name === '' ? '' : placeOf(name, String(index)), unknown);
    }
  }
}

/** One field; `place` is where its own unknown fields stand, if it is a message. What fails names the member, and only then. */
function writeField(field: FieldPlan, value: unknown, at: string, place: string, unknown: Unknown): void {
  if (field.message === undefined) {
    writeScalar(field, value, at);
    return;
  }
  if (typeof value !== 'object' || value === null) assert.fail(field.name);
  const open = writer.open(field.tag, at === '' && !field.list ? likelyData : 0);
  writeFields(field.message, membersOf(value), place, unknown);
  writeUnknown(place, unknown);
  writer.close(open);
}

/** The data of an event is mostly longer than a length of one byte can say, and its other parts are shorter. */
const likelyData = 200;

function writeScalar(field: FieldPlan, value: unknown, at: string): void {
  if (field.type === 'string') {
    if (typeof value !== 'string') assert.fail(placeOf(at, field.name));
    writer.text(field.tag, value);
    return;
  }
  if (field.type === 'bool') {
    if (typeof value !== 'boolean') assert.fail(placeOf(at, field.name));
    writer.count(field.tag, value ? 1 : 0);
    return;
  }
  const max = field.type === 'uint32' ? 0xffff_ffff : Number.MAX_SAFE_INTEGER;
  assert(Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= max, placeOf(at, field.name));
  writer.count(field.tag, Number(value));
}

function writeUnknown(at: string, unknown: Unknown): void {
  for (const field of unknown) {
    if (field.at === at) writer.raw(Buffer.from(field.raw, 'base64'));
  }
}

/** The dotted name of a member of what stands at a place. */
export function placeOf(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}
