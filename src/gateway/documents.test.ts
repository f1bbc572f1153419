import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { keysAt } from '../core/json-schema.ts';
import { checkText, configurationSchema } from './index.ts';

const pathOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string): Promise<string> => readFile(pathOf(path), 'utf8');

/** Blocks of a language in a Markdown text. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1] ?? '',
  );
}

const environment = { DROPCOPY_PASSWORD: 'a password', DROPCOPY_KEY_PASSPHRASE: 'a passphrase' };

describe('docs/schema/clearport.schema.json', () => {
  test('is what the code makes', async () => {
    const path = 'docs/schema/clearport.schema.json';
    const made = configurationSchema();
    if (process.env['GOLDEN'] === 'write') await writeFile(pathOf(path), JSON.stringify(made, null, 2));
    expect(JSON.parse(await read(path))).toEqual(made);
  });

  test('asks for a reference where a secret stands, and allows one everywhere else', () => {
    const text = JSON.stringify(configurationSchema());
    const schema = configurationSchema() as { properties: Record<string, unknown> };
    expect(text).toContain('"password":{"type":"string","pattern":"^\\\\$\\\\{(env|file)');
    expect(schema.properties['checkpoint']).toMatchObject({
      properties: { key: { pattern: expect.any(String) } },
    });
    expect(JSON.stringify(schema.properties['log'])).toContain('env|file');
  });
});

describe('docs/configuration.md', () => {
  test('has an example that is right as it stands', async () => {
    const [example = ''] = blocks(await read('docs/configuration.md'), 'yaml');
    // Certificates and keys are files of the reader's own.
    const text = example.replace(/\$\{file:[^}]*\}/g, (reference) =>
      reference.includes('key') ? `\${env:KEY}` : `\${env:CERTIFICATE}`,
    );
    const pem = (what: string): string => `-----BEGIN ${what}-----\nMAMA\n-----END ${what}-----`;
    const values = { ...environment, KEY: pem('PRIVATE KEY'), CERTIFICATE: pem('CERTIFICATE') };
    const { findings, configuration } = await checkText(text, '/etc/clearport/clearport.yaml', values);
    expect(findings).toEqual([]);
    expect([...(configuration?.channels.keys() ?? [])]).toEqual(['clearing-dropcopy', 'order-system-logs']);
  });

  test('names every key of the configuration', async () => {
    const text = await read('docs/configuration.md');
    const schema = configurationSchema() as never;
    const files = ['channels', 'any', 'files'];
    const paths = [
      [],
      ['firm'],
      ['log'],
      ['checkpoint'],
      ['channels', 'any'],
      files,
      [...files, 'expect', 0],
    ];
    const keys = paths.flatMap((path) => keysAt(schema, path));
    expect(keys.length).toBeGreaterThan(25);
    expect([...new Set(keys)].filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
  });

  test('names every option of the directory adapter', async () => {
    const text = await read('docs/configuration.md');
    for (const option of ['path', 'archive', 'pattern']) expect(text).toContain(`\`${option}\``);
  });
});
