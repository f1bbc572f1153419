import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openDialectCodec } from '../dialect-family.ts';
import { fix, loadDictionary, writeFix } from '../index.ts';
import type { FixField } from '../message.ts';
import { loadDialect } from './dialect.ts';
import { openDictionary } from './open-dictionary.ts';

const sample = (name: string): string => readFileSync(new URL(`./samples/${name}`, import.meta.url), 'utf8');
const dropCopy = sample('drop-copy.yaml');
const clearingFirm = sample('clearing-firm.yaml');

const envelope: readonly FixField[] = [
  [49, 'VENUE'],
  [56, 'US'],
  [34, '7'],
  [52, '20261110-14:30:00.123'],
];
const fill: readonly FixField[] = [
  [35, '8'],
  ...envelope,
  [369, '3'],
  [37, 'O1'],
  [17, 'E1'],
  [20, '2'],
  [19, 'E0'],
  [150, 'G'],
  [39, 'G'],
  [1, 'ACC'],
  [1028, 'Y'],
  [55, 'ZC'],
  [442, '3'],
  [54, '1'],
  [32, '5'],
  [31, '4.25'],
  [14, '5'],
  [6, '4.25'],
  [75, '20261110'],
  [9717, 'CORR'],
  [37711, '88'],
  [9800, '2'],
  [9801, 'M1'],
  [9802, 'A'],
  [9801, 'M2'],
  [9810, '5'],
  [9811, 'a\u0001b=c'],
];

/** Codes of a message as the codec of a text reads it. */
function codesBy(text: string, begin: string, fields: readonly FixField[]): readonly string[] {
  const { codec } = openDialectCodec(text, 'test.yaml');
  return (
    codec?.decode({ bytes: writeFix(begin, fields) }).issues.map(({ code, at }) => `${code} ${at?.field}`) ??
    []
  );
}

const minimal = (more: string): string =>
  `dialect: mine\nversion: "1"\ntitle: Mine\nextends: FIX.4.4\nsource: a test\n${more}`;

