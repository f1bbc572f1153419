import { describe, expect, test } from 'vitest';
import { readYamlSource } from './yaml-source.ts';

const read = (text: string, bytesMax = 10_000): ReturnType<typeof readYamlSource> =>
  readYamlSource(text, { name: 'list', bytesMax });

describe('a YAML text that people write', () => {
  test('is data of texts, each at its line and column', () => {
    const { data, problems, place } = read('a: 01\nb:\n  - no\n  - { c: N }\n');
    expect(problems).toEqual([]);
    expect(data).toEqual({ a: '01', b: ['no', { c: 'N' }] });
    expect(place(['a'])).toEqual({ line: 1, column: 4 });
    expect(place(['b', 1, 'c'], 'key')).toEqual({ line: 4, column: 7 });
    expect(place(['b', 7, 'x'])).toEqual({ line: 3, column: 3 });
    expect(place(['b', 1, 'x'])).toEqual({ line: 4, column: 5 });
  });

  test.each<[string, string, readonly string[]]>([
    ['an alias', 'a: &x 1\nb: *x', ['2:4 a list may not use aliases']],
    ["a map of the library's own", 'a: !!omap\n  - b: 1', ['1:4 Unresolved tag: tag:yaml.org,2002:omap']],
    ['a time', 'a: !!timestamp 2026-11-10', ['1:4 Unresolved tag: tag:yaml.org,2002:timestamp']],
    ['a key that stands twice', 'a: 1\na: 2', ['2:1 the key "a" stands twice']],
    ['a key that objects have', '__proto__: 1', ['1:1 the key "__proto__" cannot stand anywhere']],
    ['absurd nesting', `a: ${'['.repeat(100)}${']'.repeat(100)}`, ['1:43 the list is nested too deep']],
  ])('cannot have %s', (_, text, told) => {
    const { data, problems } = read(text);
    expect(data).toBeUndefined();
    expect(problems.map(({ message, at }) => `${at.line}:${at.column} ${message}`)).toEqual(told);
  });

  test('tells the first twenty problems', () => {
    expect(read('a: 1\n'.repeat(100)).problems).toHaveLength(20);
  });

  test('is not read where it is too large', () => {
    const { data, problems, place } = read('a: 1', 3);
    expect(data).toBeUndefined();
    expect(problems).toEqual([
      { message: 'the list is larger than 3 bytes', at: { line: 1, column: 1 }, tooLarge: true },
    ]);
    expect(place(['a'])).toEqual({ line: 1, column: 1 });
  });
});
