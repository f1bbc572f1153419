import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDecimals,
  canonicalDecimal,
  compareDecimals,
  type Decimal,
  decimalDigitsMax,
  decimalText,
  multiplyDecimals,
  negateDecimal,
  readDecimal,
} from './decimal.ts';

const decimal: fc.Arbitrary<Decimal> = fc.record({
  units: fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }),
  scale: fc.nat(18),
});
const zero: Decimal = { units: 0n, scale: 0 };

function valueOfText(text: string): Decimal {
  const read = readDecimal(text);
  if (!read.ok) throw new Error(text);
  return read.value;
}

describe('decimal text', () => {
  test.each([
    ['100', '100'],
    ['+100', '100'],
    ['00100.500', '100.5'],
    ['-0', '0'],
    ['-0.000', '0'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['5.', '5'],
    ['0.0001', '0.0001'],
    ['99999999999999999999.99', '99999999999999999999.99'],
  ])('%s is %s', (wire, canonical) => {
    expect(canonicalDecimal(wire)).toEqual({ ok: true, value: canonical });
  });

  test.each([
    '',
    '.',
    '+',
    '-',
    '-.',
    '1e3',
    '1,000',
    ' 1',
    '1 ',
    '0x10',
    '1.2.3',
    '--1',
    'NaN',
    '١',
  ])('"%s" is no decimal', (text) => {
    const at = { offset: 7, field: 'LastPx(31)' };
    expect(canonicalDecimal(text, at)).toMatchObject({ ok: false, issue: { code: 'DECIMAL_VALUE', at } });
  });

  test('text that is too long is refused, and not repeated whole', () => {
    expect(readDecimal('9'.repeat(decimalDigitsMax)).ok).toBe(true);
    const read = readDecimal('9'.repeat(decimalDigitsMax + 1));
    expect(read).toMatchObject({ ok: false, issue: { code: 'DECIMAL_VALUE' } });
    expect(read.ok ? '' : read.issue.message).not.toContain('9'.repeat(41));
  });

  test('law: the text of a value reads as an equal value, and is its only text', () => {
    fc.assert(
      fc.property(decimal, fc.nat(5), (value, zeros) => {
        const text = decimalText(value);
        expect(compareDecimals(valueOfText(text), value)).toBe(0);
        const longer = { units: value.units * 10n ** BigInt(zeros), scale: value.scale + zeros };
        expect(decimalText(longer)).toBe(text);
        expect(text).toMatch(/^(0|-?(0\.\d*[1-9]|[1-9]\d*(\.\d*[1-9])?))$/);
      }),
    );
  });
});

describe('laws of computing', () => {
  const equal = (left: Decimal, right: Decimal): void => expect(decimalText(left)).toBe(decimalText(right));

  test('addition: any order, any grouping, zero and the negative', () => {
    fc.assert(
      fc.property(decimal, decimal, decimal, (a, b, c) => {
        equal(addDecimals(a, b), addDecimals(b, a));
        equal(addDecimals(addDecimals(a, b), c), addDecimals(a, addDecimals(b, c)));
        equal(addDecimals(a, zero), a);
        equal(addDecimals(a, negateDecimal(a)), zero);
      }),
    );
  });

  test('multiplication: any order, over sums, one', () => {
    fc.assert(
      fc.property(decimal, decimal, decimal, (a, b, c) => {
        equal(multiplyDecimals(a, b), multiplyDecimals(b, a));
        equal(
          multiplyDecimals(a, addDecimals(b, c)),
          addDecimals(multiplyDecimals(a, b), multiplyDecimals(a, c)),
        );
        equal(multiplyDecimals(a, { units: 1n, scale: 0 }), a);
      }),
    );
  });

  test('comparison is the sign of the difference', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const difference = addDecimals(a, negateDecimal(b)).units;
        expect(compareDecimals(a, b)).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
        expect(compareDecimals(b, a) + compareDecimals(a, b)).toBe(0);
      }),
    );
  });

  test('what binary floating point gets wrong', () => {
    equal(addDecimals(valueOfText('0.1'), valueOfText('0.2')), valueOfText('0.3'));
    equal(multiplyDecimals(valueOfText('1.1'), valueOfText('1.1')), valueOfText('1.21'));
  });
});
