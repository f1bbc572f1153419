/**
 * Run by hand after a change of the catalogue: `node src/events/generate.ts`, then `biome check --write docs/schema`. Tests
 * fail until it has been.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { catalogueOf } from './catalogue.ts';
import { factsIn } from './read-catalogue.ts';
import { eventJsonSchema } from './schema.ts';
import { eventTypesText, factsText, typesText } from './types-text.ts';

const facts = factsIn(readFileSync(new URL('./catalogue.proto', import.meta.url), 'utf8'));
const catalogue = catalogueOf(facts);
const schemas = new URL('../../docs/schema/', import.meta.url);

writeFileSync(new URL('./tables/catalogue.json', import.meta.url), factsText(facts));
writeFileSync(new URL('./catalogue.types.ts', import.meta.url), typesText(catalogue));
writeFileSync(new URL('./event-types.ts', import.meta.url), eventTypesText(catalogue));
mkdirSync(schemas, { recursive: true });
const schema = `${JSON.stringify(eventJsonSchema(catalogue), undefined, 2)}\n`;
writeFileSync(new URL('event.schema.json', schemas), schema);
