import { describe, expect, test } from 'vitest';
import { iso15022 } from '../../codecs/iso15022/index.ts';
import { iso20022 } from '../../codecs/iso20022/index.ts';
import { element, textElement, writeXml } from '../../codecs/iso20022/write-xml.ts';
import { openedBook, Story, type Told } from '../../src/book/testing/story.ts';
import type { Codec } from '../../src/contract/codec.ts';
import type { Event } from '../../src/events/index.ts';
import { sampleContext } from '../sample-context.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { type StatementPage, writeMtStatement } from './write-mt.ts';
import { header, writeMxStatement } from './write-mx.ts';

/** Statements of five pages on their way into the book. */
const securities = ['990000108', '990000207', '990000306', '990000405', '990000504'];

function pageOf(page: number, quantity: string, more: Partial<StatementPage['head']> = {}): StatementPage {
  return {
    head: {
      kind: 'holdings',
      messageId: `H20261111-${page}`,
      number: '316',
      page,
      last: page === securities.length,
      at: '2026-11-11',
      basis: 'SETT',
      update: 'COMP',
      account: 'A1234567',
      sender: 'DTCYUS33',
      preparedAt: '2026-11-12T06:30:00Z',
      ...more,
    },
    holdings: [
      {
        cusip: securities[page - 1],
        quantity,
        unit: 'shares',
        balances: [{ type: 'BLOK', quantity: '10', availability: 'not-available' }],
      },
      { account: 'SUB1', cusip: securities[page - 1], quantity: '-5', unit: 'shares' },
    ],
  };
}

const pages = securities.map((_, index) => pageOf(index + 1, String((index + 1) * 100)));

function eventsOf(codec: Codec, bytes: Uint8Array): readonly Event[] {
  const { message, issues } = codec.decode({ bytes });
  expect(issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
  return message === undefined ? [] : codec.normalize(message, sampleContext);
}

const asMt = (page: StatementPage) => eventsOf(iso15022, writeMtStatement(page));
const asMx = (page: StatementPage) => eventsOf(iso20022, writeMxStatement(page));

const told = (events: readonly Event[]): readonly Told[] =>
  events.map(({ type, slot, account, asOf, security, unit, reportedBy, businessKey, data }) => {
    const attributes = { account, asOf, security, unit, reportedBy, businessKey };
    return { type, slot, attributes, data };
  });

async function bookOf(messages: readonly (readonly Event[])[]) {
  const story = new Story();
  for (const [ordinal, events] of messages.entries()) {
    await story.tell({ channel: 'custodian', perspective: 'clearer', ordinal, told: told(events) });
  }
  const { book } = await openedBook(story.log, tempDirectory('statements'));
  const snapshots = book.snapshots({
    perspective: 'clearer',
    kind: 'positions',
    upTo: Number.MAX_SAFE_INTEGER,
  });
  const rows = snapshots.flatMap((snapshot) =>
    book
      .reported(snapshot)
      .map(({ account, security, basis, amount }) => `${account} ${security} ${basis} ${amount}`),
  );
  return { snapshots, rows: rows.toSorted(), offsets: story.offsets };
}

const whole = securities
  .flatMap((cusip, index) => [
    `A1234567 cusip:${cusip} settlement-date ${(index + 1) * 100}`,
    `SUB1 cusip:${cusip} settlement-date -5`,
  ])
  .toSorted();

describe('a statement of five pages', () => {
  test('in MT535 and in semt.002 folds into the same positions, each once', async () => {
    const mt = await bookOf(pages.map(asMt));
    const mx = await bookOf(pages.map(asMx));
    expect(mt.rows).toEqual(whole);
    expect(mx.rows).toEqual(whole);
    expect(mx.snapshots.map(({ snapshot }) => snapshot)).toEqual(['holdings/A1234567/2026-11-11/SETT/316']);
    expect(mt.snapshots).toMatchObject([
      { asOf: '2026-11-11', completeness: 'complete', basis: 'settlement-date' },
    ]);
    expect(mt.snapshots.map(({ snapshot }) => snapshot)).toEqual(
      mx.snapshots.map(({ snapshot }) => snapshot),
    );
  });

  test('is not there while a page is missing, and is when it comes late', async () => {
    const [first = [], second = [], ...rest] = pages.map(asMt);
    expect((await bookOf([first, ...rest])).snapshots).toEqual([]);
    const late = await bookOf([first, ...rest, second]);
    expect(late.rows).toEqual(whole);
    expect(late.snapshots[0]?.closedAt).toBe(late.offsets.at(-1));
    expect((await bookOf([second, first, ...rest])).rows).toEqual(whole);
  });

  test('a page that is told again by another message takes the place of the first', async () => {
    const again = pages.map((_, index) =>
      asMt(pageOf(index + 1, '7', { messageId: `H20261111-R${index + 1}` })),
    );
    const { rows } = await bookOf([...pages.map(asMt), ...again]);
    expect(rows).toHaveLength(whole.length);
    expect(rows.filter((row) => row.startsWith('A1234567')).every((row) => row.endsWith(' 7'))).toBe(true);
  });

  test('a page that is taken back (CANC) leaves the statement open again', async () => {
    const cancelled = asMt(pageOf(2, '200', { messageId: 'C1', cancels: true, previousId: 'H20261111-2' }));
    expect(cancelled).toMatchObject([
      {
        type: 'snapshot.cancelled',
        data: { snapshot: 'holdings/A1234567/2026-11-11/SETT/316', reportId: 'H20261111-2' },
      },
    ]);
    expect((await bookOf([...pages.map(asMt), cancelled])).snapshots).toEqual([]);
  });

  test('a statement that semt.020 takes back by its StmtId is gone', async () => {
    const named = securities.map((_, index) => asMx(pageOf(index + 1, '1', { statementId: 'STMT-1' })));
    expect((await bookOf(named)).rows).toHaveLength(10);
    const advice = element('SctiesMsgCxlAdvc', [
      element('Ref', [textElement('SctiesBalCtdyRptId', 'STMT-1')]),
    ]);
    const xmlns = 'urn:iso:std:iso:20022:tech:xsd:semt.020.001.07';
    const envelope = [
      header({ messageId: 'CXL1' }, 'semt.020.001.07'),
      element('Document', [advice], { xmlns }),
    ];
    const cancelled = eventsOf(iso20022, writeXml(element('RequestPayload', envelope)));
    expect((await bookOf([...named, cancelled])).rows).toEqual([]);
  });

  test('of an account without holdings is closed with no rows, by its own basis', async () => {
    const [only] = pages;
    const empty = only === undefined ? [] : asMt({ head: { ...only.head, last: true } });
    const { snapshots, rows } = await bookOf([empty]);
    expect(rows).toEqual([]);
    expect(snapshots).toMatchObject([{ completeness: 'complete', basis: 'settlement-date' }]);
  });
});
