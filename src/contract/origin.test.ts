import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockOfOffset, indexOfOffset, offsetsPerBlock } from './entry.ts';
import { type Origin, originText, readOrigin } from './origin.ts';

const tricky = fc.constantFrom('a', '/', ':', '1', '0', '#', '@', ' ', '\n');
const scope = fc.string({ unit: tricky });
const key = fc.string({ unit: fc.oneof(tricky, fc.constant('=')) });
const origin: fc.Arbitrary<Origin> = fc.oneof(
  fc.record({ scope, ordinal: fc.nat(999_999_999_999_999) }),
  fc.record({ scope, key }),
);

describe('origin text', () => {
  test.each<[Origin, string]>([
    [{ scope: 'FIRM-OPS/1/in', ordinal: 42 }, 'FIRM-OPS/1/in:42'],
    [{ scope: 'conn-20261110', key: '1833' }, 'conn-20261110=1833'],
    [{ scope: 'a', key: 'b:3' }, 'a=b:3'],
    [{ scope: 'a:1', key: 'b=c' }, 'a:1=b=c'],
    [{ scope: '', ordinal: 0 }, ':0'],
  ])('%j is %s', (given, text) => {
    expect(originText(given)).toBe(text);
    expect(readOrigin(text)).toEqual(given);
  });

  test('law: there and back, so two origins never have one text', () => {
    fc.assert(
      fc.property(origin, (any) => {
        expect(readOrigin(originText(any))).toEqual(any);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    '',
    'a',
    'a:',
    'a:x',
    'a:-1',
    'a:1.5',
    'a:1234567890123456',
    'a:007',
  ])('"%s" is none', (text) => {
    expect(readOrigin(text)).toBeUndefined();
  });
});

test('an offset is a block and an index', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 36), fc.nat(offsetsPerBlock - 1), (block, index) => {
      const offset = block * offsetsPerBlock + index;
      expect([blockOfOffset(offset), indexOfOffset(offset)]).toEqual([block, index]);
    }),
  );
});
