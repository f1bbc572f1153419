import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Programs that still run when this process ends are ended with it: by pid, never by name. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process that is told by lines and answers by lines. */
export class ToldProcess {
  readonly lines: string[] = [];
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #waiting = new Set<() => void>();
  #errors = '';
  #alive = true;

  constructor(program: string, args: readonly string[]) {
    this.#process = spawn(program, args, { stdio: 'pipe' });
    running.add(this.#process);
    const { stdout, stderr, stdin } = this.#process;
    if (stdout !== null) createInterface({ input: stdout }).on('line', (line) => this.#take(line));
    stderr?.on('data', (chunk) => {
      this.#errors = (this.#errors + String(chunk)).slice(-4000);
    });
    // A process that is killed closes the pipe that somebody writes into.
    stdin?.on('error', () => undefined);
    this.#exited = new Promise((resolve) =>
      this.#process.once('close', () => {
        this.#alive = false;
        running.delete(this.#process);
        this.#wake();
        resolve();
      }),
    );
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  get alive(): boolean {
    return this.#alive;
  }

  get errors(): string {
    return this.#errors;
  }

  tell(command: string): void {
    this.#process.stdin?.write(`${command}\n`);
  }

  /** The first line that begins so, since the line `from`. Rejects with what it said where it ends, or does not say it in time. */
  async said(beginning: string, from = 0, timeoutMs = 60_000): Promise<string> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const found = this.lines.slice(from).find((line) => line.startsWith(beginning));
      if (found !== undefined) return found;
      if (!this.#alive || Date.now() > end) {
        const said = [...this.lines.slice(-8), this.#errors].join('\n');
        throw new Error(`never said "${beginning}"${this.#alive ? '' : ', and ended'}:\n${said}`);
      }
      await this.#more(Math.min(250, end - Date.now() + 1));
    }
  }

  /** Tells a command and gives the answer that begins so. */
  async ask(command: string, beginning: string, timeoutMs?: number): Promise<string> {
    const { length } = this.lines;
    this.tell(command);
    return this.said(beginning, length, timeoutMs);
  }

  /** Asks it to end by a command, and ends it where it does not. */
  async quit(command = 'quit', graceMs = 15_000): Promise<void> {
    this.tell(command);
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), graceMs);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  #take(line: string): void {
    this.lines.push(line);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #more(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.add(done);
    });
  }
}
