import type { AccountSaid, CorporateActionSaid } from '../../src/contract/corporate-action.ts';
import tables from './tables/corporate-action.json' with { type: 'json' };
import {
  balanceElements,
  coded,
  dateElements,
  moneyElement,
  optionElement,
  quantityElement,
  rateElements,
  securityElements,
} from './write-corporate-action-parts.ts';
import { statusElements } from './write-corporate-action-status.ts';
import { element, textElement, type WrittenElement, writeXml } from './write-xml.ts';

export interface CorporateActionMxOptions {
  /** `002`: the ISO 15022 compatible subset. */
  readonly variant?: '001' | '002';
  /** False: a bare Document, even where sender and receiver are known. */
  readonly header?: boolean;
  /** Elements of somebody else, put into SplmtryData. */
  readonly supplement?: WrittenElement;
}

type Inner = readonly (WrittenElement | undefined | false)[];

/**
 * The bytes of the seev message that says this, or undefined where ISO 20022 has none (a narrative, a statement): AppHdr
 * and Document side by side where sender and receiver are known. Values are written as they stand. Source: element
 * order of seev.031 to seev.044 of the versions in `tables/corporate-action.json`.
 */
export function writeCorporateActionMx(
  said: CorporateActionSaid,
  options: CorporateActionMxOptions = {},
): Uint8Array | undefined {
  const writer = writers.find(({ says }) => says(said));
  const row = tables.messages.find((one) => one.element === writer?.element);
  if (writer === undefined || row === undefined) return undefined;
  const variant = options.variant ?? '001';
  const type = `${row.set}.${variant}.${String(row.versions[variant]).padStart(2, '0')}`;
  const { supplement } = options;
  const extra =
    supplement === undefined
      ? undefined
      : element('SplmtryData', [
          textElement('PlcAndNm', `/Document/${row.element}`),
          element('Envlp', [supplement]),
        ]);
  const document = element('Document', [element(row.element, [...writer.content(said), extra])], {
    xmlns: `urn:iso:std:iso:20022:tech:xsd:${type}`,
  });
  if (said.sender === undefined || said.receiver === undefined || options.header === false)
    return writeXml(document);
  return writeXml(element('RequestPayload', [header(said, type), document]));
}

interface Writer {
  readonly element: string;
  says(said: CorporateActionSaid): boolean;
  content(said: CorporateActionSaid): Inner;
}

const writers: readonly Writer[] = [
  {
    element: 'CorpActnMvmntPrlimryAdvcCxlAdvc',
    says: (said) => isNotice(said) && isOver(said) && said.completeness === 'entitlement',
    content: (said) => [
      idElement('MvmntPrlimryAdvcId', said.previousId),
      general(said, 'instrument'),
      ...listed('AcctDtls', said),
    ],
  },
  { element: 'CorpActnCxlAdvc', says: (said) => isNotice(said) && isOver(said), content: cancellation },
  {
    element: 'CorpActnMvmntPrlimryAdvc',
    says: (said) => isNotice(said) && said.completeness === 'entitlement',
    content: preliminary,
  },
  { element: 'CorpActnNtfctn', says: isNotice, content: notification },
  { element: 'CorpActnInstr', says: ({ message }) => message === 'instruction', content: instruction },
  {
    element: 'CorpActnInstrCxlReq',
    says: ({ message }) => message === 'instruction-cancellation',
    content: cancellationRequest,
  },
  {
    element: 'CorpActnMvmntRvslAdvc',
    says: (said) => said.message === 'confirmation' && said.function === 'REVR',
    content: (said) => [
      idElement('MvmntConfId', said.previousId),
      said.reversalReason === undefined
        ? undefined
        : element('RvslRsn', [coded('Rsn', said.reversalReason === 'NARR' ? 'OTHR' : said.reversalReason)]),
      ...confirmed(said, true),
    ],
  },
  {
    element: 'CorpActnMvmntConf',
    says: ({ message }) => message === 'confirmation',
    content: (said) => [
      page(said),
      textElement('MvmntConfId', said.messageId),
      idElement('NtfctnId', said.previousId),
      idElement('InstrId', said.instructionId),
      ...confirmed(said, false),
    ],
  },
  {
    element: 'CorpActnEvtPrcgStsAdvc',
    says: (said) => said.message === 'status' && said.statuses?.[0]?.kind === 'EPRC',
    content: (said) => [
      idElement('NtfctnId', said.previousId),
      general(said, 'none'),
      ...statusElements(said),
      words(said, 'plain'),
    ],
  },
  {
    element: 'CorpActnInstrCxlReqStsAdvc',
    says: (said) => said.message === 'status' && said.statuses?.[0]?.kind === 'CPRC',
    content: (said) => [
      idElement('InstrCxlReqId', said.instructionId),
      general(said, 'none'),
      ...statusElements(said),
      repeated(said),
    ],
  },
  {
    element: 'CorpActnInstrStsAdvc',
    says: ({ message }) => message === 'status',
    content: (said) => [
      idElement('InstrId', said.instructionId),
      general(said, 'none'),
      ...statusElements(said),
      repeated(said),
      words(said, 'plain'),
    ],
  },
];

