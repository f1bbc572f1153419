import assert from 'node:assert/strict';
import { catalogue, type FieldPlan, type MessagePlan } from './catalogue.ts';
import type { Event, EventType } from './event.ts';
import { eventId } from './identity.ts';

/**
 * An invented event of a type with every field filled, each with a value of its own: what the fixtures are made of.
 * Lists have two items.
 */
export function sampleEvent(type: EventType): Event {
  const { common, types } = catalogue();
  const plan = types.get(type)?.message;
  assert(plan !== undefined, type);
  const id = eventId('dropcopy', 'CLR-OPS/1/in:42', 'sample', 0);
  const filled = sampleOf(common, 0);
  const identity = { id, channel: 'dropcopy', origin: 'CLR-OPS/1/in:42', revision: 0, slot: 'sample' };
  return {
    ...filled,
    ...identity,
    perspective: 'clearer',
    type,
    data: sampleOf(plan, 0),
  } as unknown as Event;
}

function sampleOf(plan: MessagePlan, item: number): Record<string, unknown> {
  return Object.fromEntries(
    plan.fields.map((field) => {
      const value = field.list ? [0, 1].map((index) => sampleValue(field, index)) : sampleValue(field, item);
      return [field.name, value];
    }),
  );
}

function sampleValue(field: FieldPlan, item: number): unknown {
  const { number } = field;
  if (field.message !== undefined) return sampleOf(field.message, item);
  if (field.type === 'bool') return true;
  if (field.type === 'uint32') return 4_000_000_000 + number;
  if (field.type === 'uint64') return 2 ** 52 + number;
  if (field.kind === 'decimal') return `${number}${item}.0000000${number}`.replace(/0+$/, '');
  if (field.kind === 'date') return `2026-11-${String((number % 28) + 1).padStart(2, '0')}`;
  if (field.kind === 'time') return `2026-11-10T14:30:${String(number % 60).padStart(2, '0')}.123456Z`;
  return `${field.wireName} ${item} é ✓`;
}
