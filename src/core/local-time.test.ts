import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoOfMicros, microsOfIso } from './clock.ts';
import { firstInstantOf, instantOf, timeInZone, wallTimeOf } from './local-time.ts';
import { dateInZone } from './zone.ts';

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

describe('the first instant of a time', () => {
  test.each([
    ['2026-11-12', '06:30:15', newYork, '2026-11-12T11:30:15', 'any day'],
    ['2026-03-08', '02:30', newYork, '2026-03-08T07:00:00', 'a time that is skipped: the change'],
    ['2026-03-08', '03:00', newYork, '2026-03-08T07:00:00', 'the time that follows the skipped hour'],
    ['2026-11-01', '01:30', newYork, '2026-11-01T05:30:00', 'a time that comes twice'],
    ['2026-04-05', '01:45', 'Australia/Lord_Howe', '2026-04-04T14:45:00', 'half an hour that comes twice'],
    ['2011-12-30', '09:00', 'Pacific/Apia', '2011-12-30T10:00:00', 'a day that was skipped'],
  ])('%s %s in %s is %s: %s', (date, time, zone, instant) => {
    expect(isoOfMicros(firstInstantOf(date, time, zone)).slice(0, 19)).toBe(instant);
  });

  test('is shown by the clocks of the zone', () => {
    const instant = firstInstantOf('2026-07-01', '17:00:05', newYork);
    expect(wallTimeOf(instant, newYork)).toEqual({
      date: '2026-07-01',
      time: '17:00:05',
      offsetMinutes: -240,
    });
  });
});
