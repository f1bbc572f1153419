import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  checkLayout,
  checkSamples,
  layoutJsonSchema,
  layoutNames,
  loadLayout,
  recordsCodec,
  recordsIssues,
} from './index.ts';

const page = readFileSync(new URL('../../docs/records.md', import.meta.url), 'utf8');

describe('docs/records.md', () => {
  test('has examples that are right as they stand', () => {
    const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => {
      const { layout, issues } = loadLayout(text, 'docs/records.md');
      expect(issues).toEqual([]);
      expect(layout && checkLayout(layout)).toEqual([]);
      expect(layout && checkSamples(layout, recordsCodec(layout))).toEqual([]);
      return layout?.data.samples.map(({ wrong }) => wrong);
    });
    expect(examples).toEqual([[undefined, 'RECORDS_TOTAL'], [undefined]]);
  });

  test('names every key of the language, and every layout that ships', () => {
    const keys = [...new Set(keysOf(layoutJsonSchema()))];
    expect(keys.length).toBeGreaterThan(40);
    expect(
      [...keys, ...layoutNames].filter((key) => !page.includes(`\`${key}\``) && !page.includes(`\`${key}:`)),
    ).toEqual([]);
  });

  test('names only codes that there are', () => {
    const named = [...page.matchAll(/`((?:RECORDS|LAYOUT)_[A-Z_]+)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((code) => !Object.hasOwn(recordsIssues, code))).toEqual([]);
  });
});

/** The names of all properties of a schema, at every depth. */
function keysOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(keysOf);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'properties'
      ? [...Object.keys(value as object), ...Object.values(value as object).flatMap(keysOf)]
      : keysOf(value),
  );
}
