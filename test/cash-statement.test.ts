import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { iso15022, type WrittenField, writeMt } from '../codecs/iso15022/index.ts';
import { iso20022 } from '../codecs/iso20022/index.ts';
import { cashGaps } from '../src/contract/cash-statement-check.ts';
import { cashTypeOf } from '../src/contract/cash-statement-events.ts';
import { utf8Bytes } from '../src/core/bytes.ts';
import { addDecimals, decimalText, readDecimal } from '../src/core/decimal.ts';
import { type Event, economics } from '../src/events/index.ts';
import { sampleContext } from './sample-context.ts';

/** An MT940 and a camt.053 that say the same mean the same, to the last attribute; MT942 and camt.052 too. */
interface Line {
  readonly amount: string;
  readonly reversal: boolean;
  readonly valueDate: string;
  readonly bookingDate: string;
  readonly code: string;
  readonly reference: string | undefined;
  readonly bankReference: string | undefined;
  readonly text: string | undefined;
}

interface Page {
  readonly id: string;
  readonly account: string;
  readonly currency: string;
  readonly number: number;
  readonly page: number;
  readonly last: boolean;
  readonly opening: string;
  readonly openingDate: string;
  readonly closingDate: string;
  readonly available: string | undefined;
  readonly lines: readonly Line[];
  readonly text: string | undefined;
}

const word = (min: number, max: number) =>
  fc.string({ minLength: min, maxLength: max, unit: fc.constantFrom(...'ABCDEFGHJKLMPQSTUVWXYZ0123456789') });
const day = fc
  .date({ min: new Date('2020-02-01'), max: new Date('2039-11-30'), noInvalidDate: true })
  .map((one) => one.toISOString().slice(0, 10));
const later = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
const amount = fc.tuple(fc.boolean(), fc.nat(99_999_999), fc.nat(99)).map(([minus, whole, part]) => {
  const text = part === 0 ? String(whole) : `${whole}.${String(part).padStart(2, '0').replace(/0+$/, '')}`;
  return minus && text !== '0' ? `-${text}` : text;
});
const words = fc.constantFrom('WIRE FEE', 'DELIVERY (DTC) 4.2', '/REMI/INVOICE 7');
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const line = fc.record({
  amount,
  reversal: fc.boolean(),
  valueDate: day,
  code: fc.constantFrom('NTRF', 'NDIV', 'S202', 'FINT', 'NXYZ'),
  reference: maybe(word(1, 16)),
  bankReference: maybe(word(1, 16)),
  text: maybe(words),
  bookedAfter: fc.integer({ min: -100, max: 100 }),
});
const pageOf = (closing: fc.Arbitrary<string>): fc.Arbitrary<Page> =>
  fc
    .record({
      id: word(1, 16),
      account: word(1, 30),
      currency: fc.constantFrom('USD', 'EUR'),
      number: fc.integer({ min: 1, max: 99_999 }),
      page: fc.integer({ min: 1, max: 999 }),
      last: fc.boolean(),
      opening: amount,
      openingDate: day,
      closingDate: closing,
      available: maybe(amount),
      lines: fc.array(line, { maxLength: 6 }),
      text: maybe(words),
    })
    .map((said) => ({
      ...said,
      // The year of an entry date is the one that is nearest to the statement's day.
      lines: said.lines.map(({ bookedAfter, ...one }) => ({
        ...one,
        bookingDate: later(said.closingDate, bookedAfter),
      })),
    }));

function sumOf({ opening, lines }: Page): string {
  const all = [opening, ...lines.map((one) => one.amount)].map((text) => {
    const read = readDecimal(text);
    if (!read.ok) throw new Error(text);
    return read.value;
  });
  return decimalText(all.reduce(addDecimals));
}

const comma = (text: string): string => {
  const plain = text.replace('-', '');
  return plain.includes('.') ? plain.replace('.', ',') : `${plain},`;
};
const short = (date: string): string => date.replaceAll('-', '').slice(2);
const side = (text: string): string => (text.startsWith('-') ? 'D' : 'C');

