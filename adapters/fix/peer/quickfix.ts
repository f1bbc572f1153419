import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { quickfixDictionary } from './peer-dictionary.ts';

/** Debian's packages that the peer is made with. */
const packages = ['libquickfix-dev', 'libssl-dev', 'g++'];
const header = '/usr/include/quickfix/Session.h';

export type Built = { readonly program: string } | { readonly missing: string };

/**
 * Compiles the peer into a folder. Where Debian's QuickFIX is missing, it is installed by apt if we may; if not, says
 * what is missing, and throws where CLEARPORT_PEERS=required.
 */
export function buildPeer(folder: string): Built {
  const missing = installed() ? compile(folder) : 'libquickfix-dev is not installed, and cannot be';
  if (missing === undefined) return { program: join(folder, 'dropcopy-peer') };
  if (process.env['CLEARPORT_PEERS'] === 'required')
    throw new Error(`CLEARPORT_PEERS=required, but ${missing}`);
  return { missing };
}

function installed(): boolean {
  if (existsSync(header)) return true;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  for (const args of [install, ['update'], install]) {
    try {
      execFileSync('apt-get', args, { stdio: 'ignore', timeout: 240_000 });
    } catch {
      continue;
    }
    if (existsSync(header)) return true;
  }
  return false;
}

function compile(folder: string): string | undefined {
  const source = fileURLToPath(new URL('dropcopy-peer.cpp', import.meta.url));
  const flags = ['-O1', '-std=c++14', '-w', '-DHAVE_SSL=1'];
  const libraries = ['-lquickfix', '-lpthread', '-lssl', '-lcrypto', '-ldl'];
  try {
    const output = join(folder, 'dropcopy-peer');
    execFileSync('g++', [...flags, source, '-o', output, ...libraries], { stdio: 'pipe', timeout: 240_000 });
    return undefined;
  } catch (cause) {
    return `the peer does not compile: ${cause instanceof Error ? cause.message.slice(0, 500) : 'unknown'}`;
  }
}

export interface PeerOptions {
  readonly program: string;
  readonly role: 'acceptor' | 'initiator';
  readonly port: number;
  readonly beginString: 'FIX.4.2' | 'FIX.4.4';
  /** Keeps its store and its truth: the same folder is the same peer after a restart. */
  readonly folder: string;
  readonly seed: number;
  /** With it, TLS: the folder of its certificates. */
  readonly certificates?: string;
}

/** The peer as a process that is told and tells, a line each. */
export class QuickfixPeer {
  readonly lines: string[] = [];
  readonly #process: ChildProcess;
  readonly #truth: string;
  #errors = '';
  #exited: Promise<void>;

  constructor({ program, role, port, beginString, folder, seed, certificates }: PeerOptions) {
    mkdirSync(join(folder, 'store'), { recursive: true });
    const dictionary = join(folder, `${beginString}.xml`);
    writeFileSync(dictionary, quickfixDictionary(beginString));
    this.#truth = join(folder, 'truth.txt');
    const args = [role, String(port), beginString, folder, dictionary, String(seed)];
    this.#process = spawn(program, certificates === undefined ? args : [...args, certificates], {
      stdio: 'pipe',
    });
    const { stdout, stderr } = this.#process;
    if (stdout !== null) createInterface({ input: stdout }).on('line', (line) => this.lines.push(line));
    stderr?.on('data', (chunk) => {
      this.#errors += String(chunk);
    });
    this.#exited = new Promise((resolve) => this.#process.once('exit', () => resolve()));
  }

  tell(command: string): void {
    this.#process.stdin?.write(`${command}\n`);
  }

  /** Resolves when it has said a line that begins so, since the line `from`. */
  async said(beginning: string, from = 0, timeoutMs = 60_000): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!this.lines.slice(from).some((line) => line.startsWith(beginning))) {
      if (Date.now() > end)
        throw new Error(`the peer never said "${beginning}": ${this.lines.slice(-5)} ${this.#errors}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Every application message as it was first sent, in order, one character a byte. */
  truth(): string[] {
    return readFileSync(this.#truth, 'latin1').split('\n').slice(0, -1);
  }

  async quit(): Promise<void> {
    this.tell('quit');
    const timer = setTimeout(() => this.kill(), 15_000);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Ends it without a word: no Logout(5), nothing flushed that was not. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }
}

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
