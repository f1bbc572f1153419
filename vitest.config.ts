import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * Four projects: `quick` needs no server; `long` neither, but takes more time than one waits for at every change; `peers`
 * talks to real ones (OpenSSL, QuickFIX, loop devices); `soak` holds the long counts. A file's name says where it
 * belongs.
 */
const everywhere = ['src', 'codecs', 'adapters', 'certification', 'test'].map((top) => `${top}/**`);
const named = (suffix: string): string[] => everywhere.map((top) => `${top}/*${suffix}.test.ts`);

// Tests start this program's processes again and again: each takes half the time where it finds its modules compiled.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

// Left alone, two processors get one worker, and that one waits for other processes half of its time.
const maxWorkers = Math.max(2, availableParallelism());
// How long a test waits for what must come; the usual second is too short where everything is busy.
const expect = { poll: { timeout: 15_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'quick',
          include: named(''),
          exclude: [
            ...named('.long'),
            ...named('.peer'),
            ...named('.soak'),
            '**/node_modules/**',
            '**/dist/**',
          ],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          expect,
          maxWorkers,
        },
      },
      {
        test: {
          name: 'long',
          include: named('.long'),
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect,
          maxWorkers,
        },
      },
      {
        test: {
          name: 'peers',
          include: named('.peer'),
          testTimeout: 300_000,
          expect,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'soak',
          include: named('.soak'),
          testTimeout: 7_200_000,
          hookTimeout: 300_000,
          maxWorkers,
        },
      },
    ],
  },
});
