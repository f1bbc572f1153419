import { randomBytes } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FileSource } from '../../src/contract/source.ts';
import { type SftpOptionsInput, scanHostKeys, sftp } from './index.ts';
import { type SftpServer, sftpServer } from './testing/sftp-server.ts';

const never = new AbortController().signal;

const optionsOf = (server: SftpServer, more: Partial<SftpOptionsInput> = {}) =>
  sftp.options.parse({
    host: '127.0.0.1',
    port: server.port,
    hostKeys: [server.publicKey],
    username: 'ops',
    password: 'let-me-in',
    timeoutSeconds: 5,
    ...more,
  });

async function open(server: SftpServer, more: Partial<SftpOptionsInput> = {}): Promise<FileSource> {
  const place = await sftp.open(optionsOf(server, more));
  onTestFinished(() => place.close());
  return place;
}

async function* pieces(...parts: (string | Uint8Array)[]): AsyncIterable<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

async function fetched(place: FileSource, name: string, from = 0): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const piece of place.fetch(name, from, never)) parts.push(piece);
  return Buffer.concat(parts);
}

const names = (server: SftpServer): string[] => [...server.files.keys()].sort();

describe('an answer to a rename that is lost', () => {
  test('after it was done: the file stands there once, and the put is done', async () => {
    const server = await sftpServer({ loseRenameAnswers: 1 });
    await (await open(server)).put('a', pieces('x'));
    expect(names(server)).toEqual(['./a']);
    expect(server.asked.filter((name) => name === 'RENAME')).toHaveLength(1);
    expect(server.logins()).toBe(2);
  });

  test('before it was done: it is done then', async () => {
    const server = await sftpServer({ loseRenames: 1 });
    await (await open(server)).put('a', pieces('x'));
    expect(names(server)).toEqual(['./a']);
    expect(server.asked.filter((name) => name === 'RENAME')).toHaveLength(2);
  });

  test('twice: in doubt, said so, and a later put of the name finds what stands there', async () => {
    const server = await sftpServer({ loseRenames: 1, loseRenameAnswers: 1 });
    const place = await open(server);
    await expect(place.put('a', pieces('x'))).rejects.toMatchObject({
      code: 'SFTP_IN_DOUBT',
      retryable: true,
    });
    await expect(place.put('a', pieces('x'))).rejects.toMatchObject({ code: 'SFTP_TAKEN' });
    expect(names(server)).toEqual(['./a']);
  });

  test('of an archive: moved once, and a new file of the name stays', async () => {
    const server = await sftpServer({ loseRenameAnswers: 1 });
    server.files.set('./a', Buffer.from('x'));
    const place = await open(server);
    await place.archive('a');
    expect(names(server)).toEqual(['./archive/a']);
    server.faults.loseRenames = 1;
    server.files.set('./a', Buffer.from('second'));
    await place.archive('a');
    expect(names(server)).toEqual(['./archive/a', './archive/a.2']);
  });
});

