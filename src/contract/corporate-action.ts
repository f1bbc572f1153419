/**
 * What one message says of a corporate action, in ISO 15022's own codes and free of its wire format: what MT564 to MT568
 * and seev.031 to seev.044 are all read into and written from. So the two mean the same where they say the same. Codes
 * and qualifiers are ISO 15022's: `DVCA`, `XDTE`, `GRSS`, `ELIG`. Decimals are canonical text.
 */
export interface CorporateActionSaid {
  readonly message: CorporateActionMessage;
  /** 23G: NEWM, REPL, REPE, RMDR, ADDB, CANC, WITH, REVR, INST, CAST, EVST. */
  readonly function: string;
  /** The message's own reference: `:20C::SEME`, NtfctnId, MvmntConfId, else BizMsgIdr. */
  readonly messageId: string;
  /** ISO 8601: `:98C::PREP`, CreDt. */
  readonly preparedAt?: string | undefined;
  readonly sender?: string | undefined;
  readonly receiver?: string | undefined;
  /** The account servicer's reference of the event: `:20C::CORP`, CorpActnEvtId. */
  readonly eventId: string;
  /** The market's own: `:20C::COAF`, OffclCorpActnEvtId. */
  readonly officialId?: string | undefined;
  /** `:22F::CAEV`, EvtTp. */
  readonly kind?: string | undefined;
  /** MAND, CHOS, VOLU: `:22F::CAMV`, MndtryVlntryEvtTp. */
  readonly participation?: string | undefined;
  readonly completeness?: 'complete' | 'preliminary' | 'entitlement' | undefined;
  /** By an official source. */
  readonly confirmed?: boolean | undefined;
  readonly page?: { readonly number: number; readonly last: boolean } | undefined;
  /** Additional processes: `:22F::ADDB`, AddtlBizPrcInd. */
  readonly processes?: readonly string[] | undefined;
  /** The message that this one follows: `:20C::PREV`, PrvsNtfctnId; of a reversal what it reverses. */
  readonly previousId?: string | undefined;
  /** The instruction that this one is about: `:20C::RELA`, InstrId. */
  readonly instructionId?: string | undefined;
  /** Events linked to this one: `:20C::CORP` in LINK, EvtsLkg. */
  readonly linkedEvents?: readonly string[] | undefined;
  readonly security?: SaidSecurity | undefined;
  /** Empty: all accounts, or none is named. */
  readonly accounts?: readonly AccountSaid[] | undefined;
  readonly dates?: readonly DateSaid[] | undefined;
  readonly rates?: readonly RateSaid[] | undefined;
  readonly options?: readonly OptionSaid[] | undefined;
  /** What is instructed: an option and how much of it. */
  readonly election?: ElectionSaid | undefined;
  /** Of a statement: what is instructed of each option. */
  readonly elections?: readonly ElectionSaid[] | undefined;
  readonly statuses?: readonly CorporateActionStatus[] | undefined;
  /** Why it was reversed: `:24B::REVR`, RvslRsn. */
  readonly reversalReason?: string | undefined;
  readonly text?: string | undefined;
}

export type CorporateActionMessage =
  | 'notification'
  | 'instruction'
  | 'instruction-cancellation'
  | 'confirmation'
  | 'status'
  | 'statement'
  | 'narrative';

export interface SaidSecurity {
  readonly isin?: string | undefined;
  readonly cusip?: string | undefined;
}

export interface AccountSaid {
  readonly account: string;
  readonly balances: readonly BalanceSaid[];
}

/** `ELIG`, with a minus where the position is short. */
export interface BalanceSaid {
  readonly type: string;
  readonly quantity: string;
  readonly unit: QuantityUnit;
}

export type QuantityUnit = 'shares' | 'face';

/** One of `date` (`YYYY-MM-DD`), `time` (ISO 8601) and `code` (`UKWN`, `ONGO`). */
export interface DateSaid {
  readonly type: string;
  readonly date?: string | undefined;
  readonly time?: string | undefined;
  readonly code?: string | undefined;
}

/** A rate or price: without a currency a percentage or a factor. `code` is its own type, or why it has no value. */
export interface RateSaid {
  readonly type: string;
  readonly value?: string | undefined;
  readonly currency?: string | undefined;
  readonly code?: string | undefined;
}

export interface OptionSaid {
  /** `001`, or `UNSO`. */
  readonly number: string;
  readonly type: string;
  readonly isDefault?: boolean | undefined;
  /** `INTV`, `CANC`: no longer open. */
  readonly status?: string | undefined;
  /** What becomes of fractions: `CINL`, `RDUP`. */
  readonly fractions?: string | undefined;
  readonly currency?: string | undefined;
  readonly dates?: readonly DateSaid[] | undefined;
  readonly rates?: readonly RateSaid[] | undefined;
  readonly movements?: readonly MovementSaid[] | undefined;
}

/** What an option moves. Quantity and amount are unsigned; the direction says the sign. */
export interface MovementSaid {
  readonly kind: 'securities' | 'cash';
  readonly direction: 'credit' | 'debit';
  readonly security?: SaidSecurity | undefined;
  readonly quantity?: string | undefined;
  readonly unit?: QuantityUnit | undefined;
  readonly amount?: string | undefined;
  readonly currency?: string | undefined;
  readonly ratio?: RatioSaid | undefined;
  readonly fractions?: string | undefined;
  readonly dates?: readonly DateSaid[] | undefined;
  readonly rates?: readonly RateSaid[] | undefined;
  /** The other amounts beside the one that moves: GRSS, TAXR, CHAR. */
  readonly amounts?: readonly AmountSaid[] | undefined;
  /** The cash account. */
  readonly account?: string | undefined;
}

/** `ADEX` 1 for 2: one more for two that are held. `NEWO` 2 for 1: two new for one old. */
export interface RatioSaid {
  readonly type: string;
  readonly numerator: string;
  readonly denominator: string;
}

export interface AmountSaid {
  readonly type: string;
  readonly amount: string;
  readonly currency: string;
}

export interface ElectionSaid {
  readonly number: string;
  readonly type: string;
  readonly quantity?: string | undefined;
  readonly unit?: QuantityUnit | undefined;
  /** `QALL`: everything. */
  readonly quantityCode?: string | undefined;
  readonly amount?: string | undefined;
  readonly currency?: string | undefined;
  readonly text?: string | undefined;
}

/** `IPRC` and `REJT` with `LATE`: the kind of status, its code, and why. */
export interface CorporateActionStatus {
  readonly kind: string;
  readonly code: string;
  readonly scheme?: string | undefined;
  readonly reasons: readonly { readonly code: string; readonly scheme?: string | undefined }[];
  readonly text?: string | undefined;
}