function mtLine(one: Line): readonly WrittenField[] {
  const mark = one.reversal ? (one.amount.startsWith('-') ? 'RC' : 'RD') : side(one.amount);
  const bank = one.bankReference === undefined ? '' : `//${one.bankReference}`;
  const dates = `${short(one.valueDate)}${short(one.bookingDate).slice(2)}`;
  const said = `${dates}${mark}${comma(one.amount)}${one.code}${one.reference ?? 'NONREF'}${bank}`;
  return [['61', said], ...(one.text === undefined ? [] : [['86', one.text] as const])];
}

function mtFields(said: Page, interim: boolean): readonly WrittenField[] {
  const balance = (text: string, date: string): string =>
    `${side(text)}${short(date)}${said.currency}${comma(text)}`;
  const front: readonly WrittenField[] = [
    ['20', said.id],
    ['25', said.account],
    ['28C', `${said.number}/${said.page}`],
  ];
  const lines = said.lines.flatMap(mtLine);
  if (interim) return [...front, ['34F', `${said.currency}0,`], ['13D', '2611121530-0500'], ...lines];
  return [
    ...front,
    [said.page === 1 ? '60F' : '60M', balance(said.opening, said.openingDate)],
    ...lines,
    [said.last ? '62F' : '62M', balance(sumOf(said), said.closingDate)],
    ...(said.available === undefined ? [] : [['64', balance(said.available, said.closingDate)] as const]),
    ...(said.text === undefined ? [] : [['86', said.text] as const]),
  ];
}

const element = (name: string, inner: string | undefined): string =>
  inner === undefined ? '' : `<${name}>${inner}</${name}>`;
const money = (text: string, currency: string): string =>
  `<Amt Ccy="${currency}">${text.replace('-', '')}</Amt>` +
  element('CdtDbtInd', text.startsWith('-') ? 'DBIT' : 'CRDT');

function mxEntry(one: Line, currency: string): string {
  const refs = one.reference === undefined ? undefined : element('EndToEndId', one.reference);
  return element(
    'Ntry',
    money(one.amount, currency) +
      (one.reversal ? element('RvslInd', 'true') : '') +
      element('Sts', element('Cd', 'BOOK')) +
      element('BookgDt', element('Dt', one.bookingDate)) +
      element('ValDt', element('Dt', one.valueDate)) +
      element('AcctSvcrRef', one.bankReference) +
      element('BkTxCd', element('Prtry', element('Cd', one.code) + element('Issr', 'SWIFT'))) +
      (refs === undefined ? '' : element('NtryDtls', element('TxDtls', element('Refs', refs)))) +
      element('AddtlNtryInf', one.text),
  );
}

function mxText(said: Page, interim: boolean): string {
  const balance = (code: string, text: string, date: string, inner: boolean): string =>
    element(
      'Bal',
      element(
        'Tp',
        element('CdOrPrtry', element('Cd', code)) + (inner ? '<SubTp><Cd>INTM</Cd></SubTp>' : ''),
      ) +
        money(text, said.currency) +
        element('Dt', element('Dt', date)),
    );
  const balances =
    balance('OPBD', said.opening, said.openingDate, said.page > 1) +
    balance('CLBD', sumOf(said), said.closingDate, !said.last) +
    (said.available === undefined ? '' : balance('CLAV', said.available, said.closingDate, false));
  const name = interim ? 'Rpt' : 'Stmt';
  const set = interim ? 'camt.052.001.13' : 'camt.053.001.13';
  const last = interim || said.last;
  const period = interim
    ? '<FrToDt><FrDtTm>2026-11-12T00:00:00-05:00</FrDtTm><ToDtTm>2026-11-12T15:30:00-05:00</ToDtTm></FrToDt>'
    : '';
  const inner =
    element('Id', said.id) +
    element(`${name}Pgntn`, element('PgNb', String(said.page)) + element('LastPgInd', String(last))) +
    element('ElctrncSeqNb', String(said.number)) +
    element('CreDtTm', '2026-11-12T18:30:00Z') +
    period +
    element(
      'Acct',
      element('Id', element('Othr', element('Id', said.account))) + element('Ccy', said.currency),
    ) +
    (interim ? '' : balances) +
    said.lines.map((one) => mxEntry(one, said.currency)).join('') +
    (interim ? '' : element('AddtlStmtInf', said.text));
  const header = element('GrpHdr', element('MsgId', 'M1') + element('CreDtTm', '2026-11-12T18:30:00Z'));
  const root = interim ? 'BkToCstmrAcctRpt' : 'BkToCstmrStmt';
  return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${set}">${element(root, header + element(name, inner))}</Document>`;
}

