import type { NormalizeContext } from '../../src/contract/codec.ts';
import { eventOf } from '../../src/contract/normalize.ts';
import type { Issue } from '../../src/core/issue.ts';
import type { Event } from '../../src/events/event.ts';
import { businessKeyText } from '../../src/events/identity.ts';
import {
  dayIn,
  directedIn,
  houseOf,
  neededIn,
  numberIn,
  pageOf,
  partyIdIn,
  quantityIn,
  securityIn,
  slotIn,
} from './clearing-values.ts';
import type { Family } from './families.ts';
import { type MxMessage, textAt } from './message.ts';
import { attributeOf, elementsAt, type MxElement } from './tree.ts';
import { dateIn } from './values.ts';

/**
 * Trade legs at a clearing house. secl.001: `trade.cleared`. secl.002: `trade.cleared` with the status `cancelled`, which
 * reverses the leg. secl.003 lists legs again, under the same keys, so they count once; behind its last page
 * `snapshot.closed`.
 */
export const tradeLegFamily: Family = {
  problems: (message) => legsIn(message).flatMap(({ leg }) => problemsIn(leg)),
  events: legEvents,
};

export const tradeLegFamilies: readonly (readonly [string, Family])[] = [
  ['secl.001', tradeLegFamily],
  ['secl.002', tradeLegFamily],
  ['secl.003', tradeLegFamily],
];

interface Leg {
  readonly leg: MxElement;
  /** What stands around it: the account, the settlement. */
  readonly around: MxElement;
}

function legsIn(message: MxMessage): readonly Leg[] {
  const single = message.elements('TradLegDtls').map((leg) => ({ leg, around: message.content }));
  const listed = message
    .elements('StmtDtls')
    .flatMap((around) => elementsAt(around, 'TradLegsDtls').map((leg) => ({ leg, around })));
  return [...single, ...listed];
}

function problemsIn(leg: MxElement): readonly Issue[] {
  return neededIn(leg, {
    TradLegId: (text) => text,
    TradDt: dateIn,
    BuySellInd: (text) => sides.get(text),
    'TradQty/Unit TradQty/FaceAmt TradQty/AmtsdVal': numberIn,
    'DealPric/Val/Amt DealPric/Val/Rate': numberIn,
    'FinInstrmId/ISIN FinInstrmId/OthrId/Id': (text) => text,
  });
}

const sides = new Map([
  ['BUYI', 'buy'],
  ['SELL', 'sell'],
]);

function legEvents(message: MxMessage, context: NormalizeContext): readonly Event[] {
  const legs = legsIn(message);
  if (legs.some(({ leg }) => problemsIn(leg).length > 0)) return [];
  const slots = new Set<string>();
  const events = legs.map((one) => legEvent(message, one, slots, context));
  const name = message.text('StmtParams/StmtId');
  const { page, last } = pageOf(message);
  if (name === undefined || !last) return events;
  const day = dayIn(message.content, 'StmtParams/StmtDtAndTm');
  const attributes = { reportedBy: reporterOf(message, context), businessDate: day, asOf: day };
  const closed = eventOf(context, 'closed', 'snapshot.closed', attributes, {
    kind: 'activity',
    basis: 'trade-date',
    snapshot: name,
    completeness: message.text('StmtParams/UpdTp') === 'DELT' ? 'partial' : 'complete',
    count: legs.length,
    pages: page,
    page,
    reportId: name,
  });
  return [...events, closed];
}

function reporterOf(message: MxMessage, context: NormalizeContext): string | undefined {
  return houseOf(message, context.direction === 'in' ? context.reportedBy : undefined);
}

function legEvent(
  message: MxMessage,
  { leg, around }: Leg,
  slots: Set<string>,
  context: NormalizeContext,
): Event {
  const text = (path: string): string | undefined => textAt(leg, path);
  const cancelled = message.content.local === 'TradLegNtfctnCxl';
  const id = text('TradLegId') ?? '';
  const side = sides.get(text('BuySellInd') ?? '');
  const key = {
    kind: 'trade-leg',
    reportedBy: reporterOf(message, context),
    scope: context.keyScope,
    tradeDate: dayIn(leg, 'TradDt'),
    id,
    side,
  };
  const member = partyIdIn(message.content, 'ClrMmb');
  const account = textAt(around, 'ClrAcct/Id') ?? message.text('ClrAcct/Id');
  const quantity = quantityIn(leg, 'TradQty');
  const attributes = {
    reportedBy: key.reportedBy,
    businessKey: businessKeyText(cancelled ? { ...key, side: `${side ?? ''} cancelled` } : key),
    reverses: cancelled ? businessKeyText(key) : undefined,
    participant: member?.id,
    account,
    security: securityIn(leg, 'FinInstrmId'),
    unit: quantity?.unit,
    parties: partiesIn(message, leg, member),
  };
  return eventOf(
    context,
    slotIn(slots, `leg-${id}`),
    'trade.cleared',
    attributes,
    legData(message, leg, cancelled),
  );
}

function legData(message: MxMessage, leg: MxElement, cancelled: boolean) {
  const text = (path: string): string | undefined => textAt(leg, path);
  const settlement = elementsAt(leg, 'SttlmDtls')[0] ?? message.elements('SttlmDtls')[0];
  const net = settlement === undefined ? undefined : directedIn(settlement, 'SttlmAmt');
  const [price] = elementsAt(leg, 'DealPric/Val/Amt');
  const clearing = elementsAt(leg, 'ClrDtls')[0] ?? message.elements('ClrDtls')[0];
  const guaranteed = textAt(clearing, 'GrntedTrad');
  return {
    tradeId: text('TradLegId'),
    relatedIds: ['TradId', 'TradExctnId', 'UnqTxIdr', 'OrdrId', 'AllcnId'].flatMap(
      (path) => text(path) ?? [],
    ),
    guaranteed: guaranteed === undefined ? undefined : /^(true|1)$/.test(guaranteed),
    side: sides.get(text('BuySellInd') ?? ''),
    quantity: quantityIn(leg, 'TradQty')?.quantity,
    price: numberIn(text('DealPric/Val/Amt') ?? text('DealPric/Val/Rate')),
    priceType: price === undefined ? 'percent' : 'amount',
    net: net?.amount.replace('-', ''),
    currency:
      net?.currency ?? (price === undefined ? undefined : attributeOf(price, 'Ccy')) ?? text('TradgCcy'),
    accrued: directedIn(leg, 'AcrdIntrstAmt')?.amount,
    tradeDate: dayIn(leg, 'TradDt'),
    settlementDate: dayIn(leg, 'SttlmDt'),
    venue: text('PlcOfTrad/Id/MktIdrCd') ?? text('PlcOfTrad/Id/Desc'),
    capacity: text('TradgCpcty'),
    clearingAccount: message.text('ClrAcct/Id'),
    status: cancelled ? 'cancelled' : text('Sts'),
    snapshot: message.text('StmtParams/StmtId'),
    messageId: textAt(message.header, 'BizMsgIdr'),
  };
}

function partiesIn(message: MxMessage, leg: MxElement, member: ReturnType<typeof partyIdIn>) {
  const trading = partyIdIn(leg, 'TradgPty');
  const other = partyIdIn(message.content, 'NonClrMmb/Id');
  return [
    ...(member === undefined ? [] : [{ ...member, role: 'clearing-firm' }]),
    ...(trading === undefined ? [] : [{ ...trading, role: 'executing-firm' }]),
    ...(other === undefined ? [] : [{ ...other, role: 'non-clearing-member' }]),
  ];
}