describe('a dialect', () => {
  test('over FIX 4.2 reads what the standard cannot', () => {
    expect(codesBy(dropCopy, 'FIX.4.2', fill)).toEqual([]);
    const plain = fix.decode({ bytes: writeFix('FIX.4.2', fill) });
    expect(plain.issues.length).toBeGreaterThan(5);
    const { message } =
      openDialectCodec(dropCopy, 'test.yaml').codec?.decode({ bytes: writeFix('FIX.4.2', fill) }) ?? {};
    expect(message?.root.group(9800).map((entry) => [entry.get(9801), entry.get(9802)])).toEqual([
      ['M1', 'A'],
      ['M2', undefined],
    ]);
    // Its own data field is read by its own length field, separators and all.
    expect(message?.get(9811)).toBe('a\u0001b=c');
    expect(JSON.stringify(message?.view())).toContain('"text":"Manual"');
  });

  test('says what its own rules object to', () => {
    const without = (tag: number): readonly FixField[] => fill.filter(([one]) => one !== tag);
    expect(codesBy(dropCopy, 'FIX.4.2', without(369))).toEqual([
      'FIX_REQUIRED_MISSING LastMsgSeqNumProcessed(369)',
    ]);
    expect(codesBy(dropCopy, 'FIX.4.2', without(32))).toContain('FIX_REQUIRED_MISSING LastShares(32)');
    expect(codesBy(dropCopy, 'FIX.4.2', [...fill, [25, 'L']])).toEqual([
      'FIX_TAG_NOT_IN_MESSAGE IOIQltyInd(25)',
    ]);
    const badMark = fill.map(([tag, value]): FixField => (tag === 9802 ? [tag, 'Z'] : [tag, value]));
    expect(codesBy(dropCopy, 'FIX.4.2', badMark)).toEqual(['FIX_VALUE_ENUM TicketMarkType(9802)']);
  });

  test('over FIX 4.4 adds a component, a message and rules inside of groups', () => {
    const { dictionary, issues } = openDictionary(clearingFirm);
    expect(issues).toEqual([]);
    const own = dictionary?.lookup('FIX.4.4');
    const report = own?.message('8')?.level;
    expect(report?.required).toContain(7001);
    expect(report?.required).not.toContain(14 * 1000);
    expect(report?.required).not.toContain(151);
    expect(report?.groups.get(453)?.required).toEqual([452]);
    expect(report?.members[report.members.indexOf(17) + 1]).toBe(1003);
    expect(own?.message('J')?.level.groups.get(78)?.members.slice(0, 2)).toEqual([79, 7001]);
    expect(own?.message('J')?.level.groups.get(78)?.required).toContain(80);
    // Spelled out for J alone: the report of the same allocation keeps the standard's group.
    expect(own?.message('AS')?.level.groups.get(78)?.members).not.toContain(7001);
    expect(own?.message('U1')?.name).toBe('SettlementNotice');
    expect(own?.message('U1')?.level.groups.get(7010)?.first).toBe(7011);
    expect(own?.field(581)?.values).toBeUndefined();
    expect(own?.field(63)?.values?.get('C')).toBe('FXSpotNextDay');
    expect(dictionary?.switches).toEqual({ allowUnknownEnumValues: true });
  });

  test('leaves other versions to the standard', () => {
    const { dictionary } = openDictionary(clearingFirm);
    expect(dictionary?.lookup('FIX.4.2')).toBe(loadDictionary('FIX.4.2'));
    expect(dictionary?.lookup('FIXT.1.1', '9')).toBe(loadDictionary('FIXT.1.1', '9'));
    // The same dialect as the application messages of a FIXT session.
    const inFixt = dictionary?.lookup('FIXT.1.1', '6');
    expect(inFixt?.message('U1')?.level.members).toContain(1128);
  });

  test('over FIX 5.0 SP2 stands between header and trailer of FIXT, and is what no ApplVerID(1128) names', () => {
    const text = minimal(
      'messages: { "8": { require: [LastQty] } }\nheader: { require: [ApplVerID] }',
    ).replace('FIX.4.4', 'FIX.5.0SP2');
    const { dictionary } = openDictionary(text);
    const own = dictionary?.lookup('FIXT.1.1');
    expect(own).toBe(dictionary?.lookup('FIXT.1.1', '9'));
    expect(own?.message('8')?.level.required).toEqual(expect.arrayContaining([8, 1128, 32, 10]));
    expect(dictionary?.lookup('FIXT.1.1', '7')).toBe(loadDictionary('FIXT.1.1', '7'));
  });

  test('takes fields of later versions as they are', () => {
    const text =
      minimal(`fields: { 453: {}, 448: {}, 447: {}, 452: { values: { "99": HouseDesk } }, 880: { type: INT } }
messages: { "8": { add: [{ group: NoPartyIDs, entry: [PartyID!, PartyIDSource, PartyRole!] }, TrdMatchID] } }`);
    const { table, issues } = loadDialect(text.replace('FIX.4.4', 'FIX.4.2'));
    expect(issues).toEqual([]);
    expect(table?.fields['447']?.slice(0, 2)).toEqual(['PartyIDSource', 'CHAR']);
    // FIX 4.3 brought it, with fewer roles than later versions.
    expect(table?.fields['452']?.[2]).toMatchObject({ 1: 'ExecutingFirm', 99: 'HouseDesk' });
    expect(table?.fields['452']?.[2]?.['36']).toBeUndefined();
    expect(table?.fields['880']).toEqual(['TrdMatchID', 'INT']);
    expect(table?.messages['8']?.[2]).toMatch(/ 453\(448! 447 452!\) 880$/);
  });

  test('without a field has it nowhere', () => {
    const { table, issues } = loadDialect(minimal('fields: { "447": { remove: true } }'));
    expect(issues).toEqual([]);
    expect(table?.components['Parties']).toBe('453(448 452 @PtysSubGrp)');
    expect(table?.fields['447']).toBeUndefined();
  });

  test('has a fingerprint that changes with what it says, and not with its comments', () => {
    const fingerprint = (text: string): string => openDictionary(text).dictionary?.fingerprint ?? 'none';
    expect(fingerprint(`# seen\n${dropCopy}`)).toBe(fingerprint(dropCopy));
    expect(fingerprint(dropCopy.replace('Automated', 'ByMachine'))).not.toBe(fingerprint(dropCopy));
    expect(
      fingerprint(dropCopy.replace('validateFieldsOutOfOrder: false', 'validateFieldsOutOfOrder: true')),
    ).not.toBe(fingerprint(dropCopy));
    const codec = openDialectCodec(dropCopy, 'test.yaml').codec;
    expect([codec?.id, codec?.fingerprint === fix.fingerprint]).toEqual(['fix', false]);
  });

  test.each([
    ['an alias', minimal('fields: &all {}\nheader: *all'), ['DIALECT_SYNTAX 7:9']],
    ['a key twice', minimal('fields: {}\nfields: {}'), ['DIALECT_SYNTAX 7:1']],
    ['no YAML', 'dialect: [', ['DIALECT_SYNTAX 1:11']],
    ['a list', '- a\n', ['DIALECT_SCHEMA 1:1']],
    ['a strange key', minimal('feilds: {}'), ['DIALECT_SCHEMA 6:1']],
    ['no version of FIX', minimal('').replace('FIX.4.4', 'FIX.4.5'), ['DIALECT_SCHEMA 4:10']],
    ['nothing of what it needs', 'dialect: mine\n', Array.from({ length: 4 }, () => 'DIALECT_SCHEMA 1:1')],
    ['a new field without a type', minimal('fields:\n  9001: { name: Own }'), ['DIALECT_SCHEMA 7:9']],
    [
      'a type that is none',
      minimal('fields:\n  9001: { name: Own, type: INTEGER }'),
      ['DIALECT_SCHEMA 7:28'],
    ],
    ['a tag beyond all', minimal('fields:\n  900001: { name: Own, type: INT }'), ['DIALECT_SCHEMA 7:3']],
    ['a field that is not there', minimal('fields:\n  9001: { remove: true }'), ['DIALECT_CHANGE 7:9']],
    ['a value that is not there', minimal('fields:\n  54: { withoutValues: [Z] }'), ['DIALECT_CHANGE 7:25']],
    [
      'a name that another has',
      minimal('fields:\n  9001: { name: Side, type: INT }'),
      ['DIALECT_CHANGE 7:9'],
    ],
    [
      'a member that is not there',
      minimal('messages:\n  "8":\n    remove: [DayBookingInst, Signature]'),
      ['DIALECT_CHANGE 8:30'],
    ],
    ['a member of no name', minimal('messages:\n  "8":\n    add: [Sied]'), ['DICTIONARY_REFERENCE 8:11']],
    [
      'a number by another name',
      minimal('messages:\n  "8":\n    require: [Price(54)]'),
      ['DIALECT_CHANGE 8:15'],
    ],
    [
      'a member that is there already',
      minimal('messages:\n  "8":\n    add: [Side]'),
      ['DIALECT_CHANGE 8:11'],
    ],
    [
      'a member of a component that is there',
      minimal('messages:\n  "8":\n    add: [PartyID, Symbol]'),
      ['DIALECT_CHANGE 8:20'],
    ],
    [
      'a group that is none',
      minimal('messages:\n  "8":\n    groups: { 54: { add: [Text] } }'),
      ['DIALECT_CHANGE 8:19'],
    ],
    ['no component', minimal('messages:\n  "8":\n    add: ["@Nothing"]'), ['DICTIONARY_REFERENCE 8:11']],
    [
      'a component in itself',
      minimal('components:\n  Parties: { add: ["@Parties"] }'),
      ['DICTIONARY_CYCLE 7:12'],
    ],
    ['a new message without a name', minimal('messages:\n  U9: { members: [Text] }'), ['DIALECT_SCHEMA 7:7']],
    ['data without a length', minimal('fields:\n  9001: { name: Own, type: DATA }'), ['DICTIONARY_DATA 7:9']],
    ['a switch of no name', minimal('switches: { validateAll: true }'), ['DIALECT_SCHEMA 6:13']],
  ])('that has %s says so, and where', (_, text, codes) => {
    expect(loadDialect(text).issues.map(({ code, at }) => `${code} ${at?.line}:${at?.column}`)).toEqual(
      codes,
    );
  });

  test('tells all that its schema objects to, in the order of the file, with what was meant', () => {
    const text = `dialect: mine
version: "1"
titel: T
extendz: FIX.4.4
source: s
fields:
  54: { typ: CHAR, vals: {} }
  abc: { name: X, type: INT }
messages:
  "8": { ad: [], groups: { 382: { requir: [ContraTrader] } } }
switches: { validateUserDefinedField: true }
`;
    const told = loadDialect(text).issues.map(({ message, at }) => `${at?.line} ${message}`);
    expect(told).toEqual([
      '1 "title" is missing',
      '1 "extends" is missing',
      '3 "titel" is no key that may stand here; did you mean "title"?',
      '4 "extendz" is no key that may stand here; did you mean "extends"?',
      '7 "typ" is no key that may stand here; did you mean "type"?',
      '7 "vals" is no key that may stand here; did you mean "values"?',
      '8 "abc" cannot stand here: it must be a tag from 1 to 99999',
      '10 "ad" is no key that may stand here; did you mean "add"?',
      '10 "requir" is no key that may stand here; did you mean "require"?',
      '11 "validateUserDefinedField" is no key that may stand here; did you mean "validateUserDefinedFields"?',
    ]);
  });

  test('is refused where it is too large', () => {
    expect(loadDialect(minimal(`# ${'x'.repeat(600_000)}`)).issues).toMatchObject([
      { code: 'DICTIONARY_LIMIT' },
    ]);
  });
});

