import { expect, test } from 'vitest';
import { fix } from '../../codecs/fix/index.ts';
import { fixCorpus } from './fix-corpus.ts';

/** By MsgType(35): share of the messages, mean bytes, fields from, mean and to. */
const shape: readonly (readonly [string, number, number, number, number, number])[] = [
  ['8', 0.7, 402, 36, 41.9, 51],
  ['AE', 0.2, 642, 62, 67.4, 72],
  ['AS', 0.1, 969, 99, 99, 99],
];

test('the corpus is one valid session stream, of the shape that figures are told by', () => {
  const corpus = fixCorpus({ messages: 6000 });
  const messages = corpus.map((bytes) => {
    const { message, issues } = fix.decode({ bytes });
    expect(issues).toEqual([]);
    return {
      type: message?.type,
      number: message?.number(34),
      fields: message?.fieldCount ?? 0,
      bytes: bytes.length,
    };
  });
  expect(messages.map(({ number }) => number)).toEqual(messages.map((_, at) => at + 2));
  for (const [type, share, bytes, from, mean, to] of shape) {
    const found = messages.filter((message) => message.type === type);
    const fields = found.map((message) => message.fields);
    expect(found.length / messages.length).toBeCloseTo(share, 1);
    expect(Math.abs(meanOf(found.map((message) => message.bytes)) / bytes - 1)).toBeLessThan(0.02);
    expect(Math.abs(meanOf(fields) - mean)).toBeLessThan(0.8);
    expect([Math.min(...fields) >= from, Math.max(...fields) <= to]).toEqual([true, true]);
  }
  expect(fixCorpus({ messages: 50 })).toEqual(fixCorpus({ messages: 50 }));
  expect(fixCorpus({ messages: 50, seed: 1 })).not.toEqual(fixCorpus({ messages: 50 }));
});

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
