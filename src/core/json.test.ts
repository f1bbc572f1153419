import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type JsonValue } from './json.ts';

const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;

test.each<[JsonValue | undefined, string]>([
  [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
  [{ b: { d: 1, c: 2 }, a: undefined }, '{"b":{"c":2,"d":1}}'],
  [{ é: 1, z: 2, Z: 3 }, '{"Z":3,"z":2,"é":1}'],
  ['a"b\n', '"a\\"b\\n"'],
  [[], '[]'],
  [{}, '{}'],
  [undefined, 'null'],
])('%j', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test('law: it is JSON of the same value', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('law: the order of members does not matter, the order of lists does', () => {
  fc.assert(fc.property(json, (value) => canonicalJson(turned(value)) === canonicalJson(value)));
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});

/** The same value with the members of every object the other way round. */
function turned(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(turned);
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, turned(member ?? null)]));
}
