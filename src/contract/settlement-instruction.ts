import type { RelatedId, SettlementTransaction, StatusReason } from './settlement-status.ts';

/**
 * A settlement instruction, its pre-advice or the request to cancel it, free of any wire format: what MT540 to MT543,
 * MT524, sese.023 and sese.020 are read into, and the data of the commands `settlement-instruction` and
 * `securities-movement`. So the two standards mean the same where they say the same.
 */
export interface SettlementInstruction extends MessageFacts {
  /** `NEWM`, `PREA`, `CANC` of 23G; sese.023 is new, or a pre-advice where it is on hold; sese.020 cancels. */
  readonly action: 'new' | 'preadvice' | 'cancel';
  /** The account owner's reference of the instruction: its own, or of a cancellation that of what it cancels. */
  readonly instructionId: string;
  readonly related?: readonly RelatedId[] | undefined;
  /** Other instructions that it is linked with: `:20C::RELA` beside `:22F::LINK`, Lnkgs. */
  readonly linked?: readonly string[] | undefined;
  readonly details: SettlementDetails;
  readonly reason?: StatusReason | undefined;
}

/** Who says it to whom, when and under which reference. */
export interface MessageFacts {
  /** The message's own reference: `:20C::SEME`, BizMsgIdr. */
  readonly messageId: string;
  /** ISO 8601 in UTC: `:98C::PREP`, CreDt. */
  readonly preparedAt?: string | undefined;
  /** A BIC or a participant's number. */
  readonly sender?: string | undefined;
  readonly receiver?: string | undefined;
}

/** What an instruction, its confirmation or an allegement says beyond what a status message repeats. */
export interface SettlementDetails extends SettlementTransaction {
  /** The code of `:22F::SETR`, SctiesTxTp: `TRAD`, `REPU`, `RODE`. With its issuer in front where it is another's own. */
  readonly transactionType?: string | undefined;
  /** The codes of `:22F::STCO`, SttlmTxCond, and `PART`, `NPAR` of whether part of it may settle. */
  readonly conditions?: readonly string[] | undefined;
  /** Whose side it is: the market's or the customer's. `:22F::MACL`, MktClntSd. */
  readonly leg?: 'street' | 'customer' | undefined;
  /** Where the account's securities are kept: `NCSD/DTCYUS33`, a country. */
  readonly safekeepingPlace?: string | undefined;
  /** Canonical decimal text. */
  readonly price?: string | undefined;
  readonly priceType?: 'percent' | 'amount' | undefined;
  readonly priceCurrency?: string | undefined;
  /** Accrued interest, canonical decimal text, in the currency of the amount. */
  readonly accrued?: string | undefined;
  /** `YYYY-MM-DD`: of the second leg of a repo or loan. */
  readonly closingDate?: string | undefined;
  /** Of a move inside of one account: the sub-balance that it leaves, `:93A::FROM`. */
  readonly fromBalance?: string | undefined;
  readonly toBalance?: string | undefined;
}
