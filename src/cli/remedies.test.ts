import { join } from 'node:path';
import { expect, test } from 'vitest';
import { productSources } from '../../test/support/sources.ts';
import { root } from '../../test/support/vitest-run.ts';
import { remedies } from './remedies.ts';

test('are known for every code of every room; the command line says its own', async () => {
  const known = await remedies();
  const tables = productSources().filter(
    ({ path }) => path.endsWith('/issues.ts') && !/^(?:src\/cli|certification)\//.test(path),
  );
  expect(tables.length).toBeGreaterThan(10);
  const missing: string[] = [];
  for (const { path } of tables) {
    const exported: Record<string, unknown> = await import(join(root, path));
    const codes = Object.entries(exported).flatMap(([name, table]) =>
      name.endsWith('Issues') && typeof table === 'object' && table !== null ? Object.keys(table) : [],
    );
    missing.push(...codes.filter((code) => !known.has(code)).map((code) => `${path} ${code}`));
  }
  expect(missing).toEqual([]);
});
