import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import secrets from '../../codecs/fix/tables/secrets.json' with { type: 'json' };
import { parseDefinition } from './grammar.ts';
import { shippedPack, shippedPacks } from './shipped.ts';
import comparison from './tables/comparison.json' with { type: 'json' };

const page = readFileSync(new URL('../../docs/certification.md', import.meta.url), 'utf8');

describe('docs/certification.md', () => {
  test('shows a definition that can be read', () => {
    const [, text = ''] = /```def\n([\s\S]*?)```/.exec(page) ?? [];
    const lines = text.replaceAll('|', '\u0001');
    const { steps, issues } = parseDefinition(lines, { name: 'page', file: 'page', profile: 'quickfix' });
    expect([steps.length, issues]).toEqual([7, []]);
  });

  test('has the packs that come with the product, and what is in their folders', () => {
    for (const name of shippedPacks()) expect(page).toContain(`| \`${name}\` |`);
    const pack = shippedPack('quickfixj-style') ?? '';
    const folders = readdirSync(pack, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const counts = folders.map(({ name }) => {
      const count = readdirSync(join(pack, name)).filter((file) => file.endsWith('.def')).length;
      return `| \`${name}\` | ${count} |`;
    });
    expect(counts.filter((row) => !page.includes(row))).toEqual([]);
  });

  test('names every field that is masked, and every one that is not compared', () => {
    const named = [
      ...secrets.map(({ tag }) => tag),
      ...comparison.quickfixj.skipped,
      ...comparison.quickfixj.prefix,
    ];
    expect(named.filter((tag) => !page.includes(`(${tag})`))).toEqual([]);
  });

  test('names tests that are there', () => {
    const tests = [...page.matchAll(/`(certification\/\S+\.test\.ts)`/g)].map((match) => match[1] ?? '');
    expect(tests.length).toBeGreaterThan(3);
    for (const file of tests) readFileSync(new URL(`../../${file}`, import.meta.url));
  });
});
