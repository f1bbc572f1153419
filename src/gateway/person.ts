import type { EntryDraft } from '../contract/entry.ts';
import { utf8Bytes } from '../core/bytes.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { canonicalJson, type JsonValue } from '../core/json.ts';
import { gatewayIssues } from './issues.ts';

/** Who does something that changes what is booked or sent, and why. It is written to the log before it is done. */
export interface Person {
  readonly by: string;
  readonly reason: string;
}

/** Bounds what a person writes into the log for ever. */
const wordsMax = 500;

/** The person, with both words trimmed. Throws `REASON_MISSING`. */
export function named(person: Person): Person {
  const by = person.by.trim();
  const reason = person.reason.trim();
  if (by !== '' && reason !== '' && by.length <= wordsMax && reason.length <= wordsMax) return { by, reason };
  throw new GatewayError('REASON_MISSING', `a name and a reason of 1 to ${wordsMax} characters are needed`, {
    remedy: gatewayIssues.REASON_MISSING.remedy,
    exitCode: 2,
  });
}

/** The entry that says what a person did and why. */
export function auditEntry(
  clock: Clock,
  { by, reason }: Person,
  action: string,
  about: JsonValue,
): EntryDraft {
  const receivedAt = clock.now();
  const bytes = utf8Bytes(canonicalJson({ action, about, by, reason }));
  const origin = { scope: 'audit', key: `${receivedAt}.${action}.${++serial}` };
  return { kind: 'audit', direction: 'in', origin, receivedAt, bytes, type: action, by, reason };
}

/** Two actions within one microsecond are still two. */
let serial = 0;
