import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Codec } from '../src/contract/codec.ts';
import type { FileVerdict } from '../src/contract/file-judge.ts';
import type { Cut } from '../src/contract/frame.ts';
import { harmless } from '../src/core/issue.ts';
import type { JsonValue } from '../src/core/json.ts';
import { limits } from '../src/core/limits.ts';
import { eventJson } from '../src/events/index.ts';
import { checkEvents, cutsOf, type Sample, samplesOf } from './codec-suite.ts';
import { goldenText } from './golden-text.ts';
import { mutated, randomOf, splitAtRandom } from './mutation.ts';
import { sampleContext } from './sample-context.ts';

type WholeCut = Exclude<Cut, { kind: 'partial' }>;

/** What holds for every codec whose samples are whole files, of many frames that need one another. */
export function describeFileCodec(codec: Codec): void {
  const samples = samplesOf(codec);
  describe.each(samples)(`${codec.id}: $name`, (sample) => {
    const whole = cutsOf(codec.framer, [sample.bytes]);

    test('is told byte by byte, in any split, and each record comes back as it was', () => {
      expect(bytesOf(whole).equals(sample.bytes)).toBe(true);
      const bytewise = [...sample.bytes].map((byte) => Buffer.of(byte));
      expect(cutsOf(codec.framer, bytewise)).toEqual(whole);
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const chunks = splitAtRandom(sample.bytes, randomOf(seed));
          expect(cutsOf(codec.framer, chunks)).toEqual(whole);
        }),
        { numRuns: 30 },
      );
      for (const cut of whole) expect(again(codec, cut).equals(cut.bytes)).toBe(true);
    });

    test('means what its golden file says', () => {
      const text = goldenText(meaningOf(codec, whole));
      if (process.env['GOLDEN'] === 'write') writeFileSync(sample.golden, text);
      expect(existsSync(sample.golden), 'npm run golden writes it').toBe(true);
      expect(text).toBe(readFileSync(sample.golden, 'utf8'));
    });

    test('makes events that can be stored, the same ones each time', () => {
      for (const cut of whole) if (cut.kind === 'frame') checkEvents(codec, cut);
    });
  });
  describeChanged(codec, samples);
}

function describeChanged(codec: Codec, samples: readonly Sample[]): void {
  test(`${codec.id}: changed files never throw, come back as they are, and are judged the same in any split`, () => {
    const bytes = samples.map((sample) => sample.bytes);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const changed = mutated(bytes, random);
        const whole = cutsOf(codec.framer, [changed]);
        const split = cutsOf(codec.framer, splitAtRandom(changed, random));
        expect(split).toEqual(whole);
        expect(bytesOf(whole).equals(changed)).toBe(true);
        for (const cut of whole) expect(again(codec, cut).equals(cut.bytes)).toBe(true);
        expect(verdictOf(codec, split)).toEqual(verdictOf(codec, whole));
      }),
      { numRuns: 200 },
    );
  });
}

/** What the codec's judge says of a file's cuts. */
export function verdictOf(codec: Codec, cuts: readonly Cut[]): FileVerdict | undefined {
  const judgement = codec.file?.open(limits);
  for (const cut of cuts) judgement?.add(cut);
  return judgement?.verdict();
}

/** The verdict, and of a good file every record with its events. */
function meaningOf(codec: Codec, cuts: readonly WholeCut[]): JsonValue {
  const verdict = verdictOf(codec, cuts);
  const good = verdict !== undefined && harmless(verdict.issues);
  return {
    verdict: {
      ...verdict,
      issues: (verdict?.issues ?? []).map((issue) => ({ ...issue, at: { ...issue.at } })),
    },
    ...(good && { records: cuts.map((cut) => recordMeaning(codec, cut)) }),
  };
}

function recordMeaning(codec: Codec, cut: WholeCut): JsonValue {
  if (cut.kind === 'garbage') return { garbage: cut.why.code };
  const { message, issues } = codec.decode(cut);
  const events = message === undefined ? [] : codec.normalize(message, sampleContext);
  return {
    type: message?.type ?? '',
    name: message?.name ?? '',
    issues: issues.map(({ code }) => code),
    events: events.map(eventJson),
    message: message?.view() ?? null,
  };
}

function again(codec: Codec, cut: WholeCut): Buffer {
  const message = cut.kind === 'frame' ? codec.decode(cut).message : undefined;
  return Buffer.from(message === undefined ? cut.bytes : codec.encode(message));
}

function bytesOf(cuts: readonly WholeCut[]): Buffer {
  return Buffer.concat(cuts.map(({ bytes }) => bytes));
}
