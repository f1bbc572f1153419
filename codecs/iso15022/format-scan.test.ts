import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { characterSets, compileFormat, setsOf } from './format-scan.ts';
import formats from './tables/formats.json' with { type: 'json' };

function fits(notation: string, value: string): boolean {
  return compileFormat(notation)(`<${value}>`, 1, value.length + 1);
}

describe('a format', () => {
  test.each<[string, string, boolean]>([
    ['4!c', 'SEME', true],
    ['4!c', 'SEM', false],
    ['4!c', 'SEMES', false],
    ['4!c', 'sEME', false],
    ['16x', '', false],
    ['16x', 'a', true],
    ['16x', "A(B)-C?D:E.F,G'+", true],
    ['16x', 'REFERENCE-OF-17-CH', false],
    ['[8c]/4!c', '/PENF', true],
    ['[8c]/4!c', 'GSCC/E010', true],
    ['[8c]/4!c', 'PEND', false],
    ['2!a2!c[3!c]', 'US33', true],
    ['2!a2!c[3!c]', 'US33XXX', true],
    ['2!a2!c[3!c]', 'US33XX', false],
    ['16x[4!a]', 'ABCDEFGHIJKLMNOPQRST', true],
    ['8c4!n', 'AB12345678', true],
    ['15d', '1,', true],
    ['15d', '0,5', true],
    ['15d', '1', false],
    ['15d', ',5', false],
    ['15d', '1,2,3', false],
    ['15d', '1234567890123,4', true],
    ['15d', '1234567890123,45', false],
    ['[N]3!a15d', 'NUSD5,', true],
    ['3!a15d', 'USD106,886,68', false],
    ['2*4x', 'ABCD\r\nEFGH', true],
    ['2*4x', 'ABCD\nEFGH', true],
    ['2*4x', 'ABCDE', false],
    ['2*4x', 'A\nB\nC', false],
    ['2*4x', 'A\n\nB', false],
    ['2*4x', 'A\n', false],
    ['[/1!a][/34x$]4!a', '/C\nABCD', true],
    ['[/1!a][/34x$]4!a', '/C\nABC', false],
    ['[/1!a][/34x$]4!a', '/C/123\r\nABCD', true],
    ['[/1!a][/34x$]4!a', '/1234\nABCD', true],
    ['[/1!a][/34x$]4!a', 'ABCD', true],
    ['ISIN1!e12!c', 'ISIN US9900001087', true],
    ['ISIN1!e12!c', 'ISIN  US9900001087', false],
    ['(ABC|DE)2!n', 'DE12', true],
    ['(ABC|DE)2!n', 'D12', false],
    ['4!h', '0AF9', true],
    ['4!h', '0AG9', false],
    ['3y', 'A=;', true],
    ['3y', 'a', false],
    ['9z', 'a@#_{!"%&', true],
    ['9z', '}', false],
    ['9x', '@', false],
    ['', '', true],
    ['', 'A', false],
  ])('%s takes "%s": %s', (notation, value, taken) => {
    expect(fits(notation, value)).toBe(taken);
  });

  test.each(['4!c]', '[4!c', '(A|B'])('%s is none', (notation) => {
    expect(() => compileFormat(notation)).toThrow();
  });

  test('never takes long where it does not fit', () => {
    const text = 'A'.repeat(50_000);
    for (const notation of new Set(Object.values(formats))) expect(fits(notation, text)).toBe(false);
  });
});

test('agrees with a regular expression of the same format', () => {
  const pairs: readonly (readonly [string, RegExp])[] = [
    [':4!c/[8c]/4!c', /^:[A-Z0-9]{4}\/(?:[A-Z0-9]{1,8})?\/[A-Z0-9]{4}$/],
    [':4!c//[N]15d', /^:[A-Z0-9]{4}\/\/N?(?=[\d,]{2,15}$)\d+,\d*$/],
    ['2*3x$2!n', /^[-A-Za-z0-9/?:().,'+ ]{1,3}(?:\r?\n[-A-Za-z0-9/?:().,'+ ]{1,3}){0,1}\r?\n\d\d$/],
  ];
  const piece = fc.constantFrom(
    'A',
    '1',
    '/',
    ',',
    ':',
    '\r',
    '\n',
    'N',
    'SETT',
    '//',
    ':SETT//',
    '1,',
    '22',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const value = pieces.join('');
      for (const [notation, pattern] of pairs) expect(fits(notation, value)).toBe(pattern.test(value));
    }),
    { numRuns: 2000 },
  );
});

test('the sets: y and the subset of the clearing corporation are no part of x, and z has all of x', () => {
  const of = (set: number): string =>
    Array.from({ length: 256 }, (_, code) => code)
      .filter((code) => ((setsOf[code] ?? 0) & set) !== 0)
      .map((code) => String.fromCharCode(code))
      .join('');
  expect(of(characterSets.ficc)).toBe(' ,-/0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
  expect([...of(characterSets.x)].every((one) => of(characterSets.z).includes(one))).toBe(true);
  expect(of(characterSets.y)).toContain('=');
  expect(of(characterSets.y)).not.toContain('a');
});
