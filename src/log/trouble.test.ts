import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startChild } from '../../test/support/child.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { GatewayError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { logIssues } from './issues.ts';
import { schemaVersion } from './schema.ts';
import { openDatabase } from './sqlite.ts';
import { openSqliteLog, type SqliteLog } from './sqlite-log.ts';
import { all, codeOf, numbered } from './suite-drafts.ts';
import { inlineWriter } from './suite-inline-writer.ts';
import type { LogWriter } from './writer.ts';
import { startWriter } from './writer-port.ts';

/** The whole error: its code stands in the table, and it names the place and the mend. */
async function errorOf(promise: Promise<unknown>): Promise<GatewayError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GatewayError)) throw new Error(`no GatewayError: ${String(error)}`);
  expect(Object.keys(logIssues)).toContain(error.code);
  expect(error.remedy).toBe(logIssues[error.code as keyof typeof logIssues].remedy);
  expect(error.place).toBeTruthy();
  return error;
}

/** A log with a few entries, closed. */
async function made(directory: string, count = 3): Promise<void> {
  const log = await openSqliteLog(directory);
  for (let ordinal = 1; ordinal <= count; ordinal++) await log.append('drop', [numbered(ordinal)]);
  await log.close();
}

function changed(directory: string, sql: string): void {
  const database = openDatabase(join(directory, 'log.db'), false);
  database.exec(sql);
  database.close();
}

describe('what is no log of ours', () => {
  test('a newer version is left alone', async () => {
    const directory = tempDirectory('log');
    await made(directory);
    changed(directory, 'PRAGMA user_version = 99');
    const error = await errorOf(openSqliteLog(directory));
    expect(error).toMatchObject({ code: 'LOG_VERSION', exitCode: 2 });
    expect(error.message).toContain('99');
    expect(await codeOf(openSqliteLog(directory, { readOnly: true }))).toBe('LOG_VERSION');
    changed(directory, `PRAGMA user_version = ${schemaVersion}`);
    const log = await openSqliteLog(directory);
    expect(await all(log.read())).toHaveLength(3);
    await log.close();
  });

  test('a file that is no database, and a database that is no log', async () => {
    const directory = tempDirectory('log');
    writeFileSync(
      join(directory, 'log.db'),
      'this is a text, and long enough to be read as a header of one hundred bytes'.repeat(9),
    );
    expect((await errorOf(openSqliteLog(directory))).code).toBe('LOG_NOT_A_DATABASE');
    const other = tempDirectory('log');
    changed(other, 'CREATE TABLE mine (x)');
    expect((await errorOf(openSqliteLog(other))).code).toBe('LOG_FOREIGN');
    expect((await errorOf(openSqliteLog(other, { readOnly: true }))).code).toBe('LOG_FOREIGN');
  });

  test('no log, for a reader', async () => {
    const directory = tempDirectory('log');
    const error = await errorOf(openSqliteLog(directory, { readOnly: true }));
    expect(error).toMatchObject({ code: 'LOG_MISSING', exitCode: 2 });
    expect(readdirSync(directory)).toEqual([]);
  });

  test('a reader may not write', async () => {
    const directory = tempDirectory('log');
    await made(directory);
    const log = await openSqliteLog(directory, { readOnly: true });
    expect((await errorOf(log.append('drop', [numbered(9)]))).code).toBe('LOG_READ_ONLY');
    expect((await errorOf(log.expireBytes(1))).code).toBe('LOG_READ_ONLY');
    expect(await codeOf(log.checkpoint('x'))).toBe('LOG_READ_ONLY');
    await log.close();
  });
});

const owning = `
  const { openSqliteLog } = await import(${JSON.stringify(new URL('./sqlite-log.ts', import.meta.url).href)});
  const log = await openSqliteLog(process.argv[1]);
  await log.append('drop', [{ kind: 'message', direction: 'in', origin: { scope: 's', ordinal: 1 }, receivedAt: 1, bytes: Buffer.from('x') }]);
  console.log('owned');
  setInterval(() => undefined, 1000);
`;

