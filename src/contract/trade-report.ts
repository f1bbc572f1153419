import type { SettlementParty, StatusReason, StatusSaid } from './settlement-status.ts';

/**
 * What a message says of one trade, in ISO 15022's own codes and free of its wire format: what MT509, 513, 514, 515, 517 and
 * 518 are read into, and the data of the command `trade-confirmation`.
 */
export interface TradeReport {
  /** `confirmation` 515, `status` 509, `contra` 518, `affirmation` 517, `execution` 513, `allocation` 514. */
  readonly kind: TradeReportKind;
  /** The message's own reference: `:20C::SEME`. */
  readonly messageId: string;
  /** ISO 8601: `:98a::PREP`. */
  readonly preparedAt?: string | undefined;
  readonly sender?: string | undefined;
  readonly receiver?: string | undefined;
  /** 23G: NEWM, CANC, REPL, INST, CAST. */
  readonly function: string;
  /** `:22F::TRTR`: what sort of trade, by whose code list: `CASH` of `GSCC`. */
  readonly tradeType?: TradeCode | undefined;
  /** `:22F::PROC`: what the message is about, by whose code list: `INST` of `GSCC`. */
  readonly process?: TradeCode | undefined;
  readonly references: readonly TradeReference[];
  readonly statuses?: readonly StatusSaid[] | undefined;
  readonly trade?: TradeFacts | undefined;
}

export type TradeReportKind =
  | 'confirmation'
  | 'status'
  | 'contra'
  | 'affirmation'
  | 'execution'
  | 'allocation';

export interface TradeCode {
  readonly code: string;
  readonly scheme?: string | undefined;
}

/** `MAST` and the member's own number; `NONREF` is none. */
export interface TradeReference {
  readonly by: string;
  readonly id: string;
}

export interface TradeFacts {
  readonly side?: 'buy' | 'sell' | undefined;
  /** Canonical decimal text, unsigned. */
  readonly quantity?: string | undefined;
  readonly unit?: 'shares' | 'face' | undefined;
  readonly isin?: string | undefined;
  readonly cusip?: string | undefined;
  /** Absent for a repo, whose price is its rate. */
  readonly price?: string | undefined;
  readonly priceType?: 'percent' | 'yield' | 'discount' | 'premium' | 'amount' | undefined;
  readonly currency?: string | undefined;
  /** `YYYY-MM-DD` */
  readonly tradeDate?: string | undefined;
  /** ISO 8601, where a time was said. */
  readonly tradedAt?: string | undefined;
  /** `YYYY-MM-DD`; of a repo its first leg's. */
  readonly settlementDate?: string | undefined;
  readonly payment?: 'against-payment' | 'free' | undefined;
  /** `:19A::SETT`: what is paid. */
  readonly net?: string | undefined;
  readonly gross?: string | undefined;
  readonly accrued?: string | undefined;
  readonly charges?: readonly TradeCharge[] | undefined;
  readonly venue?: string | undefined;
  readonly account?: string | undefined;
  readonly parties?: readonly TradeParty[] | undefined;
  readonly repo?: TradeRepo | undefined;
  /** Why: MSGR and DKRS of the narrative. */
  readonly reasons?: readonly StatusReason[] | undefined;
  readonly text?: string | undefined;
}

export interface TradeCharge {
  readonly type: string;
  readonly amount: string;
  readonly currency?: string | undefined;
}

export interface TradeParty extends SettlementParty {
  /** Its own number of the trade: `:20C::PROC`. */
  readonly reference?: string | undefined;
  /** The firm that it did the trade for: `:70E::DECL//GSCC/CORR`. */
  readonly correspondent?: string | undefined;
  readonly account?: string | undefined;
}

/** The second leg of a repurchase. */
export interface TradeRepo {
  readonly closingDate?: string | undefined;
  /** OPEN: no day is agreed. */
  readonly closingCode?: string | undefined;
  /** Percent a year. */
  readonly rate?: string | undefined;
  readonly closingAmount?: string | undefined;
  readonly currency?: string | undefined;
  readonly interest?: string | undefined;
  readonly haircut?: string | undefined;
  readonly id?: string | undefined;
  readonly rateType?: string | undefined;
}
