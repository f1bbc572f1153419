import type { NormalizeContext } from '../../src/contract/codec.ts';
import type {
  AccountSaid,
  CorporateActionMessage,
  CorporateActionSaid,
  CorporateActionStatus,
  ElectionSaid,
} from '../../src/contract/corporate-action.ts';
import { corporateActionEvents } from '../../src/contract/corporate-action-events.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { type ElementReader, elementReader, flagOf } from './corporate-action-fields.ts';
import { amountSaid, codeIn, elementsNamed, quantitySaid, securitySaid } from './corporate-action-values.ts';
import { mxIssue } from './issues.ts';
import { type MxMessage, textAt } from './message.ts';
import { statementsIn } from './normalize-corporate-action-statement.ts';
import { judgeRules, rulesFor } from './rules.ts';
import tables from './tables/corporate-action.json' with { type: 'json' };
import { elementsAt, elementsIn, type MxElement, textIn } from './tree.ts';
import { timeIn } from './values.ts';

/** What a seev.031 to seev.044 means: the same as the MT that says the same. */
export function corporateActionMxEvents(message: MxMessage, context: NormalizeContext): readonly Event[] {
  const { said, problems } = readCorporateActionMx(message);
  const told = { standard: message.standard, messageType: message.type };
  if (problems.length > 0) return [];
  const events = said.flatMap((one) => corporateActionEvents(one, context, told));
  return events.length < 2 ? events : firstOfEach(events);
}

/** A statement that tells the same event of the same account twice is believed the first time. */
function firstOfEach(events: readonly Event[]): readonly Event[] {
  const slots = new Set<string>();
  return events.filter(({ slot }) => !slots.has(slot) && slots.add(slot));
}

/** What the events cannot be made without and is missing or unreadable, and the rules across elements that are broken. */
export function corporateActionMxProblems(message: MxMessage): readonly Issue[] {
  return [...readCorporateActionMx(message).problems, ...judgeRules(message, rulesFor(message))];
}

interface Read {
  /** One; of a statement one for each account and event. */
  readonly said: readonly CorporateActionSaid[];
  readonly problems: readonly Issue[];
}

/** Decoding asks for the problems and normalizing for the events: a message is read once for both. */
const reads = new WeakMap<MxMessage, Read>();

/** What a message of a corporate action says. Source: seev.031 to seev.037, 039 to 042 and 044, both variants. */
export function readCorporateActionMx(message: MxMessage): Read {
  const known = reads.get(message);
  if (known !== undefined) return known;
  const problems: Issue[] = [];
  const reader = elementReader(problems);
  const kind = kinds.get(message.content.local);
  const said =
    kind === 'statement' ? statementsIn(message, sentBy(message), reader) : [saidIn(message, kind, reader)];
  for (const one of said) {
    if (one.eventId === '') problems.push(needed(message, 'CorpActnGnlInf/CorpActnEvtId'));
    if (one.message === 'status' && one.statuses?.length === 0 && problems.length === 0)
      problems.push(needed(message, 'a status'));
  }
  const read = { said, problems };
  reads.set(message, read);
  return read;
}

/** By the message's own element, which no version and no variant changes. */
const kinds = new Map<string, CorporateActionMessage>([
  ['CorpActnNtfctn', 'notification'],
  ['CorpActnMvmntPrlimryAdvc', 'notification'],
  ['CorpActnCxlAdvc', 'notification'],
  ['CorpActnMvmntPrlimryAdvcCxlAdvc', 'notification'],
  ['CorpActnEvtPrcgStsAdvc', 'status'],
  ['CorpActnInstr', 'instruction'],
  ['CorpActnInstrCxlReq', 'instruction-cancellation'],
  ['CorpActnInstrStsAdvc', 'status'],
  ['CorpActnInstrCxlReqStsAdvc', 'status'],
  ['CorpActnMvmntConf', 'confirmation'],
  ['CorpActnMvmntRvslAdvc', 'confirmation'],
  ['CorpActnInstrStmtRpt', 'statement'],
  ['CorpActnNrrtv', 'narrative'],
]);

function needed({ content }: MxMessage, field: string): Issue {
  const { line, column } = content;
  return mxIssue('MX_VALUE_NEEDED', `${field} is needed and missing`, { line, column, field });
}

/** Who sends it to whom, when, and under which id: the header's own. */
export type SentBy = Pick<CorporateActionSaid, 'messageId' | 'preparedAt' | 'sender' | 'receiver'>;

function sentBy({ header }: MxMessage): SentBy {
  return {
    messageId: textAt(header, 'BizMsgIdr') ?? '',
    preparedAt: timeIn(textAt(header, 'CreDt')),
    sender: institutionIn(header, 'Fr'),
    receiver: institutionIn(header, 'To'),
  };
}

function institutionIn(header: MxElement | undefined, side: 'Fr' | 'To'): string | undefined {
  const paths = [
    'FIId/FinInstnId/BICFI',
    'FIId/FinInstnId/Othr/Id',
    'OrgId/Id/OrgId/AnyBIC',
    'OrgId/Id/OrgId/Othr/Id',
  ];
  return paths.map((path) => textAt(header, `${side}/${path}`)).find((id) => id !== undefined);
}

