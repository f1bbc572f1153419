import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  breakCases,
  feedCases,
  quietCases,
  type TradeDayCase,
  tradeDayCases,
} from '../../../certification/simulators/trade-day/index.ts';
import { runChild } from '../../../test/support/child.ts';
import { tempDirectory } from '../../../test/support/temp-directory.ts';
import { memoryLog, openProjections } from '../../log/index.ts';
import { dayProjections } from '../projections.ts';
import { textWidth } from '../table.ts';
import { keepTradeDays } from '../testing/trade-day-log.ts';
import { breakVerdicts, strangeBreaks } from './break-verdicts.ts';
import { readEvidence } from './evidence.ts';

const script = fileURLToPath(new URL('./main.ts', import.meta.url));
const bin = fileURLToPath(new URL('../bin.ts', import.meta.url));
const wholeMs = 120_000;

function runDemo(directory: string, ...args: readonly string[]) {
  return runChild(process.execPath, [script, '--executions', '400', '--directory', directory, ...args]);
}

/** The verdict of each case, as the demo prints it. */
function verdictsIn(stdout: string): Record<string, string> {
  const rows = stdout.matchAll(/^ {2}(\S+) .* {2}(found|NOT FOUND)$/gm);
  return Object.fromEntries([...rows].map((row) => [row[1] ?? '', row[2] ?? '']));
}

describe.concurrent('the demonstration', () => {
  test('finds every fault and break, and no other, in words that fit into 100 columns', {
    timeout: wholeMs,
  }, async ({ onTestFinished, expect: expected }) => {
    // Tests that run at once have each to say for themselves when they are over.
    const directory = join(tempDirectory('demo', onTestFinished), 'kept');
    const { code, stdout, stderr } = await runDemo(directory);
    expected({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    const around = ['executions', 'files', 'statuses', 'book', 'nothing-else', 'verify'];
    const names = [...tradeDayCases, ...around];
    expected(verdictsIn(stdout)).toEqual(Object.fromEntries(names.map((name) => [name, 'found'])));
    for (const line of stdout.split('\n'))
      expected(textWidth(line.replaceAll(directory, 'x')), line).toBeLessThanOrEqual(100);
    expected(stdout).toMatch(/kill -9 of the gateway/);
    expected(stdout).toMatch(/positions-eod .*12 06:30 {2}12 06:52 {2}late, superseded/);
    expected(stdout).toContain('Breaks: 9 open');
    expected(stdout).toContain('Dear colleagues,');
    const breaks = await runChild(process.execPath, [
      bin,
      'breaks',
      '--config',
      join(directory, 'clearport.yaml'),
    ]);
    expected(breaks.code, breaks.stderr).toBe(1);
  });

  test('fails, and names it, where a fault of FIX, of a file or of the queue does not happen', {
    timeout: wholeMs,
  }, async ({ onTestFinished, expect: expected }) => {
    const left = tradeDayCases.filter((name) => !isBreak(name));
    const directory = join(tempDirectory('demo', onTestFinished), 'kept');
    const { code, stdout, stderr } = await runDemo(directory, '--leave-out', ...left);
    expected({ code, stderr }, stdout).toEqual({ code: 1, stderr: '' });
    const verdicts = verdictsIn(stdout);
    const missed = left.filter((name) => verdicts[name] === 'NOT FOUND');
    expected(missed).toEqual(left);
    expected(left).toEqual(expect.arrayContaining([...feedCases]));
    expected(stdout.replaceAll('\n', ' ')).toMatch(/Not as planted: .*\bpoisoned\b/);
    // What was planted all the same is found.
    expected(verdicts).toMatchObject({ rejected: 'found', 'cusip-change': 'found', verify: 'found' });
  });

  test('clears what an earlier demo left, and nothing that is not its own', async ({
    onTestFinished,
    expect: expected,
  }) => {
    const { code, stderr } = await runDemo(tempDirectory('demo', onTestFinished));
    expected(code).toBe(2);
    expected(stderr).toContain('CLI_FILE_EXISTS');
  });
});

function isBreak(name: TradeDayCase): boolean {
  return [...breakCases, ...quietCases].some((one) => one === name);
}

/** Verdicts of the trade days over a log that was written in this process. */
async function judged(leaveOut: readonly TradeDayCase[]) {
  const log = memoryLog();
  const { truth } = await keepTradeDays(log, { executions: 400, leaveOut });
  const projections = await openProjections(tempDirectory('demo'), log, { projections: dayProjections() });
  try {
    await projections.catchUp();
    const evidence = await readEvidence({ log, projections });
    return { verdicts: breakVerdicts(truth, evidence), strange: strangeBreaks(truth, evidence) };
  } finally {
    await projections.close();
  }
}

describe('the verdicts about book and breaks', () => {
  test('find all that was planted, and nothing else', async () => {
    const { verdicts, strange } = await judged([]);
    expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
    expect(strange).toEqual([]);
  });

  test.each(breakCases)('miss %s alone where it is left out', async (name) => {
    const { verdicts } = await judged([name]);
    const missed = verdicts.filter(({ ok }) => !ok).map((verdict) => verdict.name);
    // What our order system tells otherwise makes another book of ours, too.
    expect(missed.filter((one) => one !== 'book')).toEqual([name]);
  });

  test('tell a difference of time from a clearing firm that settles on the holiday', async () => {
    const { verdicts, strange } = await judged(['timing']);
    const missed = verdicts.filter(({ ok }) => !ok).map((verdict) => verdict.name);
    expect(missed).toContain('timing');
    expect(strange.length).toBeGreaterThan(0);
  });
});
