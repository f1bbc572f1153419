import { expect, test } from 'vitest';
import { isLoopback } from './address.ts';

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.3.2.1', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['10.0.0.1', false],
  ['127.example.com', false],
  ['localhost.example.com', false],
  ['', false],
])('%s: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
