import { decimalText } from '../core/decimal.ts';
import { maskAccount } from '../core/mask.ts';
import { LedgerView, type StoredTransaction, transactionId } from '../ledger/index.ts';
import { shownText } from '../recon/index.ts';
import type { ReadingOptions } from './configured.ts';
import { type CommandContext, type ExitCode, printJson } from './context.ts';
import { type Column, tableWriter } from './table.ts';
import { withViews } from './views.ts';

export interface LedgerOptions extends ReadingOptions {
  readonly unmasked?: boolean;
}

/** `clearport ledger balances`. */
export function ledgerBalances(context: CommandContext, options: LedgerOptions): Promise<ExitCode> {
  const columns = [{ head: 'account' }, { head: 'amount', align: 'right' as const }, { head: 'unit' }];
  return withLedger(context, options, columns, async (view, row) => {
    for (const balance of view.balances()) {
      const account = shown(balance.account, options);
      await row({ ...balance }, [account, amountText(balance.amount, balance.unit), balance.unit]);
    }
  });
}

/** `clearport ledger transactions`: one row a leg; with `--json`, one line a transaction. */
export function ledgerTransactions(context: CommandContext, options: LedgerOptions): Promise<ExitCode> {
  const columns = [
    { head: 'id' },
    { head: 'date' },
    { head: 'settles' },
    { head: 'account' },
    { head: 'amount', align: 'right' as const },
    { head: 'unit' },
    { head: 'memo', shrinks: true },
  ];
  return withLedger(context, options, columns, async (view, row) => {
    for (let from = 0; ; ) {
      const batch = view.after(from);
      const last = batch.at(-1);
      if (last === undefined) return;
      from = last.offset;
      for (const transaction of batch) await transactionRows(context, transaction, options, row);
    }
  });
}

/** `clearport ledger unposted`. */
export function ledgerUnposted(context: CommandContext, options: LedgerOptions): Promise<ExitCode> {
  const columns = [
    { head: 'offset', align: 'right' as const },
    { head: 'event' },
    { head: 'why', shrinks: true },
  ];
  return withLedger(context, options, columns, async (view, row) => {
    for (const one of view.unposted()) await row({ ...one }, [String(one.offset), one.eventId, one.why]);
  });
}

type Row = (json: Parameters<typeof printJson>[1], cells: readonly string[]) => Promise<void>;

async function transactionRows(
  context: CommandContext,
  transaction: StoredTransaction,
  options: LedgerOptions,
  row: Row,
): Promise<void> {
  const { date, settlementDate, memo, eventId, reverses, because } = transaction;
  const id = transactionId(transaction);
  const shownMemo = memoShown(transaction, options);
  const legs = transaction.postings.map(({ account, unit, amount }) => ({
    account,
    unit,
    amount: decimalText(amount),
  }));
  // JSON is for programs, and whole.
  const json = { id, date, settlementDate, memo, eventId, reverses, because, postings: legs };
  if (context.json) return row(json, []);
  for (const { account, unit, amount } of legs) {
    await row(json, [
      id,
      date,
      settlementDate,
      shown(account, options),
      amountText(amount, unit),
      unit,
      shownMemo,
    ]);
  }
}

function withLedger(
  context: CommandContext,
  options: LedgerOptions,
  columns: readonly Column[],
  print: (view: LedgerView, row: Row) => Promise<void>,
): Promise<ExitCode> {
  return withViews(context, options, async ({ projections }) => {
    const table = tableWriter(columns, (line) => context.printer.line(line), context.terminal.columns);
    let rows = 0;
    await print(new LedgerView(projections.store), async (json, cells) => {
      rows++;
      if (context.json) await printJson(context, json);
      else await table.row(cells);
    });
    await table.flush();
    if (rows === 0 && !context.json) await context.printer.line('Nothing stands in the ledger here.');
    return 0 as const;
  });
}

/** Money to the cent at least; a unit with a scheme is a security. */
function amountText(amount: string, unit: string): string {
  return shownText(amount, unit.includes(':') ? 0 : 2);
}

/** An opening names the customer that it opens; its number is masked there too. */
function memoShown({ memo, postings }: StoredTransaction, options: LedgerOptions): string {
  return postings.reduce((text, { account }) => {
    const [customer = '', number = ''] = account.split(':');
    return customer !== 'customer' || number === ''
      ? text
      : text.replaceAll(`${customer}:${number}`, shown(`${customer}:${number}`, options));
  }, memo);
}

/** `customer:7Q100017:cash` with the account's number masked, unless it was asked for. */
function shown(account: string, { unmasked }: LedgerOptions): string {
  if (unmasked === true || !account.startsWith('customer:')) return account;
  const [customer = '', number = '', ...rest] = account.split(':');
  return [customer, maskAccount(number), ...rest].join(':');
}
