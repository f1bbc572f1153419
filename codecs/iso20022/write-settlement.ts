import type { SettlementConfirmation } from '../../src/contract/settlement-confirmation.ts';
import type { SettlementDetails, SettlementInstruction } from '../../src/contract/settlement-instruction.ts';
import type { SettlementStatus } from '../../src/contract/settlement-status.ts';
import type {
  ProcessingChange,
  TransactionCommand,
  TransactionRequest,
} from '../../src/contract/transaction-command.ts';
import cancellationStatuses from './tables/cancellation-statuses.json' with { type: 'json' };
import changeTable from './tables/processing-changes.json' with { type: 'json' };
import related from './tables/related.json' with { type: 'json' };
import {
  codeElement,
  date,
  idBy,
  otherId,
  parties,
  partyId,
  reasons,
  writeDocument,
} from './write-sese024.ts';
import { element, textElement, type WrittenElement } from './write-xml.ts';

/**
 * The bytes of a sese.023.001.12 that says this new instruction, or of a sese.020.001.08 that asks to cancel it. Values
 * are written as they stand. Source: element order of both schemas.
 */
export function writeSettlementInstruction(said: SettlementInstruction): Uint8Array {
  return said.action === 'cancel' ? writeSese020(said) : writeSese023(said);
}

function writeSese023(said: SettlementInstruction): Uint8Array {
  const { details, linked = [], related: ids = [] } = said;
  const content = element('SctiesSttlmTxInstr', [
    textElement('TxId', said.instructionId),
    element('SttlmTpAndAddtlParams', [...direction(details), textElement('CmonId', idBy(ids, 'common'))]),
    ...linked.map((id) =>
      element('Lnkgs', [
        element('PrcgPos', [textElement('Cd', 'WITH')]),
        element('Ref', [textElement('SctiesSttlmTxId', id)]),
      ]),
    ),
    trade(details, idBy(ids, 'trade'), undefined),
    security(details),
    account(details, [counted('SttlmQty', details)]),
    parameters(details, said.action === 'preadvice'),
    ...bothSides(details),
    amount('SttlmAmt', details),
    accrued(details),
  ]);
  return writeDocument('sese.023.001.12', content, said);
}

function writeSese020(said: SettlementInstruction): Uint8Array {
  const { details, reason, related: ids = [] } = said;
  const named = element('SctiesSttlmTxId', [textElement('TxId', said.instructionId), ...direction(details)]);
  const content = element('SctiesTxCxlReq', [
    element('AcctOwnrTxId', [named]),
    ...['market', 'processor'].map((by) => textElement(nameOf(by), idBy(ids, by))),
    owner(details),
    safekeeping(details),
    element('TxDtls', [
      security(details),
      date('TradDt', details.tradeDate),
      date('SttlmDt', details.settlementDate),
      counted('SttlmQty', details),
      amount('SttlmAmt', details),
      ...bothSides(details),
    ]),
    reason === undefined
      ? undefined
      : element('CxlRsn', [element('Cd', [codeElement(reason.code, reason.scheme)])]),
  ]);
  return writeDocument('sese.020.001.08', content, said);
}

/** The bytes of a sese.025.001.12 that confirms this. It has no element for a reversal or cancellation. */
export function writeSese025(said: SettlementConfirmation): Uint8Array {
  const { details, related: ids = [] } = said;
  const content = element('SctiesSttlmTxConf', [
    element('TxIdDtls', [
      textElement('AcctOwnrTxId', said.instructionId),
      textElement('AcctSvcrTxId', said.servicerId),
      ...['market', 'counterparty-market', 'processor'].map((by) => textElement(nameOf(by), idBy(ids, by))),
      ...direction(details),
      textElement('CmonId', idBy(ids, 'common')),
    ]),
    said.linked?.[0] === undefined
      ? undefined
      : element('Lnkgs', [textElement('SctiesSttlmTxId', said.linked[0])]),
    optional('AddtlParams', [
      textElement('PreConf', said.preconfirmed),
      textElement('PrtlSttlm', said.partial),
      textElement('PrvsPrtlConfId', said.previousId),
    ]),
    trade(details, idBy(ids, 'trade'), said.effectiveDate),
    security(details),
    account(details, [
      counted('SttldQty', { ...details, quantity: said.settled }),
      part('PrevslySttldQty', details, said.previouslySettled),
      part('RmngToBeSttldQty', details, said.remaining),
    ]),
    parameters(details, false),
    ...bothSides(details),
    amount('SttldAmt', details),
    accrued(details),
  ]);
  return writeDocument('sese.025.001.12', content, said);
}

