import { GatewayError } from '../core/errors.ts';
import { ledgerIssues } from './issues.ts';
import type { LedgerView, StoredTransaction } from './view.ts';

/** Where an outside ledger stands: everything up to this offset is in it. `chain` tells of which log. */
export interface LedgerPosition {
  readonly offset: number;
  readonly chain: string;
}

/**
 * An outside ledger. `post` takes whole offsets, in order, and puts them there with the position behind them (`to`) in
 * one step: all of it or nothing, and nothing unless the ledger stands at `from`, which a second writer may have changed.
 * So asking for the position is all that a restart needs, and nothing is ever posted twice.
 */
export interface LedgerBridge {
  readonly id: string;
  /** Offset 0 in a ledger that is new. Throws `LEDGER_UNREACHABLE`, `LEDGER_REFUSED`, `LEDGER_FILE`. */
  position(): Promise<LedgerPosition>;
  post(transactions: readonly StoredTransaction[], from: LedgerPosition, to: LedgerPosition): Promise<void>;
  close(): Promise<void>;
}

/** Transactions of one step. */
const batchMin = 256;

/**
 * Carries everything that the outside ledger does not have yet; gives how many transactions that were. Throws
 * `LEDGER_OTHER_LOG` where it holds postings of another log.
 */
export async function carry(view: LedgerView, bridge: LedgerBridge, signal?: AbortSignal): Promise<number> {
  let carried = 0;
  let position = await bridge.position();
  checkSameLog(view, bridge, position);
  while (signal?.aborted !== true) {
    const batch = view.after(position.offset, batchMin);
    const last = batch.at(-1);
    if (last === undefined) break;
    const next = { offset: last.offset, chain: last.chain };
    await bridge.post(batch, position, next);
    position = next;
    carried += batch.length;
  }
  return carried;
}

/** A restored or another log under the same ledger would leave gaps or doubles behind: it is refused. */
function checkSameLog(view: LedgerView, { id }: LedgerBridge, { offset, chain }: LedgerPosition): void {
  if (offset === 0 || view.chainAt(offset) === chain) return;
  throw new GatewayError('LEDGER_OTHER_LOG', ledgerIssues.LEDGER_OTHER_LOG.meaning, {
    place: `${id}, offset ${offset}`,
    remedy: ledgerIssues.LEDGER_OTHER_LOG.remedy,
  });
}
