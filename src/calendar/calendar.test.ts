import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settlementDays, tradingDays, withDays } from './calendar.ts';
import { addDays, isDate, weekdayOf } from './dates.ts';
import { settlementCycle, settlementDate } from './settlement.ts';

/** All closed weekdays of a year. */
function closedIn(calendar: typeof tradingDays, year: number): string[] {
  const closed: string[] = [];
  for (let date = `${year}-01-01`; date <= `${year}-12-31`; date = addDays(date, 1)) {
    if (weekdayOf(date) % 6 !== 0 && !calendar.isOpen(date)) closed.push(date.slice(5));
  }
  return closed;
}

describe('NYSE', () => {
  test.each([
    // Published by the exchange for each of these years.
    [1998, '01-01 01-19 02-16 04-10 05-25 07-03 09-07 11-26 12-25'],
    [1999, '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24'],
    [2001, '01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25'],
    [2004, '01-01 01-19 02-16 04-09 05-31 06-11 07-05 09-06 11-25 12-24'],
    [2007, '01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25'],
    [2011, '01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26'],
    [2012, '01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25'],
    [2018, '01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25'],
    [2021, '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24'],
    [2022, '01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26'],
    [2025, '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25'],
    [2026, '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25'],
    [2027, '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24'],
    [1980, '01-01 02-18 04-04 05-26 07-04 09-01 11-04 11-27 12-25'],
  ])('%i', (year, closed) => {
    expect(closedIn(tradingDays, year).join(' ')).toBe(closed);
  });

  test.each([
    [2002, '07-05 11-29 12-24'],
    [2003, '07-03 11-28 12-24 12-26'],
    [2012, '07-03 11-23 12-24'],
    [2013, '07-03 11-29 12-24'],
    [2025, '07-03 11-28 12-24'],
    [2026, '11-27 12-24'],
    [2027, '11-26'],
  ])('closes early in %i', (year, dates) => {
    const early: string[] = [];
    for (let date = `${year}-01-01`; date <= `${year}-12-31`; date = addDays(date, 1)) {
      if (tradingDays.earlyClose?.(date) === '13:00') early.push(date.slice(5));
    }
    expect(early.join(' ')).toBe(dates);
  });

  test('says why it is closed', () => {
    expect(tradingDays.reason('2026-11-26')).toBe('Thanksgiving Day');
    expect(tradingDays.reason('2026-07-03')).toBe('Independence Day (observed)');
    expect(tradingDays.reason('2026-11-14')).toBe('Saturday');
    expect(tradingDays.reason('2025-01-09')).toMatch(/Carter/);
    expect(tradingDays.reason('2026-11-11')).toBeUndefined();
  });
});

describe('settlement', () => {
  test.each([
    [1999, '01-01 01-18 02-15 04-02 05-31 07-05 09-06 10-11 11-11 11-25 12-24'],
    [2022, '01-17 02-21 04-15 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26'],
    [2023, '01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 10-09 11-23 12-25'],
    [2025, '01-01 01-20 02-17 04-18 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25'],
    [2026, '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25'],
  ])('rests in %i', (year, closed) => {
    expect(closedIn(settlementDays, year).join(' ')).toBe(closed);
  });

  // Schedules that NASD published: trade date and settlement date.
  test.each([
    ['Notice to Members 88-82', '1988-11-10', '1988-11-18'],
    ['Notice to Members 88-82', '1988-11-11', '1988-11-18'],
    ['Notice to Members 95-77', '1995-10-06', '1995-10-12'],
    ['Notice to Members 95-77', '1995-10-09', '1995-10-12'],
    ['Notice to Members 97-93', '1998-01-14', '1998-01-20'],
    ['Notice to Members 97-93', '1998-04-06', '1998-04-09'],
    ['Notice to Members 97-93', '1998-04-07', '1998-04-13'],
    ['Notice to Members 97-93', '1998-04-09', '1998-04-15'],
    ['Notice to Members 99-94', '1999-12-21', '1999-12-27'],
    ['Notice to Members 99-83', '1999-10-11', '1999-10-14'],
  ])('%s: a trade of %s settles on %s', (_source, traded, settles) => {
    expect(settlementDate(traded)).toBe(settles);
  });

  test('two trade dates settle together over Veterans Day', () => {
    expect(
      ['2026-11-09', '2026-11-10', '2026-11-11', '2026-11-12'].map((date) => settlementDate(date)),
    ).toEqual(['2026-11-10', '2026-11-12', '2026-11-12', '2026-11-13']);
  });

  test('the cycle is that of the trade date', () => {
    const dates = ['1995-06-06', '1995-06-07', '2017-09-01', '2017-09-05', '2024-05-24', '2024-05-28'];
    expect(dates.map(settlementCycle)).toEqual([5, 3, 3, 2, 2, 1]);
    // Two trade dates met on the day of the change: the last of T+2 and the first of T+1.
    expect([settlementDate('2024-05-24'), settlementDate('2024-05-28')]).toEqual([
      '2024-05-29',
      '2024-05-29',
    ]);
  });
});

