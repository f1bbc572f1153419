import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';

const versions = '/usr/lib/postgresql';

/** A real PostgreSQL on a free port of 127.0.0.1, with its data in one directory. */
export interface PostgresServer {
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL to the server and all of its backends: what was not committed is gone. */
  kill(): Promise<void>;
  /** Stops the server and all of its backends where they are, and lets them go on: no answer, and no connection lost. */
  freeze(): void;
  thaw(): void;
  /** Fast shutdown, by process id. */
  stop(): Promise<void>;
}

/** Nothing where Debian's PostgreSQL can be run here, else why not. */
export function postgresMissing(): string | undefined {
  if (binaries() === undefined) return 'PostgreSQL is not here: apt-get install postgresql';
  if (process.getuid?.() === 0 && account() === undefined) return 'root needs the user postgres to run it as';
  return undefined;
}

/** Makes a new cluster in an empty directory; `start` runs it. */
export async function postgresServer(directory: string): Promise<PostgresServer> {
  const data = join(directory, 'data');
  mkdirSync(data, { recursive: true });
  const owner = account();
  if (owner !== undefined) {
    chmodSync(directory, 0o755);
    chownSync(data, owner.uid, owner.gid);
  }
  run('initdb', ['-D', data, '-U', 'clearport', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C']);
  return new Server(data, await freePort());
}

class Server implements PostgresServer {
  readonly url: string;
  readonly #data: string;
  readonly #port: number;
  #child: ChildProcess | undefined;

  constructor(data: string, port: number) {
    this.#data = data;
    this.#port = port;
    this.url = `postgres://clearport@127.0.0.1:${port}/postgres`;
  }

  async start(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${this.#port}`,
      'unix_socket_directories=',
      'max_connections=20',
    ];
    const child = spawn(
      programOf('postgres'),
      ['-D', this.#data, ...settings.flatMap((one) => ['-c', one])],
      {
        stdio: 'ignore',
        ...account(),
      },
    );
    this.#child = child;
    for (let tries = 0; tries < 200; tries++) {
      if (await answers(this.url)) return;
      // After a kill, the old backends may hold the shared memory for a moment: the new server gives up, and is asked again.
      if (child.exitCode !== null) return this.start();
      await pause(50);
    }
    throw new Error('PostgreSQL did not come up');
  }

  async kill(): Promise<void> {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    const backends = childrenOf(pid);
    for (const one of [pid, ...backends]) signal(one, 'SIGKILL');
    await this.#ended();
    while (backends.some(running)) await pause(5);
  }

  freeze(): void {
    this.#signalAll('SIGSTOP');
  }

  thaw(): void {
    this.#signalAll('SIGCONT');
  }

  #signalAll(name: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid !== undefined) for (const one of [pid, ...childrenOf(pid)]) signal(one, name);
  }

  async stop(): Promise<void> {
    this.#child?.kill('SIGINT');
    await this.#ended();
  }

  async #ended(): Promise<void> {
    const child = this.#child;
    while (child !== undefined && child.exitCode === null && child.signalCode === null) await pause(5);
    this.#child = undefined;
  }
}

function binaries(): string | undefined {
  if (!existsSync(versions)) return undefined;
  const newest = readdirSync(versions)
    .filter((name) => existsSync(join(versions, name, 'bin', 'initdb')))
    .sort((left, right) => Number(right) - Number(left))[0];
  return newest === undefined ? undefined : join(versions, newest, 'bin');
}

function programOf(name: string): string {
  return join(binaries() ?? '', name);
}

/** PostgreSQL refuses to run as root: then it runs as its own user. */
function account(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const number = (flag: string): number =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  const [uid, gid] = [number('-u'), number('-g')];
  return uid > 0 ? { uid, gid } : undefined;
}

function run(name: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(programOf(name), args, { encoding: 'utf8', ...account() });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

function running(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
