import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { manualClock } from '../core/clock.ts';
import { instantOf } from '../gateway/index.ts';
import { landing } from '../gateway/testing/files.ts';
import { judgedFile } from '../gateway/testing/judged-codec.ts';
import { openSqliteLog } from '../log/index.ts';
import { jsonLines, runCli, type Spoken } from './testing/in-process.ts';

const expected = [
  { name: 'positions', pattern: '^POS', cycle: 'EOD' },
  { name: 'cash', pattern: '^CASH', cycle: 'EOD' },
].map((one) => ({
  ...one,
  due: '06:30',
  days: 'trading' as const,
  speaksOf: 'previous-trading-day' as const,
  graceMinutes: 0,
}));

const configuration = `version: 1
tenant: acme
channels:
  files:
    adapter: directory
    codec: fix
    perspective: clearer
    owner: operations@acme.example
    files:
      expect:
        - { name: positions, pattern: ^POS, cycle: EOD, due: "06:30", speaksOf: previous-trading-day }
        - { name: cash, pattern: ^CASH, cycle: EOD, due: "06:30", speaksOf: previous-trading-day }
    options: { path: ./in }
`;

let directory: string;

/** 11 November: cash never comes. 12 November: positions come late, and again corrected; cash is refused, then good. */
beforeAll(async () => {
  directory = tempDirectory('cli-schedule', afterAll);
  mkdirSync(join(directory, 'in'), { recursive: true });
  writeFileSync(join(directory, 'clearport.yaml'), configuration);
  const clock = manualClock(instantOf('2026-11-11', '05:00', 'America/New_York'));
  const log = await openSqliteLog(join(directory, 'data'));
  const settings = { expect: expected, restated: 'supersede' as const };
  const place = await landing(directory, { log, clock, settings });
  const at = async (date: string, time: string, name?: string, text = ''): Promise<void> => {
    clock.advance(instantOf(date, time, 'America/New_York') - clock.now());
    if (name !== undefined) place.drop(name, text);
    await place.look();
  };
  const file = (key: string, date: string, quantity = 1): string =>
    judgedFile(`${key}-${date}`, date, [['E1', quantity]]);
  await at('2026-11-11', '05:00');
  await at('2026-11-11', '06:10', 'pos.txt', file('POS', '20261110'));
  await at('2026-11-11', '06:30');
  await at('2026-11-12', '06:20', 'cash.txt', file('CASH', '20261111').slice(0, 25));
  await at('2026-11-12', '06:25', 'cash.txt', file('CASH', '20261111'));
  await at('2026-11-12', '06:30');
  await at('2026-11-12', '06:52', 'pos.txt', file('POS', '20261111'));
  await at('2026-11-12', '07:10', 'pos.txt', file('POS', '20261111', 2));
  await log.close();
});

const cli = (...argv: readonly string[]): Promise<Spoken> => runCli(argv, { directory });

