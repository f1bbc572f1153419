import type { SettlementStatus, SettlementTransaction, StatusSaid } from './settlement-status.ts';

/**
 * What one page of a statement says of itself, in ISO 15022's own codes and free of its wire format: what MT535, MT536 and
 * MT537 and semt.002, semt.003, semt.017 and semt.018 are read into. So the two standards mean the same where they say the
 * same.
 */
export interface StatementHead {
  readonly kind: StatementKind;
  /** The page's own reference: `:20C::SEME`, BizMsgIdr. */
  readonly messageId: string;
  /** One name for all pages: StmtId. ISO 15022 has none. */
  readonly statementId?: string | undefined;
  /** `:13a::STAT`, RptNb. */
  readonly number?: string | undefined;
  /** The message that this one takes back or follows: `:20C::PREV`. */
  readonly previousId?: string | undefined;
  /** 23G is CANC: the page takes back an earlier one. */
  readonly cancels?: boolean | undefined;
  readonly page: number;
  readonly last: boolean;
  readonly sender?: string | undefined;
  readonly receiver?: string | undefined;
  /** ISO 8601, as it was said. */
  readonly preparedAt?: string | undefined;
  /** A date or a time: the moment of the balances, the end of a period. */
  readonly at: string;
  /** A date or a time: the begin of a period. */
  readonly from?: string | undefined;
  /** `SETT`, `TRAD`, `CONT`; with an issuer in front (`XYZ/EOSP`) where the code is not the standard's own. */
  readonly basis?: string | undefined;
  /** `COMP`, `DELT`. */
  readonly update?: string | undefined;
  readonly account?: string | undefined;
}

export type StatementKind = 'holdings' | 'transactions' | 'pending';

/** One holding of a page: a FIN of MT535, a BalForAcct or BalForSubAcct. Quantities are signed: minus is short. */
export interface StatedHolding extends StatedSecurity {
  /** The sub-account; where left out, the statement's. */
  readonly account?: string | undefined;
  readonly quantity: string;
  readonly unit: 'shares' | 'face';
  readonly available?: string | undefined;
  readonly notAvailable?: string | undefined;
  /** `NCSD/DTCYUS33`, `US`: what kind of place, and which. */
  readonly location?: string | undefined;
  readonly prices?: readonly StatedPrice[] | undefined;
  readonly amounts?: readonly StatedAmount[] | undefined;
  readonly balances?: readonly StatedBalance[] | undefined;
  readonly text?: string | undefined;
}

/** A balance of one kind before or behind the transactions of a page: `FIOP`, `INOP`, `INCL`, `FICL`. */
export interface StatedTotal extends StatedSecurity {
  readonly account?: string | undefined;
  readonly kind: string;
  readonly quantity: string;
  readonly unit: 'shares' | 'face';
  readonly location?: string | undefined;
}

export interface StatedSecurity {
  readonly isin?: string | undefined;
  readonly cusip?: string | undefined;
}

/** A price by 90a's codes: `MRKT` and `ACTU`, an amount; `PRCT`, a percentage; signed. */
export interface StatedPrice {
  readonly kind: string;
  readonly type: string;
  readonly price: string;
  readonly currency?: string | undefined;
  /** `LMAR/XNYS` */
  readonly source?: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly date?: string | undefined;
}

/** An amount by 19A's qualifier: `HOLD`, `BOOK`, `ACRU`; signed. */
export interface StatedAmount {
  readonly kind: string;
  readonly amount: string;
  readonly currency: string;
}

/** A part of a holding. `type` is the standard's code, `AGGR` for a part by place alone, `LOTS` for a lot. */
export interface StatedBalance {
  readonly type: string;
  readonly quantity: string;
  readonly availability?: 'available' | 'not-available' | undefined;
  readonly location?: string | undefined;
  readonly within?: string | undefined;
  readonly lotId?: string | undefined;
  readonly lotDate?: string | undefined;
  readonly price?: string | undefined;
  readonly currency?: string | undefined;
  readonly text?: string | undefined;
}

/** One transaction that was posted: a TRAN of MT536, a Tx of semt.017. */
export interface StatedPosting {
  /** `NONREF` and left out are the same: nobody named it. */
  readonly instructionId?: string | undefined;
  readonly related?: SettlementStatus['related'];
  /** As posted: its quantity is what settled. */
  readonly transaction: SettlementTransaction;
  /** `SETT`, `CORP`, `COLL`: `:22F::TRAN`, TxActvty. */
  readonly activity?: string | undefined;
  /** `TRAD`, `REPU`; of a corporate action its event type. */
  readonly type?: string | undefined;
  /** `YYYY-MM-DD`: when it did settle. */
  readonly effectiveDate?: string | undefined;
  /** `:25D::MOVE//REVE`, RvslInd: an earlier posting is taken back. */
  readonly reversal?: boolean | undefined;
}

/** One transaction that is pending, with everything that is said of its status. */
export interface StatedPending {
  readonly instructionId?: string | undefined;
  readonly related?: SettlementStatus['related'];
  readonly transaction?: SettlementTransaction | undefined;
  readonly statuses: readonly StatusSaid[];
}

/** A penalty for a fail: a PENDET of MT537. Plus: the account is entitled to it. */
export interface StatedPenalty extends StatedSecurity {
  readonly reference: string;
  /** The instruction that failed. */
  readonly instructionId?: string | undefined;
  /** `SEFP`, `LMFP`. */
  readonly type?: string | undefined;
  readonly amount: string;
  readonly currency: string;
  /** `YYYY-MM-DD`: the day for which it was computed. */
  readonly date?: string | undefined;
  /** `ACTV`, `REMO`. */
  readonly status?: string | undefined;
  readonly party?: string | undefined;
  readonly counterparty?: string | undefined;
}
