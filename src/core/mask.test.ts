import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskAccount, maskSecret } from './mask.ts';

test('a secret shows that it was there, and how long it was', () => {
  expect(maskSecret('hunter2')).toBe('***(7)');
  expect(maskSecret('')).toBe('***(0)');
});

describe('an account', () => {
  test.each([
    ['A1234567', '******67'],
    ['123456', '****56'],
    ['12345', '*****'],
    ['X', '*'],
    ['', ''],
  ])('%s is shown as %s', (account, shown) => {
    expect(maskAccount(account)).toBe(shown);
  });

  test('law: at least four characters are hidden, or all of them', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('A', '1', '9') }), (account) => {
        const shown = maskAccount(account);
        const hidden = [...shown].filter((char) => char === '*').length;
        expect(shown.length).toBe(account.length);
        expect(hidden).toBeGreaterThanOrEqual(Math.min(4, account.length));
      }),
    );
  });
});
