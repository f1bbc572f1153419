import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import {
  breakCases,
  feedCases,
  quietCases,
  type TradeDayCase,
  tradeDayCases,
  tradeDays,
} from '../../../certification/simulators/trade-day/index.ts';
import { runChild, startChild } from '../../../test/support/child.ts';
import { tempDirectory } from '../../../test/support/temp-directory.ts';
import { loadConfiguration } from '../../gateway/index.ts';
import { memoryLog, openProjections, openSqliteLog } from '../../log/index.ts';
import { dayProjections } from '../projections.ts';
import type { StandingEvent } from '../standing.ts';
import { textWidth } from '../table.ts';
import { keepTradeDays } from '../testing/trade-day-log.ts';
import { type Views, withProjections } from '../views.ts';
import { breakVerdicts, strangeBreaks } from './break-verdicts.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import { verdicts } from './verdicts.ts';

const script = fileURLToPath(new URL('./main.ts', import.meta.url));
const bin = fileURLToPath(new URL('../bin.ts', import.meta.url));
const wholeMs = 120_000;

function argsOf(directory: string, args: readonly string[]): string[] {
  return [script, '--executions', '400', '--directory', directory, ...args];
}

function runDemo(directory: string, ...args: readonly string[]) {
  return runChild(process.execPath, argsOf(directory, args));
}

/** Started as from a terminal, whose Ctrl-C reaches the whole process group. */
function startDemo(directory: string, ...args: readonly string[]) {
  return startChild(process.execPath, argsOf(directory, args), { ownGroup: true });
}

