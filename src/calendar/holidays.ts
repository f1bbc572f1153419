import { earlyClosings, tradingClosings } from './closings.ts';
import { addDays, dateAt, easterOf, nthWeekday, weekdayOf } from './dates.ts';

/** The days of one year on which something is not as usual, each with its reason. */
export type DaysOf = (year: number) => ReadonlyMap<string, string>;

type Dated = readonly [date: string, reason: string];

/**
 * The holidays of the NYSE in a year, as observed, and its closings without a rule.
 *
 * A holiday on a Saturday is observed on the Friday before, one on a Sunday on the Monday after; New Year's Day on a
 * Saturday is not observed, because that Friday ends a year's accounts. Source: NYSE Rule 7.2, "Holidays"; the exchange's
 * published calendars. Martin Luther King's birthday since 1998, Juneteenth since 2022, election day
 * of a president until 1980. The rules stand as here since 1971, when the Uniform Monday Holiday Act moved Washington's
 * Birthday and Memorial Day; for earlier years nothing is promised.
 */
export const exchangeHolidays: DaysOf = byYear((year) => [
  ...observed(dateAt(year, 1, 1), "New Year's Day", { saturday: false }),
  ...(year >= 1998 ? [[nthWeekday(year, 1, 1, 3), "Martin Luther King's birthday"] as const] : []),
  [nthWeekday(year, 2, 1, 3), "Washington's Birthday"],
  [addDays(easterOf(year), -2), 'Good Friday'],
  [nthWeekday(year, 5, 1, -1), 'Memorial Day'],
  ...(year >= 2022 ? observed(dateAt(year, 6, 19), 'Juneteenth') : []),
  ...observed(dateAt(year, 7, 4), 'Independence Day'),
  [nthWeekday(year, 9, 1, 1), 'Labor Day'],
  ...(year <= 1980 && year % 4 === 0
    ? [[addDays(nthWeekday(year, 11, 1, 1), 1), 'Election Day'] as const]
    : []),
  [nthWeekday(year, 11, 4, 4), 'Thanksgiving Day'],
  ...observed(dateAt(year, 12, 25), 'Christmas Day'),
]);

/** Closings of the exchange that no rule gives. */
export const exchangeClosings: DaysOf = byYear((year) =>
  tradingClosings
    .filter(({ date }) => date.startsWith(`${year}-`))
    .map(({ date, reason }) => [date, reason] as const),
);

/**
 * The holidays of the Federal Reserve Banks in a year, on which no money settles.
 *
 * A holiday on a Sunday is observed on the Monday after; for one on a Saturday the Reserve Banks are open on the Friday
 * before. Source: Federal Reserve Bank Services, "Holiday Schedules"; 5 U.S.C. 6103. Martin Luther King's birthday since
 * 1986, Juneteenth since 2022 (the law is of 17 June 2021, and that year's was a Saturday).
 */
export const bankHolidays: DaysOf = byYear((year) => [
  ...observed(dateAt(year, 1, 1), "New Year's Day", { saturday: false }),
  ...(year >= 1986 ? [[nthWeekday(year, 1, 1, 3), "Martin Luther King's birthday"] as const] : []),
  [nthWeekday(year, 2, 1, 3), "Washington's Birthday"],
  [nthWeekday(year, 5, 1, -1), 'Memorial Day'],
  ...(year >= 2022 ? observed(dateAt(year, 6, 19), 'Juneteenth', { saturday: false }) : []),
  ...observed(dateAt(year, 7, 4), 'Independence Day', { saturday: false }),
  [nthWeekday(year, 9, 1, 1), 'Labor Day'],
  [nthWeekday(year, 10, 1, 2), 'Columbus Day'],
  ...observed(dateAt(year, 11, 11), 'Veterans Day', { saturday: false }),
  [nthWeekday(year, 11, 4, 4), 'Thanksgiving Day'],
  ...observed(dateAt(year, 12, 25), 'Christmas Day', { saturday: false }),
]);

/**
 * Days of a year on which the NYSE closes at 13:00: the day after Thanksgiving, Christmas Eve from Monday to Thursday, and
 * 3 July from Monday to Thursday; until 2012, where 4 July was a Thursday, 5 July instead of 3 July.
 * Source: NYSE Rule 7.2 and the published calendars since 1993; for earlier years nothing is promised.
 */
export const earlyCloses: DaysOf = byYear((year) => {
  const july4 = weekdayOf(dateAt(year, 7, 4));
  const late = july4 === 4 && year < 2013;
  const beforeJuly4 = !late && july4 >= 2 && july4 <= 5;
  const eve = weekdayOf(dateAt(year, 12, 24));
  return [
    ...(late ? [[dateAt(year, 7, 5), 'day after Independence Day'] as const] : []),
    ...(beforeJuly4 ? [[dateAt(year, 7, 3), 'day before Independence Day'] as const] : []),
    [addDays(nthWeekday(year, 11, 4, 4), 1), 'day after Thanksgiving'],
    ...(eve >= 1 && eve <= 4 ? [[dateAt(year, 12, 24), 'Christmas Eve'] as const] : []),
    ...earlyClosings
      .filter(({ date }) => date.startsWith(`${year}-`))
      .map(({ date, reason }) => [date, reason] as const),
  ];
});

/** The days on which a holiday of a fixed date is kept; a Saturday's moves to the Friday before, or is not kept. */
function observed(date: string, reason: string, { saturday = true } = {}): readonly Dated[] {
  const weekday = weekdayOf(date);
  if (weekday === 0) return [[addDays(date, 1), `${reason} (observed)`]];
  if (weekday === 6) return saturday ? [[addDays(date, -1), `${reason} (observed)`]] : [];
  return [[date, reason]];
}

/** Computed once a year: a book asks for the same days again and again. */
function byYear(days: (year: number) => readonly Dated[]): DaysOf {
  const known = new Map<number, ReadonlyMap<string, string>>();
  return (year) => {
    const found = known.get(year) ?? new Map(days(year));
    known.set(year, found);
    return found;
  };
}
