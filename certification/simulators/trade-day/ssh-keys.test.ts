import { expect, test } from 'vitest';
import { newSshKeys } from './ssh-keys.ts';

test('a pair that cannot be read back is not given out', () => {
  const good = newSshKeys();
  const cut =
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n';
  const pairs = [{ ...good, private: cut }, { ...good, public: 'no key' }, good];
  expect(newSshKeys(() => pairs.shift() ?? good)).toBe(good);
  expect(pairs).toEqual([]);
});
