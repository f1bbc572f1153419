import { describe, expect, test } from 'vitest';
import { readStatementLine, shortDateOf, signedOf } from './statement-line.ts';

const read = (value: string) => readStatementLine(value, 'USD', '2026-01-02');

describe('field 61', () => {
  test.each([
    ['2601020102C1,NTRFREF//BK', { amount: '1', reference: 'REF', bankReference: 'BK', code: 'NTRF' }],
    ['260102D10,50NCHGNONREF', { amount: '-10.5', reference: undefined, bankReference: undefined }],
    ['260102RC7,S202REF', { amount: '-7', reversal: true, code: 'S202' }],
    ['260102RD7,FINTREF', { amount: '7', reversal: true, code: 'FINT' }],
    ['260102EC7,NTRFREF', { amount: '7', status: 'pending' }],
    ['2601021231CR7,NTRFREF', { amount: '7', bookingDate: '2025-12-31' }],
    ['2601021231DD0,NTRFREF', { amount: '0' }],
    ['260102C7NTRFREF', { amount: '7' }],
    [
      '260102C7,N541EREF//0000000000000000000000000012345678\r\nNL34',
      { code: 'N541', reference: undefined, text: 'NL34' },
    ],
    [
      '260102C7,NTRFA/B//C/D\nmore words\nand more',
      { reference: 'A/B', bankReference: 'C/D', text: 'more words and more' },
    ],
  ])('%j', (value, said) => {
    expect(read(value)).toMatchObject(said);
  });

  test('of a megabyte of slashes is read at once, or refused', () => {
    const slashes = '//'.repeat(500_000);
    expect(read(`260102C50,NTRF${slashes}`)).toMatchObject({ amount: '50', reference: undefined });
    expect(read(`260102C50,NTRF${slashes}\rX`)).toBeUndefined();
  });

  test.each([
    '',
    '261302C1,NTRFREF',
    '260102X1,NTRFREF',
    '260102C1,2,3NTRFREF',
    '260102CNTRFREF',
    '260102C1,ntrfREF',
  ])('%j cannot be read', (value) => {
    expect(read(value)).toBeUndefined();
  });
});

test('dates of six digits and marks', () => {
  expect(shortDateOf('790101')).toBe('2079-01-01');
  expect(shortDateOf('800101')).toBe('1980-01-01');
  expect(shortDateOf('260229')).toBeUndefined();
  expect(signedOf('D', '0,')).toBe('0');
  expect(signedOf('D', '1,2,3')).toBeUndefined();
});
