import { type Calendar, settlementDays } from './calendar.ts';

/** From which trade date on a regular-way trade in US equities settles how many settlement days later. */
const cycles: readonly (readonly [from: string, days: number, source: string])[] = [
  ['2024-05-28', 1, 'SEC Rule 15c6-1 as amended, release 34-96930'],
  ['2017-09-05', 2, 'SEC Rule 15c6-1 as amended, release 34-80295'],
  ['1995-06-07', 3, 'SEC Rule 15c6-1, release 34-33023'],
];

/** Days of the cycle that was in force on a trade date; 5 by custom before the first rule. */
export function settlementCycle(tradeDate: string): number {
  return cycles.find(([from]) => tradeDate >= from)?.[1] ?? 5;
}

/**
 * The day on which a trade of a date settles: so many settlement days later, by default as many as the cycle of that
 * date has. What the reporter says goes before this; a book marks what it computed.
 */
export function settlementDate(
  tradeDate: string,
  days: number = settlementCycle(tradeDate),
  calendar: Calendar = settlementDays,
): string {
  return calendar.next(tradeDate, days);
}
