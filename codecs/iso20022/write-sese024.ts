import type { MessageFacts } from '../../src/contract/settlement-instruction.ts';
import type {
  RelatedId,
  SettlementParty,
  SettlementStatus,
  SettlementTransaction,
  StatusReason,
  StatusSaid,
} from '../../src/contract/settlement-status.ts';
import related from './tables/related.json' with { type: 'json' };
import statusElements from './tables/statuses.json' with { type: 'json' };
import { element, textElement, type WrittenElement, writeXml } from './write-xml.ts';

export interface Sese024Options {
  /** Version of sese.024.001; 13 where left out. */
  readonly version?: number;
  /** False: a bare Document, even where sender and receiver are known. */
  readonly header?: boolean;
}

/**
 * The bytes of a sese.024.001 that says this: AppHdr and Document side by side where sender and receiver are known, else
 * the Document alone. Values are written as they stand: `compose` judges them, this does not. A status that sese.024 has
 * no element for is left out. Source: element order of sese.024.001.13 and head.001.001.02.
 */
export function writeSese024(status: SettlementStatus, options: Sese024Options = {}): Uint8Array {
  const type = `sese.024.001.${String(options.version ?? 13).padStart(2, '0')}`;
  return writeDocument(type, element('SctiesSttlmTxStsAdvc', advice(status)), status, options);
}

/** The bytes of a message in its Document, beside its AppHdr where sender and receiver are known. */
export function writeDocument(
  type: string,
  content: WrittenElement,
  facts: MessageFacts,
  options: Pick<Sese024Options, 'header'> = {},
): Uint8Array {
  const document = element('Document', [content], { xmlns: `urn:iso:std:iso:20022:tech:xsd:${type}` });
  if (facts.sender === undefined || facts.receiver === undefined || options.header === false)
    return writeXml(document);
  return writeXml(element('RequestPayload', [header(facts, type), document]));
}

/** What of a status sese.024 has no element for, in sentences: {@link writeSese024} leaves it out. */
export function unsayable({ statuses, related = [], transaction }: SettlementStatus): readonly string[] {
  return [
    ...unsayableStatuses(statuses),
    ...related
      .filter(({ by }, index) => related.findIndex((one) => one.by === by) !== index)
      .map(({ by }) => `sese.024 says one reference of the kind ${by} only`),
    ...unsayableParties(transaction?.parties ?? []),
  ];
}

/** A chain begins with its agent: whoever stands first in it is taken for that. */
function unsayableParties(parties: readonly SettlementParty[]): readonly string[] {
  const roles = parties.map(({ role }) => role);
  const chains = Object.values(chainRoles);
  return roles.flatMap((role, index) => {
    const chain = chains.find((one) => one.includes(role));
    if (chain === undefined) return [`sese.024 has no place for the party ${role}`];
    if (roles.indexOf(role) !== index) return [`sese.024 says one ${role} only`];
    const [agent = ''] = chain;
    return roles.includes(agent) ? [] : [`sese.024 cannot say the party ${role} without ${agent}`];
  });
}

function unsayableStatuses(statuses: readonly StatusSaid[]): readonly string[] {
  const said = new Set<string>();
  return statuses.flatMap(({ kind, code, scheme = '' }) => {
    const row = statusElements.find((one) => one.kind === kind && one.code === code);
    if (row === undefined || scheme !== '')
      return [`sese.024 has no element for the status ${kind}/${scheme}/${code}`];
    if (said.has(row.group)) return [`sese.024 says one ${row.group} only`];
    said.add(row.group);
    return [];
  });
}

function header({ sender, receiver, messageId, preparedAt }: MessageFacts, type: string): WrittenElement {
  return element(
    'AppHdr',
    [
      element('Fr', [institution(sender ?? '')]),
      element('To', [institution(receiver ?? '')]),
      textElement('BizMsgIdr', messageId),
      textElement('MsgDefIdr', type),
      textElement('CreDt', preparedAt ?? '2000-01-01T00:00:00Z'),
    ],
    { xmlns: 'urn:iso:std:iso:20022:tech:xsd:head.001.001.02' },
  );
}

function institution(id: string): WrittenElement {
  const named = isBic(id) ? textElement('BICFI', id) : element('Othr', [textElement('Id', id)]);
  return element('FIId', [element('FinInstnId', [named])]);
}

function isBic(id: string): boolean {
  return /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(id);
}

function advice(status: SettlementStatus): readonly (WrittenElement | undefined)[] {
  const { transaction, related: ids = [] } = status;
  return [
    element('TxId', [
      textElement('AcctOwnrTxId', status.instructionId),
      ...related.filter(({ by }) => by !== 'trade').map(({ by, name }) => textElement(name, idBy(ids, by))),
    ]),
    ...statusGroups.map((group) => statusElement(group, status.statuses)),
    transaction === undefined ? undefined : details(transaction, idBy(ids, 'trade')),
  ];
}