function saidIn(
  message: MxMessage,
  kind: CorporateActionMessage | undefined,
  reader: ElementReader,
): CorporateActionSaid {
  const { content } = message;
  const first = (...paths: readonly string[]): string | undefined =>
    paths.map((path) => message.text(path)).find((text) => text !== undefined);
  const [general] = message.elements('CorpActnGnlInf');
  const [details] = message.elements('CorpActnDtls');
  const sent = sentBy(message);
  const reversal = content.local === 'CorpActnMvmntRvslAdvc';
  return {
    ...sent,
    message: kind ?? 'notification',
    function: functionOf(message),
    messageId: first(...ownIds) ?? (reversal ? undefined : first('MvmntConfId')) ?? sent.messageId,
    eventId: textAt(general, 'CorpActnEvtId') ?? '',
    officialId: textAt(general, 'OffclCorpActnEvtId'),
    kind: codeIn(general, 'EvtTp'),
    participation: codeIn(general, 'MndtryVlntryEvtTp'),
    ...processingOf(message),
    page: pageOf(message),
    processes: processesOf(message),
    previousId: kind === 'instruction-cancellation' ? first('InstrId/Id') : first(...previousIds),
    instructionId: kind === 'instruction-cancellation' ? undefined : first('InstrId/Id', 'InstrCxlReqId/Id'),
    linkedEvents: ['LkdCorpActnId', 'LkdOffclCorpActnEvtId'].flatMap((name) =>
      message.elements(`EvtsLkg/EvtId/${name}`).map((one) => textIn(one).trim()),
    ),
    security: securitySaid(
      [
        ...message.elements('CorpActnGnlInf/UndrlygScty/FinInstrmId'),
        ...message.elements('CorpActnGnlInf/FinInstrmId'),
        ...message.elements('CorpActnInstr/FinInstrmId'),
      ][0],
    ),
    accounts: accountsIn(message, reader),
    dates: details === undefined ? [] : reader.dates(details),
    rates: details === undefined ? [] : reader.rates(details),
    options: optionGroups.flatMap((name) => message.elements(name)).map((one) => reader.option(one)),
    election: electionIn(message, reader),
    statuses: statusGroups.flatMap((group) =>
      message.elements(group).flatMap((one) => statusesIn(one, group)),
    ),
    reversalReason: reasonCode(codeIn(content, 'RvslRsn/Rsn')),
    text: textOf(message),
  };
}

const ownIds = ['NtfctnGnlInf/NtfctnId', 'MvmntPrlimryAdvcGnlInf/MvmntPrlimryAdvcId'];

/** What the message follows; a preliminary advice follows another one rather than the notification that both name. */
const previousIds = [
  'PrvsNtfctnId/Id',
  'PrvsMvmntPrlimryAdvcId/Id',
  'MvmntPrlimryAdvcId/Id',
  'MvmntConfId/Id',
  'CancInstrId/Id',
  'NtfctnId/Id',
];
const optionGroups = ['CorpActnOptnDtls', 'CorpActnMvmntDtls', 'CorpActnConfDtls'];
const statusGroups = [...new Set(tables.statuses.map(({ group }) => group))];

/** 23G of the MT that says the same. Source: the messages' definitions; seev.035 is the MT564 REPE with entitlements. */
function functionOf(message: MxMessage): string {
  switch (message.content.local) {
    case 'CorpActnNtfctn':
      return message.text('NtfctnGnlInf/NtfctnTp') ?? '';
    case 'CorpActnMvmntPrlimryAdvc':
      return 'REPE';
    case 'CorpActnCxlAdvc':
      return message.text('CxlAdvcGnlInf/CxlRsnCd') === 'WITH' ? 'WITH' : 'CANC';
    case 'CorpActnMvmntPrlimryAdvcCxlAdvc':
    case 'CorpActnInstrCxlReq':
      return 'CANC';
    case 'CorpActnMvmntRvslAdvc':
      return 'REVR';
    case 'CorpActnInstrStsAdvc':
      return 'INST';
    case 'CorpActnInstrCxlReqStsAdvc':
      return 'CAST';
    case 'CorpActnEvtPrcgStsAdvc':
      return 'EVST';
    default:
      return 'NEWM';
  }
}

function processingOf(message: MxMessage): Pick<CorporateActionSaid, 'completeness' | 'confirmed'> {
  if (message.content.local.startsWith('CorpActnMvmntPrlimryAdvc')) return { completeness: 'entitlement' };
  const [status] = [
    ...message.elements('NtfctnGnlInf/PrcgSts/Cd'),
    ...message.elements('CxlAdvcGnlInf/PrcgSts'),
  ];
  const complete = textAt(status, 'EvtCmpltnsSts');
  const confirmed = textAt(status, 'EvtConfSts');
  return {
    completeness: complete === 'COMP' ? 'complete' : complete === 'INCO' ? 'preliminary' : undefined,
    confirmed: confirmed === undefined ? undefined : confirmed === 'CONF',
  };
}

