import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntryDraft } from '../../src/contract/entry.ts';
import { openSqliteLog } from '../../src/log/index.ts';

/**
 * What it costs to append 500-byte records durably: the entry log against a plain file with `fdatasync`, at 1, 16 and 256
 * records a commit. The two take turns inside a round, so that their ratio holds on a machine that others use too.
 * Then: many callers at once, and reading all of it back.
 */
const recordBytes = 500;
const batches = [
  { size: 1, count: 2_000 },
  { size: 16, count: 20_000 },
  { size: 256, count: 100_000 },
] as const;
const rounds = Number(process.argv[2] ?? 5);

const directory = mkdtempSync(join(process.env['BENCH_DIRECTORY'] ?? tmpdir(), 'clearport-bench-'));
try {
  for (const { size, count } of batches) await compare(size, count);
  await manyCallers(256, 100_000);
  await replay(200_000);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function compare(size: number, count: number): Promise<void> {
  const results: { readonly file: number; readonly log: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const place = join(directory, `${size}-${round}`);
    results.push({ file: fileRate(`${place}.bin`, size, count), log: await logRate(place, size, count) });
  }
  const [file, log] = [median(results.map((one) => one.file)), median(results.map((one) => one.log))];
  const ratio = median(results.map((one) => one.log / one.file));
  const text = `batch ${size}: file + fdatasync ${shown(file)}/s, entry log ${shown(log)}/s, ratio ${ratio.toFixed(2)}`;
  process.stdout.write(`${text}\n`);
}

function fileRate(path: string, size: number, count: number): number {
  const file = openSync(path, 'w');
  const batch = Buffer.alloc(size * (recordBytes + 20), 7);
  const start = performance.now();
  for (let done = 0; done < count; done += size) {
    writeSync(file, batch);
    fdatasyncSync(file);
  }
  const seconds = (performance.now() - start) / 1000;
  closeSync(file);
  return count / seconds;
}

async function logRate(place: string, size: number, count: number): Promise<number> {
  const log = await openSqliteLog(place);
  const drafts = recordsOf(count);
  const start = performance.now();
  for (let done = 0; done < count; done += size) {
    await log.append('bench', drafts.slice(done, done + size), { position: done });
  }
  const seconds = (performance.now() - start) / 1000;
  await log.close();
  return count / seconds;
}

/** As many callers, each with one record at a time, as sessions and files have it. */
async function manyCallers(callers: number, count: number): Promise<void> {
  const log = await openSqliteLog(join(directory, 'callers'));
  const drafts = recordsOf(count);
  const start = performance.now();
  let next = 0;
  const call = async (): Promise<void> => {
    for (let draft = drafts[next++]; draft !== undefined; draft = drafts[next++])
      await log.append('bench', [draft]);
  };
  await Promise.all(Array.from({ length: callers }, call));
  const seconds = (performance.now() - start) / 1000;
  await log.close();
  process.stdout.write(`${callers} callers with one record each: ${shown(count / seconds)}/s\n`);
}

async function replay(count: number): Promise<void> {
  const log = await openSqliteLog(join(directory, 'replay'));
  const drafts = recordsOf(count);
  for (let done = 0; done < count; done += 2_000) await log.append('bench', drafts.slice(done, done + 2_000));
  let start = performance.now();
  let read = 0;
  for await (const _entry of log.read()) read += 1;
  const readSeconds = (performance.now() - start) / 1000;
  start = performance.now();
  const { ok, bytes } = await log.verify();
  const verifySeconds = (performance.now() - start) / 1000;
  await log.close();
  const text = `read ${shown(read / readSeconds)}/s; verify ${shown(count / verifySeconds)}/s, ok ${ok}, ${bytes} bytes of messages`;
  process.stdout.write(`${text}\n`);
}

function recordsOf(count: number): EntryDraft[] {
  return Array.from({ length: count }, (_, at) => ({
    kind: 'message' as const,
    direction: 'in' as const,
    origin: { scope: 'FIRM-OPS/1/in', ordinal: at + 1 },
    receivedAt: 1_790_000_000_000_000 + at,
    bytes: Buffer.alloc(recordBytes, at % 251),
    digest: (at + 1).toString(16).padStart(64, '0'),
    type: '8',
  }));
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

function shown(rate: number): string {
  return Math.round(rate).toLocaleString('en-US');
}
