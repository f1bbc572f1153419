import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { iso15022 } from '../../codecs/iso15022/index.ts';
import { writeMt524 } from '../../codecs/iso15022/write-mt54x.ts';
import { iso20022 } from '../../codecs/iso20022/index.ts';
import type { Codec } from '../../src/contract/codec.ts';
import type { Event } from '../../src/events/index.ts';
import { sampleContext } from '../sample-context.ts';

/** What stands in statements beside the usual, and what cannot be read. */
const mt = (name: string): string =>
  readFileSync(new URL(`../../codecs/iso15022/samples/${name}.mt`, import.meta.url), 'latin1');
const mx = (name: string): string =>
  readFileSync(new URL(`../../codecs/iso20022/samples/${name}.xml`, import.meta.url), 'utf8');

function read(
  codec: Codec,
  text: string,
): { readonly events: readonly Event[]; readonly codes: readonly string[] } {
  const { message, issues } = codec.decode({ bytes: Buffer.from(text) });
  const events = message === undefined ? [] : codec.normalize(message, sampleContext);
  return { events, codes: issues.filter(({ severity }) => severity === 'error').map(({ code }) => code) };
}

const dataOf = (events: readonly Event[]): readonly unknown[] => events.map(({ data }) => data);

describe('what cannot be read', () => {
  const holdings = mt('mt535-sub-accounts');
  const report = mx('semt002-sub-accounts');

  test.each<[string, Codec, string, string]>([
    ['an aggregate balance with two commas', iso15022, mt('mt535-bad-quantity'), 'MT_VALUE_NEEDED'],
    ['no period', iso15022, mt('mt536-no-period'), 'MT_VALUE_NEEDED'],
    ['no page', iso15022, holdings.replace(':28E:1/ONLY\r\n', ''), 'MT_VALUE_NEEDED'],
    ['page 0', iso15022, holdings.replace('1/ONLY', '0/ONLY'), 'MT_VALUE_NEEDED'],
    [
      'a date that is none',
      iso15022,
      holdings.replace('STAT//20261111', 'STAT//20261131'),
      'MT_VALUE_NEEDED',
    ],
    ['no aggregate balance', iso15022, holdings.replace(':93B::AGGR//UNIT/1250,\r\n', ''), 'MT_VALUE_NEEDED'],
    ['a page that cancels nothing', iso15022, holdings.replace('NEWM', 'CANC'), 'MT_VALUE_NEEDED'],
    ['a quantity of words', iso20022, report.replace('<Unit>1250<', '<Unit>many<'), 'MX_VALUE_NEEDED'],
    ['short, and said so twice', iso20022, report.replace('<Unit>75<', '<Unit>-75<'), 'MX_VALUE_NEEDED'],
    ['no date', iso20022, report.replace(/<StmtDtTm>[\s\S]*?<\/StmtDtTm>/, ''), 'MX_VALUE_NEEDED'],
    ['no page in ISO 20022', iso20022, report.replace('<PgNb>1</PgNb>', ''), 'MX_VALUE_NEEDED'],
    ['a reference to nothing', iso20022, mx('semt020-holdings').replace('H-SUB', ''), 'MX_VALUE_NEEDED'],
    [
      'a move of nothing',
      iso20022,
      mx('semt015-segregated').replace(/<SttldQty>[\s\S]*?<\/SttldQty>/, ''),
      'MX_VALUE_NEEDED',
    ],
  ])('%s is an error, and nothing counts of the page', (_, codec, text, code) => {
    const { events, codes } = read(codec, text);
    expect(codes).toContain(code);
    expect(events).toEqual([]);
  });
});

describe('what the message does not say', () => {
  test('is not said: a page without CODE is partial, and marked as computed', () => {
    const { events } = read(iso15022, mt('mt535-short-trade-date').replace(':22F::CODE//COMP\r\n', ''));
    expect(events.at(-1)).toMatchObject({
      type: 'snapshot.closed',
      computed: ['data.completeness'],
      data: { completeness: 'partial', basis: 'trade-date' },
    });
  });

  test('contractual settlement is neither of the bases of our book, and DELT leaves absence open', () => {
    const { events } = read(iso15022, mt('mt535-changes-only'));
    expect(events.map(({ computed }) => computed)).toEqual([undefined, undefined]);
    expect(dataOf(events)).toMatchObject([
      { basis: 'contractual', completeness: 'partial' },
      { basis: 'contractual', completeness: 'partial' },
    ]);
  });

  test('a pending transaction without a status is pending, as the statement says', () => {
    expect(read(iso15022, mt('mt537-no-status')).events[0]).toMatchObject({
      type: 'settlement.pending',
      computed: ['data.status'],
    });
  });

  test('a price in percent is no price of a unit', () => {
    const { events } = read(iso15022, mt('mt535-sub-accounts'));
    const inPercent = events.filter(({ security }) => security?.id === '990000207');
    expect(inPercent.map(({ type }) => type)).toEqual(['position.reported', 'price.reported']);
    expect(inPercent[0]?.data).not.toHaveProperty('price');
    expect(inPercent[1]?.data).toEqual({ price: '99.5', basis: 'market PRCT', source: 'VEND' });
  });

  test('a posting without a reference has a key of this statement, and takes nothing back', () => {
    const { events } = read(iso20022, mx('semt017-reversal-and-no-reference'));
    const [reversal, unnamed] = events;
    expect(reversal?.reverses).toBe('settlement|DTCYUS33|||INS20261109-7|PSTA 2026-11-10 100 2510.5');
    expect(unnamed?.businessKey).toMatch(/^posting\|DTCYUS33\|transactions/);
    expect(unnamed?.data).not.toHaveProperty('instructionId');
  });
});

