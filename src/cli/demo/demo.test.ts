import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  breakCases,
  tradeDayCases,
  tradeDayDefaults,
  tradeDays,
} from '../../../certification/simulators/trade-day/index.ts';
import { clearport } from '../../../test/support/clearport.ts';
import { demoExecutions, demoMs, runDemo, verdictsIn } from '../../../test/support/demo.ts';
import { tempDirectory } from '../../../test/support/temp-directory.ts';
import { loadConfiguration } from '../../gateway/index.ts';
import { openSqliteLog } from '../../log/index.ts';
import type { StandingEvent } from '../standing.ts';
import { textWidth } from '../table.ts';
import { terminalOf } from '../testing/in-process.ts';
import { judgedBreaks } from '../testing/planted-breaks.ts';
import { type Views, withProjections } from '../views.ts';
import { demo } from './demo.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import { verdicts } from './verdicts.ts';

describe('the demonstration', () => {
  const kept = join(tempDirectory('demo', afterAll), 'kept');
  let whole: Awaited<ReturnType<typeof runDemo>>;
  beforeAll(async () => {
    whole = await runDemo(kept);
  }, demoMs);

  test('finds every fault and break, and no other, in words that fit into 100 columns', async () => {
    const { code, stdout, stderr } = whole;
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    const around = ['executions', 'files', 'statuses', 'book', 'nothing-else', 'verify'];
    const names = [...tradeDayCases, ...around];
    expect(verdictsIn(stdout)).toEqual(Object.fromEntries(names.map((name) => [name, 'found'])));
    for (const line of stdout.split('\n'))
      expect(textWidth(line.replaceAll(kept, 'x')), line).toBeLessThanOrEqual(100);
    expect(stdout).toMatch(/kill -9 of the gateway/);
    expect(stdout).toMatch(/positions-eod .*12 06:30 {2}12 06:52 {2}late, superseded/);
    expect(stdout).toContain('Breaks: 9 open');
    // Dollars at risk, owner and age; the cause in a sentence; what the clearer is asked.
    const shown = stdout.matchAll(
      /^ {2}([a-z-]+) {2}[\d,]+\.\d\d USD {2}owner: (?:us|clearer) {2}\d days? {2}BRK-\w+\n {4}[A-Z]/gm,
    );
    const open = ['after-cut', 'cancel-rebill', 'corporate-action', 'fee', 'identifier', 'identifier'];
    expect([...shown].map(([, cause]) => cause).toSorted()).toEqual([
      ...open,
      'rejected',
      'transfer',
      'wrong-account',
    ]);
    expect(stdout.match(/^ {4}To the clearer: [A-Z]/gm)).toHaveLength(9);
    expect(stdout).toContain('Dear colleagues,');
    const breaks = await clearport(['breaks', '--config', join(kept, 'clearport.yaml')]);
    expect(breaks.code, breaks.stderr).toBe(1);
  });

  test('fails where anything was found that nobody planted', async () => {
    const { truth } = tradeDays({ ...tradeDayDefaults, executions: demoExecutions });
    await withEvidence(kept, (evidence) => {
      const missed = (found: Evidence, dead: number): string[] =>
        verdicts(truth, found, { dead }).flatMap(({ name, ok }) => (ok ? [] : [name]));
      expect(missed(evidence, 1)).toEqual([]);
      expect(missed(evidence, 2)).toEqual(['poisoned']);
      const found = Object.entries(inventions(evidence)).map(([what, change]) => [
        what,
        missed({ ...evidence, ...change.evidence }, 1),
      ]);
      const wanted = Object.entries(inventions(evidence)).map(([what, { missed: names }]) => [what, names]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
    });
  });

  test('clears nothing that is not its own', async () => {
    const directory = tempDirectory('demo');
    const theirs = join(directory, 'log.db');
    writeFileSync(theirs, 'kept');
    expect(await refused('--directory', directory)).toContain('CLI_FILE_EXISTS');
    expect(await refused('--directory', theirs)).toContain('CLI_FILE_EXISTS');
    expect(readFileSync(theirs, 'utf8')).toBe('kept');
  });

  test.each([
    ['--executions', '399'],
    ['--executions', '400.5'],
    ['--seed', '-1'],
    ['--leave-out', 'nothing'],
  ])('does not begin with %s %s', async (...wrong) => {
    expect(await refused(...wrong, '--directory', tempDirectory('demo'))).toContain('CLI_USAGE');
  });
});

/** What a demo says that may not begin; its exit code is 2. */
async function refused(...args: readonly string[]): Promise<string> {
  const said: Buffer[] = [];
  expect(await demo(args, terminalOf({}, [], said))).toBe(2);
  return Buffer.concat(said).toString();
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

describe('the verdicts about book and breaks', () => {
  test('find all that was planted, and nothing else', async () => {
    expect(await judgedBreaks(tempDirectory('demo'), [])).toEqual({ missed: [], strange: 0 });
  });

  // Between them, each case is once left out and once not; one by one they are left out in the long counts.
  test.each([
    { which: 'every other case', left: breakCases.filter((_, index) => index % 2 === 0) },
    { which: 'the cases between', left: breakCases.filter((_, index) => index % 2 === 1) },
  ])('miss what is left out, and nothing else: $which', async ({ left }) => {
    const { missed } = await judgedBreaks(tempDirectory('demo'), left);
    // What our order system tells otherwise makes another book of ours, too.
    expect(missed.filter((one) => one !== 'book')).toEqual(left);
  });

  test('tell a difference of time from a clearing firm that settles on the holiday', async () => {
    const { missed, strange } = await judgedBreaks(tempDirectory('demo'), ['timing']);
    expect(missed).toContain('timing');
    expect(strange).toBeGreaterThan(0);
  });
});
