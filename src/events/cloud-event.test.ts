import { describe, expect, test } from 'vitest';
import { cloudEvent, eventJson, eventTypes } from './index.ts';
import { sampleEvent } from './samples.ts';

const source = 'urn:clearport:broker:prod';

describe('the CloudEvents envelope', () => {
  test('of a trade', () => {
    const event = sampleEvent('trade.executed');
    expect(cloudEvent(event, { source, sequence: 65_536 })).toStrictEqual({
      specversion: '1.0',
      id: event.id,
      source,
      type: 'org.clearport.trade.executed.v1',
      subject: event.businessKey,
      time: event.occurredAt,
      datacontenttype: 'application/json',
      dataschema: 'urn:clearport:schema:event:v1',
      partitionkey: 'dropcopy',
      sequence: '0000000000065536',
      data: eventJson(event),
    });
  });

  /** Source: CloudEvents 1.0.2, "Attribute Naming Convention": lower-case letters and digits, 20 at most by advice. */
  test.each(eventTypes)('of %s has attributes by the rules of the standard', (type) => {
    const { data, ...attributes } = cloudEvent(sampleEvent(type), { source, sequence: 1 });
    expect(Object.keys(attributes).filter((name) => !/^[a-z0-9]{1,20}$/.test(name))).toEqual([]);
    const texts = Object.values(attributes).filter((value) => typeof value !== 'string' || value === '');
    expect(texts).toEqual([]);
    expect(data).toBeDefined();
  });

  test.each([
    ['without a zone', '2026-11-10T14:30:00.123'],
    ['to the minute', '2026-11-10T14:30Z'],
    ['not said', undefined],
  ])('a time %s is no RFC 3339 time, so the time of receipt stands there', (_, occurredAt) => {
    const { occurredAt: _said, ...event } = sampleEvent('day.closed');
    const told = { ...event, ...(occurredAt !== undefined && { occurredAt }) };
    expect(cloudEvent(told, { source }).time).toBe(event.receivedAt);
  });

  test('sequences sort as text as they do as numbers', () => {
    const texts = [9, 10, 65_536, 2 ** 52].map((sequence) =>
      String(cloudEvent(sampleEvent('day.closed'), { source, sequence }).sequence),
    );
    expect([...texts].sort()).toEqual(texts);
  });

  test('what the caller says comes first; what nobody says is left out', () => {
    const { businessKey: _, ...event } = sampleEvent('day.closed');
    const out = cloudEvent(event, { source, partitionKey: 'CLR', dataSchema: 'https://example.test/schema' });
    expect(out).toMatchObject({ partitionkey: 'CLR', dataschema: 'https://example.test/schema' });
    expect(out).not.toHaveProperty('subject');
    expect(out).not.toHaveProperty('sequence');
  });
});
