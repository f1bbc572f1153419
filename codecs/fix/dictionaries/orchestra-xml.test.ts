import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dictionaryOf } from '../dictionary.ts';
import { standardTable } from '../load-dictionary.ts';
import { orchestraText } from '../testing/orchestra-writing.ts';
import { differencesOf } from './difference.ts';
import { loadOrchestraXml } from './orchestra-xml.ts';
import { dictionaryNames, standardWhole } from './standard-names.ts';

const venue = readFileSync(new URL('./samples/venue-orchestra.xml', import.meta.url), 'utf8');

const told = (text: string): string[] =>
  loadOrchestraXml(text)
    .issues.filter(({ code }) => code !== 'DICTIONARY_SCENARIO')
    .map(({ code, severity, at }) => `${severity} ${code} ${at?.line}:${at?.column}`);

describe('a dictionary in Orchestra XML', () => {
  test('becomes a table', () => {
    const { table, issues } = loadOrchestraXml(venue);
    expect(issues.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'DICTIONARY_SCENARIO the code set SideCodeSet: "auction"',
      'DICTIONARY_SCENARIO the message D: "auction"',
    ]);
    expect(table).toMatchObject({
      version: 'FIX.4.4',
      header: '8! 9! 35! 34!',
      trailer: '10!',
      components: {
        Ticket: '20010 20020 @Ticket.group',
        'Ticket.group': '20030!(20031)',
        Parties: '453!(448! 452!)',
        'Parties.short': '453!(448!)',
      },
      messages: {
        0: ['Heartbeat', 'admin', '112'],
        D: ['NewOrderSingle', 'app', '11! @Parties! 54! 38 @Ticket'],
        UQ: ['QuickOrder', 'app', '@Parties.short'],
      },
      lengths: { 20010: 20020 },
    });
    expect(table?.fields['54']).toEqual(['Side', 'CHAR', { 1: 'Buy', 2: 'Sell' }]);
    expect(table?.fields['452']).toEqual(['PartyRole', 'INT', { 1: 'ExecutingFirm', 4: 'ClearingFirm' }]);
    expect(table?.fields['38']).toEqual(['OrderQty', 'QTY']);
  });

  test('reads messages by it', () => {
    const { table } = loadOrchestraXml(venue);
    const dictionary = table && dictionaryOf(table);
    const order = dictionary?.message('D')?.level;
    expect(order?.required).toEqual([8, 9, 35, 34, 11, 453, 54, 10]);
    expect(order?.groups.get(453)?.required).toEqual([448, 452]);
    expect(dictionary?.message('UQ')?.level.required).toEqual([8, 9, 35, 34, 10]);
    expect(dictionary?.field(38)?.kind).toBe('decimal');
    // Roles reach as far as the message's own tags.
    expect(dictionary?.message('0')?.level.roles.length).toBe(113);
  });

  test.each([
    ['FIX.Latest_EP269', ['FIXT.1.1', 'FIX.5.0SP2']],
    ['FIX.5.0SP1', ['FIXT.1.1', 'FIX.5.0SP1']],
    ['FIX.4.2', ['FIX.4.2', undefined]],
  ])('says %s for its version', (version, [begin, application]) => {
    const { table } = loadOrchestraXml(venue.replace('version="FIX.4.4"', `version="${version}"`));
    expect([table?.version, table?.application]).toEqual([begin, application]);
  });

  test.each(dictionaryNames)('%s, written as one, says the same', (name) => {
    const standard = standardWhole(name);
    const { table, issues } = loadOrchestraXml(standard === undefined ? '' : orchestraText(standard));
    expect(issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(table?.version).toBe(standard?.version);
    expect(standard && table && differencesOf(standard, table)).toEqual([]);
    // Another cut into components is the same level: what a message is read by.
    const [theirs, ours] = [table, standard].map((one) => one && dictionaryOf(one));
    for (const type of ours?.types ?? []) {
      const [left, right] = [theirs?.message(type)?.level, ours?.message(type)?.level];
      expect([left?.members, left?.required]).toEqual([right?.members, right?.required]);
    }
  });

  test('of session messages alone is FIXT, whatever version it says', () => {
    const text = orchestraText(standardTable('FIXT.1.1'), 'FIX.5.0SP2_EP247');
    const { table } = loadOrchestraXml(text);
    expect([table?.version, table?.application]).toEqual(['FIXT.1.1', undefined]);
  });

  test('without a header of its own has that of its version', () => {
    const { table } = loadOrchestraXml(venue.replaceAll('StandardHeader', 'Standardheader'));
    expect(table?.header).toMatch(/^8! 9! 35! 49! /);
  });

  test.each([
    ['of no version', venue.replace('version="FIX.4.4"', 'version="9"'), ['error DICTIONARY_VERSION 3:1']],
    ['another document', '<fix/>', ['error DICTIONARY_FORM 1:1']],
    ['cut', venue.slice(0, -20), [expect.stringMatching(/^error DICTIONARY_XML 112:/)]],
    [
      'a field that is not there',
      venue.replace('<fixr:fieldRef id="112"/>', '<fixr:fieldRef id="113"/>'),
      ['error DICTIONARY_REFERENCE 83:9'],
    ],
    [
      'a group that is not there',
      venue.replace('<fixr:groupRef id="2001"/>', '<fixr:groupRef id="2002"/>'),
      ['error DICTIONARY_REFERENCE 61:7'],
    ],
    [
      'a group that nothing counts',
      venue.replace('<fixr:numInGroup id="20030"/>', ''),
      ['error DICTIONARY_REFERENCE 74:5'],
    ],
    ['a type that FIX has not', venue.replace('type="Lots"', 'type="Lot"'), ['warning DICTIONARY_TYPE 36:5']],
    [
      'a tag of letters',
      venue.replace('<fixr:field id="34"', '<fixr:field id="x34"'),
      ['error DICTIONARY_ATTRIBUTE 34:5'],
    ],
    [
      'datatypes in a circle',
      venue
        .replace('name="Qty" baseType="float"', 'name="Qty2" baseType="Lots"')
        .replace('name="Lots" baseType="Qty"', 'name="Lots" baseType="Qty2"'),
      ['warning DICTIONARY_TYPE 36:5'],
    ],
  ])('that is %s says so, and where', (_, text, codes) => {
    expect(told(text)).toEqual(codes);
  });
});
