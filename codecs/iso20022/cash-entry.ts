import type { CashCharge, CashEntry, CashEntryStatus, CashParty } from '../../src/contract/cash-statement.ts';
import { shownText } from '../../src/core/bytes.ts';
import { canonicalDecimal } from '../../src/core/decimal.ts';
import type { Issue } from '../../src/core/issue.ts';
import { mxIssue } from './issues.ts';
import { textAt } from './message.ts';
import { attributeOf, elementsAt, type MxElement } from './tree.ts';
import { dateIn } from './values.ts';

/**
 * An entry (Ntry) of camt.052, 053 and 054 in all of their versions; undefined where its amount or a date cannot be read.
 * CdtDbtInd says what this entry is: where RvslInd stands too, the entry that is taken back was of the other sign.
 * Source: ISO 20022, ReportEntry, CreditDebitIndicator and ReversalIndicator.
 */
export function entryIn(element: MxElement, problems: Issue[]): CashEntry | undefined {
  const before = problems.length;
  const text = (path: string): string | undefined => textAt(element, path);
  const money = moneyIn(element, 'Amt', problems);
  const details = elementsAt(element, 'NtryDtls/TxDtls');
  const only = details.length === 1 ? details[0] : undefined;
  const valueDate = dayIn(element, 'ValDt', problems);
  const bookingDate = dayIn(element, 'BookgDt', problems);
  const status = statusOf(text('Sts/Cd') ?? text('Sts') ?? text('Sts/Prtry'));
  if (money === undefined || problems.length > before) return undefined;
  return {
    ...money,
    reversal: /^(true|1)$/.test(text('RvslInd') ?? '') ? true : undefined,
    status,
    valueDate,
    bookingDate,
    code: codeIn(element) ?? (only === undefined ? undefined : codeIn(only)),
    reference: referenceOf(ownerIn(only)),
    bankReference: referenceOf(text('AcctSvcrRef') ?? textAt(only, 'Refs/AcctSvcrRef')),
    entryReference: referenceOf(text('NtryRef')),
    transactions: countIn(element, details.length),
    charges: chargesIn(element, only),
    parties: partiesIn(only),
    text: wordsIn(element, only),
  };
}

/** The account owner's reference: the end-to-end one, else the one it gave with its instruction. */
function ownerIn(only: MxElement | undefined): string | undefined {
  const named = referenceOf(textAt(only, 'Refs/EndToEndId'));
  return named ?? textAt(only, 'Refs/InstrId') ?? textAt(only, 'Refs/AcctOwnrTxId');
}

/** An amount with its sign and currency; a missing or unreadable one is a problem. */
export function moneyIn(
  element: MxElement,
  path: string,
  problems: Issue[],
): { readonly amount: string; readonly currency: string } | undefined {
  const [amount] = elementsAt(element, path);
  const text = textAt(element, path) ?? '';
  const read = text.startsWith('-') ? undefined : canonicalDecimal(text);
  const currency = amount === undefined ? undefined : attributeOf(amount, 'Ccy');
  const side = textAt(element, 'CdtDbtInd');
  if (read?.ok !== true || currency === undefined || (side !== 'CRDT' && side !== 'DBIT')) {
    const { line, column, local } = amount ?? element;
    const said = `${local} of ${element.local} cannot be "${shownText(`${text} ${currency ?? ''} ${side ?? ''}`.trim())}"`;
    problems.push(mxIssue('MX_VALUE_NEEDED', said, { line, column, field: local }));
    return undefined;
  }
  return { amount: side === 'DBIT' && read.value !== '0' ? `-${read.value}` : read.value, currency };
}

function dayIn(element: MxElement, path: string, problems: Issue[]): string | undefined {
  const text = textAt(element, `${path}/Dt`) ?? textAt(element, `${path}/DtTm`);
  const date = text === undefined ? undefined : dateIn(text);
  if (text !== undefined && date === undefined) {
    const { line, column } = elementsAt(element, path)[0] ?? element;
    const said = `${path} cannot be "${shownText(text)}"`;
    problems.push(mxIssue('MX_VALUE_NEEDED', said, { line, column, field: path }));
  }
  return date;
}