describe('one owner', () => {
  test('in one process', async () => {
    const directory = tempDirectory('log');
    const log = await openSqliteLog(directory);
    const error = await errorOf(openSqliteLog(directory));
    expect(error).toMatchObject({ code: 'LOG_LOCKED', retryable: true });
    await log.close();
    await (await openSqliteLog(directory)).close();
  });

  test('among processes: readers beside it, and the lock ends with its holder, however that ends', async () => {
    const directory = tempDirectory('log');
    const owner = startChild(process.execPath, ['--input-type=module', '-e', owning, directory]);
    await owner.waitFor(/owned/);
    expect((await errorOf(openSqliteLog(directory))).code).toBe('LOG_LOCKED');
    const reader = await openSqliteLog(directory, { readOnly: true });
    expect(await all(reader.read())).toHaveLength(1);
    await reader.close();
    owner.signal('SIGKILL');
    await owner.ended;
    const log = await openSqliteLog(directory);
    expect(await all(log.read())).toHaveLength(1);
    expect(owner.stderr()).not.toContain('SQLite'); // No word about experimental features.
    await log.close();
  });

  test('a reader beside the owner follows what the owner writes', async () => {
    const directory = tempDirectory('log');
    const log = await openSqliteLog(directory);
    await log.append('drop', [numbered(1)]);
    const reader = await openSqliteLog(directory, { readOnly: true });
    const stop = new AbortController();
    const seen: number[] = [];
    const done = (async () => {
      for await (const { sequence } of reader.subscribe({}, stop.signal)) {
        seen.push(sequence);
        if (sequence === 5) return;
      }
    })();
    for (let ordinal = 2; ordinal <= 5; ordinal++) await log.append('drop', [numbered(ordinal)]);
    await done;
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    await reader.close();
    await log.close();
  });
});

/** Every block in its row: SQLite is told how many pages it may have. */
const inRows = { ...limits, blockInlineBytesMax: Number.POSITIVE_INFINITY };

describe('a full disk', () => {
  test('refuses the batch whole, loses nothing, and the next append works once there is room', async () => {
    const directory = tempDirectory('log');
    const writers: LogWriter[] = [];
    const writer = inlineWriter((one) => writers.push(one));
    const log = await openSqliteLog(directory, { writer, limits: inRows });
    await log.append('drop', [numbered(1)], { position: 1 });
    const pages = Number(writers[0]?.database.prepare('PRAGMA page_count').get()?.['page_count']);
    const limit = (count: number): unknown => writers[0]?.database.exec(`PRAGMA max_page_count = ${count}`);
    limit(pages + 2);
    const large = Array.from({ length: 40 }, (_, at) => numbered(at + 2, `${at} ${'x'.repeat(1000)}`));
    const error = await errorOf(log.append('drop', large, { position: 41 }));
    expect(error).toMatchObject({ code: 'LOG_DISK_FULL', retryable: true, exitCode: 3 });
    expect(await codeOf(log.append('drop', large))).toBe('LOG_DISK_FULL');
    expect(await log.head('drop')).toMatchObject({ sequence: 1, position: 1 });
    limit(1_000_000);
    expect(await log.append('drop', large, { position: 41 })).toHaveLength(40);
    expect(await log.head('drop')).toMatchObject({ sequence: 41, position: 41 });
    expect((await log.verify()).findings).toEqual([]);
    await log.close();
  });
});

describe('positions behind a failure', () => {
  const large = Array.from({ length: 40 }, (_, at) => numbered(at + 1, `${at} ${'x'.repeat(1000)}`));

  /** A log whose disk is full for its first commit only; the failure is told when `answer` is called. */
  async function failingOnce(directory: string) {
    const told = Promise.withResolvers<void>();
    let writer: LogWriter | undefined;
    const pages = (count: number): unknown => writer?.database.exec(`PRAGMA max_page_count = ${count}`);
    let commits = 0;
    const log = await openSqliteLog(directory, {
      limits: inRows,
      writer: async (options) => {
        const port = await inlineWriter((opened) => {
          writer = opened;
        })(options);
        const commit = async (group: Parameters<typeof port.commit>[0]) => {
          commits += 1;
          const outcomes = await port.commit(group);
          pages(1_000_000);
          if (commits === 1) await told.promise;
          return outcomes;
        };
        return { ...port, commit };
      },
    });
    pages(1);
    return { log, commits: () => commits, answer: told.resolve };
  }

  test('on their way already, or given before anybody asked, they are refused; then all is well', async () => {
    const { log, commits, answer } = await failingOnce(tempDirectory('log'));
    const codes = [codeOf(log.append('drop', large, { position: 40 }))];
    await expect.poll(commits).toBe(1);
    codes.push(codeOf(log.append('drop', [numbered(41)], { position: 41 })));
    const beside = log.append('other', [numbered(1)], { position: 1 });
    await expect.poll(commits).toBe(2);
    codes.push(codeOf(log.append('drop', [numbered(42)], { position: 42 })));
    answer();
    expect(await Promise.all(codes)).toEqual(['LOG_DISK_FULL', 'LOG_AFTER_FAILURE', 'LOG_AFTER_FAILURE']);
    expect(await codeOf(log.append('drop', [numbered(43)], { position: 43 }))).toBe('LOG_AFTER_FAILURE');
    expect(await beside).toHaveLength(1);
    expect(await log.head('drop')).toMatchObject({ sequence: 0, position: undefined });
    await log.append('drop', large, { position: 40 });
    expect(await log.head('drop')).toMatchObject({ sequence: 40, position: 40 });
    expect((await log.verify()).findings).toEqual([]);
    await log.close();
  });
});

