import type { Decimal } from '../core/decimal.ts';
import type { Amounts, Basis } from './amounts.ts';

/** Why our book and the clearer's differ. The words are shown, stored and asked for. */
export type Cause = (typeof causes)[number];

export const causes = [
  'rejected',
  'wrong-account',
  'corporate-action',
  'cancel-rebill',
  'after-cut',
  'identifier',
  'transfer',
  'fee',
  'missing-at-clearer',
  'unknown-to-us',
  'mismatch',
  'unknown-security',
  'unexplained',
] as const;

export function isCause(text: unknown): text is Cause {
  return causes.some((known) => known === text);
}

/** Who has to do something about a break. */
export type Owner = 'clearer' | 'us';

export type Side = 'ours' | 'theirs';

/** A place in the log that says something: the bytes of it can be shown. */
export interface Evidence {
  readonly side: Side;
  readonly offset: number;
  /** What it is in the words of its message: `ExecID E17`, `reject R5`. */
  readonly what: string;
  /** Where the message stands: channel and origin, which for a file is its key and the record in it. */
  readonly source: string;
}

/** Something that one side said about itself, with the place where it said it. */
interface Told {
  /** Id of the event. */
  readonly id: string;
  /** Its business key, or its id where it has none. */
  readonly key: string;
  readonly evidence: Evidence;
  /** Microseconds since 1970 of what the reporter says as the time of it, else of its receipt. */
  readonly at: number;
}

/** One counted trade of one side, or one that no longer counts. */
export interface Trade extends Told {
  /** What both sides know it by, the best name first: the ExecID of the fill, then what else the reporter calls it. */
  readonly references: readonly string[];
  readonly account: string;
  /** By the name that both sides are compared under. */
  readonly security: string;
  /** Signed: plus means that the account receives. */
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly cash: Decimal;
  readonly currency: string;
  readonly charges: ReadonlyMap<string, Decimal>;
  /** False where the reporter says neither charges nor a net amount: then cash is principal alone and no evidence. */
  readonly saysMoney: boolean;
  readonly tradeDate: string;
  readonly settlementDate: string;
  /** Booked later, as of an earlier day. */
  readonly asOf?: string;
  /** It takes the place of the trade of this reference (a correction). */
  readonly replaces?: string;
  /** Why it counts no longer. */
  readonly ended?: Ended;
}

export interface Ended {
  readonly because: 'reversed' | 'replaced' | 'voided';
  readonly at: number;
  readonly evidence: Evidence;
}

/** A fill that the clearer did not take. */
export interface Rejection extends Told {
  readonly references: readonly string[];
  readonly account: string;
  readonly security: string;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly currency: string;
  /** Where it sits until somebody mends it. */
  readonly bookedAccount?: string;
  readonly reason: string;
  readonly tradeDate?: string;
  readonly settlementDate?: string;
}

/** Securities or cash that move without a trade. */
export interface Posting extends Told {
  readonly kind: 'transfer' | 'corporate-action' | 'cash';
  /** Control number, event id, reference: what both sides call it. */
  readonly reference: string;
  readonly account: string;
  readonly security?: string;
  readonly quantity: Decimal;
  readonly cash: Decimal;
  readonly currency: string;
  readonly tradeDate: string;
  readonly settlementDate: string;
  /** `split 2:1`, `fee`, `full transfer`. */
  readonly description: string;
  /** The firm on the other end of a transfer. */
  readonly contraFirm?: string;
}

/** A security that one side holds under another name than the side that it is compared with. */
export interface OtherName {
  readonly name: string;
  readonly canonical: string;
  /** `separator`: the same symbol with another share-class separator. `change`: an event says so. */
  readonly by: 'separator' | 'change' | 'looks';
  readonly evidence: readonly Evidence[];
}

/** What one side says about a business date. */
export interface SideOfDay {
  /** Positions and cash, under the names of the side itself. */
  readonly amounts: Amounts;
  readonly trades: readonly Trade[];
  /** Trades that no longer count. */
  readonly ended: readonly Trade[];
  readonly postings: readonly Posting[];
}

