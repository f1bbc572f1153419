import { addDays, isDate, settlementDays, tradingDays } from '../calendar/index.ts';
import { isoOfMicros, type Micros } from '../core/clock.ts';
import { instantOf } from '../core/local-time.ts';
import { dateInZone } from '../core/zone.ts';
import type { Expectation } from './schema-files.ts';

/** One arrival that is expected: a feed on a day. */
export interface Due {
  readonly feed: string;
  readonly cycle?: string;
  /** The day on which it is due, in the channel's zone. */
  readonly date: string;
  /** Of what the file speaks. */
  readonly businessDate: string;
  readonly dueAt: Micros;
  /** From here on it is late. */
  readonly lateAt: Micros;
}

/** The arrival that is due on a day; undefined where none is. */
export function dueOn(expectation: Expectation, date: string, zone: string): Due | undefined {
  if (!isDueDay(expectation, date)) return undefined;
  const { name, cycle, due, speaksOf, graceMinutes } = expectation;
  const dueAt = instantOf(date, due, zone);
  return {
    feed: name,
    ...(cycle !== undefined && { cycle }),
    date,
    businessDate: speaksOf === 'same-day' ? date : tradingDays.previous(date, 1),
    dueAt,
    lateAt: dueAt + graceMinutes * 60_000_000,
  };
}

/** Every arrival that is due in a range of days, both ends in, in the order in which they are due. */
export function duesBetween(
  expectations: readonly Expectation[],
  from: string,
  to: string,
  zone: string,
): readonly Due[] {
  const dues: Due[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) {
    for (const expectation of expectations) {
      const due = dueOn(expectation, date, zone);
      if (due !== undefined) dues.push(due);
    }
  }
  return dues.sort((left, right) => left.dueAt - right.dueAt);
}

/** Which expected feed a file is, by its name or its key; the first that matches. */
export function expectationOf(
  expectations: readonly Expectation[],
  name: string,
  key: string,
): Expectation | undefined {
  return expectations.find(({ pattern }) => {
    const expression = new RegExp(pattern, 'u');
    return expression.test(name) || expression.test(key);
  });
}

/** How far a due day can be from the business date that it is about, or from an arrival: weekends and holidays between them. */
const dueDaysMax = 10;

/**
 * The due arrival that a file meets: by its business date, or where it says none, the nearest one that is not met yet,
 * before or behind the arrival: what is due at 22:00 and comes after midnight is still that of the evening.
 */
export function dueOf(
  expectation: Expectation,
  file: { readonly businessDate?: string; readonly arrivedAt: Micros },
  met: readonly string[],
  zone: string,
): Due | undefined {
  const { businessDate, arrivedAt } = file;
  if (businessDate !== undefined && isDate(businessDate)) {
    const dues = duesBetween([expectation], businessDate, addDays(businessDate, dueDaysMax), zone);
    return dues.find((due) => due.businessDate === businessDate);
  }
  const day = dateInZone(isoOfMicros(arrivedAt), zone);
  const from = addDays(day, -dueDaysMax);
  const open = duesBetween([expectation], from, addDays(day, dueDaysMax), zone).filter(
    ({ date }) => !met.includes(date),
  );
  const distance = ({ dueAt }: Due): number => Math.abs(dueAt - arrivedAt);
  return open.sort((left, right) => distance(left) - distance(right))[0];
}

function isDueDay({ days }: Expectation, date: string): boolean {
  if (days === 'every') return true;
  return days === 'trading' ? tradingDays.isOpen(date) : settlementDays.isOpen(date);
}
