import type { Entry, EntryDraft } from '../contract/entry.ts';
import { type EntryMaking, type Meaning, stampOf } from './entry-making.ts';

/** The revision that books a meaning in place of what an entry said. */
export function revisionOf(
  making: EntryMaking,
  entry: Pick<Entry, 'direction' | 'origin' | 'receivedAt' | 'context'>,
  bytes: Uint8Array,
  revision: number,
  meaning: Meaning,
): EntryDraft {
  const { direction, origin, receivedAt, context } = entry;
  const { message, digest, events, issues } = meaning;
  return {
    kind: 'revision',
    direction,
    origin,
    receivedAt,
    bytes,
    revision,
    revises: origin,
    events,
    issues,
    codec: stampOf(meaning.codec ?? making.codec),
    ...(context !== undefined && { context }),
    ...(digest !== undefined && { digest }),
    ...(message !== undefined && { type: message.type }),
  };
}
