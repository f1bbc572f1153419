import type { NormalizeContext } from '../../src/contract/codec.ts';
import { eventOf } from '../../src/contract/normalize.ts';
import { addDecimals, decimalText, readDecimal } from '../../src/core/decimal.ts';
import type { Event } from '../../src/events/event.ts';
import { businessKeyText } from '../../src/events/identity.ts';
import {
  dayIn,
  houseOf,
  neededIn,
  numberIn,
  pageOf,
  partyIdIn,
  securityIn,
  slotIn,
} from './clearing-values.ts';
import type { Family } from './families.ts';
import { type MxMessage, textAt } from './message.ts';
import { attributeOf, elementsAt, type MxElement } from './tree.ts';
import { timeIn } from './values.ts';

/**
 * secl.005, a margin report: `margin.required` for each calculation of each margin account. What is due is the deficit, or
 * with a minus the excess.
 */
export const marginFamilies: readonly (readonly [string, Family])[] = [
  [
    'secl.005',
    {
      problems: (message) =>
        collections(message).flatMap(({ collection, account }) => [
          ...neededIn(collection, { 'TtlMrgnAmt/Amt': numberIn }),
          ...neededIn(account, { 'MrgnAcct/Id': (text) => text }),
        ]),
      events: marginEvents,
    },
  ],
];

interface Collection {
  readonly collection: MxElement;
  readonly account: MxElement;
}

function collections(message: MxMessage): readonly Collection[] {
  return message
    .elements('RptDtls')
    .flatMap((account) => elementsAt(account, 'MrgnClctn').map((collection) => ({ collection, account })));
}

function marginEvents(message: MxMessage, context: NormalizeContext): readonly Event[] {
  const all = collections(message);
  const broken = all.some(
    ({ collection, account }) =>
      numberIn(textAt(collection, 'TtlMrgnAmt/Amt')) === undefined ||
      textAt(account, 'MrgnAcct/Id') === undefined,
  );
  if (broken) return [];
  const slots = new Set<string>();
  return all.map((one) => marginEvent(message, one, slots, context));
}

function marginEvent(
  message: MxMessage,
  { collection, account }: Collection,
  slots: Set<string>,
  context: NormalizeContext,
): Event {
  const text = (path: string): string | undefined => textAt(collection, path);
  const reportedBy = houseOf(message, context.direction === 'in' ? context.reportedBy : undefined);
  const marginAccount = textAt(account, 'MrgnAcct/Id') ?? '';
  const security = securityIn(collection, 'FinInstrmId');
  const product = textAt(account, 'MrgnPdct/Cd') ?? textAt(account, 'MrgnPdct/Prtry/Id');
  const reportId = message.text('RptParams/RptId');
  const [total] = elementsAt(collection, 'TtlMrgnAmt/Amt');
  const slot = slotIn(
    slots,
    ['margin', marginAccount, product, security?.id].filter((part) => part !== undefined).join('-'),
  );
  const day = dayIn(message.content, 'RptParams/RptDtAndTm');
  const attributes = {
    reportedBy,
    businessKey: businessKeyText({
      kind: 'margin',
      reportedBy,
      scope: context.keyScope,
      tradeDate: day,
      id: reportId ?? '',
      side: slot,
    }),
    participant: partyIdIn(message.content, 'ClrMmb')?.id,
    account: marginAccount,
    security,
    businessDate: day,
  };
  return eventOf(context, slot, 'margin.required', attributes, {
    marginAccount,
    type: product ?? 'total',
    required: numberIn(text('TtlMrgnAmt/Amt')),
    held: heldIn(collection),
    due: dueIn(collection),
    currency:
      (total === undefined ? undefined : attributeOf(total, 'Ccy')) ?? message.text('RptParams/RptCcy'),
    state: stateOf(collection),
    calculatedAt: timeIn(message.text('RptParams/RptDtAndTm/DtTm')),
    collectionAt: timeIn(message.text('RptParams/ClctnDtAndTm')),
    cycle: message.text('RptParams/Frqcy') === 'INDA' ? 'intraday' : 'daily',
    reportId,
    page: pageOf(message).page,
  });
}

/** What lies on deposit, behind its haircuts. */
function heldIn(collection: MxElement): string | undefined {
  const values = elementsAt(collection, 'CollOnDpst').flatMap((one) => {
    const read = readDecimal(textAt(one, 'PstHrcutVal') ?? '');
    return read.ok ? [read.value] : [];
  });
  const [first, ...rest] = values;
  return first === undefined ? undefined : decimalText(rest.reduce(addDecimals, first));
}

/** Whether there is enough: said by a deficit or an excess, and by nothing else. */
function stateOf(collection: MxElement): string | undefined {
  if (textAt(collection, 'MrgnRslt/DfcitAmt') !== undefined) return 'open';
  return textAt(collection, 'MrgnRslt/XcssAmt') === undefined ? undefined : 'met';
}

function dueIn(collection: MxElement): string | undefined {
  const deficit = numberIn(textAt(collection, 'MrgnRslt/DfcitAmt'));
  const excess = numberIn(textAt(collection, 'MrgnRslt/XcssAmt'));
  if (deficit !== undefined) return deficit;
  return excess === undefined || excess === '0' ? excess : `-${excess}`;
}
