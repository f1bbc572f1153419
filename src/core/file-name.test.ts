import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlainName, matcher } from './file-name.ts';

describe('pattern', () => {
  test.each([
    ['*.log', 'fix.log', true],
    ['*.log', 'fix.log.gz', false],
    ['FIX??.log', 'FIX01.log', true],
    ['FIX??.log', 'FIX1.log', false],
    ['a+(b).log', 'a+(b).log', true],
    ['a+(b).log', 'aab.log', false],
    ['*', '.hidden', false],
  ])('%s against %s', (pattern, name, expected) => {
    expect(matcher(pattern)(name)).toBe(expected);
  });

  test('a pattern without wildcards matches itself only', () => {
    const plain = fc.string({ minLength: 1 }).filter((text) => !/[*?]/.test(text) && !text.startsWith('.'));
    fc.assert(fc.property(plain, (text) => matcher(text)(text) && !matcher(text)(`${text}x`)));
  });
});

test.each([
  '',
  '.',
  '..',
  'a/b',
  '/a',
  'a\\b',
  'a\0',
  'a'.repeat(256),
  'é'.repeat(128),
])('%j is no plain name', (name) => {
  expect(isPlainName(name)).toBe(false);
});

test.each(['a', '.a', '...', 'a b', 'a'.repeat(255), 'é'.repeat(127)])('%j is a plain name', (name) => {
  expect(isPlainName(name)).toBe(true);
});