function isNotice({ message }: CorporateActionSaid): boolean {
  return message === 'notification';
}

function isOver({ function: code }: CorporateActionSaid): boolean {
  return code === 'CANC' || code === 'WITH';
}

function header(
  { sender, receiver, messageId, preparedAt }: CorporateActionSaid,
  type: string,
): WrittenElement {
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
  const bic = /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(id);
  const named = bic ? textElement('BICFI', id) : element('Othr', [textElement('Id', id)]);
  return element('FIId', [element('FinInstnId', [named])]);
}

function notification(said: CorporateActionSaid): Inner {
  return [
    page(said),
    element('NtfctnGnlInf', [
      textElement('NtfctnId', said.messageId),
      textElement('NtfctnTp', said.function),
      element('PrcgSts', [element('Cd', processing(said))]),
    ]),
    idElement('PrvsNtfctnId', said.previousId),
    idElement('InstrId', said.instructionId),
    ...links(said),
    general(said, 'underlying'),
    ...listed('AcctDtls', said),
    details(said, 'details'),
    ...(said.options ?? []).map((one) => optionElement(one, 'CorpActnOptnDtls', 'notice')),
    words(said, 'narrative'),
  ];
}

function preliminary(said: CorporateActionSaid): Inner {
  const [first, ...rest] = said.processes ?? [];
  const asked = first === 'CAPA';
  return [
    page(said),
    element('MvmntPrlimryAdvcGnlInf', [
      textElement('MvmntPrlimryAdvcId', said.messageId),
      textElement('Tp', 'REPL'),
      textElement('Fctn', asked ? 'CAPA' : 'ENTL'),
    ]),
    idElement('PrvsMvmntPrlimryAdvcId', said.previousId),
    idElement('InstrId', said.instructionId),
    ...links(said),
    general(said, 'underlying'),
    ...listed('AcctDtls', said),
    details({ ...said, rates: undefined, processes: asked ? rest : said.processes }, 'brief'),
    ...(said.options ?? []).map((one) => optionElement(one, 'CorpActnMvmntDtls', 'notice')),
    words(said, 'advice'),
  ];
}

function cancellation(said: CorporateActionSaid): Inner {
  return [
    element('CxlAdvcGnlInf', [
      textElement('CxlRsnCd', said.function === 'WITH' ? 'WITH' : 'PROC'),
      element('PrcgSts', processing(said)),
    ]),
    general(said, 'instrument'),
    ...listed('AcctsDtls', said),
    details({ ...said, rates: undefined }, 'brief'),
    textElement('AddtlTxt', said.text),
  ];
}

function instruction(said: CorporateActionSaid): Inner {
  const { election } = said;
  const amount = election?.amount;
  const instructed =
    amount === undefined
      ? element('SctiesQty', [
          element('InstdQty', [
            textElement('Cd', election?.quantityCode) ??
              quantityElement('Qty', election?.quantity, election?.unit),
          ]),
        ])
      : moneyElement('InstdAmt', amount, election?.currency);
  return [
    idElement('CancInstrId', said.previousId),
    ...links(said),
    general(said, 'underlying'),
    account('AcctDtls', said.accounts?.[0]),
    element('CorpActnInstr', [
      ...option(said),
      element('SctiesQtyOrInstdAmt', [instructed]),
      election?.text === undefined
        ? undefined
        : element('AddtlInf', [textElement('InstrAddtlInf', election.text)]),
    ]),
  ];
}

function cancellationRequest(said: CorporateActionSaid): Inner {
  const { election } = said;
  return [
    idElement('InstrId', said.previousId),
    general(said, 'instrument'),
    account('AcctDtls', said.accounts?.[0]),
    element('CorpActnInstr', [
      ...option(said),
      element('InstdQty', [
        textElement('Cd', election?.quantityCode) ??
          quantityElement('Qty', election?.quantity, election?.unit),
      ]),
    ]),
  ];
}

function option({ election }: CorporateActionSaid): Inner {
  const { number = '', type = '' } = election ?? {};
  return [
    element('OptnNb', [textElement(/^\d+$/.test(number) ? 'Nb' : 'Cd', number)]),
    coded('OptnTp', type),
  ];
}

