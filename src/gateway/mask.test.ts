import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMask, secretCharsMin } from './mask.ts';

const soh = '\u0001';

describe('fields', () => {
  test.each([
    [
      `8=FIX.4.4${soh}35=A${soh}554=canary${soh}10=000${soh}`,
      `8=FIX.4.4${soh}35=A${soh}554=***(6)${soh}10=000${soh}`,
    ],
    ['8=FIX.4.4|35=A|553=user|554=pass|10=000|', '8=FIX.4.4|35=A|553=***(4)|554=***(4)|10=000|'],
    ['35=A^A925=new^A98=0^A', '35=A^A925=***(3)^A98=0^A'],
    ['{"m":"35=A\\u0001554=canary\\u000110=1"}', '{"m":"35=A\\u0001554=***(6)\\u000110=1"}'],
    ['35=8|1=5ABC1234|55=IBM|', '35=8|1=******34|55=IBM|'],
    ['1=5ABC1234', '1=******34'],
    ['35=J|79=SMALL|', '35=J|79=*****|'],
    ['Password(554) "canary" is wrong', 'Password(554) "***(6)" is wrong'],
    ['{"m":"Account(1) cannot be \\"5ABC1234\\""}', '{"m":"Account(1) cannot be \\"******34\\""}'],
    ['35=8|11=5|21=1|54=1|31=1.5|', '35=8|11=5|21=1|54=1|31=1.5|'],
    ['100 of 1 = fine, x=1', '100 of 1 = fine, x=1'],
    ['RawData 96=abc', 'RawData 96=***(3)'],
    [
      'DUMMYSECRET1PART111B515/000/GSCCGSCCTRRS\r\n:16R:GENL',
      '***(12)PART111B515/000/GSCCGSCCTRRS\r\n:16R:GENL',
    ],
    ['{"m":"DUMMYSECRET1PART111B515/000/GSCCGSCCTRRS"}', '{"m":"***(12)PART111B515/000/GSCCGSCCTRRS"}'],
    ['path/to/515/000/GSCC of PART111B', 'path/to/515/000/GSCC of PART111B'],
  ])('%j', (text, expected) => {
    expect(createMask().text(text)).toBe(expected);
  });
});

describe('known secrets', () => {
  test('are hidden in every form in which they could be printed', () => {
    const secret = 'can"ary\\7/f+3';
    const mask = createMask([secret]);
    const forms = [
      secret,
      JSON.stringify({ secret }),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('hex'),
      `${secret}${secret}`,
    ];
    for (const form of forms) {
      const shown = mask.text(`before ${form} after`);
      expect(shown).not.toContain('ary');
      expect(shown).not.toContain(Buffer.from(secret).toString('base64').slice(0, 8));
      expect(shown).not.toContain(Buffer.from(secret).toString('hex').slice(0, 8));
      expect(shown).toMatch(/^before .* after$/);
    }
  });

  test('of several lines are hidden line by line, without the lines that everybody has', () => {
    const mask = createMask(['-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----']);
    expect(mask.text('read MC4CAQAwBQYDK2Vw')).toBe('read ***(70)');
    expect(mask.text('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
  });

  test('that are too short are left alone: they would blacken half of every line', () => {
    expect(createMask(['a']).text('a banana')).toBe('a banana');
  });

  test('never come through, whatever stands around them', () => {
    const secrets = fc
      .string({ minLength: secretCharsMin, maxLength: 20 })
      .filter((text) => !/^[*()\d]+$/.test(text));
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (secret, before, after) => {
        const shown = createMask([secret]).text(`${before} ${secret} ${after}`);
        return !shown.includes(` ${secret} `) || `${before} *** ${after}`.includes(secret);
      }),
    );
  });

  test('cost little: a mask takes time in proportion to the text', () => {
    const mask = createMask(['canary-secret']);
    const text = `${'1=|='.repeat(50_000)}(1)${'"'.repeat(50_000)}`;
    expect(mask.text(text).length).toBeGreaterThan(0);
  });
});
