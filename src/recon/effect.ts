import type { Decimal } from '../core/decimal.ts';
import { type Amounts, addTo, type Basis, cellKey } from './amounts.ts';

/** What moves securities, cash or both of one account. */
export interface Moving {
  readonly account: string;
  readonly security?: string;
  readonly quantity: Decimal;
  readonly cash: Decimal;
  readonly currency: string;
  readonly tradeDate: string;
  readonly settlementDate: string;
}

/** What it makes of the cells at the close of a date: by trade date from the trade date on, by settlement date likewise. */
export function effectOf(moving: Moving, date: string): Amounts {
  const effect = new Map<string, Decimal>();
  if (moving.tradeDate <= date) addBasis(effect, moving, 'trade-date');
  if (moving.settlementDate <= date) addBasis(effect, moving, 'settlement-date');
  return effect;
}

function addBasis(effect: Map<string, Decimal>, moving: Moving, basis: Basis): void {
  const { account, security, quantity, cash, currency } = moving;
  if (security !== undefined)
    addTo(effect, cellKey({ kind: 'position', basis, account, unit: security }), quantity);
  addTo(effect, cellKey({ kind: 'cash', basis, account, unit: currency }), cash);
}
