import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import { encodeEvent } from '../../src/events/index.ts';
import { fixCorpus } from '../../test/bench/fix-corpus.ts';
import { samplesOf } from '../../test/codec-suite.ts';
import { anyMessage } from '../../test/fix-laws/any-message.ts';
import { versions } from '../../test/fix-laws/laws.ts';
import { randomOf } from '../../test/mutation.ts';
import { sampleContext } from '../../test/sample-context.ts';
import { type FixField, fix, loadDictionary, writeFix } from './index.ts';

const corpus = fixCorpus({ messages: 300 });
const samples = samplesOf(fix).map(({ bytes }) => Buffer.from(bytes));

function told(bytes: Uint8Array, context: NormalizeContext): readonly (readonly string[])[] {
  const { message } = fix.decode({ bytes });
  if (message === undefined) return [];
  const hex = (events: readonly Uint8Array[]): string[] =>
    events.map((one) => Buffer.from(one).toString('hex'));
  return [
    hex(fix.transcode?.(message, context) ?? []),
    hex(fix.normalize(message, context).map(encodeEvent)),
  ];
}

/** The shape of a message is known from the third one on, and from the fourth on it is written by a program. */
const meetings = 4;

function expectSame(bytes: Uint8Array, context: NormalizeContext = sampleContext): void {
  for (let met = 0; met < meetings; met++) {
    const [written, meant] = told(bytes, context);
    expect(written, bytes.toString().replaceAll('\u0001', '|')).toEqual(meant);
  }
}

/** The fields of a message without 8, 9 and 10, to be written again with other values. */
function fieldsOf(bytes: Buffer): FixField[] {
  const fields = fix.decode({ bytes }).message?.fields() ?? [];
  return fields.filter(([tag]) => tag !== 8 && tag !== 9 && tag !== 10).map(([tag, value]) => [tag, value]);
}

test('every message is written as normalize says, in whatever order they come', () => {
  for (const bytes of [...corpus, ...samples]) expectSame(bytes);
  for (const bytes of [...samples.toReversed(), ...corpus]) expectSame(bytes);
});

test('a changed value changes what is written as it changes what is meant', () => {
  const values = fc.oneof(
    fc.constantFrom(
      '',
      '0',
      '1',
      '2',
      'F',
      'G',
      'H',
      'Y',
      'N',
      '-5',
      '007.500',
      '.5',
      'x',
      '20261110',
      '20260230',
      '3',
    ),
    fc.stringMatching(/^[ -~\u00a0-\u00ff]{1,90}$/),
  );
  const messages = [
    ...corpus.slice(0, 60),
    ...samples.filter((bytes) => bytes.toString('latin1').startsWith('8=FIX')),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...messages), fc.nat(), values, (bytes, at, value) => {
      const fields = fieldsOf(bytes);
      if (fields.length < 2) return;
      const changed = 1 + (at % (fields.length - 1));
      const begin = fix.decode({ bytes }).message?.beginString ?? '';
      const other = fields.map(([tag, was], field): FixField => [tag, field === changed ? value : was]);
      expectSame(bytes);
      expectSame(writeFix(begin, other));
    }),
    { numRuns: 1500 },
  );
});

test('the context is asked anew for each message', () => {
  const contexts: readonly Partial<NormalizeContext>[] = [
    {},
    { channel: 'other/channel', revision: 2 },
    { direction: 'out', reportedBy: 'CLR' },
    { reportedBy: 'CLR|%', keyScope: 'arca' },
    { zone: 'Asia/Tokyo', perspective: 'ours' },
    { origin: { scope: 'x', key: 'caf\u00e9=1' } },
    { origin: { scope: 'SAMPLE/1/in', ordinal: 9_007_199_254_740_991 } },
    { origin: { scope: 'SAMPLE/2/in', ordinal: 0 }, receivedAt: 999_999 },
  ];
  for (let round = 0; round < 2; round++) {
    for (const bytes of [...corpus.slice(0, 20), ...samples])
      for (const context of contexts) expectSame(bytes, { ...sampleContext, ...context });
  }
});

test.each(versions)('whatever messages of $name have in them', ({ beginString, applVerId, name }) => {
  const dictionary = loadDictionary(beginString, applVerId);
  const types = ['8', 'AE', 'AS', 'J'].filter((type) => dictionary.message(type) !== undefined);
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.integer(), (type, seed) => {
      const fields = anyMessage(dictionary, type, randomOf(seed), applVerId);
      expectSame(Buffer.from(writeFix(beginString, fields)));
    }),
    { numRuns: name === 'FIX.4.4' ? 300 : 60 },
  );
});
