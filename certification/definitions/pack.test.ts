import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { lanesOf } from './lanes.ts';
import { loadPack, onlyNamed, profileOfPack } from './pack.ts';

function packOf(files: Readonly<Record<string, string>>): string {
  const folder = tempDirectory('pack');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text.replaceAll('|', '\u0001'), 'latin1');
  }
  return folder;
}

describe('a pack', () => {
  test('is a folder with all that is in it, in the order of names', () => {
    const folder = packOf({
      'b/2.def': 'iCONNECT',
      'a/1.def': 'iCONNECT',
      'readme.txt': 'x',
      '0.def': 'iCONNECT',
    });
    const { definitions, issues, sha256 } = loadPack(folder, 'quickfix');
    expect(definitions.map(({ name }) => name)).toEqual(['0', 'a/1', 'b/2']);
    expect(issues).toEqual([]);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is told apart from another one by the sum of its definitions', () => {
    const sums = ['iCONNECT', 'iCONNECT', 'i1,CONNECT'].map(
      (text) => loadPack(packOf({ 'a.def': text }), 'quickfix').sha256,
    );
    expect(sums[0]).toBe(sums[1]);
    expect(sums[0]).not.toBe(sums[2]);
  });

  test('is one file', () => {
    const folder = packOf({ 'a/1.def': 'iCONNECT', 'a/2.def': 'iCONNECT' });
    expect(loadPack(join(folder, 'a/1.def'), 'quickfix').definitions.map(({ name }) => name)).toEqual(['1']);
  });

  test('without a definition is none', () => {
    expect(() => loadPack(packOf({ 'readme.txt': 'x' }), 'quickfix')).toThrow(
      expect.objectContaining({ code: 'CERT_PACK', exitCode: 2 }),
    );
  });

  test('says what is wrong in which file', () => {
    const { issues } = loadPack(
      packOf({ 'a.def': 'iCONNECT\nwhat', 'b.def': 'iCONNECT\n\nwhat' }),
      'quickfix',
    );
    expect(issues.map(({ file, at }) => `${file.slice(-5)}:${at?.line}`)).toEqual(['a.def:2', 'b.def:3']);
  });

  test('takes its patterns from above a definition; for QuickFIX/J only from beside it', () => {
    const files = {
      'fields.fmt': '58=x',
      'server/fix44/a.def': 'iCONNECT',
      'server/fix42/fields.fmt': '58=y',
      'server/fix42/b.def': 'iCONNECT',
    };
    const sources = (profile: 'quickfix' | 'quickfixj') =>
      loadPack(packOf(files), profile).definitions.map(({ patterns }) => patterns?.get(58)?.source);
    expect(sources('quickfix')).toEqual(['y', 'x']);
    expect(sources('quickfixj')).toEqual(['y', undefined]);
  });

  test('says which row of its patterns is none', () => {
    const { issues } = loadPack(
      packOf({ 'fields.fmt': '58=x\n59=(\n', 'a.def': 'iCONNECT', 'b.def': 'iCONNECT' }),
      'quickfix',
    );
    expect(issues.map(({ code, at }) => `${code}:${at?.line}`)).toEqual(['DEFINITION_PATTERN:2']);
  });

  test('gives the text of files beside a definition or above it, and of no other file', () => {
    const files = {
      'shared/SOH': ' text \n',
      'server/a.def': 'iCONNECT\nI<FILE:shared/SOH>\nI<FILE:b.def>',
      'server/b.def': 'iCONNECT\nI<FILE:../shared/SOH>\nI<FILE:/etc/hostname>\nI<FILE:gone>',
    };
    const { definitions } = loadPack(packOf(files), 'quickfix');
    expect([...(definitions[0]?.files ?? [])].map(([path, text]) => [path, text.length > 0])).toEqual([
      ['shared/SOH', true],
      ['b.def', true],
    ]);
    expect(definitions[0]?.files.get('shared/SOH')).toBe('text');
    expect(definitions[1]?.issues.map(({ code, at }) => `${code}:${at?.line}`)).toEqual([
      'DEFINITION_FILE:2',
      'DEFINITION_FILE:3',
      'DEFINITION_FILE:4',
    ]);
  });
});

