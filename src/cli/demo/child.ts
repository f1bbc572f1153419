import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { GatewayError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';

/** One of the demo's own processes: a `clearport` command whose standard output is JSON lines. */
export interface Child {
  readonly pid: number;
  /** Resolves with the first line, from now on or not yet taken, that `pick` makes something of. Others stay. */
  next<T>(what: string, pick: (line: Line) => T | undefined, timeoutMs: number): Promise<T>;
  /** What `pick` makes of the newest line that nobody has taken; undefined where there is none. */
  latest<T>(pick: (line: Line) => T | undefined): T | undefined;
  /** Resolves when it has ended, with its exit code or the signal. */
  ended(): Promise<number | string>;
  /** True once it has ended. */
  readonly gone: boolean;
  /** Says one line of JSON to it. */
  say(line: JsonValue): void;
  /** Ends it by its id and waits until it is gone; its exit code, or the signal. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

export type Line = Readonly<Record<string, unknown>>;

const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
/** The simulation reads its standard input, and ends when that does; everything else is held by a leash. */
const programs = { leashed: `./leashed.${ending}`, plain: `../bin.${ending}` } as const;
const running = new Set<ChildProcess>();
// A demo that fails leaves nothing behind; one that is killed lets go of the standard input of both.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts `clearport` with these arguments; what it says on standard error goes to a file. It stands in a process group
 * of its own: Ctrl-C reaches the demonstration alone, which ends its processes in order.
 */
export function startClearport(
  args: readonly string[],
  errorFile: string,
  program: keyof typeof programs = 'leashed',
): Child {
  const script = fileURLToPath(new URL(programs[program], import.meta.url));
  const errors = openSync(errorFile, 'a');
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['pipe', 'pipe', errors],
    detached: true,
  });
  closeSync(errors);
  running.add(child);
  return new JsonChild(child, args, errorFile);
}

/** The last line that a process wrote; nothing where it wrote none. */
function lastWords(file: string): string {
  const line = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1);
  return line === undefined || line === '' ? '' : `: ${line.slice(0, 500)}`;
}

class JsonChild implements Child {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #errorFile: string;
  readonly #lines: Line[] = [];
  readonly #ended: Promise<number | string>;
  #waiting: (() => void)[] = [];
  #gone = false;

  constructor(child: ChildProcess, args: readonly string[], errorFile: string) {
    this.#child = child;
    this.#name = `clearport ${args.slice(0, 2).join(' ')}`;
    this.#errorFile = errorFile;
    // Whoever is gone does not listen; that it is gone is told by its end.
    child.stdin?.on('error', () => undefined);
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (text) => {
        this.#lines.push(JSON.parse(text));
        this.#wake();
      });
    }
    this.#ended = this.#end();
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  async next<T>(what: string, pick: (line: Line) => T | undefined, timeoutMs: number): Promise<T> {
    const late = Date.now() + timeoutMs;
    for (;;) {
      for (const [index, line] of this.#lines.entries()) {
        const found = pick(line);
        if (found === undefined) continue;
        this.#lines.splice(index, 1);
        return found;
      }
      if (this.#gone)
        throw this.#failed(`ended with ${await this.#ended} before ${what}${lastWords(this.#errorFile)}`);
      if (Date.now() > late) throw this.#failed(`did not come to ${what} within ${timeoutMs / 1000} s`);
      await this.#news(late - Date.now());
    }
  }

  latest<T>(pick: (line: Line) => T | undefined): T | undefined {
    for (const line of this.#lines.toReversed()) {
      const found = pick(line);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  ended(): Promise<number | string> {
    return this.#ended;
  }

  get gone(): boolean {
    return this.#gone;
  }

  say(line: JsonValue): void {
    this.#child.stdin?.write(`${JSON.stringify(line)}\n`);
  }

  async end(signal: NodeJS.Signals): Promise<number | string> {
    this.#child.kill(signal);
    return this.#ended;
  }

  async #end(): Promise<number | string> {
    const [code, signal] = await once(this.#child, 'close');
    running.delete(this.#child);
    this.#gone = true;
    this.#wake();
    return code ?? signal;
  }

  #news(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, timeoutMs) + 1);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wake(): void {
    for (const done of this.#waiting.splice(0)) done();
  }

  #failed(what: string): GatewayError {
    return new GatewayError('DEMO_STUCK', `${this.#name} ${what}`, {
      place: this.#errorFile,
      remedy: 'look at what it wrote there',
    });
  }
}
