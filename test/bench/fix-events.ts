import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fix } from '../../codecs/fix/index.ts';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import { encodeEvent } from '../../src/events/index.ts';
import { quickfixDictionaries } from '../quickfix-source.ts';
import { sampleContext } from '../sample-context.ts';
import { corpusStream, fixCorpus } from './fix-corpus.ts';
import { median, microsOf, type Peer, startPeer } from './fix-peer.ts';

/**
 * Validate, normalize and encode the events of the corpus, against QuickFIX C++ which validates and puts about twenty
 * typed fields and all parties into a struct. Rounds take turns, and a ratio is taken inside a round: absolute figures drift
 * with the machine. `messages` and `rounds` are the arguments.
 */
const messages = Number(process.argv[2] ?? 20_000);
const rounds = Number(process.argv[3] ?? 11);
const corpus = fixCorpus({ messages });
/** What each message is read in: the caller's, and none of what is measured. */
const contexts = corpus.map((_, number): NormalizeContext => {
  const origin = { scope: 'BRKRDC-OPSGW/1/in', ordinal: number + 2 };
  return { ...sampleContext, origin, receivedAt: sampleContext.receivedAt + number * 7 };
});

/** Ours: all of it is the public codec. */
const ways: Readonly<Record<string, (bytes: Buffer, context: NormalizeContext) => unknown>> = {
  'decode (validate)': (bytes) => fix.decode({ bytes }),
  'decode, transcode': (bytes, context) => {
    const { message } = fix.decode({ bytes });
    return message && fix.transcode?.(message, context);
  },
  'decode, normalize': (bytes, context) => {
    const { message } = fix.decode({ bytes });
    return message && fix.normalize(message, context);
  },
  'decode, normalize, encodeEvent': (bytes, context) => {
    const { message } = fix.decode({ bytes });
    return message && fix.normalize(message, context).map(encodeEvent);
  },
};

const place = mkdtempSync(join(tmpdir(), 'clearport-bench-'));
try {
  writeFileSync(join(place, 'corpus'), corpusStream(corpus));
  const dictionary = join(quickfixDictionaries(), 'FIX44.xml');
  const peer = startPeer('quickfix-extract', place, join(place, 'corpus'), dictionary);
  await compare(peer);
  await peer.stop();
} finally {
  rmSync(place, { recursive: true, force: true });
}

async function compare(peer: Peer): Promise<void> {
  const theirs: number[] = [];
  const ours = new Map<string, number[]>(Object.keys(ways).map((way) => [way, []]));
  for (let round = -2; round < rounds; round++) {
    const peerMicros = await peer.round();
    if (round >= 0) theirs.push(peerMicros);
    for (const [way, run] of Object.entries(ways)) {
      const micros = microsOf(messages, () => every(run));
      if (round >= 0) ours.get(way)?.push(micros);
    }
  }
  print('QuickFIX C++: validate and extract', theirs, theirs);
  for (const [way, found] of ours) print(way, found, theirs);
}

function every(run: (bytes: Buffer, context: NormalizeContext) => unknown): void {
  for (let number = 0; number < messages; number++)
    run(corpus[number] as Buffer, contexts[number] as NormalizeContext);
}

/** Median microseconds, and how many times faster than QuickFIX in the same round: median, least and most. */
function print(name: string, found: readonly number[], theirs: readonly number[]): void {
  const ratios = found.map((micros, round) => (theirs[round] ?? 0) / micros).toSorted((a, b) => a - b);
  const [least, most] = [ratios[0] ?? 0, ratios.at(-1) ?? 0];
  const times = `${median(ratios).toFixed(2)}x  [${least.toFixed(2)}..${most.toFixed(2)}]`;
  process.stdout.write(`${median(found).toFixed(2).padStart(8)} µs  ${times}  ${name}\n`);
}
