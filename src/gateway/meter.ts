import type { EntryDraft } from '../contract/entry.ts';
import type { Appended } from '../contract/log.ts';
import type { Micros } from '../core/clock.ts';
import type { Issue } from '../core/issue.ts';

/** What a channel did since the process began. */
export interface Meter {
  entries: number;
  quarantined: number;
  repeats: number;
  conflicts: number;
  lastMessageAt: Micros | undefined;
  gap: { readonly from: number; readonly to: number } | undefined;
  held: Issue | undefined;
  trouble: Issue | undefined;
  filesAccepted: number;
  filesRefused: number;
  /** Queue messages that nothing names: delivered twice, they are taken twice. */
  withoutId: number;
}

export function openMeter(): Meter {
  return {
    entries: 0,
    quarantined: 0,
    repeats: 0,
    conflicts: 0,
    lastMessageAt: undefined,
    gap: undefined,
    held: undefined,
    trouble: undefined,
    filesAccepted: 0,
    filesRefused: 0,
    withoutId: 0,
  };
}

/** Counts what became of a batch. */
export function count(meter: Meter, batch: readonly EntryDraft[], appended: readonly Appended[]): void {
  for (let at = 0; at < appended.length; at++) {
    const draft = batch[at];
    const outcome = appended[at]?.outcome;
    if (draft === undefined) continue;
    if (outcome === 'repeated') meter.repeats++;
    else meter.entries++;
    if (outcome === 'conflict') meter.conflicts++;
    if (outcome === 'appended' && draft.kind === 'quarantine') meter.quarantined++;
    if (draft.direction === 'in' && (draft.kind === 'message' || draft.kind === 'quarantine')) {
      meter.lastMessageAt = draft.receivedAt;
    }
  }
}