test.each([
  [[], ['a/one', 'a/two', 'b/one']],
  [['one'], ['a/one', 'b/one']],
  [['A/ONE'], ['a/one']],
  [['a/*e'], ['a/one']],
  [
    ['t*o', 'b/'],
    ['a/two', 'b/one'],
  ],
  [['a.one'], []],
])('--only %j', (wanted, names) => {
  const files = Object.fromEntries(['a/one', 'a/two', 'b/one'].map((name) => [`${name}.def`, 'iCONNECT']));
  const { definitions } = loadPack(packOf(files), 'quickfix');
  expect(onlyNamed(definitions, wanted).map(({ name }) => name)).toEqual(names);
});

test.each([
  ['profile: quickfixj', 'quickfixj'],
  ['profile: "quickfixj"   # order-free\r', 'quickfixj'],
  ['title: x', undefined],
])('the profile of a pack that says %j', (line, profile) => {
  const folder = tempDirectory('profile');
  writeFileSync(join(folder, 'pack.yaml'), `${line}\n`);
  expect(profileOfPack(folder)).toBe(profile);
});

test('a profile that there is not is no other one in silence', () => {
  const folder = tempDirectory('profile');
  writeFileSync(join(folder, 'pack.yaml'), 'profile: quickfix/j\n');
  expect(() => profileOfPack(folder)).toThrow('there is no profile "quickfix/j"');
});

describe('lanes', () => {
  const talk = (version: string, target = 'TW'): string =>
    `iCONNECT\nI8=${version}|35=A|34=1|49=${target}|56=ISLD|\nE8=${version}|35=A|34=1|49=ISLD|56=${target}|\n`;
  const lanes = (files: Readonly<Record<string, string>>): readonly string[] => {
    const named = Object.fromEntries(Object.entries(files).map(([name, text]) => [`${name}.def`, text]));
    return lanesOf(loadPack(packOf(named), 'quickfix').definitions).map((lane) =>
      lane.map(({ name }) => name).join(' '),
    );
  };

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['one session is one lane', { a: talk('FIX.4.2'), b: talk('FIX.4.2') }, ['a b']],
    ['two versions are two', { a: talk('FIX.4.2'), b: talk('FIX.4.4'), c: talk('FIX.4.2') }, ['a c', 'b']],
    ['two counterparties are two', { a: talk('FIX.4.2'), b: talk('FIX.4.2', 'TW2') }, ['a', 'b']],
    [
      'a definition that touches two sessions joins their lanes',
      { a: talk('FIX.4.2'), b: talk('FIX.4.4'), c: talk('FIX.4.2') + talk('FIX.4.4') },
      ['a b c'],
    ],
    [
      'a Logon(A) that nobody ever answers binds nothing together',
      {
        a: talk('FIX.4.2'),
        a2: 'iCONNECT\nI8=FIX.3.9|35=A|49=TW|56=ISLD|\neDISCONNECT',
        b: talk('FIX.4.4'),
        b2: 'iCONNECT\nI8=FIX.3.9|35=A|49=TW|56=ISLD|\neDISCONNECT',
      },
      ['a a2', 'b b2'],
    ],
    [
      'a Logon(A) that is refused here and answered elsewhere does',
      {
        a: talk('FIX.4.2'),
        b: talk('FIX.4.4'),
        c: 'iCONNECT\nI8=FIX.4.2|35=A|34=1|49=TW|56=ISLD|\neDISCONNECT',
      },
      ['a c', 'b'],
    ],
  ])('%s', (_, files, found) => {
    expect(lanes(files)).toEqual(found);
  });
});
