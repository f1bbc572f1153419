import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { utf8Bytes } from '../../src/core/bytes.ts';
import { harmless } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import type { Event } from '../../src/events/event.ts';
import { sampleContext } from '../../test/sample-context.ts';
import { iso20022, readXml } from './index.ts';

const failing = readFileSync(new URL('samples/failing-bare.xml', import.meta.url), 'utf8');
const wrapped = readFileSync(new URL('samples/unmatched-reasons.xml', import.meta.url), 'utf8');

function decoded(xml: string) {
  const { message, issues } = iso20022.decode({ bytes: utf8Bytes(xml) });
  if (message === undefined) throw new Error(JSON.stringify(issues));
  return { message, issues, codes: issues.map(({ code }) => code) };
}

function eventsOf(xml: string, direction: 'in' | 'out' = 'in'): readonly Event[] {
  return iso20022.normalize(decoded(xml).message, { ...sampleContext, direction });
}

describe('a status', () => {
  const none = '<NoSpcfdRsn>NORE</NoSpcfdRsn>';
  test.each([
    ['PrcgSts', `<AckdAccptd>${none}</AckdAccptd>`, 'settlement.instructed'],
    ['PrcgSts', `<PdgPrcg>${none}</PdgPrcg>`, 'settlement.pending'],
    ['PrcgSts', `<Rjctd>${none}</Rjctd>`, 'message.rejected'],
    ['PrcgSts', `<Rpr>${none}</Rpr>`, 'settlement.pending'],
    ['PrcgSts', `<Canc>${none}</Canc>`, 'settlement.cancelled'],
    ['PrcgSts', `<PdgCxl>${none}</PdgCxl>`, 'settlement.pending'],
    ['PrcgSts', '<CxlReqd/>', 'settlement.pending'],
    ['PrcgSts', '<ModReqd/>', 'settlement.pending'],
    ['IfrrdMtchgSts', '<Mtchd/>', 'settlement.matched'],
    ['IfrrdMtchgSts', `<Umtchd>${none}</Umtchd>`, 'settlement.pending'],
    ['SttlmSts', `<Pdg>${none}</Pdg>`, 'settlement.pending'],
    ['SttlmSts', `<Flng>${none}</Flng>`, 'settlement.failed'],
    ['SttlmSts', '<Odd/>', 'message.unknown'],
  ])('%s %s is %s', (group, inner, type) => {
    const xml = failing
      .replace(/<SttlmSts>[\s\S]*<\/SttlmSts>/, '')
      .replace(/<MtchgSts>[\s\S]*<\/MtchgSts>/, `<${group}>${inner}</${group}>`);
    expect(eventsOf(xml).map((event) => event.type)).toEqual([type]);
  });

  test.each([
    [
      'beside a proprietary reason',
      '<Mtchd><Rsn><Id>E001</Id><Issr>GSCC</Issr></Rsn><AddtlRsnInf>two words</AddtlRsnInf></Mtchd>',
      { reason: 'GSCC/E001', text: 'two words' },
    ],
    ['alone', '<Mtchd><AddtlRsnInf>two words</AddtlRsnInf></Mtchd>', { reason: 'NARR', text: 'two words' }],
  ])('has its words, %s', (_, inner, wanted) => {
    const xml = failing.replace(/<MtchgSts>[\s\S]*<\/MtchgSts>/, `<MtchgSts>${inner}</MtchgSts>`);
    expect(decoded(xml).codes).toEqual([]);
    expect(eventsOf(xml)[0]?.data).toMatchObject(wanted);
  });

  test('that stands beside another one in one choice is told as well', () => {
    const xml = failing.replace('<Flng>', `<Pdg>${none}</Pdg><Flng>`);
    expect(decoded(xml).codes).toEqual(['MX_ELEMENT_REPEATED']);
    expect(eventsOf(xml).map(({ type }) => type)).toEqual([
      'settlement.matched',
      'settlement.pending',
      'settlement.failed',
    ]);
  });

  test('that we send is refused by us, not by them', () => {
    const xml = failing
      .replace(/<SttlmSts>[\s\S]*<\/SttlmSts>/, '')
      .replace(/<MtchgSts>[\s\S]*<\/MtchgSts>/, `<PrcgSts><Rjctd>${none}</Rjctd></PrcgSts>`);
    expect(eventsOf(xml, 'out')[0]?.type).toBe('message.refused');
  });
});

