import type { MessageFacts, SettlementDetails } from './settlement-instruction.ts';
import type { RelatedId } from './settlement-status.ts';

/** What a counterparty instructed against an account whose owner did not: MT578, and each one that an MT586 lists. */
export interface SettlementAllegement {
  /** `new`: it stands; `cancel`: it was a mistake or the counterparty cancelled; `remove`: the owner's instruction came. */
  readonly action: 'new' | 'cancel' | 'remove' | 'reject';
  readonly previousId?: string | undefined;
  readonly related?: readonly RelatedId[] | undefined;
  readonly details: SettlementDetails;
}

/** The message that says them. */
export interface AllegementReport extends MessageFacts {
  readonly allegements: readonly SettlementAllegement[];
  /** Of a statement: its page, whether it is the last one, and whether it lists everything or only what changed. */
  readonly statement?: AllegementStatement | undefined;
}

export interface AllegementStatement {
  readonly account?: string | undefined;
  /** `YYYY-MM-DD` or a time: `:98a::STAT`. */
  readonly asOf?: string | undefined;
  readonly page?: number | undefined;
  readonly last: boolean;
  readonly completeness?: 'complete' | 'partial' | undefined;
  readonly number?: string | undefined;
}
