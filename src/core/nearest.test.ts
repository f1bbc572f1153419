import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  ['optionl', ['open', 'optional', 'decimals'], 'optional'],
  ['CHANELS', ['channels', 'tenant'], 'channels'],
  ['same', ['same', 'sane'], 'same'],
  ['frame', ['framing', 'form'], undefined],
  ['widht', ['from', 'to', 'kind'], undefined],
  ['tsl', ['host', 'tls', 'port'], 'tls'],
  ['', ['a'], undefined],
  ['exec', [], undefined],
])('%s among %j is %s', (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});
