import { describe, expect, test } from 'vitest';
import { utf8Bytes } from '../../src/core/bytes.ts';
import { decodeMx } from './decode.ts';
import { readHeader } from './header.ts';
import { textAt } from './message.ts';
import { supplement } from './supplement.ts';

const head = (version: string, inner: string): string =>
  `<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.${version}">${inner}</AppHdr>`;
const bic = (name: string, id: string): string =>
  `<${name}><FIId><FinInstnId><BICFI>${id}</BICFI></FinInstnId></FIId></${name}>`;
const parties = `${bic('Fr', 'DTCYUS33XXX')}${bic('To', 'HALYUS33XXX')}`;
const ids = '<BizMsgIdr>M1</BizMsgIdr><MsgDefIdr>semt.020.001.07</MsgDefIdr>';
const document =
  '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:semt.020.001.07"><SctiesMsgCxlAdvc><Ref><SctiesBalCtdyRptId>R1</SctiesBalCtdyRptId></Ref></SctiesMsgCxlAdvc></Document>';

function read(xml: string) {
  const { message, issues } = decodeMx({ bytes: utf8Bytes(xml) }, () => []);
  if (message === undefined) throw new Error(issues[0]?.message);
  const schema = issues.filter(({ at }) => at?.field?.startsWith('AppHdr'));
  return {
    message,
    said: schema.map(({ code }) => code),
    issues,
    header: message.header && readHeader(message.header),
  };
}

describe('a header', () => {
  test.each([
    ['01', ['MX_VERSION_FALLBACK']],
    ['02', []],
    ['03', ['MX_VERSION_FALLBACK']],
    ['04', []],
  ])('head.001.001.%s is read and judged by its table', (version, codes) => {
    const inner = `${parties}${ids}<BizSvc>swift.cs</BizSvc><CreDt>2026-11-10T10:00:00Z</CreDt><CpyDplct>CODU</CpyDplct><PssblDplct>true</PssblDplct><Rltd>${parties}<BizMsgIdr>M0</BizMsgIdr><MsgDefIdr>semt.002.001.12</MsgDefIdr><CreDt>2026-11-09T10:00:00Z</CreDt></Rltd>`;
    const { header, said } = read(`<BizMsgEnvlp>${head(version, inner)}${document}</BizMsgEnvlp>`);
    expect(said).toEqual(codes);
    expect(header).toMatchObject({
      type: `head.001.001.${version}`,
      from: { id: 'DTCYUS33XXX', scheme: 'BIC' },
      to: { id: 'HALYUS33XXX', scheme: 'BIC' },
      messageId: 'M1',
      definition: 'semt.020.001.07',
      service: 'swift.cs',
      createdAt: '2026-11-10T10:00:00Z',
      copy: 'CODU',
      possibleDuplicate: true,
      related: [{ messageId: 'M0', definition: 'semt.002.001.12', possibleDuplicate: false, related: [] }],
    });
  });

  test('of parties by other ids says by which', () => {
    const from =
      '<Fr><OrgId><Id><OrgId><Othr><Id>00000901</Id><Issr>DTCYID</Issr></Othr></OrgId></Id></OrgId></Fr>';
    const to =
      '<To><FIId><FinInstnId><ClrSysMmbId><ClrSysId><Prtry>NSCC</Prtry></ClrSysId><MmbId>0226</MmbId></ClrSysMmbId></FinInstnId></FIId></To>';
    const { header } = read(
      `<Saa>${head('02', `${from}${to}${ids}<CreDt>2026-11-10T10:00:00Z</CreDt>`)}${document}</Saa>`,
    );
    expect([header?.from, header?.to]).toEqual([
      { id: '00000901', scheme: 'DTCYID' },
      { id: '0226', scheme: 'NSCC' },
    ]);
  });

  test('with what its table has not, or without what it needs, has it said', () => {
    const { said } = read(
      `<DataPDU><Body>${head('02', `${parties}${ids}<CreDt>today</CreDt><Oddity/>`)}${document}</Body></DataPDU>`,
    );
    expect(said).toEqual(['MX_VALUE', 'MX_ELEMENT_UNKNOWN']);
  });

  test('of no known namespace is read all the same', () => {
    const inner = `<RequestPayload><AppHdr xmlns="urn:x">${parties}${ids}</AppHdr>${document}</RequestPayload>`;
    const { header, said } = read(inner);
    expect([header?.messageId, said]).toEqual(['M1', ['MX_HEADER']]);
  });

  test.each(['BizMsgEnvlp', 'RequestPayload', 'DataPDU', 'Saa'])('and document stand in %s', (wrapper) => {
    const { message } = read(
      `<${wrapper}><Hdr>${head('02', `${parties}${ids}`)}</Hdr><Bdy>${document}</Bdy></${wrapper}>`,
    );
    expect([message.type, message.header?.local, message.text('Ref/SctiesBalCtdyRptId')]).toEqual([
      'semt.020.001.07',
      'AppHdr',
      'R1',
    ]);
  });

  test('and document stand side by side; two documents do not', () => {
    const header = head('02', `${parties}${ids}<CreDt>2026-11-10T10:00:00Z</CreDt>`);
    expect(read(`${header}${document}`).message.type).toBe('semt.020.001.07');
    expect(decodeMx({ bytes: utf8Bytes(`${document}${document}`) }, () => []).message).toBeUndefined();
  });
});

describe('supplementary data', () => {
  const extension = supplement('urn:example:depository:ca-extension', (element) => ({
    payout: textAt(element, 'PyoutDtls/RatePerShr'),
    lots: textAt(element, 'LotCnt'),
  }));
  const data = (xmlns: string): string =>
    `<SplmtryData><PlcAndNm>/Document/SctiesMsgCxlAdvc</PlcAndNm><Envlp><d:Ext xmlns:d="${xmlns}"><d:PyoutDtls><d:RatePerShr>0.125</d:RatePerShr></d:PyoutDtls><x:LotCnt xmlns:x="urn:other">9</x:LotCnt></d:Ext></Envlp></SplmtryData>`;

  test('is read by the hook of its namespace, and by no other', () => {
    const xml = document.replace(
      '</SctiesMsgCxlAdvc>',
      `${data('urn:example:depository:ca-extension')}${data('urn:example:else')}</SctiesMsgCxlAdvc>`,
    );
    const { message, issues } = read(xml);
    expect(issues).toEqual([]);
    const found = extension.of(message);
    expect(found.map(({ value, place }) => [value, place])).toEqual([
      [{ payout: '0.125', lots: undefined }, '/Document/SctiesMsgCxlAdvc'],
    ]);
    expect(found[0]?.within.local).toBe('SctiesMsgCxlAdvc');
  });

  test('that its reader does not take is left out', () => {
    const none = supplement('urn:example:depository:ca-extension', () => undefined);
    const xml = document.replace(
      '</SctiesMsgCxlAdvc>',
      `${data('urn:example:depository:ca-extension')}</SctiesMsgCxlAdvc>`,
    );
    expect(none.of(read(xml).message)).toEqual([]);
  });
});
