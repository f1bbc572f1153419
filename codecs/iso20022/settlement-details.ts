import type { MessageFacts, SettlementDetails } from '../../src/contract/settlement-instruction.ts';
import type { SettlementParty } from '../../src/contract/settlement-status.ts';
import { type MxMessage, textAt } from './message.ts';
import { institutionIn } from './normalize-statement-head.ts';
import {
  codeAt,
  dateAt,
  decimalOf,
  type ElementReader,
  moneyAt,
  partyOf,
  placeAt,
  securityAt,
  signedDecimalOf,
} from './statement-values.ts';
import chain from './tables/parties.json' with { type: 'json' };
import layouts from './tables/settlement-layouts.json' with { type: 'json' };
import { elementsAt } from './tree.ts';
import { timeIn } from './values.ts';

type LayoutName = keyof typeof layouts;

/** Who says a message to whom, when, and under which reference: all of it stands in the business header. */
export function messageFacts({ header }: MxMessage): MessageFacts {
  return {
    messageId: textAt(header, 'BizMsgIdr') ?? '',
    preparedAt: timeIn(textAt(header, 'CreDt')),
    sender: institutionIn(header, 'Fr'),
    receiver: institutionIn(header, 'To'),
  };
}

/**
 * What sese.020, 023, 025 and 027 say of their transaction. Where each of them says it is `tables/settlement-layouts.json`;
 * inside of those places they use the same elements.
 */
export function detailsIn(reader: ElementReader, name: LayoutName): SettlementDetails {
  const { identity, quantity, account, trade, parties } = layouts[name];
  const at = account === '' ? '' : `${account}/`;
  const delivery = reader.read(`${identity}/SctiesMvmntTp`, (code) => deliveries.get(code));
  const tradeText = `${trade}SttlmInstrPrcgAddtlDtls`;
  return {
    ...securityOf(reader, name),
    ...countedAt(reader, quantity),
    ...amountsIn(reader, name, delivery),
    ...priceAt(reader, `${trade}DealPric/Val`),
    account: reader.text(`${at}SfkpgAcct/Id`) ?? reader.text(`${at}BlckChainAdrOrWllt/Id`),
    delivery,
    payment: reader.read(`${identity}/Pmt`, (code) => payments.get(code)),
    tradeDate: dateAt(reader, `${trade}TradDt/Dt`),
    settlementDate: dateAt(reader, `${trade}SttlmDt/Dt`),
    transactionType: codeAt(reader, 'SttlmParams/SctiesTxTp'),
    conditions: conditionsIn(reader),
    leg: legs.get(reader.text('SttlmParams/MktClntSd/Cd') ?? ''),
    safekeepingPlace: placeAt(reader, `${at}SfkpgPlc`),
    place: sides
      .map((side) => partyOf(elementsAt(reader.element, `${parties}${side}/Dpstry`)[0])?.id)
      .find((id) => id !== undefined),
    parties: partiesIn(reader, `${at}AcctOwnr`, parties),
    text: reader.text(tradeText),
  };
}

const sides = ['RcvgSttlmPties', 'DlvrgSttlmPties'];

const deliveries = new Map<string, 'deliver' | 'receive'>([
  ['DELI', 'deliver'],
  ['RECE', 'receive'],
]);
const payments = new Map<string, 'against-payment' | 'free'>([
  ['APMT', 'against-payment'],
  ['FREE', 'free'],
]);
const legs = new Map<string, 'street' | 'customer'>([
  ['MAKT', 'street'],
  ['CLNT', 'customer'],
]);

/** In a cancellation the security stands beside the dates, in an instruction at the top. */
function securityOf(reader: ElementReader, name: LayoutName): { isin?: string; cusip?: string } {
  if (layouts[name].trade !== 'TxDtls/') return securityAt(reader);
  const [inner] = reader.each('TxDtls', securityAt);
  return inner ?? {};
}

const countedNames = [
  ['Qty/Unit', 'shares'],
  ['Qty/DgtlTknUnit', 'shares'],
  ['Qty/FaceAmt', 'face'],
  ['Qty/AmtsdVal', 'face'],
  ['OrgnlAndCurFace/FaceAmt', 'face'],
] as const;

/** Unsigned: which way it goes is said elsewhere. */
export function countedAt(
  reader: ElementReader,
  path: string,
): { quantity?: string; unit?: 'shares' | 'face' } {
  for (const [name, unit] of countedNames) {
    const quantity = reader.read(`${path}/${name}`, decimalOf);
    if (quantity !== undefined) return { quantity, unit };
  }
  return {};
}

/** Who delivers is credited and who receives is debited; the other way round the amount is less than nothing. */
function amountsIn(
  reader: ElementReader,
  name: LayoutName,
  delivery: 'deliver' | 'receive' | undefined,
): SettlementDetails {
  const { money: path } = layouts[name];
  const money = moneyAt(reader, `${path}/Amt`);
  const against = delivery === 'deliver' ? 'DBIT' : 'CRDT';
  const minus = delivery !== undefined && reader.text(`${path}/CdtDbtInd`) === against;
  const amount = money !== undefined && minus && money.amount !== '0' ? `-${money.amount}` : money?.amount;
  const accrued = moneyAt(reader, 'OthrAmts/AcrdIntrstAmt/Amt')?.amount;
  return { amount, currency: money?.currency, accrued };
}

function priceAt(reader: ElementReader, path: string): SettlementDetails {
  const rate = reader.read(`${path}/Rate`, signedDecimalOf);
  if (rate !== undefined) return { price: rate, priceType: 'percent' };
  const money = moneyAt(reader, `${path}/Amt`);
  return money === undefined
    ? {}
    : { price: money.amount, priceType: 'amount', priceCurrency: money.currency };
}

/** SttlmTxCond, and whether part of it may settle: ISO 15022 says both in STCO. */
function conditionsIn(reader: ElementReader): readonly string[] {
  const conditions = reader.each('SttlmParams/SttlmTxCond', (one) => {
    const own = one.text('Prtry/Id');
    return one.text('Cd') ?? (own === undefined ? undefined : `${one.text('Prtry/Issr') ?? ''}/${own}`);
  });
  const partial = reader.text('SttlmParams/PrtlSttlmInd');
  return partial === undefined ? conditions : [...conditions, partial];
}

function partiesIn(reader: ElementReader, owner: string, parties: string): readonly SettlementParty[] {
  const named = [
    { path: owner, role: 'ACOW' },
    ...chain.map(({ path, role }) => ({ path: parties + path, role })),
  ];
  return named.flatMap(({ path, role }) => {
    const party = partyOf(elementsAt(reader.element, path)[0]);
    return party === undefined ? [] : [{ role, ...party }];
  });
}
