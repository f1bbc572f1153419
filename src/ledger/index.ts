export { carry, type LedgerBridge, type LedgerPosition } from './carry.ts';
export { LedgerFollower, type LedgerPorts } from './follow.ts';
export { ledgerIssues } from './issues.ts';
export { JournalFile } from './journal-file.ts';
export { PostgresLedger, type PostgresOptions } from './postgres.ts';
export { bookingOf, customerOf } from './postings.ts';
export { type LedgerOptions, ledgerProjection } from './projection.ts';
export { type Posting, type Transaction, transactionId, unbalanced } from './transaction.ts';
export { type LedgerBalance, LedgerView, type StoredTransaction, type Unposted } from './view.ts';
