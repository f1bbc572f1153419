import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TradeDays } from '../../certification/simulators/trade-day/index.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { decimalText, readDecimal } from '../core/decimal.ts';
import { openSqliteLog } from '../log/index.ts';
import { accountsMask, dollars } from './breaks-words.ts';
import { wrapped } from './table.ts';
import { jsonLines, runCli, type Spoken } from './testing/in-process.ts';
import { keepTradeDays } from './testing/trade-day-log.ts';

const executions = 600;

/** A data directory with the simulated trade days in its log. */
async function kept(
  ...more: [days?: Parameters<typeof keepTradeDays>[1], until?: Parameters<typeof keepTradeDays>[2]]
) {
  const directory = tempDirectory('cli-recon', afterAll);
  const log = await openSqliteLog(join(directory, 'data'));
  const days = await keepTradeDays(log, { executions, ...more[0] }, more[1]);
  await log.close();
  return { directory, days };
}

function say(directory: string, ...argv: readonly string[]): Promise<Spoken> {
  return runCli([...argv, '--data', join(directory, 'data')], {
    directory,
    columns: 118,
    env: { NO_COLOR: '1' },
  });
}

const read = (spoken: Spoken) => Buffer.from(spoken.stdout, 'latin1').toString('utf8');
const causeAndRisk = (line: Readonly<Record<string, unknown>>): string =>
  `${line['cause']} ${line['atRisk']}`;
const riskOf = (cents: number): string => decimalText({ units: BigInt(cents), scale: 2 });

