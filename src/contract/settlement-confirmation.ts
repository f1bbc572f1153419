import type { MessageFacts, SettlementDetails } from './settlement-instruction.ts';
import type { RelatedId } from './settlement-status.ts';

/**
 * That securities and money changed hands, or that such a confirmation does not hold any more: what MT544 to MT547 and
 * sese.025 are read into. Quantities are canonical decimal text, unsigned; `details.amount` is the amount settled, and
 * `details.quantity` is not said.
 */
export interface SettlementConfirmation extends MessageFacts {
  /** `NEWM`, `CANC`, `RVSL` of 23G. A sese.025 is always new. */
  readonly action: 'new' | 'cancel' | 'reverse';
  /** The account owner's reference of the instruction: `:20C::RELA`, AcctOwnrTxId. */
  readonly instructionId: string;
  /** The servicer's reference of the transaction, which a confirmation goes by where the message has none. */
  readonly servicerId?: string | undefined;
  /** The confirmation that this one cancels, reverses or follows: `:20C::PREV`, PrvsPrtlConfId. */
  readonly previousId?: string | undefined;
  readonly related?: readonly RelatedId[] | undefined;
  readonly linked?: readonly string[] | undefined;
  /** `PAIN`: something remains; `PARC`: the rest of what was confirmed in part before. */
  readonly partial?: 'PAIN' | 'PARC' | undefined;
  /** Only the cash (`PRCA`) or the securities (`PRSE`) are confirmed before the whole settles. */
  readonly preconfirmed?: 'PRCA' | 'PRSE' | undefined;
  readonly settled?: string | undefined;
  readonly previouslySettled?: string | undefined;
  readonly remaining?: string | undefined;
  /** `YYYY-MM-DD`: `:98a::ESET`, FctvSttlmDt. */
  readonly effectiveDate?: string | undefined;
  readonly details: SettlementDetails;
}
