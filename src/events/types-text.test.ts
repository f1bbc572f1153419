import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { eventTypesText, typesText } from './types-text.ts';

const committed = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

test('the committed types are what the catalogue gives', () => {
  expect(committed('./catalogue.types.ts')).toBe(typesText(catalogue()));
  expect(committed('./event-types.ts')).toBe(eventTypesText(catalogue()));
});
