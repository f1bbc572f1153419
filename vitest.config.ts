import { defineConfig } from 'vitest/config';

/**
 * Three projects: `quick` needs no server, `peers` talks to real ones (OpenSSL, QuickFIX, loop devices),
 * `soak` holds the long counts. A file's name says where it belongs.
 */
const everywhere = ['src', 'codecs', 'adapters', 'certification', 'test'].map((top) => `${top}/**`);
const named = (suffix: string): string[] => everywhere.map((top) => `${top}/*${suffix}.test.ts`);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'quick',
          include: named(''),
          exclude: [...named('.peer'), ...named('.soak'), '**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'peers',
          include: named('.peer'),
          testTimeout: 300_000,
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
          fileParallelism: false,
        },
      },
    ],
  },
});
