import relatedNames from '../../codecs/iso20022/tables/related.json' with { type: 'json' };
import statusElements from '../../codecs/iso20022/tables/statuses.json' with { type: 'json' };
import { element, textElement, type WrittenElement } from '../../codecs/iso20022/write-xml.ts';
import type { SettlementTransaction, StatusSaid } from '../../src/contract/settlement-status.ts';
import type { StatedPending, StatedPosting } from '../../src/contract/statement.ts';
import { counted, security, sign } from './mx-parts.ts';
import type { StatementPage } from './write-mt.ts';

type Inner = WrittenElement | undefined | false;

/** One FinInstrmDtls for all of the page, in its sub-account where there is one. */
export function postingsOf({ postings = [], totals = [] }: StatementPage): Inner[] {
  const [first] = postings;
  if (first === undefined) return [];
  const total = (kinds: readonly string[], name: string, choice: readonly string[]): Inner => {
    const said = totals.find(({ kind }) => kinds.includes(kind));
    if (said === undefined) return undefined;
    const which = choice[kinds.indexOf(said.kind)] ?? '';
    return element(name, [
      sign(said.quantity, true),
      element(name, [element(which, [element('Qty', [counted(said.quantity, said.unit)])])]),
    ]);
  };
  const details = element('FinInstrmDtls', [
    security(first.transaction),
    total(['FIOP', 'INOP'], 'OpngBal', ['Frst', 'Intrmy']),
    total(['FICL', 'INCL'], 'ClsgBal', ['Fnl', 'Intrmy']),
    ...postings.map((posting) => element('Tx', [...references(posting), postingDetails(posting)])),
  ]);
  const { account } = first.transaction;
  if (account === undefined) return [details];
  return [
    element('SubAcctDtls', [
      element('SfkpgAcct', [textElement('Id', account)]),
      textElement('ActvtyInd', 'true'),
      details,
    ]),
  ];
}

function postingDetails({
  transaction,
  activity,
  type,
  effectiveDate,
  reversal,
}: StatedPosting): WrittenElement {
  const { amount } = transaction;
  return element('TxDtls', [
    element('TxActvty', [textElement('Cd', activity ?? 'SETT')]),
    type === undefined
      ? undefined
      : element('SttlmTxOrCorpActnEvtTp', [
          element(activity === 'CORP' ? 'CorpActnEvtTp' : 'SctiesTxTp', [textElement('Cd', type)]),
        ]),
    ...movement(transaction),
    amount === undefined
      ? undefined
      : element('PstngAmt', [
          textElement('Amt', amount.replace('-', ''), { Ccy: transaction.currency ?? '' }),
          textElement('CdtDbt', direction(transaction)),
        ]),
    tradeDateOf(transaction),
    effectiveDate === undefined ? undefined : element('FctvSttlmDt', [textElement('Dt', effectiveDate)]),
    settlementDateOf(transaction),
    ...sides(transaction),
    reversal === true && textElement('RvslInd', 'true'),
    textElement('TxAddtlDtls', transaction.text),
  ]);
}

export function pendingOf(pending: StatedPending, structure: 'STAT' | 'TRAN'): WrittenElement[] {
  const { statuses, transaction } = pending;
  const inner = [...references(pending), transaction === undefined ? undefined : pendingDetails(transaction)];
  if (structure === 'TRAN')
    return [element('Txs', [...inner, ...statuses.map((said) => statusOf('StsAndRsn', said))])];
  return statuses.map((said) => element('Sts', [statusOf('StsAndRsn', said), element('Tx', inner)]));
}

function pendingDetails(transaction: SettlementTransaction): WrittenElement {
  const { amount } = transaction;
  return element('TxDtls', [
    element('TxActvty', [textElement('Cd', 'SETT')]),
    ...movement(transaction, [security(transaction)]),
    amount === undefined
      ? undefined
      : element('PstngAmt', [
          textElement('Amt', amount.replace('-', ''), { Ccy: transaction.currency ?? '' }),
          textElement('CdtDbtInd', direction(transaction)),
        ]),
    tradeDateOf(transaction),
    settlementDateOf(transaction),
    ...sides(transaction),
    textElement('TxAddtlDtls', transaction.text),
  ]);
}

function movement(said: SettlementTransaction, between: readonly Inner[] = []): Inner[] {
  const { delivery, payment, quantity, unit = 'shares' } = said;
  return [
    textElement('SctiesMvmntTp', delivery === 'deliver' ? 'DELI' : 'RECE'),
    textElement('Pmt', payment === 'free' ? 'FREE' : 'APMT'),
    ...between,
    quantity === undefined ? undefined : element('PstngQty', [element('Qty', [counted(quantity, unit)])]),
  ];
}

function direction({ amount = '', delivery }: SettlementTransaction): string {
  return (delivery === 'deliver') === amount.startsWith('-') ? 'DBIT' : 'CRDT';
}

function tradeDateOf({ tradeDate }: SettlementTransaction): Inner {
  return tradeDate === undefined
    ? undefined
    : element('TradDt', [element('Dt', [textElement('Dt', tradeDate)])]);
}

function settlementDateOf({ settlementDate }: SettlementTransaction): Inner {
  return settlementDate === undefined
    ? undefined
    : element('SttlmDt', [element('Dt', [textElement('Dt', settlementDate)])]);
}

function sides({ parties = [], place }: SettlementTransaction): Inner[] {
  const party = (role: string, name: string): Inner => {
    const said = parties.find((one) => one.role === role);
    if (said === undefined) return undefined;
    const own = element('PrtryId', [textElement('Id', said.id), textElement('Issr', said.scheme)]);
    return element(name, [element('Id', [said.scheme === 'bic' ? textElement('AnyBIC', said.id) : own])]);
  };
  const depository =
    place === undefined ? undefined : element('Dpstry', [element('Id', [textElement('AnyBIC', place)])]);
  const side = (name: string, role: string): Inner => {
    const inner = [depository, party(role, 'Pty1')].filter((one) => one !== undefined);
    return inner.length === 0 ? undefined : element(name, inner);
  };
  return [side('DlvrgSttlmPties', 'DEAG'), side('RcvgSttlmPties', 'REAG')];
}

function references({ instructionId, related = [] }: StatedPosting | StatedPending): Inner[] {
  const order = ['MktInfrstrctrTxId', 'CtrPtyMktInfrstrctrTxId', 'PrcrTxId', 'TradId', 'CmonId'];
  const said = related.map(({ by, id }) => ({
    id,
    name: relatedNames.find((one) => one.by === by)?.name ?? '',
  }));
  return [
    textElement('AcctOwnrTxId', instructionId ?? 'NONREF'),
    ...order.map((name) => textElement(name, said.find((one) => one.name === name)?.id)),
  ];
}

/** The status of a statement: what is PrcgSts in a status message is InstrPrcgSts here. */
function statusOf(name: string, { kind, code, reasons = [] }: StatusSaid): WrittenElement {
  const row = statusElements.find((one) => one.kind === kind && one.code === code);
  const group = row?.group === 'PrcgSts' ? 'InstrPrcgSts' : (row?.group ?? '');
  const inner = reasons.map((reason) =>
    element('Rsn', [
      element('Cd', [textElement('Cd', reason.code === 'NARR' ? 'OTHR' : reason.code)]),
      textElement('AddtlRsnInf', reason.text),
    ]),
  );
  const none = row?.reasons === true ? [textElement('NoSpcfdRsn', 'NORE')] : [];
  return element(name, [element(group, [element(row?.name ?? '', inner.length > 0 ? inner : none)])]);
}
