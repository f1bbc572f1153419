import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { utf8Bytes } from '../../src/core/bytes.ts';
import { schemaText } from '../../test/mx/schema-text.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { tableOf } from './schema-table.ts';
import { openXsdFolder } from './xsd-folder.ts';

const sample = readFileSync(new URL('samples/matched.xml', import.meta.url), 'utf8');

async function folderOf(...messages: readonly string[]): Promise<string> {
  const folder = tempDirectory('xsd');
  for (const message of messages) {
    const table = tableOf(message);
    if (table !== undefined) writeFileSync(join(folder, `${message}.xsd`), schemaText(table));
  }
  return folder;
}

test('documents are judged by the schemas of a folder, header and message each by its own', async () => {
  const schemas = await openXsdFolder(await folderOf('sese.024.001.13', 'head.001.001.02'));
  expect(schemas.namespaces).toEqual(
    ['head.001.001.02', 'sese.024.001.13'].map((message) => `urn:iso:std:iso:20022:tech:xsd:${message}`),
  );
  expect(schemas.judge(utf8Bytes(sample))).toEqual([]);
  const bad = sample
    .replace('<CdtDbtInd>CRDT', '<CdtDbtInd>BOTH')
    .replace(/<(\w+:)?BizMsgIdr>[^<]*/, '<$1BizMsgIdr>');
  const issues = schemas.judge(utf8Bytes(bad));
  const line = bad.split('\n').findIndex((text) => text.includes('BOTH')) + 1;
  expect(issues.map(({ code, at }) => [code, at?.field])).toContainEqual(['MX_XSD', 'Document']);
  expect(issues.some(({ message, at }) => message.includes("'BOTH'") && at?.line === line)).toBe(true);
  expect(issues.some(({ message, at }) => message.includes('BizMsgIdr') && at?.field === 'AppHdr')).toBe(
    true,
  );
});

test('a document of another namespace is left alone', async () => {
  const schemas = await openXsdFolder(await folderOf('semt.020.001.07'));
  expect(schemas.judge(utf8Bytes(sample.replace('CRDT', 'BOTH')))).toEqual([]);
});

test('header and document as siblings are judged', async () => {
  const schemas = await openXsdFolder(await folderOf('sese.024.001.13'));
  const bare = readFileSync(new URL('samples/failing-bare.xml', import.meta.url), 'utf8');
  const front = '<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"/>';
  const siblings = bare.replace(/^(<\?xml[^>]*>\s*)?/, `$1${front}`);
  expect(schemas.judge(utf8Bytes(siblings))).toEqual([]);
  expect(schemas.judge(utf8Bytes(siblings.replace('CRDT', 'BOTH')))).toHaveLength(1);
});

test('a folder that is none, that is empty, or that holds something else is said to be unusable', async () => {
  const empty = tempDirectory('xsd');
  await expect(openXsdFolder(join(empty, 'none'))).rejects.toMatchObject({
    code: 'MX_XSD_FOLDER',
    exitCode: 2,
  });
  await expect(openXsdFolder(empty)).rejects.toMatchObject({ code: 'MX_XSD_FOLDER' });
  writeFileSync(join(empty, 'a.xsd'), '<a/>');
  await expect(openXsdFolder(empty)).rejects.toMatchObject({
    code: 'MX_XSD_FOLDER',
    place: join(empty, 'a.xsd'),
  });
  writeFileSync(
    join(empty, 'a.xsd'),
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"><xs:nothing/></xs:schema>',
  );
  await expect(openXsdFolder(empty)).rejects.toMatchObject({ code: 'MX_XSD_FOLDER' });
});
