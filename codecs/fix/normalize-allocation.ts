import type { NormalizeContext } from '../../src/contract/codec.ts';
import { eventOf, type Given } from '../../src/contract/normalize.ts';
import type { Allocation } from '../../src/events/catalogue.types.ts';
import type { Event } from '../../src/events/event.ts';
import type { Family } from './family.ts';
import { rootOf } from './level-index.ts';
import type { FixLevel, FixMessage } from './message.ts';
import { needs, problemsIn, problemsInGroup, together, tradeDateProblems } from './needed.ts';
import { dateIn, decimalIn, listedWord, wordFor } from './reading.ts';
import { tag } from './tag.ts';
import {
  attributesOf,
  chargesOf,
  computedNames,
  keyOf,
  nestedPartiesOf,
  tradeDateOf,
  withRoot,
} from './terms.ts';

/** AllocationInstruction(J), in FIX 4.2 Allocation, and AllocationReport(AS). */
export const allocations: Family = {
  decidedBy: [],
  problems(message, checks) {
    const root = rootOf(message);
    const missing = root.at(idTag(message)) < 0;
    return together(
      missing ? [{ tag: idTag(message), text: 'is needed and missing' }] : [],
      problemsIn(root, needs.allocation, checks),
      problemsInGroup(message, tag.NoAllocs, needs.allocationEntry, checks),
      tradeDateProblems(root, checks),
    );
  },
  events: (message, context) => [allocated(message, context)],
};

/** AllocationInstructionAck(P) and AllocationReportAck(AT): the other side has taken it, or has not. */
export const allocationAcks: Family = {
  problems(message) {
    return idOf(message) === undefined ? [{ tag: idTag(message), text: 'is needed and missing' }] : [];
  },
  events(message, context) {
    const { root } = message;
    const rejected = listedWord('allocationRejected', statusOf(message));
    const data = {
      blockId: idOf(message),
      secondaryId: root.get(tag.SecondaryAllocID) ?? otherId(message),
      stage: rejected === undefined ? 'acknowledged' : 'rejected',
      tradeDate: dateIn(root, tag.TradeDate),
      reason: root.get(tag.AllocRejCode) ?? rejected,
      text: root.get(tag.Text),
    };
    return [eventOf(context, 'allocation', 'trade.allocated', attributesOf(message, root, context), data)];
  },
};

function allocated(message: FixMessage, context: NormalizeContext): Event {
  const { root } = message;
  const dated = tradeDateOf(message, root, context);
  const side = wordFor('side', root.get(tag.Side));
  const key = (id: string): string => keyOf(message, context, 'allocation', id, dated.date, side);
  const action = wordFor('allocationAction', root.get(tag.AllocTransType));
  const reported = isReport(message) ? root.get(tag.AllocReportRefID) : undefined;
  const reference = reported ?? root.get(tag.RefAllocID);
  const entries = root.group(tag.NoAllocs).map((entry) => allocation(root, entry));
  const attributes = {
    ...attributesOf(message, root, context),
    businessKey: key(idOf(message) ?? ''),
    ...(action === 'replace' && reference !== undefined && { replaces: key(reference) }),
    ...(undoes(action) && reference !== undefined && { reverses: key(reference) }),
    computed: computedNames(
      ['data.tradeDate', dated.computed],
      ['data.allocations.charges', entries.some(({ computed }) => computed)],
    ),
  };
  const data = {
    blockId: idOf(message),
    secondaryId: root.get(tag.SecondaryAllocID) ?? otherId(message),
    referenceId: reference,
    action,
    stage: isReport(message) ? 'report' : 'instruction',
    complete: root.get(tag.LastFragment) !== 'N',
    side,
    quantity: decimalIn(root, tag.Quantity),
    averagePrice: decimalIn(root, tag.AvgPx),
    tradeDate: dated.date,
    settlementDate: dateIn(root, tag.SettlDate),
    net: decimalIn(root, tag.NetMoney),
    allocations: entries.map(({ said }) => said),
    orderIds: idsIn(root.group(tag.NoOrders), tag.OrderID, tag.ClOrdID),
    execIds: idsIn(root.group(tag.NoExecs), tag.ExecID),
    text: root.get(tag.Text),
  };
  return eventOf(context, 'allocation', 'trade.allocated', attributes, data);
}

function allocation(
  root: FixLevel,
  entry: FixLevel,
): { readonly said: Given<Allocation>; readonly computed: boolean } {
  const { charges, computed } = chargesOf(entry, tag.AllocQty, tag.AllocPrice, withRoot(root, entry));
  const said = {
    account: entry.get(tag.AllocAccount),
    quantity: decimalIn(entry, tag.AllocQty),
    price: decimalIn(entry, tag.AllocAvgPx) ?? decimalIn(entry, tag.AllocPrice),
    id: entry.get(tag.IndividualAllocID),
    net: decimalIn(entry, tag.AllocNetMoney),
    charges,
    parties: nestedPartiesOf(entry),
    settlementInstructions: entry.get(tag.AllocSettlInstType),
  };
  return { said, computed };
}

export function undoes(action: string | undefined): boolean {
  return action === 'cancel' || action === 'reversal';
}

function idsIn(entries: readonly FixLevel[], ...tags: readonly number[]): readonly string[] {
  return entries.flatMap((entry) => {
    const id = tags.map((field) => entry.get(field)).find((found) => found !== undefined);
    return id === undefined ? [] : [id];
  });
}

/** A report has an id of its own, AllocReportID(755), beside that of the instruction. */
function isReport(message: FixMessage): boolean {
  return message.type === 'AS' || message.type === 'AT';
}

function idTag(message: FixMessage): number {
  return isReport(message) ? tag.AllocReportID : tag.AllocID;
}

function idOf(message: FixMessage): string | undefined {
  return message.root.get(idTag(message));
}

function otherId(message: FixMessage): string | undefined {
  return isReport(message) ? message.root.get(tag.AllocID) : undefined;
}

/** AllocStatus(87). In FIX 4.2 the value 2 is a partial acceptance, later it is a rejection of accounts. */
function statusOf(message: FixMessage): string | undefined {
  const status = message.root.get(tag.AllocStatus);
  return message.dictionary.early && status === '2' ? undefined : status;
}
