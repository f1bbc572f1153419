import type { StatementHead, StatementKind } from '../../src/contract/statement.ts';
import type { Issue } from '../../src/core/issue.ts';
import { textAt } from './message.ts';
import { codeAt, type ElementReader, elementReader, momentAt } from './statement-values.ts';
import type { MxElement } from './tree.ts';
import { dateIn, timeIn } from './values.ts';

/**
 * What a page of a statement says of itself. `content` needs no more than what stands before the first holding or
 * transaction, so a statement that is streamed has its head before its items. Source: semt.002, semt.003, semt.017 and
 * semt.018: Pgntn, StmtGnlDtls, SfkpgAcct.
 */
export function readStatementHead(
  content: MxElement,
  header: MxElement | undefined,
  kind: StatementKind,
  problems: Issue[],
): StatementHead | undefined {
  const reader = elementReader(content, problems);
  const page = reader.need('Pgntn/PgNb', pageOf);
  const last = reader.need('Pgntn/LastPgInd', flagOf);
  const period = kind === 'transactions' ? periodIn(reader) : undefined;
  const at = kind === 'transactions' ? period?.to : momentAt(reader, 'StmtGnlDtls/StmtDtTm');
  if (at === undefined && problems.length === 0) {
    reader.need(`StmtGnlDtls/${kind === 'transactions' ? 'StmtPrd' : 'StmtDtTm'}`, () => undefined);
  }
  if (page === undefined || last === undefined || at === undefined) return undefined;
  return {
    kind,
    messageId: textAt(header, 'BizMsgIdr') ?? '',
    statementId: reader.text('StmtGnlDtls/StmtId'),
    number: reader.text('StmtGnlDtls/RptNb/Shrt') ?? reader.text('StmtGnlDtls/RptNb/Lng'),
    page,
    last,
    sender: institutionIn(header, 'Fr'),
    receiver: institutionIn(header, 'To'),
    preparedAt: timeIn(textAt(header, 'CreDt')),
    at,
    from: period?.from,
    basis: codeAt(reader, 'StmtGnlDtls/StmtBsis'),
    update: codeAt(reader, 'StmtGnlDtls/UpdTp'),
    account: accountAt(reader),
  };
}

/** The safekeeping account, or the wallet on a blockchain that stands in its place. */
export function accountAt(reader: ElementReader): string | undefined {
  return reader.text('SfkpgAcct/Id') ?? reader.text('BlckChainAdrOrWllt/Id');
}

function pageOf(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

/** `true`, `false`, `1`, `0`. Source: XML Schema Part 2, boolean. */
export function flagOf(text: string): boolean | undefined {
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}

function periodIn(reader: ElementReader): { from: string; to: string } | undefined {
  const path = 'StmtGnlDtls/StmtPrd';
  const from =
    reader.read(`${path}/FrDtToDt/FrDt`, dateIn) ?? reader.read(`${path}/FrDtTmToDtTm/FrDtTm`, timeIn);
  const to =
    reader.read(`${path}/FrDtToDt/ToDt`, dateIn) ?? reader.read(`${path}/FrDtTmToDtTm/ToDtTm`, timeIn);
  return from === undefined || to === undefined ? undefined : { from, to };
}

export function institutionIn(header: MxElement | undefined, side: 'Fr' | 'To'): string | undefined {
  const paths = [
    'FIId/FinInstnId/BICFI',
    'FIId/FinInstnId/Othr/Id',
    'OrgId/Id/OrgId/AnyBIC',
    'OrgId/Id/OrgId/Othr/Id',
  ];
  return paths.map((path) => textAt(header, `${side}/${path}`)).find((id) => id !== undefined);
}
