import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A new empty directory under the system's own place for such things, gone again when the test is over. Outside a test
 * (in the body of a `describe`) say when: `tempDirectory('log', afterAll)`.
 */
export function tempDirectory(name: string, over: (gone: () => void) => void = onTestFinished): string {
  const directory = mkdtempSync(join(tmpdir(), `clearport-${name}-`));
  over(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}
