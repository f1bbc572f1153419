import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import ssh2 from 'ssh2';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { offerOf } from './algorithms.ts';
import { fingerprintOf, hostKeyOf, pinOf } from './host-key.ts';
import { sftp } from './index.ts';
import { hostKey } from './testing/sftp-server.ts';

/** `ssh-ed25519` with a key of zeros: the blob as RFC 4253 builds it. */
const blob = Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32),
]);
const base64 = blob.toString('base64');
const fingerprint = fingerprintOf(blob);
const good = { host: 'sftp.clearer.example', hostKeys: [fingerprint], username: 'ops', password: 'x' };

describe('a pin', () => {
  test.each([fingerprint, `${fingerprint}=`, ` ${fingerprint}\n`])('is a fingerprint: %j', (text) => {
    expect(pinOf(text)).toEqual({ fingerprint });
  });

  test.each([
    `ssh-ed25519 ${base64}`,
    `sftp.clearer.example ssh-ed25519 ${base64}`,
    `[sftp.clearer.example]:2222,10.0.0.1 ssh-ed25519 ${base64} a comment`,
    `|1|aGVsbG8=|d29ybGQ= ssh-ed25519 ${base64}`,
  ])('is a whole key: %s', (text) => {
    expect(pinOf(text)).toEqual({ fingerprint, type: 'ssh-ed25519' });
  });

  test.each([
    '',
    'SHA256:short',
    `MD5:${'aa:'.repeat(15)}aa`,
    `@revoked * ssh-ed25519 ${base64}`,
    `@cert-authority * ssh-ed25519 ${base64}`,
    `ssh-rsa ${base64}`,
    `ssh-ed25519 ${Buffer.alloc(60).toString('base64')}`,
    'sftp.clearer.example',
  ])('is nothing else: %j', (text) => {
    expect(pinOf(text)).toBeUndefined();
  });

  test('law: no text makes it throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void pinOf(text)));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void hostKeyOf('h', 22, bytes)));
  });

  test('law: what a scan shows can be pinned', () => {
    const key = ssh2.utils.parseKey(hostKey().public);
    if (key instanceof Error) throw key;
    for (const port of [22, 2222]) {
      const shown = hostKeyOf('sftp.clearer.example', port, key.getPublicSSH());
      expect(pinOf(shown.knownHosts)).toEqual({ fingerprint: shown.fingerprint, type: key.type });
      expect(pinOf(shown.fingerprint)).toEqual({ fingerprint: shown.fingerprint });
    }
  });
});

describe('options', () => {
  const issuesOf = (options: object): string[] => {
    const read = sftp.options.safeParse({ ...good, ...options });
    return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };

  test('that are enough', () => {
    expect(issuesOf({})).toEqual([]);
  });

  test.each([
    [
      { hostKeys: undefined },
      /^hostKeys: no host key is pinned.*clearport keys scan sftp\.clearer\.example`/,
    ],
    [{ hostKeys: [], port: 2222 }, /clearport keys scan sftp\.clearer\.example --port 2222/],
    [{ host: '127.0.0.1', hostKeys: [] }, /^hostKeys: no host key/],
    [{ hostKeys: ['SHA256:x'] }, /^hostKeys\.0: must be a fingerprint/],
    [{ password: undefined }, /^privateKey: a privateKey or a password is needed/],
    [{ passphrase: 'x' }, /^passphrase: there is no privateKey/],
    [{ privateKey: 'not a key' }, /^privateKey: must be a private key/],
    [{ algorithms: { kex: ['none'] } }, /^algorithms\.kex\.0/],
  ])('%j contradict themselves', (options, expected) => {
    expect(issuesOf(options).join('; ')).toMatch(expected);
  });

  test('a private key that cannot be read stops the start, and shows nothing of itself', async () => {
    const { privateKey: text } = generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' },
    });
    const read = { ...good, password: undefined, privateKey: text };
    const opened = await sftp.open(sftp.options.parse({ ...read, passphrase: 'right' }));
    await opened.close();
    const options = sftp.options.parse({
      ...good,
      password: undefined,
      privateKey: text,
      passphrase: 'wrong-one',
    });
    const refused = await sftp.open(options).catch((cause: unknown) => cause);
    expect(refused).toMatchObject({ code: 'SFTP_KEY', exitCode: 2, retryable: false });
    expect(JSON.stringify(refused) + String(refused)).not.toMatch(/wrong-one|BEGIN/);
  });
});

describe('what is offered', () => {
  const flat = (types: readonly string[], legacy: boolean): string =>
    JSON.stringify(offerOf({ legacy }, types));

  test('has no SHA-1, no CBC and no ssh-rsa unless it is said', () => {
    expect(flat([], false)).not.toMatch(/sha1|cbc|md5|ssh-rsa|dss|3des/);
    expect(flat([], true)).toMatch(/group14-sha1.*ssh-rsa.*cbc.*hmac-sha1/);
  });

  test('is asked for with the types of the pinned keys', () => {
    expect(offerOf({ legacy: false }, ['ssh-rsa']).serverHostKey).toEqual(['rsa-sha2-512', 'rsa-sha2-256']);
    expect(offerOf({ legacy: true }, ['ssh-rsa']).serverHostKey).toContain('ssh-rsa');
    expect(offerOf({ legacy: false, serverHostKey: ['ssh-ed25519'] }, ['ssh-rsa']).serverHostKey).toEqual([
      'ssh-ed25519',
    ]);
  });
});

test('docs/sftp.md has every option, and no other', () => {
  const page = readFileSync(new URL('../../docs/sftp.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| (?:→ )?`[a-z][A-Za-z]*`/.test(line));
  const shown = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, key]) => key),
  );
  const schema = z.toJSONSchema(sftp.options, { io: 'input', unrepresentable: 'any' });
  const keys = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
    key,
    ...Object.keys((typeof inner === 'object' && inner.properties) || {}),
  ]);
  expect(shown.toSorted()).toEqual(keys.toSorted());
});