describe('a namespace', () => {
  test.each<[string, string, readonly string[], string]>([
    ['the table is of', 'sese.024.001.13', [], 'settlement.failed'],
    ['of an older version', 'sese.024.001.07', ['MX_VERSION_FALLBACK'], 'settlement.failed'],
    [
      'of the subset, whose issuers have four characters',
      'sese.024.002.12',
      ['MX_VALUE'],
      'settlement.failed',
    ],
    ['of another message', 'sese.025.001.12', ['MX_TYPE_UNKNOWN'], 'message.unknown'],
    ['of nobody', '', ['MX_TYPE_UNKNOWN'], 'message.unknown'],
  ])('%s: %s', (_, type, codes, event) => {
    const read = decoded(failing.replace('sese.024.001.13', type));
    expect(read.codes).toEqual(codes);
    expect(iso20022.normalize(read.message, sampleContext).at(-1)?.type).toBe(event);
  });
});

describe('the schema', () => {
  test.each<[string, string | RegExp, string, string]>([
    ['an element too few', /<Pmt>APMT<\/Pmt>/, '', 'MX_ELEMENT_MISSING'],
    ['an element too many', /<Pmt>APMT<\/Pmt>/, '<Pmt>APMT</Pmt><Pmt>FREE</Pmt>', 'MX_ELEMENT_REPEATED'],
    ['an element of no place', /<Pmt>/, '<Odd/><Pmt>', 'MX_ELEMENT_UNKNOWN'],
    [
      'an element too late',
      /(<SctiesMvmntTp>DELI<\/SctiesMvmntTp>)\s*(<Pmt>APMT<\/Pmt>)/,
      '$2$1',
      'MX_ELEMENT_ORDER',
    ],
    ['two of a choice', /<Unit>100<\/Unit>/, '<Unit>100</Unit><FaceAmt>5</FaceAmt>', 'MX_ELEMENT_REPEATED'],
    ['none of a choice', /<Cd>LACK<\/Cd>/, '', 'MX_ELEMENT_MISSING'],
    ['a code of no list', /LACK/, 'LUCK', 'MX_VALUE'],
    ['a text too long', /T-1001/, 'T'.repeat(36), 'MX_VALUE'],
    ['a pattern', /US9900001087/, 'us9900001087', 'MX_VALUE'],
    ['digits', /2510\.50/, '0.123456', 'MX_VALUE'],
    ['no attribute', / Ccy="USD"/, '', 'MX_ELEMENT_MISSING'],
    ['a wrong attribute', / Ccy="USD"/, ' Ccy="dollar"', 'MX_VALUE'],
    ['elements where text has to be', /LACK/, '<X/>', 'MX_ELEMENT_UNKNOWN'],
    ['text where elements have to be', /<Mtchd\/>/, '<Mtchd>yes</Mtchd>', 'MX_VALUE'],
    ['an attribute of no place', /<Pmt>/, '<Pmt Odd="1">', 'MX_ELEMENT_UNKNOWN'],
    [
      'a time of no day',
      /<SctiesMvmntTp>/,
      '<AckdStsTmStmp>2026-02-31T06:30:00Z</AckdStsTmStmp><SctiesMvmntTp>',
      'MX_VALUE',
    ],
    [
      'a time of no clock',
      /<SctiesMvmntTp>/,
      '<AckdStsTmStmp>2026-02-28T25:30:00Z</AckdStsTmStmp><SctiesMvmntTp>',
      'MX_VALUE',
    ],
  ])('%s is said', (_, from, to, code) => {
    expect(decoded(failing).codes).toEqual([]);
    expect(decoded(failing.replace(from, to)).codes).toContain(code);
  });

  test('says the path and the line', () => {
    const { issues } = decoded(failing.replace('LACK', 'LUCK'));
    const path = 'SctiesSttlmTxStsAdvc/SttlmSts/Flng/Rsn/Cd/Cd';
    const line = failing.split('\n').findIndex((text) => text.includes('LACK')) + 1;
    expect(issues[0]?.at).toMatchObject({ field: path, line });
  });
});

