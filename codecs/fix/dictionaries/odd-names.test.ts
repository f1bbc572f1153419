import { describe, expect, test } from 'vitest';
import { standardTable } from '../load-dictionary.ts';
import { loadDialect } from './dialect.ts';
import { differencesOf } from './difference.ts';
import { differenceText } from './difference-words.ts';
import { openDictionary } from './open-dictionary.ts';

/** Names that every object of the language answers to, and that a venue may give to what it likes. */
const names = ['constructor', 'toString'];

const dialect = (changes: string): string =>
  `dialect: mine\nversion: "1"\ntitle: Mine\nextends: FIX.4.4\nsource: a test\n${changes}`;

describe.each(names)('a dialect may use the name %s', (name) => {
  test('for a message', () => {
    const { table, issues } = loadDialect(dialect(`messages: { ${name}: { name: Own, members: [Text] } }`));
    expect(issues).toEqual([]);
    expect(Object.keys(table?.messages ?? {})).toContain(name);
  });

  test('for a component', () => {
    const { table, issues } = loadDialect(
      dialect(
        `components: { ${name}: { members: [Text] } }\nmessages: { U1: { name: Own, members: ["@${name}"] } }`,
      ),
    );
    expect(issues).toEqual([]);
    expect(Object.keys(table?.components ?? {})).toContain(name);
  });

  test('for a component that is not there', () => {
    const { issues } = loadDialect(dialect(`messages: { U1: { name: Own, members: ["@${name}"] } }`));
    expect(issues.map(({ code }) => code)).toEqual(['DICTIONARY_REFERENCE']);
  });

  test('for a value', () => {
    const { dictionary, issues } = openDictionary(dialect(`fields: { 54: { values: { ${name}: Odd } } }`));
    expect(issues).toEqual([]);
    expect(dictionary?.lookup('FIX.4.4').field(54)?.values?.get(name)).toBe('Odd');
  });

  test('and a difference says so', () => {
    const { table } = loadDialect(
      dialect(
        `fields: { 54: { values: { ${name}: Odd } } }\nmessages: { ${name}: { name: Own, members: [Text] } }`,
      ),
    );
    if (table === undefined) throw new Error('no table');
    const usual = standardTable('FIX.4.4');
    const said = (ours: typeof usual, theirs: typeof usual): string[] =>
      differencesOf(ours, theirs).map((one) => differenceText(one, ours, theirs));
    expect(said(usual, table)).toEqual([
      `Side(54) takes ${name} as well: Odd`,
      `Own(${name}) is a new message`,
    ]);
    expect(said(table, usual)).toEqual([
      `Side(54) does not take ${name} any more: Odd`,
      `Own(${name}) is no message any more`,
    ]);
  });
});

test('__proto__ is refused, and not passed over', () => {
  const { issues } = loadDialect(dialect('messages: { __proto__: { name: Own, members: [Text] } }'));
  expect(issues.map(({ code, at }) => [code, at?.line])).toEqual([['DIALECT_SYNTAX', 6]]);
});

test('a QuickFIX dictionary may call a message __proto__', () => {
  const { dictionary, issues } = openDictionary(`<fix type='FIX' major='4' minor='4'>
 <header><field name='BeginString' required='Y'/></header><trailer/>
 <messages><message name='Own' msgcat='app' msgtype='__proto__'><field name='BeginString'/></message></messages>
 <components/><fields><field number='8' name='BeginString' type='STRING'/></fields></fix>`);
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(dictionary?.lookup('FIX.4.4').message('__proto__')?.name).toBe('Own');
  const empty = { version: 'FIX.4.4', header: '', trailer: '', components: {}, messages: {}, fields: {} };
  expect(differencesOf(empty, dictionary?.table ?? empty).map(({ kind }) => kind)).toContain('message-added');
});
