import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program that is told and tells a line each. */
export interface Program {
  readonly pid: number;
  tell(line: string): void;
  /** What follows a word at the beginning of a line that it said, or will say. */
  said(word: string): Promise<string>;
  /** Closes its input, asks it to stop where `signal` is given, and waits for its end. */
  end(signal?: NodeJS.Signals): Promise<void>;
  /** Rejects when it ends without having been asked to. */
  readonly over: Promise<never>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program; its errors go where ours go. */
export function start(command: string, args: readonly string[]): Program {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('no pipes');
  stdin.on('error', () => undefined);
  let text = '';
  let ended = false;
  let asked = false;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of [...waiting]) look();
  };
  stdout.setEncoding('latin1').on('data', (more: string) => {
    text += more;
    wake();
  });
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => {
      ended = true;
      running.delete(child);
      wake();
      resolve();
    });
  });
  const over = closed.then((): Promise<never> => {
    if (asked) return new Promise(() => undefined);
    throw new Error(`${command} ${args[0] ?? ''} ended by itself`);
  });
  over.catch(() => undefined);
  return {
    pid: child.pid ?? -1,
    tell: (line) => void stdin.write(`${line}\n`),
    said: (word) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = new RegExp(`^${word}(.*)\n`, 'm').exec(text);
          if (found === null && !ended) return;
          waiting.delete(look);
          if (found === null) reject(new Error(`${command} ended before it said "${word}"`));
          else resolve((found[1] ?? '').trim());
        };
        waiting.add(look);
        look();
      }),
    over,
    end: async (signal) => {
      asked = true;
      stdin.end();
      if (signal !== undefined) child.kill(signal);
      await closed;
    },
  };
}

/** Compiles one of the programs beside this file into a folder; gives its path. Throws where it cannot be. */
export function compiled(folder: string, name: string, libraries: readonly string[] = []): string {
  const source = fileURLToPath(new URL(`${name}.cpp`, import.meta.url));
  const program = join(folder, name);
  execFileSync('g++', ['-O2', '-std=c++14', '-w', source, '-o', program, ...libraries], { stdio: 'pipe' });
  return program;
}

/** CPU time that all threads of a process have used so far, in microseconds. Source: Linux, `/proc/PID/task/TID/schedstat`. */
export function cpuMicros(pid: number): number {
  let nanos = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanos += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanos / 1000;
}

/** Resident memory of a process now, in MiB. */
export function residentMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
