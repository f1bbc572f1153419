import type { SessionStore } from '../../src/contract/session.ts';
import type { Stored } from './resend.ts';

/** What a resend takes from the store at once. */
const resendBytes = 256 * 1024;

/** A resend as its session carries it out. */
export interface Resending {
  readonly store: SessionStore;
  readonly from: number;
  readonly to: number;
  /** False as soon as nobody waits for it any more. */
  runs(): boolean;
  take(batch: readonly Stored[]): void;
  /** Resolves when what was taken is on its way and the peer has read most of it. */
  drained(): Promise<void>;
  ended(): void;
}

/** Brings what the store holds, piece by piece and no faster than the peer reads it. */
export async function bringStored(resending: Resending): Promise<void> {
  const { store, from, to } = resending;
  let batch: Stored[] = [];
  let size = 0;
  for await (const stored of store.readOut(from, to)) {
    batch.push(stored);
    size += stored.bytes.length;
    if (size < resendBytes) continue;
    if (!resending.runs()) return;
    resending.take(batch);
    await resending.drained();
    batch = [];
    size = 0;
  }
  if (!resending.runs()) return;
  resending.take(batch);
  resending.ended();
}
