import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionSchedule, SessionWindow } from '../contract/session.ts';
import { isoOfMicros, type Micros, microsOfIso } from '../core/clock.ts';
import { addDays } from './dates.ts';
import { sessionDay, sessionHours } from './session-hours.ts';

const zone = 'America/New_York';
const overnight: SessionSchedule = { zone, startTime: '17:00', endTime: '16:00' };
const weekly: SessionSchedule = { ...overnight, startDay: 0, endDay: 5 };
const hourMicros = 3_600_000_000;

const at = (iso: string): Micros => microsOfIso(iso) ?? Number.NaN;
const short = (instant: Micros | undefined): string => isoOfMicros(instant ?? 0).slice(0, 16);
const shown = (window: SessionWindow | undefined): string =>
  window === undefined ? 'closed' : `${short(window.from)} ${short(window.to)}`;

describe('sessions of a schedule', () => {
  test.each<[string, SessionSchedule, string, string]>([
    ['in winter', overnight, '2026-11-10T22:00:00Z', '2026-11-10T22:00 2026-11-11T21:00'],
    ['in summer', overnight, '2026-07-01T21:00:00Z', '2026-07-01T21:00 2026-07-02T20:00'],
    ['the hour between two', overnight, '2026-11-10T21:00:00Z', 'closed'],
    ['its last moment', overnight, '2026-11-10T20:59:59.999999Z', '2026-11-09T22:00 2026-11-10T21:00'],
    ['over the night of 8 March', overnight, '2026-03-08T12:00:00Z', '2026-03-07T22:00 2026-03-08T20:00'],
    ['over the night of 1 November', overnight, '2026-11-01T12:00:00Z', '2026-10-31T21:00 2026-11-01T21:00'],
    ["over the year's end", overnight, '2027-01-01T00:00:00Z', '2026-12-31T22:00 2027-01-01T21:00'],
    ['in the week', weekly, '2026-11-11T12:00:00Z', '2026-11-08T22:00 2026-11-13T21:00'],
    ['on the weekend of a week', weekly, '2026-11-14T12:00:00Z', 'closed'],
    ['of a week with 8 March before it', weekly, '2026-03-09T12:00:00Z', '2026-03-08T21:00 2026-03-13T20:00'],
    ["of a week over the year's end", weekly, '2027-01-01T12:00:00Z', '2026-12-27T22:00 2027-01-01T21:00'],
    [
      'the whole week, without a pause',
      { ...overnight, endTime: '17:00', startDay: 0, endDay: 0 },
      '2026-11-15T21:59:00Z',
      '2026-11-08T22:00 2026-11-15T22:00',
    ],
    [
      'the whole day of UTC',
      { zone: 'UTC', startTime: '00:00', endTime: '00:00' },
      '2026-11-10T12:00:00Z',
      '2026-11-10T00:00 2026-11-11T00:00',
    ],
    [
      'a few hours of one day in the week',
      { zone: 'UTC', startTime: '08:00', endTime: '10:00', startDay: 3, endDay: 3 },
      '2026-11-11T09:00:00Z',
      '2026-11-11T08:00 2026-11-11T10:00',
    ],
    [
      'with seconds',
      { zone: 'UTC', startTime: '08:00:30', endTime: '10:00' },
      '2026-11-11T08:00:29Z',
      'closed',
    ],
  ])('%s', (_, schedule, instant, window) => {
    expect(shown(sessionHours(schedule).at(at(instant)))).toBe(window);
  });

  test('the next one is after closed days', () => {
    const days: SessionSchedule = { ...overnight, weekdays: [0, 1, 2, 3, 4] };
    expect(shown(sessionHours(days).next(at('2026-11-12T22:00:00Z')))).toBe(
      '2026-11-15T22:00 2026-11-16T21:00',
    );
    const market: SessionSchedule = { ...overnight, holidays: 'nyse' };
    expect(shown(sessionHours(market).next(at('2026-11-24T23:00:00Z')))).toBe(
      '2026-11-26T22:00 2026-11-27T21:00',
    );
    expect(sessionHours({ ...overnight, weekdays: [] }).next(0)).toBeUndefined();
  });

  test.each<[SessionSchedule, string, string | undefined]>([
    [{ ...overnight, holidays: 'nyse' }, '2026-11-25', 'nyse closed 2026-11-26: Thanksgiving Day'],
    [{ ...overnight, holidays: 'nyse' }, '2026-11-10', undefined],
    [{ ...overnight, holidays: 'dtc' }, '2026-11-10', 'dtc closed 2026-11-11: Veterans Day'],
    [{ ...overnight, holidays: 'nyse' }, '2026-11-13', 'nyse closed 2026-11-14: Saturday'],
    [
      { ...overnight, holidays: 'nyse', endTime: '17:00' },
      '2026-11-25',
      'nyse closed 2026-11-26: Thanksgiving Day',
    ],
    [{ zone, startTime: '00:00', endTime: '00:00', holidays: 'nyse' }, '2026-11-25', undefined],
    [{ ...overnight, weekdays: [1] }, '2026-11-10', 'Tuesday is not one of its weekdays'],
    [weekly, '2026-11-10', 'begins on Sunday'],
    [{ ...weekly, holidays: 'nyse' }, '2026-11-22', undefined],
    [{ zone, startTime: '02:10', endTime: '02:50' }, '2026-03-08', 'the clocks go forward over it'],
  ])('%j on %s: %s', (schedule, date, reason) => {
    expect(sessionDay(schedule, date).reason).toBe(reason);
  });

  test('a change of the clocks within a session is told, and is what its length lacks', () => {
    const lengths = ['2026-03-07', '2026-10-31', '2026-11-10'].map((date) => {
      const { window, clockMinutes } = sessionDay(overnight, date);
      return [((window?.to ?? 0) - (window?.from ?? 0)) / hourMicros, clockMinutes];
    });
    expect(lengths).toEqual([
      [22, 60],
      [24, -60],
      [23, undefined],
    ]);
  });
});