/** The bytes of a sese.027.001.08 that says the status of a cancellation. */
export function writeSese027(said: SettlementStatus): Uint8Array {
  const { transaction: details = {}, related: ids = [], statuses } = said;
  const own = element('SctiesSttlmTxId', [textElement('TxId', said.instructionId), ...direction(details)]);
  const content = element('SctiesTxCxlReqStsAdvc', [
    textElement('CxlReqRef', said.requestId ?? said.messageId),
    element('TxId', [
      ...['market', 'counterparty-market', 'processor'].map((by) => textElement(nameOf(by), idBy(ids, by))),
      element('AcctOwnrTxId', [own]),
    ]),
    ...statuses.map(({ code, reasons: why = [] }) => {
      const name = cancellationStatuses.find((row) => row.code === code)?.name ?? 'Prtry';
      return element('PrcgSts', [element(name, reasons(why))]);
    }),
    element('TxDtls', [
      safekeeping(details),
      security(details),
      counted('SttlmQty', details),
      amount('SttlmAmt', details),
      date('TradDt', details.tradeDate),
      date('SttlmDt', details.settlementDate),
      ...bothSides(details),
    ]),
  ]);
  return writeDocument('sese.027.001.08', content, said);
}

/** The bytes of a sese.030.001.10 that asks for these changes. */
export function writeSese030(said: TransactionCommand): Uint8Array {
  const content = element('SctiesSttlmCondsModReq', [
    safekeeping(said),
    ...said.requests.map((request) => element('ReqDtls', requestElements(request))),
  ]);
  return writeDocument('sese.030.001.10', content, said);
}

function requestElements(request: TransactionRequest): readonly (WrittenElement | undefined)[] {
  const { related: ids = [], linked = [], changes } = request;
  const names = ['market', 'counterparty-market', 'processor', 'common', 'trade'];
  return [
    element('Ref', [
      textElement('AcctOwnrTxId', request.instructionId),
      ...names.map((by) => textElement(nameOf(by), idBy(ids, by))),
    ]),
    ...changeTable.flatMap((row) =>
      changes.filter(({ kind }) => kind === row.kind).map((change) => changeElement(row, change)),
    ),
    ...linked.map((id) => element('Lnkgs', [element('Ref', [textElement('SctiesSttlmTxId', id)])])),
  ];
}

function changeElement(
  { path, yes, no }: (typeof changeTable)[number],
  { code, scheme = '' }: ProcessingChange,
): WrittenElement | undefined {
  const own = [textElement('Id', code), textElement('Issr', scheme)];
  if (path === 'OthrPrcg') return element(path, own);
  if (scheme !== '') return element(path, [element('Prtry', own)]);
  if (path === 'PrtlSttlmInd') return textElement(path, code);
  if (path === 'Prty') return element(path, [textElement('Nmrc', code)]);
  if (code !== yes && code !== no) return element(path, [textElement('Cd', code)]);
  return element(path, [textElement('Ind', code === yes ? 'true' : 'false')]);
}

function nameOf(by: string): string {
  return related.find((row) => row.by === by)?.name ?? '';
}

function optional(name: string, inner: readonly (WrittenElement | undefined)[]): WrittenElement | undefined {
  return inner.every((one) => one === undefined) ? undefined : element(name, inner);
}

function direction({ delivery, payment }: SettlementDetails): readonly (WrittenElement | undefined)[] {
  return [
    textElement('SctiesMvmntTp', delivery === 'deliver' ? 'DELI' : 'RECE'),
    textElement('Pmt', payment === 'free' ? 'FREE' : 'APMT'),
  ];
}

function trade(details: SettlementDetails, tradeId: string | undefined, effective: string | undefined) {
  return element('TradDtls', [
    textElement('TradId', tradeId),
    date('TradDt', details.tradeDate),
    date('SttlmDt', details.settlementDate),
    date('FctvSttlmDt', effective),
    price(details),
    textElement('SttlmInstrPrcgAddtlDtls', details.text),
  ]);
}

