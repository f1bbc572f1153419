import { businessKeyText } from '../events/identity.ts';
import type { NormalizeContext } from './codec.ts';
import type { GivenAttributes } from './normalize.ts';
import type { StatedSecurity, StatementHead, StatementKind } from './statement.ts';

/**
 * The name of a statement, the same on all of its pages: `holdings/A1234567/2026-11-12/SETT/001`. The account, the date
 * and the basis do not tell a statement from the one that corrects it, so its name ends with the StmtId where there is
 * one, else with the statement's number, and with the message's own reference where the statement is one page.
 */
export function snapshotName(head: StatementHead): string {
  const { kind, account = '', at, from, basis = '', statementId, number, page, last } = head;
  const single = page === 1 && last;
  const own = head.cancels === true ? head.previousId : head.messageId;
  const names = statementId === undefined ? [number, single ? own : undefined] : [statementId];
  const period = from === undefined ? at : `${from}..${at}`;
  const parts = [kind, account, period, basis, ...names];
  return parts.filter((part) => part !== undefined && part !== '').join('/');
}

/** What the page is named by when it is taken back or told again: the message's own reference, else StmtId. */
export function reportIdOf({ statementId, messageId }: StatementHead): string | undefined {
  return messageId === '' ? statementId : messageId;
}

/** `positions` is the kind of snapshot that books are compared with. */
export const snapshotKinds: Readonly<Record<StatementKind, string>> = {
  holdings: 'positions',
  transactions: 'transactions',
  pending: 'pending',
};

/**
 * The reporter's basis in the words of a position: our book knows trade date and settlement date, and nothing else is
 * compared with it. Contractual settlement is neither of them: money and securities are shown as if they had settled.
 */
export function basisOf({ basis }: StatementHead): string | undefined {
  if (basis === 'TRAD') return 'trade-date';
  if (basis === 'SETT') return 'settlement-date';
  return basis === 'CONT' ? 'contractual' : basis;
}

/** `complete` where absence means zero: the page says that it tells everything. Anything else is partial. */
export function completenessOf({ update }: StatementHead): { completeness: string; computed: boolean } {
  if (update === 'COMP') return { completeness: 'complete', computed: false };
  return { completeness: 'partial', computed: update === undefined };
}

/** The attributes of every event of a page. `account` is the sub-account's where there is one. */
export function pageAttributes(
  head: StatementHead,
  context: NormalizeContext,
  account: string | undefined = head.account,
): GivenAttributes {
  const zoned = /(Z|[+-]\d\d:\d\d)$/.test(head.preparedAt ?? '');
  return {
    reportedBy: reporterOf(head, context),
    account,
    asOf: head.at.slice(0, 10),
    occurredAt: head.preparedAt,
    occurredZone: zoned && head.preparedAt?.endsWith('Z') ? 'UTC' : undefined,
  };
}

export function reporterOf({ sender }: StatementHead, context: NormalizeContext): string | undefined {
  return (context.direction === 'in' ? context.reportedBy : undefined) ?? sender;
}

/** A row's key: the statement and the row's place in it, because a statement may tell one security twice. */
export function rowKey(
  head: StatementHead,
  context: NormalizeContext,
  kind: string,
  parts: readonly (string | undefined)[],
): string {
  return businessKeyText({
    kind,
    reportedBy: reporterOf(head, context),
    scope: snapshotName(head),
    id: [String(head.page), ...parts.map((part) => part ?? '')].join('/'),
  });
}

/** The CUSIP where it is said, because everything else of this market goes by it; else the ISIN. */
export function statedSecurity({ cusip, isin }: StatedSecurity): { id: string; scheme: string } | undefined {
  if (cusip !== undefined) return { id: cusip, scheme: 'cusip' };
  return isin === undefined ? undefined : { id: isin, scheme: 'isin' };
}
