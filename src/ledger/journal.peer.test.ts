import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program, requirePeer } from '../../test/support/peer.ts';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { bookProjection } from '../book/index.ts';
import { decimalText, readDecimal } from '../core/decimal.ts';
import { memoryLog, openProjections } from '../log/index.ts';
import { carry, JournalFile, LedgerView, ledgerProjection } from './index.ts';
import { longHistory } from './testing/arbitrary.ts';
import { balancesOf, entryOf } from './testing/history.ts';

/** What ledger-cli makes of a journal: `account unit` to amount. Fails where it does not balance or cannot be read. */
function balancesIn(path: string): ReadonlyMap<string, string> {
  const format = '%(account)|%(display_total)\n';
  const args = ['-f', path, 'balance', '--flat', '--no-total', '--balance-format', format];
  const { status, stdout, stderr } = spawnSync('ledger', args, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const found = new Map<string, string>();
  let account = '';
  // An account with several commodities takes a line for each.
  for (const line of stdout.split('\n').filter((one) => one !== '')) {
    const [, name = account, amount = '', unit = ''] =
      /^(?:([^|]+)\|)?\s*(\S+) "?([^"]+)"?$/.exec(line) ?? [];
    account = name;
    const read = readDecimal(amount);
    found.set(`${account} ${unit}`, read.ok ? decimalText(read.value) : line);
  }
  return found;
}

const probe = program('ledger', ['--version'], 'apt-get install ledger');

requirePeer('ledger-cli', probe, () => {
  test('ledger-cli reads the journal, finds every transaction balanced, and comes to the same balances', async () => {
    const { told, counted } = longHistory(500, 11);
    const log = memoryLog();
    await log.append(
      'orders',
      told.map((one, at) => entryOf(at + 1, one)),
    );
    const views = await openProjections(tempDirectory('ledger'), log, {
      projections: [bookProjection(), ledgerProjection()],
    });
    await views.catchUp();
    const path = join(tempDirectory('journal'), 'house.journal');
    const journal = new JournalFile(path, 'house');
    expect(await carry(new LedgerView(views.store), journal)).toBeGreaterThan(100);
    await journal.close();
    await views.close();
    expect(balancesIn(path)).toEqual(balancesOf(counted));
  });
});
