import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { reports } from './testing/messages.ts';

/** Half a gigabyte of messages through standard input, with a heap that holds a tenth of it. */
test('decode of 500 MB stays within its memory', { timeout: 1_800_000 }, async () => {
  const bin = fileURLToPath(new URL('./bin.ts', import.meta.url));
  const script = `process.argv = [process.execPath, 'clearport', 'decode', '--json', '-'];
    process.on('exit', () => process.stderr.write(String(process.resourceUsage().maxRSS)));
    import(${JSON.stringify(bin)});`;
  const child = spawn(process.execPath, ['--max-old-space-size=48', '-e', script], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close');
  const piece = Buffer.concat(Array<Uint8Array>(25).fill(Buffer.concat(reports(100))));
  for (let written = 0; written < 500_000_000; written += piece.length) {
    if (!child.stdin.write(piece)) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
  // In kilobytes.
  expect(Number(stderr)).toBeLessThan(300_000);
});
