import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { catalogue, type FieldPlan, type MessagePlan } from './catalogue.ts';
import {
  decodeEvent,
  type Event,
  type EventType,
  economics,
  encodeEvent,
  eventJson,
  eventOfJson,
  eventTypes,
  isPerspective,
  perspectives,
} from './index.ts';

const independent = protobuf
  .parse(readFileSync(new URL('./catalogue.proto', import.meta.url), 'utf8'))
  .root.lookupType('clearport.v1.Event');
const runs = { numRuns: 25 };

describe.each(eventTypes)('%s', (type) => {
  const event = anyEvent(type);

  test('decode(encode(x)) is x, and the same event gives the same bytes', () => {
    fc.assert(
      fc.property(event, (x) => {
        const bytes = encodeEvent(x);
        expect(decodeEvent(bytes)).toStrictEqual(x);
        expect(encodeEvent(reversed(x))).toEqual(bytes);
      }),
      runs,
    );
  });

  test('the JSON form, as text, gives the event back, in the order of the catalogue', () => {
    fc.assert(
      fc.property(event, (x) => {
        const text = JSON.stringify(eventJson(x));
        expect(eventOfJson(JSON.parse(text))).toStrictEqual({ ok: true, value: x });
        expect(JSON.stringify(eventJson(reversed(x)))).toBe(text);
      }),
      runs,
    );
  });

  test('an independent protobuf writer and reader agree', () => {
    const { name } = catalogue().types.get(type) ?? { name: '' };
    fc.assert(
      fc.property(event, ({ type: _, data, ...common }) => {
        const message = { ...common, [name]: data };
        const bytes = encodeEvent({ ...common, type, data } as Event);
        expect(Buffer.from(independent.encode(message).finish())).toEqual(Buffer.from(bytes));
        expect(Buffer.from(independent.encode(independent.decode(bytes)).finish())).toEqual(
          Buffer.from(bytes),
        );
      }),
      runs,
    );
  });

  test('a copy of the economics is equal, whatever order its members have', () => {
    fc.assert(
      fc.property(event, (x) => economics(reversed(x)) === economics(x)),
      runs,
    );
  });
});

test('counts and truth values know that they are there: zero and false are said, or always said', () => {
  const { common, messages } = catalogue();
  const fields = [common, ...messages].flatMap((plan) => plan.fields.map((field) => ({ plan, field })));
  const blurred = fields.filter(({ plan, field }) => {
    if (field.type === 'string' || field.message !== undefined || field.always) return false;
    const type = independent.root.lookupType(`clearport.v1.${plan.name}`);
    return type.fields[field.name]?.options?.['proto3_optional'] !== true;
  });
  expect(blurred.map(({ plan, field }) => `${plan.name}.${field.name}`)).toEqual([]);
});

test('an event of another perspective is our own bug', () => {
  const [event] = fc.sample(anyEvent('day.closed'), 1);
  expect(isPerspective('theirs')).toBe(false);
  expect(() => encodeEvent({ ...event, perspective: 'theirs' } as unknown as Event)).toThrow(/perspective/);
});

test('a number where text belongs is our own bug', () => {
  const [event] = fc.sample(anyEvent('trade.executed'), 1);
  const wrong = { ...event, data: { price: 12.5 } } as unknown as Event;
  expect(() => encodeEvent(wrong)).toThrow(/price/);
  const count = { ...event, type: 'snapshot.closed', data: { count: -1 } } as unknown as Event;
  expect(() => encodeEvent(count)).toThrow(/count/);
});

/** Any event of a type, with every field there or left out. */
function anyEvent(type: EventType): fc.Arbitrary<Event> {
  const { common, types } = catalogue();
  const perspective = fc.constantFrom(...perspectives);
  const data = types.get(type)?.message;
  if (data === undefined) throw new Error(type);
  return fc
    .tuple(anyMessage(common), perspective, anyMessage(data))
    .map(
      ([attributes, word, said]) =>
        ({ ...attributes, perspective: word, type, data: said }) as unknown as Event,
    );
}

function anyMessage(plan: MessagePlan): fc.Arbitrary<Record<string, unknown>> {
  const members = plan.fields.map((field) => [field.name, anyValue(field)] as const);
  const requiredKeys = plan.always.map((field) => field.name);
  return fc.record(Object.fromEntries(members), { requiredKeys, noNullPrototype: true });
}

function anyValue(field: FieldPlan): fc.Arbitrary<unknown> {
  const minLength = field.always || field.list ? 0 : 1;
  return field.list
    ? fc.array(anyOne(field, minLength), { minLength: 1, maxLength: 3 })
    : anyOne(field, minLength);
}

function anyOne(field: FieldPlan, minLength: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined) return anyMessage(field.message);
  if (field.type === 'string') return fc.string({ unit: 'binary', minLength, maxLength: 300, size: 'small' });
  if (field.type === 'bool') return fc.boolean();
  return fc.nat(field.type === 'uint32' ? 0xffff_ffff : Number.MAX_SAFE_INTEGER);
}

/** The same event with the members of every object the other way round. */
function reversed<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed) as T;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, reversed(member)])) as T;
}
