import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import type { Log } from '../contract/log.ts';
import { manualClock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { openSqliteLog } from './sqlite-log.ts';
import { all, codeOf, numbered } from './suite-drafts.ts';
import { inlineWriter } from './suite-inline-writer.ts';
import type { LogWriter } from './writer.ts';

/** What the file system is asked for, in order, and what it does otherwise than usual. */
const world = vi.hoisted(() => ({
  calls: [] as string[],
  failing: new Map<string, string>(),
  writeBytesMax: Number.POSITIVE_INFINITY,
  /** Done once, before the next read of a file. */
  meanwhile: (): void => undefined,
}));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const told = (name: string): void => {
    world.calls.push(name);
    const code = world.failing.get(name);
    world.failing.delete(name);
    if (code !== undefined) throw Object.assign(new Error(code), { code });
  };
  return {
    ...real,
    fdatasyncSync: (handle: number) => {
      told('sync block file');
      real.fdatasyncSync(handle);
    },
    fsyncSync: (handle: number) => {
      told('sync directory');
      real.fsyncSync(handle);
    },
    readSync: (handle: number, into: Uint8Array, from: number, length: number, at: number) => {
      const { meanwhile } = world;
      world.meanwhile = () => undefined;
      meanwhile();
      return real.readSync(handle, into, from, length, at);
    },
    writeSync: (handle: number, bytes: Uint8Array, from: number, length: number, at: number) => {
      told('write');
      return real.writeSync(handle, bytes, from, Math.min(length, world.writeBytesMax), at);
    },
  };
});

const inFiles = { ...limits, blockInlineBytesMax: 2_000, blockFileBytesMax: 20_000 };
const large = (from: number) =>
  Array.from({ length: 20 }, (_, at) => numbered(from + at, `body ${from + at} ${'b'.repeat(200)}`));

async function opened(directory: string) {
  const writer = inlineWriter(({ database }) => {
    const exec = database.exec.bind(database);
    database.exec = (sql) => {
      if (sql === 'COMMIT') world.calls.push('commit');
      exec(sql);
    };
  });
  const log = await openSqliteLog(directory, { limits: inFiles, writer });
  world.calls.length = 0;
  return log;
}

beforeEach(() => {
  world.failing.clear();
  world.writeBytesMax = Number.POSITIVE_INFINITY;
});

test('a new file is durable before its blocks, and blocks before the rows that name them', async () => {
  const log = await opened(tempDirectory('order'));
  await log.append('drop', large(1));
  expect(world.calls).toEqual(['sync directory', 'write', 'write', 'sync block file', 'commit']);
  world.calls.length = 0;
  await log.append('drop', large(100));
  expect(world.calls).toEqual(['write', 'write', 'sync block file', 'commit']);
  await log.close();
});

test('a file that a killed writer made is made to last by the next one', async () => {
  const directory = tempDirectory('order');
  const first = await opened(directory);
  world.failing.set('sync directory', 'EIO');
  expect(await codeOf(first.append('drop', large(1)))).toBe('LOG_IO');
  await first.close();
  const second = await opened(directory);
  await second.append('drop', large(1));
  expect(world.calls[0]).toBe('sync directory');
  await second.close();
});

test.each([
  ['write', 'ENOSPC', 'LOG_DISK_FULL'],
  ['write', 'EIO', 'LOG_IO'],
  ['sync block file', 'EIO', 'LOG_IO'],
  ['sync block file', 'ENOSPC', 'LOG_DISK_FULL'],
  ['sync directory', 'EIO', 'LOG_IO'],
])('a %s that fails with %s commits nothing, and the next append works', async (call, code, expected) => {
  const directory = tempDirectory('order');
  const log = await opened(directory);
  world.failing.set(call, code);
  expect(await codeOf(log.append('drop', large(1), { position: 20 }))).toBe(expected);
  expect(world.calls).not.toContain('commit');
  expect(await log.head('drop')).toMatchObject({ sequence: 0, position: undefined });
  await log.append('drop', large(1), { position: 20 });
  expect(await log.verify()).toMatchObject({ ok: true, entries: 20 });
  await log.close();
});

test('a write that takes less than it was given goes on', async () => {
  const directory = tempDirectory('order');
  const log = await opened(directory);
  world.writeBytesMax = 1_000;
  await log.append('drop', large(1));
  expect(world.calls.filter((call) => call === 'write').length).toBeGreaterThan(10);
  expect(await log.verify()).toMatchObject({ ok: true, entries: 20 });
  expect(readFileSync(join(directory, 'log.db-blocks-1'), 'latin1')).toContain('body 20 ');
  await log.close();
});

test.each([
  ['read', (log: Log) => all(log.read())],
  ['find', (log: Log) => log.find('drop', numbered(3).origin)],
  ['get', (log: Log) => log.get(65_536)],
  ['verify', async (log: Log) => expect(await log.verify()).toMatchObject({ blocks: 1, expired: 20 })],
])('%s meets nothing that is not there, when bytes expire between the row and its file', async (_, look) => {
  const directory = tempDirectory('order');
  const writers: LogWriter[] = [];
  const log = await openSqliteLog(directory, {
    limits: inFiles,
    clock: manualClock(1_000_000),
    writer: inlineWriter((one) => writers.push(one)),
  });
  await log.append('drop', large(1));
  const reader = await openSqliteLog(directory, { readOnly: true });
  let gone: number | undefined;
  world.meanwhile = () => {
    gone = writers[0]?.expire(2_000_000, 64);
  };
  await look(reader);
  expect(gone).toBe(1);
  expect(await all(reader.read())).toMatchObject(Array(20).fill({ storage: 'expired' }));
  await reader.close();
  await log.close();
});
