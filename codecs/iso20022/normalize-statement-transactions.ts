import type { SettlementTransaction } from '../../src/contract/settlement-status.ts';
import type { StatedPending, StatedPosting, StatedTotal } from '../../src/contract/statement.ts';
import type { Issue } from '../../src/core/issue.ts';
import { flagOf } from './normalize-statement-head.ts';
import {
  codeAt,
  dateAt,
  type ElementReader,
  elementReader,
  moneyAt,
  negated,
  partyOf,
  placeAt,
  quantityAt,
  relatedIn,
  securityAt,
  signedDecimalOf,
  statusesIn,
} from './statement-values.ts';
import chain from './tables/parties.json' with { type: 'json' };
import { elementsAt, type MxElement } from './tree.ts';

/** The balances before and behind the transactions of one security. Source: semt.017 FinInstrmDtls. */
export function totalsIn(
  element: MxElement,
  account: string | undefined,
  problems: Issue[],
): readonly StatedTotal[] {
  const reader = elementReader(element, problems);
  const named = { ...securityAt(reader), account, location: placeAt(reader, 'SfkpgPlc') };
  return totals.flatMap(([group, path, kind]): readonly StatedTotal[] => {
    const own = reader.read(`${group}/${path}/Prtry/Bal`, signedDecimalOf);
    const counted =
      quantityAt(reader, [`${group}/${path}/Qty`]) ??
      (own === undefined ? undefined : { quantity: own, unit: 'shares' as const });
    if (counted === undefined) return [];
    const short = reader.text(`${group}/ShrtLngInd`) === 'SHOR';
    return [{ ...named, kind, ...counted, quantity: short ? negated(counted.quantity) : counted.quantity }];
  });
}

const totals = [
  ['OpngBal', 'OpngBal/Frst', 'FIOP'],
  ['OpngBal', 'OpngBal/Intrmy', 'INOP'],
  ['ClsgBal', 'ClsgBal/Intrmy', 'INCL'],
  ['ClsgBal', 'ClsgBal/Fnl', 'FICL'],
] as const;

/** The postings of one security. Source: semt.017 Tx. */
export function postingsIn(
  element: MxElement,
  account: string | undefined,
  problems: Issue[],
): readonly StatedPosting[] {
  const security = securityAt(elementReader(element, problems));
  return elementReader(element, problems).each('Tx', (tx) => {
    const transaction = { ...detailsIn(tx), ...security, account };
    return {
      instructionId: tx.text('AcctOwnrTxId'),
      related: relatedIn(tx, ''),
      transaction,
      activity: codeAt(tx, 'TxDtls/TxActvty'),
      type: typeIn(tx),
      effectiveDate: dateAt(tx, 'TxDtls/FctvSttlmDt'),
      reversal: tx.read('TxDtls/RvslInd', flagOf) ?? false,
    };
  });
}

/** One group of semt.018: a Sts with its Tx, or a Txs with its statuses. */
export function pendingIn(element: MxElement, problems: Issue[]): readonly StatedPending[] {
  const reader = elementReader(element, problems);
  const statuses = elementsAt(element, 'StsAndRsn').flatMap(statusesIn);
  if (element.local === 'Txs') return [{ ...pendingOf(reader), statuses }];
  return reader.each('Tx', (tx) => ({ ...pendingOf(tx), statuses }));
}

function pendingOf(tx: ElementReader): Omit<StatedPending, 'statuses'> {
  const links = { instructionId: tx.text('AcctOwnrTxId'), related: relatedIn(tx, '') };
  const [details] = elementsAt(tx.element, 'TxDtls');
  if (details === undefined) return links;
  const security = securityAt(elementReader(details, []));
  return { ...links, transaction: { ...detailsIn(tx), ...security } };
}

/** `TRAD`, or of a corporate action its event type. */
function typeIn(tx: ElementReader): string | undefined {
  const path = 'TxDtls/SttlmTxOrCorpActnEvtTp';
  return codeAt(tx, `${path}/SctiesTxTp`) ?? codeAt(tx, `${path}/CorpActnEvtTp`);
}

function detailsIn(tx: ElementReader): SettlementTransaction {
  const counted = quantityAt(tx, ['TxDtls/PstngQty/Qty', 'TxDtls/PstngQty/OrgnlAndCurFace']);
  const money = moneyAt(tx, 'TxDtls/PstngAmt/Amt');
  const delivery = tx.read('TxDtls/SctiesMvmntTp', (code) => deliveries.get(code));
  const direction = tx.text('TxDtls/PstngAmt/CdtDbt') ?? tx.text('TxDtls/PstngAmt/CdtDbtInd');
  return {
    quantity: counted?.quantity,
    unit: counted?.unit,
    delivery,
    payment: tx.read('TxDtls/Pmt', (code) => payments.get(code)),
    amount: money === undefined ? undefined : usual(money.amount, direction, delivery),
    currency: money?.currency,
    tradeDate: dateAt(tx, 'TxDtls/TradDt/Dt'),
    settlementDate: dateAt(tx, 'TxDtls/SttlmDt/Dt') ?? dateAt(tx, 'TxDtls/SttlmDt'),
    place: ['RcvgSttlmPties', 'DlvrgSttlmPties']
      .map((side) => partyOf(elementsAt(tx.element, `TxDtls/${side}/Dpstry`)[0])?.id)
      .find((id) => id !== undefined),
    parties: chain.flatMap(({ path, role }) => {
      const party = partyOf(elementsAt(tx.element, `TxDtls/${path}`)[0]);
      return party === undefined ? [] : [{ role, ...party }];
    }),
    text: tx.text('TxDtls/TxAddtlDtls'),
  };
}

/** Who delivers is credited and who receives is debited; the other way round the amount is less than nothing. */
function usual(
  amount: string,
  direction: string | undefined,
  delivery: 'deliver' | 'receive' | undefined,
): string {
  const against = delivery === 'deliver' ? 'DBIT' : 'CRDT';
  return delivery !== undefined && direction === against ? negated(amount) : amount;
}

const deliveries = new Map<string, 'deliver' | 'receive'>([
  ['DELI', 'deliver'],
  ['RECE', 'receive'],
]);
const payments = new Map<string, 'against-payment' | 'free'>([
  ['APMT', 'against-payment'],
  ['FREE', 'free'],
]);
