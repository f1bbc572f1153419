import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { FileSource } from '../../src/contract/source.ts';
import { signalAll } from '../../test/support/descendants.ts';
import { type OpenSsh, openSshMissing, startOpenSsh, strangeUserKey } from '../../test/support/openssh.ts';
import { requirePeer } from '../../test/support/peer.ts';
import { type SftpOptionsInput, scanHostKeys, sftp } from './index.ts';

const never = new AbortController().signal;
const otherPin = `SHA256:${'A'.repeat(43)}`;

requirePeer('OpenSSH', openSshMissing, () => {
  let server: OpenSsh;

  beforeEach(async () => {
    server = await startOpenSsh({ hostKeys: ['ed25519', 'rsa'] });
  });
  afterEach(() => server.stop());

  const optionsOf = (more: Partial<SftpOptionsInput> = {}) =>
    sftp.options.parse({
      host: '127.0.0.1',
      port: server.port,
      hostKeys: server.fingerprints.slice(0, 1),
      username: server.username,
      privateKey: server.privateKey,
      ...more,
    });
  const open = async (more: Partial<SftpOptionsInput> = {}): Promise<FileSource> => {
    const place = await sftp.open(optionsOf(more));
    onTestFinished(() => place.close());
    return place;
  };
  const at = (...parts: string[]): string => join(server.root, ...parts);
  const names = (...parts: string[]): string[] => readdirSync(at(...parts)).sort();

  describe('the host key', () => {
    test('that is pinned, of two: let in', async () => {
      const place = await open({ hostKeys: [otherPin, server.fingerprints[0] ?? ''] });
      await expect(place.list()).resolves.toEqual([]);
    });

    test('that was swapped: refused before anything of ours is said', async () => {
      const place = await open({ timeoutSeconds: 5 });
      await place.list();
      expect(server.log()).toContain('Accepted publickey');
      await server.kill();
      server.swapHostKeys();
      await server.restart();
      const before = server.log().length;
      await expect(place.list()).rejects.toMatchObject({ code: 'SFTP_HOST_KEY', retryable: false });
      await expect(sftp.reach?.(optionsOf({ hostKeys: [otherPin] }), never)).rejects.toMatchObject({
        code: 'SFTP_HOST_KEY',
      });
      const said = server.log().slice(before);
      expect(said).toContain('Connection from 127.0.0.1');
      expect(said).not.toMatch(/publickey|password|userauth|Accepted|Failed|sent by user|session/i);
      expect(said).not.toContain(server.username === 'root' ? 'user root' : server.username);
    });

    test('of a line of known_hosts: the server shows that key, though it has a better one', async () => {
      const keys = await scanHostKeys('127.0.0.1', server.port, never);
      expect(keys.map(({ fingerprint }) => fingerprint)).toEqual(server.fingerprints);
      const rsa = keys.find(({ type }) => type === 'ssh-rsa');
      const reached = await sftp.reach?.(optionsOf({ hostKeys: [rsa?.knownHosts ?? ''] }), never);
      expect(reached?.told[0]).toBe(`host key ssh-rsa ${server.fingerprints[1]}`);
      expect(reached?.told[1]).toMatch(/^SSH-2\.0-OpenSSH_/);
    });

    test('a scan logs nobody in', async () => {
      await scanHostKeys('127.0.0.1', server.port, never);
      expect(server.log()).not.toMatch(/publickey|userauth|Accepted|Failed|nobody/i);
    });
  });

  test('a user key that the server does not know is refused, once', async () => {
    const place = await open({ privateKey: strangeUserKey() });
    const refused = await place.list().catch((cause: unknown) => cause);
    expect(refused).toMatchObject({ code: 'SFTP_AUTHENTICATION', retryable: false });
    expect(server.log().match(/Failed publickey/g)).toHaveLength(1);
    expect(String(refused)).not.toContain('PRIVATE KEY');
  });

  describe('files', () => {
    test('plain ones that match are listed in order, with size and time', async () => {
      writeFileSync(at('b.txt'), 'bb');
      writeFileSync(at('a.txt'), 'a');
      writeFileSync(at('c.dat'), 'c');
      writeFileSync(at('.hidden.txt'), 'x');
      writeFileSync(at('d.tmp'), 'x');
      mkdirSync(at('folder.txt'));
      symlinkSync(at('a.txt'), at('link.txt'));
      execFileSync('mkfifo', [at('pipe.txt')]);
      utimesSync(at('a.txt'), 1_794_300_000, 1_794_300_000);
      const listed = await (await open({ pattern: '*.t*' })).list();
      expect(listed.map(({ name, size }) => [name, size])).toEqual([
        ['a.txt', 1],
        ['b.txt', 2],
      ]);
      expect(listed[0]?.modifiedAt).toBe(1_794_300_000_000_000);
    });

    test('are fetched from an offset on; no link and no pipe is followed', async () => {
      writeFileSync(at('a.txt'), 'hello');
      symlinkSync('/etc/passwd', at('link.txt'));
      execFileSync('mkfifo', [at('pipe.txt')]);
      const place = await open();
      expect(await fetched(place, 'a.txt')).toBe('hello');
      expect(await fetched(place, 'a.txt', 2)).toBe('llo');
      expect(await fetched(place, 'a.txt', 5)).toBe('');
      for (const name of ['link.txt', 'pipe.txt', 'none.txt'])
        await expect(fetched(place, name)).rejects.toMatchObject({ code: 'SFTP_FILE_GONE' });
    });

    test('are put whole, mode 0640, and never over another one unless told to', async () => {
      const place = await open();
      await place.put('out.txt', pieces('one', 'two'));
      expect(readFileSync(at('out.txt'), 'utf8')).toBe('onetwo');
      expect(statSync(at('out.txt')).mode & 0o777).toBe(0o640);
      await expect(place.put('out.txt', pieces('three'))).rejects.toMatchObject({
        code: 'SFTP_TAKEN',
        retryable: false,
      });
      expect(readFileSync(at('out.txt'), 'utf8')).toBe('onetwo');
      await place.put('out.txt', pieces('three'), { replace: true });
      expect(readFileSync(at('out.txt'), 'utf8')).toBe('three');
      expect(names()).toEqual(['out.txt']);
    });

    test('a put whose bytes fail leaves nothing', async () => {
      const place = await open();
      await expect(place.put('out.txt', failing())).rejects.toThrow('no more bytes');
      expect(names()).toEqual([]);
    });

    test('are archived by rename, twice is no error, and no name is lost', async () => {
      const place = await open();
      for (const content of ['first', 'second']) {
        writeFileSync(at('a.txt'), content);
        await place.archive('a.txt');
        await place.archive('a.txt');
      }
      expect(names()).toEqual(['archive']);
      expect(names('archive')).toEqual(['a.txt', 'a.txt.2']);
      expect(readFileSync(at('archive', 'a.txt.2'), 'utf8')).toBe('second');
    });

    test('a folder that is not there is named, and found when it comes', async () => {
      const place = await open({ folder: 'in' });
      await expect(place.list()).rejects.toMatchObject({ code: 'SFTP_FOLDER', retryable: true });
      mkdirSync(at('in'));
      await expect(place.list()).resolves.toEqual([]);
    });

    test('a name that leads elsewhere is refused', async () => {
      const place = await open();
      for (const name of ['../x', 'a/b', '..', ''])
        await expect(place.put(name, pieces('x'))).rejects.toMatchObject({ code: 'SFTP_NAME' });
    });

    test('1,000 small ones there and back, with the same bytes', async () => {
      const place = await open();
      const content = (index: number): string => `${index} `.repeat(index % 700);
      for (let index = 0; index < 1000; index++)
        await place.put(`f${String(index).padStart(4, '0')}`, pieces(content(index)));
      const listed = await place.list();
      expect(listed).toHaveLength(1000);
      for (const [index, { name, size }] of listed.entries()) {
        expect(size).toBe(content(index).length);
        expect(await fetched(place, name)).toBe(content(index));
        await place.archive(name);
      }
      expect(await place.list()).toEqual([]);
      expect(server.log().match(/Accepted publickey/g)).toHaveLength(1);
    });

    test('50 MB there and back, with the same hash', async () => {
      const place = await open();
      const bytes = randomBytes(50_000_003);
      await place.put('large', chunks(bytes, 1_000_003));
      expect(sha256(readFileSync(at('large')))).toBe(sha256(bytes));
      const hash = createHash('sha256');
      for await (const piece of place.fetch('large', 0, never)) hash.update(piece);
      expect(hash.digest('hex')).toBe(sha256(bytes));
    });
  });

  describe('a server that dies', () => {
    const large = 40_000_000;

    test('in the middle of a fetch: an error that may be tried again, and then the whole file', async () => {
      const bytes = randomBytes(large);
      writeFileSync(at('large'), bytes);
      const place = await open({ timeoutSeconds: 5 });
      let seen = 0;
      const broken = (async () => {
        for await (const piece of place.fetch('large', 0, never)) {
          if (seen < 1_000_000 && seen + piece.length >= 1_000_000) await server.kill();
          seen += piece.length;
        }
      })();
      await expect(broken).rejects.toMatchObject({ code: 'SFTP_CONNECTION', retryable: true });
      expect(seen).toBeLessThan(large);
      await expect(place.list()).rejects.toMatchObject({ code: 'SFTP_CONNECTION', retryable: true });
      await server.restart();
      const hash = createHash('sha256');
      for await (const piece of place.fetch('large', 0, never)) hash.update(piece);
      expect(hash.digest('hex')).toBe(sha256(bytes));
    });

    test('in the middle of a put: nothing under the name, and the half file is gone after the next put', async () => {
      const bytes = randomBytes(large);
      const place = await open({ timeoutSeconds: 5 });
      const dying = async function* (): AsyncIterable<Uint8Array> {
        let sent = 0;
        for await (const piece of chunks(bytes, 100_000)) {
          if (sent === 10_000_000) await server.kill();
          sent += piece.length;
          yield piece;
        }
      };
      await expect(place.put('large', dying())).rejects.toMatchObject({
        code: 'SFTP_CONNECTION',
        retryable: true,
      });
      expect(names()).toEqual(['.large.tmp']);
      expect(statSync(at('.large.tmp')).size).toBeLessThan(large);
      await server.restart();
      expect(await place.list()).toEqual([]);
      await place.put('large', chunks(bytes, 100_000));
      expect(names()).toEqual(['large']);
      expect(sha256(readFileSync(at('large')))).toBe(sha256(bytes));
    });

    test('or only its connection: the next call makes another', async () => {
      const place = await open();
      await place.list();
      signalAll(server.sessions(), 'SIGKILL');
      writeFileSync(at('a.txt'), 'a');
      await expect
        .poll(async () => (await place.list().catch(() => [])).map(({ name }) => name), { timeout: 10_000 })
        .toEqual(['a.txt']);
    });
  });

  describe('a server that hangs', () => {
    test('with a question open: an error within the configured time', async () => {
      const place = await open({ timeoutSeconds: 1 });
      await place.list();
      const sessions = server.sessions();
      signalAll(sessions, 'SIGSTOP');
      const start = performance.now();
      await expect(place.list()).rejects.toMatchObject({ code: 'SFTP_TIMEOUT', retryable: true });
      expect(performance.now() - start).toBeLessThan(10_000);
      signalAll(sessions, 'SIGCONT');
      await expect(place.list()).resolves.toEqual([]);
    });

    test('while a file is put or fetched: likewise', async () => {
      writeFileSync(at('large'), Buffer.alloc(40_000_000));
      const place = await open({ timeoutSeconds: 1 });
      const stopAt = async function* (bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
        let pieces = 0;
        for await (const piece of bytes) {
          if (pieces++ === 20) signalAll(server.sessions(), 'SIGSTOP');
          yield piece;
        }
      };
      const fetching = (async () => {
        for await (const _ of stopAt(place.fetch('large', 0, never)));
      })();
      await expect(fetching).rejects.toMatchObject({ code: 'SFTP_TIMEOUT' });
      await expect(place.put('out', stopAt(chunks(Buffer.alloc(40_000_000), 65_536)))).rejects.toMatchObject({
        code: 'SFTP_TIMEOUT',
      });
      expect(names()).not.toContain('out');
    });

    test('before the login: an error within the time for connecting', async () => {
      signalAll([...server.sessions(), server.pid], 'SIGSTOP');
      onTestFinished(() => signalAll([server.pid], 'SIGCONT'));
      const place = await open({ connectTimeoutSeconds: 1 });
      await expect(place.list()).rejects.toMatchObject({ code: 'SFTP_TIMEOUT', retryable: true });
    });

    test('idle: keepalive notices, and the next call works', async () => {
      const place = await open({ keepaliveSeconds: 0.2 });
      await place.list();
      const sessions = server.sessions();
      signalAll(sessions, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await expect(place.list()).resolves.toEqual([]);
      signalAll(sessions, 'SIGKILL');
    });

    test('a fetch that is given up ends at once', async () => {
      writeFileSync(at('large'), Buffer.alloc(40_000_000));
      const place = await open({ timeoutSeconds: 600 });
      const stop = new AbortController();
      const fetching = (async () => {
        for await (const _ of place.fetch('large', 0, stop.signal)) {
          signalAll(server.sessions(), 'SIGSTOP');
          setTimeout(() => stop.abort(), 100);
        }
      })();
      await expect(fetching).rejects.toThrow(/abort/i);
    });
  });

  describe('refusals', () => {
    test('a full disk is named, and nothing stands under the name', async () => {
      mkdirSync(at('small'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', at('small')]);
      try {
        const place = await open({ folder: 'small' });
        const refused = await place
          .put('out', chunks(Buffer.alloc(3_000_000), 100_000))
          .catch((cause) => cause);
        expect(refused).toMatchObject({ code: 'SFTP_DISK_FULL', retryable: true });
        expect(names('small')).toEqual([]);
        await place.put('out', pieces('fits'));
        expect(names('small')).toEqual(['out']);
        await place.close();
      } finally {
        await server.kill();
        execFileSync('umount', [at('small')]);
      }
    });

    test.runIf(process.getuid?.() === 0)('what an ordinary user may not do is told as that', async () => {
      await server.stop();
      server = await startOpenSsh({ hostKeys: ['ed25519', 'rsa'], user: 'nobody' });
      mkdirSync(at('theirs'), { mode: 0o755 });
      writeFileSync(at('theirs', 'a'), 'a', { mode: 0o600 });
      const place = await open({ folder: 'theirs' });
      expect(await place.list()).toHaveLength(1);
      await expect(fetched(place, 'a')).rejects.toMatchObject({ code: 'SFTP_DENIED', retryable: true });
      await expect(place.put('b', pieces('b'))).rejects.toMatchObject({ code: 'SFTP_DENIED' });
      await expect(place.archive('a')).rejects.toMatchObject({ code: 'SFTP_DENIED' });
      expect(names('theirs')).toEqual(['a']);
      rmSync(at('theirs'), { recursive: true });
    });
  });
});

async function fetched(place: FileSource, name: string, from = 0): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const piece of place.fetch(name, from, never)) parts.push(piece);
  return Buffer.concat(parts).toString();
}

async function* pieces(...texts: string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* chunks(bytes: Buffer, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* failing(): AsyncIterable<Uint8Array> {
  yield Buffer.from('some');
  throw new Error('no more bytes');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