/** Waits for both processes of a demo; their ids. */
async function processesOf(demo: ReturnType<typeof startDemo>): Promise<number[]> {
  const said = await demo.waitFor(/Other side: process (\d+)\. Gateway: process (\d+)\./, wholeMs);
  return said.slice(1).map(Number);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What it prints of the book and of the breaks. */
function sectionsIn(stdout: string): string {
  return stdout.slice(stdout.indexOf('\nOur book'), stdout.indexOf('\nWhat was planted'));
}

/** The verdict of each case, as the demo prints it. */
function verdictsIn(stdout: string): Record<string, string> {
  const rows = stdout.matchAll(/^ {2}(\S+) .* {2}(found|NOT FOUND)$/gm);
  return Object.fromEntries([...rows].map((row) => [row[1] ?? '', row[2] ?? '']));
}

describe.concurrent('the demonstration', () => {
  const kept = join(tempDirectory('demo', afterAll), 'kept');
  let whole: ReturnType<typeof runDemo> | undefined;
  /** One run for all tests that only look at it. */
  const wholeRun = (): ReturnType<typeof runDemo> => {
    whole ??= runDemo(kept);
    return whole;
  };

  test('finds every fault and break, and no other, in words that fit into 100 columns', {
    timeout: wholeMs,
  }, async ({ expect: expected }) => {
    const { code, stdout, stderr } = await wholeRun();
    expected({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    const around = ['executions', 'files', 'statuses', 'book', 'nothing-else', 'verify'];
    const names = [...tradeDayCases, ...around];
    expected(verdictsIn(stdout)).toEqual(Object.fromEntries(names.map((name) => [name, 'found'])));
    for (const line of stdout.split('\n'))
      expected(textWidth(line.replaceAll(kept, 'x')), line).toBeLessThanOrEqual(100);
    expected(stdout).toMatch(/kill -9 of the gateway/);
    expected(stdout).toMatch(/positions-eod .*12 06:30 {2}12 06:52 {2}late, superseded/);
    expected(stdout).toContain('Breaks: 9 open');
    expected(stdout).toContain('Dear colleagues,');
  });

  test('fails where anything was found that nobody planted', {
    timeout: wholeMs,
  }, async ({ expect: expected }) => {
    await wholeRun();
    const { truth } = tradeDays({ seed: 20, executions: 400, leaveOut: [] });
    await withEvidence(kept, (evidence) => {
      const missed = (found: Evidence, dead: number): string[] =>
        verdicts(truth, found, { dead }).flatMap(({ name, ok }) => (ok ? [] : [name]));
      expected(missed(evidence, 1)).toEqual([]);
      expected(missed(evidence, 2)).toEqual(['poisoned']);
      const found = Object.entries(inventions(evidence)).map(([what, change]) => [
        what,
        missed({ ...evidence, ...change.evidence }, 1),
      ]);
      const wanted = Object.entries(inventions(evidence)).map(([what, { missed: names }]) => [what, names]);
      expected(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
    });
  });

  test('goes on with --serve, lets no other demo into its directory, and ends both processes on Ctrl-C', {
    timeout: wholeMs,
  }, async ({ onTestFinished, expect: expected }) => {
    // Tests that run at once have each to say for themselves when they are over.
    const directory = join(tempDirectory('demo', onTestFinished), 'kept');
    const demo = startDemo(directory, '--serve');
    await demo.waitFor(/run on\. Ctrl-C ends both/, wholeMs);
    const pids = await processesOf(demo);
    const served = /Gateway \(process (\d+)\)/.exec(demo.stdout());
    const second = await runDemo(directory);
    expected(second.code).toBe(2);
    expected(second.stderr).toContain('DEMO_RUNNING');
    const config = ['--config', join(directory, 'clearport.yaml')];
    const breaks = await runChild(process.execPath, [bin, 'breaks', ...config]);
    expected(breaks.code, breaks.stderr).toBe(1);
    const all = [...pids, Number(served?.[1])];
    // The gateway was killed once on the way; the other side and the second gateway run.
    expected(all.map(runs)).toEqual([true, false, true]);
    process.kill(-demo.pid, 'SIGINT');
    const { code } = await demo.ended;
    expected(demo.stdout()).toContain('Both are ended, the gateway with 0.');
    expected(code).toBe(0);
    expected(all.filter(runs)).toEqual([]);
    // The same seed tells the same book, the same breaks and the same texts.
    const { stdout } = await wholeRun();
    expected(sectionsIn(demo.stdout())).toBe(sectionsIn(stdout));
    expected(sectionsIn(stdout)).toContain('Dear colleagues,');
  });

  test('fails, and names it, where a fault of FIX, of a file or of the queue does not happen', {
    timeout: wholeMs,
  }, async ({ onTestFinished, expect: expected }) => {
    const left = tradeDayCases.filter((name) => !isBreak(name));
    const directory = join(tempDirectory('demo', onTestFinished), 'kept');
    const { code, stdout, stderr } = await runDemo(directory, '--leave-out', ...left);
    expected({ code, stderr }, stdout).toEqual({ code: 1, stderr: '' });
    const said = verdictsIn(stdout);
    const missed = left.filter((name) => said[name] === 'NOT FOUND');
    expected(missed).toEqual(left);
    expected(left).toEqual(expect.arrayContaining([...feedCases]));
    expected(stdout.replaceAll('\n', ' ')).toMatch(/Not as planted: .*\bpoisoned\b/);
    // What was planted all the same is found.
    expected(said).toMatchObject({ rejected: 'found', 'cusip-change': 'found', verify: 'found' });
  });

  test('leaves no process behind where it is killed, and what it left in its directory stops no other', {
    timeout: wholeMs,
  }, async ({ onTestFinished, expect: expected }) => {
    const directory = tempDirectory('demo', onTestFinished);
    for (const _ of ['a first time', 'a second time']) {
      const demo = startDemo(directory);
      const pids = await processesOf(demo);
      demo.signal('SIGKILL');
      await expected.poll(() => pids.filter(runs), { timeout: 20_000 }).toEqual([]);
    }
  });

  test('says at once that its gateway is gone, and ends the other side', {
    timeout: wholeMs,
  }, async ({ onTestFinished, expect: expected }) => {
    const demo = startDemo(tempDirectory('demo', onTestFinished));
    const [side = 0, gateway = 0] = await processesOf(demo);
    process.kill(gateway, 'SIGKILL');
    const { code } = await demo.ended;
    expected({ code, stderr: demo.stderr() }).toMatchObject({ code: 3 });
    expected(demo.stderr()).toMatch(/DEMO_STUCK: .*SIGKILL/);
    expected(runs(side)).toBe(false);
  });

  test('clears nothing that is not its own', async ({ onTestFinished, expect: expected }) => {
    const directory = tempDirectory('demo', onTestFinished);
    const theirs = join(directory, 'log.db');
    writeFileSync(theirs, 'kept');
    const { code, stderr } = await runDemo(directory);
    expected(code).toBe(2);
    expected(stderr).toContain('CLI_FILE_EXISTS');
    expected(readFileSync(theirs, 'utf8')).toBe('kept');
  });

  test('wants whole numbers that leave room for what is planted', async ({
    onTestFinished,
    expect: expected,
  }) => {
    const directory = tempDirectory('demo', onTestFinished);
    for (const wrong of [
      ['--executions', '399'],
      ['--executions', '400.5'],
      ['--seed', '-1'],
    ]) {
      const { code, stderr } = await runDemo(directory, ...wrong);
      expected({ code, stderr }, wrong.join(' ')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('CLI_USAGE'),
      });
    }
  });
});

function isBreak(name: TradeDayCase): boolean {
  return [...breakCases, ...quietCases].some((one) => one === name);
}

/** What the log of a demo has to say. */
async function withEvidence(directory: string, use: (evidence: Evidence) => void): Promise<void> {
  const configuration = await loadConfiguration(join(directory, 'clearport.yaml'), {});
  const log = await openSqliteLog(configuration.data, { readOnly: true });
  try {
    const read = async (views: Views): Promise<void> => use(await readEvidence(views));
    await withProjections(log, configuration.data, read, configuration);
  } finally {
    await log.close();
  }
}

interface Invention {
  readonly evidence: Partial<Evidence>;
  /** The verdicts that it has to change. */
  readonly missed: readonly string[];
}

/** What nobody planted, each as the evidence would show it. */
function inventions(evidence: Evidence): Readonly<Record<string, Invention>> {
  const { breaks, feeds, held, events, sessions, book } = evidence;
  const [oneBreak] = breaks;
  const file = feeds.find(({ verdict, dueAt }) => verdict === 'accepted' && dueAt !== undefined);
  const [waiting] = held;
  const told = (type: string) => events.find((one) => one.told.type === type && one.standing === 'first');
  const [fill, status, bust] = ['trade.executed', 'settlement.matched', 'trade.busted'].map(told);
  assert(oneBreak && file && waiting && fill && status && bust);
  const onOrders = (more: StandingEvent) => ({
    sessions: { ...sessions, orders: { ...sessions.orders, events: [...sessions.orders.events, more] } },
  });
  const alarm = (feed: string): StandingEvent => ({
    ...status,
    told: { ...status.told, type: 'feed.expected', data: { feed } },
  });
  const named = (one: StandingEvent, execId: string): StandingEvent => ({
    ...one,
    told: { ...one.told, data: { ...one.told.data, execId } } as typeof one.told,
  });
  const extra = { account: '7Q100017', security: 'cusip:990000108', quantity: '1' };
  return {
    'a break': {
      evidence: { breaks: [...breaks, { ...oneBreak, id: 'BRK-more' }] },
      missed: ['nothing-else'],
    },
    'a file': { evidence: { feeds: [...feeds, { ...file }] }, missed: ['nothing-else'] },
    'a file that comes late': {
      evidence: {
        feeds: feeds.map((row) =>
          row === file ? { ...row, verdict: 'late', arrivedAt: '2026-11-12T23:00:00Z' } : row,
        ),
      },
      missed: ['nothing-else'],
    },
    'an alarm': { evidence: { events: [...events, alarm('cash-eod')] }, missed: ['nothing-else'] },
    'a second alarm about the late file': {
      evidence: { events: [...events, alarm('positions-eod')] },
      missed: ['late'],
    },
    'something in quarantine': { evidence: { held: [...held, waiting] }, missed: ['nothing-else'] },
    'a contradiction': {
      evidence: { events: [...events, { ...fill, standing: 'conflict' }] },
      missed: ['nothing-else'],
    },
    'a message that is not understood': {
      evidence: {
        events: [...events, { ...fill, told: { ...fill.told, type: 'message.unknown', data: {} } }],
      },
      missed: ['nothing-else'],
    },
    'a status': { evidence: { events: [...events, status] }, missed: ['statuses'] },
    'a fill': { evidence: onOrders(named(fill, 'MORE')), missed: ['executions'] },
    'a fill that is booked twice': { evidence: onOrders(named(fill, '20X1000001')), missed: ['executions'] },
    'a bust': { evidence: onOrders(named(bust, 'MORE')), missed: ['bust'] },
    'a fill that is told again': {
      evidence: onOrders({ ...fill, standing: 'repeated' }),
      missed: ['reset'],
    },
    'a position': {
      evidence: {
        book: {
          cash: (query) => book.cash(query),
          positions: (query) => [...book.positions(query), extra],
        },
      },
      missed: ['book'],
    },
    'damage in the log': {
      evidence: { verified: { ...evidence.verified, ok: false } },
      missed: ['verify'],
    },
  };
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
