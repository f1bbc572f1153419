import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import { dictionaryOf } from '../dictionary.ts';
import { loadQuickfixXml } from './quickfix-xml.ts';

/** A small dictionary of our own, with everything that the form has. */
const small = readFileSync(new URL('./samples/venue-quickfix.xml', import.meta.url), 'utf8');

const codesOf = (text: string): string[] =>
  loadQuickfixXml(text).issues.map(
    ({ code, severity, at }) => `${severity} ${code} ${at?.line}:${at?.column}`,
  );

describe('a dictionary in QuickFIX XML', () => {
  test('becomes a table', () => {
    const { table, issues } = loadQuickfixXml(small);
    expect(issues).toEqual([]);
    expect(table).toEqual({
      version: 'FIX.4.4',
      header: '8! 9! 35! 627(628)',
      trailer: '10!',
      components: { Parties: '453!(448! @PartySub!)', PartySub: '452!' },
      messages: { U7: ['Quotation', 'app', '54! @Parties 7001 7003'], U8: ['Ping', 'admin', ''] },
      fields: {
        8: ['BeginString', 'STRING'],
        9: ['BodyLength', 'LENGTH'],
        10: ['CheckSum', 'STRING'],
        35: ['MsgType', 'STRING'],
        54: ['Side', 'CHAR', { 1: 'Buy', 5: 'SellShort' }],
        448: ['PartyID', 'STRING'],
        452: ['PartyRole', 'INT'],
        453: ['NoPartyIDs', 'NUMINGROUP'],
        627: ['NoHops', 'NUMINGROUP'],
        628: ['HopCompID', 'STRING'],
        7001: ['BlobLength', 'LENGTH'],
        7003: ['Blob', 'DATA'],
      },
      lengths: { 7001: 7003 },
    });
    const level = table && dictionaryOf(table).message('U7')?.level;
    // The component is optional, so the group that it requires is not required here; its entries are.
    expect(level?.required).toEqual([8, 9, 35, 54, 10]);
    expect(level?.groups.get(453)?.required).toEqual([448, 452]);
    expect(table && dictionaryOf(table).field(35)?.values?.get('U7')).toBe('Quotation');
    expect(table && dictionaryOf(table).dataOf?.[7001]).toBe(7003);
  });

  test.each([
    [{ type: 'FIX', major: '5', minor: '0', servicepack: '2' }, 'FIX.5.0SP2'],
    [{ type: 'FIX', major: '5', minor: '0', servicepack: 'SP1' }, 'FIX.5.0SP1'],
    [{ type: 'FIXT', major: '1', minor: '1', servicepack: '0' }, 'FIXT.1.1'],
    [{ major: '4', minor: '2' }, 'FIX.4.2'],
  ])('is of the version that %j says', (attributes, version) => {
    const said = Object.entries(attributes).map(([name, value]) => `${name}='${value}'`);
    const text = small.replace(/<fix [^>]*>/, `<fix ${said.join(' ')}>`);
    const { table } = loadQuickfixXml(text);
    expect(table?.application ?? table?.version).toBe(version);
  });

  test('without a header has that of its version', () => {
    const { table, issues } = loadQuickfixXml(small.replace(/<header>[\s\S]*<\/header>/, ''));
    expect(issues).toMatchObject([{ code: 'DICTIONARY_ELEMENT', severity: 'info' }]);
    expect(table?.header).toMatch(/^8! 9! 35! 49! 56! /);
    expect(table?.fields['49']).toEqual(['SenderCompID', 'STRING']);
  });

  test.each([
    ['cut in the middle', small.slice(0, 700), ['error DICTIONARY_XML 20:2']],
    ['no XML at all', 'tag,name,type', ['error DICTIONARY_XML 1:15']],
    ['empty', '', ['error DICTIONARY_XML 1:1']],
    ['another document', '<repository/>', ['error DICTIONARY_FORM 1:1']],
    ['a DOCTYPE that declares', '<!DOCTYPE fix [<!ENTITY a "b">]><fix/>', ['error DICTIONARY_XML 1:33']],
    [
      'a DOCTYPE that fetches',
      '<!DOCTYPE fix SYSTEM "file:///etc/passwd"><fix/>',
      ['error DICTIONARY_XML 1:43'],
    ],
    ['an entity of its own', small.replace('BUY', '&secret;'), ['error DICTIONARY_XML 37:41']],
    ['no version', small.replace("major='4'", "major='7'"), ['error DICTIONARY_VERSION 3:1']],
    [
      'a name that nothing has',
      small.replace("name='Side' required", "name='Sied' required"),
      ['error DICTIONARY_REFERENCE 12:4'],
    ],
    [
      'a component that is missing',
      small.replace("'PartySub' required", "'PartySubs' required"),
      ['error DICTIONARY_REFERENCE 24:5'],
    ],
    [
      'a component in itself',
      small.replace("<field name='PartyRole' required='Y'/>", "<component name='Parties' required='N'/>"),
      ['error DICTIONARY_CYCLE 21:3'],
    ],
    [
      'a group without fields',
      small.replace("<field name='HopCompID' required='N'/>", ''),
      ['error DICTIONARY_GROUP 8:3'],
    ],
    [
      'a required that is neither',
      small.replace("required='Y'", "required='maybe'"),
      ['error DICTIONARY_ATTRIBUTE 5:3'],
    ],
    [
      'a number beyond all tags',
      small.replace("number='7003'", "number='700003'"),
      ['error DICTIONARY_ATTRIBUTE 44:3'],
    ],
    ['a message without a type', small.replace("msgtype='U8'", ''), ['error DICTIONARY_ATTRIBUTE 17:3']],
    [
      'a field twice',
      small.replace("name='PartyRole' type", "name='PartyID' type"),
      ['warning DICTIONARY_TWICE 42:3', 'error DICTIONARY_REFERENCE 27:30'],
    ],
    ['a value twice', small.replace("enum='5 '", "enum='1'"), ['warning DICTIONARY_TWICE 38:4']],
    [
      'a member twice',
      small.replace("name='Blob' required", "name='Side' required"),
      ['warning DICTIONARY_TWICE 15:4'],
    ],
    [
      'a type that FIX has not',
      small.replace("type='INT'", "type='INTEGER'"),
      ['warning DICTIONARY_TYPE 42:3'],
    ],
    [
      'data without a length',
      small.replace("name='BlobLength' type='LENGTH'", "name='BlobLength' type='STRING'"),
      ['warning DICTIONARY_DATA 44:3'],
    ],
    [
      'an element that means nothing',
      small.replace('<components>', '<components><note/>'),
      ['info DICTIONARY_ELEMENT 20:14'],
    ],
  ])('that is %s says so, and where', (_, text, codes) => {
    expect(codesOf(text)).toEqual(codes);
  });

  test('has limits, however it grows', () => {
    const fields = Array.from(
      { length: 30 },
      (_, at) =>
        `<component name='C${at}'><component name='C${at + 1}' required='N'/><component name='D${at + 1}' required='N'/></component><component name='D${at}'><component name='C${at + 1}' required='N'/></component>`,
    );
    const unfolding = small
      .replace(
        "<component name='Parties'>",
        `${fields.join('')}<component name='C30'><field name='Side' required='N'/></component><component name='D30'><field name='PartyID' required='N'/></component><component name='Parties'>`,
      )
      .replace("<field name='Side' required='Y'/>", "<component name='C0' required='N'/>");
    expect(codesOf(unfolding)).toEqual(['error DICTIONARY_LIMIT 11:3']);
    const deep = `<fix>${'<header>'.repeat(limits.dictionaryDepthMax)}`;
    expect(codesOf(deep)[0]).toMatch(/^error DICTIONARY_LIMIT 1:/);
    const chain = Array.from(
      { length: 5000 },
      (_, at) => `<component name='C${at}'><component name='C${at + 1}' required='N'/></component>`,
    );
    const long = small.replace(
      "<component name='Parties'>",
      `${chain.join('')}<component name='C5000'><field name='Side' required='N'/></component><component name='Parties'>`,
    );
    expect(codesOf(long)[0]).toMatch(/error DICTIONARY_LIMIT/);
    expect(loadQuickfixXml(small, { ...limits, dictionaryCharsMax: 100 }).issues).toMatchObject([
      { code: 'DICTIONARY_LIMIT' },
    ]);
    expect(loadQuickfixXml(small, { ...limits, dictionaryElementsMax: 10 }).issues).toMatchObject([
      { code: 'DICTIONARY_LIMIT' },
    ]);
    expect(loadQuickfixXml(small, { ...limits, dictionaryAttributesMax: 1 }).issues).toMatchObject([
      { code: 'DICTIONARY_LIMIT' },
    ]);
    expect(loadQuickfixXml(small, { ...limits, dictionaryAttributeCharsMax: 3 }).issues).toMatchObject([
      { code: 'DICTIONARY_LIMIT' },
    ]);
    const silent = small.replace('<!-- ours -->', `<!--${' '.repeat(300_000)}-->`);
    expect(loadQuickfixXml(silent, { ...limits, dictionaryTextCharsMax: 100_000 }).issues).toMatchObject([
      { code: 'DICTIONARY_LIMIT' },
    ]);
  });
});

test('a field that allows other values has no list of them', () => {
  const open = small.replace(`name='Side' type='CHAR'`, `name='Side' type='CHAR' allowOtherValues='true'`);
  const { table, issues } = loadQuickfixXml(open);
  expect(issues).toEqual([]);
  expect(table?.fields[54]).toEqual(['Side', 'CHAR']);
});
