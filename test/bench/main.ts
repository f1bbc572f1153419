import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * `npm run bench`: every bench, each in a process of its own. Figures are ratios against a peer in the same run; absolute
 * ones drift with the machine. A name runs that one alone: `npm run bench -- log`.
 */
const benches = [
  'fix',
  'fix-events',
  'fix-encode',
  'fix-dictionary',
  'mt',
  'mx',
  'log',
  'live',
  'day',
  'sftp',
];
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no bench is called ${unknown.join(', ')}; there are ${benches.join(', ')}\n`);
  process.exit(2);
}
let failed = 0;
for (const name of chosen.length > 0 ? chosen : benches) {
  process.stdout.write(`\n── ${name} ──\n`);
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  if (spawnSync(process.execPath, [file], { stdio: 'inherit' }).status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
