/**
 * Run by hand after a change of the catalogue: `node src/events/generate.ts`, then `biome check --write docs/schema`. Tests
 * fail until it has been.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { catalogue } from './catalogue.ts';
import { eventJsonSchema } from './schema.ts';
import { eventTypesText, typesText } from './types-text.ts';

const schemas = new URL('../../docs/schema/', import.meta.url);

writeFileSync(new URL('./catalogue.types.ts', import.meta.url), typesText(catalogue()));
writeFileSync(new URL('./event-types.ts', import.meta.url), eventTypesText(catalogue()));
mkdirSync(schemas, { recursive: true });
const schema = `${JSON.stringify(eventJsonSchema(), undefined, 2)}\n`;
writeFileSync(new URL('event.schema.json', schemas), schema);
