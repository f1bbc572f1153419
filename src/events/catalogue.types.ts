// Made from catalogue.proto by generate.ts; change that file, run `node src/events/generate.ts`, commit both.
// Optional members are left out when empty. Decimals, dates and times are text.

export interface Security {
  readonly id: string;
  readonly scheme: string; // cusip | isin | symbol | sedol | ric | exchange | option | …
  readonly validOn?: string;
  readonly symbol?: string;
  readonly type?: string; // CFI code or the reporter's own type
  readonly market?: string;
}

export interface Party {
  readonly id: string;
  readonly scheme?: string;
  readonly role: string; // executing-firm | clearing-firm | entering-firm | give-up-firm | contra-firm | …
  readonly subId?: string;
}

export interface Charge {
  readonly type: string; // commission | sec-fee | taf | exchange-fee | tax | …
  readonly amount: string; // positive: the account pays
  readonly currency?: string;
}

/** Reference and market data of one execution, whole: a correction carries the full new state. */
export interface TradeExecuted {
  readonly execId?: string;
  readonly orderId?: string;
  readonly clientOrderId?: string;
  readonly secondaryExecId?: string;
  readonly tradeId?: string;
  readonly referenceId?: string; // ExecRefID(19), TradeReportRefID(572): what it refers to
  readonly side?: string; // buy | sell | sell-short | sell-short-exempt | …
  readonly openClose?: string;
  readonly quantity?: string; // unsigned
  readonly price?: string;
  readonly priceType?: string;
  readonly currency?: string;
  readonly tradeDate?: string;
  readonly settlementDate?: string;
  readonly settlementType?: string; // regular | cash | when-issued | extended | …
  readonly venue?: string;
  readonly capacity?: string;
  readonly cumulative?: string;
  readonly leaves?: string;
  readonly charges?: readonly Charge[];
  readonly accrued?: string;
  readonly gross?: string;
  readonly net?: string;
  readonly marketChannel?: string;
  readonly correctedBy?: string;
  readonly possiblyResent?: boolean; // the reporter says that it may have told this before: PossResend(97)
  readonly text?: string;
}

export interface TradeBusted {
  readonly execId?: string;
  readonly orderId?: string;
  readonly clientOrderId?: string;
  readonly referenceId?: string;
  readonly tradeId?: string;
  readonly side?: string;
  readonly quantity?: string;
  readonly price?: string;
  readonly tradeDate?: string;
  readonly bustedBy?: string;
  readonly possiblyResent?: boolean;
  readonly text?: string;
}

/** Made by the projection of facts, never by a codec: the same business key with the same economics came again. */
export interface TradeRepeated {
  readonly repeats?: string; // id of the event that told the fact first
  readonly toldAs?: string; // type of the event that repeats it
}

export interface TradeReported {
  readonly destination?: string;
  readonly controlNumber?: string;
  readonly trade?: TradeExecuted;
  readonly repo?: Repo;
  readonly action?: string; // new | modify | cancel | dk
  readonly relatedIds?: readonly string[];
  readonly messageId?: string;
  readonly status?: string; // the reporter's own code, such as PACK: it took the report
  readonly code?: string; // the reporter's own reasons
}

export interface TradeCompared {
  readonly tradeId?: string;
  readonly contra?: string;
  readonly mismatched?: readonly string[];
  readonly cutOff?: string;
  readonly text?: string;
  readonly side?: string;
  readonly quantity?: string;
  readonly price?: string;
  readonly tradeDate?: string;
  readonly relatedIds?: readonly string[];
  readonly status?: string; // the reporter's own code, such as MACH
  readonly code?: string; // the reporter's own reasons, such as GSCC/E010
  readonly net?: string;
  readonly settlementDate?: string;
  readonly priceType?: string;
  readonly accrued?: string;
  readonly currency?: string;
  readonly repo?: Repo;
  readonly action?: string; // what the report is about: new | modify | cancel
  readonly messageId?: string;
  readonly time?: string; // of the trade
}

