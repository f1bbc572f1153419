import type {
  CashBalance,
  CashBalanceKind,
  CashEntry,
  CashHead,
  CashReport,
  CashStatement,
} from '../../src/contract/cash-statement.ts';
import { cashSumProblems } from '../../src/contract/cash-statement-check.ts';
import { cashEntryEvent, cashEvents } from '../../src/contract/cash-statement-events.ts';
import type { NormalizeContext } from '../../src/contract/codec.ts';
import { shownText } from '../../src/core/bytes.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { entryIn, moneyIn } from './cash-entry.ts';
import type { Family } from './families.ts';
import { mxIssue } from './issues.ts';
import { type MxMessage, textAt } from './message.ts';
import balanceCodes from './tables/cash-balances.json' with { type: 'json' };
import { elementsAt, type MxElement } from './tree.ts';
import { dateIn, timeIn } from './values.ts';

/** What camt.052, camt.053 and camt.054 mean: the same as the MT942, MT940 and MT900 that say the same. */
export const cashFamilies: readonly (readonly [string, Family])[] = (
  ['camt.052', 'camt.053', 'camt.054'] as const
).map((set) => [set, { problems: (message) => readCash(message).problems, events: eventsOf }]);

function eventsOf(message: MxMessage, context: NormalizeContext): readonly Event[] {
  const { statements, problems } = readCash(message);
  const errors = problems.some(({ severity }) => severity === 'error');
  return errors ? [] : statements.flatMap((said) => cashEvents(said, context));
}

/**
 * What one entry means, for a statement that is read entry by entry: `statement` is its Stmt, Rpt or Ntfctn with what stands
 * in it before the entries, `number` counts the entries of the page from 1. Nothing where the entry cannot be read;
 * {@link cashEntryProblems} says why. The same events as those of the whole document.
 */
export function cashEntryEvents(
  statement: MxElement,
  entry: MxElement,
  context: NormalizeContext,
  number: number,
  header?: MxElement,
): readonly Event[] {
  const problems: Issue[] = [];
  const head = headIn(statement, header, problems);
  const said = entryIn(entry, problems);
  return said === undefined || problems.length > 0 ? [] : [cashEntryEvent(head, said, context, number)];
}

export function cashEntryProblems(entry: MxElement): readonly Issue[] {
  const problems: Issue[] = [];
  entryIn(entry, problems);
  return problems;
}

export interface CashRead {
  readonly statements: readonly CashStatement[];
  readonly problems: readonly Issue[];
}

export function readCash(message: MxMessage): CashRead {
  const known = reads.get(message);
  if (known !== undefined) return known;
  const problems: Issue[] = [];
  const statements = Object.keys(reports).flatMap((local) =>
    message.elements(local).map((element) => statementIn(element, message.header, problems)),
  );
  if (statements.length === 0) problems.push(missing('Stmt, Rpt or Ntfctn', message.content));
  const read = { statements, problems };
  reads.set(message, read);
  return read;
}

/** Decoding asks for the problems and normalizing for the statement: a message is read once for both. */
const reads = new WeakMap<MxMessage, CashRead>();

function statementIn(element: MxElement, header: MxElement | undefined, problems: Issue[]): CashStatement {
  const head = headIn(element, header, problems);
  const entries = elementsAt(element, 'Ntry').flatMap((entry): readonly CashEntry[] => {
    const said = entryIn(entry, problems);
    return said === undefined ? [] : [said];
  });
  const said = { ...head, entries };
  const { line, column, local } = element;
  const wrong = [...cashSumProblems(said), ...countProblems(element, entries)];
  problems.push(...wrong.map((text) => mxIssue('MX_SUM', text, { line, column, field: local })));
  return said;
}

const reports: Readonly<Record<string, CashReport>> = { Stmt: 'statement', Rpt: 'interim', Ntfctn: 'advice' };

