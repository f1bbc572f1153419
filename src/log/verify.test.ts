import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { blockOfOffset } from '../contract/entry.ts';
import type { Checkpoint, VerifyReport } from '../contract/log.ts';
import { type Database, openDatabase } from './sqlite.ts';
import { openSqliteLog } from './sqlite-log.ts';
import { all, codeOf, numbered } from './suite-drafts.ts';
import { fullLog, fullLogStart, signingPem } from './suite-full-log.ts';
import { verifyLog } from './verify.ts';

/** A finished log of everything; its file. */
async function finished(): Promise<string> {
  const directory = tempDirectory('verify');
  const log = await fullLog(directory);
  await log.close();
  return join(directory, 'log.db');
}

/** Changes a copy of a log behind its back, and verifies what came of it. */
async function changed(path: string, change: (database: Database) => void): Promise<VerifyReport> {
  const place = tempDirectory('changed');
  const copy = join(place, 'log.db');
  spawnSync('sh', ['-c', 'cp "$0"* "$1"', path, place]);
  const database = openDatabase(copy, false);
  database.exec('PRAGMA foreign_keys = OFF');
  change(database);
  database.close();
  return verifyLog(copy, []);
}

const sql = (text: string) => (database: Database) => database.exec(text);
const codes = (report: VerifyReport): string[] => [...new Set(report.findings.map((one) => one.code))];

/** The last block of the kind: nothing that follows says why it is wrong. */
const inRow = 'number = (SELECT max(number) FROM blocks WHERE file IS NULL AND count > 0)';
const inFile = 'number = (SELECT max(number) FROM blocks WHERE file IS NOT NULL)';

describe('verify', () => {
  test('a log of everything verifies, and its expired bytes are counted', async () => {
    const path = await finished();
    const report = await verifyLog(path, []);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ok: true, expired: 2 });
    expect(report.heads.map((head) => head.channel)).toEqual(['drop', 'log', 'old', 'other']);
    const { n } =
      openDatabase(path, true).prepare('SELECT count(*) AS n FROM blocks WHERE count = 0').get() ?? {};
    expect(Number(n)).toBeGreaterThan(0);
  });

  test('one changed value in any column of any row is found', async () => {
    const path = await finished();
    const places = everyPlace(path);
    expect(places.length).toBeGreaterThan(300);
    const missed: string[] = [];
    const seed = randomInt(2 ** 31);
    // Blocks have many rows of one kind; all others are few, and each of their columns counts.
    const chosen = places.filter(({ table }, at) => table !== 'blocks' || (at * 7919 + seed) % 3 === 0);
    for (const place of chosen) {
      const report = await changed(path, (database) => mutate(database, place));
      if (report.ok) missed.push(`${place.table}.${place.column} of row ${place.row}`);
    }
    expect(missed, `seed ${seed}`).toEqual([]);
  }, 120_000);

  test('a finding names the channel and the block', async () => {
    const path = await finished();
    const victim = sql("UPDATE blocks SET bytes = CAST('changed' AS BLOB) WHERE number = 5");
    const { findings } = await changed(path, victim);
    expect(findings[0]).toMatchObject({ code: 'LOG_CHAIN', channel: 'drop', block: 5 });
  });

  test.each([
    ['a block that is gone', 'DELETE FROM blocks WHERE number = 5', 'LOG_CHAIN'],
    ['a range that is gone', 'DELETE FROM ranges WHERE first = 100', 'LOG_INDEX'],
    ['bytes that are gone without a record', `UPDATE blocks SET bytes = NULL WHERE ${inRow}`, 'LOG_EXPIRY'],
    ['a place that is gone', `UPDATE blocks SET file = NULL WHERE ${inFile}`, 'LOG_CHAIN'],
    ['half a place', `UPDATE blocks SET at = 0 WHERE ${inRow}`, 'LOG_CHAIN'],
    ['a block in its row and in a file', `UPDATE blocks SET bytes = x'00' WHERE ${inFile}`, 'LOG_CHAIN'],
    ['a chunk too many', "INSERT INTO chunks (offset, piece, bytes) VALUES (1, 0, x'00')", 'LOG_BLOB'],
    ['a chunk that is gone', 'DELETE FROM chunks WHERE piece = 2', 'LOG_BLOB'],
    ['a key too many', "INSERT INTO keys VALUES ('drop', 'queue', 'new', 1)", 'LOG_INDEX'],
    ['a range over another', "INSERT INTO ranges VALUES ('drop', 'FIRM-OPS/1/in', 101, 102, 5)", 'LOG_INDEX'],
    ['no repeats', 'DELETE FROM repeats', 'LOG_INDEX'],
    ['a missing checkpoint', 'DELETE FROM checkpoints WHERE number = 1', 'LOG_CHECKPOINT_SIGNATURE'],
  ])('%s', async (_name, statement, code) => {
    expect(codes(await changed(await finished(), sql(statement)))).toContain(code);
  });

  test('bytes that expire leave a proof; what was left cannot be changed', async () => {
    const directory = tempDirectory('expiry');
    const log = await fullLog(directory);
    const [expired, blob] = await all(log.read({ channel: 'old' }));
    expect(expired).toMatchObject({ storage: 'expired', size: 11, sequence: 1 });
    expect(expired?.events).toHaveLength(1);
    expect(await codeOf(all(log.blob(expired ?? fail())))).toBe('LOG_EXPIRED');
    expect(await codeOf(all(log.blob(blob ?? fail())))).toBe('LOG_EXPIRED');
    const audit = await all(log.read({ channel: 'log' }));
    expect(audit).toMatchObject([{ kind: 'audit', by: 'anna', reason: 'seven years' }]);
    expect(await log.append('old', [numbered(1, 'expired one')])).toMatchObject([{ outcome: 'repeated' }]);
    expect(await log.append('old', [numbered(1, 'another')])).toMatchObject([{ outcome: 'conflict' }]);
    expect(await log.expireBytes(fullLogStart + 1_000_000)).toBe(0);
    expect((await log.verify()).findings).toEqual([]);
    await log.close();
  });

  test('a live blob is streamed in pieces; a damaged one ends by throwing', async () => {
    const directory = tempDirectory('blob');
    const log = await fullLog(directory);
    const blob =
      (await all(log.read({ channel: 'drop' }))).find((entry) => entry.storage === 'blob') ?? fail();
    expect(await all(log.blob(blob))).toHaveLength(6);
    const other = openDatabase(join(directory, 'log.db'), false);
    other.exec('UPDATE chunks SET bytes = zeroblob(length(bytes)) WHERE piece = 5');
    other.close();
    expect(await codeOf(all(log.blob(blob)))).toBe('LOG_DAMAGED');
    await log.close();
  });

  test('damage is never read as if it were sound', async () => {
    const directory = tempDirectory('damage');
    const log = await fullLog(directory);
    const [entry] = await all(log.read({ channel: 'other' }));
    const number = blockOfOffset(entry?.offset ?? 0);
    const other = openDatabase(join(directory, 'log.db'), false);
    other.exec(`UPDATE blocks SET bytes = CAST('message 7message 3' AS BLOB) WHERE number = ${number}`);
    other.close();
    expect(await codeOf(all(log.read({ channel: 'other' })))).toBe('LOG_DAMAGED');
    expect(await codeOf(log.get(entry?.offset ?? 0))).toBe('LOG_DAMAGED');
    await log.close();
    expect(await codeOf(openSqliteLog(directory))).toBe('LOG_DAMAGED');
    const reader = await openSqliteLog(directory, { readOnly: true });
    expect((await reader.verify()).ok).toBe(false);
    await reader.close();
  });

  test('a history that was rewritten whole agrees with itself, and not with the checkpoints of a second place', async () => {
    const witness = await rewritten('the truth', undefined);
    const report = await rewritten('a better story', witness.checkpoints);
    expect(report.alone.ok).toBe(true);
    expect(codes(report.compared)).toEqual(['LOG_CHECKPOINT']);
    expect(report.compared.findings[0]).toMatchObject({ channel: 'drop', block: 1 });
  });
});

