import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import {
  adopted,
  balance,
  bust,
  closed,
  type Fill,
  fill,
  type Message,
  type Opened,
  openedBook,
  openingCashFile,
  openingFile,
  position,
  Story,
  type Told,
} from './testing/story.ts';
import type { BookView } from './view.ts';

let ordinal = 0;
const ours = (...told: Told[]): Message => ({
  channel: 'orders',
  perspective: 'ours',
  ordinal: ++ordinal,
  told,
});

/** The book after these messages. */
async function bookOf(
  messages: readonly Message[],
): Promise<Opened & { readonly offsets: readonly number[] }> {
  const story = new Story();
  for (const message of messages) await story.tell(message);
  return { ...(await openedBook(story.log, tempDirectory('book'))), offsets: story.offsets };
}

async function bookOfOurs(...told: readonly Told[]): Promise<BookView> {
  const { book } = await bookOf(told.map((one) => ours(one)));
  return book;
}

const held = (book: BookView, asOf = '2026-11-30', upTo?: number): string[] =>
  (['trade-date', 'settlement-date'] as const).map((basis) =>
    [
      ...book.positions({ basis, asOf, ...(upTo !== undefined && { upTo }) }),
      ...book.cash({ basis, asOf, ...(upTo !== undefined && { upTo }) }),
    ]
      .map((one) =>
        'security' in one
          ? `${one.account} ${one.security} ${one.quantity}`
          : `${one.account} ${one.currency} ${one.amount}`,
      )
      .join(', '),
  );

/** Both bases are the same. */
const both = (text: string): string[] => [text, text];

describe('trades', () => {
  test('a purchase brings securities and costs what it costs, by trade date and by settlement date', async () => {
    const commission = [{ type: 'commission', amount: '4.95' }];
    const book = await bookOfOurs(fill({ exec: 'E1', settlementDate: '2026-11-12', charges: commission }));
    expect(held(book, '2026-11-09')).toEqual(['', '']);
    expect(held(book, '2026-11-10')).toEqual(['A1 cusip:990000108 100, A1 USD -1004.95', '']);
    expect(held(book, '2026-11-11')).toEqual(['A1 cusip:990000108 100, A1 USD -1004.95', '']);
    expect(held(book, '2026-11-12')).toEqual(both('A1 cusip:990000108 100, A1 USD -1004.95'));
    expect(book.positions({ basis: 'trade-date', asOf: '2026-11-10' })).toMatchObject([{ symbol: 'S108' }]);
    expect(book.movements()).toMatchObject([
      {
        kind: 'trade',
        sign: 1,
        because: 'told',
        quantity: '100',
        cash: '-1004.95',
        charges: commission,
        computed: false,
      },
    ]);
  });

  test('a settlement date that is not said comes from the calendar, over a day that trades and does not settle', async () => {
    const book = await bookOfOurs(fill({ exec: 'E1' }), fill({ exec: 'E2', tradeDate: '2026-11-11' }));
    expect(book.movements().map(({ settlementDate, computed }) => [settlementDate, computed])).toEqual([
      ['2026-11-12', true],
      ['2026-11-12', true],
    ]);
    const story = new Story();
    await story.tell(ours(fill({ exec: 'E1' })));
    const closings = [{ date: '2026-11-12', reason: 'a storm' }];
    const { book: closedBook } = await openedBook(story.log, tempDirectory('book'), { closings });
    expect(closedBook.movements()[0]?.settlementDate).toBe('2026-11-13');
  });

  test('the net amount counts where it is said; a sale gives and receives', async () => {
    const sale: Fill = { exec: 'E1', side: 'sell', quantity: '30', price: '10.5', net: '314.99' };
    const book = await bookOfOurs(fill(sale));
    expect(held(book)).toEqual(both('A1 cusip:990000108 -30, A1 USD 314.99'));
  });

  test('a repeat moves nothing, a bust takes back after settlement too, a correction takes the place', async () => {
    const { book, offsets } = await bookOf(
      [
        fill({ exec: 'E1' }),
        fill({ exec: 'E1' }),
        fill({ exec: 'E2' }),
        bust({ exec: 'B1', about: 'E1' }),
        fill({ exec: 'C2', about: 'E2', price: '11' }),
      ].map((one) => ours(one)),
    );
    expect(held(book)).toEqual(both('A1 cusip:990000108 100, A1 USD -1100'));
    expect(held(book, '2026-11-30', offsets[2])).toEqual(both('A1 cusip:990000108 200, A1 USD -2000'));
    expect(
      book
        .movements()
        .map(({ offset, sign, because, cash }) => [offsets.indexOf(offset), sign, because, cash]),
    ).toEqual([
      [0, 1, 'told', '-1000'],
      [2, 1, 'told', '-1000'],
      [3, -1, 'reversed', '1000'],
      [4, -1, 'replaced', '1000'],
      [4, 1, 'told', '-1100'],
    ]);
    expect(book.movements()[2]?.source).toBe(offsets[0]);
  });

  test("only our own word moves the book; the clearer's trades count beside it", async () => {
    const theirs: Message = {
      channel: 'drop',
      perspective: 'clearer',
      ordinal: 1,
      told: [fill({ exec: 'E1' })],
    };
    const { book, offsets } = await bookOf([theirs, ours(fill({ exec: 'E2' }))]);
    expect(held(book)).toEqual(both('A1 cusip:990000108 100, A1 USD -1000'));
    expect(book.trades({ perspective: 'clearer' })).toMatchObject([
      { source: offsets[0], since: offsets[0], date: '2026-11-10', event: { data: { execId: 'E1' } } },
    ]);
    expect(book.trades({ perspective: 'ours', from: '2026-11-11' })).toEqual([]);
    expect(book.trades({ to: '2026-11-10' })).toHaveLength(2);
  });

  test('what cannot be booked is told with its reason', async () => {
    const { data, attributes } = fill({ exec: 'E1' });
    const { security, ...nameless } = attributes;
    const book = await bookOfOurs(
      { type: 'trade.executed', attributes, data: { ...data, side: 'cross' } },
      { type: 'trade.executed', attributes: { ...nameless, businessKey: 'trade|2' }, data },
    );
    expect(book.unbooked().map(({ unbooked }) => unbooked)).toEqual([
      'side, quantity or price is missing',
      'no security is named',
    ]);
    expect(book.movements()).toEqual([]);
  });
});