test('a user adds a closing, and a day that is open after all', () => {
  const mine = withDays(tradingDays, {
    closed: [{ date: '2026-11-10', reason: 'a storm' }],
    open: ['2026-11-26'],
  });
  expect(mine.reason('2026-11-10')).toBe('a storm');
  expect(mine.next('2026-11-09')).toBe('2026-11-11');
  expect(mine.isOpen('2026-11-26')).toBe(true);
  expect(mine.earlyClose?.('2026-11-27')).toBe('13:00');
  const shut = withDays(mine, { closed: [{ date: '2026-11-27', reason: 'snow' }] });
  expect(shut.earlyClose?.('2026-11-27')).toBeUndefined();
  expect(
    settlementDate(
      '2026-11-09',
      1,
      withDays(settlementDays, { closed: [{ date: '2026-11-10', reason: 'x' }] }),
    ),
  ).toBe('2026-11-12');
});

describe('laws', () => {
  const date = fc.integer({ min: 0, max: 33_000 }).map((days) => addDays('1990-01-01', days));
  const calendar = fc.constantFrom(tradingDays, settlementDays);

  test('next and previous give open days, in order, and undo each other', () => {
    fc.assert(
      fc.property(calendar, date, fc.integer({ min: 1, max: 30 }), (days, from, n) => {
        const later = days.next(from, n);
        const steps = Array.from({ length: n }).reduce<string>((at) => days.next(at), from);
        const start = days.next(from, 0);
        const back = days.previous(days.next(start, n), n);
        return (
          later > from &&
          days.isOpen(later) &&
          later === steps &&
          days.isOpen(start) &&
          start >= from &&
          back === start
        );
      }),
    );
  });

  test('a day is open or has a reason; nothing settles and few days trade without banks', () => {
    fc.assert(
      fc.property(date, (day) => {
        const settles = settlementDays.isOpen(day);
        expect(settles).toBe(settlementDays.reason(day) === undefined);
        // Days that settle and do not trade are the unforeseen closings; those that trade and do not settle two holidays.
        if (tradingDays.isOpen(day) && !settles)
          expect(settlementDays.reason(day)).toMatch(/Columbus|Veterans|King/);
        if (!tradingDays.isOpen(day) && settles)
          expect(tradingDays.reason(day)).toMatch(/President|Hurricane|attack/);
      }),
    );
  });

  test('a later trade never settles earlier within one cycle, and every settlement date is a settlement day', () => {
    fc.assert(
      fc.property(date, fc.nat(10), (traded, more) => {
        const later = addDays(traded, more);
        const settles = settlementDate(traded);
        expect(settlementDays.isOpen(settles)).toBe(true);
        return settlementCycle(traded) !== settlementCycle(later) || settlementDate(later) >= settles;
      }),
    );
  });

  test('every text is a date or none, and never throws', () => {
    expect(['2026-02-29', '2024-02-29', '2026-13-01', '26-01-01', ''].map(isDate)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
    fc.assert(fc.property(fc.string(), (text) => isDate(text) === false));
    fc.assert(fc.property(date, isDate));
  });
});
