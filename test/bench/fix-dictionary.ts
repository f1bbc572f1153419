import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The cold start of one FIX version: a fresh process that loads the codec, reads the facts and decodes its first message, against a
 * fresh process that does nothing. CPU time of all threads, medians of rounds in turn. Two parts are told apart: the modules of the
 * codec, and the dictionary with its first message, which is what 30 ms are for.
 */
const rounds = 15;
const limitMs = 30;
const codec = fileURLToPath(new URL('../../codecs/fix/index.ts', import.meta.url));
const versions = ['FIX.4.2', 'FIX.4.4', 'FIXT.1.1'];

const empty = `const { user, system } = process.cpuUsage(); process.stdout.write('0 0 ' + (user + system) / 1000);`;
const first = (version: string): string => `
const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const before = cpu();
const { fix, writeFix } = await import(${JSON.stringify(`file://${codec}`)});
const loaded = cpu();
const bytes = writeFix(${JSON.stringify(version)}, [[35, '8'], [49, 'A'], [56, 'B'], [34, '1'], [52, '20261110-14:30:00'],
  [37, '1'], [17, '1'], [150, 'F'], [39, '2'], [55, 'ACME'], [54, '1'], [151, '0'], [14, '1'], [6, '1']]);
if (fix.decode({ bytes }).message?.name !== 'ExecutionReport') throw new Error('not decoded');
const decoded = cpu();
process.stdout.write([loaded - before, decoded - loaded, decoded].join(' '));`;

interface Run {
  readonly wholeMs: number;
  readonly modulesMs: number;
  readonly dictionaryMs: number;
}

function run(script: string): Run {
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const [modulesMs = 0, dictionaryMs = 0, wholeMs = 0] = said.split(' ').map(Number);
  return { wholeMs, modulesMs, dictionaryMs };
}

function median(runs: readonly Run[], part: keyof Run): number {
  const sorted = runs.map((one) => one[part]).sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const scripts = [empty, ...versions.map(first)];
const runs: Run[][] = scripts.map(() => []);
for (let round = 0; round < rounds; round++) {
  for (const [at, script] of scripts.entries()) runs[at]?.push(run(script));
}
const bytes = statSync(new URL('../../codecs/fix/tables/standard.json', import.meta.url)).size;
const idle = median(runs[0] ?? [], 'wholeMs');
process.stdout.write(`facts of all versions: ${bytes} bytes; node alone: ${idle.toFixed(1)} ms\n`);
for (const [at, version] of versions.entries()) {
  const own = runs[at + 1] ?? [];
  const dictionary = median(own, 'dictionaryMs');
  process.stdout.write(
    `${version.padEnd(9)} dictionary and first message ${dictionary.toFixed(1)} ms (of 30), modules ${median(own, 'modulesMs').toFixed(1)} ms, ` +
      `process ${(median(own, 'wholeMs') / idle).toFixed(2)} x node alone\n`,
  );
  if (dictionary > limitMs) process.exitCode = 1;
}
