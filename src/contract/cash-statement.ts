/**
 * What a bank says of one account, free of the wire format: what MT940, 942, 950, 900 and 910 and camt.052, 053 and 054
 * are read into. So they mean the same where they say the same. Amounts are canonical decimals; plus means that the
 * account receives.
 */
export interface CashStatement extends CashHead {
  readonly entries: readonly CashEntry[];
}

/** Everything of a statement but its entries: what stands before the first of them. */
export interface CashHead {
  /**
   * `statement`: booked, and closed by a balance. `interim`: what was booked so far. `advice`: single entries. Interim
   * reports and advices tell of what a statement tells again.
   */
  readonly report: CashReport;
  /** The bank's name of the statement: `:20:`, Stmt/Id. */
  readonly id: string;
  /** Who says it, where the message does: a BIC. */
  readonly sender?: string | undefined;
  readonly account: string;
  readonly currency?: string | undefined;
  /** The bank's number of it on this account: `00012` of `:28C:00012/001`, LglSeqNb or ElctrncSeqNb. Without leading zeros. */
  readonly number?: string | undefined;
  /** From 1; absent: the statement has no pages. */
  readonly page?: number | undefined;
  /** More pages follow. */
  readonly more?: boolean | undefined;
  /** What came later is not in it: ISO 8601. */
  readonly cutAt?: string | undefined;
  /** IANA name or offset of `cutAt`, where it was said. */
  readonly cutZone?: string | undefined;
  /** What the message cancels or copies: the bank says that it sent this before. */
  readonly copy?: boolean | undefined;
  readonly balances: readonly CashBalance[];
  /** Words about the account as a whole. */
  readonly text?: string | undefined;
}

export type CashReport = 'statement' | 'interim' | 'advice';

export interface CashBalance {
  readonly kind: CashBalanceKind;
  /** Signed. */
  readonly amount: string;
  readonly currency: string;
  /** `YYYY-MM-DD` */
  readonly date?: string | undefined;
}

/** A balance of a page is one between the pages of one statement: 60M, 62M, a subtype INTM. */
export type CashBalanceKind =
  | 'opening'
  | 'page-opening'
  | 'closing'
  | 'page-closing'
  | 'available'
  | 'opening-available'
  | 'forward-available'
  | 'interim'
  | 'interim-available'
  | 'expected'
  | 'information';

export interface CashEntry {
  /** Signed. */
  readonly amount: string;
  readonly currency: string;
  /** It takes back an earlier entry of the other sign: RC, RD, RvslInd. */
  readonly reversal?: boolean | undefined;
  /** `booked` where left out. */
  readonly status?: CashEntryStatus | undefined;
  readonly valueDate?: string | undefined;
  readonly bookingDate?: string | undefined;
  /** `NTRF`, or `PMNT/RCDT/ESCT`. */
  readonly code?: string | undefined;
  /** The account owner's reference. `NONREF` and `NOTPROVIDED` are none. */
  readonly reference?: string | undefined;
  readonly bankReference?: string | undefined;
  /** The entry's own name inside of the statement. */
  readonly entryReference?: string | undefined;
  /** How many transactions are booked as one, where it is said. */
  readonly transactions?: number | undefined;
  readonly charges?: readonly CashCharge[] | undefined;
  readonly parties?: readonly CashParty[] | undefined;
  readonly text?: string | undefined;
}

export type CashEntryStatus = 'booked' | 'pending' | 'information' | 'future';

export interface CashCharge {
  readonly type: string;
  /** Positive: the account pays. */
  readonly amount: string;
  readonly currency?: string | undefined;
}

/** An institution around an entry: `debtor`, `creditor`, `debtor-agent`, `creditor-agent`, `intermediary`. */
export interface CashParty {
  readonly role: string;
  readonly id: string;
  /** `bic`, or who issued the id. */
  readonly scheme: string;
}
