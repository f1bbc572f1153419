/**
 * What a status message says of one settlement instruction, in ISO 15022's own codes and free of its wire format: what
 * MT548 and sese.024 are both read into and written from, and the data of the command `settlement-status`. So the two
 * mean the same where they say the same.
 */
export interface SettlementStatus {
  /** The message's own reference: `:20C::SEME`, BizMsgIdr. */
  readonly messageId: string;
  /** ISO 8601 in UTC: `:98C::PREP`, CreDt. */
  readonly preparedAt?: string | undefined;
  /** The account servicer, who says it: a BIC or a participant's number. */
  readonly sender?: string | undefined;
  readonly receiver?: string | undefined;
  /** The account owner's reference of the instruction: `:20C::RELA`, AcctOwnrTxId. */
  readonly instructionId: string;
  /** The request that it answers, where that is another message: CxlReqRef of a cancellation. */
  readonly requestId?: string | undefined;
  readonly related?: readonly RelatedId[] | undefined;
  readonly statuses: readonly StatusSaid[];
  readonly transaction?: SettlementTransaction | undefined;
}

/** Another name of the same instruction, by who gave it: `trade` is the trade behind it, `common` both sides' name of it. */
export interface RelatedId {
  readonly by: 'market' | 'counterparty-market' | 'processor' | 'netting' | 'common' | 'trade';
  readonly id: string;
}

/** `SETT` and `PENF`: the kind of status and its code, with the issuer of the code where it is not the standard's own. */
export interface StatusSaid {
  readonly kind: string;
  readonly code: string;
  readonly scheme?: string | undefined;
  readonly reasons?: readonly StatusReason[] | undefined;
}

export interface StatusReason {
  readonly code: string;
  readonly scheme?: string | undefined;
  readonly text?: string | undefined;
}

/** The instruction that a status is about, as far as the message repeats it. */
export interface SettlementTransaction {
  readonly account?: string | undefined;
  readonly isin?: string | undefined;
  readonly cusip?: string | undefined;
  /** Canonical decimal text, unsigned; `unit` where left out is shares. */
  readonly quantity?: string | undefined;
  readonly unit?: 'shares' | 'face' | undefined;
  readonly delivery?: 'deliver' | 'receive' | undefined;
  readonly payment?: 'against-payment' | 'free' | undefined;
  /** Canonical decimal text, unsigned; minus: the money goes against the usual direction, from who delivers. */
  readonly amount?: string | undefined;
  readonly currency?: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly tradeDate?: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly settlementDate?: string | undefined;
  /** The depository at which it settles: a BIC. */
  readonly place?: string | undefined;
  readonly parties?: readonly SettlementParty[] | undefined;
  readonly text?: string | undefined;
}

/** A party of the settlement by ISO 15022's code of its role: `DEAG`, `SELL`, `REAG`, `BUYR`. */
export interface SettlementParty {
  readonly role: string;
  readonly id: string;
  /** `bic`, or who issued the id. */
  readonly scheme: string;
}
