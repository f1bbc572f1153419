import type { NormalizeContext } from '../../src/contract/codec.ts';
import { eventOf } from '../../src/contract/normalize.ts';
import type { TradeExecuted } from '../../src/events/catalogue.types.ts';
import type { Event } from '../../src/events/event.ts';
import type { Family } from './family.ts';
import { rootOf } from './level-index.ts';
import type { FixLevel, FixMessage } from './message.ts';
import { needs, problemsIn, tradeDateProblems } from './needed.ts';
import { dateIn, decimalIn, wordFor } from './reading.ts';
import { tag } from './tag.ts';
import { attributesOf, chargesOf, computedNames, type DatedBy, keyOf, tradeDateOf } from './terms.ts';
import { WordTable } from './word-table.ts';

/**
 * ExecutionReport(8). A fill is a trade; a correction or bust names the fill that it is about by ExecRefID(19).
 *
 * Until FIX 4.2, ExecTransType(20) says new, cancel, correct or status, and ExecType(150), where a feed leaves it out
 * OrdStatus(39), says fill; since 4.3 ExecType(150) says F, G or H. Source: FIX 4.2 and 4.4, "Execution Report".
 */
export const executions: Family = {
  decidedBy: [tag.ExecType, tag.ExecTransType, tag.OrdStatus],
  problems(message, checks) {
    const root = rootOf(message);
    const kind = executionKind(message);
    if (kind === 'unsaid') return [{ tag: tag.ExecType, text: 'is needed and missing' }];
    if (kind === 'status') return [];
    const problems = problemsIn(root, needs[kind], checks);
    const undated = tradeDateProblems(root, checks);
    return problems.length + undated.length === 0 ? problems : [...problems, ...undated];
  },
  events(message, context) {
    const kind = executionKind(message);
    if (kind === 'executed' || kind === 'corrected') return [execution(message, context, kind)];
    return kind === 'busted' ? [bust(message, context)] : [orderReport(message, context)];
  },
};

export type ExecutionKind = 'executed' | 'corrected' | 'busted' | 'status' | 'unsaid';

export function executionKind(message: FixMessage): ExecutionKind {
  const root = rootOf(message);
  const { early } = message.dictionary;
  const transaction = early ? root.wordAt(root.at(tag.ExecTransType), transactionKinds) : undefined;
  const type = root.at(tag.ExecType);
  const said = type < 0 && early ? root.at(tag.OrdStatus) : type;
  if (transaction === undefined && said < 0) return 'unsaid';
  return asKind(transaction ?? root.wordAt(said, executionKinds));
}

const transactionKinds = new WordTable('transactionKind');
const executionKinds = new WordTable('executionKind');

function asKind(word: string | undefined): ExecutionKind {
  return word === 'executed' || word === 'corrected' || word === 'busted' ? word : 'status';
}

function execution(message: FixMessage, context: NormalizeContext, kind: 'executed' | 'corrected'): Event {
  const { root } = message;
  const dated = tradeDateOf(message, root, context);
  const side = wordFor('side', root.get(tag.Side));
  const id = root.get(tag.ExecID) ?? '';
  const reference = root.get(tag.ExecRefID);
  const { charges, computed } = chargesOf(root, tag.LastQty, tag.LastPx, root);
  const replaces =
    kind === 'corrected' && reference !== undefined
      ? keyOf(message, context, 'trade', reference, dated.date, side)
      : undefined;
  const attributes = {
    ...attributesOf(message, root, context),
    businessKey: keyOf(message, context, 'trade', id, dated.date, side),
    replaces,
    computed: computedNames(['data.tradeDate', dated.computed], ['data.charges', computed]),
  };
  const data = {
    ...tradeTerms(message, root),
    execId: id,
    orderId: root.get(tag.OrderID),
    clientOrderId: root.get(tag.ClOrdID),
    secondaryExecId: root.get(tag.SecondaryExecID),
    tradeId: root.get(tag.TradeID) ?? root.get(tag.TrdMatchID),
    referenceId: reference,
    side,
    tradeDate: dated.date,
    charges,
  };
  return eventOf(context, 'trade', `trade.${kind}`, attributes, data);
}

