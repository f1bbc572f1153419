/**
 * Run by hand after an addition to the catalogue: `node src/events/freeze.ts`. It adds what is new to the fixtures, and
 * refuses to touch what stands there: those are stored events of the past, and are read for ever.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { catalogue } from './catalogue.ts';
import { encodeEvent } from './encode.ts';
import { eventTypes } from './event-types.ts';
import { changedFields, fieldsOf } from './frozen.ts';
import { eventJson } from './json.ts';
import { sampleEvent } from './samples.ts';

const folder = new URL('./fixtures/', import.meta.url);
const fieldsFile = new URL('fields.json', folder);

mkdirSync(new URL('v1/', folder), { recursive: true });
const frozen = existsSync(fieldsFile) ? JSON.parse(readFileSync(fieldsFile, 'utf8')) : {};
const now = fieldsOf(catalogue());
assert.deepEqual(changedFields(frozen, now), [], 'a frozen field has changed: add a new one instead');
writeFileSync(fieldsFile, `${JSON.stringify(now, undefined, 1)}\n`);
for (const type of eventTypes) {
  const file = new URL(`v1/${type}.bin`, folder);
  if (existsSync(file)) continue;
  const event = sampleEvent(type);
  writeFileSync(file, encodeEvent(event), { flag: 'wx' });
  const json = `${JSON.stringify(eventJson(event), undefined, 1)}\n`;
  writeFileSync(new URL(`v1/${type}.json`, folder), json, { flag: 'wx' });
}
