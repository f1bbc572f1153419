import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeConfiguration } from '../../test/support/configuration.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import {
  balance,
  bust,
  closed,
  fill,
  openingCashFile,
  openingFile,
  position,
  Story,
  type Told,
} from '../book/testing/story.ts';
import { openSqliteLog } from '../log/index.ts';
import { jsonLines, runCli, type Spoken } from './testing/in-process.ts';

const [first, second] = ['7Q100017', '7Q100028'];

/** A directory with a configuration, and a log in which this was told. */
async function keptStory(name: string, told: readonly Told[], openings = true): Promise<string> {
  const directory = tempDirectory(name, afterAll);
  const channel = { adapter: 'directory', codec: 'fix', perspective: 'clearer' };
  writeConfiguration(directory, {
    positions: { ...channel, options: { path: './positions' } },
    cash: { ...channel, options: { path: './cash' } },
  });
  for (const place of ['positions', 'cash']) mkdirSync(join(directory, place));
  const log = await openSqliteLog(join(directory, 'data'));
  const story = new Story(log);
  const theirs = { perspective: 'clearer' } as const;
  for (const [at, message] of (openings
    ? ([
        ['positions', position(first, '990000108', ['120', '100'])],
        ['positions', position(second, '990000207', ['-5', '-5'])],
        ['positions', [closed('positions', openingFile)]],
        ['cash', balance(first, ['4800', '5000'])],
        ['cash', [closed('cash', openingCashFile)]],
      ] as const)
    : []
  ).entries())
    await story.tell({ ...theirs, channel: message[0], ordinal: at + 1, told: message[1] });
  for (const [at, one] of told.entries())
    await story.tell({ channel: 'orders', perspective: 'ours', ordinal: at + 1, told: [one] });
  await log.close();
  return directory;
}

const lines = ({ stdout }: Spoken): string[] => stdout.trimEnd().split('\n');
const person = ['--reason', 'the book opens with their close of the 9th', '--by', 'ann'];
const adopt = [
  'book',
  'adopt',
  '--positions',
  `positions/${openingFile}`,
  '--cash',
  `cash/${openingCashFile}`,
];

describe('clearport book', () => {
  let directory = '';
  const cli = (...argv: string[]): Promise<Spoken> => runCli(['book', ...argv], { directory });
  const fills = [
    fill({ exec: 'E1', account: first, settlementDate: '2026-11-12' }),
    fill({ exec: 'E2', account: first, side: 'sell', quantity: '20', cusip: '990000207' }),
    bust({ exec: 'B1', account: first, about: 'E1' }),
    fill({ exec: 'E3', account: second, price: '11', cusip: '990000108' }),
  ];

  beforeAll(async () => {
    directory = await keptStory('cli-book', fills);
  });

  test('adopts a baseline by the name of its snapshot, with who and why; the second time nothing is written', async () => {
    const names = lines(await cli('snapshots'));
    expect(names.slice(1).map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
      [`positions/${openingFile}`, 'positions', 'clearer', '2026-11-09'],
      [`cash/${openingCashFile}`, 'cash', 'clearer', '2026-11-09'],
    ]);
    expect(await runCli(adopt, { directory })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--reason'),
    });
    const { code, stdout, stderr } = await runCli([...adopt, ...person], { directory });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('The book opens with 2 records of positions');
    const again = await runCli([...adopt, ...person, '--json'], { directory });
    expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'repeated' });
    expect(
      lines(await cli('snapshots'))
        .slice(1)
        .every((line) => line.endsWith('the baseline')),
    ).toBe(true);
    const unknown = ['book', 'adopt', '--positions', 'positions/none', ...person];
    expect(await runCli(unknown, { directory })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('BASELINE_SNAPSHOT_UNKNOWN'),
    });
    expect(await runCli(['book', 'adopt', '--positions', 'none', ...person], { directory })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('clearport book snapshots'),
    });
  });

  test('shows positions by both bases side by side, accounts masked', async () => {
    const { code, stdout, stderr } = await cli('positions', '--as-of', '2026-11-10');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/7Q1/);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'Positions as of 2026-11-10',
      'account   security         symbol  trade date  settlement date',
      '******17  cusip:990000108  S108           120              120',
      '******17  cusip:990000207  S207           -20                0',
      '******28  cusip:990000108  S108           100                0',
      '******28  cusip:990000207  S207            -5               -5',
    ]);
    expect(jsonLines((await cli('--as-of', '2026-11-12', '--account', first, '--json')).stdout)).toEqual([
      {
        account: first,
        security: 'cusip:990000108',
        symbol: 'S108',
        asOf: '2026-11-12',
        tradeDate: '120',
        settlementDate: '120',
      },
      {
        account: first,
        security: 'cusip:990000207',
        symbol: 'S207',
        asOf: '2026-11-12',
        tradeDate: '-20',
        settlementDate: '-20',
      },
    ]);
    const one = await cli(
      'positions',
      '--as-of',
      '2026-11-10',
      '--basis',
      'settlement-date',
      '--security',
      'S207',
      '--json',
    );
    expect(jsonLines(one.stdout)).toEqual([
      {
        account: second,
        security: 'cusip:990000207',
        symbol: 'S207',
        asOf: '2026-11-10',
        settlementDate: '-5',
      },
    ]);
  });

  test('shows cash, and the stock record with who holds what', async () => {
    const cash = jsonLines((await cli('cash', '--as-of', '2026-11-12', '--json')).stdout);
    expect(cash).toEqual([
      { account: first, currency: 'USD', asOf: '2026-11-12', tradeDate: '5000', settlementDate: '5000' },
      { account: second, currency: 'USD', asOf: '2026-11-12', tradeDate: '-1100', settlementDate: '-1100' },
    ]);
    expect((await cli('cash', '--as-of', '2026-11-12')).stdout).toMatch(
      /\*{6}28 +USD +-1,100\.00 +-1,100\.00/,
    );
    const stock = jsonLines((await cli('stock', '--as-of', '2026-11-12', '--json')).stdout);
    expect(stock).toMatchObject([
      { security: 'cusip:990000108', long: '220', short: '0', net: '220' },
      { security: 'cusip:990000207', long: '0', short: '-25', net: '-25', basis: 'trade-date' },
    ]);
    const held = (await cli('stock', '--as-of', '2026-11-12', '--security', 'S207')).stdout;
    expect(held).toMatch(/cusip:990000207 +S207 +0 +-25 +-25 +2\n\naccount +security +quantity\n\*{6}17/);
  });

  test('says why a position is what it is, by the end of the account and the symbol', async () => {
    const { code, stdout } = await cli('why', '17', 'S108', '--json');
    expect(code).toBe(0);
    const movements = jsonLines(stdout);
    expect(movements.map(({ kind, sign, quantity, position: left }) => [kind, sign, quantity, left])).toEqual(
      [
        ['trade', 1, '100', '100'],
        ['trade', -1, '-100', '0'],
        ['opening', 1, '100', '100'],
        ['opening', 1, '20', '120'],
      ],
    );
    const message = String(movements[2]?.['source']);
    const entry = await runCli(['entries', '--from', message, '--to', message, '--json'], { directory });
    expect(jsonLines(entry.stdout)).toMatchObject([{ channel: 'positions' }]);
    const shown = (await cli('why', '******17', '990000108')).stdout;
    expect(shown).toMatch(
      /reversed +trade, taken back +\*{6}17 +cusip:990000108 +-100 +0 +1,000\.00 +2026-11-10/,
    );
    expect(shown).toContain('clearport events --from OFFSET');
    expect(await cli('why', '99', 'S108')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no account'),
    });
    expect(await cli('why', '7', 'nothing')).toMatchObject({ code: 2 });
    expect(await cli('why', first, 'nothing')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no security'),
    });
  });

  test('lists movements and trades, and what was known at an offset', async () => {
    const all = jsonLines((await cli('movements', '--json')).stdout);
    expect(all).toHaveLength(9);
    const upTo = String(all[0]?.['offset']);
    const known = await cli('positions', '--as-of', '2026-11-30', '--up-to', upTo, '--json');
    expect(jsonLines(known.stdout)).toMatchObject([{ account: first, tradeDate: '100' }]);
    expect(
      jsonLines((await cli('movements', '--from', '2026-11-10', '--account', '28', '--json')).stdout),
    ).toHaveLength(1);
    expect((await cli('movements', '--security', 'S207')).stdout).toMatch(/2026-11-12 \*/);
    const trades = jsonLines((await cli('trades', '--json')).stdout);
    expect(trades.map(({ event }) => (event as { data: { execId: string } }).data.execId)).toEqual([
      'E2',
      'E3',
    ]);
    expect((await cli('trades')).stdout).not.toMatch(/7Q1/);
    expect((await cli('trades', '--perspective', 'clearer')).stdout).toBe(
      'No trade counts, by these conditions.\n',
    );
    expect((await cli('trades', '--unbooked')).stdout).toBe('Everything of ours is booked.\n');
  });

  test('refuses a day that there is not', async () => {
    expect(await cli('positions', '--as-of', '2026-02-30')).toMatchObject({ code: 2 });
    expect(await cli('positions', '--basis', 'other')).toMatchObject({ code: 2 });
  });
});