function price({
  price: value,
  priceType,
  priceCurrency = '',
}: SettlementDetails): WrittenElement | undefined {
  if (value === undefined) return undefined;
  const said =
    priceType === 'amount' ? textElement('Amt', value, { Ccy: priceCurrency }) : textElement('Rate', value);
  return element('DealPric', [element('Tp', [textElement('Yldd', 'false')]), element('Val', [said])]);
}

function security({ isin, cusip }: SettlementDetails): WrittenElement {
  return element('FinInstrmId', [
    textElement('ISIN', isin),
    cusip === undefined ? undefined : otherId(cusip, 'CUSP'),
  ]);
}

function counted(name: string, { quantity, unit }: SettlementDetails): WrittenElement | undefined {
  if (quantity === undefined) return undefined;
  return element(name, [element('Qty', [textElement(unit === 'face' ? 'FaceAmt' : 'Unit', quantity)])]);
}

function part(
  name: string,
  { unit }: SettlementDetails,
  value: string | undefined,
): WrittenElement | undefined {
  if (value === undefined) return undefined;
  return element(name, [textElement(unit === 'face' ? 'FaceAmt' : 'Unit', value)]);
}

function account(details: SettlementDetails, quantities: readonly (WrittenElement | undefined)[]) {
  return element('QtyAndAcctDtls', [
    ...quantities,
    owner(details),
    safekeeping(details),
    place(details.safekeepingPlace),
  ]);
}

function safekeeping({ account: id }: { account?: string | undefined }): WrittenElement | undefined {
  return id === undefined ? undefined : element('SfkpgAcct', [textElement('Id', id)]);
}

function owner({ parties: all = [] }: SettlementDetails): WrittenElement | undefined {
  const found = all.find(({ role }) => role === 'ACOW');
  return found === undefined ? undefined : element('AcctOwnr', [element('Id', [partyId(found)])]);
}

function place(said: string | undefined): WrittenElement | undefined {
  if (said === undefined) return undefined;
  const [kind = '', id] = said.split('/');
  const format =
    id === undefined
      ? textElement('Ctry', kind)
      : element('TpAndId', [textElement('SfkpgPlcTp', kind), textElement('Id', id)]);
  return element('SfkpgPlc', [element('SfkpgPlcFrmt', [format])]);
}

function parameters(details: SettlementDetails, held: boolean): WrittenElement {
  const { transactionType = 'TRAD', conditions = [], leg } = details;
  const [issuer = '', own] = transactionType.split('/');
  const partial = conditions.find((code) => /^N?PAR[TQC]?$/.test(code));
  return element('SttlmParams', [
    held ? element('HldInd', [textElement('Ind', 'true')]) : undefined,
    element('SctiesTxTp', [own === undefined ? codeElement(issuer) : codeElement(own, issuer)]),
    ...conditions
      .filter((code) => code !== partial)
      .map((code) => element('SttlmTxCond', [textElement('Cd', code)])),
    textElement('PrtlSttlmInd', partial),
    leg === undefined
      ? undefined
      : element('MktClntSd', [textElement('Cd', leg === 'street' ? 'MAKT' : 'CLNT')]),
  ]);
}

function bothSides(details: SettlementDetails): readonly (WrittenElement | undefined)[] {
  return [parties('DlvrgSttlmPties', details), parties('RcvgSttlmPties', details)];
}

/** Who delivers is credited, who receives is debited; minus: the other way round. */
function amount(name: string, details: SettlementDetails): WrittenElement | undefined {
  const { amount: value, currency = '', delivery } = details;
  if (value === undefined) return undefined;
  const credit = (delivery === 'deliver') !== value.startsWith('-');
  return element(name, [
    textElement('Amt', value.replace('-', ''), { Ccy: currency }),
    textElement('CdtDbtInd', credit ? 'CRDT' : 'DBIT'),
  ]);
}

function accrued(details: SettlementDetails): WrittenElement | undefined {
  if (details.accrued === undefined) return undefined;
  const inner = amount('AcrdIntrstAmt', { ...details, amount: details.accrued });
  return element('OthrAmts', [inner]);
}
