import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoOfMicros, microsOfIso } from '../core/clock.ts';
import { dateInZone } from '../core/zone.ts';
import { instantOf, timeInZone } from './local-time.ts';

const newYork = 'America/New_York';
const zones = [newYork, 'Europe/London', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'];

describe('a time of day in a zone', () => {
  test.each([
    ['2026-11-12', '06:30', newYork, '2026-11-12T11:30:00.000000Z', 'standard time'],
    ['2026-07-01', '06:30', newYork, '2026-07-01T10:30:00.000000Z', 'daylight saving time'],
    ['2026-03-08', '06:30', newYork, '2026-03-08T10:30:00.000000Z', 'the morning of the change'],
    ['2026-03-08', '02:30', newYork, '2026-03-08T07:30:00.000000Z', 'a time that is skipped'],
    ['2026-11-01', '01:30', newYork, '2026-11-01T05:30:00.000000Z', 'the first of a time that comes twice'],
    ['2026-11-01', '00:00', 'Asia/Kolkata', '2026-10-31T18:30:00.000000Z', 'a zone of half an hour'],
  ])('%s %s in %s is %s: %s', (date, time, zone, instant) => {
    expect(isoOfMicros(instantOf(date, time, zone))).toBe(instant);
  });

  test('comes back from its instant, wherever it exists', () => {
    const start = microsOfIso('2020-01-01T00:00:00Z') ?? 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 12 * 366 * 24 * 60 }),
        (zone, minutes) => {
          const instant = start + minutes * 60_000_000;
          const date = dateInZone(isoOfMicros(instant), zone);
          const time = timeInZone(instant, zone);
          const again = instantOf(date, time, zone);
          expect(again).toBeLessThanOrEqual(instant);
          expect([dateInZone(isoOfMicros(again), zone), timeInZone(again, zone)]).toEqual([date, time]);
        },
      ),
    );
  });
});
