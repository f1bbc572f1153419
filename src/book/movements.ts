import { addDecimals, type Decimal, decimalText, negateDecimal } from '../core/decimal.ts';
import type { ProjectionStore } from '../log/index.ts';
import { decimalOf, type Line } from './lines.ts';

/** Why a movement was written: what an effect says, or that a baseline was adopted or taken back. */
export type Because = 'told' | 'reversed' | 'replaced' | 'voided' | 'restored' | 'baseline';

/** One movement of the book on its way into its tables. */
export interface Booked {
  readonly line: Line;
  /** -1 takes back what the line moves. */
  readonly sign: 1 | -1;
  readonly because: Because;
  readonly eventId: string;
  readonly key: string | undefined;
  /** Offset of the entry whose message told it. */
  readonly source: number;
}

/** Writes movements of one entry, numbered in their order, and keeps the totals. */
export class Bookkeeper {
  private readonly store: ProjectionStore;
  private readonly offset: number;
  private number = 0;

  constructor(store: ProjectionStore, offset: number) {
    this.store = store;
    this.offset = offset;
  }

  write({ line, sign, because, eventId, key, source }: Booked): void {
    const { kind, account, security, symbol, currency, tradeDate, settlementDate } = line;
    const quantity = signed(line.quantity, sign);
    const cash = signed(line.cash, sign);
    const charges = line.charges.map(({ type, amount }) => ({
      type,
      amount: decimalText(signed(amount, sign)),
    }));
    this.store.run(
      `INSERT INTO book_movements (offset, number, sign, because, kind, event_id, business_key, source, account, security,
         symbol, quantity, currency, cash, charges, trade_date, settlement_date, computed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      this.offset,
      this.number++,
      sign,
      because,
      kind,
      eventId,
      key ?? null,
      source,
      account,
      security,
      symbol ?? null,
      decimalText(quantity),
      currency,
      decimalText(cash),
      charges.length === 0 ? '' : JSON.stringify(charges),
      tradeDate,
      settlementDate,
      line.computed ? 1 : 0,
    );
    if (security !== '') this.add('security', line, security, quantity);
    this.add('cash', line, currency, cash);
    if (symbol !== undefined && security !== '') this.name(security, symbol, kind !== 'opening');
  }

  private add(
    kind: string,
    { account, tradeDate, settlementDate }: Line,
    unit: string,
    amount: Decimal,
  ): void {
    if (amount.units === 0n) return;
    const row = this.store.get(
      `SELECT amount FROM book_totals
       WHERE kind = ? AND account = ? AND unit = ? AND trade_date = ? AND settlement_date = ?`,
      kind,
      account,
      unit,
      tradeDate,
      settlementDate,
    );
    const sum = row === undefined ? amount : addDecimals(decimalOf(String(row['amount'])), amount);
    this.store.run(
      `INSERT OR REPLACE INTO book_totals (kind, account, unit, trade_date, settlement_date, amount)
       VALUES (?, ?, ?, ?, ?, ?)`,
      kind,
      account,
      unit,
      tradeDate,
      settlementDate,
      decimalText(sum),
    );
  }

  /** The first symbol that we told ourselves, else the first that the opening has. */
  private name(security: string, symbol: string, ours: boolean): void {
    this.store.run(
      `INSERT INTO book_symbols (security, symbol, ours) VALUES (?, ?, ?)
       ON CONFLICT (security) DO UPDATE SET symbol = excluded.symbol, ours = 1 WHERE excluded.ours > ours`,
      security,
      symbol,
      ours ? 1 : 0,
    );
  }
}

function signed(value: Decimal, sign: 1 | -1): Decimal {
  return sign === 1 ? value : negateDecimal(value);
}
