import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from './vitest-run.ts';

export interface SourceFile {
  /** From the folder of `package.json`, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Every `.ts` file of the product, its tests left out. */
export function productSources(): readonly SourceFile[] {
  return ['src', 'codecs', 'adapters', 'certification'].flatMap((top) =>
    readdirSync(join(root, top), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({
        path: relative(root, path).split(sep).join('/'),
        text: readFileSync(path, 'utf8'),
      })),
  );
}
