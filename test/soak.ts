import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root, runVitest, type TestResult } from './support/vitest-run.ts';

/** `npm run test:soak`: the long counts, and their report in `docs/soak-report.md`. */
const started = new Date();
const run = runVitest(['--project', 'soak', ...process.argv.slice(2)]);
const failed = run.failed + run.skipped;
writeFileSync(join(root, 'docs/soak-report.md'), report());
process.stdout.write(`${run.passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function report(): string {
  const minutes = ((Date.now() - started.getTime()) / 60_000).toFixed(0);
  const rows = run.tests.map(row).join('\n');
  return `# The long counts

What \`npm run test:soak\` last came to. It takes about an hour on two cores, so it does not run with every change; \`docs/soak.md\` says what each
test does. A seed repeats a test: \`CLEARPORT_SEED=… npm run test:soak\`.

- When: ${started.toISOString().slice(0, 16)}Z, ${minutes} minutes
- Node ${process.versions.node}, ${process.platform}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB
- **${run.passed} passed, ${failed} failed**

| test | result | seconds | counts |
| --- | --- | ---: | --- |
${rows}
`;
}

function row(test: TestResult): string {
  const facts = Object.entries(test.facts).map(([name, value]) => `${name} ${shown(value)}`);
  const name = `${test.name.replaceAll('|', '/')} (\`${test.file}\`)`;
  return `| ${name} | ${test.status} | ${(test.durationMs / 1000).toFixed(0)} | ${facts.join(', ')} |`;
}

/** Seeds are names and stay as they are; counts get their thousands. */
function shown(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : value;
}