describe('entries without a position', () => {
  test('that failed refuse a later position too: it would speak of them', async () => {
    const writers: LogWriter[] = [];
    const log = await openSqliteLog(tempDirectory('log'), {
      limits: inRows,
      writer: inlineWriter((writer) => writers.push(writer)),
    });
    writers[0]?.database.exec('PRAGMA max_page_count = 1');
    expect(await codeOf(log.append('drop', [numbered(1, 'x'.repeat(50_000))]))).toBe('LOG_DISK_FULL');
    writers[0]?.database.exec('PRAGMA max_page_count = 1000000');
    expect(await codeOf(log.append('drop', [numbered(2)], { position: 2 }))).toBe('LOG_AFTER_FAILURE');
    expect(await log.head('drop')).toMatchObject({ sequence: 0 });
    await log.append('drop', [numbered(1), numbered(2)], { position: 2 });
    expect(await log.head('drop')).toMatchObject({ sequence: 2, position: 2 });
    await log.close();
  });
});

describe('no permission', () => {
  /** What an ordinary user gets; the module is loaded before root becomes one. */
  function asUser(directory: string, options: string): string {
    const script = `
      const { openSqliteLog } = await import(${JSON.stringify(new URL('./sqlite-log.ts', import.meta.url).href)});
      if (process.getuid() === 0) process.setuid(65534);
      try { await openSqliteLog(process.argv[1], ${options}); console.log('opened'); }
      catch (error) { console.log(error.code, '|', error.place, '|', error.remedy); }
      process.exit();
    `;
    const args = ['--input-type=module', '-e', script, directory];
    return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout;
  }

  test('to make the directory, to write in it, to read the file', async () => {
    const parent = tempDirectory('log');
    chmodSync(parent, 0o555);
    expect(asUser(join(parent, 'new', 'log'), '{}')).toMatch(/^LOG_PERMISSION \| .*new/);
    expect(asUser(parent, '{}')).toMatch(/^LOG_PERMISSION \| .*owner\.lock/);
    chmodSync(parent, 0o755);
    const directory = join(parent, 'mine');
    await made(directory);
    chmodSync(directory, 0o755);
    chmodSync(join(directory, 'log.db'), 0o000);
    expect(asUser(directory, '{ readOnly: true }')).toMatch(/^LOG_PERMISSION \| .*log\.db \| Give/);
    chmodSync(directory, 0o700);
    expect(asUser(directory, '{ readOnly: true }')).toMatch(/^LOG_PERMISSION \| .*log\.db \| Give/);
    expect(asUser(join(parent, 'none'), '{ readOnly: true }')).toMatch(/^LOG_MISSING /);
  });

  test('a directory that Clearport makes, and what is in it, is for its user alone', async () => {
    const directory = join(tempDirectory('log'), 'data');
    const log = await openSqliteLog(directory);
    await log.append('drop', [numbered(1)]);
    expect(statSync(directory).mode & 0o077).toBe(0);
    for (const name of ['log.db', 'log.db-wal']) {
      expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
    }
    await log.close();
  });
});

