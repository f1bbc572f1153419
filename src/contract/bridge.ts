/** One record on its way to an outside ledger or platform, under an id that never changes. */
export interface Outgoing {
  readonly id: string;
  readonly offset: number;
  readonly payload: unknown;
}

/** What the other side made of one record. `unknown` is asked about by id before anything is sent again. */
export type Delivery =
  | { readonly outcome: 'created' | 'exists' }
  | { readonly outcome: 'conflict' | 'rejected'; readonly reason: string }
  | { readonly outcome: 'unknown' };

/** Carries finished postings or events to the outside, exactly once in effect. */
export interface Bridge {
  readonly id: string;
  /** The offset behind which the other side holds everything. */
  position(): Promise<number>;
  deliver(batch: readonly Outgoing[]): Promise<readonly Delivery[]>;
  close(): Promise<void>;
}
