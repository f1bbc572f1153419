import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonValue } from '../core/json.ts';
import { eventJson, eventJsonSchema, eventOfJson, eventTypes } from './index.ts';
import { sampleEvent } from './samples.ts';
import { patterns } from './schema.ts';

const file = new URL('../../docs/schema/event.schema.json', import.meta.url);
const committed = JSON.parse(readFileSync(file, 'utf8'));
const schema = z.fromJSONSchema(committed);
const sample = eventJson(sampleEvent('trade.executed')) as { readonly [name: string]: JsonValue };

test('the committed schema is what the catalogue gives', () => {
  expect(committed).toEqual(eventJsonSchema());
});

test('the schema speaks of every type, and every reference has its definition', () => {
  expect(committed.properties.type.enum).toEqual([...eventTypes, 'unknown']);
  const references = [...JSON.stringify(committed).matchAll(/"#\/\$defs\/(\w+)"/g)].map((match) => match[1]);
  expect(references.length).toBeGreaterThan(eventTypes.length);
  expect(references.filter((name) => name === undefined || !(name in committed.$defs))).toEqual([]);
});

test.each(eventTypes)('a sample of %s is valid', (type) => {
  expect(schema.safeParse(eventJson(sampleEvent(type))).error).toBeUndefined();
});

describe('what is no event', () => {
  const data = sample['data'] as { readonly [name: string]: JsonValue };

  test.each<[string, JsonValue]>([
    ['a perspective that nobody has', { ...sample, perspective: 'theirs' }],
    ['data of another type', { ...sample, type: 'day.closed' }],
    ['a price that is no canonical decimal', { ...sample, data: { ...data, price: '1.50' } }],
    ['a price that is a number', { ...sample, data: { ...data, price: 1.5 } }],
    ['a date as FIX writes it', { ...sample, data: { ...data, tradeDate: '20261110' } }],
    ['a member that is empty', { ...sample, data: { ...data, venue: '' } }],
    ['data with a member that nobody knows', { ...sample, data: { ...data, foo: 'x' } }],
    ['no channel', { ...sample, channel: undefined }],
    ['a type that nobody knows', { ...sample, type: 'trade.imagined' }],
  ])('%s', (_, json) => {
    expect(schema.safeParse(sample).success).toBe(true);
    expect(schema.safeParse(json).success).toBe(false);
  });
});

describe('JSON that is no event has an issue with its place', () => {
  const data = sample['data'] as { readonly [name: string]: JsonValue };

  test.each<[string, JsonValue]>([
    ['perspective', { ...sample, perspective: 'theirs' }],
    ['type', { ...sample, type: 'trade.imagined' }],
    ['foo', { ...sample, foo: 1 }],
    ['data.foo', { ...sample, data: { ...data, foo: 1 } }],
    ['data.execId', { ...sample, data: { ...data, execId: 7 } }],
    ['data.venue', { ...sample, data: { ...data, venue: '' } }],
    ['data.possiblyResent', { ...sample, data: { ...data, possiblyResent: 'Y' } }],
    ['data.charges', { ...sample, data: { ...data, charges: [] } }],
    ['data.charges.0.amount', { ...sample, data: { ...data, charges: [{ type: 'taf' }] } }],
    ['data.charges.0', { ...sample, data: { ...data, charges: ['taf'] } }],
    ['revision', { ...sample, revision: -1 }],
    ['channel', { ...sample, channel: undefined }],
    ['data', { ...sample, data: [] }],
    ['unknown', { ...sample, unknown: [{ at: '', number: 900 }] }],
    ['', ['no', 'event']],
  ])('%s', (field, json) => {
    const read = eventOfJson(json);
    expect(read).toMatchObject({
      ok: false,
      issue: { code: 'EVENT_JSON', severity: 'error', at: { field } },
    });
  });
});

describe('how texts are written', () => {
  test.each([
    [
      'decimal',
      ['0', '1', '-1', '0.5', '-0.05', '10', '100.25', '12345678901234567890.000001'],
      ['', '-0', '+1', '01', '1.', '.5', '1.50', '1e3', '1,000', '0.0', '-0.0'],
    ],
    [
      'date',
      ['2026-11-10', '2024-02-29'],
      ['20261110', '2026-13-01', '2026-00-10', '2026-01-32', '2026-1-1', ''],
    ],
    [
      'time',
      [
        '2026-11-10T14:30',
        '2026-11-10T14:30:00Z',
        '2026-11-10T14:30:00.123456789Z',
        '2026-11-10T14:30:60-05:00',
        '2026-11-10T14:30:00',
      ],
      ['2026-11-10', '14:30:00', '2026-11-10 14:30', '2026-11-10T24:00', '20261110-14:30:00'],
    ],
  ] as const)('%s', (kind, right, wrong) => {
    const pattern = new RegExp(patterns[kind]);
    expect(right.filter((text) => !pattern.test(text))).toEqual([]);
    expect(wrong.filter((text) => pattern.test(text))).toEqual([]);
  });
});
