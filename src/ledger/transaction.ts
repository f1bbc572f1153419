import { addDecimals, type Decimal, decimalText } from '../core/decimal.ts';

/** One leg: so much of a unit onto an account. Signed; the legs of a transaction sum to zero in every unit. */
export interface Posting {
  /** Colon-separated, from the general to the particular: `customer:7Q100017:securities`. */
  readonly account: string;
  /** A currency, or a security as `scheme:id`. */
  readonly unit: string;
  readonly amount: Decimal;
}

/** What one effect does to the ledger. Its id never changes and is never used for anything else. */
export interface Transaction {
  /** Offset of the entry that caused it, and which of its effects. */
  readonly offset: number;
  readonly number: number;
  /** The event that is posted, or taken back. */
  readonly eventId: string;
  readonly reverses: boolean;
  readonly because: string;
  /** The day that it counts from, and the day that it settles. */
  readonly date: string;
  readonly settlementDate: string;
  readonly memo: string;
  readonly postings: readonly Posting[];
}

/** `4294967297.0`: offset and number. */
export function transactionId({ offset, number }: Pick<Transaction, 'offset' | 'number'>): string {
  return `${offset}.${number}`;
}

/** Units whose legs do not sum to zero: none, in a balanced transaction. */
export function unbalanced(postings: readonly Posting[]): readonly string[] {
  const sums = new Map<string, Decimal>();
  for (const { unit, amount } of postings) {
    const sum = sums.get(unit);
    sums.set(unit, sum === undefined ? amount : addDecimals(sum, amount));
  }
  return [...sums].filter(([, sum]) => sum.units !== 0n).map(([unit, sum]) => `${unit} ${decimalText(sum)}`);
}
