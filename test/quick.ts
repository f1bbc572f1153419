import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, runVitest } from './support/vitest-run.ts';

/** `npm test`: the part that needs no server. It ends by saying what it left out. */
const { failed, skipped } = runVitest(['--project', 'quick', ...process.argv.slice(2)]);
if (process.argv.length === 2) {
  sayLeftOut('.long.test.ts', 'take a few minutes', 'npm run test:full');
  sayLeftOut('.peer.test.ts', 'need real peers or root', 'npm run test:full');
  sayLeftOut('.soak.test.ts', 'take long', 'npm run test:soak');
  if (skipped > 0) process.stdout.write(`Left out: ${skipped} quick tests, for the reasons said above.\n`);
}
process.exitCode = failed === 0 ? 0 : 1;

function sayLeftOut(ending: string, why: string, command: string): void {
  const files = ['src', 'codecs', 'adapters', 'certification', 'test']
    .flatMap((top) =>
      readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((file) => `${top}/${file}`),
    )
    .filter((file) => file.endsWith(ending));
  if (files.length === 0) return;
  process.stdout.write(`Left out: ${files.length} files that ${why} (${command}):\n`);
  for (const file of files.sort()) process.stdout.write(`  ${file}\n`);
}
