import { addDecimals, type Decimal, decimalText, negateDecimal } from '../core/decimal.ts';
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
  for (const type of chargeTypesThatDiffer(ours, theirs))
    compare(type, chargeText(ours, type), chargeText(theirs, type));
  compare('net', decimalText(ours.cash), decimalText(theirs.cash));
  return fields;
}

/** The types of charges whose amounts differ, in order. */
export function chargeTypesThatDiffer(ours: Trade, theirs: Trade): readonly string[] {
  const types = new Set([...ours.charges.keys(), ...theirs.charges.keys()]);
  return [...types].filter((type) => !isZero(chargeDifference(ours, theirs, type))).sort();
}

/** How much more the clearer charges. */
export function chargeDifference(ours: Trade, theirs: Trade, type: string): Decimal {
  return addDecimals(theirs.charges.get(type) ?? zero, negateDecimal(ours.charges.get(type) ?? zero));
}

/** True where the whole difference of the net amounts is that of the charges. */
export function chargesExplainNet(ours: Trade, theirs: Trade): boolean {
  const charged = chargeTypesThatDiffer(ours, theirs)
    .map((type) => chargeDifference(ours, theirs, type))
    .reduce(addDecimals, zero);
  return sameAmount(addDecimals(theirs.cash, charged), ours.cash);
}

function chargeText(trade: Trade, type: string): string {
  return decimalText(trade.charges.get(type) ?? zero);
}