const context = { ...sampleContext, reportedBy: 'BNKAUS33' };

const envelope = { sender: 'BNKAUS33', receiver: 'HALYUS33', inputTime: '2611121830' };

function meant(said: Page, interim: boolean): readonly [mt: readonly Event[], mx: readonly Event[]] {
  const mt = iso15022.decode({
    bytes: writeMt(interim ? '942' : '940', mtFields(said, interim), { envelope }),
  });
  const mx = iso20022.decode({ bytes: utf8Bytes(mxText(said, interim)) });
  expect(mt.issues).toEqual([]);
  expect(mx.issues).toEqual([]);
  if (mt.message === undefined || mx.message === undefined) throw new Error('no message');
  return [iso15022.normalize(mt.message, context), iso20022.normalize(mx.message, context)];
}

describe('a statement of cash in both standards', () => {
  test('MT940 and camt.053 give the same events', () => {
    fc.assert(
      fc.property(pageOf(day), (said) => {
        const [mt, mx] = meant(said, false);
        expect(mx).toEqual(mt);
        expect(mt.filter(({ type }) => type === 'cash.moved')).toHaveLength(said.lines.length);
        expect(mt.some(({ type }) => type === 'snapshot.closed')).toBe(said.last);
        expect(new Set(mt.map(({ id }) => id)).size).toBe(mt.length);
      }),
      { numRuns: 150 },
    );
  });

  test('MT942 and camt.052 give the same events', () => {
    fc.assert(
      fc.property(pageOf(fc.constant('2026-11-12')), (said) => {
        const [mt, mx] = meant(said, true);
        expect(mx).toEqual(mt);
        const tied = said.lines.filter(({ bankReference }) => bankReference !== undefined).length;
        expect(mt.filter(({ type }) => type === 'cash.moved')).toHaveLength(tied);
      }),
      { numRuns: 100 },
    );
  });

  test('a sum that is off by a cent is told in both', () => {
    const said: Page = {
      id: 'S',
      account: 'A',
      currency: 'USD',
      number: 1,
      page: 1,
      last: true,
      opening: '0',
      openingDate: '2026-11-11',
      closingDate: '2026-11-12',
      available: undefined,
      lines: [],
      text: undefined,
    };
    const fields = mtFields(said, false).map(
      ([tag, value]): WrittenField => [tag, tag === '62F' ? 'C261112USD0,01' : value],
    );
    const mt = iso15022.decode({ bytes: writeMt('940', fields, { envelope }) });
    expect(mt.issues.map(({ code }) => code)).toContain('MT_SUM');
    const text = mxText(said, false).replace(
      '<Amt Ccy="USD">0</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-12',
      '<Amt Ccy="USD">0.01</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-12',
    );
    expect(iso20022.decode({ bytes: utf8Bytes(text) }).issues.map(({ code }) => code)).toEqual(['MX_SUM']);
  });
});

describe('what is missing between statements', () => {
  const place = (number: string, page: number, more: boolean, opening: string, closing: string) => ({
    account: 'A',
    number,
    page,
    more,
    balances: [
      { kind: page > 1 ? ('page-opening' as const) : ('opening' as const), amount: opening, currency: 'USD' },
      { kind: more ? ('page-closing' as const) : ('closing' as const), amount: closing, currency: 'USD' },
    ],
  });

  test.each([
    ['nothing', place('1', 1, false, '0', '5'), place('2', 1, false, '5.00', '6'), []],
    ['a new year', place('250', 1, false, '0', '5'), place('1', 1, false, '5', '6'), []],
    ['the next page', place('1', 1, true, '0', '5'), place('1', 2, false, '5', '6'), []],
    [
      'a statement',
      place('1', 1, false, '0', '5'),
      place('3', 1, false, '5', '6'),
      ['statement 2 is missing: 3 follows 1'],
    ],
    [
      'a page',
      place('1', 1, true, '0', '5'),
      place('1', 3, false, '5', '6'),
      ['page 2 of statement 1 is missing'],
    ],
    [
      'the last page',
      place('1', 1, true, '0', '5'),
      place('2', 1, false, '5', '6'),
      ['statement 1 has no last page'],
    ],
    [
      'page 1',
      place('1', 1, false, '0', '5'),
      place('2', 2, false, '5', '6'),
      ['page 1 of statement 2 is missing'],
    ],
    [
      'a balance',
      place('1', 1, false, '0', '5'),
      place('2', 1, false, '-5', '6'),
      ['the balance before is 5, this one opens with -5'],
    ],
    [
      'another account',
      place('1', 1, false, '0', '5'),
      { ...place('9', 1, false, '1', '6'), account: 'B' },
      [],
    ],
  ])('%s', (_, before, next, gaps) => {
    expect(cashGaps(before, next)).toEqual(gaps);
  });
});

