import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { utf8Bytes } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import { limits } from '../../src/core/limits.ts';
import { judgeSchema, type SchemaType, schemaFor, schemaOf } from './schema.ts';
import { patternOf } from './schema-pattern.ts';
import { knownMessages, nearestMessage, tableOf, tablesDigest } from './schema-table.ts';
import { valueWrong } from './schema-values.ts';
import { extractAll, extractTable } from './tables/extract.ts';
import { readXml } from './tree.ts';

const xsd = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:iso:std:iso:20022:tech:xsd:test.001.001.01">
  <xs:element name="Document" type="Document"/>
  <xs:complexType name="Document"><xs:sequence><xs:element name="Msg" type="Body1"/></xs:sequence></xs:complexType>
  <xs:complexType name="Body1"><xs:sequence>
    <xs:element name="One" type="Text"/><xs:element maxOccurs="unbounded" minOccurs="0" name="Many" type="Choice1"/>
    <xs:choice><xs:element name="Lft" type="Text"/><xs:element minOccurs="0" name="Rght" type="Text"/></xs:choice>
    <xs:element maxOccurs="2" name="Two" type="Money"/><xs:element minOccurs="0" name="Xtra" type="Open"/></xs:sequence></xs:complexType>
  <xs:complexType name="Choice1"><xs:choice><xs:element name="Cd" type="Code"/><xs:element maxOccurs="unbounded" name="Rsn" type="Text"/></xs:choice></xs:complexType>
  <xs:complexType name="Alone"><xs:sequence><xs:choice><xs:element name="Cd" type="Code"/></xs:choice></xs:sequence></xs:complexType>
  <xs:complexType name="Open"><xs:sequence><xs:any namespace="##any" processContents="lax"/></xs:sequence></xs:complexType>
  <xs:complexType name="Money"><xs:simpleContent><xs:extension base="Number"><xs:attribute name="Ccy" type="Text"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:simpleType name="Text"><xs:restriction base="xs:string"><xs:maxLength value="5"/><xs:pattern value="[A-Z]+"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Code"><xs:restriction base="xs:string"><xs:enumeration value="A"/><xs:enumeration value="B"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Number"><xs:restriction base="xs:decimal"><xs:minInclusive value="0"/><xs:fractionDigits value="5"/></xs:restriction></xs:simpleType>
