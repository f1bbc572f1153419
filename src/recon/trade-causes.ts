import { addDecimals, type Decimal, multiplyDecimals, negateDecimal } from '../core/decimal.ts';
import { type Amounts, minus, negated, noAmounts, sumOf, zero } from './amounts.ts';
import { chargesExplainNet, chargesThatDiffer, fieldsThatDiffer } from './compare-trades.ts';
import { effectOf } from './effect.ts';
import { type Pair, pairTrades } from './pair-trades.ts';
import type { Cause, Day, Evidence, Explanation, FieldDifference, Rejection, Trade } from './terms.ts';

/** What the trades of both sides say about why the books differ, and how many of them agree. */
export interface TradeCauses {
  readonly explanations: readonly Explanation[];
  readonly compared: number;
  readonly agreed: readonly Pair[];
}

/**
 * Every trade that one side lacks or tells otherwise, as an explanation. Trades that one side took back are candidates
 * too: what we busted after their cut still counts on their side.
 */
export function tradeCauses(day: Day): TradeCauses {
  const spoken = [...day.theirs.rejections, ...day.ours.ended].flatMap(({ references }) => references);
  const pairs = pairTrades(day.ours.trades, day.theirs.trades, new Set(spoken));
  const view = viewOf(day, pairs);
  const explanations: Explanation[] = [];
  const agreed: Pair[] = [];
  for (const pair of pairs) {
    const found = explained(pair, view);
    if (found !== undefined) explanations.push(found);
    else if (pair.ours !== undefined && pair.theirs !== undefined) agreed.push(pair);
  }
  return {
    explanations: [...explanations, ...view.leftRejections(explanations), ...lateBusts(view)],
    compared: pairs.length,
    agreed,
  };
}

interface View {
  readonly day: Day;
  /** What happened later than this is not in their files. */
  readonly cut: number | undefined;
  rejectionOf(ours: Trade): Rejection | undefined;
  /** Our trade that counts no longer, for one of theirs that does. */
  oursEnded(theirs: Trade): Trade | undefined;
  theirsEnded(ours: Trade): Trade | undefined;
  listedByThem(gone: Trade): boolean;
  /** Rejections of fills that our own book does not have (any more): their error account may still. */
  leftRejections(explanations: readonly Explanation[]): readonly Explanation[];
}

function viewOf(day: Day, pairs: readonly Pair[]): View {
  const { positions, cash, activity } = day.snapshots;
  const paired = pairs.filter(({ ours, theirs }) => ours !== undefined && theirs !== undefined);
  const left = pairs.flatMap(({ ours, theirs }) => (ours === undefined ? (theirs ?? []) : []));
  const oursEnded = ended(day.ours.ended, left);
  const listed = new Set(left.flatMap((one) => oursEnded(one) ?? []));
  const theirsEnded = ended(day.theirs.ended, day.ours.trades);
  const booked = new Set(paired.flatMap(({ ours }) => ours ?? []));
  const rejections = new Map<string, Rejection>();
  for (const one of day.theirs.rejections)
    for (const reference of one.references) rejections.set(reference, one);
  return {
    day,
    cut: positions?.cutAt ?? cash?.cutAt ?? activity?.cutAt,
    rejectionOf: (ours) => first(ours.references, (reference) => rejections.get(reference)),
    oursEnded,
    theirsEnded,
    listedByThem: (gone) => listed.has(gone),
    leftRejections: (explanations) => {
      const told = new Set(
        explanations.flatMap(({ detail }) => (detail.about === 'trade' ? detail.rejection : [])),
      );
      const mended = new Set([...booked].flatMap(({ references }) => references));
      return day.theirs.rejections
        .filter((one) => !told.has(one) && !one.references.some((reference) => mended.has(reference)))
        .map((one) => rejectedExplanation(undefined, one, day.date));
    },
  };
}

