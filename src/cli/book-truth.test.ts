import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TradeDays } from '../../certification/simulators/trade-day/index.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { BookView, bookProjection } from '../book/index.ts';
import { adopted, draftOf } from '../book/testing/story.ts';
import { decimalText } from '../core/decimal.ts';
import { memoryLog, openProjections, type Projections } from '../log/index.ts';
import { keepTradeDays } from './testing/trade-day-log.ts';

let days: TradeDays;
let views: Projections;
let book: BookView;

beforeAll(async () => {
  const log = memoryLog();
  days = await keepTradeDays(log);
  const projections = [bookProjection()];
  views = await openProjections(tempDirectory('book-truth', afterAll), log, { projections });
  await views.catchUp();
  book = new BookView(views.store);
  // Adopted last, by the names that the files gave themselves: the book is the same, whenever a person adopts it.
  const opening = book.snapshots().filter(({ cycle }) => cycle === 'start-of-day');
  const [positions = '', cash = ''] = ['positions', 'cash'].map(
    (kind) => opening.find((one) => one.kind === kind)?.snapshot,
  );
  const adoption = {
    channel: 'gateway',
    perspective: 'ours',
    ordinal: 1,
    told: [adopted(positions, cash)],
  } as const;
  await log.append('gateway', [draftOf(adoption)]);
  await views.catchUp();
}, 60_000);

afterAll(() => views.close());

describe('the book of the simulated trade days', () => {
  const states = (['trade-date', 'settlement-date'] as const).flatMap((basis) =>
    ['2026-11-09', '2026-11-10', '2026-11-11', '2026-11-12'].map((asOf) => [basis, asOf] as const),
  );

  test.each(states)('is the truth, by %s, as of %s', (basis, asOf) => {
    const truth = days.truth.ours.at(basis, asOf);
    const positions = book.positions({ basis, asOf });
    expect(positions.map(({ account, security, quantity }) => `${account} ${security} ${quantity}`)).toEqual(
      truth.holdings
        .map(({ account, security, quantity }) => `${account} ${security} ${quantity}`)
        .toSorted(),
    );
    expect(book.cash({ basis, asOf }).map(({ account, amount }) => `${account} ${amount}`)).toEqual(
      truth.balances
        .filter(({ cents }) => cents !== 0)
        .map(({ account, cents }) => `${account} ${decimalText({ units: BigInt(cents), scale: 2 })}`)
        .toSorted(),
    );
  });

  test('counts every trade of ours once, and books every one', () => {
    const ids = book.trades({ perspective: 'ours' }).map(({ event }) => event.id);
    expect(ids).toHaveLength(days.truth.trades.length);
    expect(new Set(ids).size).toBe(ids.length);
    expect(book.unbooked()).toEqual([]);
  });
});
