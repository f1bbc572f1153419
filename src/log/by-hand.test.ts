import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { openDatabase } from './sqlite.ts';
import { fullLog } from './suite-full-log.ts';

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** What `docs/log.md` tells an auditor to do, with nothing of ours but the table: SQL and SHA-256. */
test('the chain holds by the formula of the documentation', async () => {
  const directory = tempDirectory('hand');
  await (await fullLog(directory)).close();
  const database = openDatabase(join(directory, 'log.db'), true);
  const chains = new Map<unknown, Uint8Array>();
  let expired = 0;
  const rows = database.prepare('SELECT * FROM blocks ORDER BY number').all();
  let placed = 0;
  for (const { channel, previous, chain, bytes_hash: bytesHash, ...row } of rows) {
    let { meta, bytes } = row;
    const [at, metaSize, bytesSize] = [row['at'], row['meta_size'], row['bytes_size']].map(Number);
    if (row['file'] !== null && at !== undefined && metaSize !== undefined && bytesSize !== undefined) {
      const file = readFileSync(join(directory, `log.db-blocks-${row['file']}`));
      meta = file.subarray(at, at + metaSize);
      bytes = file.subarray(at + metaSize, at + metaSize + bytesSize);
      placed += 1;
    }
    expect(previous).toEqual(Uint8Array.from(chains.get(channel) ?? new Uint8Array(32)));
    if (bytes === null) expired += 1;
    else expect(Uint8Array.from(sha256(bytes as Uint8Array))).toEqual(bytesHash);
    const value = sha256(previous as Uint8Array, sha256(meta as Uint8Array), bytesHash as Uint8Array);
    expect(Uint8Array.from(value)).toEqual(chain);
    chains.set(channel, chain as Uint8Array);
  }
  database.close();
  expect(expired).toBeGreaterThan(0);
  expect(placed).toBeGreaterThan(0);
  expect(chains.size).toBe(4);
});
