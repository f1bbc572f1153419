import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dictionaryOf, type FixTable, loadDictionary, role } from './index.ts';
import dataFields from './tables/data-fields.json' with { type: 'json' };
import needed from './tables/needed.json' with { type: 'json' };
import secrets from './tables/secrets.json' with { type: 'json' };
import tags from './tables/tags.json' with { type: 'json' };
import versions from './tables/versions.json' with { type: 'json' };
import volatile from './tables/volatile.json' with { type: 'json' };

const fix42 = loadDictionary('FIX.4.2');
const fix44 = loadDictionary('FIX.4.4');

const every = Object.keys(versions.applVerIds).map((applVerId) => loadDictionary('FIXT.1.1', applVerId));

describe('a dictionary', () => {
  test('knows fields by number', () => {
    expect(fix44.field(54)).toMatchObject({ name: 'Side', type: 'CHAR', kind: 'char' });
    expect(fix44.field(54)?.values?.get('1')).toBe('Buy');
    expect(fix42.field(453)).toBeUndefined();
    expect(fix42.field(439)?.name).toBe('ClearingFirm');
    expect(fix44.field(-1) ?? fix44.field(1e9)).toBeUndefined();
  });

  test('knows messages, their groups and what they require', () => {
    const report = fix44.message('8');
    expect(report).toMatchObject({ name: 'ExecutionReport', admin: false });
    expect(report?.level.required).toEqual(
      expect.arrayContaining([8, 35, 37, 17, 150, 39, 54, 151, 14, 6, 10]),
    );
    expect(report?.level.required).not.toContain(31);
    const parties = report?.level.groups.get(453);
    expect(parties?.members).toEqual([448, 447, 452, 802]);
    expect(report?.level.members.slice(0, 3)).toEqual([8, 9, 35]);
    expect([parties?.first, parties?.groups.get(802)?.first]).toEqual([448, 523]);
    expect((report?.level.roles[49] ?? 0) & role.header).toBe(role.header);
    expect(fix44.message('A')?.admin).toBe(true);
    expect(fix44.message('toString') ?? fix42.message('AE')).toBeUndefined();
  });

  test('does not require what an optional component requires of those who use it', () => {
    const table: FixTable = {
      version: 'FIX.4.4',
      header: '8! 35!',
      trailer: '10!',
      fields: { 8: ['BeginString', 'STRING'] },
      components: { Used: '55! 48', Unused: '1! 2' },
      messages: { X: ['Example', 'app', '@Used! @Unused 7(9! 11(13!))'] },
    };
    const level = dictionaryOf({
      ...table,
      fields: { ...table.fields, 60: ['TransactTime', 'UTCTIMESTAMP'] },
    }).message('X')?.level;
    expect(level?.required).toEqual([8, 35, 55, 10]);
    expect(level?.groups.get(7)?.required).toEqual([9]);
    expect(level?.groups.get(7)?.groups.get(11)?.required).toEqual([13]);
  });

  test('is read once for each version', () => {
    expect(loadDictionary('FIX.4.2')).toBe(fix42);
    expect(loadDictionary('FIXT.1.1')).toBe(loadDictionary('FIXT.1.1', '9'));
    expect(fix42.fingerprint).not.toBe(fix44.fingerprint);
  });

  test.each([
    ['2', 'FIX.4.0'],
    ['3', 'FIX.4.1'],
    ['4', 'FIX.4.2'],
    ['5', 'FIX.4.3'],
    ['6', 'FIX.4.4'],
    ['7', 'FIX.5.0'],
    ['8', 'FIX.5.0SP1'],
    ['9', 'FIX.5.0SP2'],
    ['toString', 'FIX.5.0SP2'],
    [undefined, 'FIX.5.0SP2'],
  ])('over FIXT, with ApplVerID(1128) %s, has the application messages of %s', (applVerId, application) => {
    const dictionary = loadDictionary('FIXT.1.1', applVerId);
    expect([dictionary.version, dictionary.application]).toEqual(['FIXT.1.1', application]);
    expect(dictionary.envelope.members).toContain(1128);
    expect(dictionary.message('A')?.level.required).toContain(1137);
    expect(dictionary.message('D')?.level.required).toEqual(expect.arrayContaining([8, 49, 54, 10]));
    expect(dictionary.message('CC')?.name).toBe(
      application === 'FIX.5.0SP2' ? 'StreamAssignmentRequest' : undefined,
    );
    // FIXT lists what a MessageEncoding(347) may be; later application tables leave it open.
    expect(dictionary.field(347)?.values?.has('EUC-JP')).toBe(true);
  });

  test('takes CHAR as free text until FIX 4.1', () => {
    expect(loadDictionary('FIX.4.0').field(1)).toMatchObject({ name: 'Account', type: 'CHAR', kind: 'text' });
    expect(loadDictionary('FIX.4.1').field(11)?.kind).toBe('text');
    expect(fix42.field(385)?.type).toBe('CHAR');
    expect(fix42.field(54)?.kind).toBe('char');
  });

  test('of a BeginString(8) of no version is that of FIX 4.4', () => {
    expect(loadDictionary('FIX.9.9')).toBe(fix44);
    expect(loadDictionary('toString')).toBe(fix44);
  });
});

describe('our own tables', () => {
  test('name tags as the standard does', () => {
    const wrong = Object.entries(tags).filter(
      ([name, tag]) => !every.some((dictionary) => dictionary.field(tag)?.name === name),
    );
    expect(wrong).toEqual([]);
  });

  test('name volatile and secret fields as the standard does', () => {
    for (const [tag, name] of volatile) expect(fix44.field(Number(tag))?.name).toBe(name);
    for (const { tag, name } of secrets) expect([name, undefined]).toContain(fix44.field(tag)?.name);
  });

  test('pair every data field of all versions with its length', () => {
    const paired = new Map(Object.entries(dataFields).map(([length, data]) => [data, Number(length)]));
    for (const dictionary of every) {
      for (const tag of dictionary.tags.filter((known) => dictionary.field(known)?.kind === 'data')) {
        expect(dictionary.field(paired.get(tag) ?? 0)?.type, `length of ${tag}`).toMatch(/LENGTH|INT/);
      }
    }
  });

  test('need only fields that exist', () => {
    for (const list of Object.values(needed)) {
      for (const tag of Object.keys(list)) expect(fix44.field(Number(tag))).toBeDefined();
    }
  });

  test('are parsed before anybody notices', () => {
    const folder = new URL('./tables/', import.meta.url);
    const bytes = readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => readFileSync(new URL(file, folder)).length);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(320_000);
  });
});