describe('schedule', () => {
  test('says in its first line that something is missing, and whom to ask', async () => {
    const { code, stdout } = await cli('schedule', '--date', '2026-11-11');
    const [first = '', ...rest] = stdout.split('\n');
    expect(code).toBe(1);
    expect(first).toBe('2026-11-11 Wednesday: NOT OK: 1 missing (cash), 1 of 2 expected files are here');
    expect(rest.find((line) => line.startsWith('cash'))).toMatch(
      /^cash EOD +2026-11-10 +06:30 +missing +files +ask operations@acme.example$/,
    );
  });

  test('says in its first line that all is here, and what came late', async () => {
    const { code, stdout } = await cli('schedule', '--date', '2026-11-12');
    expect(stdout.split('\n')[0]).toBe(
      '2026-11-12 Thursday: OK: all 2 expected files are here; 1 came late (positions)',
    );
    expect(code).toBe(0);
    const verdicts = stdout
      .split('\n')
      .map((line) => /(?:refused:\w+|late|accepted|superseded)/.exec(line)?.[0]);
    expect(verdicts.slice(2, 6)).toEqual(['refused:JUDGED_CUT', 'accepted', 'superseded', 'accepted']);
  });

  test('puts what does not fit under its row, whole', async () => {
    const argv = ['schedule', '--date', '2026-11-11'];
    const { stdout } = await runCli(argv, { directory, columns: 60, env: { NO_COLOR: '1' } });
    const lines = stdout.split('\n');
    const at = lines.findIndex((line) => line.startsWith('cash EOD'));
    expect(lines[at]).toMatch(/missing +files$/);
    expect(lines[at + 1]).toBe('    ask operations@acme.example');
    expect(stdout).not.toContain('\u2026');
  });

  test('is a line for each file and due arrival with --json', async () => {
    const lines = jsonLines(
      (await cli('schedule', '--from', '2026-11-11', '--to', '2026-11-12', '--json')).stdout,
    );
    expect(lines.map(({ date, feed, state }) => `${date} ${feed} ${state}`)).toEqual([
      '2026-11-11 positions accepted',
      '2026-11-11 cash missing',
      '2026-11-12 cash refused:JUDGED_CUT',
      '2026-11-12 cash accepted',
      '2026-11-12 positions superseded',
      '2026-11-12 positions accepted',
    ]);
    expect(lines[5]).toMatchObject({
      channel: 'files',
      zone: 'America/New_York',
      cycle: 'EOD',
      businessDate: '2026-11-11',
      dueAt: '2026-11-12T11:30:00.000000Z',
      arrivedAt: '2026-11-12T12:10:00.000000Z',
      totals: ['1 records', 'quantity 2'],
      open: false,
    });
    // The corrected one took the place of one that was late, and is not late itself.
    expect(lines.map(({ late }) => late === true)).toEqual([false, false, false, false, true, false]);
  });

  test('knows what is still to come, and days on which nothing is', async () => {
    const lines = jsonLines((await cli('schedule', '--date', '2999-11-12', '--json')).stdout);
    expect(lines.map(({ feed, state }) => `${feed} ${state}`)).toEqual(['positions not due', 'cash not due']);
    expect((await cli('schedule', '--date', '2999-11-12')).stdout).toContain('OK so far: 0 of 2');
    const { code, stdout } = await cli('schedule', '--date', '2026-11-14');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '2026-11-14 Saturday: nothing is expected (no trading: Saturday)\n',
    });
  });

  test('asks for nothing that was due before the channel was there', async () => {
    const { code, stdout } = await cli('schedule', '--date', '2026-11-10');
    expect(stdout.split('\n')[0]).toBe('2026-11-10 Tuesday: nothing is expected');
    expect(stdout.match(/before us/g)).toHaveLength(2);
    expect(code).toBe(0);
  });

  test.each([
    [['--date', '2026-02-30'], '"2026-02-30" is no date'],
    [['--from', '2026-11-12', '--to', '2026-11-11'], 'is no range'],
    [['--channel', 'nobody'], 'there is no channel "nobody"'],
  ])('%j is wrong usage', async (argv, message) => {
    const { code, stderr } = await cli('schedule', ...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('schedule calendar', () => {
  test('shows a day that trades and does not settle, and why the others are closed', async () => {
    const { code, stdout } = await cli('schedule', 'calendar', '--from', '2026-11-10', '--to', '2026-11-14');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(1, 6)).toEqual([
      '2026-11-10 Tuesday    open     open        2026-11-12',
      '2026-11-11 Wednesday  open     closed      2026-11-12       Veterans Day',
      '2026-11-12 Thursday   open     open        2026-11-13',
      '2026-11-13 Friday     open     open        2026-11-16',
      '2026-11-14 Saturday   closed   closed                       Saturday',
    ]);
  });

  test('is a line for each day with --json', async () => {
    const { stdout } = await cli(
      'schedule',
      'calendar',
      '--from',
      '2026-11-27',
      '--to',
      '2026-11-28',
      '--json',
    );
    expect(jsonLines(stdout)).toEqual([
      { date: '2026-11-27', trading: true, settlement: true, settles: '2026-11-30', closesAt: '13:00' },
      {
        date: '2026-11-28',
        trading: false,
        settlement: false,
        noTrading: 'Saturday',
        noSettlement: 'Saturday',
      },
    ]);
  });
});
