import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { changedFields, fieldsOf } from './frozen.ts';
import { decodeEvent, type Event, encodeEvent, eventJson, eventOfJson, eventTypes } from './index.ts';
import { readCatalogue } from './read-catalogue.ts';

const folder = new URL('./fixtures/', import.meta.url);
const committed = (name: string): Buffer => readFileSync(new URL(name, folder));
const stored = readdirSync(new URL('v1/', folder))
  .filter((name) => name.endsWith('.bin'))
  .map((name) => name.slice(0, -'.bin'.length));
const frozen: Readonly<Record<string, string>> = JSON.parse(committed('fields.json').toString());

test('every type has a stored event of the past: `node src/events/freeze.ts` adds those that are new', () => {
  expect([...stored].sort()).toEqual([...eventTypes].sort());
});

describe.each(stored)('the stored %s', (type) => {
  const bytes = committed(`v1/${type}.bin`);
  const json = JSON.parse(committed(`v1/${type}.json`).toString());

  test('is read as it was meant, with nothing unknown', () => {
    const event = decodeEvent(bytes);
    expect(event.type).toBe(type);
    expect(event.unknown).toBeUndefined();
    expect(eventJson(event)).toStrictEqual(json);
  });

  test('is still written the same: copies and repairs of old events compare by their bytes', () => {
    const event = eventOfJson(json);
    expect(event).toMatchObject({ ok: true });
    if (event.ok) expect(Buffer.from(encodeEvent(event.value as Event))).toEqual(bytes);
  });
});

test('no field is renumbered, renamed, re-typed or gone', () => {
  expect(changedFields(frozen, fieldsOf(catalogue()))).toEqual([]);
});

test('every field is frozen: `node src/events/freeze.ts` adds those that are new', () => {
  expect(frozen).toEqual(fieldsOf(catalogue()));
});

test.each([
  [
    'renumbered',
    /string price = 10 /,
    'string price = 60 ',
    'TradeExecuted.price: was 10 string, is 60 string',
  ],
  ['renamed', /string price = 10 /, 'string cost = 10 ', 'TradeExecuted.price: was 10 string, is gone'],
  [
    're-typed',
    /string venue = 16;/,
    'uint32 venue = 16;',
    'TradeExecuted.venue: was 16 string, is 16 uint32',
  ],
  [
    'made a list',
    /string venue = 16;/,
    'repeated string venue = 16;',
    'TradeExecuted.venue: was 16 string, is 16 string[]',
  ],
  [
    'given to another event',
    /trade_dk = 118/,
    'trade_dks = 118',
    'Event.trade_dk: was 118 TradeCompared trade.dk, is gone',
  ],
])('a field that is %s is found', (_, before, after, finding) => {
  const text = readFileSync(new URL('./catalogue.proto', import.meta.url), 'utf8');
  const changed = text.replace(before, after);
  expect(changed).not.toBe(text);
  expect(changedFields(frozen, fieldsOf(readCatalogue(changed)))).toEqual([finding]);
});

test('an event of a family with two words says its name', () => {
  const text = `syntax = "proto3"; package clearport.v1;
    message Paid { string option = 1; }
    message Event { oneof data {
      Paid corporate_action_paid = 200 [(type) = "corporateAction.paid"];
      Paid trade_given_up = 201;
    } }`;
  expect([...readCatalogue(text).types.keys()]).toEqual(['corporateAction.paid', 'trade.givenUp']);
});
