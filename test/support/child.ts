import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ChildOptions {
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Bytes for its standard input, which is then closed; left out: it is closed at once. */
  readonly input?: string | Uint8Array;
  /** As a terminal starts it: in a process group of its own, which `process.kill(-pid)` signals as a whole. */
  readonly ownGroup?: boolean;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running program with everything that it said. */
export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves once its output is read to the end, so that nothing it said is missing. */
  readonly ended: Promise<ChildEnd>;
  /** The match of a pattern in its standard output (or error output); fails with all that it said when it ends before that. */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  signal(name: NodeJS.Signals): void;
  /** Asks it to stop, and ends it where it does not within `graceMs`. */
  stop(graceMs?: number): Promise<ChildEnd>;
}

/** Programs that still run when this process ends are ended with it: by pid, never by name. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program; its output is collected, and never inherited. */
export function startChild(command: string, args: readonly string[], options: ChildOptions = {}): Child {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: options.ownGroup ?? false,
  });
  running.add(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  // A program that ends before it reads its input closes the pipe: its exit code says what there is to say.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input);
  const ended = endOf(child);
  return {
    pid: child.pid ?? -1,
    process: child,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    waitFor: (pattern, timeoutMs = 30_000) => waitFor(child, said, pattern, timeoutMs),
    signal: (name) => void child.kill(name),
    stop: (graceMs = 5_000) => stop(child, ended, graceMs),
  };
}

/** Runs a program to its end. */
export async function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<ChildEnd & { readonly stdout: string; readonly stderr: string }> {
  const child = startChild(command, args, options);
  const end = await child.ended;
  return { ...end, stdout: child.stdout(), stderr: child.stderr() };
}

function environment(added: ChildOptions['env']): NodeJS.ProcessEnv {
  const all = { ...process.env, ...added };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

async function endOf(child: ChildProcess): Promise<ChildEnd> {
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal };
  } finally {
    running.delete(child);
  }
}

function waitFor(
  child: ChildProcess,
  said: { readonly stdout: string; readonly stderr: string },
  pattern: RegExp,
  timeoutMs: number,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = (): boolean => {
      const match = pattern.exec(said.stdout) ?? pattern.exec(said.stderr);
      if (match !== null) done(() => resolve(match));
      return match !== null;
    };
    const give = (why: string) => (): void => {
      if (!look()) done(() => reject(new Error(`${why} before ${pattern}:\n${said.stdout}\n${said.stderr}`)));
    };
    const ended = give('it ended');
    const timer = setTimeout(give(`${timeoutMs} ms went by`), timeoutMs);
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      child.stdout?.off('data', look);
      child.stderr?.off('data', look);
      child.off('close', ended);
      settle();
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.on('close', ended);
    if (!look() && child.exitCode !== null) ended();
  });
}

async function stop(child: ChildProcess, ended: Promise<ChildEnd>, graceMs: number): Promise<ChildEnd> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}