describe('a dialect over a file', () => {
  const fixt = `<fix type='FIXT' major='1' minor='1'><header><field name='BeginString' required='Y'/><field name='VenueMark' required='Y'/></header>
      <trailer><field name='CheckSum' required='Y'/></trailer><messages/><components/>
      <fields><field number='8' name='BeginString' type='STRING'/><field number='10' name='CheckSum' type='STRING'/><field number='9001' name='VenueMark' type='STRING'/></fields></fix>`;
  const files: Readonly<Record<string, string>> = {
    './venue.xml': sample('venue-orchestra.xml'),
    './firm.yaml': clearingFirm,
    './self.yaml': minimal('').replace('FIX.4.4', './self.yaml'),
    './broken.xml': '<fix',
    './fixt.xml': fixt,
  };
  const over = (base: string, more = '') =>
    openDictionary(minimal(more).replace('FIX.4.4', base), { read: (path) => files[path] });

  test('changes what the file says', () => {
    const { dictionary, issues } = over(
      './venue.xml',
      'messages: { D: { require: [OrderQty], remove: ["@Ticket"] } }',
    );
    expect(issues).toEqual([]);
    expect(dictionary?.table.messages['D']?.[2]).toBe('11! @Parties! 54! 38!');
    expect(dictionary?.lookup('FIX.4.4').message('UQ')?.name).toBe('QuickOrder');
  });

  test('may extend another dialect', () => {
    const { dictionary } = over('./firm.yaml', 'messages: { U1: { add: [Account] } }');
    expect(dictionary?.lookup('FIX.4.4').message('U1')?.level.members).toContain(1);
    expect(dictionary?.name).toBe('mine');
  });

  test('may put a FIXT of its own around the messages', () => {
    const { dictionary, issues } = over('FIX.5.0SP2', 'transport: ./fixt.xml');
    expect(issues).toEqual([]);
    expect(dictionary?.lookup('FIXT.1.1', '9').message('8')?.level.required).toEqual(
      expect.arrayContaining([9001, 37]),
    );
  });

  test.each([
    ['is not there', './none.xml', '', './none.xml:1:1: it cannot be read', 'DIALECT_BASE 4:10'],
    ['is wrong', './broken.xml', '', './broken.xml:1:1:', 'DIALECT_BASE 4:10'],
    ['is itself', './self.yaml', '', './self.yaml:4:10:', 'DIALECT_BASE 4:10'],
    [
      'is no FIXT',
      'FIX.5.0SP2',
      'transport: ./venue.xml',
      'FIX.4.4 cannot stand around FIX.5.0SP2',
      'DIALECT_CHANGE 6:12',
    ],
    [
      'needs none',
      'FIX.4.4',
      'transport: ./fixt.xml',
      'FIXT.1.1 cannot stand around FIX.4.4',
      'DIALECT_CHANGE 6:12',
    ],
  ])('that %s says so', (_, base, more, text, place) => {
    const { dictionary, issues } = over(base, more);
    expect(dictionary).toBeUndefined();
    expect(issues.map(({ code, at }) => `${code} ${at?.line}:${at?.column}`)).toEqual([place]);
    expect(issues[0]?.message).toContain(text);
  });
});

