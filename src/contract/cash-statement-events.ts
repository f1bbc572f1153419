import type { Event } from '../events/event.ts';
import { businessKeyText } from '../events/identity.ts';
import type { CashBalance, CashEntry, CashHead, CashStatement } from './cash-statement.ts';
import types from './cash-types.json' with { type: 'json' };
import type { NormalizeContext } from './codec.ts';
import { eventOf, type GivenAttributes } from './normalize.ts';

/**
 * What a statement means: an event for each entry, one for each balance, and, where it is the last page of a statement,
 * the end of the snapshot.
 */
export function cashEvents(said: CashStatement, context: NormalizeContext): readonly Event[] {
  const moved = said.entries.map((entry, index) => cashEntryEvent(said, entry, context, index + 1));
  return [...moved, ...cashHeadEvents(said, context, said.entries.length)];
}

/**
 * `cash.moved` for an entry that is booked, else `cash.pending`. An entry of an interim report or an advice that has no
 * reference of the bank is pending too: nobody could tell that the statement books it, and it would count twice.
 *
 * The business key is the bank, the account, the bank's reference, the value date and the amount; a reference alone is no
 * name, because banks give one to several entries. Without a reference it is the statement, the page and the number
 * of the entry on it, from 1.
 */
export function cashEntryEvent(
  head: CashHead,
  entry: CashEntry,
  context: NormalizeContext,
  number: number,
): Event {
  const type = books(head, entry) ? 'cash.moved' : 'cash.pending';
  const slot = `${nameOf(head)}-entry-${number}`;
  const { status = 'booked' } = entry;
  return eventOf(context, slot, type, attributesOf(head, entry, context, number), {
    type: cashTypeOf(entry.code),
    amount: entry.amount,
    currency: entry.currency,
    valueDate: entry.valueDate,
    bookingDate: entry.bookingDate,
    referenceId: entry.reference ?? entry.bankReference,
    code: entry.code,
    bankReference: entry.bankReference,
    entryReference: entry.entryReference,
    report: head.report,
    reportId: head.id,
    statement: head.number,
    page: head.page,
    entry: number,
    reversal: entry.reversal === true ? true : undefined,
    status,
    transactions: entry.transactions,
    charges: entry.charges,
    text: entry.text,
  });
}

function books({ report }: CashHead, { status = 'booked', bankReference }: CashEntry): boolean {
  return status === 'booked' && (report === 'statement' || bankReference !== undefined);
}

function attributesOf(
  head: CashHead,
  entry: CashEntry,
  context: NormalizeContext,
  number: number,
): GivenAttributes {
  const reportedBy = reporterOf(head, context);
  const { bankReference, amount, currency } = entry;
  const { account } = head;
  // The account's own count of its statements: the same statement comes again under another reference, and as MT950 beside its MT940.
  const place = [head.number ?? head.id, head.page ?? '', number].join('/');
  return {
    reportedBy,
    businessKey: businessKeyText({
      // What is pending is another fact than its booking, which must not be taken for a repeat of it.
      kind: books(head, entry) ? 'cash' : 'cash-pending',
      reportedBy,
      scope: [context.keyScope ?? '', account].filter((part) => part !== '').join('/'),
      tradeDate: entry.valueDate ?? entry.bookingDate,
      id: bankReference ?? place,
      side: bankReference === undefined ? undefined : `${amount} ${currency}`,
    }),
    account,
    businessDate: entry.bookingDate,
    parties: entry.parties,
  };
}

/** The balances of a statement, and its end where no page follows. `entries`: how many there were on this page. */
export function cashHeadEvents(head: CashHead, context: NormalizeContext, entries: number): readonly Event[] {
  const kinds = new Map<string, number>();
  const balances = head.balances.map((balance) => {
    const kind = [balance.kind, balance.currency, balance.date ?? ''].filter((part) => part !== '').join('-');
    const count = (kinds.get(kind) ?? 0) + 1;
    kinds.set(kind, count);
    return balanceEvent(head, balance, count === 1 ? kind : `${kind}-${count}`, context);
  });
  const closing = closingOf(head);
  if (head.more === true) return balances;
  if (head.report === 'interim') return [...balances, reportedEvent(head, context, entries)];
  if (closing === undefined || head.report !== 'statement') return balances;
  return [...balances, closedEvent(head, closing, context, entries)];
}

