import type { NormalizeContext } from '../../src/contract/codec.ts';
import { eventOf } from '../../src/contract/normalize.ts';
import { limits } from '../../src/core/limits.ts';
import type { Event } from '../../src/events/event.ts';
import type { Family } from './family.ts';
import { type Leg, legSideOf, pricedLegs } from './legs.ts';
import { type LevelIndex, nextEntry, rootOf } from './level-index.ts';
import type { FixLevel, FixMessage } from './message.ts';
import { needs, type Problem, problemsIn, problemsInGroup, together, tradeDateProblems } from './needed.ts';
import { possiblyResent, tradeTerms } from './normalize-execution.ts';
import { refusal } from './normalize-reject.ts';
import { partyGroups } from './party-groups.ts';
import { decimalIn, listedWord, wordFor } from './reading.ts';
import { tag } from './tag.ts';
import {
  attributesOf,
  chargesOf,
  computedNames,
  type DatedBy,
  keyOf,
  reporterOf,
  securityOf,
  tradeDateOf,
  withRoot,
} from './terms.ts';
import { WordTable } from './word-table.ts';

/**
 * TradeCaptureReport(AE): one event for each side. TradeReportTransType(487) says new, cancel, replace; where it is
 * absent, ExecType(150) does. TradeReportType(856) says whether the report is a trade at all, or one side's claim.
 * Source: FIX 4.4, "Trade Capture Report".
 *
 * A trade is known by TradeID(1003), with SecondaryTradeID(1040) where there is one, because the legs of a spread may
 * share the first; where a feed has neither, by TradeReportID(571). A replacement that arrives before its original
 * names the same trade all the same.
 */
export const captures: Family = {
  decidedBy: [tag.TrdRptStatus, tag.TradeReportType, tag.TradeReportTransType, tag.ExecType],
  problems(message, checks) {
    const root = rootOf(message);
    if (nextEntry(message.flat, 0, tag.NoSides, 0) < 0)
      return [{ tag: tag.NoSides, text: 'is needed and has no entry' }];
    const kind = captureKind(root);
    if (kind === 'rejected') return [];
    const crowd = message.flat.entryCount > crowdFrom ? crowdProblems(message) : [];
    if (crowd.length > 0) return crowd;
    return together(
      identityProblems(root),
      problemsIn(root, kind === 'busted' ? needs.captureBusted : needs.capture, checks),
      problemsInGroup(message, tag.NoSides, needs.captureSide, checks),
      tradeDateProblems(root, checks),
      referenceProblems(root, kind),
    );
  },
  events(message, context) {
    const { root } = message;
    const kind = captureKind(rootOf(message));
    const id = root.get(tag.TradeReportID) ?? root.get(tag.TradeID);
    if (kind === 'rejected') return [refusal(message, context, root.get(tag.TradeReportRejectReason), id)];
    const legs = pricedLegs(root);
    const sides = sidesOf(root);
    if (legs.length === 0) return sides.map((side) => sideEvent({ message, root, context, kind, side }));
    return sides.flatMap((side) =>
      legs.map((leg) => sideEvent({ message, root: leg.terms, context, kind, side: legSide(side, leg) })),
    );
  },
};

/** One leg of one side: the leg's own word, and both names. */
function legSide({ level, word, key }: NamedSide, leg: Leg): NamedSide {
  const name = `${key}-leg-${leg.name}`;
  return { level, word: legSideOf(word, leg.side), key: name, leg: leg.name };
}

/** Reports of fewer entries stay below the limits, however these are shared out. */
const crowdFrom = 200;

/** Each side tells each leg, and all parties of the report: thousands of both in one message would make millions. */
function crowdProblems({ flat }: FixMessage): readonly Problem[] {
  const [sides, legs] = [entriesOf(flat, tag.NoSides), entriesOf(flat, tag.NoLegs)];
  const counts = [partyGroups.parties.count, partyGroups.rootParties.count, tag.NoContraBrokers];
  const parties = counts.reduce((sum, count) => sum + entriesOf(flat, count), 0);
  const { fixReportEventsMax, fixReportPartiesMax } = limits;
  const events = sides * Math.max(1, legs);
  if ((legs === 0 || events <= fixReportEventsMax) && events * parties <= fixReportPartiesMax) return [];
  const text = `with ${sides} sides, ${legs} legs and ${parties} parties would make more than ${fixReportEventsMax} events, or ${fixReportPartiesMax} parties in them`;
  return [{ tag: tag.NoSides, text, code: 'FIX_TOO_MANY_EVENTS' }];
}