function pageOf(message: MxMessage): CorporateActionSaid['page'] {
  const number = message.text('Pgntn/PgNb');
  if (number === undefined || !/^\d{1,5}$/.test(number)) return undefined;
  return { number: Number(number), last: flagOf(message.text('Pgntn/LastPgInd')) ?? false };
}

function processesOf(message: MxMessage): readonly string[] {
  const said = message.elements('CorpActnDtls/AddtlBizPrcInd').flatMap((one) => {
    const code = textAt(one, 'Cd') ?? textAt(one, 'Prtry/Id');
    return code === undefined ? [] : [code];
  });
  return message.text('MvmntPrlimryAdvcGnlInf/Fctn') === 'CAPA' ? ['CAPA', ...said] : said;
}

const accountGroups = [
  'AcctDtls',
  'AcctDtls/AcctsListAndBalDtls',
  'AcctDtls/AcctsList',
  'AcctsDtls/AcctsList',
  'CorpActnInstr',
];

function accountsIn(message: MxMessage, reader: ElementReader): readonly AccountSaid[] {
  return accountGroups
    .flatMap((group) => message.elements(group))
    .flatMap((one): readonly AccountSaid[] => {
      const account = textAt(one, 'SfkpgAcct') ?? textAt(one, 'BlckChainAdrOrWllt');
      if (account === undefined) return [];
      const held = elementsAt(one, 'Bal')[0] ?? onlyBalances(one);
      return [{ account, balances: reader.balances(held) }];
    });
}

/** seev.037 and seev.034 have their balances beside the account. */
function onlyBalances(element: MxElement): MxElement {
  const items = elementsIn(element).filter(({ local }) => /Bal$/.test(local));
  return { ...element, items };
}

/** What CorpActnInstr instructs or repeats. */
function electionIn(message: MxMessage, reader: ElementReader): ElectionSaid | undefined {
  const [from] = message.elements('CorpActnInstr');
  if (from === undefined) return undefined;
  const [instructed] = [
    ...elementsAt(from, 'SctiesQtyOrInstdAmt/SctiesQty/InstdQty'),
    ...elementsAt(from, 'InstdQty'),
    ...elementsAt(from, 'StsQty'),
  ];
  const quantityCode = textAt(instructed, 'Cd');
  const quantity = quantityCode === undefined ? reader.read(instructed, quantitySaid) : undefined;
  const [paid] = [...elementsAt(from, 'SctiesQtyOrInstdAmt/InstdAmt'), ...elementsAt(from, 'StsCshAmt')];
  const money = reader.read(paid, (one) => amountSaid(one, ''));
  return {
    number: codeIn(from, 'OptnNb') ?? textAt(from, 'OptnNb') ?? '',
    type: codeIn(from, 'OptnTp') ?? '',
    quantity: quantity?.quantity,
    unit: quantity?.unit,
    quantityCode,
    amount: money?.amount,
    currency: money?.currency,
    text: textAt(from, 'AddtlInf/InstrAddtlInf'),
  };
}

/** The statuses inside of one element of a group: one by the schema; where a document says two, none is lost. */
function statusesIn(element: MxElement, group: string): readonly CorporateActionStatus[] {
  const inner = elementsIn(element).filter(({ uri }) => uri === element.uri);
  return inner.map((said) => {
    const row = tables.statuses.find((one) => one.group === group && one.name === said.local);
    const kind = tables.statuses.find((one) => one.group === group)?.kind ?? group;
    const words = elementsNamed(said, ['AddtlRsnInf']).map((one) => textIn(one).trim());
    const status = row ?? {
      kind,
      code: textAt(said, 'PrtrySts/Id') ?? said.local,
      scheme: textAt(said, 'PrtrySts/Issr') ?? group,
    };
    return {
      kind: status.kind,
      code: status.code,
      scheme: 'scheme' in status ? status.scheme : undefined,
      reasons: elementsNamed(said, ['RsnCd']).flatMap((one) => {
        const code = reasonCode(textAt(one, 'Cd') ?? textAt(one, 'Prtry/Id'));
        return code === undefined ? [] : [{ code, scheme: textAt(one, 'Prtry/Issr') }];
      }),
      text: words.length === 0 ? undefined : words.join('; '),
    };
  });
}

/** `OTHR` of ISO 20022 is `NARR` of ISO 15022; both leave it to the words. */
function reasonCode(code: string | undefined): string | undefined {
  return code === 'OTHR' ? 'NARR' : code;
}

/** All narrative of the message itself, in its order. */
function textOf(message: MxMessage): string | undefined {
  const parts = [...message.elements('AddtlInf'), ...message.elements('AddtlTxt')];
  const words = parts.flatMap(leavesIn).filter((text) => text !== '');
  return words.length === 0 ? undefined : words.join('; ');
}

function leavesIn(element: MxElement): readonly string[] {
  const inner = elementsIn(element).filter(({ uri, local }) => uri === element.uri && local !== 'Lang');
  return elementsIn(element).length === 0 ? [textIn(element).trim()] : inner.flatMap(leavesIn);
}
