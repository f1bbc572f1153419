import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { manualClock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { restore } from './backup.ts';
import { openDatabase } from './sqlite.ts';
import { openSqliteLog } from './sqlite-log.ts';
import { all, codeOf, numbered, text } from './suite-drafts.ts';
import { fullLogStart } from './suite-full-log.ts';
import { inlineWriter } from './suite-inline-writer.ts';
import { verifyLog } from './verify.ts';
import type { LogWriter } from './writer.ts';

const inFiles = { ...limits, blockInlineBytesMax: 2_000, blockFileBytesMax: 10_000 };
const large = (from: number, count = 20) =>
  Array.from({ length: count }, (_, at) => numbered(from + at, `body ${from + at} ${'b'.repeat(200)}`));
const blockFiles = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.startsWith('log.db-blocks-'))
    .sort();

/** Five large commits and five small ones; 105 entries. */
async function mixed(directory: string): Promise<void> {
  const log = await openSqliteLog(directory, { limits: inFiles });
  for (let round = 0; round < 5; round++) {
    await log.append('drop', large(1 + round * 100), { position: round });
    await log.append('drop', [numbered(50 + round * 100)]);
  }
  await log.close();
}

function copyOf(directory: string): string {
  const copy = tempDirectory('copy');
  spawnSync('sh', ['-c', 'cp "$0"/log.db* "$1"', directory, copy]);
  return copy;
}

describe('blocks in files', () => {
  test('large commits stand in block files, one behind the other; small ones in the database', async () => {
    const directory = tempDirectory('files');
    await mixed(directory);
    expect(blockFiles(directory)).toEqual(['log.db-blocks-1', 'log.db-blocks-2', 'log.db-blocks-3']);
    const database = openDatabase(join(directory, 'log.db'), true);
    const rows = database.prepare('SELECT count(*) AS n, count(file) AS placed FROM blocks').get();
    database.close();
    expect(rows).toMatchObject({ n: 10, placed: 5 });
    const log = await openSqliteLog(directory, { limits: inFiles });
    expect((await all(log.read())).map(({ bytes }) => text(bytes).slice(0, 8))).toContain('body 415');
    expect(await log.verify()).toMatchObject({ ok: true, entries: 105 });
    expect(await log.append('drop', large(1))).toMatchObject(Array(20).fill({ outcome: 'repeated' }));
    await log.append('drop', large(600));
    expect(await log.verify()).toMatchObject({ ok: true, entries: 125 });
    await log.close();
  });

  test('a backup is one file, and comes back', async () => {
    const directory = tempDirectory('files');
    await mixed(directory);
    const log = await openSqliteLog(directory, { limits: inFiles });
    const target = join(tempDirectory('backup'), 'copy.db');
    expect(await log.backup(target)).toMatchObject({ ok: true, entries: 105 });
    await log.close();
    const place = join(tempDirectory('restored'), 'data');
    expect(await restore(target, place)).toMatchObject({ ok: true, entries: 105 });
    expect(blockFiles(place)).toEqual([]);
    // A directory is restored from with its block files.
    const other = join(tempDirectory('restored'), 'data');
    expect(await restore(directory, other)).toMatchObject({ ok: true, entries: 105 });
  });

  test('any changed, missing or cut byte is found, and nothing wrong is read', async () => {
    const directory = tempDirectory('files');
    await mixed(directory);
    const truth = new Map<number, string>();
    const whole = await openSqliteLog(directory, { readOnly: true });
    for await (const entry of whole.read()) truth.set(entry.offset, text(entry.bytes));
    await whole.close();
    const seed = randomInt(2 ** 31);
    for (let round = 0; round < 60; round++) {
      const copy = copyOf(directory);
      const name = blockFiles(copy)[(seed + round) % 3] ?? '';
      damage(join(copy, name), seed + round * 7919, round % 4);
      const { ok } = await verifyLog(join(copy, 'log.db'), []);
      expect(ok, `seed ${seed}, round ${round}`).toBe(false);
      await readsOnly(copy, truth);
    }
  });

  test('what a killed writer left behind the last block is taken away', async () => {
    const directory = tempDirectory('files');
    await mixed(directory);
    const last = join(directory, 'log.db-blocks-3');
    const whole = readFileSync(last);
    writeFileSync(last, Buffer.concat([whole, Buffer.alloc(50_000, 7)]));
    writeFileSync(join(directory, 'log.db-blocks-4'), Buffer.alloc(50_000, 7));
    const log = await openSqliteLog(directory, { limits: inFiles });
    expect(readFileSync(last).equals(whole)).toBe(true);
    expect(readFileSync(join(directory, 'log.db-blocks-4'))).toHaveLength(0);
    await log.append('drop', large(600));
    expect(await log.verify()).toMatchObject({ ok: true, entries: 125 });
    await log.close();
  });

  test('block files that the log does not know are left alone', async () => {
    const directory = tempDirectory('files');
    await mixed(directory);
    const foreign = join(directory, 'log.db-blocks-9');
    writeFileSync(foreign, 'of another log');
    const log = await openSqliteLog(directory, { limits: inFiles });
    await log.append('drop', large(600));
    expect(await log.verify()).toMatchObject({ ok: true, entries: 125 });
    await log.close();
    expect(readFileSync(foreign, 'latin1')).toBe('of another log');
    expect(blockFiles(directory)).toContain('log.db-blocks-10');
  });

  test('a group that fails at its end leaves its place to the next one', async () => {
    const writers: LogWriter[] = [];
    const directory = tempDirectory('files');
    const writer = inlineWriter((one) => writers.push(one));
    const log = await openSqliteLog(directory, { limits: inFiles, writer });
    await log.append('drop', large(1));
    const database = writers[0]?.database;
    database?.exec(
      "CREATE TEMP TRIGGER full BEFORE INSERT ON ranges BEGIN SELECT RAISE(FAIL, 'no room'); END",
    );
    expect(await codeOf(log.append('drop', large(100)))).toContain('no room');
    database?.exec('DROP TRIGGER full');
    await log.head('drop');
    await log.append('drop', large(200));
    expect(await log.verify()).toMatchObject({ ok: true, entries: 40 });
    await log.close();
  });
});