export interface TradeCleared {
  readonly tradeId?: string;
  readonly path?: string; // cns | balance-order | trade-for-trade | obligation-warehouse | ex-clearing
  readonly guaranteed?: boolean;
  readonly side?: string;
  readonly quantity?: string; // unsigned
  readonly price?: string;
  readonly net?: string;
  readonly tradeDate?: string;
  readonly settlementDate?: string;
  readonly text?: string;
  readonly relatedIds?: readonly string[];
  readonly status?: string; // the reporter's own code; cancelled: the leg is taken back
  readonly currency?: string;
  readonly priceType?: string;
  readonly accrued?: string;
  readonly venue?: string;
  readonly capacity?: string;
  readonly clearingAccount?: string;
  readonly snapshot?: string; // the statement that lists the trade
  readonly repo?: Repo;
  readonly messageId?: string;
  readonly charges?: readonly Charge[];
}

/** A trade that one firm did and another one clears: given up or stepped out, and what the other firm says to it. */
export interface TradeGivenUp {
  readonly tradeId?: string;
  readonly referenceId?: string;
  readonly executingFirm?: string;
  readonly receivingFirm?: string; // give-up, prime or CMTA firm
  readonly agreement?: string;
  readonly side?: string;
  readonly quantity?: string; // unsigned
  readonly price?: string;
  readonly tradeDate?: string;
  readonly settlementDate?: string;
  readonly reason?: string;
  readonly text?: string;
  readonly bookedAccount?: string; // where it sits until somebody mends it: an error account
}

export interface Allocation {
  readonly account?: string;
  readonly quantity?: string;
  readonly price?: string;
  readonly id?: string;
  readonly net?: string;
  readonly charges?: readonly Charge[];
  readonly parties?: readonly Party[];
  readonly settlementInstructions?: string;
}

export interface TradeAllocated {
  readonly blockId?: string;
  readonly secondaryId?: string;
  readonly referenceId?: string;
  readonly action?: string; // new | replace | cancel | reversal | …
  readonly stage?: string; // instruction | report | acknowledged | rejected
  readonly complete?: boolean;
  readonly side?: string;
  readonly quantity?: string;
  readonly averagePrice?: string;
  readonly tradeDate?: string;
  readonly settlementDate?: string;
  readonly net?: string;
  readonly allocations?: readonly Allocation[];
  readonly orderIds?: readonly string[];
  readonly execIds?: readonly string[];
  readonly reason?: string;
  readonly text?: string;
}

export interface TradeConfirmed {
  readonly confirmId?: string;
  readonly referenceId?: string;
  readonly allocationId?: string;
  readonly action?: string; // new | replace | cancel
  readonly status?: string;
  readonly affirmingParty?: string;
  readonly side?: string;
  readonly quantity?: string;
  readonly averagePrice?: string;
  readonly tradeDate?: string;
  readonly settlementDate?: string;
  readonly gross?: string;
  readonly net?: string;
  readonly charges?: readonly Charge[];
  readonly settlementInstructions?: string;
  readonly text?: string;
  readonly relatedIds?: readonly string[];
  readonly tradeId?: string;
  readonly priceType?: string;
  readonly accrued?: string;
  readonly currency?: string;
  readonly repo?: Repo;
  readonly messageId?: string;
}

export interface OrderReported {
  readonly orderId?: string;
  readonly clientOrderId?: string;
  readonly originalClientOrderId?: string;
  readonly execId?: string;
  readonly report?: string; // new | canceled | replaced | rejected | status | …
  readonly status?: string;
  readonly side?: string;
  readonly quantity?: string;
  readonly price?: string;
  readonly cumulative?: string;
  readonly leaves?: string;
  readonly averagePrice?: string;
  readonly reason?: string;
  readonly text?: string;
}