describe('what moves without a trade', () => {
  const security = { id: '990000207', scheme: 'cusip' };

  test('transfers, corporate actions and cash of ours', async () => {
    const book = await bookOfOurs(
      {
        type: 'transfer.settled',
        attributes: { businessKey: 'transfer|1', account: 'A1', security },
        data: { quantity: '50', settlementDate: '2026-11-11' },
      },
      {
        type: 'corporateAction.paid',
        attributes: { businessKey: 'ca|1', account: 'A1', security },
        data: { kind: 'split', quantity: '50', exDate: '2026-11-11', payDate: '2026-11-10' },
      },
      {
        type: 'cash.moved',
        attributes: { businessKey: 'cash|1', account: 'A1' },
        data: { type: 'wire', amount: '-7.5', currency: 'USD', valueDate: '2026-11-12' },
      },
    );
    expect(held(book, '2026-11-10')).toEqual(both('A1 cusip:990000207 50'));
    expect(held(book, '2026-11-12')).toEqual(both('A1 cusip:990000207 100, A1 USD -7.5'));
    expect(book.movements({ security: 'cusip:990000207' }).map(({ kind }) => kind)).toEqual([
      'transfer',
      'corporate-action',
    ]);
  });

  test('a reversal undoes what it names, and says so where it names nothing', async () => {
    const transfer = { businessKey: 'transfer|1', account: 'A1', security };
    const data = { quantity: '50', settlementDate: '2026-11-11' };
    const book = await bookOfOurs(
      { type: 'transfer.settled', attributes: transfer, data },
      {
        type: 'transfer.reversed',
        attributes: { ...transfer, businessKey: 'r|1', reverses: 'transfer|1' },
        data,
      },
      { type: 'transfer.reversed', attributes: { ...transfer, businessKey: 'r|2' }, data },
    );
    expect(held(book)).toEqual(both(''));
    expect(book.unbooked()).toMatchObject([{ unbooked: 'it does not name what it reverses' }]);
    const [other] = book.facts({ perspective: 'ours', types: ['transfer.reversed'] });
    expect(other?.date).toBe('2026-11-11');
  });
});