/** Finds the trade that ended by pairing what is left over with what ended. */
function ended(gone: readonly Trade[], standing: readonly Trade[]): (trade: Trade) => Trade | undefined {
  const found = new Map<Trade, Trade>();
  for (const { ours, theirs } of pairTrades(gone, standing))
    if (ours !== undefined && theirs !== undefined) found.set(theirs, ours);
  return (trade) => found.get(trade);
}

function explained({ ours, theirs }: Pair, view: View): Explanation | undefined {
  if (ours !== undefined && theirs !== undefined) return ofBoth(ours, theirs, view);
  if (ours !== undefined) return ofOursAlone(ours, view);
  return theirs === undefined ? undefined : ofTheirsAlone(theirs, view);
}

function ofOursAlone(ours: Trade, view: View): Explanation {
  const { day } = view;
  const rejection = view.rejectionOf(ours);
  if (rejection !== undefined) return rejectedExplanation(ours, rejection, day.date);
  const late = view.cut !== undefined && ours.at > view.cut;
  const gone = view.theirsEnded(ours);
  // A correction after the cut leaves them with what it corrects, wherever they list it.
  const before = late ? day.ours.ended.find((one) => replaces(ours, one)) : undefined;
  const former = before === undefined ? noAmounts : effectOf(before, day.date);
  const predicted = minus(former, effectOf(ours, day.date));
  return {
    ...tradeExplanation(late ? 'after-cut' : 'missing-at-clearer', ours, gone, predicted),
    // Only a file that lists everything says by leaving out.
    standsAlone: !late && day.listed.has(ours.tradeDate),
    guess: !late && !day.listed.has(ours.tradeDate),
  };
}

function replaces(ours: Trade, former: Trade): boolean {
  return ours.replaces !== undefined && former.references[0] === ours.replaces;
}

/** What we took back after their cut, where no list of theirs shows it: their balances still do. */
function lateBusts(view: View): readonly Explanation[] {
  const { day, cut } = view;
  if (cut === undefined) return [];
  return day.ours.ended
    .filter((one) => one.ended?.because === 'reversed' && one.ended.at > cut && one.at <= cut)
    .filter((one) => !view.listedByThem(one))
    .map((one) => tradeExplanation('after-cut', one, undefined, effectOf(one, day.date)));
}

function ofTheirsAlone(theirs: Trade, view: View): Explanation {
  const { day } = view;
  const gone = view.oursEnded(theirs);
  const late = gone?.ended !== undefined && view.cut !== undefined && gone.ended.at > view.cut;
  return {
    ...tradeExplanation(late ? 'after-cut' : 'unknown-to-us', gone, theirs, effectOf(theirs, day.date)),
    standsAlone: !late && day.listed.has(theirs.tradeDate),
  };
}

function ofBoth(ours: Trade, theirs: Trade, view: View): Explanation | undefined {
  const { day } = view;
  const fields = fieldsThatDiffer(ours, theirs);
  if (fields.length === 0) return undefined;
  const money = theirs.saysMoney ? theirs : { ...theirs, cash: moneyOf(ours, theirs) };
  const predicted = minus(effectOf(money, day.date), effectOf(ours, day.date));
  const cause = causeOfBoth(ours, theirs, fields, view);
  const explanation = tradeExplanation(cause, ours, theirs, predicted, fields);
  const standsAlone = cause !== 'after-cut' && day.listed.has(theirs.tradeDate);
  if (cause !== 'fee') return { ...explanation, standsAlone };
  const types = chargesThatDiffer(ours, theirs)
    .map(({ type }) => type)
    .join(' and ');
  return { ...explanation, standsAlone, subject: `fee|${types}|${ours.tradeDate}` };
}

/** A copy that says nothing about charges is taken to have ours, on its own principal. */
function moneyOf(ours: Trade, theirs: Trade): Decimal {
  const charges = addDecimals(ours.cash, multiplyDecimals(ours.quantity, ours.price));
  return addDecimals(theirs.cash, charges);
}

