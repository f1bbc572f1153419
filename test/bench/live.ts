import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSqliteLog } from '../../src/log/index.ts';
import { corpusStream, fixCorpus } from './fix-corpus.ts';
import { makeParties, type Parties, type Receiving, startGateway, startQuickfix } from './live-parties.ts';
import { cpuMicros, residentMib, start } from './live-process.ts';

/**
 * The live way, from the socket to the durable log, in processes of their own: the gateway as users configure it against
 * QuickFIX C++ as users configure that, each fed by the same program with the same stream. `npm run bench -- live`, or one
 * part alone: `… live.ts --only throughput|paced|roundtrip|memory`. CPU time is that of all threads.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    messages: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '100000' },
    views: { type: 'boolean', default: false },
  },
});
/** A corpus that is sent several times where more are asked for: its numbers go on. */
const corpusMessages = 200_000;
const rounds = Number(values.rounds);
const messages = Number(values.messages);
const parts: Readonly<Record<string, (parties: Parties) => Promise<void>>> = {
  throughput: benchThroughput,
  paced: benchPaced,
  roundtrip: benchRoundTrip,
  memory: benchMemory,
};

const folder = mkdtempSync(join(process.env['BENCH_DIRECTORY'] ?? tmpdir(), 'clearport-live-'));
try {
  const parties = makeParties(folder);
  for (const [name, bench] of Object.entries(parts)) {
    if (values.only === undefined || values.only === name) await bench(parties);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function streamOf(count: number): string {
  const path = join(folder, `stream-${count}`);
  writeFileSync(path, corpusStream(fixCorpus({ messages: count })));
  return path;
}

/** CPU of all threads for each message, from the first byte to the last durable entry; QuickFIX to its last counted one. */
async function benchThroughput(parties: Parties): Promise<void> {
  const times = Math.max(1, Math.floor(messages / corpusMessages));
  const stream = streamOf(messages / times);
  const ours: number[] = [];
  const theirs: number[] = [];
  const wall: number[] = [];
  const gateway = async (flags: readonly string[] = []): Promise<number> => {
    const receiving = await startGateway(parties, { stream, times }, flags);
    const { micros, seconds } = await timed(receiving);
    if (flags.length === 0) wall.push(seconds);
    await requireSound(receiving.data);
    return micros;
  };
  for (let round = 0; round < rounds; round++) {
    const mine = await gateway();
    const peer = (await timed(await startQuickfix(parties, { stream, times }, messages))).micros;
    ours.push(mine);
    theirs.push(peer);
    say(`round ${round + 1}: ${mine.toFixed(2)} µs, QuickFIX ${peer.toFixed(2)} µs`);
  }
  const ratios = ours.map((mine, round) => (theirs[round] ?? 0) / mine);
  say(`socket to durable, ${messages} messages: ${shown(ours)} µs of CPU a message (all threads)`);
  say(`QuickFIX C++ initiator, FileStore: ${shown(theirs)} µs; times faster: ${shown(ratios)}`);
  say(`wall: ${shown(wall.map((seconds) => messages / seconds / 1000))} thousand messages a second`);
  if (values.views)
    say(`the same with all views folding beside it: ${shown([await gateway(['--views'])])} µs`);
}

async function timed(receiving: Receiving): Promise<{ readonly micros: number; readonly seconds: number }> {
  const { receiver, blaster } = receiving;
  const before = cpuMicros(receiver.pid);
  const from = performance.now();
  blaster.tell('go');
  await Promise.race([receiving.received(messages), receiver.over]);
  const micros = (cpuMicros(receiver.pid) - before) / messages;
  const seconds = (performance.now() - from) / 1000;
  await receiving.end();
  return { micros, seconds };
}

/** A log is only as fast as it is right: verified whole, with a message and its events for each that was sent. */
async function requireSound(data: string, count = messages): Promise<void> {
  const log = await openSqliteLog(data, { readOnly: true });
  try {
    const { ok, findings } = await log.verify();
    if (!ok) throw new Error(`the log does not verify: ${findings[0]?.message}`);
    let told = 0;
    for await (const { kind, direction, events } of log.read()) {
      if (direction === 'in' && kind === 'message' && events.length > 0) told++;
    }
    if (told !== count) throw new Error(`${count} messages were sent, ${told} have events`);
  } finally {
    await log.close();
  }
  rmSync(data, { recursive: true });
}

/** Messages that are due one by one: from when each was due until it was durable. Checkpoints are signed every second. */
async function benchPaced(parties: Parties): Promise<void> {
  const rate = Number(values.rate);
  const seconds = 5;
  const stream = streamOf(rate);
  // The compiler of a new process is not what is measured.
  const warm = 2 * rate;
  const total = warm + rate * seconds;
  const key = join(folder, 'key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  for (let round = 0; round < rounds; round++) {
    const times = join(folder, `times-${round}`);
    const receiving = await startGateway(parties, { stream, rate, times: seconds + 2, warm }, [
      '--times',
      times,
      '--key',
      key,
    ]);
    receiving.blaster.tell('go');
    await receiving.received(warm);
    receiving.blaster.tell('go on');
    const begin = Number(await receiving.blaster.said('begin'));
    await receiving.received(total);
    await receiving.end();
    await requireSound(receiving.data, total);
    const lags = lagsOf(JSON.parse(readFileSync(times, 'latin1')), begin, rate, warm);
    const text = [0.5, 0.99, 0.999, 1].map((part) => `${at(lags, part).toFixed(2)} ms`).join(' / ');
    say(`${rate} messages a second, socket to durable: p50 / p99 / p99.9 / max ${text}`);
  }
}

/** Milliseconds from when each message was due until its commit was answered, in order of size. */
function lagsOf(durable: readonly number[], begin: number, rate: number, warm: number): Float64Array {
  const lags: number[] = [];
  for (let commit = 0; commit < durable.length; commit += 2) {
    const [when = 0, nextIn = 0] = durable.slice(commit, commit + 2);
    // MsgSeqNum(34) 2 is the first of the stream; those that went ahead are not measured.
    while (lags.length < nextIn - 2 - warm) lags.push((when - begin) / 1e6 - (lags.length * 1000) / rate);
  }
  return Float64Array.from(lags).sort();
}

function at(sorted: Float64Array, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** TestRequest(1) to Heartbeat(0) on a raw socket, everybody on one core, both engines with a store in memory. */
async function benchRoundTrip(parties: Parties): Promise<void> {
  const count = 20_000;
  const ours: number[][] = [];
  const theirs: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    const acceptor = start('taskset', ['-c', '1', process.execPath, parties.acceptor]);
    const port = await acceptor.said('port');
    ours.push(roundTrips(parties, port, count));
    await acceptor.end();
    theirs.push(await quickfixRoundTrips(parties, count));
  }
  const [p50, p99] = [0, 1].map((part) => {
    const mine = ours.map((round) => round[part] ?? 0);
    const peer = theirs.map((round) => round[part] ?? 0);
    return { mine, peer, ratio: mine.map((value, round) => value / (peer[round] ?? 1)) };
  });
  for (const [name, part] of [
    ['p50', p50],
    ['p99', p99],
  ] as const) {
    if (part === undefined) continue;
    say(
      `round trip ${name}: ${shown(part.mine)} µs, QuickFIX ${shown(part.peer)} µs, of its time ${shown(part.ratio)}`,
    );
  }
}

async function quickfixRoundTrips(parties: Parties, count: number): Promise<number[]> {
  const port = String(20_000 + Math.floor(Math.random() * 10_000));
  const args = ['acceptor', port, 'memory', folder, parties.dictionary, '0'];
  const acceptor = start('taskset', ['-c', '1', parties.quickfix, ...args]);
  await acceptor.said('ready');
  const found = roundTrips(parties, port, count);
  await acceptor.end();
  return found;
}

function roundTrips(parties: Parties, port: string, count: number): number[] {
  const said = execFileSync('taskset', ['-c', '1', parties.roundTrip, port, String(count)], {
    encoding: 'utf8',
  });
  return said.trim().split(' ').map(Number);
}

/** Resident memory of the gateway's process when this many messages are durable. */
async function benchMemory(parties: Parties): Promise<void> {
  const [few, many] = [corpusMessages, 5 * corpusMessages];
  const receiving = await startGateway(parties, { stream: streamOf(few), times: 5 });
  receiving.blaster.tell('go');
  await receiving.received(few);
  const before = residentMib(receiving.receiver.pid);
  await receiving.received(many);
  const after = residentMib(receiving.receiver.pid);
  await receiving.end();
  await requireSound(receiving.data, many);
  const ratio = (after / before).toFixed(2);
  say(
    `resident memory: ${before.toFixed(0)} MiB at ${few} messages, ${after.toFixed(0)} at ${many}: ${ratio}`,
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The median, and the range. */
function shown(values: readonly number[]): string {
  const sorted = values.toSorted((left, right) => left - right);
  const [low = 0, high = 0] = [sorted[0], sorted.at(-1)];
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `${median.toFixed(2)} [${low.toFixed(2)}..${high.toFixed(2)}]`;
}