/** Price, quantity, settlement and money of an execution or of a trade report: what both say in the same fields. */
export function tradeTerms(message: FixMessage, level: FixLevel, root: FixLevel = message.root): Given {
  return {
    openClose: wordFor('openClose', level.get(tag.PositionEffect)),
    quantity: decimalIn(root, tag.LastQty),
    price: decimalIn(root, tag.LastPx),
    priceType: wordFor('priceType', root.get(tag.PriceType)),
    currency: level.get(tag.Currency) ?? root.get(tag.Currency),
    settlementDate: dateIn(root, tag.SettlDate),
    settlementType: wordFor('settlementType', root.get(tag.SettlType)),
    venue: root.get(tag.LastMkt),
    capacity: wordFor('capacity', level.get(tag.LastCapacity) ?? root.get(tag.LastCapacity)),
    cumulative: decimalIn(root, tag.CumQty),
    leaves: decimalIn(root, tag.LeavesQty),
    accrued: decimalIn(level, tag.AccruedInterestAmt),
    gross: decimalIn(level, tag.GrossTradeAmt),
    net: decimalIn(level, tag.NetMoney),
    possiblyResent: possiblyResent(message),
    text: level.get(tag.Text) ?? root.get(tag.Text),
  };
}

type Given = { readonly [K in keyof TradeExecuted]?: TradeExecuted[K] | undefined };

/** The reporter says that it may have told this before; undefined where it does not. */
export function possiblyResent(message: FixMessage): true | undefined {
  return message.root.get(tag.PossResend) === 'Y' ? true : undefined;
}

function bust(message: FixMessage, context: NormalizeContext): Event {
  const { root } = message;
  const dated: DatedBy = tradeDateOf(message, root, context);
  const side = wordFor('side', root.get(tag.Side));
  const id = root.get(tag.ExecID) ?? '';
  const reference = root.get(tag.ExecRefID) ?? '';
  const attributes = {
    ...attributesOf(message, root, context),
    businessKey: keyOf(message, context, 'bust', id, dated.date, side),
    reverses: keyOf(message, context, 'trade', reference, dated.date, side),
    computed: computedNames(['data.tradeDate', dated.computed]),
  };
  const data = {
    execId: id,
    orderId: root.get(tag.OrderID),
    clientOrderId: root.get(tag.ClOrdID),
    referenceId: reference,
    tradeId: root.get(tag.TradeID) ?? root.get(tag.TrdMatchID),
    side,
    quantity: decimalIn(root, tag.LastQty),
    price: decimalIn(root, tag.LastPx),
    tradeDate: dated.date,
    possiblyResent: possiblyResent(message),
    text: root.get(tag.Text),
  };
  return eventOf(context, 'trade', 'trade.busted', attributes, data);
}

function orderReport(message: FixMessage, context: NormalizeContext): Event {
  const { root } = message;
  const data = {
    orderId: root.get(tag.OrderID),
    clientOrderId: root.get(tag.ClOrdID),
    originalClientOrderId: root.get(tag.OrigClOrdID),
    execId: root.get(tag.ExecID),
    report: isStatus(message)
      ? 'status'
      : wordFor('orderReport', root.get(tag.ExecType) ?? root.get(tag.OrdStatus)),
    status: wordFor('orderStatus', root.get(tag.OrdStatus)),
    side: wordFor('side', root.get(tag.Side)),
    quantity: decimalIn(root, tag.OrderQty),
    price: decimalIn(root, tag.Price),
    cumulative: decimalIn(root, tag.CumQty),
    leaves: decimalIn(root, tag.LeavesQty),
    averagePrice: decimalIn(root, tag.AvgPx),
    reason: root.get(tag.OrdRejReason) ?? root.get(tag.ExecRestatementReason),
    text: root.get(tag.Text),
  };
  return eventOf(context, 'order', 'order.reported', attributesOf(message, root, context), data);
}

/** ExecTransType(20) says that nothing happened: somebody asked. */
export function isStatus(message: FixMessage): boolean {
  const root = rootOf(message);
  return message.dictionary.early && root.wordAt(root.at(tag.ExecTransType), transactionKinds) === 'status';
}
