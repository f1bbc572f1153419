import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runChild } from '../../test/support/child.ts';
import { clearport } from '../../test/support/clearport.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { openSqliteLog } from '../log/index.ts';
import { reports } from './testing/messages.ts';

const bin = fileURLToPath(new URL('./bin.ts', import.meta.url));

function bigFile(copies: number): string {
  const path = join(tempDirectory('cli-bin'), 'big.fix');
  const hundred = Buffer.concat(reports(100));
  writeFileSync(path, Buffer.concat(Array<Uint8Array>(copies).fill(hundred)));
  return path;
}

describe('the clearport process', () => {
  test('passes arguments, output and exit code through', async () => {
    const end = await clearport(['decode', '-', '--json'], { input: Buffer.concat(reports(3)) });
    expect({ code: end.code, stderr: end.stderr }).toEqual({ code: 0, stderr: '' });
    expect(end.stdout.trimEnd().split('\n')).toHaveLength(3);
    expect((await clearport(['nonsense'])).code).toBe(2);
  });

  test('ends quietly when its reader has seen enough (decode | head)', async () => {
    const child = spawn(process.execPath, [bin, 'decode', '--json', bigFile(20)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr).toBe('');
  });

  test('decodes a file whose meaning is larger than its memory', async () => {
    const path = bigFile(400);
    const script = `process.argv = [process.execPath, 'clearport', 'decode', '--json', ${JSON.stringify(path)}];
      import(${JSON.stringify(bin)}).then(() => process.on('exit', () =>
        process.stderr.write(String(process.resourceUsage().maxRSS))));`;
    const plain = await runChild(process.execPath, ['--max-old-space-size=40', '-e', script]);
    expect(plain.code).toBe(0);
    expect(plain.stdout.split('\n')).toHaveLength(400 * 100 + 1);
    expect(plain.stdout.length).toBeGreaterThan(100_000_000);
    // In kilobytes: Node itself and one window of the file.
    expect(Number(plain.stderr)).toBeLessThan(250_000);
  });

  test('says nothing about what Node thinks of its SQLite', async () => {
    const data = join(tempDirectory('cli-bin'), 'data');
    await (await openSqliteLog(data)).close();
    expect(await clearport(['verify', '--data', data])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('on an older Node', () => {
  test('says what is needed before it loads anything else', async () => {
    const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.19.4'})";
    const end = await runChild(process.execPath, ['--import', pretend, bin, 'decode', '-']);
    expect(end).toMatchObject({ code: 2, stdout: '' });
    expect(end.stderr).toMatch(
      /^error CLI_NODE_VERSION: clearport needs Node\.js 22\.13 or newer, and this is 20\.19\.4\n/,
    );
  });

  test('22.13 itself is new enough, 22.12 is not', async () => {
    const codeOn = async (version: string): Promise<number | null> => {
      const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;
      return (await runChild(process.execPath, ['--import', pretend, bin, '--version'])).code;
    };
    expect([await codeOn('22.13.0'), await codeOn('22.12.0'), await codeOn('23.1.0')]).toEqual([0, 2, 0]);
  });

  test('the first file imports nothing at its top', () => {
    expect(readFileSync(bin, 'utf8')).not.toMatch(/^(?:import|export)\b(?!\()/m);
  });
});
