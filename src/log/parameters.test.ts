import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// Node 22.13 takes a parameter with a number for one with a name, and then binds behind it: every such statement fails there.
test('no statement has a parameter with a number', () => {
  const place = join(import.meta.dirname, '..');
  const statements = readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => ({ name, source: readFileSync(join(place, name), 'utf8') }))
    .filter(({ source }) => /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) \w/.test(source));
  expect(statements.length).toBeGreaterThan(10);
  expect(statements.filter(({ source }) => /\?\d/.test(source)).map(({ name }) => name)).toEqual([]);
});
