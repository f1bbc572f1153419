import { runVitest } from './support/vitest-run.ts';

/** `npm run golden`: writes the golden files anew. Their difference is then read like code. */
const { failed } = runVitest(['--project', 'quick', ...process.argv.slice(2)], { env: { GOLDEN: 'write' } });
process.exitCode = failed === 0 ? 0 : 1;
