import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { feedLayouts, fileBytes, tradeDays } from '../../certification/simulators/trade-day/index.ts';
import { iso15022 } from '../../codecs/iso15022/index.ts';
import { iso20022 } from '../../codecs/iso20022/index.ts';
import { records } from '../../codecs/records/index.ts';
import { dayProjections } from '../../src/cli/projections.ts';
import { keepTradeDays } from '../../src/cli/testing/trade-day-log.ts';
import type { Codec } from '../../src/contract/codec.ts';
import { limits } from '../../src/core/limits.ts';
import { encodeEvent } from '../../src/events/index.ts';
import { openProjections, openSqliteLog } from '../../src/log/index.ts';
import { sampleContext } from '../sample-context.ts';

/**
 * What a trade day costs beside FIX: record files judged and booked, settlement messages, and the views of a whole day
 * from nothing. Against what everybody has: cutting the lines into words, and the XML parser alone on the same bytes.
 */
const rounds = Number(process.argv[2] ?? 5);
const executions = 20_000;
const days = tradeDays({ seed: 20, executions, leaveOut: [] });

files();
messages();
await views();

function files(): void {
  const file = days.play.files.find(({ id }) => id === 'activity-first');
  if (file === undefined) return;
  const bytes = Buffer.from(fileBytes(file));
  const { codec } = records.open(feedLayouts[file.content.feed]);
  if (codec === undefined) return;
  const lines = bytes.toString('latin1').split('\n').length - 1;
  const stages: [string, () => void][] = [
    ['words of each line, for comparison', () => words(bytes)],
    ['judged whole', () => judged(codec, bytes)],
    ['decode, normalize, encode events', () => booked(codec, bytes)],
  ];
  told(`${file.content.feed}, ${lines} records`, lines, stages);
}

function messages(): void {
  const all = [...days.play.holiday, ...days.play.morning].map(({ bytes }) => bytes);
  const mx = all.filter((bytes) => iso20022.recognizes?.(bytes) === true);
  const mt = all.filter((bytes) => iso15022.recognizes?.(bytes) === true);
  told('sese.024', mx.length, [
    ['the XML parser alone, for comparison', () => each(mx, parsed)],
    ['decode, normalize, encode events', () => each(mx, (bytes) => meaningOf(iso20022, bytes, undefined))],
  ]);
  told('MT548', mt.length, [
    ['words of each line, for comparison', () => each(mt, words)],
    ['decode, normalize, encode events', () => each(mt, (bytes) => meaningOf(iso15022, bytes, undefined))],
  ]);
}

async function views(): Promise<void> {
  const place = mkdtempSync(join(process.env['BENCH_DIRECTORY'] ?? tmpdir(), 'clearport-bench-'));
  const log = await openSqliteLog(place);
  try {
    await keepTradeDays(log, { executions });
    const entries = (await log.heads()).reduce((sum, { sequence }) => sum + sequence, 0);
    const start = performance.now();
    const folded = await openProjections(place, log, { projections: dayProjections() });
    await folded.catchUp();
    const seconds = (performance.now() - start) / 1000;
    await folded.close();
    const rate = Math.round(entries / seconds).toLocaleString('en-US');
    process.stdout.write(
      `all views of ${executions} executions (${entries} entries), from nothing: ${seconds.toFixed(1)} s, ${rate} entries/s\n`,
    );
  } finally {
    await log.close();
    rmSync(place, { recursive: true, force: true });
  }
}

function told(what: string, count: number, stages: readonly (readonly [string, () => void])[]): void {
  const times = stages.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [at, [, run]] of stages.entries()) {
      const from = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(from);
      if (round >= 0) times[at]?.push((user + system) / count);
    }
  }
  const peer = median(times[0] ?? []);
  process.stdout.write(`${what}\n`);
  for (const [at, [stage]] of stages.entries()) {
    const micros = median(times[at] ?? []);
    process.stdout.write(`  ${stage}: ${micros.toFixed(1)} µs, ratio ${(micros / peer).toFixed(1)}\n`);
  }
}

function judged(codec: Codec, bytes: Uint8Array): void {
  const judgement = codec.file?.open(limits);
  for (const cut of codec.framer.open(limits).feed(bytes, true)) judgement?.add(cut);
  if (judgement?.verdict().issues.length !== 0) throw new Error('the file was refused');
}

function booked(codec: Codec, bytes: Uint8Array): void {
  for (const cut of codec.framer.open(limits).feed(bytes, true)) {
    if (cut.kind === 'frame') meaningOf(codec, cut.bytes, cut.context);
  }
}

function each(all: readonly Uint8Array[], act: (bytes: Uint8Array) => void): void {
  for (const bytes of all) act(bytes);
}

function meaningOf(
  codec: Codec,
  bytes: Uint8Array,
  context: Parameters<Codec['decode']>[0]['context'],
): void {
  const { message } = codec.decode(context === undefined ? { bytes } : { bytes, context });
  if (message === undefined) throw new Error('not read');
  codec.normalize(message, sampleContext).map(encodeEvent);
}

function words(bytes: Uint8Array): void {
  for (const line of Buffer.from(bytes).toString('latin1').split('\n')) line.split(/[ |:]+/);
}

function parsed(bytes: Uint8Array): void {
  new SaxesParser({ xmlns: true }).write(Buffer.from(bytes).toString('utf8')).close();
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
