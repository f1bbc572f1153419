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
import { elementsAt, type MxElement } from './tree.ts';

/** What netting left: secl.004, the net position in one security, and secl.010, what has to settle. Behind the last page `snapshot.closed`. */
export const obligationFamilies: readonly (readonly [string, Family])[] = [
  ['secl.004', familyOf((message) => message.elements('NetPosRpt'), 'RptParams/NetPosId', netPosition)],
  [
    'secl.010',
    familyOf(
      (message) => message.elements('RptDtls').flatMap((one) => elementsAt(one, 'SttlmOblgtnDtls')),
      'RptParams/RptId',
      obligation,
    ),
  ],
];

interface Netted {
  readonly id: string | undefined;
  readonly quantityPath: string;
  readonly amountPath: string;
  readonly dayPath: string;
}

function netPosition(): Netted {
  return { id: undefined, quantityPath: 'NetQty', amountPath: 'NetPosAmt', dayPath: 'SttlmDt' };
}

function obligation(element: MxElement): Netted {
  const id = textAt(element, 'SttlmOblgtnId');
  return { id, quantityPath: 'Qty', amountPath: 'SttlmAmt', dayPath: 'IntnddSttlmDt' };
}

function familyOf(
  items: (message: MxMessage) => readonly MxElement[],
  namePath: string,
  netted: (element: MxElement) => Netted,
): Family {
  const problems = (message: MxMessage): readonly Issue[] =>
    items(message).flatMap((one) => problemsIn(one, netted(one)));
  return {
    problems,
    events(message, context) {
      if (problems(message).length > 0) return [];
      const slots = new Set<string>();
      const events = items(message).map((one) =>
        obligationEvent(message, one, netted(one), namePath, slots, context),
      );
      return [...events, ...closedEvents(message, namePath, events.length, context)];
    },
  };
}

function problemsIn(element: MxElement, { quantityPath, amountPath }: Netted): readonly Issue[] {
  return neededIn(element, {
    [`${quantityPath}/Unit ${quantityPath}/FaceAmt ${quantityPath}/AmtsdVal`]: numberIn,
    [`${amountPath}/Amt`]: numberIn,
    'FinInstrmId/ISIN FinInstrmId/OthrId/Id': (text) => text,
  });
}

function obligationEvent(
  message: MxMessage,
  element: MxElement,
  { id, quantityPath, amountPath, dayPath }: Netted,
  namePath: string,
  slots: Set<string>,
  context: NormalizeContext,
): Event {
  const text = (path: string): string | undefined => textAt(element, path);
  const reportedBy = houseOf(message, context.direction === 'in' ? context.reportedBy : undefined);
  const security = securityIn(element, 'FinInstrmId');
  const settlementDate = dayIn(element, dayPath);
  const account = text('ClrAcct/Id') ?? text('SfkpgAcct/Id') ?? message.text('DlvryAcct/Id');
  const quantity = quantityIn(element, quantityPath);
  const movement = text('SctiesMvmntTp');
  const value = directedIn(element, amountPath);
  const closing = signed(quantity?.quantity ?? '0', movement, value?.amount);
  const name = id ?? [account, security?.id, settlementDate].filter((part) => part !== undefined).join('/');
  const attributes = {
    reportedBy,
    businessKey: businessKeyText({
      kind: 'obligation',
      reportedBy,
      scope: [context.keyScope ?? '', message.text(namePath) ?? ''].filter((part) => part !== '').join('/'),
      tradeDate: settlementDate,
      id: name,
    }),
    participant: partyIdIn(message.content, 'ClrMmb')?.id,
    account,
    security,
    unit: quantity?.unit,
    businessDate: dayIn(message.content, 'RptParams/RptDtAndTm'),
  };
  return eventOf(context, slotIn(slots, `obligation-${name}`), 'obligation.netted', attributes, {
    obligationId: id,
    subAccount: text('ClrAcct/Id') ?? text('DlvryAcct/Id'),
    settlementDate,
    tradeDate: dayIn(element, 'TradDt'),
    closing,
    value: value?.amount,
    currency: value?.currency,
    place:
      text('Dpstry/BIC') ??
      text('SttlmPties/DlvrgSttlmPties/Dpstry/BIC') ??
      text('SttlmPties/RcvgSttlmPties/Dpstry/BIC'),
    payment: payments.get(text('Pmt') ?? ''),
    relatedIds: elementsAt(element, 'TradLegDtls').flatMap((leg) => textAt(leg, 'TradLegId') ?? []),
    segment: partyIdIn(message.content, 'ClrSgmt')?.id,
    snapshot: message.text(namePath),
    reportId: message.text(namePath),
    page: pageOf(message).page,
  });
}

const payments = new Map([
  ['APMT', 'against-payment'],
  ['FREE', 'free'],
]);

/** Plus means that the member receives; where no direction is said, that it pays. */
function signed(quantity: string, movement: string | undefined, value: string | undefined): string {
  const delivers =
    movement === 'DELI' || (movement === undefined && value !== undefined && !value.startsWith('-'));
  return delivers && quantity !== '0' && !quantity.startsWith('-') ? `-${quantity}` : quantity;
}

function closedEvents(
  message: MxMessage,
  namePath: string,
  count: number,
  context: NormalizeContext,
): readonly Event[] {
  const { page, last } = pageOf(message);
  if (!last) return [];
  const day = dayIn(message.content, 'RptParams/RptDtAndTm');
  const reportedBy = houseOf(message, context.direction === 'in' ? context.reportedBy : undefined);
  return [
    eventOf(
      context,
      'closed',
      'snapshot.closed',
      { reportedBy, businessDate: day, asOf: day },
      {
        kind: 'obligations',
        basis: 'settlement-date',
        snapshot: message.text(namePath),
        completeness: message.text('RptParams/UpdTp') === 'DELT' ? 'partial' : 'complete',
        count,
        pages: page,
        page,
        reportId: message.text(namePath),
      },
    ),
  ];
}