describe('bytes that expire', () => {
  test('leave the block files too, and files that hold nothing else go', async () => {
    const directory = tempDirectory('files');
    const clock = manualClock(fullLogStart);
    const log = await openSqliteLog(directory, { limits: inFiles, clock });
    for (let round = 0; round < 4; round++) {
      await log.append('drop', large(1 + round * 100));
      clock.advance(1_000_000);
    }
    expect(blockFiles(directory)).toHaveLength(2);
    expect(await log.expireBytes(fullLogStart + 2_500_000)).toBe(3);
    expect(blockFiles(directory)).toEqual(['log.db-blocks-2']);
    expect(readFileSync(join(directory, 'log.db-blocks-2'), 'latin1')).toContain('body 301');
    expect(await log.verify()).toMatchObject({ ok: true, expired: 60, entries: 81 });
    const entries = await all(log.read({ channel: 'drop' }));
    expect(entries.map(({ storage }) => storage)).toEqual([
      ...Array(60).fill('expired'),
      ...Array(20).fill('inline'),
    ]);
    expect(text(entries[0]?.events[0] ?? new Uint8Array())).toContain('event of body 1');
    await log.append('drop', large(600));
    expect(await log.verify()).toMatchObject({ ok: true });
    await log.close();
  });

  test('are overwritten at the next start where a kill came between', async () => {
    const directory = tempDirectory('files');
    const file = join(directory, 'log.db-blocks-1');
    const clock = manualClock(fullLogStart);
    const log = await openSqliteLog(directory, { limits: inFiles, clock });
    await log.append('drop', large(1));
    clock.advance(1_000_000);
    const before = readFileSync(file);
    await log.expireBytes(clock.now());
    await log.close();
    // As the writer has it after its commit, before it touches the file.
    writeFileSync(file, before);
    const database = openDatabase(join(directory, 'log.db'), false);
    database.prepare('INSERT OR REPLACE INTO erasures VALUES (1, 0, ?, 0)').run(before.length);
    database.close();
    expect(readFileSync(file, 'latin1')).toContain('body 1 ');
    const again = await openSqliteLog(directory, { limits: inFiles });
    expect(await again.verify()).toMatchObject({ ok: true, expired: 20 });
    await again.close();
    expect(readFileSync(file, 'latin1')).not.toContain('body');
  });

  test('are not outlived by what a killed writer wrote when all had expired', async () => {
    const directory = tempDirectory('files');
    const clock = manualClock(fullLogStart);
    const log = await openSqliteLog(directory, { limits: inFiles, clock });
    await log.append('drop', large(1));
    clock.advance(1_000_000);
    await log.expireBytes(clock.now());
    await log.close();
    const [last = ''] = blockFiles(directory).slice(-1);
    // Written, and not committed: no row names it.
    appendFileSync(join(directory, last), 'left behind');
    await (await openSqliteLog(directory, { limits: inFiles })).close();
    expect(readFileSync(join(directory, last), 'latin1')).toBe('');
  });

  test('are not outlived by it where a killed writer has driven the numbers of files on before', async () => {
    const directory = tempDirectory('files');
    const clock = manualClock(fullLogStart);
    const limits = { ...inFiles, blockFileBytesMax: 10_000 };
    await (await openSqliteLog(directory, { limits, clock })).close();
    // A group that was larger than one file, and was never committed.
    writeFileSync(join(directory, 'log.db-blocks-1'), Buffer.alloc(12_000, 7));
    writeFileSync(join(directory, 'log.db-blocks-2'), Buffer.alloc(3_000, 7));
    const log = await openSqliteLog(directory, { limits, clock });
    for (let round = 0; round < 6; round++) {
      await log.append('drop', large(1 + round * 100));
      clock.advance(1_000_000);
    }
    await log.expireBytes(clock.now());
    await log.close();
    const [last = ''] = blockFiles(directory).slice(-1);
    appendFileSync(join(directory, last), 'left behind');
    await (await openSqliteLog(directory, { limits })).close();
    expect(readFileSync(join(directory, last), 'latin1')).toBe('');
  });
});