/** An interim report closes nothing but itself: it says up to when it knows what was booked, which may be nothing. */
function reportedEvent(head: CashHead, context: NormalizeContext, count: number): Event {
  const attributes = { reportedBy: reporterOf(head, context), account: head.account };
  return eventOf(context, `${nameOf(head)}-closed`, 'snapshot.closed', attributes, {
    kind: 'activity',
    basis: 'settlement-date',
    snapshot: [head.account, head.number ?? head.id].join('/'),
    completeness: 'partial',
    count,
    cutAt: head.cutAt,
    cutZone: head.cutZone,
    cycle: 'intraday',
    pages: head.page,
    page: head.page,
    statement: head.number,
    reportId: head.id,
    text: head.text,
  });
}

function closingOf({ balances }: CashHead): CashBalance | undefined {
  return balances.find(({ kind }) => kind === 'closing');
}

/** Only the closing balance of a statement is one of a snapshot: the others are of another time, or another meaning. */
function balanceEvent(head: CashHead, balance: CashBalance, kind: string, context: NormalizeContext): Event {
  const closes = balance === closingOf(head) && head.report === 'statement';
  const slot = `${nameOf(head)}-balance-${kind}`;
  const attributes = {
    reportedBy: reporterOf(head, context),
    account: head.account,
    asOf: balance.date,
    businessDate: balance.date,
  };
  return eventOf(context, slot, 'cash.reported', attributes, {
    basis: 'settlement-date',
    amount: balance.amount,
    currency: balance.currency,
    type: balance.kind,
    snapshot: closes ? snapshotOf(head) : undefined,
    completeness: closes ? 'complete' : undefined,
    reportId: head.id,
    page: head.page,
    statement: head.number,
  });
}

function closedEvent(head: CashHead, closing: CashBalance, context: NormalizeContext, count: number): Event {
  const attributes = {
    reportedBy: reporterOf(head, context),
    account: head.account,
    asOf: closing.date,
    businessDate: closing.date,
  };
  return eventOf(context, `${nameOf(head)}-closed`, 'snapshot.closed', attributes, {
    kind: 'cash',
    basis: 'settlement-date',
    snapshot: snapshotOf(head),
    completeness: 'complete',
    count,
    cutAt: head.cutAt,
    cutZone: head.cutZone,
    cycle: 'end-of-day',
    pages: head.page,
    page: head.page,
    statement: head.number,
    reportId: head.id,
    text: head.text,
  });
}

/** `123456789/12/2026-11-12`: the account, the statement on it, and the day that it closes. */
function snapshotOf(head: CashHead): string {
  return [head.account, head.number ?? head.id, closingOf(head)?.date ?? ''].join('/');
}

/** `123456789-12-1`: the account, the statement on it and the page, which are its name inside of a message. */
function nameOf({ account, id, number, page }: CashHead): string {
  return [account, number ?? id, page ?? ''].filter((part) => part !== '').join('-');
}

function reporterOf(head: CashHead, context: NormalizeContext): string | undefined {
  return (context.direction === 'in' ? context.reportedBy : undefined) ?? head.sender;
}

/**
 * What sort of movement a bank's code means. Of `NTRF` the last three characters count, of `S202` the category of the
 * message, of `PMNT/RCDT/ESCT` its sub-family, then its family, then its domain. Source: the transaction type codes
 * of field 61, and the bank transaction code set of ISO 20022; `cash-types.json`.
 */
export function cashTypeOf(code: string | undefined): string {
  if (code === undefined) return 'wire';
  const message = /^S(\d)\d\d$/.exec(code)?.[1];
  if (message !== undefined) return tables.messages.get(message) ?? 'other';
  const own = /^[NF]([A-Z0-9]{3})$/.exec(code)?.[1];
  if (own !== undefined) return tables.swift.get(own) ?? 'other';
  const [domain = '', family = '', detail = ''] = code.split('/');
  const { subfamilies, families } = tables;
  const found = subfamilies.get(detail) ?? families.get(`${domain}/${family}`) ?? families.get(domain);
  return found ?? 'other';
}

const tables = {
  swift: new Map(Object.entries(types.swift)),
  messages: new Map(Object.entries(types.messages)),
  subfamilies: new Map(Object.entries(types.subfamilies)),
  families: new Map(Object.entries(types.families)),
};
