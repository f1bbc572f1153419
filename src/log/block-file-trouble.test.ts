import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { manualClock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { restore } from './backup.ts';
import { sha256Bytes } from './block.ts';
import { placeBytesMax } from './block-files.ts';
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
const blockFile = (directory: string, file = 1): string => join(directory, `log.db-blocks-${file}`);

/** A log whose writer runs on this thread, and that writer. */
async function openInline(directory: string, clock = manualClock(fullLogStart)) {
  const writers: LogWriter[] = [];
  const writer = inlineWriter((one) => writers.push(one));
  const log = await openSqliteLog(directory, { limits: inFiles, writer, clock });
  const database = writers[0]?.database;
  if (database === undefined) throw new Error('there is no writer');
  return { log, database, clock };
}

/** What SQLite says of a write-ahead log that could not be synced: SQLITE_IOERR_FSYNC. Nothing is known of the commit then. */
function failCommitOnce(database: { exec(sql: string): void }): void {
  const exec = database.exec.bind(database);
  database.exec = (sql) => {
    if (sql !== 'COMMIT') return exec(sql);
    database.exec = exec;
    throw Object.assign(new Error('disk I/O error'), { errcode: 1034 });
  };
}

describe('what a writer leaves where it may be needed', () => {
  test('a commit that could not be synced may come back: its place is not written over', async () => {
    const directory = tempDirectory('files');
    const { log, database } = await openInline(directory);
    await log.append('drop', large(1, 5));
    failCommitOnce(database);
    expect(await codeOf(log.append('drop', large(100, 5)))).toBe('LOG_IO');
    await log.head('drop');
    await log.append('drop', large(200, 5));
    const inFile = readFileSync(blockFile(directory), 'latin1');
    expect(['body 1 ', 'body 100 ', 'body 200 '].map((body) => inFile.includes(body))).toEqual([
      true,
      true,
      true,
    ]);
    expect(await log.verify()).toMatchObject({ ok: true, entries: 10 });
    await log.close();
  });

  test('a place that is still to be erased takes no block', async () => {
    const directory = tempDirectory('files');
    const { log, database, clock } = await openInline(directory);
    await log.append('drop', large(1));
    const { size } = statSync(blockFile(directory));
    clock.advance(1_000_000);
    await log.expireBytes(clock.now());
    // As it stands when the place could not be overwritten, and then a commit fails.
    database.prepare('INSERT OR REPLACE INTO erasures VALUES (1, 0, ?, 0)').run(size);
    database.exec("CREATE TEMP TRIGGER full BEFORE INSERT ON ranges BEGIN SELECT RAISE(FAIL, 'no'); END");
    expect(await codeOf(log.append('drop', large(100)))).toContain('no');
    database.exec('DROP TRIGGER full');
    await log.head('drop');
    await log.append('drop', large(200));
    await log.expireBytes(fullLogStart);
    expect(await log.verify()).toMatchObject({ ok: true, expired: 20 });
    expect(
      (await all(log.read({ channel: 'drop' }))).slice(-1).map(({ bytes }) => text(bytes)),
    ).toMatchObject([expect.stringContaining('body 219')]);
    await log.close();
  });

  test('a file that was erased before a kill is removed at the next start', async () => {
    const directory = tempDirectory('files');
    const { log, clock } = await openInline(directory);
    await log.append('drop', large(1, 60));
    clock.advance(1_000_000);
    await log.append('drop', large(100));
    const before = readFileSync(blockFile(directory));
    await log.expireBytes(clock.now());
    await log.close();
    writeFileSync(blockFile(directory), before);
    const database = openDatabase(join(directory, 'log.db'), false);
    database.prepare('INSERT OR REPLACE INTO erasures VALUES (1, 0, ?, 0)').run(before.length);
    database.close();
    const again = await openSqliteLog(directory, { limits: inFiles });
    expect(await again.verify()).toMatchObject({ ok: true, expired: 60 });
    await again.close();
    expect(() => statSync(blockFile(directory))).toThrow('ENOENT');
  });

  test('a block of more than is read from a file stands in its row', { timeout: 60_000 }, async () => {
    const directory = tempDirectory('files');
    const log = await openSqliteLog(directory, { limits: inFiles });
    const events = [new Uint8Array(placeBytesMax + 1).fill(7)];
    const [appended] = await log.append('drop', [numbered(1, 'giant', { events })]);
    const read = await log.get(appended?.offset ?? 0);
    expect(read?.events[0]?.length).toBe(placeBytesMax + 1);
    expect(await log.verify()).toMatchObject({ ok: true, entries: 1 });
    await log.close();
  });
});

describe('a damaged block file', () => {
  test('makes no conflict of a repeat', async () => {
    const directory = tempDirectory('files');
    const log = await openSqliteLog(directory, { limits: inFiles });
    await log.append('drop', large(1));
    const bytes = readFileSync(blockFile(directory));
    const at = bytes.indexOf(sha256Bytes(large(3)[0]?.bytes ?? new Uint8Array()));
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(blockFile(directory), bytes);
    expect(at).toBeGreaterThan(0);
    expect(await codeOf(log.append('drop', large(1)))).toBe('LOG_DAMAGED');
    expect(await codeOf(log.find('drop', numbered(3).origin))).toBe('LOG_DAMAGED');
    await log.close();
  });

  test('that keeps a log from being opened leaves no file of it open', async () => {
    const directory = tempDirectory('files');
    const log = await openSqliteLog(directory, { limits: inFiles });
    await log.append('drop', large(1));
    await log.close();
    writeFileSync(blockFile(directory), readFileSync(blockFile(directory)).fill(7, 100, 200));
    expect(await codeOf(openSqliteLog(directory, { writer: inlineWriter() }))).toBe('LOG_DAMAGED');
    const files = spawnSync('ls', ['-l', `/proc/${process.pid}/fd`], { encoding: 'utf8' }).stdout;
    expect(files).toContain('socket:');
    expect(files).not.toContain(directory);
  });

  test('that cannot be read is the log s error, and a finding', async () => {
    const directory = tempDirectory('files');
    const log = await openSqliteLog(directory, { limits: inFiles });
    await log.append('drop', large(1));
    renameSync(blockFile(directory), join(directory, 'away'));
    mkdirSync(blockFile(directory));
    await log.close();
    const reader = await openSqliteLog(directory, { readOnly: true });
    expect(await codeOf(all(reader.read()))).toBe('LOG_IO');
    expect(await reader.verify()).toMatchObject({ ok: false });
    await reader.close();
  });
});

describe('bytes that expire while somebody goes through the log', () => {
  /** 60 commits in block files with a blob each, on a writer of this thread: it works between two turns of a reader. */
  async function expiring() {
    const directory = tempDirectory('files');
    const opened = await openInline(directory);
    for (let round = 0; round < 60; round++) {
      const blob = numbered(90 + round * 100, 'w'.repeat(limits.entryBytesInlineMax + 1), { events: [] });
      await opened.log.append('drop', [...large(1 + round * 100), ...(round % 20 === 0 ? [blob] : [])]);
    }
    opened.clock.advance(1_000_000);
    return { ...opened, directory };
  }

  test('verify finds nothing wrong', { timeout: 60_000 }, async () => {
    const { log, clock } = await expiring();
    const verified = log.verify();
    expect(await log.expireBytes(clock.now())).toBe(60);
    expect(await verified).toMatchObject({ ok: true, findings: [] });
    expect(await log.verify()).toMatchObject({ ok: true, expired: 1203 });
    await log.close();
  });

  test('a backup is whole', { timeout: 60_000 }, async () => {
    const { log, clock } = await expiring();
    const targets = Array.from({ length: 3 }, () => join(tempDirectory('backup'), 'copy.db'));
    const copies = targets.map((target) => log.backup(target));
    while (!targets.some((target) => existsSync(target) && statSync(target).size > 0)) await sleep(1);
    expect(await log.expireBytes(clock.now())).toBe(60);
    for (const copy of copies) expect(await copy).toMatchObject({ ok: true, findings: [] });
    await log.close();
  });
});

describe('backups', () => {
  test('are for their user alone, and so is what is restored of them', async () => {
    const directory = tempDirectory('files');
    const log = await openSqliteLog(directory, { limits: inFiles });
    await log.append('drop', large(1));
    const target = join(tempDirectory('backup'), 'copy.db');
    await log.backup(target);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(statSync(blockFile(directory)).mode & 0o777).toBe(0o600);
    expect(await codeOf(log.backup(target))).toBe('LOG_EXISTS');
    await log.close();
    const place = join(tempDirectory('restored'), 'data');
    await restore(target, place);
    expect(statSync(join(place, 'log.db')).mode & 0o777).toBe(0o600);
  });

  test('of the first version come back', async () => {
    const directory = tempDirectory('files');
    const log = await openSqliteLog(directory);
    await log.append('drop', [numbered(1), numbered(2)]);
    await log.close();
    const backup = join(directory, 'log.db');
    const database = openDatabase(backup, false);
    database.exec('DROP INDEX blocks_by_file; DROP TABLE erasures; PRAGMA user_version = 1');
    for (const name of ['file', 'at', 'meta_size', 'bytes_size'])
      database.exec(`ALTER TABLE blocks DROP COLUMN ${name}`);
    database.close();
    const place = join(tempDirectory('restored'), 'data');
    expect(await restore(backup, place)).toMatchObject({ ok: true, entries: 2 });
    expect(await verifyLog(join(place, 'log.db'), [])).toMatchObject({ ok: true });
  });

  test('do not come back over the block files of another log', async () => {
    const directory = tempDirectory('files');
    const log = await openSqliteLog(directory, { limits: inFiles });
    await log.append('drop', large(1));
    const target = join(tempDirectory('backup'), 'copy.db');
    await log.backup(target);
    await log.close();
    rmSync(join(directory, 'log.db'));
    expect(await codeOf(restore(target, directory))).toBe('LOG_EXISTS');
    rmSync(blockFile(directory));
    // What a restore that was killed left is nothing to the next one.
    for (const suffix of ['', '-journal', '-wal'])
      writeFileSync(join(directory, `log.db.restoring${suffix}`), 'half');
    expect(await restore(target, directory)).toMatchObject({ ok: true });
    expect(readdirSync(directory).filter((name) => name.includes('restoring'))).toEqual([]);
  });
});
