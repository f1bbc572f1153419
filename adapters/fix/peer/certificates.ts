import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Certificates of a day, made by the `openssl` command: one authority, one for each side, and a stranger's. */
export interface Certificates {
  readonly folder: string;
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
  /** Signed by an authority that nobody knows. */
  readonly stranger: { readonly ca: string; readonly cert: string; readonly key: string };
}

/** Writes `ca.pem`, `server.pem`, `server.key`, `client.pem`, `client.key` and a stranger's into a folder. */
export function makeCertificates(folder: string): Certificates {
  authority(folder, 'ca');
  authority(folder, 'other');
  signed(folder, 'server', 'ca', 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:firm.test');
  signed(folder, 'client', 'ca', 'subjectAltName=DNS:ops.test');
  signed(folder, 'stranger', 'other', 'subjectAltName=IP:127.0.0.1,DNS:ops.test');
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const pair = (name: string): { cert: string; key: string } => ({
    cert: text(`${name}.pem`),
    key: text(`${name}.key`),
  });
  return {
    folder,
    ca: text('ca.pem'),
    server: pair('server'),
    client: pair('client'),
    stranger: { ca: text('other.pem'), ...pair('stranger') },
  };
}

function authority(folder: string, name: string): void {
  openssl(folder, [
    'req',
    '-x509',
    ...newKey(name),
    '-out',
    `${name}.pem`,
    '-subj',
    `/CN=Test ${name}`,
    '-days',
    '1',
  ]);
}

function signed(folder: string, name: string, by: string, extension: string): void {
  writeFileSync(join(folder, `${name}.ext`), `${extension}\nbasicConstraints=CA:FALSE\n`);
  openssl(folder, ['req', ...newKey(name), '-out', `${name}.csr`, '-subj', `/CN=${name}.test`]);
  const authorities = ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial'];
  openssl(folder, [
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    ...authorities,
    '-out',
    `${name}.pem`,
    '-days',
    '1',
    '-extfile',
    `${name}.ext`,
  ]);
}

function newKey(name: string): string[] {
  return ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`];
}

function openssl(folder: string, args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}