/** Their files of the morning: 100 settled and 20 more traded of one security, 5,000 dollars of which 200 are still to pay. */
const openingMessages: readonly Message[] = [
  {
    channel: 'positions',
    perspective: 'clearer',
    ordinal: 1,
    told: position('A1', '990000108', ['120', '100']),
  },
  {
    channel: 'positions',
    perspective: 'clearer',
    ordinal: 2,
    told: position('A2', '990000207', ['-5', '-5']),
  },
  { channel: 'positions', perspective: 'clearer', ordinal: 3, told: [closed('positions', openingFile)] },
  { channel: 'cash', perspective: 'clearer', ordinal: 1, told: balance('A1', ['4800', '5000']) },
  { channel: 'cash', perspective: 'clearer', ordinal: 2, told: [closed('cash', openingCashFile)] },
];
const adoption: Message = { channel: 'gateway', perspective: 'ours', ordinal: 1, told: [adopted()] };
const opening = [...openingMessages, adoption];

describe('the baseline', () => {
  test('opens the book with the close of the day before; what was to settle settles on the next settlement day', async () => {
    const { book, offsets } = await bookOf(opening);
    expect(held(book, '2026-11-08')).toEqual(['', '']);
    expect(held(book, '2026-11-09')).toEqual([
      'A1 cusip:990000108 120, A2 cusip:990000207 -5, A1 USD 4800',
      'A1 cusip:990000108 100, A2 cusip:990000207 -5, A1 USD 5000',
    ]);
    expect(held(book, '2026-11-10')).toEqual(
      both('A1 cusip:990000108 120, A2 cusip:990000207 -5, A1 USD 4800'),
    );
    expect(held(book, '2026-11-10', offsets[4])).toEqual(['', '']);
    expect(book.baseline()).toMatchObject({
      asOf: '2026-11-09',
      snapshot: openingFile,
      movements: 5,
      approvedBy: 'ann',
    });
    expect(book.baseline(offsets[4])).toBeUndefined();
    expect(book.movements({ account: 'A2' })).toMatchObject([
      { kind: 'opening', because: 'baseline', source: offsets[1], offset: offsets[5] },
    ]);
  });

  test('what was traded until its day is in it, whether it was told before or after the adoption', async () => {
    const early = fill({ exec: 'E1', tradeDate: '2026-11-09' });
    const later = fill({ exec: 'E2', tradeDate: '2026-11-10' });
    for (const messages of [
      [ours(early), ours(later), ...opening],
      [...opening, ours(early), ours(later)],
    ]) {
      const { book } = await bookOf(messages);
      expect(held(book)).toEqual(both('A1 cusip:990000108 220, A2 cusip:990000207 -5, A1 USD 3800'));
      expect(book.trades({ perspective: 'ours' })).toHaveLength(2);
    }
  });

  test('a trade that it holds is taken out by a bust after its cut, and not by one before', async () => {
    const early = fill({ exec: 'E1', tradeDate: '2026-11-09' });
    const day = { tradeDate: '2026-11-09', about: 'E1', exec: 'B1' };
    const before = bust({ ...day, occurredAt: '2026-11-09T22:59:00Z' });
    const after = bust({ ...day, occurredAt: '2026-11-10T14:00:00Z' });
    const opened = 'A1 cusip:990000108 120, A2 cusip:990000207 -5, A1 USD 4800';
    const without = 'A1 cusip:990000108 20, A2 cusip:990000207 -5, A1 USD 5800';
    for (const [told, result] of [
      [before, opened],
      [after, without],
    ] as const) {
      for (const messages of [
        [...opening, ours(early), ours(told)],
        [ours(early), ours(told), ...opening],
        [ours(early), ...opening, ours(told)],
      ])
        expect(held((await bookOf(messages)).book)).toEqual(both(result));
    }
    const correction = fill({ ...day, exec: 'C1', price: '11', occurredAt: '2026-11-10T14:00:00Z' });
    expect(held((await bookOf([...opening, ours(early), ours(correction)])).book)).toEqual(
      both('A1 cusip:990000108 120, A2 cusip:990000207 -5, A1 USD 4700'),
    );
    const bustMessage = ours(after);
    const voided = await bookOf([...opening, ours(early), bustMessage, { ...bustMessage, told: [] }]);
    expect(held(voided.book)).toEqual(both(opened));
    expect(voided.book.movements().slice(-2)).toMatchObject([
      { because: 'reversed' },
      { because: 'restored' },
    ]);
  });

  test('another baseline takes its place, and comes back when that one is taken back', async () => {
    const evening = 'POS/2026-11-10/end-of-day/01';
    const next: Message = { ...adoption, ordinal: 2, told: [adopted(evening, '')] };
    const messages: Message[] = [
      ...opening,
      ours(fill({ exec: 'E2' })),
      {
        channel: 'positions',
        perspective: 'clearer',
        ordinal: 10,
        told: position('A3', '990000108', ['7', '7'], evening),
      },
      {
        channel: 'positions',
        perspective: 'clearer',
        ordinal: 11,
        told: [closed('positions', evening, 'end-of-day')],
      },
      next,
    ];
    const { book, offsets } = await bookOf(messages);
    expect(held(book)).toEqual(both('A3 cusip:990000108 7'));
    expect(held(book, '2026-11-30', offsets[8])).toEqual(
      both('A1 cusip:990000108 220, A2 cusip:990000207 -5, A1 USD 3800'),
    );
    const back = await bookOf([...messages, { ...next, told: [] }]);
    expect(held(back.book)).toEqual(both('A1 cusip:990000108 220, A2 cusip:990000207 -5, A1 USD 3800'));
    expect(back.book.baseline()).toMatchObject({ snapshot: openingFile, movements: 5 });
  });
});