export interface PositionReported {
  readonly basis?: string; // trade-date | settlement-date
  readonly location?: string;
  readonly long?: string;
  readonly short?: string;
  readonly quantity?: string; // signed
  readonly type?: string; // the reporter's kind of quantity
  readonly snapshot?: string;
  readonly completeness?: string; // complete | partial: is absence zero?
  readonly sequence?: number;
  readonly price?: string;
  readonly reportId?: string;
  readonly requestId?: string;
  readonly value?: string;
  readonly currency?: string;
  readonly page?: number; // of the snapshot, from 1
  readonly available?: string; // signed
  readonly notAvailable?: string; // signed
  readonly bookValue?: string;
  readonly accrued?: string;
  readonly balances?: readonly SubBalance[]; // what the quantity consists of; never counted beside it
  readonly text?: string;
}

/** A part of a reported position: held under one status, at one place, or bought as one lot. */
export interface SubBalance {
  readonly type?: string; // the reporter's own code, such as BLOK, PLED, AWAS; LOTS: a lot
  readonly quantity?: string; // signed
  readonly availability?: string; // available | not-available
  readonly location?: string;
  readonly within?: string; // type of the sub-balance that it is a part of
  readonly lotId?: string;
  readonly lotDate?: string;
  readonly price?: string;
  readonly currency?: string;
  readonly text?: string;
}

export interface SnapshotClosed {
  readonly kind?: string; // positions | cash | activity | obligations
  readonly basis?: string;
  readonly snapshot?: string;
  readonly completeness?: string;
  readonly count?: number;
  readonly cutAt?: string; // what happened later is not in it
  readonly cutZone?: string;
  readonly cycle?: string; // start-of-day | end-of-day | …
  readonly pages?: number; // how many pages have to be there
  readonly reportId?: string;
  readonly text?: string;
  readonly page?: number; // the last one
  readonly statement?: string; // the reporter's number of the statement on this account
}

/** The opening book: from whose file, and who approved it. */
export interface BaselineAdopted {
  readonly snapshot?: string; // of positions
  readonly cashSnapshot?: string;
  readonly sourceChannel?: string; // channel that reported the positions
  readonly cashChannel?: string;
  readonly approvedBy?: string;
  readonly reason?: string;
  readonly count?: number;
}

export interface CashReported {
  readonly basis?: string;
  readonly amount?: string; // signed
  readonly currency?: string;
  readonly type?: string;
  readonly snapshot?: string;
  readonly completeness?: string;
  readonly reportId?: string;
  readonly page?: number; // of the statement, from 1
  readonly statement?: string; // the reporter's number of the statement on this account
}

export interface CashMoved {
  readonly type?: string; // trade | fee | dividend | interest | journal | wire | fail-charge
  readonly amount?: string; // signed
  readonly currency?: string;
  readonly valueDate?: string;
  readonly linked?: string;
  readonly referenceId?: string;
  readonly code?: string; // the bank's own code, such as NTRF or PMNT/RCDT/XBCT
  readonly bankReference?: string;
  readonly bookingDate?: string;
  readonly report?: string; // statement | interim | advice | instruction: what told it
  readonly reportId?: string;
  readonly statement?: string; // the reporter's number of the statement on this account
  readonly page?: number;
  readonly entry?: number; // which line of the page, from 1
  readonly reversal?: boolean; // it takes back an earlier movement of the other sign
  readonly status?: string; // booked | pending | information | future
  readonly entryReference?: string;
  readonly transactions?: number; // how many are booked as one
  readonly charges?: readonly Charge[];
  readonly text?: string;
}

export interface FeedExpected {
  readonly feed?: string;
  readonly dueAt?: string;
  readonly fileKey?: string;
}

export interface FeedArrived {
  readonly feed?: string;
  readonly fileKey?: string;
  readonly name?: string;
  readonly sha256?: string;
  readonly size?: number;
  readonly dueAt?: string;
}