describe('the rules of a dialect', () => {
  test('are those of its codec', () => {
    const odd = fill.map(([tag, value]): FixField => (tag === 54 ? [54, 'Z'] : [tag, value]));
    const relaxed = dropCopy.replace('validateFieldsOutOfOrder: false', 'allowUnknownEnumValues: true');
    expect(codesBy(dropCopy, 'FIX.4.2', odd)).toContain('FIX_VALUE_ENUM Side(54)');
    expect(codesBy(relaxed, 'FIX.4.2', odd)).not.toContain('FIX_VALUE_ENUM Side(54)');
  });
});

describe('a dictionary of any form', () => {
  test('is known by its beginning', () => {
    expect(openDictionary(dropCopy).dictionary?.form).toBe('dialect');
    expect(openDictionary(sample('venue-orchestra.xml')).dictionary?.form).toBe('Orchestra XML');
    expect(openDictionary('<html><body/></html>').issues).toMatchObject([{ code: 'DICTIONARY_FORM' }]);
    expect(openDictionary('').issues.length).toBeGreaterThan(0);
  });

  test('of FIXT alone goes around the messages of every version', () => {
    const text = `<fix type='FIXT' major='1' minor='1'><header><field name='BeginString' required='Y'/><field name='VenueMark' required='Y'/></header>
      <trailer><field name='CheckSum' required='Y'/></trailer><messages/><components/>
      <fields><field number='8' name='BeginString' type='STRING'/><field number='10' name='CheckSum' type='STRING'/><field number='9001' name='VenueMark' type='STRING'/></fields></fix>`;
    const { dictionary, issues } = openDictionary(text);
    expect(issues).toEqual([]);
    expect(dictionary?.lookup('FIXT.1.1', '7').message('8')?.level.required).toContain(9001);
    expect(dictionary?.lookup('FIXT.1.1', '9').message('BW')?.level.required).toContain(9001);
    expect(dictionary?.lookup('FIX.4.4')).toBe(loadDictionary('FIX.4.4'));
  });
});