function confirmed(said: CorporateActionSaid, reversal: boolean): Inner {
  const place = reversal ? 'reversal' : 'confirmation';
  return [
    ...links(said),
    general(said, 'instrument'),
    reversal ? reversedAccount(said.accounts?.[0]) : account('AcctDtls', said.accounts?.[0]),
    details({ ...said, rates: undefined }, 'brief'),
    ...(said.options ?? []).map((one) => optionElement(one, 'CorpActnConfDtls', place)),
    words(said, 'plain'),
  ];
}

/** What a status repeats of its instruction. */
function repeated(said: CorporateActionSaid): WrittenElement | undefined {
  if (said.election === undefined) return undefined;
  return element('CorpActnInstr', [
    ...option(said),
    textElement('SfkpgAcct', said.accounts?.[0]?.account),
    said.security === undefined ? undefined : element('FinInstrmId', securityElements(said.security)),
    said.election.quantity === undefined
      ? undefined
      : element('StsQty', [quantityElement('Qty', said.election.quantity, said.election.unit)]),
  ]);
}

function page({ page: said }: CorporateActionSaid): WrittenElement | undefined {
  if (said === undefined) return undefined;
  return element('Pgntn', [
    textElement('PgNb', String(said.number)),
    textElement('LastPgInd', String(said.last)),
  ]);
}

function processing({ completeness, confirmed: sure }: CorporateActionSaid): Inner {
  return [
    textElement('EvtCmpltnsSts', completeness === 'complete' ? 'COMP' : 'INCO'),
    textElement('EvtConfSts', sure === true ? 'CONF' : 'UCON'),
  ];
}

function idElement(name: string, id: string | undefined): WrittenElement | undefined {
  return id === undefined ? undefined : element(name, [textElement('Id', id)]);
}

function links({ linkedEvents = [] }: CorporateActionSaid): Inner {
  return linkedEvents.map((id) => element('EvtsLkg', [element('EvtId', [textElement('LkdCorpActnId', id)])]));
}

function general(said: CorporateActionSaid, security: 'underlying' | 'instrument' | 'none'): WrittenElement {
  const ids =
    said.security === undefined ? undefined : element('FinInstrmId', securityElements(said.security));
  return element('CorpActnGnlInf', [
    textElement('CorpActnEvtId', said.eventId),
    textElement('OffclCorpActnEvtId', said.officialId),
    said.kind === undefined ? undefined : coded('EvtTp', said.kind),
    said.participation === undefined ? undefined : coded('MndtryVlntryEvtTp', said.participation),
    security === 'none' || ids === undefined
      ? undefined
      : security === 'instrument'
        ? ids
        : element('UndrlygScty', [ids]),
  ]);
}

/** The accounts of a notice, or all of them. */
function listed(name: string, said: CorporateActionSaid): Inner {
  const { accounts = [] } = said;
  const whole = isOver(said);
  if (accounts.length === 0) return [element(name, [element('ForAllAccts', [textElement('IdCd', 'GENR')])])];
  const each = whole ? 'AcctsList' : 'AcctsListAndBalDtls';
  return [
    element(
      name,
      accounts.map((one) => account(each, whole ? { ...one, balances: [] } : one)),
    ),
  ];
}

function account(name: string, said: AccountSaid | undefined): WrittenElement | undefined {
  if (said === undefined) return undefined;
  return element(name, [
    textElement('SfkpgAcct', said.account),
    said.balances.length === 0 ? undefined : element('Bal', balanceElements(said.balances)),
  ]);
}

function reversedAccount(said: AccountSaid | undefined): WrittenElement | undefined {
  if (said === undefined) return undefined;
  return element('AcctDtls', [textElement('SfkpgAcct', said.account), ...balanceElements(said.balances)]);
}

/** Only a notification has all dates; the others repeat three of them. */
function details(
  { dates = [], rates = [], processes = [] }: CorporateActionSaid,
  place: 'details' | 'brief',
): WrittenElement | undefined {
  const inner = [
    ...dateElements(dates, place),
    ...rateElements(rates, 'details', 'RateAndAmtDtls'),
    ...processes.map((code) => coded('AddtlBizPrcInd', code)),
  ].filter((one) => one !== undefined);
  return inner.length === 0 ? undefined : element('CorpActnDtls', inner);
}

/** Narrative with its language, without it, or bare. */
function words(
  { text }: CorporateActionSaid,
  form: 'narrative' | 'advice' | 'plain',
): WrittenElement | undefined {
  if (text === undefined) return undefined;
  const language = form === 'narrative' ? textElement('Lang', 'en') : undefined;
  const inner = [language, textElement('AddtlInf', text)];
  return element('AddtlInf', [form === 'plain' ? textElement('AddtlTxt', text) : element('AddtlTxt', inner)]);
}
