import type { NormalizeContext } from '../../src/contract/codec.ts';
import { settlementEvents } from '../../src/contract/settlement-events.ts';
import type {
  RelatedId,
  SettlementParty,
  SettlementStatus,
  SettlementTransaction,
  StatusReason,
  StatusSaid,
} from '../../src/contract/settlement-status.ts';
import { shownText } from '../../src/core/bytes.ts';
import { canonicalDecimal } from '../../src/core/decimal.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { mxIssue } from './issues.ts';
import { type MxMessage, textAt } from './message.ts';
import chain from './tables/parties.json' with { type: 'json' };
import relatedNames from './tables/related.json' with { type: 'json' };
import statusElements from './tables/statuses.json' with { type: 'json' };
import { attributeOf, elementsAt, elementsIn, type MxElement } from './tree.ts';
import { dateIn, timeIn } from './values.ts';

/** What a sese.024 means: the same as the MT548 that says the same. Source: sese.024.001, `settlementEvents`. */
export function sese024Events(message: MxMessage, context: NormalizeContext): readonly Event[] {
  const { status, problems } = readSese024(message);
  return problems.length > 0 ? [] : settlementEvents(status, context, message.standard, message.type);
}

/** What the events of a sese.024 cannot be made without, and is missing or unreadable. */
export function sese024Problems(message: MxMessage): readonly Issue[] {
  return readSese024(message).problems;
}

interface Read {
  readonly status: SettlementStatus;
  readonly problems: readonly Issue[];
}

/** What a sese.024 says; a value that stands there and cannot be read is a problem, one that is left out is not. */
export function readSese024(message: MxMessage): Read {
  const known = reads.get(message);
  if (known !== undefined) return known;
  const read = readOf(message);
  reads.set(message, read);
  return read;
}

/** Decoding asks for the problems and normalizing for the status: a message is read once for both. */
const reads = new WeakMap<MxMessage, Read>();

function readOf(message: MxMessage): Read {
  const problems: Issue[] = [];
  const { header, content } = message;
  const instructionId = message.text('TxId/AcctOwnrTxId') ?? '';
  const statuses = groups.flatMap((group) =>
    message.elements(group).flatMap((one) => statusesIn(one, group)),
  );
  if (instructionId === '') problems.push(needed('TxId/AcctOwnrTxId', content));
  if (statuses.length === 0)
    problems.push(needed('one of PrcgSts, IfrrdMtchgSts, MtchgSts and SttlmSts', content));
  const [details] = message.elements('TxDtls');
  const status: SettlementStatus = {
    messageId: textAt(header, 'BizMsgIdr') ?? '',
    preparedAt: timeIn(textAt(header, 'CreDt')),
    sender: institutionIn(header, 'Fr'),
    receiver: institutionIn(header, 'To'),
    instructionId,
    related: relatedIn(message),
    statuses,
    transaction: details === undefined ? undefined : transactionIn(details, problems),
  };
  return { status, problems };
}

const groups = [...new Set(statusElements.map(({ group }) => group))];

