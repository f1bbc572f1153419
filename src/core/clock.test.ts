import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoOfMicros, manualClock, microsOfIso, systemClock } from './clock.ts';

const yearMicros = 366 * 86_400 * 1_000_000;

describe('micros as text', () => {
  test.each([
    [0, '1970-01-01T00:00:00.000000Z'],
    [1_794_321_000_123_456, '2026-11-10T14:30:00.123456Z'],
    [999, '1970-01-01T00:00:00.000999Z'],
    [1_000, '1970-01-01T00:00:00.001000Z'],
    [-1, '1969-12-31T23:59:59.999999Z'],
  ])('%d is %s', (micros, text) => {
    expect(isoOfMicros(micros)).toBe(text);
    expect(microsOfIso(text)).toBe(micros);
  });

  test('law: there and back, and texts sort as instants do', () => {
    const micros = fc.integer({ min: 0, max: 200 * yearMicros });
    fc.assert(
      fc.property(micros, micros, (left, right) => {
        expect(microsOfIso(isoOfMicros(left))).toBe(left);
        expect(isoOfMicros(left) < isoOfMicros(right)).toBe(left < right);
      }),
    );
  });

  test('fewer digits are accepted', () => {
    expect(microsOfIso('1970-01-01T00:00:01Z')).toBe(1_000_000);
    expect(microsOfIso('1970-01-01T00:00:00.5Z')).toBe(500_000);
  });

  test.each([
    '',
    '1970-01-01',
    '1970-01-01T00:00:00',
    '1970-01-01T00:00:00+00:00',
    '1970-01-01T00:00:00.1234567Z',
    '1970-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1970-01-01T24:00:00Z',
    '1970-01-01T23:60:00Z',
    ' 1970-01-01T00:00:00Z',
  ])('"%s" is no instant', (text) => {
    expect(microsOfIso(text)).toBeUndefined();
  });
});

test('the system clock never runs backwards, and shows the time of day', () => {
  const clock = systemClock();
  const before = Date.now() * 1000 - 1_000_000;
  const readings = Array.from({ length: 1000 }, () => clock.now());
  expect(readings.every((now, index) => Number.isSafeInteger(now) && now >= (readings[index - 1] ?? 0))).toBe(
    true,
  );
  expect(readings[0]).toBeGreaterThan(before);
  expect(readings[999]).toBeLessThan(Date.now() * 1000 + 1_000_000);
});

test('a manual clock stands until it is told to move', () => {
  const clock = manualClock(5);
  expect([clock.now(), clock.now()]).toEqual([5, 5]);
  clock.advance(10);
  expect(clock.now()).toBe(15);
});