function entriesOf(flat: FixMessage['flat'], count: number): number {
  let found = 0;
  for (let at = nextEntry(flat, 0, count, 0); at > 0; at = nextEntry(flat, 0, count, at)) found++;
  return found;
}

/** A trade that has no name at all cannot be told from the next one. */
function identityProblems(root: LevelIndex): readonly Problem[] {
  if (root.at(tag.TradeReportID) >= 0 || root.at(tag.TradeID) >= 0) return [];
  return [{ tag: tag.TradeReportID, text: 'is needed and missing, and so is TradeID(1003)' }];
}

/** TradeCaptureReportAck(AR): no to our report, or yes with the number under which it is known there. */
export const captureAcks: Family = {
  problems: () => [],
  events(message, context) {
    const { root } = message;
    const rejected =
      root.get(tag.TrdRptStatus) === '1' || listedWord('orderReport', root.get(tag.ExecType)) === 'rejected';
    const id = root.get(tag.TradeReportID);
    if (rejected) return [refusal(message, context, root.get(tag.TradeReportRejectReason), id)];
    const data = { destination: reporterOf(message, context), controlNumber: root.get(tag.TradeID) ?? id };
    return [eventOf(context, 'report', 'trade.reported', attributesOf(message, root, context), data)];
  },
};

/** TradeCaptureReportRequestAck(AQ): an event only where it says no. */
export const captureRequestAcks: Family = {
  problems: () => [],
  events(message, context) {
    const { root } = message;
    if (root.get(tag.TradeRequestStatus) !== '2') return [];
    return [refusal(message, context, root.get(tag.TradeRequestResult), root.get(tag.TradeRequestID))];
  },
};

/** A correction or a cancel has to say of what: the trade, or the report of it. */
function referenceProblems(root: LevelIndex, kind: CaptureKind): readonly Problem[] {
  const refers = kind === 'corrected' || kind === 'busted';
  if (!refers || root.has(tag.TradeID) || root.has(tag.TradeReportRefID)) return [];
  return [{ tag: tag.TradeReportRefID, text: 'is needed and missing, and so is TradeID(1003)' }];
}

const reportStatuses = new WordTable('reportStatus');
const reportStages = new WordTable('reportStage');
const reportActions = new WordTable('reportAction');
const executionKinds = new WordTable('executionKind');

export type CaptureKind = 'executed' | 'corrected' | 'busted' | 'compared' | 'uncompared' | 'dk' | 'rejected';

export function captureKind(root: LevelIndex): CaptureKind {
  const status = root.wordAt(root.at(tag.TrdRptStatus), reportStatuses);
  if (status !== undefined)
    return status === 'pending' ? 'uncompared' : status === 'busted' ? status : 'rejected';
  const stage = root.wordAt(root.at(tag.TradeReportType), reportStages);
  const action =
    root.wordAt(root.at(tag.TradeReportTransType), reportActions) ??
    root.wordAt(root.at(tag.ExecType), executionKinds);
  const word = stage ?? action;
  switch (word) {
    case 'corrected':
    case 'busted':
    case 'compared':
    case 'uncompared':
    case 'dk':
      return word;
    default:
      return 'executed';
  }
}

interface NamedSide {
  readonly level: FixLevel;
  readonly word: string;
  /** The side, made unique where one report has several of the same. */
  readonly key: string;
  /** Of one leg of the report: the leg's name. */
  readonly leg?: string;
}

/** A side that is the only one of its kind needs no further name; the others are told apart by whose they are. */
function sidesOf(root: FixLevel): readonly NamedSide[] {
  const taken = new Map<string, number>();
  const levels = root.group(tag.NoSides);
  const words = levels.map((level) => wordFor('side', level.get(tag.Side)) ?? '');
  const once = new Set<string>();
  const again = new Set<string>();
  for (const word of words) (once.has(word) ? again : once).add(word);
  return levels.map((level, number) => {
    const word = words[number] ?? '';
    const alone = !again.has(word);
    const owner = level.get(tag.OrderID) ?? level.get(tag.ClOrdID) ?? level.get(tag.Account);
    const name = alone || owner === undefined ? word : `${word}-${owner}`;
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    // Assumed: sides that agree in side, order and account are alike in all that matters, so their order does not count.
    return { level, word, key: times === 1 ? name : `${name}-${times}` };
  });
}

