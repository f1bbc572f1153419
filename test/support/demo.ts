import { join } from 'node:path';
import { type Child, type ChildEnd, runChild, startChild } from './child.ts';
import { root } from './vitest-run.ts';

const script = join(root, 'src/cli/demo/main.ts');
/** The fewest that leave room for everything that is planted. */
export const demoExecutions = 400;
/** A whole demonstration, on a machine that has more to do. */
export const demoMs = 120_000;

/** `npm run demo` to its end. */
export function runDemo(
  directory: string,
  ...args: readonly string[]
): Promise<ChildEnd & { readonly stdout: string; readonly stderr: string }> {
  return runChild(process.execPath, argsOf(directory, args));
}

/** The same, started as from a terminal, whose Ctrl-C reaches the whole process group. */
export function startDemo(directory: string, ...args: readonly string[]): Child {
  return startChild(process.execPath, argsOf(directory, args), { ownGroup: true });
}

/** Waits for both processes of a demonstration; the ids of the other side and of the gateway. */
export async function processesOf(demo: Child): Promise<number[]> {
  const said = await demo.waitFor(/Other side: process (\d+)\. Gateway: process (\d+)\./, demoMs);
  return said.slice(1).map(Number);
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The verdict of each case, as the demonstration prints it. */
export function verdictsIn(stdout: string): Readonly<Record<string, string>> {
  const rows = stdout.matchAll(/^ {2}(\S+) .* {2}(found|NOT FOUND)$/gm);
  return Object.fromEntries([...rows].map((row) => [row[1] ?? '', row[2] ?? '']));
}

/** What it prints of the book and of the breaks. */
export function sectionsIn(stdout: string): string {
  return stdout.slice(stdout.indexOf('\nOur book'), stdout.indexOf('\nWhat was planted'));
}

function argsOf(directory: string, args: readonly string[]): string[] {
  return [script, '--executions', String(demoExecutions), '--directory', directory, ...args];
}
