import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampleContext } from '../../../test/sample-context.ts';
import { fixCodec, writeFix } from '../index.ts';
import { switchNames } from './dialect-schema.ts';
import { dialectJsonSchema } from './editor-schema.ts';
import { dictionaryNames, differencesOf, differenceText, openDictionary, standardWhole } from './index.ts';

const page = readFileSync(new URL('../../../docs/fix-dictionaries.md', import.meta.url), 'utf8');
const block = (language: string, begins: string): string =>
  [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].find(
    ([, name, text]) => name === language && text?.startsWith(begins) === true,
  )?.[2] ?? '';

const schemaFile = new URL('../../../docs/schema/fix-dialect.schema.json', import.meta.url);

test('docs/schema/fix-dialect.schema.json is what the code makes', () => {
  const made = dialectJsonSchema();
  if (process.env['GOLDEN'] === 'write') writeFileSync(schemaFile, JSON.stringify(made, null, 2));
  expect(JSON.parse(readFileSync(schemaFile, 'utf8'))).toEqual(JSON.parse(JSON.stringify(made)));
});

describe('docs/fix-dictionaries.md', () => {
  const dialect = block('yaml', 'dialect:');

  test('has a dialect that is one', () => {
    expect(openDictionary(dialect)).toMatchObject({ dictionary: { name: 'example-venue' }, issues: [] });
  });

  test('gives parties to the events of FIX 4.2', () => {
    const head = 'dialect: parties\nversion: "1"\ntitle: Parties\nextends: FIX.4.2\nsource: a test\n';
    const { dictionary, issues } = openDictionary(head + block('yaml', 'fields: { 453'));
    expect(issues).toEqual([]);
    const codec = fixCodec({ ...(dictionary && { dictionary: dictionary.lookup }) });
    const fill = [
      [35, '8'],
      [49, 'C'],
      [56, 'U'],
      [34, '5'],
      [52, '20261110-14:30:00'],
      [37, 'O'],
      [11, 'C'],
      [453, '1'],
      [448, 'BBB'],
      [447, 'D'],
      [452, '4'],
      [17, 'E'],
      [20, '0'],
      [150, '2'],
      [39, '2'],
      [55, 'ACME'],
      [54, '1'],
      [32, '5'],
      [31, '1'],
      [151, '0'],
      [14, '5'],
      [6, '1'],
      [75, '20261110'],
    ] as const;
    const { message, issues: found } = codec.decode({ bytes: writeFix('FIX.4.2', fill) });
    expect(found).toEqual([]);
    const [event] = message === undefined ? [] : codec.normalize(message, sampleContext);
    expect(event?.parties).toEqual([{ id: 'BBB', scheme: 'proprietary', role: 'clearing-firm' }]);
  });

  test('says how it departs from its version as the command does', () => {
    const { dictionary } = openDictionary(dialect);
    const ours = standardWhole('FIX.4.2');
    const told =
      ours && dictionary
        ? differencesOf(ours, dictionary.table).map((one) => differenceText(one, ours, dictionary.table))
        : [];
    const shown = block('text', '$ clearport dictionary diff')
      .split('\n')
      .filter((line) => line.startsWith('  ') && !line.includes('…'))
      .map((line) => line.trim());
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.filter((line) => !told.includes(line))).toEqual([]);
    const asked = shown.slice(0, shown.indexOf('ExecType(150) takes F as well: Trade'));
    expect(asked).toHaveLength(
      ours && dictionary
        ? differencesOf(ours, dictionary.table).filter(({ weight }) => weight === 'asks').length
        : -1,
    );
  });

  test('names every version and every switch', () => {
    for (const name of [...dictionaryNames, ...switchNames]) expect(page).toContain(`\`${name}\``);
  });

  test('shows a line of the facts as it is', () => {
    const shown = block('json', '"54"')
      .trim()
      .replace(/, …\}$/, '');
    const facts = readFileSync(new URL('../tables/standard.json', import.meta.url), 'utf8');
    expect(facts).toContain(shown.replaceAll('": ', '": '));
    expect(page).toContain(`${Math.round(facts.length / 1000)} KB`);
  });
});
