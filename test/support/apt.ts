import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** What the peer tests use from the system, and what for. */
const packages: Readonly<Record<string, string>> = {
  'libquickfix-dev': 'QuickFIX, the FIX engine of the peer program',
  'g++': 'builds the peer program',
  'libssl-dev': 'TLS in the peer program',
  openssl: 'certificates for TLS',
  haproxy: 'a real load balancer, which writes PROXY headers',
  ruby: 'runs the public FIX acceptance pack',
  'openssh-server': 'a real SFTP server',
  'openssh-client': 'keys for it (ssh-keygen)',
  'rabbitmq-server': 'a real broker, with its AMQP 1.0 plugin',
  postgresql: 'a real database for the ledger bridge',
  ledger: 'a real reader of the plain-text journal',
  e2fsprogs: 'file systems for the power cut',
  mount: 'loop devices for the power cut, a small disk for SFTP',
};

/** Asked by every package whether its service may start. Source: Debian, invoke-rc.d(8); 101 is "forbidden by policy". */
const policy = '/usr/sbin/policy-rc.d';
const policyText = '#!/bin/sh\nexit 101\n';

/**
 * Installs what is missing where this may be done (root, apt), and says what it could not install. No system service is
 * started: the tests start servers of their own. Gives back the names that are still missing.
 */
export function installPeers(): readonly string[] {
  const missing = Object.keys(packages).filter((name) => !installed(name));
  if (missing.length === 0) {
    process.stdout.write('all here\n');
    return [];
  }
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    apt(['update', '-q']);
    withoutServices(policy, () => apt(['install', '-y', '-q', '--no-install-recommends', ...missing]));
  }
  const still = missing.filter((name) => !installed(name));
  for (const name of missing.filter((one) => !still.includes(one))) {
    process.stdout.write(`installed ${name}\n`);
  }
  for (const name of still) {
    process.stdout.write(`could not install ${name} (${packages[name]}): apt-get install ${name}\n`);
  }
  return still;
}

/** Forbids services to start while `act` runs; what stood at `path` before stands there again afterwards. */
export function withoutServices(path: string, act: () => void): void {
  const kept = `${path}.before-clearport`;
  // A run that was killed may have left its own policy, with the real one beside it.
  if (existsSync(path) && !existsSync(kept)) renameSync(path, kept);
  writeFileSync(path, policyText);
  chmodSync(path, 0o755);
  try {
    act();
  } finally {
    rmSync(path, { force: true });
    if (existsSync(kept)) renameSync(kept, path);
  }
}

function installed(name: string): boolean {
  const { status, stdout } = spawnSync('dpkg', ['-s', name], { encoding: 'utf8' });
  return status === 0 && /^Status: install ok installed$/m.test(stdout);
}

function apt(args: readonly string[]): void {
  const { status, stderr } = spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) process.stdout.write(`apt-get ${args[0]} failed: ${stderr}\n`);
}
