import { readFileSync } from 'node:fs';
import { fix } from '../../codecs/fix/index.ts';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import { encodeEvent } from '../../src/events/index.ts';
import { sampleContext } from '../sample-context.ts';
import { framesOf } from './fix-corpus.ts';
import { answerRounds, type Ways } from './rounds.ts';

/** Our side of `fix-events.ts`: all of it is the public codec. */
const corpus = framesOf(readFileSync(process.argv[2] ?? ''));
/** What each message is read in: the caller's, and none of what is measured. */
const contexts = corpus.map((_, number): NormalizeContext => {
  const origin = { scope: 'BRKRDC-OPSGW/1/in', ordinal: number + 2 };
  return { ...sampleContext, origin, receivedAt: sampleContext.receivedAt + number * 7 };
});

function way(run: (bytes: Buffer, context: NormalizeContext) => unknown): Ways[string] {
  return () => [
    corpus.length,
    () => corpus.forEach((bytes, number) => void run(bytes, contexts[number] ?? sampleContext)),
  ];
}

/** What is timed has to be whole: sound messages, and both ways the same events. */
function expectSound(): void {
  for (const [number, bytes] of corpus.entries()) {
    const context = contexts[number] ?? sampleContext;
    const { message, issues } = fix.decode({ bytes });
    const written = message === undefined ? [] : (fix.transcode?.(message, context) ?? []);
    const encoded = message === undefined ? [] : fix.normalize(message, context).map(encodeEvent);
    const same =
      written.length === encoded.length &&
      written.every((event, at) => Buffer.from(event).equals(encoded[at] ?? event.subarray(1)));
    if (issues.length > 0 || written.length === 0 || !same)
      throw new Error(`message ${number + 1} is not sound`);
  }
}

expectSound();
await answerRounds({
  'decode (validate)': way((bytes) => fix.decode({ bytes })),
  'decode, transcode': way((bytes, context) => {
    const { message } = fix.decode({ bytes });
    return message && fix.transcode?.(message, context);
  }),
  'decode, normalize': way((bytes, context) => {
    const { message } = fix.decode({ bytes });
    return message && fix.normalize(message, context);
  }),
  'decode, normalize, encodeEvent': way((bytes, context) => {
    const { message } = fix.decode({ bytes });
    return message && fix.normalize(message, context).map(encodeEvent);
  }),
});
