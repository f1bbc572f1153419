import { expect, test } from 'vitest';
import { WordList } from './word-list.ts';

const has = (list: WordList, word: string): boolean => {
  const bytes = Buffer.from(`x${word}`);
  return list.has(bytes, 1, bytes.length);
};

test('a list of any size has its words and no others', () => {
  for (const size of [0, 1, 3, 100, 20_000]) {
    const words = Array.from({ length: size }, (_, number) => `VALUE${number}`);
    const list = new WordList(words.map((word) => Buffer.from(word)));
    expect(words.filter((word) => !has(list, word))).toEqual([]);
    expect(['', 'VALUE', 'VALUE-1', `VALUE${size}`].filter((word) => has(list, word))).toEqual([]);
  }
});

test('of a word that is too long, no piece is taken for a word', () => {
  const list = new WordList([Buffer.from('x'.repeat(300)), Buffer.from('A')]);
  expect([has(list, 'A'), has(list, 'x'.repeat(44)), has(list, 'x'.repeat(300))]).toEqual([
    true,
    false,
    false,
  ]);
});
