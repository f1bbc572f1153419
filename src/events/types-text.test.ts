import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { typesText } from './types-text.ts';

test('the committed types are what the catalogue gives', () => {
  const committed = readFileSync(new URL('./catalogue.types.ts', import.meta.url), 'utf8');
  expect(committed).toBe(typesText(catalogue()));
});
