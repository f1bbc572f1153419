import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quickfixDictionaries } from '../quickfix-source.ts';
import { asShipped } from './as-shipped.ts';
import { corpusStream, fixCorpus } from './fix-corpus.ts';
import { startNode, startPeer } from './fix-peer.ts';
import { compareWays } from './rounds.ts';

/**
 * Validate, normalize and encode the events of the corpus, against QuickFIX C++ which validates and puts about twenty
 * typed fields and all parties into a struct. Rounds take turns, each in the process of its own engine, and a ratio is taken
 * inside a round: absolute figures drift with the machine. `messages` and `rounds` are the arguments.
 */
const messages = Number(process.argv[2] ?? 20_000);
const rounds = Number(process.argv[3] ?? 11);
const ways = [
  'decode (validate)',
  'decode, transcode',
  'decode, normalize',
  'decode, normalize, encodeEvent',
];

const place = mkdtempSync(join(tmpdir(), 'clearport-bench-'));
try {
  const file = join(place, 'corpus');
  writeFileSync(file, corpusStream(fixCorpus({ messages })));
  const [ours = ''] = asShipped(place, fileURLToPath(new URL('fix-transcoding.ts', import.meta.url)));
  const peer = startPeer('quickfix-extract', place, file, join(quickfixDictionaries(), 'FIX44.xml'));
  await compareWays(peer, 'QuickFIX C++: validate and extract', ways, () => startNode(ours, file), rounds);
} finally {
  rmSync(place, { recursive: true, force: true });
}
