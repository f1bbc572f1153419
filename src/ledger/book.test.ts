import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { BookView, bookProjection } from '../book/index.ts';
import {
  adopted,
  balance,
  bust,
  closed,
  fill,
  type Message,
  openingCashFile,
  openingFile,
  position,
  Story,
} from '../book/testing/story.ts';
import { openProjections } from '../log/index.ts';
import { LedgerView, ledgerProjection, unbalanced } from './index.ts';

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const exec = pick('E1', 'E2', 'E3');
const tradeDate = pick('2026-11-09', '2026-11-10');
/** Before and after the cut of the opening file, which is 23:00 UTC on the 9th. */
const occurredAt = pick('2026-11-09T15:00:00Z', '2026-11-09T23:30:00Z', '2026-11-10T15:00:00Z');
const account = pick('A1', 'A2');

const trade = fc
  .record({ exec, account, side: pick('buy', 'sell'), price: pick('10', '0.333'), tradeDate, occurredAt })
  .map(fill);
const corrected = fc
  .record({
    exec: pick('C1', 'C2'),
    about: exec,
    account,
    quantity: pick('70', '100'),
    tradeDate,
    occurredAt,
  })
  .map(fill);
const taken = fc.record({ exec: pick('B1', 'B2'), about: exec, tradeDate, occurredAt }).map(bust);
/** The same number again is a revision: it takes back what the message said. */
const orders = fc
  .record({
    ordinal: fc.integer({ min: 1, max: 6 }),
    told: fc.array(fc.oneof(trade, trade, corrected, taken), { maxLength: 2 }),
  })
  .map((one): Message => ({ channel: 'orders', perspective: 'ours', ...one }));
const opening: readonly Message[] = [
  {
    channel: 'positions',
    perspective: 'clearer',
    ordinal: 1,
    told: [...position('A1', '990000108', ['300', '200']), closed('positions', openingFile)],
  },
  {
    channel: 'cash',
    perspective: 'clearer',
    ordinal: 1,
    told: [...balance('A1', ['5000', '6000']), closed('cash', openingCashFile)],
  },
];
const adoption: Message = { channel: 'gateway', perspective: 'ours', ordinal: 1, told: [adopted()] };

/** A person takes the opening back, or adopts it again. */
const again = pick<Message>({ ...adoption, told: [] }, adoption);

async function folded(messages: readonly Message[]) {
  const story = new Story();
  for (const one of messages) await story.tell(one);
  const projections = [bookProjection(), ledgerProjection()];
  const views = await openProjections(tempDirectory('ledger-book'), story.log, { projections });
  await views.catchUp();
  return { views, book: new BookView(views.store), ledger: new LedgerView(views.store) };
}

/** What customers have, as `account unit amount`. */
function customersOf(ledger: LedgerView): readonly string[] {
  const own = ledger.balances().filter((one) => one.account.startsWith('customer:'));
  return own.map(({ account: name, unit, amount }) => `${name.split(':')[1]} ${unit} ${amount}`).sort();
}

function holdersOf(book: BookView): readonly string[] {
  const query = { basis: 'trade-date', asOf: '2026-12-31' } as const;
  const securities = book.positions(query).map((one) => `${one.account} ${one.security} ${one.quantity}`);
  const cash = book.cash(query).map((one) => `${one.account} ${one.currency} ${one.amount}`);
  return [...securities, ...cash].sort();
}

const stream = fc.array(fc.oneof({ arbitrary: orders, weight: 8 }, { arbitrary: again, weight: 1 }), {
  maxLength: 14,
});

describe('a law: customers have in the ledger what they have in the book', () => {
  test('whenever the baseline is adopted or taken back, whatever is busted, corrected or taken back around its cut', async () => {
    let differed = 0;
    await fc.assert(
      fc.asyncProperty(stream, fc.nat(14), async (messages, at) => {
        const place = Math.min(at, messages.length);
        const all = [...messages.slice(0, place), ...opening, adoption, ...messages.slice(place)];
        const { views, book, ledger } = await folded(all);
        expect(customersOf(ledger)).toEqual(holdersOf(book));
        for (const { postings } of ledger.after(0, 10_000)) expect(unbalanced(postings)).toEqual([]);
        differed += holdersOf(book).length === 2 ? 0 : 1;
        await views.close();
      }),
      { numRuns: 80 },
    );
    expect(differed).toBeGreaterThan(10);
  });
});

test('what was corrected after the cut of the baseline is taken out of it, and stands as it was corrected', async () => {
  const late = fill({
    exec: 'C1',
    about: 'E1',
    quantity: '70',
    tradeDate: '2026-11-09',
    occurredAt: '2026-11-10T15:00:00Z',
  });
  const { views, ledger } = await folded([
    {
      channel: 'orders',
      perspective: 'ours',
      ordinal: 1,
      told: [fill({ exec: 'E1', tradeDate: '2026-11-09', occurredAt: '2026-11-09T15:00:00Z' })],
    },
    ...opening,
    adoption,
    { channel: 'orders', perspective: 'ours', ordinal: 2, told: [late] },
  ]);
  expect(customersOf(ledger)).toEqual(['A1 USD 5300', 'A1 cusip:990000108 270']);
  await views.close();
});