describe('the trade days', () => {
  let directory = '';
  let days: TradeDays;
  beforeAll(async () => {
    const all = await kept();
    directory = all.directory;
    days = all.days;
  }, 60_000);

  test('breaks: exactly the planted ones are open, by cause and dollars at risk', async () => {
    const { code, stdout } = await say(directory, 'breaks', '--json');
    expect(code).toBe(1);
    const planted = days.truth.breaks.filter(({ healed }) => !healed);
    expect(jsonLines(stdout).map(causeAndRisk).toSorted()).toEqual(
      planted.map(({ cause, cents }) => `${cause} ${riskOf(cents)}`).toSorted(),
    );
  });

  test('breaks: each planted break has its own differences and no other', async () => {
    const found = jsonLines((await say(directory, 'breaks', '--json')).stdout);
    for (const { name, cause, differences, cents } of days.truth.breaks.filter(({ healed }) => !healed)) {
      const one = found.find((line) => causeAndRisk(line) === `${cause} ${riskOf(cents)}`);
      const cells = membersOf(one).filter(({ kind }) => kind !== 'trade');
      const wanted = differences.map(({ kind, basis, account, unit, ours, theirs }) => {
        const scale = kind === 'cash' ? 2 : 0;
        const difference = decimalText({ units: BigInt(theirs - ours), scale });
        return { kind, basis, account, unit, difference };
      });
      const shape = cells.map(({ kind, basis, account, unit, difference }) => ({
        kind,
        basis,
        account,
        unit,
        difference,
      }));
      expect(shape.toSorted(byText), name).toEqual(wanted.toSorted(byText));
    }
  });

  test('breaks: the two that a corrected file healed are closed, with their history', async () => {
    const { code, stdout } = await say(directory, 'breaks', '--status', 'closed', '--json');
    expect(code).toBe(0);
    const closed = jsonLines(stdout);
    expect(closed.map(causeAndRisk).toSorted()).toEqual(
      days.truth.breaks
        .filter(({ healed }) => healed)
        .map(({ cause, cents }) => `${cause} ${riskOf(cents)}`)
        .toSorted(),
    );
    const shown = await say(directory, 'breaks', 'show', String(closed[0]?.['id']), '--json');
    expect(shown.code).toBe(0);
    const history = jsonLines(shown.stdout)[0]?.['history'];
    expect(JSON.stringify(history)).toMatch(/"what":"opened".*"what":"healed"/);
  });

  test('breaks: a table that fits, largest first, one sentence each, accounts masked', async () => {
    const spoken = await say(directory, 'breaks');
    const lines = read(spoken).split('\n');
    expect(lines.filter((line) => line.length > 118)).toEqual([]);
    expect(lines.slice(1, 3).join('\n')).toMatch(/^BRK-\w{10} {2}rejected +us +[\d,.]+ +1 day {2}2026-11-10/);
    const risks = lines.flatMap((line) => /^BRK-\S+ +\S+ +\S+ +([\d,.]+)/.exec(line)?.[1] ?? []);
    const amounts = risks.map((text) => Number(text.replaceAll(',', '')));
    expect(amounts).toEqual(amounts.toSorted((left, right) => right - left));
    expect(spoken.stdout).not.toContain('7Q1');
    expect((await say(directory, 'breaks', '--unmasked')).stdout).toContain('7Q1ERR01');
    expect(lines.at(-2)).toMatch(/^9 open, USD [\d,.]+ at risk; \d for us, \d for the clearer\./);
  });

  test('breaks: by cause and by the end of an account', async () => {
    const list = async (...argv: string[]) =>
      jsonLines((await say(directory, 'breaks', ...argv, '--json')).stdout).map((line) => line['cause']);
    expect(await list('--cause', 'identifier')).toEqual(['identifier', 'identifier']);
    expect(await list('--account', 'ERR01')).toEqual(['rejected']);
    expect((await say(directory, 'breaks', '--cause', 'mismatch')).code).toBe(0);
  });

  test('breaks show: sentence, differences, the messages of both sides decoded, history, what to do', async () => {
    const [line] = jsonLines((await say(directory, 'breaks', '--cause', 'rejected', '--json')).stdout);
    const spoken = await say(directory, 'breaks', 'show', String(line?.['id']).slice(4, 10));
    expect(spoken.code).toBe(1);
    const text = read(spoken);
    expect(text).toMatch(/^BRK-\w{10} {2}rejected, open\nThey rejected our /);
    expect(text).toMatch(/^position by trade date +\*{6}\d\d +QSIM\w+ cusip:\d{9} /m);
    expect(text).toMatch(/Ours: trade \S+ {2}orders: message \d+, offset \d+\n +8=FIX\.4\.4 +BeginString/);
    expect(text).toMatch(/Theirs: reject \S+ of \S+ {2}activity: ACTIVITY\/2026-11-10\/EOD\/01, record \d+/);
    expect(text).toMatch(/110-121 bookedAccount +\*{6}01/);
    expect(text).toMatch(/History\n.+opened as BRK-.+, business date 2026-11-10/);
    expect(text).toContain('What to do\n  - mend what the reason says');
    expect(text).not.toContain('7Q1');
  });

  test('breaks message: masked with a note, or whole for the clearer', async () => {
    const [line] = jsonLines((await say(directory, 'breaks', '--cause', 'wrong-account', '--json')).stdout);
    const id = String(line?.['id']);
    const masked = await say(directory, 'breaks', 'message', id);
    expect(masked.code).toBe(0);
    expect(masked.stdout).not.toContain('7Q1');
    expect(masked.stderr).toContain('--unmasked');
    const whole = await say(directory, 'breaks', 'message', id, '--unmasked');
    expect(whole.stdout).toMatch(
      /Please move the trade from account 7Q1\d+ to account 7Q1\d+ as of trade date 2026-11-10\./,
    );
    expect(whole.stdout).toContain(`our reference ${id}`);
    expect(whole.stderr).toBe('');
    const json = await say(directory, 'breaks', 'message', id, '--json');
    expect(JSON.parse(json.stdout)).toEqual({ id, message: whole.stdout.trimEnd() });
    expect(json.stderr).toBe('');
  });

  test('breaks: of healed ones alone nothing is summed', async () => {
    const { code, stdout } = await say(directory, 'breaks', '--status', 'closed');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2 closed\. "clearport breaks show <break>"/m);
  });

  test('breaks show: a name that no break has', async () => {
    const spoken = await say(directory, 'breaks', 'show', 'BRK-none', '--json');
    expect(spoken.code).toBe(2);
    expect(JSON.parse(spoken.stderr)).toMatchObject({ error: { code: 'RECON_BREAK_UNKNOWN' } });
  });

  test('recon: what was compared, with timing that is no break', async () => {
    const spoken = await say(directory, 'recon');
    expect(spoken.code).toBe(1);
    const text = read(spoken);
    expect(text.split('\n').filter((line) => line.length > 118)).toEqual([]);
    expect(text).toContain('no opening book yet: positions');
    expect(text).toContain('held by the opening book');
    expect(text).toMatch(
      /\d+ positions are traded and not settled yet, alike on both sides: timing, no breaks\./,
    );
    const runs = jsonLines((await say(directory, 'recon', '--date', '2026-11-11', '--json')).stdout);
    expect(runs.map((run) => run['why'])).toEqual([
      'activity ACTIVITY/2026-11-11/EOD/01',
      'cash CASH/2026-11-11/EOD/01',
      'positions POSITIONS/2026-11-11/EOD/01',
      'positions POSITIONS/2026-11-11/EOD/01',
    ]);
    expect(runs.at(-1)).toMatchObject({ outcome: 'compared', healed: 2, opened: 0 });
    expect((await say(directory, 'recon', '--limit', '1', '--json')).stderr).toContain('the latest 1 of 10');
  });
});

