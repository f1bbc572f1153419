import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { initiatorChannel, writeConfiguration } from '../../test/support/configuration.ts';
import { freePort } from '../../test/support/free-port.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { jsonLines, runCli } from './testing/in-process.ts';

const folder = (path: string) => ({
  adapter: 'directory',
  codec: 'fix',
  perspective: 'ours',
  options: { path },
});

test('check --connect tells who is there, who is not, and why', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined));
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const directory = tempDirectory('cli-connect');
  mkdirSync(join(directory, 'in'));
  writeConfiguration(directory, { firm: initiatorChannel(port), files: folder('in') });
  const good = await runCli(['check', '--connect', '--json'], { directory });
  expect(good.code, good.stderr).toBe(0);
  expect(jsonLines(good.stdout)).toMatchObject([
    { ok: true, channels: ['firm', 'files'] },
    { channel: 'firm', adapter: 'fix', reached: true, address: `127.0.0.1:${port}`, ms: expect.any(Number) },
    { channel: 'files', reached: true, told: ['0 files of this pattern'] },
  ]);

  const nobody = await freePort();
  writeConfiguration(directory, {
    firm: initiatorChannel(nobody),
    files: folder('none'),
    more: folder('in'),
  });
  const remedy = expect.any(String);
  const bad = await runCli(['check', '--connect', '--json'], { directory });
  expect(bad.code).toBe(3);
  expect(jsonLines(bad.stdout).slice(1)).toMatchObject([
    { channel: 'firm', reached: false, error: { code: 'FIX_CONNECTION', retryable: true, remedy } },
    { channel: 'files', reached: false, error: { code: 'DIRECTORY_MISSING', remedy } },
    { channel: 'more', reached: true },
  ]);
  const told = await runCli(['check', '--connect'], { directory });
  expect(told.stdout).toContain('not reached  firm  FIX_CONNECTION');
  expect(told.stdout).toContain('mend');
});

test('check --connect connects nowhere with a configuration that is wrong', async () => {
  const directory = tempDirectory('cli-connect');
  writeConfiguration(directory, { firm: { adapter: 'fix' } });
  const { code, stdout } = await runCli(['check', '--connect', '--json'], { directory });
  expect(code).toBe(2);
  expect(jsonLines(stdout)).toHaveLength(1);
});
