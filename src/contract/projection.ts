import type { Entry } from './entry.ts';

/**
 * A pure fold of entries into a view. Throw it away, rebuild it, get the same answer. The store gives each projection
 * its own tables and keeps its offset in the same transaction as what it wrote.
 */
export interface Projection<Store> {
  readonly id: string;
  /** Changes whenever code or configuration would fold differently; another value rebuilds the view. */
  readonly fingerprint: string;
  create(store: Store): void;
  apply(store: Store, entry: Entry): void;
}
