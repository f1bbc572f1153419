import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { waitUntil } from './testing/waiting.ts';

const url = (path: string): string => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));

/** A gateway whose one session never answers when it is asked to close. */
const script = (root: string): string => `
  import { z } from 'zod';
  import { builtIn, createLogger, createMask, runGateway } from ${url('index.ts')};
  import { configurationOf, lineChannel } from ${url('testing/fixture.ts')};
  import { systemClock } from ${url('../core/clock.ts')};
  const session = {
    status: () => ({ session: 's', state: { epoch: 0, nextIn: 1, nextOut: 1 } }),
    close: () => new Promise(() => setInterval(() => undefined, 1000)),
  };
  const stuck = { shape: 'session', id: 'stuck', codec: 'fix', options: z.any(), secrets: [], open: async () => session };
  const configuration = configurationOf(${JSON.stringify(root)}, [lineChannel('one', { adapter: 'stuck', codec: 'fix' })]);
  const wiring = { ...builtIn(), adapters: new Map([['stuck', stuck]]) };
  const logger = createLogger({ level: 'info', mask: createMask() });
  await runGateway({ configuration, clock: systemClock(), logger, wiring });
`;

test('a first SIGTERM stops, a second ends at once with exit code 3', async () => {
  const root = await mkdtemp(join(tmpdir(), 'clearport-run-'));
  const args = ['--input-type=module', '-e', script(root)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  let heard = '';
  child.stderr.on('data', (bytes: Buffer) => {
    heard += bytes.toString();
  });
  try {
    await waitUntil(() => heard.includes('"running"'));
    child.kill('SIGTERM');
    await waitUntil(() => heard.includes('"stopping"'));
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(3);
    expect(heard).toContain('stopping at once');
  } finally {
    child.kill('SIGKILL');
    await rm(root, { recursive: true });
  }
});