describe('the writer', () => {
  test('that ends unexpectedly says so to everybody who waits, and to everybody after', async () => {
    const path = join(tempDirectory('log'), 'log.db');
    const port = await startWriter({ path, durability: 'off' });
    const garbage = { count: 1, meta: new Uint8Array([1, 2, 3]), bytes: new Uint8Array(), front: 0 };
    const wrong = { at: 1, units: [{ channel: 'drop', segments: [garbage], blobs: [], generation: 0 }] };
    const [first, second] = [port.commit(wrong), port.storeCheckpoint('{}')];
    expect((await errorOf(first)).code).toBe('LOG_WRITER');
    expect((await errorOf(second)).code).toBe('LOG_WRITER');
    expect(await codeOf(port.commit(wrong))).toBe('LOG_WRITER');
    await port.close();
  });

  test('holds callers back: what is with it never passes the limit', async () => {
    const { limits } = await import('../core/limits.ts');
    const small = { ...limits, appendPendingBytesMax: 50_000 };
    const log = await openSqliteLog(tempDirectory('log'), { limits: small, durability: 'off' });
    const calls = Array.from({ length: 200 }, (_, at) =>
      log.append('drop', [numbered(at + 1, 'y'.repeat(5000))]),
    );
    let highest = 0;
    const watch = async (call: Promise<unknown>): Promise<void> => {
      await call;
      highest = Math.max(highest, log.pendingBytes);
    };
    await Promise.all(calls.map(watch));
    expect(highest).toBeLessThanOrEqual(50_000);
    expect(highest).toBeGreaterThan(5_000);
    const alone = await log.append('drop', [numbered(500, 'z'.repeat(200_000))]);
    expect(alone).toHaveLength(1);
    expect((await log.head('drop')).sequence).toBe(201);
    await log.close();
  });

  test('finishes what was asked for before the log closes', async () => {
    const directory = tempDirectory('log');
    const log: SqliteLog = await openSqliteLog(directory);
    const calls = Array.from({ length: 50 }, (_, at) => log.append('drop', [numbered(at + 1)]));
    const closed = log.close();
    expect(await Promise.all(calls)).toHaveLength(50);
    await closed;
    expect(existsSync(join(directory, 'log.db-wal'))).toBe(false);
    const again = await openSqliteLog(directory);
    expect(await all(again.read())).toHaveLength(50);
    await again.close();
  });
});

describe('backup and restore', () => {
  test('a backup while appends go on is a log of its own, and comes back in an empty place only', async () => {
    const directory = tempDirectory('log');
    const log = await openSqliteLog(directory);
    await log.append('drop', [numbered(1), numbered(2)], { position: 2 });
    let going = true;
    const appending = (async () => {
      for (let ordinal = 3; going; ordinal++)
        await log.append('drop', [numbered(ordinal)], { position: ordinal });
    })();
    const target = join(tempDirectory('backup'), 'deep', 'copy.db');
    const report = await log.backup(target);
    going = false;
    await appending;
    expect(report).toMatchObject({ ok: true, findings: [] });
    expect(report.entries).toBeGreaterThanOrEqual(2);
    expect((await errorOf(log.backup(target))).code).toBe('LOG_EXISTS');
    await log.close();
    await restored(target, directory, report.entries);
  });

  async function restored(target: string, directory: string, entries: number): Promise<void> {
    const { restore } = await import('./backup.ts');
    expect((await errorOf(restore(target, directory))).code).toBe('LOG_EXISTS');
    const place = join(tempDirectory('restored'), 'data');
    expect(await restore(target, place)).toMatchObject({ ok: true, entries });
    const log = await openSqliteLog(place);
    expect((await log.head('drop')).position).toBe(entries);
    expect(await log.append('drop', [numbered(1), numbered(1_000_000)])).toMatchObject([
      { outcome: 'repeated' },
      { outcome: 'appended', sequence: entries + 1 },
    ]);
    expect((await log.verify()).ok).toBe(true);
    expect((await errorOf(restore(target, place))).code).toBe('LOG_LOCKED');
    await log.close();
    expect((await errorOf(restore(join(place, 'nothing.db'), tempDirectory('x')))).code).toBe('LOG_MISSING');
  }

  test('a damaged backup is not restored, a left-over write-ahead log is not played into one', async () => {
    const { restore } = await import('./backup.ts');
    const directory = tempDirectory('log');
    await made(directory);
    const source = join(directory, 'log.db');
    const leftOver = tempDirectory('left');
    mkdirSync(leftOver, { recursive: true });
    writeFileSync(join(leftOver, 'log.db-wal'), 'old');
    expect((await errorOf(restore(source, leftOver))).code).toBe('LOG_EXISTS');
    changed(directory, "UPDATE blocks SET position = '1' WHERE number = 2");
    const place = tempDirectory('restored');
    expect((await errorOf(restore(source, place))).code).toBe('LOG_DAMAGED');
    expect(readdirSync(place)).toEqual(['owner.lock']);
  });

  test('a backup of a damaged log is made, and says that it is damaged', async () => {
    const directory = tempDirectory('log');
    await made(directory);
    changed(directory, "UPDATE blocks SET position = '1' WHERE number = 2");
    const log = await openSqliteLog(directory, { readOnly: true });
    const report = await log.backup(join(tempDirectory('backup'), 'copy.db'));
    expect(report.ok).toBe(false);
    await log.close();
  });
});
