import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fixSessionIssues } from './issues.ts';
import { fixSessionOptions, fixSessionSecrets } from './options.ts';

/** What an option's row is made of. */
interface Described {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Described>>;
}

const path = new URL('../../docs/fix-session.md', import.meta.url);
const schema = z.toJSONSchema(fixSessionOptions, { io: 'input' }) as Described;

describe('docs/fix-session.md', () => {
  const rows = rowsOf(schema, '');

  test('has every option with its default and its words, and no other', () => {
    if (process.env['GOLDEN'] === 'write') writeFileSync(path, withTable(page(), rows));
    const table = [...page().matchAll(/^\| `[A-Za-z.]+` \| .*\|$/gm)].map(([row]) => row);
    expect(table).toEqual(rows);
  });

  test('every option says what it does, and every secret is one', () => {
    const names = rows.map((row) => /`([^`]+)`/.exec(row)?.[1] ?? '');
    expect(rows.filter((row) => row.endsWith('|  |'))).toEqual([]);
    expect(fixSessionSecrets.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('names no code that does not exist', () => {
    const codes = [...page().matchAll(/`(FIX_[A-Z_]+)`/g)].map((match) => match[1] ?? '');
    expect(codes.filter((code) => !Object.hasOwn(fixSessionIssues, code))).toEqual([]);
    expect(codes.length).toBeGreaterThan(5);
  });
});

function page(): string {
  return readFileSync(path, 'utf8');
}

function withTable(text: string, rows: readonly string[]): string {
  const from = text.indexOf('| `role` |');
  return text.slice(0, from) + rows.join('\n') + text.slice(text.indexOf('\n\n', from));
}

function rowsOf({ properties = {}, required = [] }: Described, above: string): string[] {
  return Object.entries(properties).flatMap(([name, option]) => {
    if (option.properties !== undefined) return rowsOf(option, `${above}${name}.`);
    return [`| \`${above}${name}\` | ${usual(option, required.includes(name))} | ${words(option)} |`];
  });
}

function usual(option: Described, needed: boolean): string {
  if (needed) return 'needed';
  const { default: value } = option;
  if (value === undefined) return '';
  return `\`${typeof value === 'object' ? JSON.stringify(value) : String(value)}\``;
}

function words({ description = '', enum: values }: Described): string {
  const list = values?.map((value) => `\`${value}\``).join(', ');
  return list === undefined ? description : `${description} One of ${list}.`;
}
