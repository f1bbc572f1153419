import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of this folder that stays, and takes one round for each line that it is sent. */
export interface Peer {
  /** Microseconds of one core for each message of one round; `way` says of what, where the program has several. */
  round(way?: string): Promise<number>;
  stop(): Promise<void>;
}

/** Compiles a C++ program of this folder against Debian's QuickFIX, and starts it. Throws where that is not installed. */
export function startPeer(name: string, place: string, ...args: readonly string[]): Peer {
  const program = join(place, name);
  const source = fileURLToPath(new URL(`${name}.cpp`, import.meta.url));
  const flags = ['-O2', '-std=c++14', '-w'];
  execFileSync('g++', [...flags, source, '-o', program, '-lquickfix', '-lpthread'], { stdio: 'pipe' });
  return running(spawn(program, [...args]));
}

/** Starts a program of Node: a peer, or our own side, in a process where nothing else is compiled and collected. */
export function startNode(program: string, ...args: readonly string[]): Peer {
  return running(spawn(process.execPath, [program, ...args]));
}

function running(child: ChildProcessWithoutNullStreams): Peer {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stderr.pipe(process.stderr);
  return {
    async round(way = '') {
      child.stdin.write(`${way}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error('the peer has ended');
      return Number(value);
    },
    async stop() {
      const exit = once(child, 'exit');
      child.stdin.end();
      await exit;
    },
  };
}

/** Microseconds of all threads of this process for each of `count` steps of some work. */
export function microsOf(count: number, work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / count;
}

export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
