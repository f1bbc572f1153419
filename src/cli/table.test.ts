import { describe, expect, test } from 'vitest';
import { foldedLines, tableLines, tableWriter, textWidth } from './table.ts';

const columns = [
  { head: 'name' },
  { head: 'count', align: 'right' as const },
  { head: 'why', shrinks: true },
];

describe('a table', () => {
  test('lines its columns up under their heads', () => {
    const rows = [
      ['fix', '7', 'ok'],
      ['directory', '12', 'late'],
    ];
    expect(tableLines(columns, rows)).toEqual([
      'name       count  why',
      'fix            7  ok',
      'directory     12  late',
    ]);
  });

  test('folds its last column under the rows where the terminal is too narrow, and never cuts it', () => {
    const rows = [
      ['fix', '7', 'the counterparty does not answer'],
      ['directory', '12', ''],
    ];
    expect(foldedLines(columns, rows, 80)).toEqual(tableLines(columns, rows));
    expect(foldedLines(columns, rows, 24)).toEqual([
      'name       count',
      'fix            7',
      '    the counterparty',
      '    does not answer',
      'directory     12',
    ]);
  });

  test('measures what a terminal shows, not what a string holds', () => {
    const lines = tableLines(
      [{ head: 'a' }, { head: 'b' }],
      [
        ['\u001b[32mok\u001b[39m', 'x'],
        ['日本', 'y'],
        ['e\u0301', 'z'],
      ],
    );
    expect(lines.slice(1)).toEqual(['\u001b[32mok\u001b[39m    x', '日本  y', 'e\u0301     z']);
    expect(textWidth('\u001b[1mé日\u001b[22m')).toBe(3);
  });

  test('cuts only what may shrink, and only where the terminal is too narrow', () => {
    const [, row = ''] = tableLines(columns, [['fix', '1', 'x'.repeat(200)]], 40);
    expect(textWidth(row)).toBe(40);
    expect(row.endsWith('…')).toBe(true);
    expect(tableLines(columns, [['n'.repeat(50), '1', 'why']], 40)[1]).toContain('n'.repeat(50));
  });

  test('streams in pages under one head', async () => {
    const lines: string[] = [];
    const writer = tableWriter(columns, async (line) => void lines.push(line), undefined, 2);
    for (const name of ['a', 'b', 'much-longer', 'd', 'e']) await writer.row([name, '1', 'why']);
    await writer.flush();
    expect(lines.filter((line) => line.startsWith('name'))).toHaveLength(1);
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe('e                1  why');
  });
});
