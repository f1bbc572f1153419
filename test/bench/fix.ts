import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quickfixDictionaries } from '../quickfix-source.ts';
import { asShipped } from './as-shipped.ts';
import { corpusStream, fixCorpus } from './fix-corpus.ts';
import { median, type Peer, startNode, startPeer } from './fix-peer.ts';

/**
 * Parse and full dictionary validation: `decode` of the public codec, against QuickFIX C++ (Debian's, its own dictionary: taken
 * apart, sums and lengths checked, validated) and jspurefix with the checks of its session. Rounds take turns, each in the process
 * of its own engine, and a ratio is taken inside a round: absolute figures drift with the machine. Then what each check costs, and
 * what many versions and types in one process cost. `messages` and `rounds` are the arguments.
 */
const messages = Number(process.argv[2] ?? 50_000);
const rounds = Number(process.argv[3] ?? 11);

const place = mkdtempSync(join(tmpdir(), 'clearport-bench-'));
const peers: Peer[] = [];
try {
  const file = join(place, 'corpus');
  writeFileSync(file, corpusStream(fixCorpus({ messages })));
  const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const [ours = '', theirs = ''] = asShipped(place, own('fix-decoding.ts'), own('jspurefix-parse.ts'));
  const us = startNode(ours, file);
  peers.push(us);
  const quickfix = orNothing('QuickFIX', () =>
    startPeer('quickfix-parse', place, file, join(quickfixDictionaries(), 'FIX44.xml')),
  );
  const jspurefix = orNothing('jspurefix', () => startNode(theirs, file, jspurefixFolder()));
  for (const peer of [quickfix, jspurefix]) if (peer !== undefined) peers.push(peer);
  await compare(us, quickfix, jspurefix);
  await costs(us);
  await manyVersions(us);
} finally {
  await Promise.all(peers.map((peer) => peer.stop()));
  rmSync(place, { recursive: true, force: true });
}

async function compare(us: Peer, quickfix: Peer | undefined, jspurefix: Peer | undefined): Promise<void> {
  const found: Record<'us' | 'quickfix' | 'jspurefix', number[]> = { us: [], quickfix: [], jspurefix: [] };
  for (let round = -2; round < rounds; round++) {
    const taken = {
      quickfix: await quickfix?.round(),
      us: await us.round('decode'),
      // It is ten times as slow as the others: every third round will do.
      jspurefix: round % 3 === 0 ? await jspurefix?.round() : undefined,
    };
    if (round < 0) continue;
    for (const [name, micros] of Object.entries(taken))
      found[name as keyof typeof found].push(micros ?? Number.NaN);
  }
  print('decode: taken apart, sums, dictionary, groups, what events need', found.us);
  if (quickfix !== undefined) print('QuickFIX C++: dictionary, sums, validate', found.quickfix, found.us);
  if (jspurefix !== undefined)
    print('jspurefix 5.11.4: view, and the checks of its session', found.jspurefix, found.us);
}

/** What each check costs: each way asks for one thing more than the one before it. */
async function costs(us: Peer): Promise<void> {
  const steps: readonly (readonly [way: string, what: string])[] = [
    ['tokens', 'fields and sum'],
    ['places', '+ places, groups, order, repeats; the message'],
    ['required', '+ required fields'],
    ['forms', '+ forms of values'],
    ['decode', '+ lists of values'],
  ];
  const found = new Map<string, number[]>();
  for (let round = -2; round < rounds; round++) {
    for (const [way] of [...steps, ['needed'] as const]) {
      const micros = await us.round(way);
      if (round >= 0) found.set(way, [...(found.get(way) ?? []), micros]);
    }
  }
  process.stdout.write('\nwhat each check costs (what events need is in all but the first)\n');
  let before = 0;
  for (const [way, what] of steps) {
    const micros = median(found.get(way) ?? []);
    process.stdout.write(
      `${micros.toFixed(2).padStart(8)} µs  ${(micros - before).toFixed(2).padStart(5)}  ${what}\n`,
    );
    before = micros;
  }
  process.stdout.write(
    `${median(found.get('needed') ?? [])
      .toFixed(2)
      .padStart(8)} µs         what events need, alone\n`,
  );
}

/** All types of all versions, those of one type behind one another and mixed; and the corpus, when all of them have been read. */
async function manyVersions(us: Peer): Promise<void> {
  const [sorted, mixed, before, after]: number[][] = [[], [], [], []];
  for (let round = 0; round < rounds; round++) before?.push(await us.round('decode'));
  for (let round = -2; round < rounds; round++) {
    const [one, other] = [await us.round('sorted'), await us.round('mixed')];
    if (round < 0) continue;
    sorted?.push(one);
    mixed?.push(other);
    after?.push(await us.round('decode'));
  }
  process.stdout.write('\nall types of all versions in one process\n');
  print('those of one type behind one another', sorted ?? []);
  print('mixed', mixed ?? [], sorted);
  print('the corpus, before any of them was read', before ?? []);
  print('the corpus, between them', after ?? [], before);
}

/** Median microseconds; where there are others, how many times theirs: median of the rounds, least and most. */
function print(name: string, found: readonly number[], others?: readonly number[]): void {
  const micros = median(found.filter((value) => !Number.isNaN(value)));
  const ratios = found
    .map((value, round) => value / (others?.[round] ?? Number.NaN))
    .filter((ratio) => !Number.isNaN(ratio))
    .toSorted((left, right) => left - right);
  const range = `${median(ratios).toFixed(2)}x  [${ratios[0]?.toFixed(2)}..${ratios.at(-1)?.toFixed(2)}]`;
  process.stdout.write(
    `${micros.toFixed(2).padStart(8)} µs  ${others === undefined ? '' : `${range}  `}${name}\n`,
  );
}

function orNothing(name: string, start: () => Peer): Peer | undefined {
  try {
    return start();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    process.stderr.write(`left out: ${name} (${why})\n`);
    return undefined;
  }
}

/** Where jspurefix is installed for benches alone: in the system's temporary folder, kept for the next run. Never a dependency. */
function jspurefixFolder(): string {
  const kept = join(tmpdir(), `clearport-jspurefix-5.11.4-${process.getuid?.() ?? 0}`);
  if (existsSync(kept)) return kept;
  const made = mkdtempSync(`${kept}-`);
  writeFileSync(join(made, 'package.json'), '{ "private": true }\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync('npm', ['install', ...flags, 'jspurefix@5.11.4'], { cwd: made, stdio: 'pipe' });
  if (existsSync(kept)) rmSync(made, { recursive: true, force: true });
  else renameSync(made, kept);
  return kept;
}