function needed(field: string, { line, column }: MxElement): Issue {
  return mxIssue('MX_VALUE_NEEDED', `${field} is needed and missing`, { line, column, field });
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

/**
 * The statuses inside of PrcgSts and its like: one by the schema; where a document says two, none is lost. Prtry has a
 * code of its own issuer.
 */
function statusesIn(element: MxElement, group: string): readonly StatusSaid[] {
  const inner = elementsIn(element).filter(({ uri }) => uri === element.uri);
  return inner.map((said) => statusIn(said, group));
}

function statusIn(said: MxElement, group: string): StatusSaid {
  const row = statusElements.find((one) => one.group === group && one.name === said.local);
  if (row !== undefined) return { kind: row.kind, code: row.code, reasons: reasonsIn(said) };
  const kind = statusElements.find((one) => one.group === group)?.kind ?? group;
  const code = textAt(said, 'PrtrySts/Id') ?? said.local;
  const reasons = elementsAt(said, 'PrtryRsn').flatMap(reasonsIn);
  return { kind, code, scheme: textAt(said, 'PrtrySts/Issr') ?? group, reasons };
}

/** The reasons of a status. One of ProprietaryReason4 has its words beside it, or words alone. */
function reasonsIn(status: MxElement): readonly StatusReason[] {
  const reasons = elementsAt(status, 'Rsn').flatMap(reasonIn);
  const text = textAt(status, 'AddtlRsnInf');
  if (text === undefined) return reasons;
  const [first = { code: 'NARR' }, ...rest] = reasons;
  return [{ ...first, text }, ...rest];
}

/** A reason: `OTHR` of ISO 20022 is `NARR` of ISO 15022; both leave it to the words. */
function reasonIn(element: MxElement): readonly StatusReason[] {
  const text = textAt(element, 'AddtlRsnInf');
  const words = text === undefined ? {} : { text };
  const code = textAt(element, 'Cd/Cd');
  if (code !== undefined) return [{ code: code === 'OTHR' ? 'NARR' : code, ...words }];
  const own = textAt(element, 'Cd/Prtry/Id') ?? textAt(element, 'Id');
  const scheme = textAt(element, 'Cd/Prtry/Issr') ?? textAt(element, 'Issr') ?? '';
  return own === undefined ? [] : [{ code: own, scheme, ...words }];
}

function relatedIn(message: MxMessage): readonly RelatedId[] {
  return relatedNames.flatMap(({ by, name }): readonly RelatedId[] => {
    const id = message.text(by === 'trade' ? `TxDtls/${name}` : `TxId/${name}`);
    return id === undefined ? [] : [{ by: by as RelatedId['by'], id }];
  });
}

function transactionIn(details: MxElement, problems: Issue[]): SettlementTransaction {
  const read = <T>(path: string, reader: (text: string) => T | undefined): T | undefined => {
    const text = textAt(details, path);
    const value = text === undefined ? undefined : reader(text);
    if (text !== undefined && value === undefined) {
      const { line, column } = elementsAt(details, path)[0] ?? details;
      const place = { line, column, field: path };
      problems.push(mxIssue('MX_VALUE_NEEDED', `TxDtls/${path} cannot be "${shownText(text)}"`, place));
    }
    return value;
  };
  const quantities = quantityPaths.map(([path, unit]) => ({ unit, quantity: read(path, decimalOf) }));
  const counted = quantities.find(({ quantity }) => quantity !== undefined);
  const [amount] = elementsAt(details, 'SttlmAmt/Amt');
  const delivery = read('SctiesMvmntTp', (code) => deliveries.get(code));
  return {
    account: textAt(details, 'SfkpgAcct/Id'),
    ...securityIn(details),
    quantity: counted?.quantity,
    unit: counted?.unit,
    delivery,
    payment: read('Pmt', (code) => payments.get(code)),
    amount: signed(read('SttlmAmt/Amt', decimalOf), textAt(details, 'SttlmAmt/CdtDbtInd'), delivery),
    currency: amount === undefined ? undefined : attributeOf(amount, 'Ccy'),
    tradeDate: read('TradDt/Dt/Dt', dateIn) ?? read('TradDt/Dt/DtTm', dateIn),
    settlementDate: read('SttlmDt/Dt/Dt', dateIn) ?? read('SttlmDt/Dt/DtTm', dateIn),
    place: sides
      .map((side) => partyIn(elementsAt(details, `${side}/Dpstry`)[0])?.id)
      .find((id) => id !== undefined),
    parties: chain.flatMap(({ path, role }) => {
      const party = partyIn(elementsAt(details, path)[0]);
      return party === undefined ? [] : [{ role, ...party }];
    }),
    text: textAt(details, 'SttlmInstrPrcgAddtlDtls'),
  };
}

const sides = ['RcvgSttlmPties', 'DlvrgSttlmPties'];

const quantityPaths = [
  ['SttlmQty/Qty/Unit', 'shares'],
  ['SttlmQty/Qty/DgtlTknUnit', 'shares'],
  ['SttlmQty/Qty/FaceAmt', 'face'],
  ['SttlmQty/Qty/AmtsdVal', 'face'],
  ['SttlmQty/OrgnlAndCurFace/FaceAmt', 'face'],
] as const;

const deliveries = new Map<string, 'deliver' | 'receive'>([
  ['DELI', 'deliver'],
  ['RECE', 'receive'],
]);
const payments = new Map<string, 'against-payment' | 'free'>([
  ['APMT', 'against-payment'],
  ['FREE', 'free'],
]);

/** Who delivers is credited and who receives is debited; the other way round the amount is less than nothing. */
function signed(
  amount: string | undefined,
  indicator: string | undefined,
  delivery: 'deliver' | 'receive' | undefined,
): string | undefined {
  const against = delivery === 'deliver' ? 'DBIT' : 'CRDT';
  const minus = delivery !== undefined && indicator === against && amount !== '0';
  return amount !== undefined && minus ? `-${amount}` : amount;
}

/** Canonical, unsigned: direction is said elsewhere. */
function decimalOf(text: string): string | undefined {
  if (text.startsWith('-')) return undefined;
  const read = canonicalDecimal(text);
  return read.ok ? read.value : undefined;
}

/** ISIN, and the CUSIP as an other id of type CUSP. Source: the external code set of financial instrument id types. */
function securityIn(details: MxElement): { isin?: string; cusip?: string } {
  const isin = textAt(details, 'FinInstrmId/ISIN');
  const cusip = elementsAt(details, 'FinInstrmId/OthrId')
    .filter((other) => textAt(other, 'Tp/Cd') === 'CUSP')
    .map((other) => textAt(other, 'Id'))
    .find((id) => id !== undefined);
  return { ...(isin !== undefined && { isin }), ...(cusip !== undefined && { cusip }) };
}

function partyIn(element: MxElement | undefined): Omit<SettlementParty, 'role'> | undefined {
  const bic = textAt(element, 'Id/AnyBIC');
  if (bic !== undefined) return { id: bic, scheme: 'bic' };
  const own = textAt(element, 'Id/PrtryId/Id');
  if (own !== undefined) return { id: own, scheme: textAt(element, 'Id/PrtryId/Issr') ?? '' };
  const name = textAt(element, 'Id/NmAndAdr/Nm');
  if (name !== undefined) return { id: name, scheme: 'name' };
  const country = textAt(element, 'Id/Ctry');
  return country === undefined ? undefined : { id: country, scheme: 'country' };
}