/** BOOK, PDNG, FUTR, INFO; older versions have the code in Sts itself. A status that is not known is not booked. */
function statusOf(code: string | undefined): CashEntryStatus {
  if (code === undefined || code === 'BOOK') return 'booked';
  return code === 'FUTR' ? 'future' : code === 'INFO' ? 'information' : 'pending';
}

/** `NTRF` where a code of the network is given as the bank's own, else `PMNT/RCDT/ESCT`, else the bank's own. */
function codeIn(element: MxElement): string | undefined {
  const own = textAt(element, 'BkTxCd/Prtry/Cd');
  if (own !== undefined && /^[NSF][A-Z0-9]{3}$/.test(own)) return own;
  const domain = ['Cd', 'Fmly/Cd', 'Fmly/SubFmlyCd'].map((path) => textAt(element, `BkTxCd/Domn/${path}`));
  return domain[0] === undefined ? own : domain.filter((part) => part !== undefined).join('/');
}

function referenceOf(text: string | undefined): string | undefined {
  return text === undefined || /^(NONREF|NOTPROVIDED)$/.test(text) ? undefined : text;
}

/** How many transactions a batch has, where it is one. */
function countIn(element: MxElement, details: number): number | undefined {
  const said = textAt(element, 'NtryDtls/Btch/NbOfTxs');
  if (said !== undefined && /^\d{1,9}$/.test(said)) return Number(said);
  return details > 1 ? details : undefined;
}

function chargesIn(element: MxElement, only: MxElement | undefined): readonly CashCharge[] {
  const paths = ['Chrgs/Rcrd', 'Chrgs'];
  const records = paths.flatMap((path) => [
    ...elementsAt(element, path),
    ...(only === undefined ? [] : elementsAt(only, path)),
  ]);
  return records.flatMap((record): readonly CashCharge[] => {
    const [money] = elementsAt(record, 'Amt');
    const read = canonicalDecimal(textAt(record, 'Amt') ?? '');
    if (money === undefined || !read.ok || read.value === '0') return [];
    const back = textAt(record, 'CdtDbtInd') === 'CRDT';
    const type = textAt(record, 'Tp/Cd') ?? textAt(record, 'Tp/Prtry/Id') ?? textAt(record, 'Br') ?? 'charge';
    return [{ type, amount: back ? `-${read.value}` : read.value, currency: attributeOf(money, 'Ccy') }];
  });
}

const institutions = [
  ['RltdPties/Dbtr/Agt', 'debtor'],
  ['RltdPties/Dbtr/Pty', 'debtor'],
  ['RltdPties/Dbtr', 'debtor'],
  ['RltdPties/Cdtr/Agt', 'creditor'],
  ['RltdPties/Cdtr/Pty', 'creditor'],
  ['RltdPties/Cdtr', 'creditor'],
  ['RltdAgts/DbtrAgt', 'debtor-agent'],
  ['RltdAgts/CdtrAgt', 'creditor-agent'],
  ['RltdAgts/IntrmyAgt1', 'intermediary'],
] as const;

/** Institutions by their BIC. Names and accounts of people stay in the message. */
function partiesIn(only: MxElement | undefined): readonly CashParty[] {
  if (only === undefined) return [];
  return institutions.flatMap(([path, role]): readonly CashParty[] => {
    const bic = ['FinInstnId/BICFI', 'FinInstnId/BIC', 'Id/OrgId/AnyBIC', 'Id/OrgId/BICOrBEI']
      .map((inner) => textAt(only, `${path}/${inner}`))
      .find((id) => id !== undefined);
    return bic === undefined ? [] : [{ role, id: bic, scheme: 'bic' }];
  });
}

/** What is said in words of the entry, and of its one transaction. */
function wordsIn(element: MxElement, only: MxElement | undefined): string | undefined {
  const ustrd = only === undefined ? [] : elementsAt(only, 'RmtInf/Ustrd').map((one) => one.items.join(''));
  const words = [textAt(element, 'AddtlNtryInf'), textAt(only, 'AddtlTxInf'), ...ustrd]
    .filter((part) => part !== undefined)
    .map((part) => part.trim().replace(/\s+/g, ' '))
    .filter((part) => part !== '');
  return words.length === 0 ? undefined : words.join(' ');
}
