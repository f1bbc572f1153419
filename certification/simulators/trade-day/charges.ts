import type { Execution } from '../clearing-firm/executions.ts';

/** What a trade costs besides its price, in hundredths of a dollar. */
export interface Charges {
  readonly commission: number;
  readonly secFee: number;
  readonly taf: number;
}

/**
 * Half a cent a share, one dollar at least; on sales also the fee of Section 31 and the trading activity fee, each
 * rounded up to the cent.
 *
 * Assumed: USD 20.60 a million and USD 0.000195 a share, USD 9.79 at most, as announced for 2026. Both sides of the
 * simulation use the same rates, so another one changes no verdict.
 */
export function chargesOf(trade: Pick<Execution, 'side' | 'quantity' | 'cents'>): Charges {
  const commission = Math.max(100, Math.ceil(trade.quantity / 2));
  if (trade.side === 'buy') return { commission, secFee: 0, taf: 0 };
  const secFee = Math.ceil((trade.quantity * trade.cents * 206) / 10_000_000);
  const taf = Math.min(979, Math.ceil((trade.quantity * 195) / 10_000));
  return { commission, secFee, taf };
}

/** What the account pays, or what it gets: principal with the charges added or taken off. Never negative. */
export function netCents(
  trade: Pick<Execution, 'side' | 'quantity' | 'cents'>,
  { commission, secFee, taf }: Charges,
): number {
  const gross = trade.quantity * trade.cents;
  const charges = commission + secFee + taf;
  return trade.side === 'buy' ? gross + charges : gross - charges;
}

/** Signed: what the account receives. */
export function cashOf(trade: Pick<Execution, 'side' | 'quantity' | 'cents'>, charges: Charges): number {
  const net = netCents(trade, charges);
  return trade.side === 'buy' ? -net : net;
}