test.each([
  ['NTRF', 'wire'],
  ['NDIV', 'dividend'],
  ['FINT', 'interest'],
  ['S103', 'wire'],
  ['S545', 'other'],
  ['N541', 'other'],
  ['PMNT/RCDT/ESCT', 'wire'],
  ['SECU/SETT/TRAD', 'trade'],
  ['ACMT/MDOP/CHRG', 'fee'],
  ['XXXX/YYYY/ZZZZ', 'other'],
  [undefined, 'wire'],
])('the code %s means %s', (code, type) => {
  expect(cashTypeOf(code)).toBe(type);
});

test('an advice, an interim report and the statement tell a movement as one fact', () => {
  const told = (name: string): readonly Event[] => {
    const codec = name.endsWith('.mt') ? 'iso15022' : 'iso20022';
    const bytes = readFileSync(new URL(`../codecs/${codec}/samples/${name}`, import.meta.url));
    if (codec === 'iso15022') {
      const { message } = iso15022.decode({ bytes });
      return message === undefined ? [] : iso15022.normalize(message, context);
    }
    const { message } = iso20022.decode({ bytes });
    return message === undefined ? [] : iso20022.normalize(message, context);
  };
  const keyed = (name: string, reference: string): Event | undefined =>
    told(name).find(({ businessKey }) => businessKey?.includes(`|${reference}|-98000.5`) === true);
  const all = ['mt900-debit.mt', 'mt940-day.mt', 'camt054-debit.xml', 'camt053-day.xml'].map((name) =>
    keyed(name, 'BK778002'),
  );
  const [first] = all;
  expect(first?.type).toBe('cash.moved');
  if (first === undefined) return;
  for (const event of all) {
    expect(event?.businessKey).toBe(first.businessKey);
    expect(event === undefined ? '' : economics(event)).toBe(economics(first));
  }
});

test("an entry whose status is a word of the bank's own is not booked", () => {
  const url = new URL('../codecs/iso20022/samples/camt052-interim.xml', import.meta.url);
  const text = readFileSync(url, 'utf8').replace(
    '<Sts><Cd>BOOK</Cd></Sts>',
    '<Sts><Prtry>REFUSED</Prtry></Sts>',
  );
  const { message } = iso20022.decode({ bytes: utf8Bytes(text) });
  const events = message === undefined ? [] : iso20022.normalize(message, sampleContext);
  expect(events.find(({ type }) => type.startsWith('cash.'))?.type).toBe('cash.pending');
});

test('a line without a reference is one fact in an MT940, its repeat and the MT950 beside it', () => {
  const [first, again, short] = [
    ['940', 'ST1'],
    ['940', 'ST2'],
    ['950', 'ST3'],
  ].map(([type = '', reference = '']) => {
    const fields: readonly WrittenField[] = [
      ['20', reference],
      ['25', '123456'],
      ['28C', '12/1'],
      ['60F', 'C261111USD100,'],
      ['61', '2611121112C7,NTRFNONREF'],
      ['62F', 'C261112USD107,'],
    ];
    const envelope = { sender: 'BNKAUS33', receiver: 'HALYUS33', inputTime: '2611121800' };
    const { message } = iso15022.decode({ bytes: writeMt(type, fields, { envelope }) });
    const events = message === undefined ? [] : iso15022.normalize(message, sampleContext);
    return events.find((event) => event.type === 'cash.moved');
  });
  expect(first?.businessKey).toContain('12/1/1');
  expect([again?.businessKey, short?.businessKey]).toEqual([first?.businessKey, first?.businessKey]);
});
