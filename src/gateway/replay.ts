import type { Issue } from '../core/issue.ts';
import type { JsonValue } from '../core/json.ts';

export interface ReplayRequest {
  readonly channel?: string;
  /** Offsets, both ends in. */
  readonly from?: number;
  readonly to?: number;
  readonly quarantinedOnly?: boolean;
  readonly dryRun: boolean;
  /** Differences told in full; the others are counted. Default 100. */
  readonly limit?: number;
}

/** One entry that today's codec reads otherwise. */
export interface ReplayDifference {
  readonly channel: string;
  readonly offset: number;
  readonly origin: string;
  /** `fails`: understood then, not now; never committed. */
  readonly kind: 'changed' | 'understood' | 'fails';
  readonly added: readonly JsonValue[];
  readonly voided: readonly JsonValue[];
  readonly unchanged: number;
  readonly issues: readonly Issue[];
}

export interface ReplayReport {
  readonly dryRun: boolean;
  readonly read: number;
  readonly unchanged: number;
  readonly changed: number;
  readonly understood: number;
  readonly fails: number;
  /** Still not understood, or held for a reason that is not the codec's. */
  readonly stillHeld: number;
  readonly eventsAdded: number;
  readonly eventsVoided: number;
  /** Revisions written; 0 in a dry run. */
  readonly committed: number;
  readonly differences: readonly ReplayDifference[];
}