describe('servers that are not like OpenSSH', () => {
  test('short answers to reads give the whole file', async () => {
    const server = await sftpServer({ readBytesMax: 1000 });
    const bytes = randomBytes(150_000);
    server.files.set('./a', bytes);
    const place = await open(server);
    expect((await fetched(place, 'a')).equals(bytes)).toBe(true);
    expect((await fetched(place, 'a', 70_001)).equals(bytes.subarray(70_001))).toBe(true);
  });

  test('lists without the kind of a file are asked for it', async () => {
    const server = await sftpServer({ listsWithoutMode: true });
    server.files.set('./b', Buffer.from('bb'));
    server.files.set('./a', Buffer.from('a'));
    expect((await (await open(server)).list()).map(({ name, size }) => [name, size])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test('a rename that would replace replaces nothing', async () => {
    const server = await sftpServer({ renameReplaces: true });
    server.files.set('./a', Buffer.from('theirs'));
    await expect((await open(server)).put('a', pieces('ours'))).rejects.toMatchObject({ code: 'SFTP_TAKEN' });
    expect(String(server.files.get('./a'))).toBe('theirs');
  });

  test('bytes that are not kept are not published', async () => {
    const server = await sftpServer({ keepsBytesMax: 5 });
    await expect((await open(server)).put('a', pieces('1234567'))).rejects.toMatchObject({
      code: 'SFTP_SIZE',
    });
    expect(names(server)).toEqual([]);
  });

  test('without posix-rename nothing is replaced in two steps', async () => {
    const server = await sftpServer();
    server.files.set('./a', Buffer.from('old'));
    const put = (await open(server)).put('a', pieces('new'), { replace: true });
    await expect(put).rejects.toMatchObject({ code: 'SFTP_NO_REPLACE' });
    expect(String(server.files.get('./a'))).toBe('old');
  });

  test.each([1, 4])('never more than %i requests of one file at a time', async (requests) => {
    const server = await sftpServer();
    const place = await open(server, { requests });
    const bytes = randomBytes(1_000_000);
    await place.put('a', pieces(bytes));
    expect((await fetched(place, 'a')).equals(bytes)).toBe(true);
    expect(server.concurrent()).toBeLessThanOrEqual(requests);
    expect(server.concurrent()).toBeGreaterThan(requests === 1 ? 0 : 1);
  });

  test('a slow server holds the source back', async () => {
    const go = Promise.withResolvers<void>();
    const server = await sftpServer({ holdWrites: go.promise });
    let read = 0;
    const source = async function* (): AsyncIterable<Uint8Array> {
      for (; read < 100; read++) yield Buffer.alloc(32 * 1024);
    };
    const put = (await open(server, { requests: 4 })).put('a', source());
    await expect.poll(() => server.concurrent()).toBe(4);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(read).toBeLessThan(8);
    go.resolve();
    await put;
    expect(server.files.get('./a')).toHaveLength(100 * 32 * 1024);
  });

  test('old algorithms are spoken only where it is said', async () => {
    const server = await sftpServer({}, 'diffie-hellman-group14-sha1');
    await expect((await open(server)).list()).rejects.toMatchObject({
      code: 'SFTP_ALGORITHMS',
      retryable: false,
    });
    await expect((await open(server, { algorithms: { legacy: true } })).list()).resolves.toEqual([]);
    expect(await scanHostKeys('127.0.0.1', server.port, never)).toHaveLength(1);
  });
});

test('two puts of one name: one wins, whole', async () => {
  const server = await sftpServer();
  const place = await open(server);
  const puts = await Promise.allSettled([place.put('a', pieces('one')), place.put('a', pieces('two'))]);
  expect(puts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(String(server.files.get('./a'))).toBe('one');
});

test('a wrong password is refused, and shown nowhere', async () => {
  const server = await sftpServer();
  const refused = await (await open(server, { password: 'canary-password' })).list().catch((cause) => cause);
  expect(refused).toMatchObject({ code: 'SFTP_AUTHENTICATION', retryable: false });
  expect(JSON.stringify(refused) + String(refused) + String(refused.cause)).not.toContain('canary');
});

test('without a pin nothing starts, and the remedy says how to get one', async () => {
  const server = await sftpServer();
  const unpinned = { ...optionsOf(server), hostKeys: [] };
  for (const refused of [sftp.open(unpinned), sftp.reach?.(unpinned, never)])
    await expect(refused).rejects.toMatchObject({
      code: 'SFTP_NO_PIN',
      exitCode: 2,
      remedy: expect.stringContaining(`clearport keys scan 127.0.0.1 --port ${server.port}`),
    });
});

test('after a close nothing goes any more, and what was open ends', async () => {
  const server = await sftpServer();
  server.files.set('./a', Buffer.alloc(10_000_000));
  const place = await open(server);
  const reading = (async () => {
    for await (const _ of place.fetch('a', 0, never)) await place.close();
  })();
  await expect(reading).rejects.toMatchObject({ code: 'SFTP_CLOSED' });
  await expect(place.list()).rejects.toMatchObject({ code: 'SFTP_CLOSED', retryable: false });
});