export interface FeedAccepted {
  readonly feed?: string;
  readonly fileKey?: string;
  readonly name?: string;
  readonly records?: number;
  readonly quarantined?: number;
  readonly totals?: readonly string[];
}

export interface FeedRefused {
  readonly feed?: string;
  readonly fileKey?: string;
  readonly name?: string;
  readonly reason?: string;
  readonly code?: string;
}

export interface SessionUp {
  readonly session?: string;
  readonly epoch?: number;
  readonly nextIn?: number;
  readonly nextOut?: number;
  readonly peer?: string;
}

export interface SessionDown {
  readonly session?: string;
  readonly epoch?: number;
  readonly reason?: string;
  readonly by?: string;
  readonly nextIn?: number;
  readonly nextOut?: number;
}

export interface SessionGap {
  readonly session?: string;
  readonly epoch?: number;
  readonly from?: number;
  readonly to?: number;
  readonly filled?: string;
}

export interface DayClosed {
  readonly scope?: string;
  readonly mark?: string;
}

export interface MessageRejected {
  readonly code?: string;
  readonly text?: string;
  readonly referenceType?: string;
  readonly referenceSequence?: string;
  readonly referenceField?: string;
  readonly referenceId?: string;
}

export interface MessageUnknown {
  readonly standard?: string;
  readonly messageType?: string;
}

/** One settlement instruction and where it stands. Deliver or receive is the account's side of it. */
export interface Settlement {
  readonly instructionId?: string; // the account owner's own reference of it
  readonly relatedIds?: readonly string[]; // market, matching and processing references
  readonly tradeId?: string;
  readonly leg?: string; // customer | street
  readonly delivery?: string; // deliver | receive
  readonly payment?: string; // against-payment | free
  readonly quantity?: string; // instructed, unsigned
  readonly settled?: string;
  readonly remaining?: string;
  readonly amount?: string; // unsigned; minus: from who delivers to who receives
  readonly currency?: string;
  readonly tradeDate?: string;
  readonly settlementDate?: string; // contractual
  readonly effectiveDate?: string;
  readonly status?: string; // the reporter's own code, such as PENF
  readonly reason?: string; // the reporter's own code, such as LACK
  readonly place?: string; // of settlement
  readonly messageId?: string; // the status message's own reference
  readonly text?: string;
  readonly fromBalance?: string; // of a move inside of one account: the status that it leaves, such as AWAS
  readonly toBalance?: string;
  readonly transactionType?: string; // the reporter's own code, such as TRAD, REPU, COLO
  readonly safekeepingPlace?: string; // where the account's securities are kept
  readonly linkedIds?: readonly string[]; // other instructions that it is linked with
  readonly previousId?: string; // the message that this one follows, cancels or reverses
  readonly conditions?: readonly string[]; // the reporter's own codes, such as PART, DLWM
  readonly price?: string;
  readonly priceType?: string; // percent | amount
  readonly priceCurrency?: string;
  readonly accrued?: string;
  readonly closingDate?: string; // of the second leg of a repo or loan
  // that a command asks for, in the reporter's own codes, such as PRIR/0001
  readonly changes?: readonly string[];
}

/** Securities that changed their status or place inside of one account, whose total stays what it was. */
export interface SecuritiesMoved {
  readonly instructionId?: string; // the account owner's own reference
  readonly relatedIds?: readonly string[];
  readonly quantity?: string; // unsigned
  readonly fromBalance?: string; // the reporter's own code, such as AWAS
  readonly toBalance?: string;
  readonly fromLocation?: string;
  readonly toLocation?: string;
  readonly effectiveDate?: string;
  readonly settledBefore?: string; // unsigned: moved by earlier parts
  readonly remaining?: string; // unsigned
  readonly reason?: string; // the reporter's own code, such as a corporate action's type
  readonly eventId?: string;
  readonly messageId?: string;
  readonly text?: string;
}