describe('parts of a position', () => {
  test('by place stand inside of it, and its quantity stays what it was', () => {
    const placed = `<BalAtSfkpgPlc><SfkpgPlc><SfkpgPlcFrmt><Ctry>US</Ctry></SfkpgPlcFrmt></SfkpgPlc><AggtBal><ShrtLngInd>LONG</ShrtLngInd>
<Qty><Qty><Qty><Unit>1250</Unit></Qty></Qty></Qty></AggtBal></BalAtSfkpgPlc></BalForAcct>`;
    const { events } = read(iso20022, mx('semt002-sub-accounts').replace('</BalForAcct>', placed));
    expect(events.filter(({ account }) => account === 'A1234567').map(({ type }) => type)).toEqual([
      'position.reported',
      'snapshot.closed',
    ]);
    expect(events[0]?.data).toMatchObject({
      quantity: '1250',
      balances: expect.arrayContaining([{ type: 'AGGR', quantity: '1250', location: 'US' }]),
    });
  });

  test('current face is said beside the original in both standards', () => {
    const inMt = mt('mt535-changes-only').replace('UNIT/10,', 'FAMT/1000,\r\n:93B::AGGR//AMOR/250,');
    const faces = '<OrgnlAndCurFace><FaceAmt>1000</FaceAmt><AmtsdVal>250</AmtsdVal></OrgnlAndCurFace>';
    const inMx = mx('semt002-sub-accounts').replace(/<Qty>\s*<Unit>1250<\/Unit>\s*<\/Qty>/, faces);
    for (const { events } of [read(iso15022, inMt), read(iso20022, inMx)]) {
      expect(events[0]).toMatchObject({
        unit: 'face',
        data: { quantity: '1000', balances: expect.arrayContaining([{ type: 'AMOR', quantity: '250' }]) },
      });
    }
  });
});

test('penalties are cash that is pending, with the sign of who gets it', () => {
  const { events } = read(iso15022, mt('mt537-penalties'));
  expect(dataOf(events.filter(({ type }) => type === 'cash.pending'))).toMatchObject([
    {
      type: 'fail-charge',
      amount: '-12.5',
      currency: 'USD',
      code: 'SEFP',
      linked: 'INS20261110-7',
      status: 'ACTV',
    },
    { type: 'fail-charge', amount: '4.25', currency: 'USD', code: 'LMFP', status: 'REMO' },
  ]);
});

test('a move between sub-balances is instructed the same by MT524 and semt.013', () => {
  const details = {
    account: 'A1234567',
    isin: 'US9900001087',
    cusip: '990000108',
    quantity: '250',
    unit: 'shares',
  } as const;
  const moved = {
    settlementDate: '2026-11-11',
    safekeepingPlace: 'NCSD/DTCYUS33',
    fromBalance: 'AWAS',
    toBalance: 'BLOK',
  };
  const bytes = writeMt524({
    messageId: 'SEG20261111-1',
    instructionId: 'SEG20261111-1',
    action: 'new',
    preparedAt: '2026-11-12T06:30:00Z',
    sender: 'DTCYUS33',
    receiver: 'HALYUS33',
    details: { ...details, ...moved, text: 'CUSTOMER SEGREGATION' },
  });
  const instructed = read(iso15022, Buffer.from(bytes).toString('latin1')).events;
  expect(instructed).toHaveLength(1);
  expect(read(iso20022, mx('semt013-segregate')).events).toEqual(instructed);
});

test('what moved in part says what moved before and what remains', () => {
  expect(read(iso20022, mx('semt015-part')).events).toMatchObject([
    {
      type: 'securities.moved',
      unit: 'face',
      data: { quantity: '40000', settledBefore: '10000', remaining: '50000' },
    },
  ]);
});

test('of original and current face the original is what was settled, in whatever order they stand', () => {
  const day = mt('mt536-day').replace(
    ':36B::PSTA//UNIT/100,',
    ':36B::PSTA//AMOR/60,\r\n:36B::PSTA//FAMT/100,',
  );
  const [first] = dataOf(read(iso15022, day).events.filter(({ type }) => type === 'settlement.settled'));
  expect(first).toMatchObject({ settled: '100' });
});
