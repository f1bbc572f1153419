import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asShipped } from './as-shipped.ts';
import { median, startNode } from './fix-peer.ts';
import { mtCorpus } from './mt-corpus.ts';

/**
 * Decoding ISO 15022, as times of a bare split of the same bytes into lines and tags. `decode`: envelope, tree with offsets, qualifiers,
 * issuers and contents; strict checks of envelope, character sets, field formats and the balance of sequences. `rules`: the same, with the structure
 * of the type, qualifiers, code lists and the network's rules. `events`: as a channel decodes, with what events need, which is kept for making
 * them. Rounds take turns, each way in a process of its own, and a ratio is
 * taken inside a round: absolute figures drift with the machine. `messages` and `rounds` are the arguments.
 */
const messages = Number(process.argv[2] ?? 20_000);
const rounds = Number(process.argv[3] ?? 11);
const ways = ['split', 'decode', 'rules', 'events'] as const;

const place = mkdtempSync(join(tmpdir(), 'clearport-bench-'));
const peers = new Map<string, ReturnType<typeof startNode>>();
try {
  const file = join(place, 'corpus');
  const corpus = mtCorpus(messages);
  writeFileSync(file, Buffer.concat(corpus));
  const [ours = ''] = asShipped(place, fileURLToPath(new URL('mt-decoding.ts', import.meta.url)));
  for (const way of ways) peers.set(way, startNode(ours, file));
  const bytes = corpus.reduce((sum, one) => sum + one.length, 0) / corpus.length;
  print(await measured(), bytes);
} finally {
  await Promise.all([...peers.values()].map((peer) => peer.stop()));
  rmSync(place, { recursive: true, force: true });
}

async function measured(): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, number[]>(ways.map((way) => [way, []]));
  for (let round = -2; round < rounds; round++) {
    for (const way of ways) {
      const micros = (await peers.get(way)?.round(way)) ?? Number.NaN;
      if (round >= 0) found.get(way)?.push(micros);
    }
  }
  return found;
}

/** Median microseconds for a message, MB/s, and times of the split: median of the rounds, least and most. */
function print(found: ReadonlyMap<string, readonly number[]>, bytes: number): void {
  const split = found.get('split') ?? [];
  process.stdout.write(`${messages} messages of ${Math.round(bytes)} bytes\n`);
  for (const [way, micros] of found) {
    const ratios = micros
      .map((taken, round) => taken / (split[round] ?? Number.NaN))
      .toSorted((left, right) => left - right);
    const range = `${median(ratios).toFixed(2)}x [${ratios[0]?.toFixed(2)}..${ratios.at(-1)?.toFixed(2)}]`;
    const taken = median(micros);
    const speed = `${(bytes / taken).toFixed(0)} MB/s`;
    process.stdout.write(`${taken.toFixed(2).padStart(8)} µs  ${speed.padStart(9)}  ${range}  ${way}\n`);
  }
}