/** A snapshot of the clearer, as far as a comparison needs to know it. */
export interface SnapshotOfDay {
  readonly key: string;
  readonly channel: string;
  readonly closedAt: number;
  readonly cutAt?: number;
  /** False: only what stands in it is compared. */
  readonly complete: boolean;
  /** The bases that it reports; none for a snapshot of activity. */
  readonly bases: readonly Basis[];
}

export type FeedKind = 'positions' | 'cash' | 'activity';

export const feedKinds: readonly FeedKind[] = ['positions', 'cash', 'activity'];

/** Everything that is compared for one business date: plain values. */
export interface Day {
  readonly date: string;
  readonly snapshots: { readonly [K in FeedKind]?: SnapshotOfDay };
  readonly ours: SideOfDay;
  readonly theirs: SideOfDay & {
    readonly rejections: readonly Rejection[];
    /** Where each reported cell stands, by its key. */
    readonly rows: ReadonlyMap<string, Evidence>;
    /** Their prices, by the name that both sides are compared under. */
    readonly prices: ReadonlyMap<string, Decimal>;
  };
  /** Names of ours that the clearer does not use. */
  readonly otherNames: readonly OtherName[];
  /** Trade dates of which the clearer's activity is complete: what it leaves out is not there. */
  readonly listed: ReadonlySet<string>;
  /** Symbols, for people. */
  readonly symbols: ReadonlyMap<string, string>;
  /** Securities that somebody described, that we traded or that stood in the opening book. */
  readonly known: ReadonlySet<string>;
}

/** One cause and what it makes of the cells, as evidence predicts it: theirs less ours. */
export interface Explanation {
  readonly cause: Cause;
  /** What the break is named after: the same from day to day. Explanations of one subject are one break. */
  readonly subject: string;
  readonly owner: Owner;
  /** What may follow from it, the likeliest first. */
  readonly variants: readonly Amounts[];
  /** True where the evidence alone makes it a difference, even where no snapshot looks. */
  readonly standsAlone: boolean;
  /** It is only possible: nobody says so, and it is believed only for what it explains. */
  readonly guess?: boolean;
  readonly evidence: readonly Evidence[];
  /** Differences of a trade, field by field. */
  readonly fields: readonly FieldDifference[];
  readonly detail: Detail;
}

/** What an explanation is about, for those who put it into words. */
export type Detail =
  | {
      readonly about: 'trade';
      readonly ours?: Trade;
      readonly theirs?: Trade;
      readonly rejection?: Rejection;
    }
  | { readonly about: 'posting'; readonly ours?: Posting; readonly theirs?: Posting }
  | { readonly about: 'name'; readonly other: OtherName }
  | { readonly about: 'ratio'; readonly security: string; readonly next: bigint; readonly former: bigint }
  | { readonly about: 'cell'; readonly account: string; readonly unit: string };

export interface FieldDifference {
  readonly account: string;
  readonly security: string;
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}

/** One difference that a break explains. Amounts are canonical decimal text; theirs less ours. */
export interface Member {
  readonly kind: 'position' | 'cash' | 'trade';
  readonly basis?: Basis;
  readonly account: string;
  /** Security, currency, or for a trade its security. */
  readonly unit: string;
  readonly field?: string;
  readonly ours: string;
  readonly theirs: string;
  readonly difference: string;
}

/** One cause with all its differences, as one comparison finds it. */
export interface Finding {
  readonly id: string;
  readonly subject: string;
  readonly cause: Cause;
  readonly kind: 'position' | 'cash' | 'trade';
  readonly owner: Owner;
  readonly sentence: string;
  /** Canonical decimal text in the currency of the account. */
  readonly atRisk: string;
  readonly accounts: readonly string[];
  readonly securities: readonly string[];
  readonly members: readonly Member[];
  readonly evidence: readonly Evidence[];
  readonly message: string;
  readonly nextSteps: readonly string[];
}
