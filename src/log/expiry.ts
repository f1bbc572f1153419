import type { EntryDraft } from '../contract/entry.ts';
import { utf8Bytes } from '../core/bytes.ts';
import { isoOfMicros, type Micros } from '../core/clock.ts';
import { canonicalJson } from '../core/json.ts';

/** The channel on which the log keeps its own audit entries. */
export const expiryChannel = 'log';
export const expiryScope = 'expiry';

/** Who let bytes expire, and why. */
export interface ExpiryReason {
  readonly by?: string;
  readonly reason?: string;
}

/** The audit entry without which `verify` takes missing bytes for damage. */
export function expiryDraft(before: Micros, now: Micros, why: ExpiryReason): EntryDraft {
  return {
    kind: 'audit',
    direction: 'in',
    origin: { scope: expiryScope, key: String(before) },
    receivedAt: now,
    bytes: utf8Bytes(canonicalJson({ expired: 'bytes', before: isoOfMicros(before) })),
    ...why,
  };
}
