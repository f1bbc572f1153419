import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { runChild, startChild } from './child.ts';
import { freePort } from './free-port.ts';
import { tempDirectory } from './temp-directory.ts';

describe('a child process', () => {
  test('is heard to its last byte, with its exit code', async () => {
    const script = 'process.stdin.pipe(process.stdout).on("finish", () => {}); process.exitCode = 3;';
    const end = await runChild(process.execPath, ['-e', script], { input: 'x'.repeat(300_000) });
    expect(end.code).toBe(3);
    expect(end.stdout.length).toBe(300_000);
  });

  test('gets what is added to its environment, and not what is taken away', async () => {
    const script = 'console.log(process.env.ADDED, process.env.PATH)';
    const end = await runChild(process.execPath, ['-e', script], { env: { ADDED: 'yes', PATH: undefined } });
    expect(end.stdout).toBe('yes undefined\n');
  });

  test('is waited for by what it says, and stopped', async () => {
    const child = startChild(process.execPath, ['-e', 'console.log("port 42"); setInterval(() => {}, 1000)']);
    expect((await child.waitFor(/port (\d+)/))[1]).toBe('42');
    expect((await child.stop()).signal).toBe('SIGTERM');
    expect(() => process.kill(child.pid, 0)).toThrow();
  });

  test('that ends without saying it is an error with all that it said', async () => {
    const child = startChild(process.execPath, ['-e', 'console.error("no such key"); process.exit(2)']);
    await expect(child.waitFor(/ready/)).rejects.toThrow(/it ended before \/ready\/:\n\nno such key/);
  });
});

describe('a temporary directory', () => {
  let last = '';
  test('is there and empty', () => {
    last = tempDirectory('support');
    expect(existsSync(last)).toBe(true);
  });
  test('is gone after its test', () => {
    expect(last).not.toBe('');
    expect(existsSync(last)).toBe(false);
  });
});

test('a free port can be bound', async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => server.close(resolve));
});