test('what a writer wrote that was killed before the first commit is taken away', async () => {
  const directory = tempDirectory('files');
  await (await openSqliteLog(directory, { limits: inFiles })).close();
  const file = join(directory, 'log.db-blocks-1');
  writeFileSync(file, 'left behind');
  const log = await openSqliteLog(directory, { limits: inFiles });
  expect(readFileSync(file, 'latin1')).toBe('');
  await log.append('drop', large(1));
  expect(await log.verify()).toMatchObject({ ok: true });
  await log.close();
});

test('a log of the first version is taken up: what it holds stays as it is', async () => {
  const directory = tempDirectory('files');
  const first = await openSqliteLog(directory);
  await first.append('drop', [numbered(1)]);
  await first.close();
  const database = openDatabase(join(directory, 'log.db'), false);
  database.exec('DROP INDEX blocks_by_file; DROP TABLE erasures; PRAGMA user_version = 1');
  for (const name of ['file', 'at', 'meta_size', 'bytes_size'])
    database.exec(`ALTER TABLE blocks DROP COLUMN ${name}`);
  database.close();
  expect(await codeOf(openSqliteLog(directory, { readOnly: true }))).toBe('LOG_VERSION');
  const log = await openSqliteLog(directory, { limits: inFiles });
  await log.append('drop', large(100));
  expect(await log.verify()).toMatchObject({ ok: true, entries: 21 });
  await log.close();
});

function damage(path: string, where: number, how: number): void {
  const bytes = readFileSync(path);
  const at = where % bytes.length;
  if (how === 0) rmSync(path);
  else if (how === 1) truncateSync(path, at);
  else {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (where % 8));
    writeFileSync(path, bytes);
  }
}

/** Whatever is read is what was written; the first damage ends the reading. */
async function readsOnly(directory: string, truth: ReadonlyMap<number, string>): Promise<void> {
  const log = await openSqliteLog(directory, { readOnly: true });
  const code = await codeOf(
    (async () => {
      for await (const { offset, bytes } of log.read()) expect(text(bytes)).toBe(truth.get(offset));
    })(),
  );
  expect(code).toBe('LOG_DAMAGED');
  await log.close();
}
