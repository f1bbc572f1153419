import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificates } from '../../adapters/fix/peer/certificates.ts';
import { pinOf } from '../../adapters/sftp/index.ts';
import { acceptorChannel, writeConfiguration } from '../../test/support/configuration.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { jsonLines, runCli } from './testing/in-process.ts';

function secret(directory: string, name: string, text: string): string {
  writeFileSync(join(directory, name), text, { mode: 0o600 });
  return `\${file:${name}}`;
}

function keyPair(): { readonly pem: string; readonly ssh: string; readonly fingerprint: string } {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const parsed = ssh2.utils.parseKey(pem);
  if (parsed instanceof Error || Array.isArray(parsed)) throw new Error('no key');
  const ssh = `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`;
  return { pem, ssh, fingerprint: pinOf(ssh)?.fingerprint ?? '' };
}

test('keys lists what is pinned and what expires, and shows no key', async () => {
  const directory = tempDirectory('cli-keys');
  const { ca, client } = makeCertificates(directory);
  const ours = keyPair();
  const theirs = keyPair();
  const checkpoint = generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  const sftp = {
    adapter: 'sftp',
    codec: 'fix',
    perspective: 'clearer',
    options: {
      host: 'sftp.example',
      username: 'acme',
      hostKeys: [`sftp.example ${theirs.ssh}`],
      privateKey: secret(directory, 'sftp.key', ours.pem),
    },
  };
  const tls = {
    ca: secret(directory, 'ca.pem', ca),
    cert: secret(directory, 'us.pem', client.cert),
    key: secret(directory, 'us.key', client.key),
  };
  writeConfiguration(
    directory,
    { positions: sftp, orders: acceptorChannel(0, { tls }) },
    { checkpoint: { key: secret(directory, 'checkpoint.key', checkpoint) } },
  );
  const far = await runCli(['keys', '--json', '--days', '0'], { directory });
  expect(far.code, far.stderr).toBe(0);
  const told = jsonLines(far.stdout);
  expect(told.map(({ channel, option, kind, state }) => `${channel} ${option} ${kind} ${state}`)).toEqual([
    'positions options.hostKeys.0 host-key ok',
    'positions options.privateKey private-key ok',
    'orders options.tls.ca certificate ok',
    'orders options.tls.cert certificate ok',
    'orders options.tls.key private-key ok',
    ' checkpoint.key private-key ok',
  ]);
  expect(told[0]).toMatchObject({ type: 'ssh-rsa', fingerprint: theirs.fingerprint });
  expect(told[1]).toMatchObject({ type: 'ssh-rsa', fingerprint: ours.fingerprint });
  expect(told[3]).toMatchObject({
    fingerprint: expect.stringMatching(/^SHA256:/),
    validTo: expect.any(String),
  });
  expect(told[5]).toMatchObject({ type: 'ed25519' });
  const soon = await runCli(['keys', '--days', '99999'], { directory });
  expect(soon.code).toBe(1);
  expect(soon.stdout).toContain('expires soon');
  for (const { stdout, stderr } of [far, soon]) {
    for (const line of [ours.pem, client.key, checkpoint].flatMap((pem) => pem.split('\n').slice(1, -2))) {
      expect(`${stdout}${stderr}`).not.toContain(line);
    }
  }
});

test('keys scan shows the lines that pin a server', async () => {
  const host = keyPair();
  const server = new ssh2.Server({ hostKeys: [host.pem] }, (client) => client.on('error', () => undefined));
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const shown = await runCli(['keys', 'scan', `127.0.0.1:${port}`, '--json'], {});
  expect(shown.code, shown.stderr).toBe(0);
  expect(jsonLines(shown.stdout)).toEqual([
    { type: 'ssh-rsa', fingerprint: host.fingerprint, knownHosts: `[127.0.0.1]:${port} ${host.ssh}` },
  ]);
  const told = await runCli(['keys', 'scan', '127.0.0.1', '--port', String(port)], {});
  expect(told.stdout).toContain(`  - "[127.0.0.1]:${port} ${host.ssh}"`);
  expect(told.stderr).toContain('by another way');
});

test.each(['', ':22', 'a:b:c:x', 'host:99999'])('"%s" is no server', async (target) => {
  const { code, stderr } = await runCli(['keys', 'scan', target], {});
  expect(code).toBe(2);
  expect(stderr).toContain('is no server');
});