export function headIn(element: MxElement, header: MxElement | undefined, problems: Issue[]): CashHead {
  const text = (path: string): string | undefined => textAt(element, path);
  const report = reports[element.local] ?? 'statement';
  const account = text('Acct/Id/IBAN') ?? text('Acct/Id/Othr/Id');
  const id = text('Id');
  if (id === undefined) problems.push(missing('Id', element));
  if (account === undefined) problems.push(missing('Acct/Id', element));
  const balances = elementsAt(element, 'Bal').flatMap((one) => balanceIn(one, problems));
  const last = text('StmtPgntn/LastPgInd') ?? text('RptPgntn/LastPgInd') ?? text('NtfctnPgntn/LastPgInd');
  const cutAt = timeIn(text('FrToDt/ToDtTm'));
  return {
    report,
    id: id ?? '',
    sender: senderOf(element, header),
    account: account ?? '',
    currency: text('Acct/Ccy') ?? balances[0]?.currency,
    number: numberOf(text('LglSeqNb') ?? text('ElctrncSeqNb')),
    page: countOf(text('StmtPgntn/PgNb') ?? text('RptPgntn/PgNb') ?? text('NtfctnPgntn/PgNb')),
    more: last === undefined || /^(true|1)$/.test(last) ? undefined : true,
    cutAt: report === 'statement' ? undefined : cutAt,
    cutZone: report === 'statement' ? undefined : /(?:Z|[+-]\d\d:\d\d)$/.exec(cutAt ?? '')?.[0],
    copy: text('CpyDplctInd') === undefined ? undefined : true,
    balances,
    text: text('AddtlStmtInf') ?? text('AddtlRptInf') ?? text('AddtlNtfctnInf'),
  };
}

/** The servicer of the account, else who sends the message; `XXX` is the head office, and the same BIC. */
function senderOf(element: MxElement, header: MxElement | undefined): string | undefined {
  const servicer =
    textAt(element, 'Acct/Svcr/FinInstnId/BICFI') ?? textAt(element, 'Acct/Svcr/FinInstnId/BIC');
  const sender = textAt(header, 'Fr/FIId/FinInstnId/BICFI');
  return (servicer ?? sender)?.replace(/^(.{8})XXX$/, '$1');
}

function missing(field: string, { line, column }: MxElement): Issue {
  return mxIssue('MX_VALUE_NEEDED', `${field} is needed and missing`, { line, column, field });
}

/** Without leading zeros, as in 28C. */
function numberOf(text: string | undefined): string | undefined {
  return text?.replace(/^0+(?=\d)/, '');
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

const kinds = new Map(Object.entries(balanceCodes)) as ReadonlyMap<string, CashBalanceKind>;

/** A balance by its code (CLBD); of a page, where its subtype is INTM. One of a code that is not known is information. */
function balanceIn(element: MxElement, problems: Issue[]): readonly CashBalance[] {
  const money = moneyIn(element, 'Amt', problems);
  const day = textAt(element, 'Dt/Dt') ?? textAt(element, 'Dt/DtTm');
  const date = day === undefined ? undefined : dateIn(day);
  if (day !== undefined && date === undefined) {
    const { line, column } = element;
    const text = `Bal/Dt cannot be "${shownText(day)}"`;
    problems.push(mxIssue('MX_VALUE_NEEDED', text, { line, column, field: 'Dt' }));
  }
  if (money === undefined) return [];
  const code = textAt(element, 'Tp/CdOrPrtry/Cd') ?? textAt(element, 'Tp/Cd') ?? '';
  const page = textAt(element, 'Tp/SubTp/Cd') === 'INTM';
  const kind = kinds.get(page ? `${code}/INTM` : code) ?? kinds.get(code) ?? 'information';
  return [{ kind, ...money, date }];
}

/** TxsSummry counts the entries, and sums those of each side. */
function countProblems(element: MxElement, entries: readonly CashEntry[]): readonly string[] {
  const counts: readonly (readonly [string, number])[] = [
    ['TtlNtries', entries.length],
    ['TtlCdtNtries', entries.filter(({ amount }) => !amount.startsWith('-')).length],
    ['TtlDbtNtries', entries.filter(({ amount }) => amount.startsWith('-')).length],
  ];
  return counts.flatMap(([name, found]) => {
    const said = countOf(textAt(element, `TxsSummry/${name}/NbOfNtries`));
    return said === undefined || said === found ? [] : [`${name} counts ${said} entries, there are ${found}`];
  });
}
