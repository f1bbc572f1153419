import { describe, expect, test } from 'vitest';
import { sumText, wireText } from './wire-text.ts';

const noon = Date.parse('2026-11-21T12:00:00.250Z');
const files = new Map([
  ['SOH', '\u0001'],
  ['note', 'from a file'],
]);

function wire(
  body: string,
  profile: 'quickfix' | 'quickfixj' = 'quickfix',
  kind: 'send' | 'expect' = 'send',
): string {
  const text = wireText({ kind, body: body.replaceAll('|', '\u0001') }, { files }, profile, noon);
  return text.replaceAll('\u0001', '|');
}

describe('macros', () => {
  test.each([
    ['<TIME>', '20261121-12:00:00'],
    ['<TIME+10>', '20261121-12:00:10'],
    ['<TIME-121>', '20261121-11:57:59'],
    ['<TIME> and <TIME-1>', '20261121-12:00:00 and 20261121-11:59:59'],
    ['<TIME+99999999999999>', '20261121-12:00:00'],
    ['<FILE:note>', 'from a file'],
    ['<FILE:elsewhere>', '<FILE:elsewhere>'],
    ['<TIMES>', '<TIMES>'],
  ])('%s', (macro, text) => {
    expect(wire(`35=0|52=${macro}|`)).toBe(`35=0|52=${text}|`);
  });

  test('QuickFIX/J counts in steps of 1.1 s, with milliseconds from FIX 4.2 on', () => {
    expect(wire('8=FIX.4.1|52=<TIME+10>|10=1|', 'quickfixj')).toContain('|52=20261121-12:00:11|');
    expect(wire('8=FIX.4.2|52=<TIME-10>|10=1|', 'quickfixj')).toContain('|52=20261121-11:59:49.250|');
    expect(wire('8=FIXT.1.1|52=<TIME>|10=1|', 'quickfixj')).toContain('|52=20261121-12:00:00.250|');
  });
});

describe('BodyLength(9) and CheckSum(10)', () => {
  test.each([
    ['both are put in', '8=FIX.4.4|35=0|', '8=FIX.4.4|9=5|35=0|10=163|'],
    ['a length of its own stays', '8=FIX.4.4|9=7|35=0|', '8=FIX.4.4|9=7|35=0|10=165|'],
    ['a sum of its own stays', '8=FIX.4.4|9=5|35=0|10=000|', '8=FIX.4.4|9=5|35=0|10=000|'],
    // As the Ruby runner does it: the separator before the sum is not counted.
    [
      'with a sum and no length, the length is one too low',
      '8=FIX.4.4|35=0|10=256|',
      '8=FIX.4.4|9=4|35=0|10=256|',
    ],
    ['a sum in the middle stays where it is', '8=FIX.4.4|35=0|10=1|58=x|', '8=FIX.4.4|9=4|35=0|10=1|58=x|'],
    ['what does not begin with 8= goes as it stands', '35=0|8=FIX.4.4|', '35=0|8=FIX.4.4|'],
    ['nothing', '', ''],
    ['a beginning without an end', '8=FIX.4.4', '8=FIX.4.4'],
  ])('%s', (_, body, text) => {
    expect(wire(body)).toBe(text);
  });

  test.each([
    ['the length is right where only a sum is given', '8=FIX.4.1|35=0|10=256|', '8=FIX.4.1|9=5|35=0|10=256|'],
    ['a sum of 0 is three zeroes', '8=FIX.4.1|9=5|35=0|10=0|', '8=FIX.4.1|9=5|35=0|10=000|'],
    ['both are put in', '8=FIX.4.4|35=0|', '8=FIX.4.4|9=5|35=0|10=163|'],
  ])('QuickFIX/J, sent: %s', (_, body, text) => {
    expect(wire(body, 'quickfixj')).toBe(text);
  });

  test('QuickFIX/J, expected: nothing is put in, as nobody wrote it', () => {
    expect(wire('8=FIX.4.4|35=0|', 'quickfixj', 'expect')).toBe('8=FIX.4.4|35=0|');
    expect(wire('8=FIX.4.4|35=0|', 'quickfix', 'expect')).toBe('8=FIX.4.4|9=5|35=0|10=163|');
  });
});

test('the sum is that of all bytes, as three digits', () => {
  expect(sumText('')).toBe('000');
  expect(sumText('8=FIX.4.4\u00019=5\u000135=0\u0001')).toBe('163');
  expect(sumText('\u00ff\u0002')).toBe('001');
});