test.each([
  ['<Unit>100</Unit>', '<Unit>1,000</Unit>'],
  ['<Unit>100</Unit>', '<Unit>-100</Unit>'],
  ['>2510.50</Amt>', '>lots</Amt>'],
  ['<Dt>2026-11-12</Dt>', '<Dt>2026-11-31</Dt>'],
  ['<SctiesMvmntTp>DELI', '<SctiesMvmntTp>DELX'],
  ['<AcctOwnrTxId>INS20261110-7', '<AcctOwnrTxId>'],
])('%s as %s is an error, and makes no events', (good, bad) => {
  const { message, codes } = decoded(failing.replace(good, bad));
  expect(codes).toContain('MX_VALUE_NEEDED');
  expect(iso20022.normalize(message, sampleContext)).toEqual([]);
});

test.each([
  ['DELI', 'CRDT', '2510.5'],
  ['DELI', 'DBIT', '-2510.5'],
  ['RECE', 'DBIT', '2510.5'],
  ['RECE', 'CRDT', '-2510.5'],
])('%s and %s is an amount of %s', (movement, indicator, amount) => {
  const xml = failing
    .replace('<SctiesMvmntTp>DELI', `<SctiesMvmntTp>${movement}`)
    .replace(/<CdtDbtInd>\w+/, `<CdtDbtInd>${indicator}`);
  expect(xml).toContain(`<CdtDbtInd>${indicator}`);
  expect(eventsOf(xml).at(-1)?.data).toMatchObject({ amount });
});

test('a time of creation that never was is not told', () => {
  const [event] = eventsOf(wrapped.replace('2026-11-12T06:30:00Z', '2026-02-31T06:30:00Z'));
  expect(event?.type).toBe('settlement.pending');
  expect(event).not.toHaveProperty('occurredAt');
});

test('supplementary data is kept, and never taken for the message', () => {
  const xml = readFileSync(new URL('samples/supplementary.xml', import.meta.url), 'utf8');
  const { message } = decoded(xml);
  expect(message.text('TxId/AcctOwnrTxId')).toBe('INS20261110-7');
  expect(JSON.stringify(message.view())).toContain('NOT-THIS-ONE');
  expect(JSON.stringify(iso20022.normalize(message, sampleContext))).not.toContain('NOT-THIS-ONE');
});

describe('the digest', () => {
  const digestOf = (xml: string): string => iso20022.digest(decoded(xml).message);

  test('does not change with blanks, prefixes, envelopes, comments and the time of creation', () => {
    const same = [
      wrapped.replaceAll(/>\s+</g, '><'),
      wrapped.replaceAll('RequestPayload', 'DataPDU'),
      wrapped.replace('06:30:00Z', '07:45:00Z'),
      wrapped.replace('<TxId>', '<!-- x --><TxId>'),
      wrapped
        .replace(
          'Document xmlns=',
          'x:Document xmlns:x="urn:iso:std:iso:20022:tech:xsd:sese.024.001.13" xmlns=',
        )
        .replace('</Document>', '</x:Document>'),
    ];
    for (const xml of same) expect(digestOf(xml)).toBe(digestOf(wrapped));
  });

  test('changes with the content, the sender and the id', () => {
    const others = [
      wrapped.replace('DQUA', 'DSEC'),
      wrapped.replace('DTCYUS33', 'DTCZUS33'),
      wrapped.replace('MX0005', 'MX0006'),
    ];
    for (const xml of others) expect(digestOf(xml)).not.toBe(digestOf(wrapped));
  });
});