function causeOfBoth(ours: Trade, theirs: Trade, fields: readonly FieldDifference[], view: View): Cause {
  const names = new Set(fields.map(({ field }) => field));
  if (names.has('account')) return 'wrong-account';
  if (ours.replaces !== undefined && view.cut !== undefined && ours.at > view.cut) return 'after-cut';
  if (theirs.asOf !== undefined || view.theirsEnded(ours) !== undefined) return 'cancel-rebill';
  const terms = ['security', 'quantity', 'price', 'currency', 'trade date', 'settlement date'];
  if (terms.some((term) => names.has(term))) return 'mismatch';
  return chargesExplainNet(ours, theirs) ? 'fee' : 'mismatch';
}

function rejectedExplanation(ours: Trade | undefined, rejection: Rejection, date: string): Explanation {
  const gone = ours === undefined ? noAmounts : negated(effectOf(ours, date));
  const account = rejection.bookedAccount;
  const gross = negateDecimal(multiplyDecimals(rejection.quantity, rejection.price));
  const tradeDate = rejection.tradeDate ?? ours?.tradeDate;
  const settlementDate = rejection.settlementDate ?? ours?.settlementDate;
  const inError = (cash: Decimal): Amounts => {
    if (account === undefined || tradeDate === undefined || settlementDate === undefined) return noAmounts;
    return effectOf({ ...rejection, account, cash, tradeDate, settlementDate }, date);
  };
  // Whether the error account carries money, and with whose charges, is the clearer's habit; its balance tells.
  const variants = [
    inError(gross),
    ...(ours === undefined ? [] : [inError(ours.cash)]),
    inError(zero),
    noAmounts,
  ];
  return {
    cause: 'rejected',
    subject: subjectOf(ours, undefined, rejection),
    owner: 'us',
    variants: variants.map((variant) => sumOf(gone, variant)),
    standsAlone: ours !== undefined,
    evidence: [...(ours === undefined ? [] : [ours.evidence]), rejection.evidence],
    fields: ours === undefined ? [] : [standing(ours, 'booked', 'rejected')],
    detail: { about: 'trade', ...(ours && { ours }), rejection },
  };
}

function tradeExplanation(
  cause: Cause,
  ours: Trade | undefined,
  theirs: Trade | undefined,
  predicted: Amounts,
  fields: readonly FieldDifference[] = aloneFields(ours, theirs),
): Explanation {
  const trades = [ours, theirs].filter((trade) => trade !== undefined);
  return {
    cause,
    subject: subjectOf(ours, theirs),
    owner: cause === 'unknown-to-us' || cause === 'cancel-rebill' ? 'us' : 'clearer',
    variants: [predicted],
    standsAlone: false,
    evidence: trades.flatMap((trade): Evidence[] => [
      trade.evidence,
      ...(trade.ended === undefined ? [] : [trade.ended.evidence]),
    ]),
    fields,
    detail: { about: 'trade', ...(ours && { ours }), ...(theirs && { theirs }) },
  };
}

function aloneFields(ours: Trade | undefined, theirs: Trade | undefined): readonly FieldDifference[] {
  const trade = ours ?? theirs;
  if (trade === undefined) return [];
  return [standing(trade, stateOf(ours), stateOf(theirs))];
}

function stateOf(trade: Trade | undefined): string {
  if (trade === undefined) return 'not there';
  return trade.ended === undefined ? 'booked' : 'taken back';
}

function standing({ account, security }: Trade, ours: string, theirs: string): FieldDifference {
  return { account, security, field: 'standing', ours, theirs };
}

/** A trade is known by the reference that both sides share and by its day; without one, by its own key. */
function subjectOf(ours?: Trade, theirs?: Trade, rejection?: Rejection): string {
  const trade = ours ?? theirs;
  const told = trade ?? rejection;
  const name = trade?.replaces ?? told?.references[0] ?? told?.key ?? '';
  return `trade|${trade?.asOf?.slice(0, 10) ?? told?.tradeDate ?? ''}|${name}`;
}

function first<T, R>(items: readonly T[], of: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = of(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
