/** Run by hand after a change of the catalogue: `node src/events/generate.ts`. A test fails until it has been. */
import { writeFileSync } from 'node:fs';
import { catalogue } from './catalogue.ts';
import { typesText } from './types-text.ts';

writeFileSync(new URL('./catalogue.types.ts', import.meta.url), typesText(catalogue()));