interface SideOf {
  readonly message: FixMessage;
  /** What the report says of all sides; of a leg, under the same names. */
  readonly root: FixLevel;
  readonly context: NormalizeContext;
  readonly kind: CaptureKind;
  readonly side: NamedSide;
}

function sideEvent(of: SideOf): Event {
  const { message, root, context, kind, side } = of;
  if (kind === 'executed' || kind === 'corrected') return tradeEvent(of, kind);
  const dated = tradeDateOf(message, root, context);
  const common = {
    tradeId: tradeId(root),
    side: side.word,
    quantity: decimalIn(root, tag.LastQty),
    price: decimalIn(root, tag.LastPx),
    tradeDate: dated.date,
    text: side.level.get(tag.Text) ?? root.get(tag.Text),
  };
  if (kind === 'busted') {
    const data = {
      ...common,
      execId: side.level.get(tag.SideExecID) ?? root.get(tag.ExecID),
      orderId: side.level.get(tag.OrderID),
      clientOrderId: side.level.get(tag.ClOrdID),
      referenceId: root.get(tag.TradeReportRefID),
      possiblyResent: possiblyResent(message),
    };
    return eventOf(context, `side-${side.key}`, 'trade.busted', sideAttributes(of, dated, 'bust'), data);
  }
  return eventOf(context, `side-${side.key}`, `trade.${kind}`, sideAttributes(of, dated, kind), common);
}

function tradeEvent(of: SideOf, kind: 'executed' | 'corrected'): Event {
  const { message, root, context, side } = of;
  const dated = tradeDateOf(message, root, context);
  const whole = side.leg === undefined;
  const { charges, computed } = whole
    ? chargesOf(side.level, tag.LastQty, tag.LastPx, withRoot(root, side.level))
    : { charges: [], computed: false };
  const attributes = sideAttributes(of, dated, 'trade');
  const data = {
    ...tradeTerms(message, side.level, root),
    // What a side says of money, it says of the whole report.
    ...(!whole && { openClose: wordFor('openClose', root.get(tag.PositionEffect)) }),
    ...(!whole && { accrued: undefined, gross: undefined, net: undefined }),
    marketChannel: side.level.get(tag.TradeInputSource),
    execId: side.level.get(tag.SideExecID) ?? root.get(tag.ExecID),
    orderId: side.level.get(tag.OrderID),
    clientOrderId: side.level.get(tag.ClOrdID),
    secondaryExecId: root.get(tag.SecondaryExecID) ?? root.get(tag.TrdMatchID),
    tradeId: tradeId(root),
    referenceId: root.get(tag.TradeReportRefID),
    side: side.word,
    tradeDate: dated.date,
    charges,
  };
  const marks = computedNames(['data.tradeDate', dated.computed], ['data.charges', computed]);
  return eventOf(context, `side-${side.key}`, `trade.${kind}`, { ...attributes, computed: marks }, data);
}

function sideAttributes(of: SideOf, dated: DatedBy, sort: string): ReturnType<typeof attributesOf> {
  const { message, root, context, kind, side } = of;
  const key = (keyKind: string, id: string): string =>
    keyOf(message, context, keyKind, id, dated.date, side.key);
  const named = root.get(tag.TradeID) !== undefined;
  const own = tradeId(root) ?? '';
  const reference = named ? own : (root.get(tag.TradeReportRefID) ?? own);
  // A replacement of a trade that keeps its TradeID is a fact of its own: this report of it.
  const self = named && kind === 'corrected' ? `${own}#${root.get(tag.TradeReportID) ?? ''}` : own;
  return {
    ...attributesOf(message, side.level, context),
    security: securityOf(root),
    businessKey: key(sort, self),
    ...(kind === 'corrected' && { replaces: key('trade', reference) }),
    ...(kind === 'busted' && { reverses: key('trade', reference) }),
    computed: computedNames(['data.tradeDate', dated.computed]),
  };
}

function tradeId(root: FixLevel): string | undefined {
  const id = root.get(tag.TradeID);
  const secondary = root.get(tag.SecondaryTradeID);
  if (id === undefined) return root.get(tag.TradeReportID);
  return secondary === undefined ? id : `${id}/${secondary}`;
}
