import { expect, test } from 'vitest';
import { tradingDays } from '../calendar/index.ts';
import { daysBetween } from './view.ts';

test.each([
  ['2026-11-10', '2026-11-10', 0, 'the day itself'],
  ['2026-11-06', '2026-11-09', 1, 'over a weekend'],
  ['2026-11-10', '2026-11-12', 2, 'over Veterans Day, which trades and does not settle'],
  ['2026-11-25', '2026-11-27', 1, 'over Thanksgiving'],
  ['2026-12-24', '2026-12-28', 1, 'over Christmas and a weekend'],
  ['2026-11-12', '2026-11-10', 0, 'back'],
])('the age from %s to %s is %i business days: %s', (from, to, days) => {
  expect(daysBetween(from, to, tradingDays)).toBe(days);
});
