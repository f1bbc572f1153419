import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { factsIn } from './read-catalogue.ts';
import { eventTypesText, factsText, typesText } from './types-text.ts';

const committed = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

test('the committed facts are what the text of the catalogue says', () => {
  expect(committed('./tables/catalogue.json')).toBe(factsText(factsIn(committed('./catalogue.proto'))));
});

test('the committed types are what the catalogue gives', () => {
  expect(committed('./catalogue.types.ts')).toBe(typesText(catalogue()));
  expect(committed('./event-types.ts')).toBe(eventTypesText(catalogue()));
});
