import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from './child.ts';
import { descendants, signalAll } from './descendants.ts';
import { freePort } from './free-port.ts';

/** The server refuses to start under a name that is no absolute path. */
const program = '/usr/sbin/sshd';
const startsMax = 5;

export interface OpenSshOptions {
  /** Types of host keys, best first. Default: ed25519. */
  readonly hostKeys?: readonly ('ed25519' | 'rsa' | 'ecdsa')[];
  /** Who may log in: this process's user, or as root another one of this machine. */
  readonly user?: string;
  /** Further lines for sshd_config, such as `LogLevel DEBUG1`. */
  readonly config?: readonly string[];
}

/** A real OpenSSH server on 127.0.0.1 that serves one folder by SFTP. */
export interface OpenSsh {
  readonly port: number;
  /** Of the server itself; `sessions` has its connections. */
  readonly pid: number;
  readonly username: string;
  /** Where a login leads: relative folders count from here. */
  readonly root: string;
  /** Of the key that may log in, OpenSSH text; and where it stands. */
  readonly privateKey: string;
  readonly privateKeyFile: string;
  /** `SHA256:…` of its host keys, in the order of the options. */
  readonly fingerprints: readonly string[];
  /** Everything that the server said. */
  log(): string;
  /** Pids of the connections that are open. */
  sessions(): readonly number[];
  /** Makes new host keys; they hold from the next start on. */
  swapHostKeys(): void;
  /** Ends it at once, connections included. */
  kill(): Promise<void>;
  /** Starts it again on its port. */
  restart(): Promise<void>;
  /** Ends it and removes everything of it. */
  stop(): Promise<void>;
}

/** Why OpenSSH cannot be used here; nothing where it can. */
export function openSshMissing(): string | undefined {
  return existsSync(program)
    ? undefined
    : `${program} is not here: apt-get install openssh-server openssh-client`;
}

/** Starts a server with host keys, a user key, a configuration and a folder of its own. Stop it when the test is over. */
export async function startOpenSsh(options: OpenSshOptions = {}): Promise<OpenSsh> {
  const { hostKeys = ['ed25519'], config = [], user = userInfo().username } = options;
  const home = mkdtempSync(join(tmpdir(), 'clearport-openssh-'));
  const root = join(home, 'root');
  mkdirSync(root);
  // Another user has to get through to its folder and to the file of keys that may log in.
  if (user !== userInfo().username) chmodSync(home, 0o755);
  // Compiled into Debian's server; as root it does not start without it.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  makeKey(home, 'user', 'ed25519');
  const fingerprints: string[] = [];
  const makeHostKeys = (): void => {
    for (const type of hostKeys) makeKey(home, `host-${type}`, type);
    fingerprints.splice(
      0,
      Infinity,
      ...hostKeys.map((type) => fingerprintOf(join(home, `host-${type}.pub`))),
    );
  };
  makeHostKeys();
  const start = (port: number): Promise<Child> => {
    writeFileSync(join(home, 'sshd_config'), configuration(home, root, port, hostKeys, config));
    return startServer(join(home, 'sshd_config'));
  };
  let { child, port } = await startOnFreePort(start);
  let said = '';
  const kill = async (): Promise<void> => {
    const sessions = descendants(child.pid);
    child.signal('SIGKILL');
    signalAll(sessions, 'SIGKILL');
    await child.ended;
  };
  return {
    port,
    get pid() {
      return child.pid;
    },
    username: user,
    root,
    privateKey: readFileSync(join(home, 'user'), 'utf8'),
    privateKeyFile: join(home, 'user'),
    fingerprints,
    log: () => said + child.stderr(),
    sessions: () => descendants(child.pid),
    swapHostKeys: makeHostKeys,
    kill,
    restart: async () => {
      said += child.stderr();
      child = await start(port);
    },
    stop: async () => {
      await kill();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A new user key that no server knows, as OpenSSH text. */
export function strangeUserKey(): string {
  const home = mkdtempSync(join(tmpdir(), 'clearport-key-'));
  try {
    makeKey(home, 'stranger', 'ed25519');
    return readFileSync(join(home, 'stranger'), 'utf8');
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** Somebody else may take a port between the question for a free one and the start. */
async function startOnFreePort(
  start: (port: number) => Promise<Child>,
): Promise<{ readonly child: Child; readonly port: number }> {
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    try {
      return { child: await start(port), port };
    } catch (cause) {
      if (tries === startsMax) throw cause;
    }
  }
}

async function startServer(config: string): Promise<Child> {
  const child = startChild(program, ['-D', '-e', '-f', config]);
  await child.waitFor(/Server listening on /, 10_000);
  return child;
}

function makeKey(home: string, name: string, type: string): void {
  for (const file of [name, `${name}.pub`]) rmSync(join(home, file), { force: true });
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'test', '-f', join(home, name)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function fingerprintOf(file: string): string {
  const told = execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' });
  return /SHA256:\S+/.exec(told)?.[0] ?? '';
}

function configuration(
  home: string,
  root: string,
  port: number,
  hostKeys: readonly string[],
  config: readonly string[],
): string {
  return [
    // What stands first holds.
    ...config,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((type) => `HostKey ${join(home, `host-${type}`)}`),
    'PidFile none',
    `AuthorizedKeysFile ${join(home, 'user.pub')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    // By default many connections at once are dropped by chance.
    'MaxStartups 200',
    'LogLevel VERBOSE',
    'Subsystem sftp internal-sftp',
    `ForceCommand internal-sftp -d ${root} -u 0022`,
    '',
  ].join('\n');
}
