import type { Command } from 'commander';
import { type Add, readingOptions, unmaskedOption } from './command-adding.ts';
import type { LedgerOptions } from './ledger.ts';

/** `clearport ledger`: what bridges carry to outside ledgers. */
export function addLedgerCommands(add: Add, program: Command): void {
  const ledger = program
    .command('ledger')
    .description('our events as balanced postings, as bridges carry them');
  const options = [unmaskedOption, ...readingOptions];
  const load = () => import('./ledger.ts');
  add<LedgerOptions>(
    'balances',
    'what stands on each account',
    options,
    async (context, _args, given) => (await load()).ledgerBalances(context, given),
    ledger,
    true,
  );
  add<LedgerOptions>(
    'transactions',
    'every transaction with its legs',
    options,
    async (context, _args, given) => (await load()).ledgerTransactions(context, given),
    ledger,
  );
  add<LedgerOptions>(
    'unposted',
    'events of ours that moved nothing in the ledger, and why',
    options,
    async (context, _args, given) => (await load()).ledgerUnposted(context, given),
    ledger,
  );
}