describe('reported snapshots', () => {
  test('stand from their end on; a superseding file is switched over when it is closed anew', async () => {
    const rows = openingMessages.slice(0, 2);
    const revised: Message[] = [
      { ...(rows[0] as Message), told: position('A1', '990000108', ['130', '100']) },
      { ...(rows[1] as Message), told: [] },
      openingMessages[2] as Message,
    ];
    const { book, offsets } = await bookOf([...openingMessages.slice(0, 3), ...revised]);
    const rowsAt = (upTo: number | undefined): string[] | undefined => {
      const [snapshot] = book.snapshots({ kind: 'positions', perspective: 'clearer', ...(upTo && { upTo }) });
      return (
        snapshot &&
        book.reported(snapshot).map(({ account, basis, amount }) => `${account} ${basis} ${amount}`)
      );
    };
    const old = ['A1 trade-date 120', 'A1 settlement-date 100', 'A2 trade-date -5', 'A2 settlement-date -5'];
    expect(offsets.map((offset) => rowsAt(offset))).toEqual([
      undefined,
      undefined,
      old,
      old,
      old,
      ['A1 trade-date 130', 'A1 settlement-date 100'],
    ]);
    expect(book.snapshots()).toMatchObject([
      {
        snapshot: openingFile,
        businessDate: '2026-11-10',
        asOf: '2026-11-09',
        cycle: 'start-of-day',
        closedAt: offsets[5],
      },
    ]);
    expect(book.snapshots({ perspective: 'street' })).toEqual([]);
    const name = { channel: 'positions', snapshot: openingFile, kind: 'positions' };
    expect(book.snapshot(name, offsets[4])?.closedAt).toBe(offsets[2]);
  });
});

test('days that systems write for "never" keep nothing from being folded: such a trade is not booked, with the reason', async () => {
  const never = ['0000-00-00', '0000-01-01', '0001-01-01', '9999-12-31'];
  const trades = never.map((tradeDate, at) => fill({ exec: `E${at}`, tradeDate }));
  const book = await bookOfOurs(...trades, fill({ exec: 'E9' }));
  expect(book.unbooked().map(({ unbooked }) => unbooked)).toEqual(never.map(() => 'no trade date is known'));
  expect(book.movements()).toHaveLength(1);
});