describe('laws', () => {
  const time = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  const zones = fc.constantFrom(
    zone,
    'Europe/London',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Asia/Kolkata',
    'UTC',
  );
  const plain = fc.record({ zone: zones, startTime: time, endTime: time });
  const schedules: fc.Arbitrary<SessionSchedule> = fc.oneof(
    plain,
    fc.tuple(plain, fc.nat(6), fc.nat(6)).map(([rule, startDay, endDay]) => ({ ...rule, startDay, endDay })),
    fc
      .tuple(plain, fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }))
      .map(([rule, weekdays]) => ({ ...rule, weekdays })),
    plain.map((rule) => ({ ...rule, holidays: 'nyse' as const })),
  );
  // Both changes of the clocks of every zone, and the day that Samoa skipped.
  const starts = fc.constantFrom(
    '2026-03-01',
    '2026-10-20',
    '2011-12-20',
    '2026-12-25',
    '2026-04-01',
    '2025-09-28',
  );

  test('sessions follow one another and never overlap; each moment is in at most one, and at() finds it', () => {
    fc.assert(
      fc.property(schedules, starts, fc.integer({ min: 0, max: 999 }), (schedule, start, part) => {
        const hours = sessionHours(schedule);
        const windows = Array.from(
          { length: 24 },
          (_, n) => sessionDay(schedule, addDays(start, n)).window,
        ).filter((window) => window !== undefined);
        for (const [index, window] of windows.entries()) {
          expect(window.to).toBeGreaterThan(window.from);
          expect(window.from).toBeGreaterThanOrEqual(windows[index - 1]?.to ?? 0);
          const inside = window.from + Math.floor(((window.to - window.from) * part) / 1000);
          expect(hours.at(inside)).toEqual(window);
          expect(hours.at(window.to - 1)).toEqual(window);
          expect(hours.at(window.to)).not.toEqual(window);
          const next = windows[index + 1];
          if (next !== undefined) expect(hours.next(window.from)).toEqual(next);
          if (next !== undefined && next.from > window.to) {
            expect(hours.at(window.to)).toBeUndefined();
            expect(hours.at(next.from - 1)).toBeUndefined();
            expect(hours.at(next.from)).toEqual(next);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
