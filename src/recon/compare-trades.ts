import { addDecimals, compareDecimals, type Decimal, decimalText, negateDecimal } from '../core/decimal.ts';
import { isZero, sameAmount, zero } from './amounts.ts';
import type { FieldDifference, Trade } from './terms.ts';

/** What two tellings of one trade differ in: account, security, quantity, price, dates, charges and net, by name. */
export function fieldsThatDiffer(ours: Trade, theirs: Trade): readonly FieldDifference[] {
  const { account, security } = ours;
  const fields: FieldDifference[] = [];
  const compare = (field: string, left: string, right: string): void => {
    if (left !== right) fields.push({ account, security, field, ours: left, theirs: right });
  };
  compare('account', ours.account, theirs.account);
  compare('security', ours.security, theirs.security);
  compare('quantity', decimalText(ours.quantity), decimalText(theirs.quantity));
  compare('price', decimalText(ours.price), decimalText(theirs.price));
  compare('currency', ours.currency, theirs.currency);
  // A rebill of a later day keeps the trade date that it is booked for.
  compare('trade date', ours.tradeDate, theirs.asOf?.slice(0, 10) ?? theirs.tradeDate);
  compare('settlement date', ours.settlementDate, theirs.settlementDate);
  if (!theirs.saysMoney) return fields;
  for (const charge of chargesThatDiffer(ours, theirs))
    compare(charge.type, decimalText(charge.ours), decimalText(charge.theirs));
  compare('net', decimalText(ours.cash), decimalText(theirs.cash));
  return fields;
}

/** One charge of a trade whose amounts differ, under the clearer's name of it where both have one. */
export interface ChargeDifference {
  readonly type: string;
  readonly ours: Decimal;
  readonly theirs: Decimal;
}

/**
 * The charges whose amounts differ. Firms name the same fee differently (the fee of Section 31 is `sec-fee` in a file and
 * `regulatory` in FIX), so names that only one side uses are taken for one charge where their amounts are equal, and
 * in the order of their amounts where as many are left on both sides.
 */
export function chargesThatDiffer(ours: Trade, theirs: Trade): readonly ChargeDifference[] {
  const shared = [...theirs.charges].flatMap(([type, amount]) => {
    const own = ours.charges.get(type);
    return own === undefined || sameAmount(own, amount) ? [] : [{ type, ours: own, theirs: amount }];
  });
  const own = onlyIn(ours, theirs);
  const their = onlyIn(theirs, ours).filter(([, amount]) => {
    const at = own.findIndex(([, other]) => sameAmount(other, amount));
    if (at >= 0) own.splice(at, 1);
    return at < 0;
  });
  if (own.length === their.length)
    return [
      ...shared,
      ...their.map(([type, amount], at) => ({ type, ours: own[at]?.[1] ?? zero, theirs: amount })),
    ];
  return [
    ...shared,
    ...own.map(([type, amount]) => ({ type, ours: amount, theirs: zero })),
    ...their.map(([type, amount]) => ({ type, ours: zero, theirs: amount })),
  ];
}

/** Charges whose name the other side does not use, the largest first. */
function onlyIn(trade: Trade, other: Trade): (readonly [string, Decimal])[] {
  return [...trade.charges]
    .filter(([type, amount]) => !other.charges.has(type) && !isZero(amount))
    .sort(([, left], [, right]) => compareDecimals(right, left));
}

/** How much more the clearer charges. */
export function chargedMore(charges: readonly ChargeDifference[]): Decimal {
  return charges.map((one) => addDecimals(one.theirs, negateDecimal(one.ours))).reduce(addDecimals, zero);
}

/** True where the whole difference of the net amounts is that of the charges. */
export function chargesExplainNet(ours: Trade, theirs: Trade): boolean {
  return sameAmount(addDecimals(theirs.cash, chargedMore(chargesThatDiffer(ours, theirs))), ours.cash);
}
