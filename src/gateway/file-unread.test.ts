import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Log } from '../contract/log.ts';
import type { FileSource } from '../contract/source.ts';
import { GatewayError } from '../core/errors.ts';
import { memoryLog } from '../log/index.ts';
import { type Landing, landing } from './testing/files.ts';
import { storyOf } from './testing/fixture.ts';
import { lineCodec } from './testing/line-codec.ts';

let root: string;
let log: Log;
let place: Landing;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'clearport-unread-'));
  log = memoryLog();
  place = await landing(root, { log, codec: lineCodec() });
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

type Change = (inner: FileSource) => Partial<FileSource>;

/** The place with other ways for some of its calls. */
function changed(change: Change): <T extends Log | FileSource>(inner: T) => T {
  return (inner) => {
    if (!('fetch' in inner)) return inner; // The log.
    return new Proxy(inner, {
      get: (target, key) => {
        const value: unknown =
          Reflect.get(change(target as unknown as FileSource), key) ?? Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
}

const unread = (code: string) => [{ name: 'a.txt', why: `cannot be read, and is tried again (${code})` }];

describe('a file that cannot be read', () => {
  test('keeps no other one waiting, is told once, and is taken when it can be read', async () => {
    let denied = true;
    const fault = changed((inner) => ({
      async *fetch(name, from, signal) {
        if (denied && name === 'a.txt')
          throw new GatewayError('SFTP_DENIED', 'the server does not allow it', { retryable: true });
        yield* inner.fetch(name, from, signal);
      },
    }));
    place.drop('a.txt', 'T|E1|1\n');
    place.drop('b.txt', 'T|E2|1\n');
    const channel = await place.look({ fault });
    expect(place.left()).toEqual(['a.txt']);
    const told = (await storyOf(log, 'files')).filter((line) => line.startsWith('message'));
    expect(told).toEqual(['message b.txt:1 T E2']);
    expect(place.lines.filter((line) => line.includes('SFTP_DENIED'))).toHaveLength(1);
    expect(channel.waiting).toEqual(unread('SFTP_DENIED'));
    expect(channel.retrying).toBe(false);
    denied = false;
    for (let polls = 0; polls < 2; polls++) await channel.poll();
    expect(place.left()).toEqual([]);
    expect(channel.waiting).toEqual([]);
  });

  test('is left alone for more and more looks, up to twelve', async () => {
    let tries = 0;
    const fault = changed(() => ({
      // biome-ignore lint/correctness/useYield: it fails before its first piece.
      async *fetch() {
        tries++;
        throw new GatewayError('SFTP_DENIED', 'the server does not allow it', { retryable: true });
      },
    }));
    place.drop('a.txt', 'T|E1|1\n');
    const channel = place.channel({ fault });
    await channel.poll();
    const at: number[] = [];
    for (let polls = 1; polls <= 60; polls++) {
      const before = tries;
      await channel.poll();
      if (tries > before) at.push(polls);
    }
    expect(at).toEqual([1, 2, 4, 8, 16, 29, 42, 55]);
    expect(channel.waiting).toEqual(unread('SFTP_DENIED'));
    expect(place.lines.filter((line) => line.includes('SFTP_DENIED'))).toHaveLength(1);
  });

  test('is a failure of the place where the place itself fails', async () => {
    let down = false;
    const gone = new GatewayError('SFTP_CONNECTION', 'the connection was lost', { retryable: true });
    const fault = changed((inner) => ({
      async list() {
        if (down) throw gone;
        return inner.list();
      },
      async *fetch() {
        down = true;
        yield Buffer.from('T|');
        throw gone;
      },
    }));
    place.drop('a.txt', 'T|E1|1\n');
    await expect(place.look({ fault })).rejects.toBe(gone);
  });

  test('because it grows and grows, puts no more on our disk than it was listed with', async () => {
    let given = 0;
    const fault = changed(() => ({
      async *fetch() {
        for (; given < 100_000_000; given += 1000) yield Buffer.alloc(1000, 'x');
      },
    }));
    place.drop('a.txt', 'T|E1|1\n');
    const channel = await place.look({ fault });
    expect(given).toBeLessThan(10_000);
    expect(channel.waiting).toEqual(unread('FILE_CHANGED'));
    expect(await readdir(join(root, 'staging'))).toEqual([]);
  });

  test('because it is larger than the room on our disk, is not begun, and nothing is asked of its place', async () => {
    let fetched = false;
    const fault = changed((inner) => ({
      async list() {
        return (await inner.list()).map((file) => (file.name === 'a.txt' ? { ...file, size: 1e15 } : file));
      },
      async *fetch(name, from, signal) {
        fetched ||= name === 'a.txt';
        yield* inner.fetch(name, from, signal);
      },
    }));
    place.drop('a.txt', 'T|E1|1\n');
    place.drop('b.txt', 'T|E2|1\n');
    const channel = await place.look({ fault });
    expect(fetched).toBe(false);
    expect(place.left()).toEqual(['a.txt']);
    expect(channel.waiting).toEqual(unread('FILE_NO_ROOM'));
  });
});
