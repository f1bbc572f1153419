import { join } from 'node:path';
import { type Child, type ChildEnd, type ChildOptions, runChild, startChild } from './child.ts';
import { root } from './vitest-run.ts';

const bin = join(root, 'src/cli/bin.ts');

/** The command line as everybody runs it, to its end. */
export function clearport(
  args: readonly string[],
  options: ChildOptions = {},
): Promise<ChildEnd & { readonly stdout: string; readonly stderr: string }> {
  return runChild(process.execPath, [bin, ...args], options);
}

/** A command that goes on until it is stopped, such as `run` and `sim`. */
export function startClearport(args: readonly string[], options: ChildOptions = {}): Child {
  return startChild(process.execPath, [bin, ...args], options);
}

/** The lines that a command prints with `--json`. */
export async function clearportJson(
  args: readonly string[],
  options: ChildOptions = {},
): Promise<readonly Record<string, unknown>[]> {
  const end = await clearport([...args, '--json'], options);
  if (end.code !== 0 && end.code !== 1)
    throw new Error(`clearport ${args.join(' ')}: ${end.stdout}${end.stderr}`);
  return end.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
