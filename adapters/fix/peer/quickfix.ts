import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Built, buildProgram } from './build.ts';
import { quickfixDictionary } from './peer-dictionary.ts';

export type { Built } from './build.ts';

/** Compiles the peer of the drop copy, once a machine. Throws where it is missing and CLEARPORT_PEERS=required. */
export function buildPeer(): Built {
  return buildProgram('dropcopy-peer');
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
