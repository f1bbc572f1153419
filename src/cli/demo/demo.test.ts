import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { plantedCases } from '../../../certification/simulators/clearing-firm/index.ts';
import { runChild } from '../../../test/support/child.ts';
import { tempDirectory } from '../../../test/support/temp-directory.ts';
import { textWidth } from '../table.ts';

const script = fileURLToPath(new URL('./main.ts', import.meta.url));

function runDemo(directory: string, ...args: readonly string[]) {
  return runChild(process.execPath, [script, '--executions', '200', '--directory', directory, ...args]);
}

/** The verdict of each case, as the demo prints it. */
function verdictsIn(stdout: string): Record<string, string> {
  const rows = stdout.matchAll(/^ {2}(\S+) .* {2}(found|NOT FOUND)$/gm);
  return Object.fromEntries([...rows].map((row) => [row[1] ?? '', row[2] ?? '']));
}

describe('the demonstration', () => {
  test('finds every case as planted, in words that fit into 100 columns', async () => {
    const directory = join(tempDirectory('demo'), 'kept');
    const { code, stdout, stderr } = await runDemo(directory);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    const names = ['executions', ...plantedCases, 'verify'];
    expect(verdictsIn(stdout)).toEqual(Object.fromEntries(names.map((name) => [name, 'found'])));
    for (const line of stdout.split('\n'))
      expect(textWidth(line.replaceAll(directory, 'x'))).toBeLessThanOrEqual(100);
    expect(stdout).toContain('kill -9');
  });

  describe.concurrent('fails, and names it, where', () => {
    for (const name of plantedCases) {
      test(`${name} does not happen`, { timeout: 120_000 }, async ({ onTestFinished, expect: expected }) => {
        // Tests that run at once have each to say for themselves when they are over.
        const directory = join(tempDirectory('demo', onTestFinished), 'kept');
        const { code, stdout, stderr } = await runDemo(directory, '--leave-out', name);
        expected({ code, stderr }, stdout).toEqual({ code: 1, stderr: '' });
        expected(verdictsIn(stdout)[name]).toBe('NOT FOUND');
        expected(stdout).toMatch(new RegExp(`Not as planted: .*\\b${name}\\b`));
      });
    }
  });

  test('clears what an earlier demo left, and nothing that is not its own', async () => {
    const directory = tempDirectory('demo');
    const { code, stderr } = await runDemo(directory);
    expect(code).toBe(2);
    expect(stderr).toContain('CLI_FILE_EXISTS');
  });
});
