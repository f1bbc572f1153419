import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../core/errors.ts';
import { createLogger, createMask, errorView, exitCodeOfCrash } from './index.ts';
import { listening } from './testing/fixture.ts';

describe('logger', () => {
  test('writes one JSON object a line, masked as a whole', () => {
    const mask = createMask(['canary-secret']);
    const { logger, lines } = listening(mask);
    const cause = new Error('554=hidden| and canary-secret');
    logger.error(
      { error: new GatewayError('X_CODE', 'for canary-secret', { cause, remedy: 'mend' }) },
      'canary-secret',
    );
    logger.child({ channel: 'canary-secret' }).info({ deep: { deeper: ['1=5ABC1234|'] } });
    const objects = lines.map((line) => JSON.parse(line));
    expect(objects[0]).toMatchObject({
      level: 'error',
      msg: '***(13)',
      error: {
        code: 'X_CODE',
        message: 'for ***(13)',
        remedy: 'mend',
        cause: { message: '554=***(6)| and ***(13)' },
      },
    });
    expect(objects[1]).toMatchObject({ level: 'info', deep: { deeper: ['1=******34|'] } });
    expect(lines.join()).not.toMatch(/canary|hidden|5ABC/);
    logger.error({ error: errorView(new Error('seen before')) });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ error: { message: 'seen before' } });
  });

  test('writes to a file that is ours alone', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'clearport-logger-'));
    const file = join(directory, 'deep', 'clearport.log');
    createLogger({ level: 'info', mask: createMask(), file }).info('554=canary|');
    expect(await readFile(file, 'utf8')).toContain('554=***(6)|');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await rm(directory, { recursive: true });
  });
});

describe('a crash', () => {
  const index = fileURLToPath(new URL('index.ts', import.meta.url));
  const dying = (code: string) =>
    spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `
      import { createLogger, createMask, installCrashHandler } from ${JSON.stringify(index)};
      const mask = createMask(['canary-secret']);
      installCrashHandler(createLogger({ level: 'info', mask }), mask);
      ${code}
    `,
      ],
      { encoding: 'utf8' },
    );

  test.each([
    ['throw', `setTimeout(() => { throw new Error('lost canary-secret\\nand at canary-secret again') }, 1);`],
    ['rejection', `Promise.reject(new Error('554=canary-secret|', { cause: new Error('1=5ABC1234|') }));`],
    ['no error', `Promise.reject('canary-secret');`],
  ])('by a %s ends with one masked line and exit code 70', (_, code) => {
    const { status, stderr, stdout } = dying(code);
    expect(status).toBe(exitCodeOfCrash);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/canary|5ABC/);
    expect(JSON.parse(stderr)).toMatchObject({
      level: 'fatal',
      code: 'GATEWAY_CRASH',
      error: { message: expect.stringContaining('***') },
    });
  });
});
