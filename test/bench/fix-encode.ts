import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asShipped } from './as-shipped.ts';
import { startNode, startPeer } from './fix-peer.ts';
import { compareWays } from './rounds.ts';

/**
 * An ExecutionReport(8) of 38 fields from typed values, against QuickFIX C++ which builds one and writes it to text
 * (`quickfix-build.cpp`: the same values). Rounds take turns, each in the process of its own engine, and a ratio is taken inside a
 * round. `messages` and `rounds` are the arguments.
 */
const messages = process.argv[2] ?? '20000';
const rounds = Number(process.argv[3] ?? 11);
const ways = ['FixWriter, values judged', 'FixWriter, values not judged', 'encodeFix, from a list of values'];

const place = mkdtempSync(join(tmpdir(), 'clearport-bench-'));
try {
  const [ours = ''] = asShipped(place, fileURLToPath(new URL('fix-encoding.ts', import.meta.url)));
  const peer = startPeer('quickfix-build', place, messages);
  await compareWays(peer, 'QuickFIX C++: build and toString', ways, () => startNode(ours, messages), rounds);
} finally {
  rmSync(place, { recursive: true, force: true });
}
