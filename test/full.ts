import { spawnSync } from 'node:child_process';
import { installPeers } from './support/apt.ts';
import { root, runVitest, type Tally, type VitestRun } from './support/vitest-run.ts';

/**
 * `npm run test:full`: everything, with the real peers installed where that may be done, and once more on the oldest
 * Node that is promised. The last line is the count; with `CI=true` or `CLEARPORT_PEERS=required` nothing may be skipped.
 */
const oldestNode = '22.13.1';
const required = process.env['CI'] === 'true' || process.env['CLEARPORT_PEERS'] === 'required';
if (required) process.env['CLEARPORT_PEERS'] = 'required';

/** What failed, in the order it did: an hour of output is long, so its end says it once more. */
const faults: string[] = [];
const tallies: { readonly name: string; readonly tally: Tally; readonly seconds: number }[] = [];
check('real peers', () => one(installPeers().length === 0 || !required));
check('build', () => command('npm', ['run', 'build']));
check('types and lint', () => command('npm', ['run', 'check']));
check('package (publint)', () => command('npx', ['--no-install', 'publint', '--strict']));
check('quick tests', () => told(runVitest(['--project', 'quick'])));
check('longer tests', () => told(runVitest(['--project', 'long'])));
check('tests with real peers', () => told(runVitest(['--project', 'peers'])));
check(`Node ${oldestNode}`, onOldestNode);
finish();

function check(name: string, run: () => Tally): void {
  process.stdout.write(`\n── ${name} ──\n`);
  const start = performance.now();
  const tally = run();
  tallies.push({ name, tally, seconds: (performance.now() - start) / 1000 });
}

/**
 * What another engine, another SQLite and another library of Node can change: the quick tests, the built bin and the built
 * demo, on a Node that does not read TypeScript unasked. What draws many numbers or talks to real peers looks at our
 * rules, and runs once.
 */
function onOldestNode(): Tally {
  const found = spawnSync('npx', ['-y', '-p', `node@${oldestNode}`, 'node', '-p', 'process.execPath'], {
    encoding: 'utf8',
  });
  const node = found.stdout?.trim() ?? '';
  if (found.status !== 0 || node === '') {
    process.stdout.write(`Node ${oldestNode} cannot be had here: ${found.stderr ?? String(found.error)}\n`);
    return required ? one(false) : { passed: 0, failed: 0, skipped: 1 };
  }
  process.stdout.write(`${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}\n`);
  const env = { NODE_OPTIONS: '--experimental-strip-types --disable-warning=ExperimentalWarning' };
  return sum([
    command(node, ['dist/src/cli/bin.js', '--version']),
    command(node, ['dist/src/cli/demo/main.js', '--executions', '400']),
    told(runVitest(['--project', 'quick'], { node, env })),
  ]);
}

function told(run: VitestRun): VitestRun {
  for (const { file, name, failures } of run.tests.filter(({ status }) => status === 'failed')) {
    faults.push(`${file}: ${name}\n${indented(failures.join('\n'))}`);
  }
  faults.push(...run.unloaded.map(indented));
  return run;
}

function indented(text: string): string {
  const most = 12;
  const lines = text.split('\n').slice(0, most);
  return lines.map((line) => `    ${line}`).join('\n');
}

function command(program: string, args: readonly string[]): Tally {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) process.stdout.write(`${program}: ${error.message}\n`);
  if (status !== 0) {
    const failed = `failed: ${[program, ...args].join(' ')}`;
    process.stdout.write(`${failed}\n`);
    faults.push(failed);
  }
  return one(status === 0);
}

function one(passed: boolean): Tally {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

function sum(parts: readonly Tally[]): Tally {
  const add = (pick: (tally: Tally) => number): number =>
    parts.reduce((total, part) => total + pick(part), 0);
  return {
    passed: add((part) => part.passed),
    failed: add((part) => part.failed),
    skipped: add((part) => part.skipped),
  };
}

function finish(): void {
  if (faults.length > 0) process.stdout.write(`\n── what failed ──\n${faults.join('\n')}\n`);
  process.stdout.write('\n── all ──\n');
  for (const { name, tally, seconds } of tallies) {
    const counts = `${String(tally.passed).padStart(5)} passed ${String(tally.failed).padStart(3)} failed`;
    const left = tally.skipped > 0 ? `, ${tally.skipped} left out` : '';
    process.stdout.write(`${name.padEnd(24)} ${counts} ${seconds.toFixed(0).padStart(5)} s${left}\n`);
  }
  const all = sum(tallies.map(({ tally }) => tally));
  const left = required ? 0 : all.skipped;
  // Where everything is required, what was left out counts as failed: nobody may read it as tested.
  const failed = required ? all.failed + all.skipped : all.failed;
  if (left > 0) process.stdout.write(`Left out: ${left}, for the reasons said above.\n`);
  process.stdout.write(`${all.passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