test.each<[string, boolean]>([
  [failing, true],
  ['<Document xmlns="x">', true],
  ['\ufeff  <?xml version="1.0"?>', true],
  ['<!DOCTYPE a><a/>', true],
  ['{1:F01', false],
  ['8=FIX.4.4', false],
  ['< 5', false],
  ['', false],
])('recognizes %j: %s', (text, known) => {
  expect(iso20022.recognizes?.(utf8Bytes(text))).toBe(known);
});

const unsaid: readonly (readonly [string, object])[] = [
  ['a seller without its agent', withParties({ role: 'SELL', id: '0123', scheme: 'DTCYID' })],
  ['an intermediary', withParties({ role: 'DEI1', id: '0123', scheme: 'DTCYID' })],
  ['an agent twice', withParties(agent('0123'), agent('0124'))],
  ['two references of one kind', { related: ['1', '2'].map((id) => ({ by: 'common', id })) }],
  ['blanks that are not read again', { instructionId: ' INS-1' }],
];

function agent(id: string) {
  return { role: 'DEAG', id, scheme: 'DTCYID' };
}

function withParties(...parties: readonly object[]): object {
  return {
    transaction: {
      account: 'A1',
      isin: 'US9900001087',
      quantity: '100',
      delivery: 'deliver',
      payment: 'free',
      settlementDate: '2026-11-12',
      parties,
    },
  };
}

describe('compose', () => {
  test('says the parties of a chain that begins with its agent', () => {
    const seller = { role: 'SELL', id: '0123', scheme: 'DTCYID' };
    const composed = iso20022.compose?.({
      ...command,
      data: { ...data, ...withParties(seller, agent('0124')) },
    });
    expect(composed?.issues).toEqual([]);
    expect(composed?.message?.text('TxDtls/DlvrgSttlmPties/Pty1/Id/PrtryId/Id')).toBe('0124');
    expect(composed?.message?.text('TxDtls/DlvrgSttlmPties/Pty2/Id/PrtryId/Id')).toBe('0123');
  });

  const data = {
    instructionId: 'INS-1',
    statuses: [{ kind: 'SETT', code: 'PENF', reasons: [{ code: 'LACK' }] }],
  };
  const command = { type: 'settlement-status', key: 'ST-1', data };

  test('writes a document that says the command', () => {
    const composed = iso20022.compose?.(command);
    expect(composed?.issues).toEqual([]);
    expect(composed?.message?.text('SttlmSts/Flng/Rsn/Cd/Cd')).toBe('LACK');
  });

  test.each<[string, object]>([
    ['another command', { ...command, type: 'trade' }],
    [
      'a code of no list',
      {
        ...command,
        data: { ...data, statuses: [{ kind: 'SETT', code: 'PENF', reasons: [{ code: 'LUCK' }] }] },
      },
    ],
    ['a status of no element', { ...command, data: { ...data, statuses: [{ kind: 'CPRC', code: 'CAND' }] } }],
    [
      'one status that would be left out',
      { ...command, data: { ...data, statuses: [...data.statuses, { kind: 'CPRC', code: 'CAND' }] } },
    ],
    ...unsaid.map(([name, part]): [string, object] => [name, { ...command, data: { ...data, ...part } }]),
    ['a reference that is too long', { ...command, data: { ...data, instructionId: 'A'.repeat(36) } }],
  ])('%s is refused', (_, wrong) => {
    const { issues } = iso20022.compose?.(wrong as typeof command) ?? { issues: [] };
    expect(harmless(issues)).toBe(false);
  });
});

test('what is read whole is read within the limits', () => {
  expect(readXml(utf8Bytes(failing), { ...limits, mxElementsMax: 5 }).issue?.code).toBe('MX_LIMIT');
});
