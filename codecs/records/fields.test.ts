import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalText } from '../../src/core/decimal.ts';
import { formatNames, timeFormat } from './dates.ts';
import { readField, writeField } from './fields.ts';
import type { Field } from './layout.ts';
import { isZone, withOffset } from './zones.ts';

function field(given: Partial<Field>): Field {
  const width = given.width ?? 8;
  return {
    name: 'it',
    called: 'it',
    index: 0,
    where: `cols 1-${width}`,
    kind: 'text',
    optional: false,
    open: false,
    decimals: 0,
    point: 'implied',
    sign: 'none',
    signs: '+-',
    align: 'left',
    ...given,
    width,
  };
}

const quantity = field({ kind: 'number', decimals: 5, sign: 'leading', width: 21 });
const written = field({ kind: 'number', decimals: 2, sign: 'leading', point: 'written', width: 0 });

describe('a field is read and written', () => {
  test.each<[string, Field, string, string]>([
    ['a text without its blanks', field({}), 'BRK B   ', 'BRK B'],
    ['a text that stands right', field({ align: 'right' }), '   12A  ', '12A  '],
    ['a number with implied decimals', quantity, '-00000000000001250000', '-12.5'],
    ['a number below one', field({ kind: 'number', decimals: 4, width: 4 }), '0001', '0.0001'],
    ['a sign behind', field({ kind: 'number', sign: 'trailing', width: 4 }), '012-', '-12'],
    ['debit and credit', field({ kind: 'number', sign: 'trailing', signs: 'CD', width: 4 }), '012D', '-12'],
    ['a written point', written, '-1234.50', '-1234.5'],
    ['a written point and no sign', written, '1234.50', '1234.5'],
    ['a code', field({ codes: { M: 'margin' }, width: 1 }), 'M', 'margin'],
    ['a date', field({ kind: 'date', format: 'MMDDCCYY' }), '11102026', '2026-11-10'],
    ['a day of the year', field({ kind: 'date', format: 'CCYYDDD', width: 7 }), '2028366', '2028-12-31'],
    ['a time', field({ kind: 'time', width: 6 }), '235959', '23:59:59'],
    ['a timestamp', field({ kind: 'timestamp', width: 14 }), '20261110200000', '2026-11-10T20:00:00'],
    ['a zone', field({ kind: 'zone', width: 20 }), 'America/New_York    ', 'America/New_York'],
  ])('%s', (_, given, text, value) => {
    expect(readField(given, text)).toEqual({ value });
    expect(writeField(given, value)).toBe(text);
  });

  test.each<[string, Field, string, string]>([
    ['a letter in a number', quantity, '-0000000000000125000O', 'is no number'],
    ['no sign where one must stand', quantity, '000000000000001250000', 'has no leading sign'],
    ['blanks in a number', quantity, '+              1250000', 'is no number'],
    ['too many decimals', written, '1.005', 'has more than 2 decimals'],
    ['an exponent', written, '1e5', 'is no number'],
    ['a number that never ends', written, '9'.repeat(80), 'has too many digits'],
    ['the 31st of November', field({ kind: 'date' }), '20261131', 'is no date'],
    ['29 February of 2026', field({ kind: 'date' }), '20260229', 'is no date'],
    ['day 366 of 2026', field({ kind: 'date', format: 'CCYYDDD', width: 7 }), '2026366', 'is no date'],
    ['the 25th hour', field({ kind: 'time', width: 6 }), '250000', 'is no time'],
    ['an unknown code', field({ codes: { M: 'margin' }, width: 1 }), 'Q', 'is no code of its list'],
    ['an unknown zone', field({ kind: 'zone', width: 20 }), 'America/Gotham      ', 'is no time zone'],
    ['another constant', field({ is: ['HDR', 'BOF'], width: 3 }), 'EOF', 'must be HDR or BOF'],
  ])('%s is told', (_, given, text, wrong) => {
    expect(readField(given, text)).toEqual({ wrong: expect.stringContaining(wrong) });
  });

  test.each<[string, Field, string]>([
    ['more decimals than there are', quantity, '0.000001'],
    ['more digits than there are columns', quantity, '1'.repeat(16)],
    ['a minus without a sign', field({ kind: 'number' }), '-1'],
    ['a text that is too long', field({}), 'ABCDEFGHI'],
    ['a date that is none', field({ kind: 'date' }), '2026-11-31'],
    ['words in a number', quantity, 'many'],
  ])('%s does not fit', (_, given, value) => {
    expect(writeField(given, value)).toBeUndefined();
  });
});

describe('laws', () => {
  test('a number that is written is read again, whatever its form', () => {
    const forms = fc.record({
      decimals: fc.nat(8),
      point: fc.constantFrom('implied' as const, 'written' as const),
      sign: fc.constantFrom('none' as const, 'leading' as const, 'trailing' as const),
      signs: fc.constantFrom('+-', ' -', 'CD'),
    });
    fc.assert(
      fc.property(forms, fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (form, units) => {
        const given = field({ ...form, kind: 'number', width: 30 });
        const size = form.sign === 'none' && units < 0n ? -units : units;
        const value = decimalText({ units: size, scale: form.decimals });
        const text = writeField(given, value);
        expect(text).toHaveLength(30);
        expect(readField(given, text ?? '')).toEqual({ value });
      }),
      { numRuns: 1000 },
    );
  });

  test('a date that is written is read again, in every format', () => {
    const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...formatNames('date')), days, (name, day) => {
        const format = timeFormat('date', name);
        const value = day.toISOString().slice(0, 10);
        expect(format?.read(format.write(value) ?? '')).toBe(value);
      }),
    );
  });
});

describe('zones', () => {
  test.each([
    ['2026-11-10T20:00:00', 'America/New_York', '2026-11-10T20:00:00-05:00'],
    ['2026-07-10T20:00:00', 'America/New_York', '2026-07-10T20:00:00-04:00'],
    ['2026-11-01T01:30:00', 'America/New_York', '2026-11-01T01:30:00-04:00'],
    ['2026-11-01T02:00:00', 'America/New_York', '2026-11-01T02:00:00-05:00'],
    ['2026-11-01T00:59:59', 'America/New_York', '2026-11-01T00:59:59-04:00'],
    ['2026-03-08T03:00:00', 'America/New_York', '2026-03-08T03:00:00-04:00'],
    ['2026-03-08T01:59:59', 'America/New_York', '2026-03-08T01:59:59-05:00'],
    ['2026-11-10T20:00:00', 'Asia/Kolkata', '2026-11-10T20:00:00+05:30'],
    ['2026-11-10T20:00:00', 'UTC', '2026-11-10T20:00:00Z'],
    ['2026-11-10T20:00:00', '-0500', '2026-11-10T20:00:00-05:00'],
  ])('%s in %s', (local, zone, instant) => {
    expect(withOffset(local, zone)).toBe(instant);
    expect(isZone(zone)).toBe(true);
  });

  test('of a date that stands for none is an instant all the same', () => {
    expect(withOffset('0001-01-01T00:00:00', 'America/New_York')).toMatch(/^0001-01-01T00:00:00-04:5\d$/);
  });

  test('what is no zone has no offset', () => {
    for (const zone of ['America/Gotham', '', '../etc', '+25:00']) {
      expect(isZone(zone)).toBe(false);
      expect(withOffset('2026-11-10T20:00:00', zone)).toBeUndefined();
    }
  });
});