</xs:schema>`;

describe('a table', () => {
  test('is read out of a schema: order, occurrence, choices, facets, codes', () => {
    expect(extractTable(utf8Bytes(xsd))).toEqual({
      message: 'test.001.001.01',
      element: 'Msg',
      type: 'Body1',
      types: {
        Body1: 'One:Text Many*:Choice1 (Lft:Text|Rght?:Text) Two{1,2}:Money Xtra?:Open',
        Choice1: '|Cd:Code|Rsn+:Text',
        Alone: '|Cd:Code',
        Open: '*:##any',
        Money: { of: 'Number', attribute: 'Ccy:Text' },
        Text: { pattern: '[A-Z]+', maxLength: 5 },
        Code: { codes: 'A B' },
        Number: { base: 'decimal', fractionDigits: 5, minInclusive: '0' },
      },
    });
    expect(extractTable(utf8Bytes('<a/>'))).toBeUndefined();
  });

  test('shares its types with the others, which must mean the same by one name', () => {
    const table = extractTable(utf8Bytes(xsd));
    if (table === undefined) throw new Error('no table');
    expect(extractAll([table, table]).messages['test.001.001.01']).toEqual({
      element: 'Msg',
      type: 'Body1',
      types: 8,
      elements: 10,
    });
    const other = { ...table, types: { ...table.types, Text: { maxLength: 4 } } };
    expect(() => extractAll([table, other])).toThrow('Text of test.001.001.01');
  });
});

describe('the tables of the catalogue', () => {
  test('are the ones that the list was made with', () => {
    const text = readFileSync(new URL('tables/types.json', import.meta.url), 'utf8');
    expect(hash('sha256', text.slice(2, -3))).toBe(tablesDigest);
    expect(text.length).toBeLessThan(400_000);
  });

  test.each(knownMessages)('%s has all of its types, and as many as its schema', (message) => {
    const table = tableOf(message);
    const schema = schemaFor(message);
    if (table === undefined || schema === undefined) throw new Error(message);
    const names = new Set<string>();
    const visit = (id: string): void => {
      if (names.has(id) || id.startsWith('##') || /^https?:/.test(id)) return;
      names.add(id);
      const row = table.types[id];
      expect(row, id).toBeDefined();
      if (typeof row === 'string') for (const [, type = ''] of row.matchAll(/:([^ |)]+)/g)) visit(type);
      else if (row !== undefined && 'of' in row)
        for (const type of [row.of, row.attribute.split(':')[1] ?? '']) visit(type);
    };
    visit(table.type);
    const list = JSON.parse(readFileSync(new URL('tables/messages.json', import.meta.url), 'utf8'));
    expect(names.size).toBe(list.messages[message].types);
    expect(depthOf(schema.type)).toBeGreaterThan(1);
  });

  test('a version that has none is judged by the nearest of its variant', () => {
    expect(nearestMessage('sese.024.001.07')).toBe('sese.024.001.13');
    expect(nearestMessage('sese.024.002.07')).toBe('sese.024.002.12');
    expect(nearestMessage('semt.002.001.03')).toBe('semt.002.001.02');
    expect(nearestMessage('semt.002.001.07')).toBe('semt.002.001.12');
    expect(nearestMessage('head.001.001.03')).toBe('head.001.001.04');
    expect(nearestMessage('camt.053.002.01')).toBe('camt.053.001.13');
    expect(nearestMessage('setr.010.001.04')).toBeUndefined();
    expect(schemaFor('sese.024.001.07')).toBe(schemaFor('sese.024.001.13'));
    expect(schemaFor('seev.031.002.15')?.name).toBe('Corporate Action Notification');
  });
});

/** Every type is made once, and however deep they nest, the way down ends. */
function depthOf(type: SchemaType | undefined, above: readonly SchemaType[] = []): number {
  if (type === undefined || type.kind === 'simple' || above.includes(type)) return 1;
  const [first] = type.slots;
  return 1 + Math.max(0, ...(first?.parts ?? []).map((part) => depthOf(part.type(), [...above, type])));
}

const table = extractTable(utf8Bytes(xsd));
const good =
  '<Msg xmlns="urn:x"><One>ABC</One><Many><Rsn>A</Rsn><Rsn>B</Rsn></Many><Lft>Z</Lft><Two Ccy="USD">1.5</Two></Msg>';

describe('a document', () => {
  test('that fits has no issues', () => {
    expect(said(good)).toEqual([]);
  });

  test.each<[string, string, string, string]>([
    ['ABC', 'ABCDEF', 'MX_VALUE', 'Msg/One has more than 5 characters'],
    ['ABC', 'abc', 'MX_VALUE', 'Msg/One cannot be "abc"'],
    ['<One>ABC</One>', '', 'MX_ELEMENT_MISSING', 'Msg/One is missing'],
    [
      '<One>ABC</One>',
      '<One>ABC<Two/></One>',
      'MX_ELEMENT_UNKNOWN',
      'Msg/One/Two stands where text has to be',
    ],
    ['<One>ABC</One>', '<One>ABC</One><One>ABC</One>', 'MX_ELEMENT_REPEATED', 'Msg/One may stand 1 times'],
    [
      '<Lft>Z</Lft>',
      '<Lft>Z</Lft><Rght>Z</Rght>',
      'MX_ELEMENT_REPEATED',
      'Msg/Rght: the choice is made already',
    ],
    ['<Lft>Z</Lft>', '', '', ''],
    ['<Rsn>A</Rsn><Rsn>B</Rsn>', '', 'MX_ELEMENT_MISSING', 'Msg/Many chooses nothing'],
    ['<Rsn>B</Rsn>', '<Cd>B</Cd>', 'MX_ELEMENT_REPEATED', 'Msg/Many/Cd: the choice is made already'],
    ['<Rsn>A</Rsn><Rsn>B</Rsn>', '<Cd>C</Cd>', 'MX_VALUE', 'Msg/Many/Cd has no code "C"'],
    ['1.5', '-1.5', 'MX_VALUE', 'Msg/Two is less than 0'],
    ['1.5', '1,5', 'MX_VALUE', 'Msg/Two is no decimal: "1,5"'],
    ['1.5', '1.123456', 'MX_VALUE', 'Msg/Two has more than 5 digits behind the point'],
    [' Ccy="USD"', '', 'MX_ELEMENT_MISSING', 'Msg/Two@Ccy is missing'],
    ['USD', 'usd', 'MX_VALUE', 'Msg/Two@Ccy cannot be "usd"'],
    [' Ccy', ' xml:lang="en" Ccy', 'MX_ELEMENT_UNKNOWN', 'Msg/Two@xml:lang is not in the schema'],
    ['</Msg>', '<Xtra><v:Any xmlns:v="urn:y"><v:In>?</v:In></v:Any></Xtra></Msg>', '', ''],
    ['</Msg>', '<Xtra><Any><In>?</In></Any></Xtra></Msg>', '', ''],
    ['</Msg>', '<Xtra/></Msg>', 'MX_ELEMENT_MISSING', 'Msg/Xtra holds nothing'],
    ['</Msg>', '<Xtra><a/><b/></Xtra></Msg>', 'MX_ELEMENT_REPEATED', 'Msg/Xtra/b may stand 1 times'],
    ['</Msg>', 'text</Msg>', 'MX_VALUE', 'Msg holds text where elements have to be'],
    [
      '<Lft>Z</Lft>',
      '<v:Lft xmlns:v="urn:y">Z</v:Lft>',
      'MX_ELEMENT_UNKNOWN',
      'Msg/Lft is not in the schema',
    ],
  ])('with %s as %s', (from, to, code, message) => {
    const found = said(good.replace(from, to));
    expect(found.map((issue) => [issue.code, issue.message])).toEqual(code === '' ? [] : [[code, message]]);
  });

  test('with an element too early has it said, and where', () => {
    const [issue, ...more] = said(
      good.replace('<One>ABC</One>', '').replace('</Msg>', '\n<One>ABC</One></Msg>'),
    );
    expect(issue).toMatchObject({
      code: 'MX_ELEMENT_ORDER',
      message: 'Msg/One stands behind Two',
      at: { line: 2, field: 'Msg/One' },
    });
    expect(more).toEqual([]);
  });

  test('of another element is not judged', () => {
    expect(said('<Other/>').map(({ message }) => message)).toEqual(['Other stands where Msg has to be']);
  });
});

function said(xml: string): readonly Issue[] {
  const { root } = readXml(utf8Bytes(xml), limits);
  if (root === undefined || table === undefined) throw new Error('no document');
  return judgeSchema(root, schemaOf(table));
}

describe('a value', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'date',
      ['2024-02-29', '2026-11-30Z', '2026-11-30-05:00', ' 2026-11-30 ', '12026-01-01'],
      ['2026-02-29', '2026-11-31', '26-11-30', '2026-11-30T', '0000-01-01', '2026-11-30+15:00', ''],
    ],
    [
      'dateTime',
      ['2026-11-30T23:59:59', '2026-11-30T24:00:00Z', '2026-11-30T00:00:00.123456789+14:00'],
      [
        '2026-11-30',
        '2026-11-30T24:00:01',
        '2026-11-30T23:59:60',
        '2026-11-30 23:59:59',
        '2026-11-30T23:59:59.',
      ],
    ],
    ['time', ['00:00:00', '23:59:59.5Z'], ['24:00:01', '1:00:00', '00:00']],
    ['gYear', ['2026', '2026Z'], ['26', '0000', '2026-01']],
    ['gYearMonth', ['2026-01'], ['2026-13', '2026']],
    ['boolean', ['true', 'false', '1', '0', ' true '], ['TRUE', 'yes', '']],
    ['decimal', ['1', '+1.', '.5', '-0', ' 1 ', '007.100'], ['', '.', '1e3', '1,0', 'NaN', '--1']],
    ['base64Binary', ['', 'QUJD', 'QUI=', 'QQ==', 'QU JD'], ['QUJ', 'QU==', 'Q===', '*']],
    ['hexBinary', ['', '0aFF'], ['0', 'xx']],
  ])('of %s', (base, right, wrong) => {
    const judged = (text: string): boolean => valueWrong(text, simple({ base })) === undefined;
    expect(right.filter((text) => !judged(text))).toEqual([]);
    expect(wrong.filter(judged)).toEqual([]);
  });

  test('of a decimal keeps to its digits and bounds', () => {
    const facets = {
      base: 'decimal',
      totalDigits: 4,
      fractionDigits: 2,
      minInclusive: '-10',
      maxInclusive: '99.5',
    };
    const judged = ['0012.3400', '99.50', '-10', '99.51', '-10.01', '1.234', '12345'].map((text) =>
      valueWrong(text, simple(facets)),
    );
    expect(judged.map((why) => why?.split(' ').slice(0, 3).join(' '))).toEqual([
      undefined,
      undefined,
      undefined,
      'is more than',
      'is less than',
      'has more than',
      'has more than',
    ]);
  });

  test('counts characters as people do, and takes blanks of a string as they are', () => {
    expect(valueWrong('\u{1f600}\u{1f600}', simple({ maxLength: 2 }))).toBeUndefined();
    expect(valueWrong('\u{1f600}', simple({ minLength: 2 }))).toBe('has less than 2 characters');
    expect(valueWrong('AB ', simple({ length: 2 }))).toBe('has more than 2 characters');
    expect(valueWrong(' A', simple({ codes: 'A B' }))).toBe('has no code " A"');
  });
});

function simple(facets: { readonly [name: string]: string | number }) {
  const codes = typeof facets['codes'] === 'string' ? new Set(facets['codes'].split(' ')) : undefined;
  return { kind: 'simple' as const, facets, pattern: undefined, codes, attribute: undefined };
}

describe('a pattern', () => {
  const fin =
    "([0-9a-zA-Z\\-\\?:\\(\\)\\.,'\\+ ]([0-9a-zA-Z\\-\\?:\\(\\)\\.,'\\+ ]*(/[0-9a-zA-Z\\-\\?:\\(\\)\\.,'\\+ ])?)*)";

  test('fits the whole text', () => {
    expect(patternOf('XX|TS').test('XXS')).toBe(false);
    expect(patternOf('XX|TS').test('TS')).toBe(true);
    expect(['A', 'A/B', 'A B/C/D'].map((text) => patternOf(fin).test(text))).toEqual([true, true, true]);
    expect(['', '/A', 'A/', 'A//B', 'A\n'].map((text) => patternOf(fin).test(text))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  test('of the catalogue ends at once on a long text that does not fit', () => {
    const patterns = knownMessages.flatMap((message) => Object.values(tableOf(message)?.types ?? {}));
    const texts = ['A'.repeat(5000), 'A/'.repeat(2500), '1'.repeat(5000), 'a '.repeat(2500)].map(
      (text) => `${text}\u0007`,
    );
    const known = new Set(
      patterns.flatMap((row) => (typeof row === 'object' && 'pattern' in row ? [row.pattern ?? ''] : [])),
    );
    expect(known.size).toBeGreaterThan(40);
    for (const pattern of known) {
      const fits = texts.map((text) => patternOf(pattern).test(text));
      if (!pattern.includes('[^/]')) expect(fits, pattern).toEqual([false, false, false, false]);
    }
  });
});
