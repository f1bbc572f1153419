import type { MessageFacts } from './settlement-instruction.ts';
import type { RelatedId } from './settlement-status.ts';

/**
 * What an account owner asks to be changed about the processing of its instructions: MT530 and sese.030, and the data of
 * the command `transaction-command`.
 */
export interface TransactionCommand extends MessageFacts {
  readonly account?: string | undefined;
  readonly requests: readonly TransactionRequest[];
}

/** What is asked for one instruction. */
export interface TransactionRequest {
  /** The account owner's reference of it: `:20C::PREV`, AcctOwnrTxId. Empty: only others' names of it are said. */
  readonly instructionId: string;
  readonly related?: readonly RelatedId[] | undefined;
  readonly linked?: readonly string[] | undefined;
  readonly changes: readonly ProcessingChange[];
}

/** `PRIR` and `0001`: the qualifier of 22F and its code, with the issuer of the code where it is not the standard's own. */
export interface ProcessingChange {
  readonly kind: string;
  readonly code: string;
  readonly scheme?: string | undefined;
}