describe('other days', () => {
  test('with nothing planted, nothing differs: exit code 0', async () => {
    const { directory } = await kept({
      leaveOut: [
        'rejected',
        'wrong-account',
        'corporate-action',
        'cancel-rebill',
        'after-cut',
        'two-spellings',
        'cusip-change',
        'transfer',
        'fee',
        'healed-short',
        'healed-absent',
      ],
    });
    const spoken = await say(directory, 'breaks');
    expect(read(spoken)).toBe('No open breaks; last compared: 2026-11-11.\n');
    expect(spoken.code).toBe(0);
    const all = await say(directory, 'breaks', '--status', 'all', '--json');
    expect(all.stdout).toBe('');
    expect((await say(directory, 'recon')).code).toBe(0);
  });

  test('before the corrected file two more are open', async () => {
    const { directory } = await kept({}, 'positions-second');
    const found = jsonLines((await say(directory, 'breaks', '--cause', 'unexplained', '--json')).stdout);
    expect(found).toHaveLength(2);
  });

  test('of an empty log: nothing was compared, and exit code 0', async () => {
    const directory = tempDirectory('cli-recon');
    const log = await openSqliteLog(join(directory, 'data'));
    await log.close();
    for (const command of ['recon', 'breaks']) {
      const spoken = await say(directory, command);
      expect(read(spoken)).toContain('Nothing was compared yet');
      expect(spoken.code).toBe(0);
    }
  });
});

describe('words', () => {
  test('an account is masked as a word, and never inside of another one', () => {
    const mask = accountsMask(['7Q100017', 'A1', ''], false);
    expect(mask('7Q100017 and A1, not A11 or 7Q1000179')).toBe('******17 and **, not A11 or 7Q1000179');
    expect(accountsMask(['7Q100017'], true)('7Q100017')).toBe('7Q100017');
  });

  test.each([
    ['1234567.5', '1,234,567.50'],
    ['0.03', '0.03'],
    ['-1234', '-1,234.00'],
    ['0.005', '0.01'],
    ['101272.5000', '101,272.50'],
  ])('%s is %s dollars', (text, shown) => {
    expect(dollars(text)).toBe(shown);
    expect(readDecimal(text).ok).toBe(true);
  });

  test('text is broken between words', () => {
    expect(wrapped('one two three', 9, '  ')).toEqual(['  one two', '  three']);
  });
});

type Cell = Readonly<Record<string, string>>;

function membersOf(line: Readonly<Record<string, unknown>> | undefined): readonly Cell[] {
  const members = line?.['members'];
  return Array.isArray(members) ? members : [];
}

function byText(left: object, right: object): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}
