import { describe, expect, test } from 'vitest';
import { codeIssues, codesOf } from './code-lists.ts';
import { readFields } from './fields.ts';
import codes from './tables/codes.json' with { type: 'json' };
import { readTree } from './tree.ts';

function codesFound(text: string): readonly string[] {
  const { fields } = readFields(text, 0, text.length, 100);
  return codeIssues(readTree(fields, 0, text.length, 8).root).map(({ code }) => code);
}

describe('code lists', () => {
  test.each([
    [':22F::CAEV//DVCA', 0],
    [':22F::CAEV//XXXX', 1],
    [':22F::CAEV/OWNR/XXXX', 0],
    [':22H::PAYM//APMT', 0],
    [':22H::PAYM//PAID', 1],
    [':22H::CAOP//CASH', 0],
    [':22F::CAOP//SPLI', 0],
    [':22F::CAOP//ODDS', 1],
    [':22F::SETR//TRAD', 0],
    [':22F::SETR//ODDS', 1],
    [':24B::PEND//LACK', 0],
    [':24B::PEND//NARR', 0],
    [':24B::PEND//ODDS', 1],
    [':24B::REJT/GSCC/E010', 0],
    [':17B::ACTI//N', 0],
    [':17B::ACTI//X', 1],
    [':28E:00001/ONLY', 0],
    [':28E:00001/NEXT', 1],
    [':22F::ODDS//ODDS', 0],
    [':16R:GENL\r\n:16R:LINK\r\n:22F::LINK//ODDS\r\n:16S:LINK\r\n:16S:GENL', 1],
  ])('%j: %i', (text, count) => {
    expect(codesFound(text)).toEqual(Array(count).fill('MT_CODE'));
  });

  test('have codes of four, flags and functions apart', () => {
    for (const [name, text] of Object.entries(codes)) {
      const wrong = text
        .split(' ')
        .filter((code) => !(name === '17B' ? /^[YN]$/ : /^[A-Z0-9]{4}$/).test(code));
      expect([name, wrong]).toEqual([name, []]);
    }
    expect(codesOf({ tag: '98A', qualifier: 'SETT' })).toBeUndefined();
  });
});