/** The second leg of a repurchase, and what both legs agree on. The trade itself is the first leg. */
export interface Repo {
  readonly closingDate?: string;
  readonly closingCode?: string; // OPEN: no day is agreed
  readonly rate?: string; // percent a year
  readonly closingAmount?: string;
  readonly currency?: string;
  readonly interest?: string;
  readonly haircut?: string; // percent
  readonly id?: string;
  readonly rateType?: string; // fixed | floating | …
}

/** What a clearing house asks of one margin account. */
export interface Margin {
  readonly marginAccount?: string;
  readonly type?: string; // total, or the reporter's own kind of margin
  readonly required?: string;
  readonly held?: string; // value of the collateral
  readonly due?: string; // signed: plus means that the participant has to pay
  readonly currency?: string;
  readonly state?: string; // of the call: open | met | …
  readonly calculatedAt?: string;
  readonly collectionAt?: string;
  readonly cycle?: string; // intraday | daily
  readonly reportId?: string;
  readonly page?: number;
  readonly text?: string;
}

/** What netting left between a participant and the clearing house in one security. Signed: plus means long. */
export interface Obligation {
  readonly subAccount?: string;
  readonly cycle?: string;
  readonly settlementDate?: string;
  readonly opening?: string;
  readonly settling?: string;
  readonly miscellaneous?: string;
  readonly closing?: string;
  readonly value?: string;
  readonly mark?: string;
  readonly currency?: string;
  readonly failOriginDate?: string;
  readonly snapshot?: string;
  readonly obligationId?: string;
  readonly tradeDate?: string;
  readonly place?: string; // of settlement
  readonly reportId?: string;
  readonly page?: number;
  readonly payment?: string; // against-payment | free
  readonly relatedIds?: readonly string[];
  readonly status?: string; // the reporter's own code
  readonly segment?: string; // of the clearing house
}

export interface PriceReported {
  readonly price?: string;
  readonly currency?: string;
  readonly basis?: string; // closing | last | …
  readonly source?: string;
}

export interface InstrumentDescribed {
  readonly name?: string;
  readonly identifiers?: readonly Security[]; // other names of the same security
  readonly fromDate?: string;
}

/** From a date on the security has another identifier; the event's own `security` is the new one. */
export interface IdentifierChanged {
  readonly former?: Security;
  readonly effectiveDate?: string;
  readonly reason?: string;
}

/** What a corporate action is, and what it did to one account's holding. */
export interface CorporateAction {
  readonly eventId?: string;
  readonly kind?: string; // split | reverse-split | dividend | merger | …
  readonly option?: string;
  readonly ratioNew?: string; // 2 in a 2:1 split
  readonly ratioOld?: string; // 1 in a 2:1 split
  readonly exDate?: string;
  readonly recordDate?: string;
  readonly payDate?: string;
  readonly held?: string; // signed
  readonly quantity?: string; // signed: securities that the account receives
  readonly amount?: string; // signed: cash that the account receives
  readonly currency?: string;
  readonly text?: string;
  readonly officialId?: string; // the market's own name of the event
  readonly relatedIds?: readonly string[]; // events that this one is linked to
  readonly instructionId?: string;
  readonly messageId?: string;
  readonly previousId?: string; // the message that this one follows
  // ISO 15022: NEWM | REPL | REPE | RMDR | ADDB | CANC | WITH | REVR | INST | CAST | EVST
  readonly function?: string;
  readonly participation?: string; // mandatory | choice | voluntary
  readonly completeness?: string; // complete | preliminary | entitlement
  readonly confirmed?: boolean; // by an official source
  readonly processes?: readonly string[]; // additional processes around the event: CLAI, CAPA, TAXR, SCHM
  readonly status?: string;
  readonly reason?: string;
  readonly page?: number;
  readonly lastPage?: boolean;
  readonly dueBillDate?: string; // up to it claims (due bills) follow the trades
  readonly optionType?: string; // CASH | SECU | NOAC | …
  readonly eligible?: string; // signed
  readonly instructed?: string; // unsigned
  readonly instructedCode?: string; // QALL: everything that is held
  readonly fractions?: string; // what becomes of fractions: CINL cash in lieu, RDUP, RDDN, BUYU, DIST, …
  readonly dates?: readonly CorporateActionDate[];
  readonly rates?: readonly CorporateActionRate[];
  readonly amounts?: readonly CorporateActionAmount[]; // of one movement: gross, tax, net, …
  readonly balances?: readonly CorporateActionBalance[];
  readonly options?: readonly CorporateActionOption[];
}