export function idBy(ids: readonly RelatedId[], by: string): string | undefined {
  return ids.find((one) => one.by === by)?.id;
}

/** PrcgSts, IfrrdMtchgSts, MtchgSts, SttlmSts: in the order of the standard. */
const statusGroups = [...new Set(statusElements.map(({ group }) => group))];

function statusElement(group: string, statuses: readonly StatusSaid[]): WrittenElement | undefined {
  for (const row of statusElements) {
    const said = statuses.find(({ kind, code }) => row.kind === kind && row.code === code);
    if (said === undefined || row.group !== group) continue;
    return element(group, [element(row.name, row.reasons ? reasons(said.reasons ?? []) : [])]);
  }
  return undefined;
}

export function reasons(said: readonly StatusReason[]): readonly (WrittenElement | undefined)[] {
  if (said.length === 0) return [textElement('NoSpcfdRsn', 'NORE')];
  return said.map(({ code, scheme, text }) =>
    element('Rsn', [element('Cd', [codeElement(code, scheme)]), textElement('AddtlRsnInf', text)]),
  );
}

export function codeElement(code: string, scheme = ''): WrittenElement | undefined {
  if (scheme === '') return textElement('Cd', code === 'NARR' ? 'OTHR' : code);
  return element('Prtry', [textElement('Id', code), textElement('Issr', scheme)]);
}

function details(said: SettlementTransaction, tradeId: string | undefined): WrittenElement {
  const { amount, currency, delivery, payment, quantity } = said;
  return element('TxDtls', [
    textElement('TradId', tradeId),
    said.account === undefined ? undefined : element('SfkpgAcct', [textElement('Id', said.account)]),
    element('FinInstrmId', [
      textElement('ISIN', said.isin),
      said.cusip === undefined ? undefined : otherId(said.cusip, 'CUSP'),
    ]),
    quantity === undefined
      ? undefined
      : element('SttlmQty', [
          element('Qty', [textElement(said.unit === 'face' ? 'FaceAmt' : 'Unit', quantity)]),
        ]),
    amount === undefined
      ? undefined
      : element('SttlmAmt', [
          textElement('Amt', amount, { Ccy: currency ?? '' }),
          textElement('CdtDbtInd', delivery === 'deliver' ? 'CRDT' : 'DBIT'),
        ]),
    date('SttlmDt', said.settlementDate),
    date('TradDt', said.tradeDate),
    textElement('SctiesMvmntTp', delivery && (delivery === 'deliver' ? 'DELI' : 'RECE')),
    textElement('Pmt', payment && (payment === 'free' ? 'FREE' : 'APMT')),
    element('SttlmParams', [element('SctiesTxTp', [textElement('Cd', 'TRAD')])]),
    ...(['RcvgSttlmPties', 'DlvrgSttlmPties'] as const).map((side) => parties(side, said)),
    textElement('SttlmInstrPrcgAddtlDtls', said.text),
  ]);
}

export function otherId(id: string, code: string): WrittenElement {
  return element('OthrId', [textElement('Id', id), element('Tp', [textElement('Cd', code)])]);
}

export function date(name: string, value: string | undefined): WrittenElement | undefined {
  return value === undefined ? undefined : element(name, [element('Dt', [textElement('Dt', value)])]);
}

/** The chain of each side, agent first, the one who sold or bought last. */
const chainRoles: Readonly<Record<'RcvgSttlmPties' | 'DlvrgSttlmPties', readonly string[]>> = {
  RcvgSttlmPties: ['REAG', 'RECU', 'BUYR'],
  DlvrgSttlmPties: ['DEAG', 'DECU', 'SELL'],
};

/** The parties of one side; the depository stands on the other party's side. */
export function parties(
  side: keyof typeof chainRoles,
  said: SettlementTransaction,
): WrittenElement | undefined {
  const { parties: all = [], place, delivery } = said;
  const chain = chainRoles[side].flatMap((role) => all.filter((one) => one.role === role));
  const placed = place !== undefined && (delivery === 'receive') === (side === 'DlvrgSttlmPties');
  if (chain.length === 0 && !placed) return undefined;
  return element(side, [
    placed ? element('Dpstry', [element('Id', [textElement('AnyBIC', place)])]) : undefined,
    ...chain.map((one, number) => element(`Pty${number + 1}`, [element('Id', [partyId(one)])])),
  ]);
}

export function partyId({ id, scheme }: SettlementParty): WrittenElement | undefined {
  if (scheme === 'bic') return textElement('AnyBIC', id);
  return element('PrtryId', [textElement('Id', id), textElement('Issr', scheme)]);
}
