import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { eventTypes } from './index.ts';

const page = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');

test('the page for readers names every event, and none that is not there', () => {
  expect(namesIn('Families')).toEqual([...eventTypes, 'unknown'].sort());
});

test('the page for readers names every common attribute', () => {
  const names = new Set(namesIn('What every event carries'));
  const missing = catalogue().common.fields.filter((field) => !names.has(field.name));
  expect(missing.map((field) => field.name)).toEqual([]);
});

/** The names in the first column of a section's table. */
function namesIn(section: string): string[] {
  const text = page.split(`## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const cells = rows.map((line) => line.split('|')[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')).sort();
}
