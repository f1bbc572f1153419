import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { bookProjection } from '../book/index.ts';
import { memoryLog, openProjections, type Projections } from '../log/index.ts';
import { carry, JournalFile, LedgerView, ledgerProjection, unbalanced } from './index.ts';
import { histories } from './testing/arbitrary.ts';
import { adoption, balancesOf, entryOf, reportedEntries, type Told } from './testing/history.ts';

const fill = {
  exec: 'E1',
  account: 'A1',
  security: '990000108',
  side: 'buy',
  quantity: 100,
  cents: 1250,
  feeCents: 495,
} as const;

async function folded(told: readonly Told[]): Promise<Projections> {
  const log = memoryLog();
  const drafts = told.map((one, at) => entryOf(at + 1, one));
  for (const draft of drafts) await log.append('orders', [draft]);
  const views = await openProjections(tempDirectory('ledger'), log, {
    projections: [bookProjection(), ledgerProjection()],
  });
  await views.catchUp();
  return views;
}

function said(view: LedgerView): ReadonlyMap<string, string> {
  return new Map(view.balances().map(({ account, unit, amount }) => [`${account} ${unit}`, amount]));
}

test('a fill moves securities and cash, with its charges, and balances in every unit', async () => {
  const views = await folded([{ what: 'fill', fill }]);
  const view = new LedgerView(views.store);
  expect(said(view)).toEqual(balancesOf([fill]));
  expect(view.after(0)).toMatchObject([
    { date: '2026-11-10', settlementDate: '2026-11-12', reverses: false },
  ]);
  await views.close();
});

test('a bust takes back, a correction takes back and posts anew, a repeat does nothing', async () => {
  const corrected = { ...fill, exec: 'E2', cents: 1300 };
  const views = await folded([
    { what: 'fill', fill },
    { what: 'fill', fill },
    { what: 'correction', exec: 'E2', of: 'E1', fill: corrected },
    { what: 'bust', exec: 'E3', of: corrected },
  ]);
  const view = new LedgerView(views.store);
  expect(view.balances()).toEqual([]);
  expect(view.after(0).map(({ reverses, because }) => [reverses, because])).toEqual([
    [false, 'told'],
    [true, 'replaced'],
    [false, 'told'],
    [true, 'reversed'],
  ]);
  await views.close();
});

test('a law: every transaction balances, and the end is what the counted fills make', async () => {
  await fc.assert(
    fc.asyncProperty(histories(), async ({ told, counted }) => {
      const views = await folded(told);
      const view = new LedgerView(views.store);
      for (const { postings } of view.after(0, 10_000)) expect(unbalanced(postings)).toEqual([]);
      expect(said(view)).toEqual(balancesOf(counted));
      await views.close();
    }),
    { numRuns: 40 },
  );
});

test('a baseline opens the ledger; what it holds already is taken back, and not posted again', async () => {
  const log = memoryLog();
  await log.append('orders', [entryOf(1, { what: 'fill', fill, date: '2026-11-09' })]);
  await log.append('orders', [entryOf(2, { what: 'fill', fill: { ...fill, exec: 'E2' } })]);
  await log.append('positions', reportedEntries());
  await log.append('gateway', [adoption()]);
  await log.append('orders', [
    entryOf(3, { what: 'fill', fill: { ...fill, exec: 'E3' }, date: '2026-11-09' }),
  ]);
  const views = await openProjections(tempDirectory('ledger'), log, {
    projections: [bookProjection(), ledgerProjection()],
  });
  await views.catchUp();
  const view = new LedgerView(views.store);
  const after = balancesOf([{ ...fill, exec: 'E2' }]);
  const opened = new Map([
    ...after,
    ['customer:A1:securities cusip:990000108', '600'],
    ['equity:opening:securities cusip:990000108', '-500'],
    ['customer:A1:cash USD', '-254.95'],
    ['equity:opening:cash USD', '-1000'],
  ]);
  expect(said(view)).toEqual(opened);
  expect(view.unposted()).toMatchObject([{ why: 'the baseline of 2026-11-09 holds it already' }]);
  await views.close();
});

test('the journal is plain text that says who, what, when and how much', async () => {
  const views = await folded([{ what: 'fill', fill }]);
  const path = join(tempDirectory('journal'), 'clearport.journal');
  const journal = new JournalFile(path, 'house');
  expect(await carry(new LedgerView(views.store), journal)).toBe(1);
  expect(await carry(new LedgerView(views.store), journal)).toBe(0);
  await journal.close();
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('2026-11-10=2026-11-12 * (65536.0) buy 100 990000108 at 12.5\n');
  expect(text).toContain('    customer:A1:securities       100 "cusip:990000108"\n');
  expect(text).toContain('    customer:A1:cash             -1254.95 USD\n');
  expect(text).toContain('    ; event: orders/OPS-OMS/1/in:1#trade@0\n');
  await views.close();
});