describe('an empty book says what to do', () => {
  test('before anything came', async () => {
    const directory = await keptStory('cli-book-empty', [], false);
    const { code, stdout } = await runCli(['book'], { directory });
    expect(code).toBe(0);
    expect(stdout).toMatch(/no trade of ours[\s\S]*docs\/book.md/);
    expect((await runCli(['book', '--json'], { directory })).stdout).toBe('');
  });

  test('when a snapshot waits to be adopted, and when a book has no baseline', async () => {
    const waiting = await keptStory('cli-book-waiting', []);
    expect((await runCli(['book', 'cash'], { directory: waiting })).stdout).toMatch(
      /book snapshots[\s\S]*book adopt/,
    );
    const trading = await keptStory('cli-book-trading', [fill({ exec: 'E1', account: first })]);
    const shown = await runCli(['book', '--as-of', '2026-11-10'], { directory: trading });
    expect(shown.stderr).toContain('No baseline is adopted');
    expect(shown.stdout).toMatch(/\*{6}17/);
    const before = await runCli(['book', '--as-of', '2026-11-09'], { directory: trading });
    expect(before.stdout).toContain('Nothing stands in the book on that day');
  });

  test('a book of days to come is shown as of its last one', async () => {
    const directory = await keptStory('cli-book-future', [
      fill({ exec: 'E1', account: first, tradeDate: '2126-11-12' }),
    ]);
    expect((await runCli(['book'], { directory })).stdout).toMatch(/as of 2126-11-12\n[\s\S]*\*{6}17/);
  });

  test('what could not be booked is noted', async () => {
    const { data, ...rest } = fill({ exec: 'E2', account: first });
    const odd: Told = { ...rest, data: { ...data, side: 'cross' } };
    const directory = await keptStory('cli-book-odd', [fill({ exec: 'E1', account: first }), odd]);
    const shown = await runCli(['book', '--as-of', '2026-11-10'], { directory });
    expect(shown.stderr).toContain('1 of our facts could not be booked');
    expect((await runCli(['book', 'trades', '--unbooked'], { directory })).stdout).toContain(
      'side, quantity or price',
    );
  });
});
