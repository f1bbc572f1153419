import { spawnSync } from 'node:child_process';

/** What the peer tests use from the system, and what for. */
const packages: Readonly<Record<string, string>> = {
  'libquickfix-dev': 'QuickFIX, the FIX engine of the peer program',
  'g++': 'builds the peer program',
  'libssl-dev': 'TLS in the peer program',
  openssl: 'certificates for TLS',
  e2fsprogs: 'file systems for the power cut',
  mount: 'loop devices for the power cut',
};

/**
 * Installs what is missing where this may be done (root, apt), and says what it could not install. Gives back the names
 * that are still missing.
 */
export function installPeers(): readonly string[] {
  const missing = Object.keys(packages).filter((name) => !installed(name));
  if (missing.length === 0) {
    process.stdout.write('all here\n');
    return [];
  }
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    apt(['update', '-q']);
    apt(['install', '-y', '-q', '--no-install-recommends', ...missing]);
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
