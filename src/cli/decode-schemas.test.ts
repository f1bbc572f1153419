import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tableOf } from '../../codecs/iso20022/schema-table.ts';
import { schemaText } from '../../test/mx/schema-text.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { runCli } from './testing/in-process.ts';

const sample = readFileSync(
  new URL('../../codecs/iso20022/samples/failing-bare.xml', import.meta.url),
  'utf8',
);

test('decode --schemas says what the schemas of a folder say, beside the element', async () => {
  const folder = tempDirectory('schemas');
  const table = tableOf('sese.024.001.13');
  if (table !== undefined) writeFileSync(join(folder, 'sese.024.001.13.xsd'), schemaText(table));
  const good = await runCli(['decode', '--schemas', folder, '-'], { input: sample });
  expect([good.code, good.stdout.includes('MX_XSD')]).toEqual([0, false]);
  const bad = await runCli(['decode', '--schemas', folder, '-'], { input: sample.replace('CRDT', 'BOTH') });
  expect(bad.stdout).toMatch(/\^ warning MX_XSD: .*'BOTH'/);
});

test('a folder without schemas is wrong usage', async () => {
  const { code, stderr } = await runCli(['decode', '--schemas', tempDirectory('schemas'), '-'], {
    input: sample,
  });
  expect([code, stderr.includes('MX_XSD_FOLDER')]).toEqual([2, true]);
});
