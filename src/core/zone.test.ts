import { describe, expect, test } from 'vitest';
import { dateInZone } from './zone.ts';

describe('the date in a zone', () => {
  test.each([
    ['a plain evening', '2026-11-10T23:30:00Z', 'America/New_York', '2026-11-10'],
    ['one second before midnight in winter', '2026-11-11T04:59:59.999999Z', 'America/New_York', '2026-11-10'],
    ['midnight in winter', '2026-11-11T05:00:00Z', 'America/New_York', '2026-11-11'],
    ['one second before midnight in summer', '2026-07-11T03:59:59Z', 'America/New_York', '2026-07-10'],
    ['midnight in summer', '2026-07-11T04:00:00Z', 'America/New_York', '2026-07-11'],
    ['the night after the clock went forward', '2026-03-09T03:59:59Z', 'America/New_York', '2026-03-08'],
    ['the night before it went forward', '2026-03-08T04:59:59Z', 'America/New_York', '2026-03-07'],
    ['the night after the clock went back', '2026-11-02T04:59:59Z', 'America/New_York', '2026-11-01'],
    ['the night before it went back', '2026-11-01T03:59:59Z', 'America/New_York', '2026-10-31'],
    ['a morning that has begun in Tokyo', '2026-11-10T15:00:00Z', 'Asia/Tokyo', '2026-11-11'],
    ['half an hour more than whole ones', '2026-11-10T18:30:00Z', 'Asia/Kolkata', '2026-11-11'],
    ['summer in the south', '2026-12-31T13:00:00Z', 'Australia/Sydney', '2027-01-01'],
    ['UTC', '2026-11-10T23:59:59.999Z', 'UTC', '2026-11-10'],
    ['an instant with an offset', '2026-11-10T23:30:00-05:00', 'UTC', '2026-11-11'],
  ])('%s', (_, instant, zone, date) => {
    expect(dateInZone(instant, zone)).toBe(date);
  });

  test('a zone or an instant that does not exist is our own bug', () => {
    expect(() => dateInZone('2026-11-10T00:00:00Z', 'America/Gotham')).toThrow(RangeError);
    expect(() => dateInZone('yesterday', 'UTC')).toThrow(RangeError);
  });
});
