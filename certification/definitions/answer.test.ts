import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerBytesMax, cutAnswer } from './answer.ts';
import { sumText } from './wire-text.ts';

const cut = (text: string) => cutAnswer(Buffer.from(text.replaceAll('|', '\u0001'), 'latin1'));

test.each([
  ['nothing', ''],
  ['a beginning', '8=FIX.4.4'],
  ['a length that has not ended', '8=FIX.4.4|9=5'],
  ['half a body', '8=FIX.4.4|9=5|35='],
  ['a body without its end', '8=FIX.4.4|9=5|35=0|'],
  ['a sum that has not ended', '8=FIX.4.4|9=5|35=0|10=16'],
])('%s is partial', (_, text) => {
  expect(cut(text)).toEqual({ kind: 'partial' });
});

test('a message ends behind the field that follows its body, whatever comes next', () => {
  const message = '8=FIX.4.4|9=5|35=0|10=163|';
  expect(cut(message)).toEqual({ kind: 'message', length: message.length });
  expect(cut(`${message}8=FIX.4.4|9=`)).toEqual({ kind: 'message', length: message.length });
});

test.each([
  ['a length that is no number', '8=FIX.4.4|9=x|35=0|', 'BodyLength(9) is no number'],
  ['a length that is empty', '8=FIX.4.4|9=|35=0|', 'BodyLength(9) is no number'],
  ['a length without end', `8=FIX.4.4|9=${'1'.repeat(20)}`, 'BodyLength(9) does not end'],
  ['no length', 'x'.repeat(5000), 'no BodyLength(9) comes'],
  [
    'nothing where the sum should be',
    `8=FIX.4.4|9=1|3${'x'.repeat(5000)}`,
    'no CheckSum(10) where BodyLength(9) says',
  ],
])('%s cannot be read', (_, text, why) => {
  expect(cut(text)).toEqual({ kind: 'unreadable', why });
});

test('a length beyond the limit is said, and not waited for', () => {
  expect(cut(`8=FIX.4.4|9=${answerBytesMax + 1}|`)).toMatchObject({ kind: 'unreadable' });
});

test('messages of any body come out as they were, however many there are', () => {
  const body = fc.stringMatching(/^[ -~]{0,30}$/).map((text) => `35=0\u000158=${text}\u0001`);
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 5 }), (bodies) => {
      const messages = bodies.map((text) => {
        const front = `8=FIX.4.4\u00019=${text.length}\u0001${text}`;
        return `${front}10=${sumText(front)}\u0001`;
      });
      let rest = Buffer.from(messages.join(''), 'latin1');
      const found: string[] = [];
      for (let next = cutAnswer(rest); next.kind === 'message'; next = cutAnswer(rest)) {
        found.push(rest.toString('latin1', 0, next.length));
        rest = rest.subarray(next.length);
      }
      expect(found).toEqual(messages);
    }),
  );
});

test('bytes of any kind are cut without a throw, and never beyond their end', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.constantFrom('8=FIX.4.4\u0001', '\u00019=', '5\u0001', '10=').map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const bytes = Buffer.concat(pieces);
      const found = cutAnswer(bytes);
      if (found.kind === 'message') expect(found.length).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 500 },
  );
});
