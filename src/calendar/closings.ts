/** A day that no rule gives: when it was, and what happened. */
export interface Closing {
  readonly date: string;
  readonly reason: string;
}

/**
 * Whole days on which the NYSE stayed closed outside of its rules, since 1971.
 * Source: "Special Closings of the NYSE" in the exchange's own list of closings (nyse.com/pdfs/closings.pdf),; the
 * last two: its announcements of December 2018 and December 2024. Such days cannot be foreseen: a user adds the next one
 * by `withDays`.
 */
export const tradingClosings: readonly Closing[] = [
  { date: '1972-12-28', reason: 'funeral of former President Truman' },
  { date: '1973-01-25', reason: 'funeral of former President Johnson' },
  { date: '1977-07-14', reason: 'blackout in New York City' },
  { date: '1985-09-27', reason: 'Hurricane Gloria' },
  { date: '1994-04-27', reason: 'funeral of former President Nixon' },
  { date: '2001-09-11', reason: 'attack on the World Trade Center' },
  { date: '2001-09-12', reason: 'attack on the World Trade Center' },
  { date: '2001-09-13', reason: 'attack on the World Trade Center' },
  { date: '2001-09-14', reason: 'attack on the World Trade Center' },
  { date: '2004-06-11', reason: 'day of mourning for former President Reagan' },
  { date: '2007-01-02', reason: 'day of mourning for former President Ford' },
  { date: '2012-10-29', reason: 'Hurricane Sandy' },
  { date: '2012-10-30', reason: 'Hurricane Sandy' },
  { date: '2018-12-05', reason: 'day of mourning for former President G. H. W. Bush' },
  { date: '2025-01-09', reason: 'day of mourning for former President Carter' },
];

/** Days that ended at 13:00 New York time outside of the rules. Source: the same list of closings. */
export const earlyClosings: readonly Closing[] = [
  { date: '1997-12-26', reason: 'day after Christmas' },
  { date: '1999-12-31', reason: "New Year's Eve" },
  { date: '2003-12-26', reason: 'day after Christmas' },
];