/** A log with one story, and what `verify` makes of it alone and against checkpoints from elsewhere. */
async function rewritten(story: string, given: readonly Checkpoint[] = []) {
  const log = await openSqliteLog(tempDirectory('story'), { durability: 'off' });
  await log.append('drop', [numbered(1, story)]);
  await log.checkpoint(signingPem());
  const [alone, compared] = [await log.verify(), await log.verify({ checkpoints: given })];
  const checkpoints = await log.checkpoints();
  await log.close();
  return { alone, compared, checkpoints };
}

interface Place {
  readonly table: string;
  readonly column: string;
  readonly row: number;
  readonly key: readonly string[];
}

/** Every value of every row; `chunks.id` only orders rows and says nothing. */
function everyPlace(path: string): Place[] {
  const database = openDatabase(path, true);
  const tables = ['blocks', 'ranges', 'keys', 'revisions', 'repeats', 'chunks', 'checkpoints'];
  const places = tables.flatMap((table) => {
    const columns = database.prepare(`PRAGMA table_info(${table})`).all();
    const names = columns.map((one) => String(one['name'])).filter((name) => name !== 'id');
    const key = columns.filter((one) => Number(one['pk']) > 0).map((one) => String(one['name']));
    const rows = database.prepare(`SELECT * FROM ${table}`).all();
    return rows.flatMap((values, row) =>
      names.filter((column) => values[column] !== null).map((column) => ({ table, column, row, key })),
    );
  });
  database.close();
  return places;
}

/** Changes one value by one byte, or by one. */
function mutate(database: Database, { table, column, row, key }: Place): void {
  const values = database.prepare(`SELECT * FROM ${table} LIMIT 1 OFFSET ${row}`).get() ?? {};
  const where = key.map((name) => `${name} = ?`).join(' AND ');
  const keys = key.map((name) => values[name] as string | number);
  const value = values[column];
  if (typeof value === 'number') {
    const by = [1_000_003, -1].find((step) => free(database, table, key, values, column, value + step)) ?? 7;
    database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(value + by, ...keys);
    return;
  }
  const type = typeof value === 'string' ? 'TEXT' : 'BLOB';
  const bytes = Buffer.from(value as string | Uint8Array);
  const at = bytes.length === 0 ? 0 : randomInt(bytes.length);
  const flipped = bytes.length === 0 ? Buffer.from([1]) : Buffer.from(bytes);
  if (bytes.length > 0) flipped[at] = (flipped[at] ?? 0) ^ (1 << randomInt(type === 'TEXT' ? 6 : 8));
  database.prepare(`UPDATE ${table} SET ${column} = CAST(? AS ${type}) WHERE ${where}`).run(flipped, ...keys);
}

/** A changed key may not meet another row: that would be no change of one value. */
function free(
  database: Database,
  table: string,
  key: readonly string[],
  values: Readonly<Record<string, unknown>>,
  column: string,
  value: number,
): boolean {
  if (!key.includes(column)) return true;
  const where = key.map((name) => `${name} = ?`).join(' AND ');
  const asked = key.map((name) => (name === column ? value : (values[name] as string | number)));
  return database.prepare(`SELECT 1 FROM ${table} WHERE ${where}`).get(...asked) === undefined;
}

function fail(): never {
  throw new Error('there is no such entry');
}
