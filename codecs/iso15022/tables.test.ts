import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ruleRows } from './rules.ts';
import { type SequenceFact, structureFor } from './structure.ts';
import { structureRows } from './structure-tables.ts';
import formats from './tables/formats.json' with { type: 'json' };

const page = readFileSync(new URL('../../docs/iso.md', import.meta.url), 'utf8');

describe('structures', () => {
  test.each(
    structureRows.map((row) => ({ ...row, count: row.sequences.length })),
  )('MT$type has its $count sequences under their parents', ({ type, sequences }) => {
    const ids: string[] = [];
    const walk = (facts: readonly SequenceFact[]): void => {
      for (const { id, inner } of facts) {
        ids.push(id);
        walk(inner);
      }
    };
    walk(structureFor(type)?.top ?? []);
    expect(ids).toEqual(sequences.map(({ id }) => id));
  });

  test('name fields by occurrence, number, options and qualifiers', () => {
    const rows = structureRows.flatMap(({ fields, sequences }) => [
      ...fields,
      ...sequences.flatMap((sequence) => sequence.fields),
    ]);
    expect(rows.filter((row) => !/^[1?*+] \d\d[A-Z]*-?( [A-Z0-9]{4})*$/.test(row))).toEqual([]);
  });

  test('are those that the page lists, with their rules', () => {
    const listed = [...page.matchAll(/^\| MT(\d+) \| ([^|]+) \| (\d+) \| ([^|]+) \| (\d+|—) \|$/gm)];
    expect(listed.map(([, ...cells]) => cells)).toEqual(
      structureRows.map(({ type, name, sequences, functions }) => {
        const rules = ruleRows.filter(({ types }) => types.includes(type)).length;
        const said = functions.length === 0 ? 'any' : functions.join(' ');
        const { length } = sequences;
        return [type, name, String(length), length === 0 ? '—' : said, rules === 0 ? '—' : String(rules)];
      }),
    );
    expect(page).toContain(`**Formats** of ${Object.keys(formats).length} fields`);
  });
});