/** A date of a corporate action, by ISO 15022's qualifier: XDTE, RDTE, PAYD, RDDT, MKDT, MCTD, … */
export interface CorporateActionDate {
  readonly type: string;
  readonly date?: string;
  readonly time?: string;
  readonly code?: string; // UKWN | ONGO | OPEN: no date is known
}

/** A rate or price, by ISO 15022's qualifier: GRSS, TAXR, INTP, OFFR, CINL, … */
export interface CorporateActionRate {
  readonly type: string;
  readonly value?: string;
  readonly currency?: string; // absent: a percentage, or a factor
  // the rate's own type (TXBL, NRAT), a price's (ACTU, PRCT), or why there is none (UKWN)
  readonly code?: string;
}

/** An amount beside the one that moves, by ISO 15022's qualifier: GRSS, TAXR, NETT, CHAR, … */
export interface CorporateActionAmount {
  readonly type: string;
  readonly amount: string; // as it was said: no sign of a direction
  readonly currency?: string;
}

/** A balance, by ISO 15022's qualifier: ELIG, SETT, LOAN, UNBA, INBA, CONB, … */
export interface CorporateActionBalance {
  readonly type: string;
  readonly quantity: string; // signed
  readonly unit?: string;
}

export interface CorporateActionOption {
  readonly number?: string; // 001, or UNSO: unsolicited
  readonly type?: string; // CASH | SECU | NOAC | …
  readonly default?: boolean;
  readonly status?: string; // CANC | INTV
  readonly fractions?: string;
  readonly currency?: string;
  readonly dates?: readonly CorporateActionDate[];
  readonly rates?: readonly CorporateActionRate[];
  readonly movements?: readonly CorporateActionMovement[];
}

/** What an option moves: securities or cash. */
export interface CorporateActionMovement {
  readonly kind?: string; // securities | cash
  readonly direction?: string; // credit | debit
  readonly security?: Security;
  readonly quantity?: string; // signed: securities that the account receives
  readonly amount?: string; // signed: cash that the account receives
  readonly currency?: string;
  readonly unit?: string;
  readonly ratioNew?: string;
  readonly ratioOld?: string;
  // ADEX: more for what is held; NEWO: new for old; ADSR: for what was subscribed
  readonly ratioType?: string;
  readonly fractions?: string;
  readonly dates?: readonly CorporateActionDate[];
  readonly rates?: readonly CorporateActionRate[];
  readonly amounts?: readonly CorporateActionAmount[];
  readonly account?: string; // the cash account
}

/** Securities or cash that come from, or go to, another firm without a trade. */
export interface Transfer {
  readonly controlNumber?: string;
  readonly kind?: string; // full | partial | …
  readonly contraFirm?: string;
  readonly contraAccount?: string;
  readonly quantity?: string; // signed: plus means that the account receives
  readonly amount?: string;
  readonly currency?: string;
  readonly settlementDate?: string;
  readonly reason?: string;
  readonly hard?: boolean; // a rejection that cannot be mended on the same transfer
  readonly text?: string;
}

/** Data of a type that this version does not know: it stands in `unknown`, as it came. */
export type UnknownData = Readonly<Record<never, never>>;
