import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { IssueRow, IssueTable } from '../src/core/issue.ts';
import { productSources } from './support/sources.ts';
import { root } from './support/vitest-run.ts';

/** Every code of every room, in its room's `issues.ts`, in `docs/issues.md`, and used. */
const sources = productSources();
const tables = await Promise.all(
  sources.filter(({ path }) => path.endsWith('/issues.ts')).map(({ path }) => tableOf(path)),
);
const rows = tables.flatMap(({ room, table }) =>
  Object.entries(table).map(([code, row]) => ({ room, code, row })),
);
const page = join(root, 'docs/issues.md');
if (process.env['GOLDEN'] === 'write') writeFileSync(page, pageOf());

describe('docs/issues.md', () => {
  const shown = readFileSync(page, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const wanted = rows.map(({ code, row }) => lineOf(code, row));

  test('has every code of the tables, as they have it', () => {
    expect(wanted.filter((line) => !shown.includes(line))).toEqual([]);
  });

  test('has no code that no table has', () => {
    expect(shown.filter((line) => !wanted.includes(line))).toEqual([]);
  });
});

describe('codes', () => {
  test('are there at all', () => {
    expect(tables.length).toBeGreaterThanOrEqual(4);
    expect(rows.length).toBeGreaterThan(50);
  });

  test('stand in one table only', () => {
    const codes = rows.map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  test('have a meaning and a remedy that are sentences', () => {
    const bare = rows.filter(({ row }) => !/^[A-Z"`].{15,}[.]$/.test(row.meaning) || row.remedy.length < 10);
    expect(bare.map(({ code }) => code)).toEqual([]);
  });

  test('that the sources give stand in the tables', () => {
    const known = new Set(rows.map(({ code }) => code));
    const given = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/(?:new GatewayError\(\s*|\bcode: )'([A-Z][A-Z0-9]+_[A-Z0-9_]+)'/g)].map((match) => ({
        path,
        code: match[1] ?? '',
      })),
    );
    expect(given.length).toBeGreaterThan(10);
    expect(given.filter(({ code }) => !known.has(code))).toEqual([]);
  });

  test('of the tables are given by the sources', () => {
    const texts = sources.filter(({ path }) => !path.endsWith('/issues.ts')).map(({ text }) => text);
    const words = new Set(texts.join('\n').match(/\b[A-Z][A-Z0-9_]{3,}\b/g));
    expect(rows.filter(({ code }) => !words.has(code)).map(({ code }) => code)).toEqual([]);
  });

  test('can be read from the doorplate of their room', async () => {
    const hidden = [];
    for (const { room, table } of tables) {
      const index = `${room}/index.ts`;
      if (!sources.some(({ path }) => path === index)) continue;
      const doorplate: Record<string, unknown> = await import(join(root, index));
      if (!Object.values(doorplate).includes(table)) hidden.push(index);
    }
    expect(hidden).toEqual([]);
  });
});

async function tableOf(path: string): Promise<{ readonly room: string; readonly table: IssueTable }> {
  const exported: Record<string, unknown> = await import(join(root, path));
  const found = Object.entries(exported).filter(([name]) => name.endsWith('Issues'));
  expect(found, `${path} exports one table, named …Issues`).toHaveLength(1);
  return { room: path.slice(0, path.lastIndexOf('/')), table: found[0]?.[1] as IssueTable };
}

function lineOf(code: string, row: IssueRow): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return `| \`${code}\` | ${row.severity} | ${cell(row.meaning)} | ${cell(row.remedy)} |`;
}

function pageOf(): string {
  const parts = [...tables]
    .sort((left, right) => (left.room < right.room ? -1 : 1))
    .map(({ room, table }) => {
      const lines = Object.entries(table).map(([code, row]) => lineOf(code, row));
      return `## ${room}\n\n| code | severity | meaning | what to do |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;
    });
  return `# Codes

Every issue and error that Clearport can give, by the room that gives it. The page is written from the tables in the sources
(\`npm run golden\`), and a test compares the two both ways.

${parts.join('\n')}`;
}
