import type { Codec } from '../src/contract/codec.ts';
import type { FileJudgement } from '../src/contract/file-judge.ts';
import type { Cut } from '../src/contract/frame.ts';
import { harmless } from '../src/core/issue.ts';
import { limits } from '../src/core/limits.ts';
import { samplesOf } from './codec-suite.ts';
import { withoutGrowth } from './fuzz-heap.ts';
import { below, mutated, type Random, randomOf, splitAtRandom } from './mutation.ts';
import { sampleContext } from './sample-context.ts';

export interface FuzzOptions {
  /** How many inputs. */
  readonly count: number;
  readonly seed: number;
  /**
   * Makes the envelope of changed bytes right again (lengths, sums), so that what lies behind it is reached; every
   * second input goes through it.
   */
  readonly repaired?: (bytes: Buffer) => Buffer;
}

/** Feeds `count` streams of changed messages to a codec's framer, in random chunks: no throw, no loss, no growth. */
export function fuzzFramer(codec: Codec, { count, seed, repaired }: FuzzOptions): void {
  const samples = samplesOf(codec).map(({ bytes }) => bytes);
  withoutGrowth(count, (number) => {
    const random = randomOf(seed + number);
    const parts = Array.from({ length: 1 + below(random, 3) }, () => changed(samples, random, repaired));
    const stream = Buffer.concat(parts);
    const state = codec.framer.open(limits);
    const judgement = codec.file?.open(limits);
    let told = 0;
    for (const chunk of splitAtRandom(stream, random))
      told += tellAll(codec, state.feed(chunk, false), judgement);
    told += tellAll(codec, state.feed(new Uint8Array(), true), judgement);
    const issues = judgement?.verdict().issues.length ?? 0;
    if (issues > limits.issuesPerFrameMax)
      throw new Error(`input ${number} of seed ${seed}: a verdict of ${issues} issues`);
    if (told !== stream.length)
      throw new Error(`input ${number} of seed ${seed}: ${told} of ${stream.length} bytes`);
  });
}

/** Decodes and normalizes the frames, in their contexts, judges the cuts, and gives how many bytes were told. */
function tellAll(codec: Codec, cuts: readonly Cut[], judgement: FileJudgement | undefined): number {
  let told = 0;
  for (const cut of cuts) {
    judgement?.add(cut);
    const message = cut.kind === 'frame' ? codec.decode(cut).message : undefined;
    if (message !== undefined && cut.kind === 'frame' && cut.context !== undefined)
      codec.normalize(message, sampleContext);
    if (cut.kind !== 'partial') told += cut.bytes.length;
  }
  return told;
}

/** Hands `count` changed messages to a codec's decoder and normalizer: no throw, the same bytes back, no growth. */
export function fuzzDecoder(codec: Codec, { count, seed, repaired }: FuzzOptions): void {
  const samples = samplesOf(codec).map(({ bytes }) => bytes);
  withoutGrowth(count, (number) => {
    const bytes = changed(samples, randomOf(seed + number), repaired);
    const { message, issues } = codec.decode({ bytes });
    if (issues.length > limits.issuesPerFrameMax)
      throw new Error(`input ${number} of seed ${seed}: ${issues.length} issues`);
    if (message === undefined && harmless(issues))
      throw new Error(`input ${number} of seed ${seed}: no message, and no error`);
    if (message === undefined) return;
    message.view();
    codec.digest(message);
    codec.normalize(message, sampleContext);
    if (Buffer.compare(codec.encode(message), bytes) !== 0)
      throw new Error(`input ${number} of seed ${seed} changed`);
  });
}

function changed(samples: readonly Uint8Array[], random: Random, repaired: FuzzOptions['repaired']): Buffer {
  const bytes = mutated(samples, random);
  return repaired !== undefined && random() < 0.5 ? repaired(bytes) : bytes;
}
