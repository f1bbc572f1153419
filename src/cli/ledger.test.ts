import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { openSqliteLog } from '../log/index.ts';
import { jsonLines, runCli, type Spoken } from './testing/in-process.ts';
import { keepTradeDays } from './testing/trade-day-log.ts';

let directory: string;

beforeAll(async () => {
  directory = tempDirectory('cli-ledger', afterAll);
  const log = await openSqliteLog(join(directory, 'data'));
  await keepTradeDays(log, { executions: 600 });
  await log.close();
}, 60_000);

const ledger = (...argv: readonly string[]): Promise<Spoken> =>
  runCli(['ledger', ...argv, '--data', join(directory, 'data')], { directory });

test('balances: money to the cent, quantities whole, accounts masked; whole with --json', async () => {
  const { code, stdout } = await ledger();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^charges:commission +\d{1,3}(?:,\d{3})*\.\d\d {2}USD$/m);
  expect(stdout).toMatch(/^customer:\*{6}17:securities +-?\d{1,3}(?:,\d{3})* {2}cusip:/m);
  expect(stdout).not.toContain('7Q1000');
  const accounts = jsonLines((await ledger('balances', '--json')).stdout).map(({ account }) => account);
  expect(accounts).toContain('customer:7Q100017:cash');
});

test('transactions: no account number in full, also where an opening names it', async () => {
  const { stdout } = await ledger('transactions');
  expect(stdout).toContain('opening balance');
  expect(stdout).not.toContain('7Q1');
  expect((await ledger('transactions', '--unmasked')).stdout).toContain('customer:7Q100017:securities');
  const [opening] = jsonLines((await ledger('transactions', '--json')).stdout);
  expect(JSON.stringify(opening)).toContain('customer:7Q100017:securities');
});
