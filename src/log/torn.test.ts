import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Entry } from '../contract/entry.ts';
import { GatewayError } from '../core/errors.ts';
import { openSqliteLog, type SqliteLog } from './sqlite-log.ts';
import { keyed, numbered, text } from './suite-drafts.ts';
import { inlineWriter } from './suite-inline-writer.ts';
import type { LogWriter } from './writer.ts';

/** Cut: everything from there on is gone. Flip: one bit is another. At a share of the file's length. */
const damages = fc.record({
  how: fc.constantFrom('cut', 'flip'),
  share: fc.noBias(fc.nat(99_999)).map((part) => part / 100_000),
  bit: fc.nat(7),
});
type Damage = typeof damages extends fc.Arbitrary<infer T> ? T : never;

function damage(path: string, { how, share, bit }: Damage): void {
  const bytes = readFileSync(path);
  const at = Math.floor(share * bytes.length);
  if (how === 'cut') {
    writeFileSync(path, bytes.subarray(0, at));
    return;
  }
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  writeFileSync(path, bytes);
}

/** A copy made by another program: reading an open database file in its own process would drop its locks. */
function copyOf(directory: string): string {
  const copy = tempDirectory('torn');
  for (const name of ['log.db', 'log.db-wal']) {
    if (existsSync(join(directory, name))) spawnSync('cp', [join(directory, name), join(copy, name)]);
  }
  return copy;
}

const bodyOf = (ordinal: number): string => `${ordinal} ${'b'.repeat((ordinal * 137) % 3000)}`;

/** Twenty entries in the database file, and twenty more in the write-ahead log: as a killed process leaves them. */
async function halfWritten(): Promise<string> {
  const directory = tempDirectory('torn');
  const writers: LogWriter[] = [];
  const log = await openSqliteLog(directory, { writer: inlineWriter((writer) => writers.push(writer)) });
  for (let ordinal = 1; ordinal <= 40; ordinal++) {
    await log.append('drop', [numbered(ordinal, bodyOf(ordinal)), keyed(`k${ordinal}`)], {
      position: ordinal,
    });
    if (ordinal === 20) writers[0]?.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }
  const copy = copyOf(directory);
  await log.close();
  return copy;
}

/** What can be read, up to the end or to the first damage. */
async function readable(log: SqliteLog): Promise<{ readonly entries: Entry[]; readonly code?: string }> {
  const entries: Entry[] = [];
  try {
    for await (const entry of log.read()) entries.push(entry);
    return { entries };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { entries, code: error.code };
  }
}

const told = ({ channel, sequence, bytes, offset }: Entry): string =>
  `${offset} ${channel}${sequence} ${text(bytes)}`;

async function open(directory: string, options = {}): Promise<SqliteLog | GatewayError> {
  try {
    return await openSqliteLog(directory, { writer: inlineWriter(), ...options });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return error;
  }
}

describe('a torn log', () => {
  test('whatever happens to the write-ahead log, the log opens at a clean prefix and goes on', async () => {
    const source = await halfWritten();
    const whole = await openSqliteLog(copyOf(source), { writer: inlineWriter() });
    const all = (await readable(whole)).entries.map(told);
    await whole.close();
    expect(all).toHaveLength(80);
    const lengths = new Set<number>();
    await fc.assert(
      fc.asyncProperty(damages, async (one) => {
        const directory = copyOf(source);
        damage(join(directory, 'log.db-wal'), one);
        const log = await open(directory);
        if (log instanceof GatewayError) throw log;
        const found = (await readable(log)).entries.map(told);
        lengths.add(found.length);
        expect(found).toEqual(all.slice(0, found.length));
        expect(found.length).toBeGreaterThanOrEqual(40);
        expect((await log.head('drop')).position).toBe(found.length / 2);
        const next = found.length / 2 + 1;
        const again = await log.append('drop', [numbered(next, bodyOf(next)), numbered(1, bodyOf(1))]);
        expect(again.map((appended) => appended.outcome)).toEqual(['appended', 'repeated']);
        expect((await log.verify()).findings).toEqual([]);
        await log.close();
      }),
      { numRuns: 60 },
    );
    expect(lengths.size).toBeGreaterThan(5);
  }, 120_000);

  test('whatever happens to the database file, nothing wrong is ever read, and nothing missing verifies', async () => {
    const directory = await halfWritten();
    await (await openSqliteLog(directory)).close();
    expect(existsSync(join(directory, 'log.db-wal'))).toBe(false);
    const whole = await openSqliteLog(directory, { readOnly: true });
    const all = (await readable(whole)).entries.map(told);
    await whole.close();
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(damages, async (one) => {
        const copy = copyOf(directory);
        damage(join(copy, 'log.db'), one);
        const owner = await open(copy);
        if (owner instanceof GatewayError) codes.add(owner.code);
        else await owner.close();
        const log = await open(copy, { readOnly: true });
        if (log instanceof GatewayError) return;
        const { entries } = await readable(log);
        expect(all).toEqual(expect.arrayContaining(entries.map(told)));
        const report = await log.verify();
        if (report.ok) expect(entries.map(told)).toEqual(all);
        await log.close();
      }),
      // Found before: a column with another name.
      { numRuns: 150, examples: [[{ how: 'flip', share: 0.02829, bit: 0 }]] },
    );
    expect([...codes]).toContain('LOG_DAMAGED');
    expect([...codes].every((code) => /^LOG_(DAMAGED|NOT_A_DATABASE|FOREIGN|VERSION|IO)$/.test(code))).toBe(
      true,
    );
  }, 120_000);
});
